"""Files with days to come, line by line."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.exchange.icalendar_rules import ComesOtherwise, DayUnreadable
from tracker.exchange.occasion_files import (
    LARGEST_BYTES,
    MOST_DAYS,
    ColumnMissing,
    DayUnread,
    KindUnknown,
    Line,
    MarkUnknown,
    NeitherYesNorNo,
    NothingThere,
    NotText,
    PlaceUnsaid,
    QuoteWrong,
    TooLarge,
    TooMany,
    TooManyCells,
    Usual,
    lines_of,
    text_of,
)
from tracker.handling import Mark
from tracker.occasion import LONGEST_NOTE, Draft, OccasionKind, RecurrenceUnfit
from tracker.refusal import Refusal

USUAL = Usual(OccasionKind.SESSION, (None, "african_union"))
SAID = Draft(OccasionKind.SESSION, "", date.min, group_key="african_union")
TABLE = "day;name;kind;iso3;group;every_months;until;note;uid\n"
EVENT = "BEGIN:VEVENT\nUID:{uid}\nDTSTART:20260407\nSUMMARY:{name}\n{more}END:VEVENT\n"


def calendar(*found: str) -> str:
    return "BEGIN:VCALENDAR\n" + "".join(found) + "END:VCALENDAR\n"


def test_a_table_says_of_each_line_what_it_is_or_leaves_it_to_the_form() -> None:
    text = f"\ufeff{TABLE}2026-04-07;Election;election;mli;;60;2050-01-01;Second round?;1\r\n\r\n"
    text += "2026-05-01;Summit;;;;;;;\n"

    first, second = lines_of(text, USUAL)

    assert (first.number, second.number) == (2, 4)
    assert first.draft == Draft(
        OccasionKind.ELECTION,
        "Election",
        date(2026, 4, 7),
        "MLI",
        every_months=60,
        until=date(2050, 1, 1),
        note="Second round?",
        uid="1",
    )
    assert second.draft is not None
    assert replace(second.draft, uid="") == replace(SAID, name="Summit", day=date(2026, 5, 1))


def test_what_has_no_name_of_its_own_is_known_again_by_what_it_says() -> None:
    text = "day,name\n2026-05-01,Summit\n2026-05-02,Summit\n"

    names = [line.draft.uid for line in lines_of(text, USUAL) if line.draft]

    assert len(set(names)) == 2
    assert names == [line.draft.uid for line in lines_of(text, USUAL) if line.draft]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("tomorrow;Summit", DayUnread),
        (";Summit", DayUnread),
        ("2026-05-01;Summit;party", KindUnknown),
        ("2026-05-01;Summit;;;;0", RecurrenceUnfit),
        ("2026-05-01;Summit;;;;1201", RecurrenceUnfit),
        ("2026-05-01;Summit;;;;12;soon", DayUnread),
        ("2026-05-01;Summit;;;;;;;;second round", TooManyCells),
    ],
)
def test_a_line_that_cannot_be_understood_says_why(row: str, problem: type[Refusal]) -> None:
    [line] = lines_of(TABLE + row, USUAL)

    assert (line.number, line.name, line.draft, type(line.problem)) == (2, "Summit", None, problem)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [("TLP:ORANGE,", MarkUnknown), ("4,", MarkUnknown), (",perhaps", NeitherYesNorNo)],
)
def test_a_mark_that_is_none_and_what_is_neither_yes_nor_no_is_refused(cells: str, problem: type[Refusal]) -> None:
    [line] = lines_of(f"day,name,handling,called_off\n2026-05-01,Summit,{cells}\n", USUAL)

    assert (line.draft, type(line.problem)) == (None, problem)


def test_a_table_says_of_its_lines_their_mark_and_whether_they_are_called_off() -> None:
    text = "day,name,handling,called_off\n2026-05-01,'=A,TLP:AMBER+STRICT,no\n2026-05-01,'B,,\n2026-05-01,C,red,Yes\n"

    strict, usual, gone = lines_of(text, USUAL)

    # the quote that keeps a spreadsheet from running it is none of its letters
    assert (strict.name, strict.handling, strict.is_called_off) == ("=A", Mark.AMBER_STRICT, False)
    assert (usual.name, usual.handling) == ("'B", None)
    assert (gone.draft, gone.is_called_off, gone.place) == (None, True, USUAL.place)


@pytest.mark.parametrize(
    ("written", "sequence"),
    [("", 0), ("SEQUENCE:3\n", 3), ("SEQUENCE:-1\n", 0), ("SEQUENCE:often\n", 0), (f"SEQUENCE:{10**18}\n", 0)],
)
def test_a_calendar_says_how_often_each_of_its_events_was_changed(written: str, sequence: int) -> None:
    [line] = lines_of(calendar(EVENT.format(uid="1", name="Summit", more=written)), USUAL)

    assert line.sequence == sequence


def test_a_calendar_gives_a_line_for_each_of_its_events() -> None:
    text = calendar(
        EVENT.format(uid="1", name="Election", more="CATEGORIES:Election\nURL:https://example.org/\nDESCRIPTION:So.\n"),
        EVENT.format(uid="2", name="Market", more="RRULE:FREQ=WEEKLY\n"),
        EVENT.format(uid="3", name="Summit", more="URL:javascript:alert(1)\n"),
    )

    first, second, third = lines_of(text, USUAL)

    said = replace(
        SAID, note="So.", link="https://example.org/", uid="1", name="Election", day=date(2026, 4, 7), left_out=()
    )
    assert first == Line(2, "Election", replace(said, kind=OccasionKind.ELECTION), sequence=0)
    assert (second.number, second.name, type(second.problem)) == (10, "Market", ComesOtherwise)
    assert third.draft is not None
    assert third.draft.link == ""


def test_what_is_called_off_there_needs_not_be_understood() -> None:
    text = calendar(EVENT.format(uid="1", name="Market", more="RRULE:FREQ=WEEKLY\nSTATUS:cancelled\n"))

    assert lines_of(text, USUAL) == [Line(2, "Market", is_called_off=True, uid="1", place=USUAL.place, sequence=0)]


@pytest.mark.parametrize(
    ("written", "left_out"),
    [
        ("EXDATE;VALUE=DATE:20280407,20270407\n", [(2027, 4, 7), (2028, 4, 7)]),
        ("EXDATE:20270407\nEXDATE:20280407T090000\n", [(2027, 4, 7), (2028, 4, 7)]),
        # a day that its rule does not have is none that is left out
        ("EXDATE:20270408\n", []),
        ("EXDATE:\n", []),
    ],
)
def test_single_days_of_what_comes_again_are_left_out(written: str, left_out: list[tuple[int, int, int]]) -> None:
    [line] = lines_of(calendar(EVENT.format(uid="1", name="Session", more=f"RRULE:FREQ=YEARLY\n{written}")), USUAL)

    assert line.draft is not None
    assert line.draft.left_out == tuple(date(*one) for one in left_out)


def test_a_day_is_left_out_by_the_clocks_by_which_it_comes() -> None:
    event = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Pacific/Auckland:20260407T090000\nSUMMARY:Session\n{more}END:VEVENT\n"
    # nine in the morning there is the evening before in UTC
    rule = "RRULE:FREQ=YEARLY\nEXDATE:20270406T210000Z\n"

    [line] = lines_of(calendar(event.format(more=rule)), USUAL)

    assert line.draft is not None
    assert line.draft.left_out == (date(2027, 4, 7),)


def test_what_is_left_out_and_is_no_day_or_is_left_out_too_often_is_refused() -> None:
    often = ",".join(f"{2027 + number}0407" for number in range(101))
    for written, problem in (("soon", DayUnreadable), (often, ComesOtherwise)):
        more = f"RRULE:FREQ=YEARLY\nEXDATE:{written}\n"
        [line] = lines_of(calendar(EVENT.format(uid="1", name="Session", more=more)), USUAL)
        assert (line.draft, type(line.problem)) == (None, problem)


def test_of_what_comes_again_with_one_day_moved_nothing_is_understood() -> None:
    text = calendar(
        EVENT.format(uid="1", name="Session", more="RRULE:FREQ=YEARLY\n"),
        EVENT.format(uid="1", name="Session", more="RECURRENCE-ID:20270407\n"),
        EVENT.format(uid="2", name="Summit", more="RRULE:FREQ=YEARLY\n"),
    )

    assert [type(line.problem) for line in lines_of(text, USUAL)] == [ComesOtherwise, ComesOtherwise, type(None)]


def test_a_place_is_asked_only_of_what_names_none() -> None:
    nowhere = Usual(OccasionKind.SESSION)
    table = "day,name,iso3,group\n2026-05-01,A,MLI,\n2026-05-01,B,,asean\n2026-05-01,C,,World\n2026-05-01,D,,\n"

    *named, unnamed = lines_of(table, nowhere)

    places = [(one.draft.iso3, one.draft.group_key) for one in named if one.draft]
    assert places == [("MLI", None), (None, "asean"), (None, None)]
    assert type(unnamed.problem) is PlaceUnsaid
    [event] = lines_of(calendar(EVENT.format(uid="1", name="Summit", more="")), nowhere)
    assert type(event.problem) is PlaceUnsaid


def test_characters_that_no_database_keeps_are_left_out_wherever_they_stand() -> None:
    text = calendar(EVENT.format(uid="a\0b", name="x\0y", more="URL:https://example.org/\0\nDESCRIPTION:a\x1bb\n"))

    [line] = lines_of(text, USUAL)

    assert line.draft is not None
    assert (line.draft.uid, line.draft.name) == ("a b", "x y")
    assert (line.draft.link, line.draft.note) == ("https://example.org/", "a b")


@pytest.mark.parametrize("fold", [b"\n ", b"\r\n\t"])
def test_a_letter_that_a_fold_has_torn_apart_is_one_again(fold: bytes) -> None:
    content = calendar(EVENT.format(uid="1", name="\N{OLIVE}é", more="")).encode()
    for letter in (b"\xc3\xa9", b"\xf0\x9f\xab\x92"):
        content = content.replace(letter, letter[:1] + fold + letter[1:])

    [line] = lines_of(text_of(content), USUAL)

    assert (line.name, line.number) == ("\N{OLIVE}é", 2)


def test_a_long_note_is_cut_and_says_so() -> None:
    [line] = lines_of(calendar(EVENT.format(uid="1", name="x", more=f"DESCRIPTION:{'a' * 5000}\n")), USUAL)

    assert line.draft is not None
    assert (len(line.draft.note), line.draft.note[-1]) == (LONGEST_NOTE, "…")


def test_a_file_has_limits() -> None:
    rows = "2026-05-01,Summit\n"
    assert len(lines_of("day,name\n" + rows * MOST_DAYS, USUAL)) == MOST_DAYS
    with pytest.raises(TooMany):
        lines_of("day,name\n" + rows * (MOST_DAYS + 1), USUAL)
    assert len(text_of(b"a" * LARGEST_BYTES)) == LARGEST_BYTES
    with pytest.raises(TooLarge):
        text_of(b"a" * (LARGEST_BYTES + 1))
    with pytest.raises(TooLarge):
        lines_of("é" * LARGEST_BYTES, USUAL)


def test_a_file_that_was_looked_at_is_no_larger_when_a_page_sends_it_back() -> None:
    text = "day,name\n2026-05-01,Summit\n".ljust(LARGEST_BYTES, "\n")
    assert text_of(text.encode()) == text

    assert lines_of(text.replace("\n", "\r\n"), USUAL) == lines_of(text, USUAL)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", ColumnMissing), ("day;kind\n", ColumnMissing), ("day;name\n", NothingThere), (calendar(), NothingThere)],
)
def test_what_holds_no_day_is_refused_as_a_whole(text: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        lines_of(text, USUAL)


@pytest.mark.parametrize("cell", ['"Election', '"Elec"tion', '"' + "a" * 200_000])
def test_a_quote_that_is_not_closed_swallows_no_line(cell: str) -> None:
    for before in ("", "2026-05-01,Summit\n"):
        with pytest.raises(QuoteWrong) as refused:
            lines_of(f"day,name\n{before}2026-05-02,{cell}\n2026-05-03,Census\n", USUAL)

        assert refused.value.values["line"] == (3 if before else 2)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(NotText):
        text_of(b"\xff\xfe\x00")
