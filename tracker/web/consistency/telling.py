"""What two countries were not treated alike in, in a sentence each, and what was written as the reason."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import Principal
from tracker.consistency import Matter, Pair, Treatment, Unlike
from tracker.situation import Verdict
from tracker.storage import consistency
from tracker.storage.base import Session
from tracker.storage.consistency import Noted
from tracker.storage.models import Country
from tracker.web.consistency.material import Material
from tracker.web.flag_words import names_for_flags
from tracker.web.frame import frame
from tracker.web.response_times.words import days_words
from tracker.web.words import country_name, percent

# So many flags are named; of more it is said how many they are.
MOST_MATTERS = 3


@dataclass(frozen=True)
class Reason:
    """What was written when it was done."""

    about: str
    words: str
    # Why one measure was declined says nothing of why the other country got none.
    explains: bool = True


@dataclass(frozen=True)
class Told:
    pair: Pair
    one: Country
    other: Country
    reasons: Sequence[Reason]
    notes: Sequence[Noted]

    @cached_property
    def sentences(self) -> Sequence[str]:
        """One for each that they are unlike in; put into words only where they are shown."""
        return sentences(self.pair)

    @property
    def is_explained(self) -> bool:
        return bool(self.notes) or any(reason.explains for reason in self.reasons)


def teach(app: Flask) -> None:
    app.jinja_env.filters["unlike_word"] = unlike_word


def unlike_word(kind: Unlike) -> str:
    words: dict[Unlike, str] = {
        Unlike.VERDICTS: _("Verdicts"),
        Unlike.MEASURES: _("Measures"),
        Unlike.DAYS: _("Days to a decision"),
        Unlike.COVERAGE: _("Coverage"),
    }
    return words[kind]


def told(session: Session, pairs: Sequence[Pair], material: Material, reader: Principal) -> list[Told]:
    """In two questions, whatever their number."""
    notes = consistency.notes(session, material.year, reader.scope, reader.clearance)
    declined = consistency.why_declined(session, _declined_in(pairs, material), reader.clearance)
    known = frame().countries
    return [
        Told(
            pair=pair,
            one=known[pair.one.iso3],
            other=known[pair.other.iso3],
            reasons=[
                *_of_verdicts(pair, material),
                *_of_declining(pair.one, pair.other, material, declined),
                *_of_declining(pair.other, pair.one, material, declined),
            ],
            notes=notes.get((pair.one.iso3, pair.other.iso3), []),
        )
        for pair in pairs
    ]


def sentences(pair: Pair) -> list[str]:
    tellers = {
        Unlike.VERDICTS: _verdicts,
        Unlike.MEASURES: _measures,
        Unlike.DAYS: _days,
        Unlike.COVERAGE: _coverage,
    }
    return [tellers[kind](pair) for kind in pair.kinds]


def name_of(treated: Treatment) -> str:
    return country_name(frame().countries[treated.iso3])


def matter_name(matter: Matter) -> str:
    """The rule and its subject."""
    known = frame()
    names = names_for_flags(known.every_criterion, known.every_indicator, (), known.rule_names)
    return names.title_of(*matter)


def _verdicts(pair: Pair) -> str:
    matters = sorted(pair.matters)
    found = []
    for matter in matters[:MOST_MATTERS]:
        is_first = matter in pair.one.only_confirmed
        here, there = (pair.one, pair.other) if is_first else (pair.other, pair.one)
        said = {"flag": matter_name(matter), "here": name_of(here), "there": name_of(there)}
        found.append(str(_("The flag “%(flag)s” was confirmed for %(here)s and discarded for %(there)s.", **said)))
    more = len(matters) - MOST_MATTERS
    if more > 0:
        found.append(str(ngettext("So it is with %(num)s more flag.", "So it is with %(num)s more flags.", more)))
    return " ".join(found)


def _measures(pair: Pair) -> str:
    more, less = sorted((pair.one, pair.other), key=lambda one: (one.decided, one.proposed), reverse=True)
    here, there = name_of(more), name_of(less)
    if more.decided and not less.proposed:
        return str(
            ngettext(
                "For %(here)s %(num)s measure was decided; for %(there)s none was even proposed.",
                "For %(here)s %(num)s measures were decided; for %(there)s none was even proposed.",
                more.decided,
                here=here,
                there=there,
            )
        )
    if more.decided:
        return str(
            ngettext(
                "For %(here)s %(num)s measure was decided; for %(there)s none of those proposed was.",
                "For %(here)s %(num)s measures were decided; for %(there)s none of those proposed was.",
                more.decided,
                here=here,
                there=there,
            )
        )
    return str(
        ngettext(
            "For %(here)s %(num)s measure was proposed; for %(there)s none.",
            "For %(here)s %(num)s measures were proposed; for %(there)s none.",
            more.proposed,
            here=here,
            there=there,
        )
    )


def _days(pair: Pair) -> str:
    quick, slow = sorted((pair.one, pair.other), key=lambda one: one.days.number if one.days else 0)
    said = {"quick": name_of(quick), "days": days_words(quick.days), "slow": name_of(slow)}
    return str(
        _(
            "A decision took %(days)s for %(quick)s, and %(longer)s for %(slow)s.",
            longer=days_words(slow.days),
            **said,
        )
    )


def _coverage(pair: Pair) -> str:
    less, more = sorted((pair.one, pair.other), key=lambda one: one.coverage)
    said = {"more": name_of(more), "less": name_of(less), "share": percent(more.coverage)}
    return str(
        _(
            "Of what is asked, %(share)s is known of %(more)s, and %(smaller)s of %(less)s.",
            smaller=percent(less.coverage),
            **said,
        )
    )


def _of_verdicts(pair: Pair, material: Material) -> Iterable[Reason]:
    for treated in (pair.one, pair.other):
        for flag in material.flags.get(treated.iso3, ()):
            matter = (flag.rule_key, flag.subject)
            if matter in pair.matters and flag.reason:
                said = {"country": name_of(treated), "flag": matter_name(matter)}
                if flag.verdict is Verdict.DISCARDED:
                    yield Reason(str(_("%(country)s, discarded: %(flag)s", **said)), flag.reason)
                else:
                    yield Reason(str(_("%(country)s, confirmed: %(flag)s", **said)), flag.reason)


def _declined_in(pairs: Sequence[Pair], material: Material) -> Collection[int]:
    iso3s = {treated.iso3 for pair in pairs for treated in (pair.one, pair.other)}
    cases = (case for iso3 in iso3s for case in material.cases.get(iso3, ()))
    return {one.response_id for case in cases for one in case.measures if one.is_declined}


def _of_declining(here: Treatment, there: Treatment, material: Material, declined: dict[int, str]) -> Iterable[Reason]:
    explains = here.decided == 0 < there.decided
    for case in material.cases.get(here.iso3, ()):
        for one in case.measures:
            if one.is_declined and one.response_id in declined:
                about = _("%(country)s, declined: %(title)s", country=name_of(here), title=one.title)
                yield Reason(str(about), declined[one.response_id], explains)
