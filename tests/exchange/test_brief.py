"""The brief has two pages, whatever there is to say, and what people wrote in it is text and nothing else."""

import re
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest

from tracker.exchange.brief import typesetting
from tracker.exchange.brief.content import Bar, Brief, Drawn, Entry, Fact, Looks, Row, Section, Series
from tracker.exchange.brief.typesetting import (
    LONGEST_TEXT,
    MOST_ITEMS,
    NotSet,
    TooManyAtOnce,
    brief_pdf,
    what_fits,
)
from tracker.handling import Mark
from tracker.pictures.png import FONTS

NOW = datetime(2026, 3, 16, 12, 30, 15, 123456, tzinfo=UTC)
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"><rect width="9" height="9"/></svg>'
)
NOTHING = Brief(
    language="en",
    is_right_to_left=False,
    mark=Mark.CLEAR,
    mark_reason="",
    kind="Country brief",
    country="Mali",
    belongs="",
    moment="As of 16 March 2026",
    notice="",
    map=None,
    score="",
    level=Drawn(SQUARE, "not enough evidence"),
    facts=[],
    series=None,
    first=([], []),
    second=([], []),
    footer="Made for Ana",
    pages=("Page 1 of 2", "Page 2 of 2"),
)
HOSTILE = '#read("/etc/passwd") #{1+1} $x^2$ *b* [c] ] } <a> @b // \\ `r` "q" \x00\x07\ud800\ufffe\u202eabc مالي 日本'


def full(words: str, number: int) -> Brief:
    """With everything in it, each text being these words."""
    sections = [
        Section(words, Looks.ROWS, [Row(words, words, words, is_strong=True)] * number, more=[words], note=words),
        Section(words, Looks.ENTRIES, [Entry(words, words, 3, (words, words), words)] * number),
        Section(words, Looks.BARS, [Bar(words, words, 2.0, 3.0, 4, words)] * number),
        Section(words, Looks.WORDS, [words] * number),
    ]
    return replace(
        NOTHING,
        mark=Mark.AMBER_STRICT,
        mark_reason=words,
        kind=words,
        country=words,
        belongs=words,
        moment=words,
        notice=words,
        map=Drawn(SQUARE, words),
        score="100",
        facts=[Fact(words, words, is_worse=True)] * 4,
        series=Series(words, SQUARE, words, words),
        first=(sections, sections),
        second=(sections, sections),
        footer=words,
    )


def number_of_pages(pdf: bytes) -> int:
    [count] = re.findall(rb"/Type/Pages/Count (\d+)", pdf)
    return int(count)


def made(brief: Brief) -> bytes:
    return brief_pdf(brief, fonts=FONTS, now=NOW)


@pytest.mark.parametrize(
    "brief",
    [NOTHING, full("A few words.", 3), full("W" * 90, 9), full("many words " * 100, 200), full("x" * 5000, 40)],
    ids=["nothing", "usual", "unbreakable", "too much", "far too much"],
)
def test_a_brief_has_two_pages_whatever_there_is_to_say(brief: Brief) -> None:
    assert number_of_pages(made(brief)) == 2


def test_what_is_hostile_is_set_as_text() -> None:
    assert number_of_pages(made(full(HOSTILE, 3))) == 2


def test_from_right_to_left_it_has_two_pages_as_well() -> None:
    assert number_of_pages(made(replace(full("مالي والنيجر", 3), language="ar", is_right_to_left=True))) == 2


def test_a_section_that_fits_is_shown_whole() -> None:
    rows = Section("What changed", Looks.ROWS, [Row(f"Row {number}", "1") for number in range(5)])

    [left, *_rest] = what_fits(replace(NOTHING, first=([rows], [])), fonts=FONTS)

    assert left["shown"] == [5]
    assert left["spare"] > 0


def test_the_tallest_section_gives_way_until_everything_fits() -> None:
    tall = Section("Flags", Looks.ENTRIES, [Entry("A flag", "alarm", 3, ("word " * 70,))] * 12, more=["And more."])
    short = Section("What is coming", Looks.ROWS, [Row("An election", "20 April")] * 3)

    left = what_fits(replace(NOTHING, second=([tall, tall, short], [])), fonts=FONTS)[2]

    assert left["shown"][2] == 3
    assert all(1 <= number < 12 for number in left["shown"][:2])
    assert left["spare"] >= 0


def test_no_more_is_set_than_could_have_room() -> None:
    many = Section("Words", Looks.ROWS, [Row("a", "b" * 9999)] * 1000)

    given = typesetting.given(replace(NOTHING, first=([many], [])), FONTS)["brief"]

    assert given.count('"is_strong"') == MOST_ITEMS
    assert '"total": 1000' in given
    assert "b" * (LONGEST_TEXT - 1) + "…" in given
    assert "b" * LONGEST_TEXT not in given


def test_the_same_brief_is_the_same_file() -> None:
    assert made(full("A few words.", 3)) == made(full("A few words.", 3))


def test_the_template_reads_nothing_but_what_it_is_given() -> None:
    """Neither a file nor a package: then there is none that anybody could put into its way."""
    template = typesetting.TEMPLATE.read_text(encoding="utf-8")

    assert re.findall(r"#?\b(?:import|include|read|csv|toml|yaml|xml|cbor|plugin|eval)\b\s*[\"(]", template) == []
    assert re.findall(r"image\((?!bytes)", template) == []
    assert {path.suffix for path in Path(typesetting.FOLDER).iterdir() if path.is_file()} == {".py", ".typ"}


def test_whoever_asks_while_too_many_are_made_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    free, taken = BoundedSemaphore(1), BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(typesetting, "_places", free)
    monkeypatch.setattr(typesetting, "_presses", taken)
    monkeypatch.setattr(typesetting, "LONGEST_WAIT_SECONDS", 0.0)

    with pytest.raises(TooManyAtOnce):
        made(NOTHING)
    assert free.acquire(blocking=False), "nobody waits any more"


def test_whoever_asks_while_too_many_wait_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(typesetting, "_places", taken)

    with pytest.raises(TooManyAtOnce):
        made(NOTHING)


def test_what_goes_wrong_while_it_is_set_tells_nothing_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "brief.typ"
    broken.write_text("#panic(sys.inputs.brief)")
    monkeypatch.setattr(typesetting, "TEMPLATE", broken)

    with pytest.raises(NotSet) as told:
        made(replace(NOTHING, country="CANARY"))

    assert "CANARY" not in str(told.value)


def test_the_child_process_ends_in_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "brief.typ"
    endless.write_text("#for a in range(9999) { for b in range(9999) { let c = calc.sin(a * b) } }")
    monkeypatch.setattr(typesetting, "TEMPLATE", endless)
    monkeypatch.setattr(typesetting, "LONGEST_SECONDS", 0.5)

    with pytest.raises(NotSet, match="time"):
        made(NOTHING)


def test_every_colour_of_the_template_has_a_mark() -> None:
    template = typesetting.TEMPLATE.read_text(encoding="utf-8")

    assert all(f'"{mark.label}": rgb(' in template for mark in Mark)


def test_all_that_is_said_is_handed_over() -> None:
    """A field that the template does not know would be left out in silence."""
    template = typesetting.TEMPLATE.read_text(encoding="utf-8")
    names: set[str] = set()

    def gather(said: Any) -> None:
        if isinstance(said, dict):
            names.update(said)
            for value in said.values():
                gather(value)
        elif isinstance(said, list | tuple):
            for one in said:
                gather(one)

    gather(asdict(full("a", 1)))
    assert [name for name in sorted(names - {"is_right_to_left"}) if not re.search(rf"\.{name}\b", template)] == []
