"""How does this work, and what does it not know? For everybody who may read."""

from collections.abc import Sequence
from typing import TypeVar

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from tracker.access import Right
from tracker.actions.methods.editing import NoSuchRule, NoSuchVersion
from tracker.storage import methods, rules, versions
from tracker.storage.conclusions import MethodVersion, RuleVersion
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.method.file import tree_as_toml
from tracker.web.method.page import method_page, shown
from tracker.web.method.version_page import compared_methods, compared_rules, lines, progress
from tracker.web.method.words import names
from tracker.web.session import asker

pages = Blueprint("method", __name__, url_prefix="/method")
AnyVersion = TypeVar("AnyVersion", MethodVersion, RuleVersion)


@pages.get("", endpoint="method")
def whole() -> str:
    return render_template(
        "method/one.html",
        page=method_page(reading()),
        progress=progress(reading(), now()),
        may_shape=asker().may(Right.SHAPE_METHOD),
    )


@pages.get("/tree.toml")
def tree_toml() -> Response:
    chosen = methods.in_force(reading())
    if chosen is None:
        raise NoSuchVersion
    number, method = chosen
    headers = {"Content-Disposition": f'attachment; filename="method-{number}.toml"'}
    return Response(tree_as_toml(method, number, names(reading())), mimetype="application/toml", headers=headers)


@pages.get("/versions")
def method_versions() -> str:
    may_shape, rows = asker().may(Right.SHAPE_METHOD), methods.versions(reading())
    number = methods.number_in_force(reading())
    pair = _pair(rows, number, may_shape)
    return render_template(
        "method/versions.html",
        title=_("Versions of the method"),
        lines=lines(reading(), rows, number, with_drafts=may_shape),
        compared=compared_methods(reading(), *pair) if pair else None,
        rule=None,
        may_shape=may_shape,
    )


@pages.get("/rules/<rule_key>/versions")
def rule_versions(rule_key: str) -> str:
    may_shape, rows = asker().may(Right.SHAPE_METHOD), rules.versions_of(reading(), rule_key)
    in_force = versions.rule_in_force(reading(), rule_key)
    if in_force is None:
        raise NoSuchRule
    pair = _pair(rows, in_force.number, may_shape)
    return render_template(
        "method/versions.html",
        title=_("Versions of the rule “%(name)s”", name=in_force.content["name"]),
        lines=lines(reading(), rows, in_force.number, with_drafts=may_shape),
        compared=compared_rules(reading(), *pair) if pair else None,
        rule=shown(in_force, names(reading())),
        may_shape=may_shape,
    )


def _pair(rows: Sequence[AnyVersion], in_force: int | None, with_drafts: bool) -> tuple[AnyVersion, AnyVersion] | None:
    """The two that are asked for; otherwise what is in force, beside what was before it or else what may come."""
    seen = {row.number: row for row in rows if with_drafts or row.in_force_since}
    new = seen.get(_asked("new")) or seen.get(in_force or 0)
    before = [row for row in rows if row.in_force_since and new and row.number < new.number]
    old = seen.get(_asked("old")) or next(iter(before), None)
    if old is None and new is not None and not _asked("new"):
        old, new = new, next(iter(seen.values()))  # the newest
    return (old, new) if old and new and old is not new else None


def _asked(name: str) -> int:
    """0: not understood."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
