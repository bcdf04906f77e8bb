"""What a correction or a withdrawal asks for, in words: until a second person accepts it, nothing has become so."""

from flask_babel import gettext as _

from tracker.observation import Difference, Statement, differences
from tracker.storage.models import Indicator
from tracker.text import one_line
from tracker.web.codings.evidence_words import LONGEST_QUOTE, value_told
from tracker.web.words import figure


def proposal_told(indicator: Indicator, before: Statement, after: Statement) -> list[str]:
    """A sentence for each difference; the source of what is not for attribution is named in none of them."""
    return [_told(difference, indicator, before, after) for difference in differences(before, after)]


def _told(difference: Difference, indicator: Indicator, before: Statement, after: Statement) -> str:
    match difference:
        case Difference.WITHDRAWN:
            return str(_("It asks to withdraw it: it would count no more."))
        case Difference.RESTORED:
            return str(_("It would count again."))
        case Difference.VALUE:
            return _value_told(indicator, before.value, after.value)
        case Difference.SOURCE:
            return _source_told(before.source, after.source)
        case Difference.ATTRIBUTION:
            return str(
                _("The source could be named.") if after.attributable else _("The source could no longer be named.")
            )
        case Difference.GRADE:
            return str(_("The grade %(before)s would become %(after)s.", before=before.grade, after=after.grade))
        case Difference.MARK:
            return _mark_told(before, after)
        case Difference.NOTE:
            return _note_told(before.note, after.note)
        case Difference.LINK:
            return _link_told(before, after)


def _value_told(indicator: Indicator, before: float | None, after: float | None) -> str:
    now = value_told(indicator, after).words
    if before is None:
        return str(_("“Don’t know” would become %(now)s.", now=now))
    then = value_told(indicator, before).words
    if after is None:
        return str(_("%(then)s would become “don’t know”.", then=then))
    return str(_("%(then)s would become %(now)s.", then=then, now=figure(after, 4)))


def _source_told(before: str | None, after: str | None) -> str:
    if before and after:
        return str(_("The source would change from %(before)s to %(after)s.", before=before, after=after))
    if after:
        return str(_("The source would become %(after)s.", after=after))
    return str(_("The source would change; it is not for attribution."))


def _mark_told(before: Statement, after: Statement) -> str:
    marks = {"before": before.handling.label, "after": after.handling.label}
    if after.handling > before.handling:
        return str(_("The mark would be raised from %(before)s to %(after)s.", **marks))
    return str(_("The mark would be lowered from %(before)s to %(after)s.", **marks))


def _note_told(before: str, after: str) -> str:
    told = {"before": one_line(before, LONGEST_QUOTE), "after": one_line(after, LONGEST_QUOTE)}
    if not before:
        return str(_("A note would be added: “%(after)s”.", **told))
    if not after:
        return str(_("The note would be removed: “%(before)s”.", **told))
    return str(_("The note “%(before)s” would become “%(after)s”.", **told))


def _link_told(before: Statement, after: Statement) -> str:
    """An address can tell whose word it is: it is quoted only where that may be told."""
    if before.source is None or after.source is None:
        return str(_("The link to the evidence would change."))
    told = {
        "before": one_line(before.evidence_url, LONGEST_QUOTE),
        "after": one_line(after.evidence_url, LONGEST_QUOTE),
    }
    if not before.evidence_url:
        return str(_("A link to the evidence would be added: %(after)s", **told))
    if not after.evidence_url:
        return str(_("The link to the evidence would be removed: %(before)s", **told))
    return str(_("The link to the evidence %(before)s would become %(after)s", **told))
