"""Where somebody may enter a day to come."""

from collections.abc import Sequence

from flask_babel import gettext as _

from tracker.access import Principal
from tracker.country import in_order
from tracker.web.forms.occasions import COUNTRY, GROUP, WORLD, Places
from tracker.web.frame import frame
from tracker.web.words import country_name, group_kind_word, reader_language


def places_for(reader: Principal) -> Places:
    """Countries that they work on, groups of which they work on every member, and the world if they do on all."""
    reached = [one for one in frame().countries.values() if reader.reaches(one.iso3)]
    countries = [(f"{COUNTRY}{one.iso3}", country_name(one)) for one in in_order(reached, reader_language())]
    found: dict[str, Sequence[tuple[str, str]]] = {str(_("Countries")): countries}
    if reader.scope is None:
        found = {str(_("Everywhere")): [(WORLD, str(_("The whole world")))], **found}
    groups: dict[str, list[tuple[str, str]]] = {}
    for group in frame().groups:
        members = frame().members_of(group.key)
        if members and all(reader.reaches(iso3) for iso3 in members):
            groups.setdefault(group_kind_word(group.kind), []).append((f"{GROUP}{group.key}", country_name(group)))
    return {**found, **groups}
