"""The most important thing of a digest, in as many words as a subject has room for."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext, to_user_timezone

from tracker.handling import Mark
from tracker.news import Turn
from tracker.storage.flags import MANUAL
from tracker.text import straight_line
from tracker.web.digests.cases import Case
from tracker.web.digests.content import Digest
from tracker.web.digests.items import ItemWords
from tracker.web.digests.rows import RowWords
from tracker.web.words import day

# So much of a subject is shown by lists of mails.
LONGEST_SUBJECT = 78
SEPARATOR = " · "
# A headline that has to be cut keeps so much.
_LEAST_HEADLINE = 24
# At the head of the mail, and in a subject.
_WORDS_OF_A_PERSON = (80, 40, 28)


def headlines(digest: Digest, items: ItemWords, rows: RowWords, name: str) -> list[str]:
    """Of whatever there is that matters most, each shorter than the one before. `name`: of this digest."""
    first = next(iter(digest.cases), None)
    if first and first.is_risen:
        return _of_case(digest, items, first)
    if digest.given:
        return [str(_("%(place)s: yours now", place=items.given(digest.given[0]).heading))]
    if late := digest.overdue:
        return [str(_("%(place)s: a step is overdue", place=items.overdue(late[0]).heading))]
    if first:
        return _of_case(digest, items, first)
    if row := next(map(rows.measure, digest.measures.settled), None):
        return [f"{row.heading}: {row.words}, {row.lead}", f"{row.heading}: {row.lead}"]
    if row := next((rows.call(one) for one in digest.calls if one.request.id in digest.new_calls), None):
        return [f"{row.heading}: {row.words}"]
    if other := next(iter(digest.days.changed), None):
        row = rows.changed(other)
        return [f"{row.heading}: {row.words}", f"{row.heading}: {rows.changed_in_short(other)}"]
    if row := next(map(rows.coming, digest.days.news), None):
        return [f"{row.heading}, {row.lead}: {row.words}", f"{row.heading}, {row.lead}"]
    if row := next(map(rows.move, digest.moves), None) or next(map(rows.lost, digest.lost), None):
        return [f"{row.heading}: {row.words}"]
    if digest.due.is_own and digest.due.number:
        return [rows.due()]
    return [str(_("%(name)s: nothing is new since %(day)s", name=name, day=_since(digest)))]


def nothing_is_new(digest: Digest) -> str:
    """At the head of a mail, where its name stands above."""
    return str(_("Nothing is new since %(day)s", day=_since(digest)))


def _since(digest: Digest) -> str:
    """By the clocks that the mail names beneath it."""
    return day(to_user_timezone(digest.span.since).date())


def counted(digest: Digest) -> list[str]:
    """How many there are of each kind, the most important first."""
    numbers = {turn: len(digest.of(turn)) for turn in Turn}
    overdue = len(digest.overdue)
    told = [
        (numbers[Turn.NEW], ngettext("%(num)s new", "%(num)s new", numbers[Turn.NEW])),
        (numbers[Turn.WORSENED], ngettext("%(num)s worse", "%(num)s worse", numbers[Turn.WORSENED])),
        (len(digest.given), ngettext("%(num)s given to you", "%(num)s given to you", len(digest.given))),
        (overdue, ngettext("%(num)s overdue", "%(num)s overdue", overdue)),
        (numbers[Turn.EASED], ngettext("%(num)s eased", "%(num)s eased", numbers[Turn.EASED])),
        (numbers[Turn.CLEARED], ngettext("%(num)s cleared", "%(num)s cleared", numbers[Turn.CLEARED])),
    ]
    return [str(words) for number, words in told if number]


def subject_of(mark: str, found: Sequence[str], counts: Sequence[str]) -> str:
    """The longest headline that has room beside all counts, or the two that matter most; else the last one, cut."""
    front = f"[{mark}] "
    endings = [f"{SEPARATOR}{', '.join(told)}" if told else "" for told in (counts, counts[:2])]
    for headline in found:
        for ending in endings:
            if len(front + headline + ending) <= LONGEST_SUBJECT:
                return front + headline + ending
    room = LONGEST_SUBJECT - len(front)
    ending = next((one for one in endings if room - len(one) >= _LEAST_HEADLINE), "")
    return front + straight_line(found[-1], room - len(ending)) + ending


def _of_case(digest: Digest, items: ItemWords, case: Case) -> list[str]:
    item, flag = items.case(case), case.flags[0].flag
    place = f"{item.heading}: {item.status}"
    if flag.rule_key == MANUAL:
        # what a person saw says more than that one did; what is for the reader alone is on no locked screen
        lengths = () if flag.said.handling == Mark.RED else _WORDS_OF_A_PERSON
        seen = [f"{place}. {straight_line(item.sentence, length)}" for length in lengths]
        return [*seen, f"{place}. {item.title}", place]
    return [f"{place}. {item.title}", f"{place}. {digest.names.subject(flag.subject)}", place]
