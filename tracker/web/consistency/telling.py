"""What two countries were not treated alike in, in a sentence each, and what was written as the reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import Principal
from tracker.consistency import Circle, Pair, Treatment, Unlike
from tracker.situation import Verdict
from tracker.storage import consistency
from tracker.storage.base import Session
from tracker.storage.consistency import Noted
from tracker.storage.response_times import Answered
from tracker.storage.watching import Country
from tracker.web.consistency.material import Material
from tracker.web.flag_words import FlagNames, names_for_flags
from tracker.web.frame import frame
from tracker.web.response_times.words import days_words
from tracker.web.words import country_name, percent, points

# So many flags are named; of more it is said how many they are.
MOST_MATTERS = 3
# So many countries, where a flag was judged otherwise in many.
MOST_NAMED = 4


@dataclass(frozen=True)
class Reason:
    """What was written when it was done."""

    about: str
    words: str


@dataclass(frozen=True)
class Written:
    """What was written about what was done in the year, as far as the reader may see."""

    material: Material
    # By response, why it was declined.
    declined: Mapping[int, str]
    names: FlagNames

    @cached_property
    def declining(self) -> Collection[str]:
        """Of which countries it is said why a measure was declined."""
        cases = self.material.cases
        return {iso3 for iso3 in cases if any(one.response_id in self.declined for one in self._declined_of(iso3))}

    def of_verdicts(self, pair: Pair) -> Iterable[Reason]:
        for treated in (pair.one, pair.other):
            for flag in self.material.flags.get(treated.iso3, ()):
                matter = (flag.rule_key, flag.subject)
                if matter in pair.matters and flag.reason:
                    said = {"country": name_of(treated), "flag": self.names.title_of(*matter)}
                    if flag.verdict is Verdict.DISCARDED:
                        yield Reason(str(_("%(country)s, discarded: %(flag)s", **said)), flag.reason)
                    else:
                        yield Reason(str(_("%(country)s, confirmed: %(flag)s", **said)), flag.reason)

    def of_declining(self, treated: Treatment) -> Iterable[Reason]:
        for one in self._declined_of(treated.iso3):
            if one.response_id in self.declined:
                about = _("%(country)s, declined: %(title)s", country=name_of(treated), title=one.title)
                yield Reason(str(about), self.declined[one.response_id])

    def _declined_of(self, iso3: str) -> Iterable[Answered]:
        return (one for case in self.material.cases.get(iso3, ()) for one in case.measures if one.is_declined)


@dataclass(frozen=True)
class Told:
    """Words are made only of those that are shown."""

    pair: Pair
    one: Country
    other: Country
    written: Written
    notes: Sequence[Noted]

    @cached_property
    def sentences(self) -> Sequence[str]:
        """One for each that they are unlike in."""
        return sentences(self.pair, self.written.names)

    @cached_property
    def reasons(self) -> Sequence[Reason]:
        both = (self.pair.one, self.pair.other)
        declined = [reason for treated in both for reason in self.written.of_declining(treated)]
        return [*self.written.of_verdicts(self.pair), *declined]

    @cached_property
    def unexplained(self) -> Sequence[Unlike]:
        """In what they are unlike, and nobody has written why.

        A note speaks of all of it; whoever discards a flag says why. Why a measure was declined says why none was
        decided, and nothing of why the other country got none.
        """
        if self.notes:
            return ()
        pair, explained = self.pair, {Unlike.VERDICTS}
        for here, there in ((pair.one, pair.other), (pair.other, pair.one)):
            if here.decided == 0 < there.decided and here.iso3 in self.written.declining:
                explained.add(Unlike.MEASURES)
        return [kind for kind in pair.kinds if kind not in explained]

    @property
    def is_explained(self) -> bool:
        return not self.unexplained


def teach(app: Flask) -> None:
    app.jinja_env.filters["unlike_word"] = unlike_word
    app.jinja_env.filters["risk_words"] = risk_words


def unlike_word(kind: Unlike) -> str:
    words: dict[Unlike, str] = {
        Unlike.VERDICTS: _("Verdicts"),
        Unlike.MEASURES: _("Measures"),
        Unlike.DAYS: _("Days to a decision"),
        Unlike.COVERAGE: _("Coverage"),
    }
    return words[kind]


def risk_words(treated: Treatment) -> str:
    """It, and between which it lies."""
    ends = {"low": points(treated.low), "high": points(treated.high)}
    return str(_("%(risk)s (%(low)s to %(high)s)", risk=points(treated.risk), **ends))


def told(session: Session, pairs: Sequence[Pair], material: Material, reader: Principal) -> list[Told]:
    """In two questions, whatever their number."""
    notes = consistency.notes(session, material.year, reader.scope, reader.clearance)
    declined = consistency.why_declined(session, _declined_in(pairs, material), reader.clearance)
    written, known = Written(material, declined, names_of_matters()), frame().countries
    return [
        Told(
            pair=pair,
            one=known[pair.one.iso3],
            other=known[pair.other.iso3],
            written=written,
            notes=notes.get((pair.one.iso3, pair.other.iso3), []),
        )
        for pair in pairs
    ]


def sentences(pair: Pair, names: FlagNames) -> list[str]:
    tellers = {
        Unlike.VERDICTS: lambda pair: _verdicts(pair, names),
        Unlike.MEASURES: _measures,
        Unlike.DAYS: _days,
        Unlike.COVERAGE: _coverage,
    }
    return [tellers[kind](pair) for kind in pair.kinds]


def verdicts_in(circle: Circle, names: FlagNames) -> list[str]:
    """What flags were confirmed for some of them alone, and discarded for others alone."""
    found = []
    for matter in circle.matters[:MOST_MATTERS]:
        here = _names_of([one for one in circle.members if matter in one.only_confirmed])
        there = _names_of([one for one in circle.members if matter in one.only_discarded])
        said = {"flag": names.title_of(*matter), "here": here, "there": there}
        found.append(str(_("“%(flag)s” was confirmed for %(here)s and discarded for %(there)s.", **said)))
    return [*found, *_more_matters(len(circle.matters) - MOST_MATTERS)]


def _names_of(several: Sequence[Treatment]) -> str:
    named, more = ", ".join(name_of(one) for one in several[:MOST_NAMED]), len(several) - MOST_NAMED
    return (
        str(ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=named))
        if more > 0
        else named
    )


def name_of(treated: Treatment) -> str:
    return country_name(frame().countries[treated.iso3])


def names_of_matters() -> FlagNames:
    """Of rules and their subjects."""
    known = frame()
    return names_for_flags(known.every_criterion, known.every_indicator, (), known.rule_names)


def _verdicts(pair: Pair, names: FlagNames) -> str:
    matters = sorted(pair.matters)
    found = []
    for matter in matters[:MOST_MATTERS]:
        is_first = matter in pair.one.only_confirmed
        here, there = (pair.one, pair.other) if is_first else (pair.other, pair.one)
        said = {"flag": names.title_of(*matter), "here": name_of(here), "there": name_of(there)}
        found.append(str(_("The flag “%(flag)s” was confirmed for %(here)s and discarded for %(there)s.", **said)))
    return " ".join([*found, *_more_matters(len(matters) - MOST_MATTERS)])


def _more_matters(more: int) -> list[str]:
    if more <= 0:
        return []
    return [str(ngettext("So it is with %(num)s more flag.", "So it is with %(num)s more flags.", more))]


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


def _declined_in(pairs: Sequence[Pair], material: Material) -> Collection[int]:
    iso3s = {treated.iso3 for pair in pairs for treated in (pair.one, pair.other)}
    cases = (case for iso3 in iso3s for case in material.cases.get(iso3, ()))
    return {one.response_id for case in cases for one in case.measures if one.is_declined}
