"""How evidence is put into words: a value with its level, a grade, who said so, and what became different."""

from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.coding import Agreement
from tracker.observation import Difference, Statement, differences
from tracker.storage.models import Indicator
from tracker.text import one_line
from tracker.web.words import figure

CLASSES = 5
LONGEST_QUOTE = 300


@dataclass(frozen=True)
class Told:
    """A value in words, and what its level means; empty for what is measured or was not known."""

    words: str
    descriptor: str = ""
    # How many quarters its disc is filled; None: no level.
    quarters: int | None = None


def value_told(indicator: Indicator, value: float | None) -> Told:
    """None: nobody could tell."""
    if value is None:
        return Told(_("Don’t know"))
    if not indicator.levels:
        return Told(_("%(value)s %(unit)s", value=figure(value, 4), unit=indicator.unit))
    descriptors = {level["value"]: str(level["descriptor"]) for level in indicator.levels}
    highest = max(descriptors)
    quarters = round(4 * value / highest) if highest else 0
    return Told(_("Level %(value)s", value=figure(value)), descriptors.get(value, ""), min(max(quarters, 0), 4))


def source_told(source: str | None) -> str:
    return source or str(_("not for attribution"))


def grade_told(grade: str) -> str:
    """The Admiralty code in words; empty for none."""
    reliability = {
        "A": _("completely reliable"),
        "B": _("usually reliable"),
        "C": _("fairly reliable"),
        "D": _("not usually reliable"),
        "E": _("unreliable"),
        "F": _("reliability cannot be judged"),
    }
    credibility = {
        "1": _("confirmed by others"),
        "2": _("probably true"),
        "3": _("possibly true"),
        "4": _("doubtful"),
        "5": _("improbable"),
        "6": _("truth cannot be judged"),
    }
    letter, digit = grade[:1].upper(), grade[1:].strip()
    if letter not in reliability or digit not in credibility:
        return ""
    return str(
        _(
            "%(grade)s: source %(reliability)s, statement %(credibility)s",
            grade=letter + digit,
            reliability=reliability[letter],
            credibility=credibility[digit],
        )
    )


def step_of(indicator: Indicator) -> float:
    """One level; of what is measured, a fifth of its scale, which is as much as a level of severity."""
    return 1.0 if indicator.levels else abs(indicator.worst - indicator.best) / CLASSES


def agreement_told(agreed: Agreement | None, *, somebody_did_not_know: bool) -> str:
    if agreed is None:
        return ""
    if agreed is Agreement.APART and somebody_did_not_know:
        return str(_("Not all of them could tell."))
    words: dict[Agreement, str] = {
        Agreement.SAME: _("They say the same."),
        Agreement.ONE_STEP: _("They are one level apart."),
        Agreement.APART: _("They are further apart than one level."),
    }
    return words[agreed]


def differences_told(indicator: Indicator, before: Statement, after: Statement) -> list[str]:
    """A sentence for each; the source of what is not for attribution is named in none of them."""
    return [_difference_told(difference, indicator, before, after) for difference in differences(before, after)]


def _difference_told(difference: Difference, indicator: Indicator, before: Statement, after: Statement) -> str:
    match difference:
        case Difference.WITHDRAWN:
            return str(_("It was withdrawn: it counts no more."))
        case Difference.RESTORED:
            return str(_("It counts again."))
        case Difference.VALUE:
            return _became(indicator, before.value, after.value)
        case Difference.SOURCE:
            return _source_changed(before.source, after.source)
        case Difference.ATTRIBUTION:
            return str(_("The source may be named.") if after.attributable else _("The source may no longer be named."))
        case Difference.GRADE:
            return str(_("The grade %(before)s became %(after)s.", before=before.grade, after=after.grade))
        case Difference.MARK:
            return _mark_changed(before, after)
        case Difference.NOTE:
            return _note_changed(before.note, after.note)
        case Difference.LINK:
            return _link_changed(before, after)


def _became(indicator: Indicator, before: float | None, after: float | None) -> str:
    now = value_told(indicator, after).words
    if before is None:
        return str(_("“Don’t know” became %(now)s.", now=now))
    then = value_told(indicator, before).words
    if after is None:
        return str(_("%(then)s became “don’t know”.", then=then))
    return str(_("%(then)s became %(now)s.", then=then, now=figure(after, 4)))


def _source_changed(before: str | None, after: str | None) -> str:
    if before and after:
        return str(_("The source was changed from %(before)s to %(after)s.", before=before, after=after))
    if after:
        return str(_("The source was changed to %(after)s.", after=after))
    return str(_("The source was changed; it is not for attribution."))


def _mark_changed(before: Statement, after: Statement) -> str:
    marks = {"before": before.handling.label, "after": after.handling.label}
    if after.handling > before.handling:
        return str(_("The mark was raised from %(before)s to %(after)s.", **marks))
    return str(_("The mark was lowered from %(before)s to %(after)s.", **marks))


def _note_changed(before: str, after: str) -> str:
    told = {"before": one_line(before, LONGEST_QUOTE), "after": one_line(after, LONGEST_QUOTE)}
    if not before:
        return str(_("A note was added: “%(after)s”.", **told))
    if not after:
        return str(_("The note was removed: “%(before)s”.", **told))
    return str(_("The note “%(before)s” became “%(after)s”.", **told))


def _link_changed(before: Statement, after: Statement) -> str:
    """An address can tell whose word it is: it is quoted only where that may be told."""
    if before.source is None or after.source is None:
        return str(_("The link to the evidence was changed."))
    told = {
        "before": one_line(before.evidence_url, LONGEST_QUOTE),
        "after": one_line(after.evidence_url, LONGEST_QUOTE),
    }
    if not before.evidence_url:
        return str(_("A link to the evidence was added: %(after)s", **told))
    if not after.evidence_url:
        return str(_("The link to the evidence was removed: %(before)s", **told))
    return str(_("The link to the evidence %(before)s became %(after)s", **told))
