"""What a digest tells, a line each, for programs that pass it on: a chat, a board, another desk."""

from collections.abc import Sequence

from tracker.actions.digests.telling import Headline
from tracker.handling import Mark
from tracker.rule import Severity
from tracker.web.digests.cases import Case
from tracker.web.digests.content import Digest
from tracker.web.digests.items import ItemWords
from tracker.web.digests.page import Item, Row
from tracker.web.digests.rows import RowWords


def lines_for_programs(digest: Digest, items: ItemWords, rows: RowWords) -> Sequence[Headline]:
    """In the order of the mail; each with the mark of what it says, which may be lower than that of the whole."""
    told = [_of_case(case, items.case(case)) for case in digest.cases]
    steps = [(one, items.given(one)) for one in digest.given]
    steps += [(late.situation, items.late(late)) for late in digest.late]
    told += [_plain(item, one.iso3, one.handling) for one, item in steps]
    told += [_plain(items.measure(one), one.iso3, one.response.handling) for one in digest.measures.late]
    told += [_row(rows.measure(one), one.iso3, one.response.handling) for one in digest.measures.settled]
    told += [_row(rows.changed(one), one.iso3 or "", one.handling) for one in digest.days.changed]
    told += [_row(rows.day(one), one.iso3 or "", one.handling) for one in digest.days.news]
    calls = [one for one in digest.calls if one.request.id in digest.new_calls]
    told += [_row(rows.call(one), one.request.iso3, one.request.handling) for one in calls]
    return told


def _of_case(case: Case, item: Item) -> Headline:
    marks = [case.flags[0].handling, case.situation.handling if case.situation else Mark.CLEAR]
    return Headline(
        # a chat shows no more than this and the words
        title=f"{item.heading} ({item.status}): {item.title}",
        words=item.sentence,
        url=item.url,
        iso3=case.iso3,
        turn=case.turn.value,
        severity=Severity(case.severity).word,
        handling=Mark(max(marks)),
    )


def _plain(item: Item, iso3: str, handling: int) -> Headline:
    title = f"{item.heading}: {item.title}" if item.title else item.heading
    return Headline(title, item.sentence, item.url, iso3, turn="", severity="", handling=Mark(handling))


def _row(row: Row, iso3: str, handling: int) -> Headline:
    title = f"{row.heading}: {row.words}"
    return Headline(title, row.lead, row.url, iso3, turn="", severity="", handling=Mark(handling))
