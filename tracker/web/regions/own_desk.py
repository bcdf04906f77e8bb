"""Whose desk is it? Somebody whose countries are exactly those of one region or organisation works at its desk."""

from flask import Flask

from tracker.access import Principal
from tracker.country import GroupKind
from tracker.storage.watching import Group
from tracker.web.frame import frame
from tracker.web.session import principal


def teach(app: Flask) -> None:
    """Known to every template, and asked for only by those that name the desk."""
    app.jinja_env.globals["own_desk"] = lambda: desk_of(principal())


def desk_of(reader: Principal | None) -> Group | None:
    """Of several groups with the same members an organisation goes before a region. None: it is no desk."""
    if reader is None or not reader.scope:
        return None
    same = [group for group in frame().groups if frame().members_of(group.key) == reader.scope]
    return min(same, key=lambda group: group.kind is not GroupKind.ORGANISATION, default=None)
