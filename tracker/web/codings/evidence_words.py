"""How evidence is put into words: a value with its level, a grade, and who said so."""

from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.coding import Agreement
from tracker.storage.watching import Indicator
from tracker.web.words import figure

CLASSES = 5


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
