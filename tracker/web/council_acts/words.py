"""What a council did, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from flask import Flask
from flask_babel import gettext as _

from tracker.catalogue.countries import read_countries
from tracker.catalogue.country_names import FOLDER
from tracker.council import KNOWN_COUNCILS, PERMANENT_MEMBERS, CouncilActKind
from tracker.country import Country
from tracker.handling import Mark
from tracker.storage.responding import CouncilAct
from tracker.web.frame import frame
from tracker.web.words import country_name


def teach(app: Flask) -> None:
    app.jinja_env.filters["council_act_word"] = council_act_word


def council_act_words() -> dict[CouncilActKind, str]:
    return {
        CouncilActKind.DECISION: _("Decision or resolution"),
        CouncilActKind.REFERRAL: _("Referral, such as to a court"),
        CouncilActKind.STATEMENT: _("Statement"),
        CouncilActKind.VETO: _("Veto: it was kept from deciding"),
    }


def council_act_word(value: CouncilActKind) -> str:
    words: dict[CouncilActKind, str] = {
        CouncilActKind.DECISION: _("decision"),
        CouncilActKind.REFERRAL: _("referral"),
        CouncilActKind.STATEMENT: _("statement"),
        CouncilActKind.VETO: _("veto"),
    }
    return words[value]


def known_councils() -> list[str]:
    return [str(_(name)) for name in KNOWN_COUNCILS]


def vetoed_by_words(iso3s: Iterable[str]) -> str:
    """Empty: nobody vetoed. A permanent member may be none of the countries that are followed here."""
    return ", ".join(country_name(frame().countries.get(iso3) or _permanent_members()[iso3]) for iso3 in iso3s)


@cache
def _permanent_members() -> Mapping[str, Country]:
    return {one.iso3: one for one in read_countries(FOLDER / "countries.csv") if one.iso3 in PERMANENT_MEMBERS}


def act_sentence(act: CouncilAct) -> str:
    told = {"council": act.council, "kind": council_act_word(act.kind)}
    if act.vetoed_by:
        return str(_("%(council)s: %(kind)s of %(names)s.", **told, names=vetoed_by_words(act.vetoed_by)))
    return str(_("%(council)s: %(kind)s.", **told))


@dataclass(frozen=True)
class ActTold:
    """As pages show it."""

    id: int
    iso3: str
    place: str
    day: date
    kind: CouncilActKind
    sentence: str
    words: str
    # Empty: nowhere.
    link: str
    mark: str
    # Empty: at none that the reader may know of.
    session: str
    # None: it stands.
    removed_at: datetime | None


def acts_told(acts: Iterable[CouncilAct], sessions: dict[int, str] | None = None) -> Sequence[ActTold]:
    """`sessions`: names of those that the reader may know of."""
    return [
        ActTold(
            id=act.id,
            iso3=act.iso3,
            place=country_name(frame().countries[act.iso3]),
            day=act.day,
            kind=act.kind,
            sentence=act_sentence(act),
            words=act.words,
            link=act.link or "",
            mark=Mark(act.handling).label,
            session=(sessions or {}).get(act.occasion_id or 0, ""),
            removed_at=act.removed_at,
        )
        for act in acts
    ]
