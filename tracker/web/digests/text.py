"""A digest as plain text: as good as its HTML, in lines that fit any screen, and sensible when it is read aloud."""

import textwrap
from collections.abc import Iterator, Sequence

from tracker.web.digests.page import DigestPage, Item, Passage, Row
from tracker.web.words import mark_word

WIDTH = 72
_IN = "  "
# What mail programs know as the end of what is said.
_FOOT = "-- "


def text_of(page: DigestPage) -> str:
    return "\n".join(_lines(page)) + "\n"


def _lines(page: DigestPage) -> Iterator[str]:
    """The mark stands first and last, as the protocol asks."""
    yield from (page.mark.label, "", *_wrapped(page.name), *_wrapped(page.since), "", *_wrapped(page.headline))
    yield from _wrapped(page.counts)
    passages = [*page.passages, *([page.standing] if page.standing else [])]
    for passage in passages:
        yield from ("", "", _title(passage))
        yield from _passage(passage)
    if page.map:
        yield from _wrapped(page.map.alternative, _IN)
    yield from ("", _FOOT)
    for line in page.foot:
        yield from _wrapped(line)
    yield from ("", *_wrapped(page.why))
    for word, url in page.links:
        yield from (f"{word}:", url)
    yield from ("", *_wrapped(mark_word(page.mark)))


def _title(passage: Passage) -> str:
    return f"{passage.title.upper()} ({passage.number})" if passage.number else passage.title.upper()


def _passage(passage: Passage) -> Iterator[str]:
    for item in passage.items:
        yield from ("", *_item(item))
    if passage.rows or passage.sentences:
        yield ""
    yield from _rows(passage.rows)
    for sentence in passage.sentences:
        yield from _wrapped(sentence, _IN)
    if passage.more:
        yield from ("", *_wrapped(f"{passage.more}:", _IN), _IN + passage.more_url)


def _item(item: Item) -> Iterator[str]:
    heading = f"{item.heading} ({item.status})" if item.status else item.heading
    yield from _wrapped(heading, "* ", _IN)
    said = f"{item.title}. {item.sentence}".rstrip() if item.title else item.sentence
    for words in (said, *item.details):
        yield from _wrapped(words, _IN)
    yield _IN + item.url


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    """What leads them stands in a column of its own."""
    wide = max((len(row.lead) for row in rows), default=0)
    column = wide + len(_IN) if wide else 0
    for row in rows:
        first = _IN + row.lead.ljust(column)
        yield from _wrapped(f"{row.heading}: {row.words}", first, _IN + " " * column)


def _wrapped(words: str, first: str = "", rest: str | None = None) -> list[str]:
    """An address, and whatever else has no end, stays in one piece."""
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
