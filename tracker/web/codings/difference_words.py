"""How two statements about the same differ, in words: once it has become so, and while somebody asks that it may.

The source of what is not for attribution is named in none of them.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.observation import Difference, Statement, differences
from tracker.refusal import N_
from tracker.storage.watching import Indicator
from tracker.text import one_line
from tracker.web.codings.evidence_words import value_told
from tracker.web.words import figure

LONGEST_QUOTE = 300


@dataclass(frozen=True)
class Sentences:
    """For each difference. `before` and `after` stand where something was there before, and is there now."""

    withdrawn: str
    restored: str
    value: str
    first_value: str
    no_value: str
    source: str
    first_source: str
    hidden_source: str
    may_be_named: str
    may_not_be_named: str
    grade: str
    mark_raised: str
    mark_lowered: str
    note: str
    first_note: str
    no_note: str
    link: str
    first_link: str
    no_link: str
    hidden_link: str


HAPPENED = Sentences(
    withdrawn=N_("It was withdrawn: it counts no more."),
    restored=N_("It counts again."),
    value=N_("%(before)s became %(after)s."),
    first_value=N_("“Don’t know” became %(after)s."),
    no_value=N_("%(before)s became “don’t know”."),
    source=N_("The source was changed from %(before)s to %(after)s."),
    first_source=N_("The source was changed to %(after)s."),
    hidden_source=N_("The source was changed; it is not for attribution."),
    may_be_named=N_("The source may be named."),
    may_not_be_named=N_("The source may no longer be named."),
    grade=N_("The grade %(before)s became %(after)s."),
    mark_raised=N_("The mark was raised from %(before)s to %(after)s."),
    mark_lowered=N_("The mark was lowered from %(before)s to %(after)s."),
    note=N_("The note “%(before)s” became “%(after)s”."),
    first_note=N_("A note was added: “%(after)s”."),
    no_note=N_("The note was removed: “%(before)s”."),
    link=N_("The link to the evidence %(before)s became %(after)s"),
    first_link=N_("A link to the evidence was added: %(after)s"),
    no_link=N_("The link to the evidence was removed: %(before)s"),
    hidden_link=N_("The link to the evidence was changed."),
)
# Until a second person accepts it, nothing has become so.
ASKED_FOR = Sentences(
    withdrawn=N_("It asks to withdraw it: it would count no more."),
    restored=N_("It would count again."),
    value=N_("%(before)s would become %(after)s."),
    first_value=N_("“Don’t know” would become %(after)s."),
    no_value=N_("%(before)s would become “don’t know”."),
    source=N_("The source would change from %(before)s to %(after)s."),
    first_source=N_("The source would become %(after)s."),
    hidden_source=N_("The source would change; it is not for attribution."),
    may_be_named=N_("The source could be named."),
    may_not_be_named=N_("The source could no longer be named."),
    grade=N_("The grade %(before)s would become %(after)s."),
    mark_raised=N_("The mark would be raised from %(before)s to %(after)s."),
    mark_lowered=N_("The mark would be lowered from %(before)s to %(after)s."),
    note=N_("The note “%(before)s” would become “%(after)s”."),
    first_note=N_("A note would be added: “%(after)s”."),
    no_note=N_("The note would be removed: “%(before)s”."),
    link=N_("The link to the evidence %(before)s would become %(after)s"),
    first_link=N_("A link to the evidence would be added: %(after)s"),
    no_link=N_("The link to the evidence would be removed: %(before)s"),
    hidden_link=N_("The link to the evidence would change."),
)


def differences_told(indicator: Indicator, before: Statement, after: Statement, say: Sentences = HAPPENED) -> list[str]:
    """A sentence for each."""
    return [_told(difference, indicator, before, after, say) for difference in differences(before, after)]


def _told(difference: Difference, indicator: Indicator, before: Statement, after: Statement, say: Sentences) -> str:
    match difference:
        case Difference.WITHDRAWN:
            return str(_(say.withdrawn))
        case Difference.RESTORED:
            return str(_(say.restored))
        case Difference.VALUE:
            return _value(indicator, before.value, after.value, say)
        case Difference.SOURCE:
            return _source(before.source, after.source, say)
        case Difference.ATTRIBUTION:
            return str(_(say.may_be_named if after.attributable else say.may_not_be_named))
        case Difference.GRADE:
            return str(_(say.grade, before=before.grade, after=after.grade))
        case Difference.MARK:
            marks = {"before": before.handling.label, "after": after.handling.label}
            return str(_(say.mark_raised if after.handling > before.handling else say.mark_lowered, **marks))
        case Difference.NOTE:
            return _quoted(before.note, after.note, say.note, say.first_note, say.no_note)
        case Difference.LINK:
            # an address can tell whose word it is: it is quoted only where that may be told
            if before.source is None or after.source is None:
                return str(_(say.hidden_link))
            return _quoted(before.evidence_url, after.evidence_url, say.link, say.first_link, say.no_link)


def _value(indicator: Indicator, before: float | None, after: float | None, say: Sentences) -> str:
    now = value_told(indicator, after).words
    if before is None:
        return str(_(say.first_value, after=now))
    then = value_told(indicator, before).words
    if after is None:
        return str(_(say.no_value, before=then))
    return str(_(say.value, before=then, after=figure(after, 4)))


def _source(before: str | None, after: str | None, say: Sentences) -> str:
    if before and after:
        return str(_(say.source, before=before, after=after))
    return str(_(say.first_source, after=after)) if after else str(_(say.hidden_source))


def _quoted(before: str, after: str, both: str, first: str, no_more: str) -> str:
    told = {"before": one_line(before, LONGEST_QUOTE), "after": one_line(after, LONGEST_QUOTE)}
    return str(_(both if before and after else first if after else no_more, **told))
