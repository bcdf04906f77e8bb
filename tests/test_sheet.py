"""Rows of files are understood whole or refused by row and column, and every row that comes in is counted once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue.country_names import read_country_names
from tracker.entry import Entry, Outcome, Piece, ProblemKind, Standing, Tally
from tracker.handling import Mark
from tracker.indicator import Level, Voice
from tracker.mapping import Cell, DayOrder, Mapping, MappingUnfit, Part, Shape
from tracker.sheet import Reader, interpret

TODAY = date(2026, 3, 16)
NAMES = read_country_names()


@dataclass(frozen=True)
class Indicator:
    key: str
    name: str
    code: str | None = None
    best: float = 2.5
    worst: float = -2.5
    levels: Sequence[Level] = ()
    voice: Voice = Voice.PUBLISHED


GRADED = tuple(Level(value, "…") for value in range(5))
INDICATORS = (
    Indicator("rule", "Rule of law", "wgi_rl"),
    Indicator("courts", "Independence of courts", best=0, worst=4, levels=GRADED, voice=Voice.CODED),
    Indicator("coup", "Attempted coup", best=0, worst=1, levels=GRADED[:2], voice=Voice.CODED),
    Indicator("deaths", "Battle deaths", "ucdp_best", best=1, worst=10_000),
    Indicator("change", "Change of wages", best=100, worst=-100),
)

LONG = Mapping(
    Shape.LONG,
    {Part.COUNTRY: "country", Part.DATE: "date", Part.INDICATOR: "indicator", Part.VALUE: "value"},
)
HEADER = ["country", "date", "indicator", "value"]
MALI = ["MLI", "2025-12-31", "rule", "-0.5"]


def read(
    *rows: Sequence[Cell],
    mapping: Mapping = LONG,
    header: Sequence[Cell] = HEADER,
    above: Sequence[Sequence[Cell]] = (),
) -> tuple[list[Outcome], Tally]:
    tally = Tally()
    numbered = enumerate([*above, header, *rows], start=1)
    pieces = list(interpret(numbered, mapping, tally, countries=NAMES, indicators=INDICATORS, today=TODAY))
    found = [row_of(pieces, number) for number in range(len(above) + 2, len(above) + 2 + len(rows))]
    assert tally.rows == tally.accepted + tally.refused + tally.empty
    assert tally.rows + tally.outside == len(above) + 1 + len(rows)
    return found, tally


def row_of(pieces: Sequence[Piece], number: int) -> Outcome:
    """What one row came to, of those that were read together."""
    entries = [entry for piece in pieces for entry in piece.entries if entry.row == number]
    again = [entry for piece in pieces for entry in piece.said_again if entry.row == number]
    problems = [problem for piece in pieces for problem in piece.problems if problem.row == number]
    return Outcome(number, entries or (), problems, again)


def entry(*row: Cell, mapping: Mapping = LONG, header: Sequence[Cell] = HEADER) -> Entry:
    (outcome,), _ = read(row, mapping=mapping, header=header)
    assert outcome.problems == []
    (one,) = outcome.entries
    return one


def problem_kinds(
    *row: Cell, mapping: Mapping = LONG, header: Sequence[Cell] = HEADER
) -> list[tuple[str, ProblemKind]]:
    """The place and the kind of each."""
    (outcome,), _ = read(row, mapping=mapping, header=header)
    assert outcome.standing is Standing.REFUSED
    assert outcome.entries == ()
    assert all(problem.text for problem in outcome.problems)
    return [(problem.place, problem.kind) for problem in outcome.problems]


def with_value(value: Cell, indicator: str = "rule") -> list[Cell]:
    return ["MLI", "2025-12-31", indicator, value]


# ---- one value in a row ------------------------------------------------------------------------------------------


def test_a_row_of_a_long_table_says_one_thing() -> None:
    assert entry(*MALI) == Entry(2, 4, "MLI", date(2025, 12, 31), "rule", -0.5)


@pytest.mark.parametrize("country", ["MLI", "mli", "ML", "466", 466, 466.0, "Mali", " mali "])
def test_a_country_is_known_by_code_number_and_name(country: Cell) -> None:
    assert entry(country, *MALI[1:]).iso3 == "MLI"


def test_namibia_is_no_missing_country() -> None:
    assert entry("NA", *MALI[1:]).iso3 == "NAM"


@pytest.mark.parametrize("indicator", ["rule", "RULE", "Rule of law", "rule  of law", "wgi_rl", "WGI_RL"])
def test_an_indicator_is_known_by_key_name_and_code(indicator: str) -> None:
    assert entry("MLI", "2025", indicator, 1).indicator == "rule"


def test_a_word_that_only_this_file_uses_is_understood_as_the_mapping_says() -> None:
    mapping = replace(LONG, indicators={"RL.EST": "rule"}, countries={"Congo": "COG"})
    one = entry("Congo", "2025", "RL.EST", "1", mapping=mapping)
    assert (one.iso3, one.indicator) == ("COG", "rule")


@pytest.mark.parametrize(
    ("row", "place", "kind"),
    [
        (["", "2025", "rule", 1], "A2", ProblemKind.COUNTRY_MISSING),
        (["Atlantis", "2025", "rule", 1], "A2", ProblemKind.COUNTRY_UNKNOWN),
        (["Congo", "2025", "rule", 1], "A2", ProblemKind.COUNTRY_UNCLEAR),
        (["MLI", "", "rule", 1], "B2", ProblemKind.DAY_MISSING),
        (["MLI", "soon", "rule", 1], "B2", ProblemKind.DAY_UNREADABLE),
        (["MLI", "03/04/2025", "rule", 1], "B2", ProblemKind.DAY_UNCLEAR),
        (["MLI", "2026-03-17", "rule", 1], "B2", ProblemKind.DAY_AHEAD),
        (["MLI", "2025", "", 1], "C2", ProblemKind.INDICATOR_MISSING),
        (["MLI", "2025", "weather", 1], "C2", ProblemKind.INDICATOR_UNKNOWN),
        (["MLI", "2025", "rule", "high"], "D2", ProblemKind.NUMBER_UNREADABLE),
        (["MLI", "2025", "rule", "12%"], "D2", ProblemKind.PERCENT),
        (["MLI", "2025", "rule", "#VALUE!"], "D2", ProblemKind.SPREADSHEET_ERROR),
        (["MLI", "2025", "rule"], "2", ProblemKind.RAGGED),
        (["MLI", "2025", "rule", 1, 5], "2", ProblemKind.RAGGED),
    ],
)
def test_what_cannot_be_understood_is_named_by_row_and_column(row: list[Cell], place: str, kind: ProblemKind) -> None:
    assert problem_kinds(*row) == [(place, kind)]


def test_a_problem_shows_the_cell_its_heading_and_a_sentence() -> None:
    (outcome,), _ = read(["Congo", "2025", "rule", 1])
    (problem,) = outcome.problems
    assert (problem.row, problem.column, problem.heading, problem.cell) == (2, 1, "country", "Congo")
    assert problem.text.startswith("“Congo” can be COG, COD. Two neighbours")
    assert problem.fault.sentence % problem.fault.values == problem.text


def test_all_problems_of_a_row_are_told_at_once() -> None:
    kinds = [kind for _, kind in problem_kinds("Atlantis", "soon", "weather", "high")]
    assert kinds == [
        *(ProblemKind.COUNTRY_UNKNOWN, ProblemKind.INDICATOR_UNKNOWN, ProblemKind.DAY_UNREADABLE),
        ProblemKind.NUMBER_UNREADABLE,
    ]


@pytest.mark.parametrize("value", ["", None, "..", "x", "NA", "n/a", "-", "#N/A"])
def test_a_row_without_a_value_is_empty_and_counted(value: Cell) -> None:
    (outcome,), tally = read(with_value(value))
    assert outcome.standing is Standing.EMPTY
    assert (tally.empty, tally.missing_cells) == (1, 1)


@pytest.mark.parametrize(
    "row", [[], ["", "", "", ""], [None] * 4, ["(*) a footnote", None, None, None], ["", "", "", "", ""]]
)
def test_blank_rows_and_footnotes_are_empty(row: list[Cell]) -> None:
    (outcome,), _ = read(row)
    assert outcome.standing is Standing.EMPTY


def test_dont_know_is_an_entry_without_a_value() -> None:
    assert entry(*with_value("don't know", "courts")).value is None


# ---- the scale ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "cell", "value"),
    [
        *[("courts", "0", 0), ("courts", 4.0, 4), ("courts", "2 – Some courts …", 2), ("courts", "3: most", 3)],
        *[("coup", "yes", 1), ("coup", "No", 0), ("coup", "true", 1), ("rule", 2.6, 2.6), ("rule", "-99.5", -99.5)],
        *[("change", -99, -99), ("deaths", 1_000_000, 1_000_000)],
    ],
)
def test_levels_are_kept_and_measured_values_may_lie_beyond_the_ends(indicator: str, cell: Cell, value: float) -> None:
    assert entry(*with_value(cell, indicator)).value == value


@pytest.mark.parametrize(
    ("indicator", "cell", "kind"),
    [
        *[("courts", code, ProblemKind.MISSING_CODE) for code in (-66, "-77", -88.0, "-99", -999)],
        *[("rule", "-99", ProblemKind.MISSING_CODE), ("deaths", -99, ProblemKind.MISSING_CODE)],
        *[("courts", 5, ProblemKind.NO_SUCH_LEVEL), ("courts", -1, ProblemKind.NO_SUCH_LEVEL)],
        *[("courts", 2.5, ProblemKind.NO_SUCH_LEVEL), ("coup", 2, ProblemKind.NO_SUCH_LEVEL)],
        *[("courts", "yes", ProblemKind.NUMBER_UNREADABLE), ("courts", "2 - 3", ProblemKind.NUMBER_UNREADABLE)],
        ("coup", "3 – x", ProblemKind.NO_SUCH_LEVEL),
    ],
)
def test_what_is_not_on_the_scale_is_refused(indicator: str, cell: Cell, kind: ProblemKind) -> None:
    assert problem_kinds(*with_value(cell, indicator)) == [("D2", kind)]


def test_a_code_that_the_mapping_declares_missing_is_missing() -> None:
    (outcome,), _ = read(with_value(-99), mapping=replace(LONG, missing=["-99"]))
    assert outcome.standing is Standing.EMPTY


def test_unchanged_is_an_answer_of_analysts_alone() -> None:
    outcomes, _ = read(
        ["NER", "31/12/2025", "Independence of courts", "Unchanged"],
        ["TCD", "31/12/2025", "Independence of courts", "="],
        ["MLI", "31/12/2025", "Rule of law", "unchanged"],
    )

    assert [[(one.value, one.unchanged) for one in outcome.entries] for outcome in outcomes[:2]] == [[(None, True)]] * 2
    assert [problem.kind for problem in outcomes[2].problems] == [ProblemKind.NUMBER_UNREADABLE]


# ---- twice -------------------------------------------------------------------------------------------------------


def test_the_same_country_day_and_indicator_is_taken_once() -> None:
    outcomes, tally = read(MALI, ["NER", *MALI[1:]], ["Mali", "31/12/2025", "Rule of law", "9"])
    assert [outcome.standing for outcome in outcomes] == [Standing.ACCEPTED, Standing.ACCEPTED, Standing.REFUSED]
    (problem,) = outcomes[2].problems
    assert (problem.place, problem.kind) == ("D4", ProblemKind.SAID_TWICE)
    assert "Row 2" in problem.text
    assert (tally.accepted, tally.refused, tally.entries) == (2, 1, 2)


def test_a_row_that_is_refused_for_another_reason_has_been_said_all_the_same() -> None:
    mapping = replace(LONG, columns={**LONG.columns, Part.GRADE: "grade"})
    outcomes, _ = read([*MALI, "Z9"], [*MALI, "B2"], mapping=mapping, header=[*HEADER, "grade"])
    assert [problem.kind for problem in outcomes[1].problems] == [ProblemKind.SAID_TWICE]


# ---- what stands beside the value --------------------------------------------------------------------------------

BESIDE = {
    Part.STANDARD_ERROR: "se",
    Part.SOURCE: "source",
    Part.GRADE: "grade",
    Part.HANDLING: "tlp",
    Part.ATTRIBUTION: "named",
    Part.NOTE: "note",
    Part.EVIDENCE: "link",
}
WIDER = replace(LONG, columns={**LONG.columns, **BESIDE})
WIDER_HEADER = [*HEADER, *BESIDE.values()]
GOOD = ["0.2", "Radio", "B2", "TLP:AMBER", "not for attribution", "a note", "https://a.example/x"]


def test_what_stands_beside_the_value_is_kept_with_it() -> None:
    one = entry(*MALI, *GOOD, mapping=WIDER, header=WIDER_HEADER)
    assert one[6:-1] == (0.2, "Radio", "B", 2, Mark.AMBER, False, "a note", "https://a.example/x")


def test_blank_cells_beside_the_value_say_nothing() -> None:
    assert entry(*MALI, *[""] * 7, mapping=WIDER, header=WIDER_HEADER)[6:] == (None,) * 9


def test_what_is_given_for_the_whole_file_fills_what_is_blank() -> None:
    mapping = replace(WIDER, fixed={Part.SOURCE: "Census", Part.GRADE: "A1", Part.HANDLING: "green"})
    blank = entry(*MALI, *[""] * 7, mapping=mapping, header=WIDER_HEADER)
    assert (blank.source, blank.reliability, blank.credibility, blank.handling) == ("Census", "A", 1, Mark.GREEN)
    assert entry(*MALI, *GOOD, mapping=mapping, header=WIDER_HEADER).source == "Radio"


@pytest.mark.parametrize(
    ("place", "cell", "kind"),
    [
        *[(0, "-0.1", ProblemKind.STANDARD_ERROR), (0, "low", ProblemKind.STANDARD_ERROR)],
        *[(1, "x" * 301, ProblemKind.TEXT_TOO_LONG), (2, "G2", ProblemKind.GRADE), (2, "B7", ProblemKind.GRADE)],
        *[(3, "TLP:PURPLE", ProblemKind.HANDLING), (4, "perhaps", ProblemKind.ATTRIBUTION)],
        *[(5, "x" * 4001, ProblemKind.TEXT_TOO_LONG), (6, "javascript:alert(1)", ProblemKind.EVIDENCE)],
        *[(6, "www.a.example", ProblemKind.EVIDENCE), (6, "ftp://a.example", ProblemKind.EVIDENCE)],
        *[(6, "https://", ProblemKind.EVIDENCE), (6, "https://a.example/" + "x" * 2000, ProblemKind.EVIDENCE)],
    ],
)
def test_what_is_wrong_beside_the_value_refuses_the_row(place: int, cell: str, kind: ProblemKind) -> None:
    cells = [*GOOD[:place], cell, *GOOD[place + 1 :]]
    assert problem_kinds(*MALI, *cells, mapping=WIDER, header=WIDER_HEADER) == [(f"{'EFGHIJK'[place]}2", kind)]


@pytest.mark.parametrize(
    ("cell", "mark"), [("white", Mark.CLEAR), ("TLP: RED", Mark.RED), ("amber strict", Mark.AMBER_STRICT)]
)
def test_a_handling_mark_is_read_however_it_is_written(cell: str, mark: Mark) -> None:
    cells = [*GOOD[:3], cell, *GOOD[4:]]
    assert entry(*MALI, *cells, mapping=WIDER, header=WIDER_HEADER).handling is mark


def test_controls_do_not_come_in_with_a_note() -> None:
    cells = [*GOOD[:5], "two\x00 lines\r\nof \x1btext ", GOOD[6]]
    assert entry(*MALI, *cells, mapping=WIDER, header=WIDER_HEADER).note == "two  lines\nof  text"


# ---- other shapes ------------------------------------------------------------------------------------------------


def test_a_column_for_each_indicator() -> None:
    mapping = Mapping(
        Shape.WIDE_INDICATORS,
        {Part.COUNTRY: "iso3", Part.YEAR: "year"},
        indicators={"rl": "rule", "jud": "courts"},
        standard_errors={"rl_se": "rule"},
    )
    header = ["iso3", "year", "rl", "rl_se", "jud", "region"]
    rows: list[list[Cell]] = [
        ["MLI", 2024, 0.5, 0.1, 3, "W"],
        ["NER", 2024, "..", 0.1, 2, "W"],
        ["TCD", 2024, "", "", "x", "C"],
        ["BFA", 2024, 0.5, -1, 9, "W"],
    ]
    outcomes, tally = read(*rows, mapping=mapping, header=header)
    assert [(one.column, one.indicator, one.value, one.standard_error) for one in outcomes[0].entries] == [
        (3, "rule", 0.5, 0.1),
        (5, "courts", 3.0, None),
    ]
    assert [one.indicator for one in outcomes[1].entries] == ["courts"]
    assert [problem.place for problem in outcomes[3].problems] == ["D5", "E5"]
    assert (tally.accepted, tally.empty, tally.refused, tally.entries, tally.missing_cells) == (2, 1, 1, 3, 3)


def test_a_column_for_each_year() -> None:
    mapping = Mapping(
        Shape.WIDE_YEARS,
        {Part.COUNTRY: "Country Name", Part.INDICATOR: "Series Code"},
        days=["2023 [YR2023]", "2024 [YR2024]"],
    )
    header = ["Country Name", "Series Code", "2023 [YR2023]", "2024 [YR2024]"]
    (outcome,), _ = read(["Congo, Dem. Rep.", "wgi_rl", "..", -1.5], mapping=mapping, header=header)
    assert outcome.entries == [Entry(2, 4, "COD", date(2024, 12, 31), "rule", -1.5)]


def test_one_indicator_and_one_year_for_the_whole_file() -> None:
    years = Mapping(Shape.WIDE_YEARS, {Part.COUNTRY: "c"}, {Part.INDICATOR: "rule"}, days=["2024"])
    assert entry("MLI", 1, mapping=years, header=["c", 2024.0]).indicator == "rule"
    fixed = {Part.INDICATOR: "Rule of law", Part.YEAR: "2024"}
    long = Mapping(Shape.LONG, {Part.COUNTRY: "c", Part.VALUE: "v"}, fixed)
    assert entry("MLI", 1, mapping=long, header=["c", "v"]).observed_on == date(2024, 12, 31)


def test_a_year_and_a_month_in_columns_of_their_own() -> None:
    columns = {Part.COUNTRY: "c", Part.YEAR: "y", Part.MONTH: "m", Part.VALUE: "v"}
    mapping = Mapping(Shape.LONG, columns, {Part.INDICATOR: "rule"})
    assert entry("MLI", 2024, "Feb", 1, mapping=mapping, header=["c", "y", "m", "v"]).observed_on == date(2024, 2, 29)
    assert problem_kinds("MLI", 2024, "", 1, mapping=mapping, header=["c", "y", "m", "v"]) == [
        ("B2", ProblemKind.DAY_MISSING)
    ]


def test_the_mapping_says_whether_the_day_or_the_month_comes_first() -> None:
    mapping = replace(LONG, day_order=DayOrder.DAY_FIRST)
    assert entry("MLI", "03/04/2025", "rule", 1, mapping=mapping).observed_on == date(2025, 4, 3)


# ---- which rows count --------------------------------------------------------------------------------------------


def test_titles_above_and_footnotes_below_are_outside() -> None:
    mapping = replace(LONG, header_row=3, last_row=4)
    outcomes, tally = read(MALI, ["Source: Radio"], mapping=mapping, above=[["A title"], []])
    assert [outcome.row for outcome in outcomes if outcome.standing is not Standing.EMPTY] == [4]
    assert (tally.rows, tally.outside) == (1, 4)


def test_rows_that_the_mapping_leaves_out_are_counted_apart() -> None:
    mapping = replace(LONG, left_out=["World", "weather"])
    _, tally = read(MALI, ["World", *MALI[1:]], ["MLI", "2025", "weather", 1], mapping=mapping)
    assert (tally.rows, tally.accepted, tally.outside) == (1, 1, 3)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (replace(LONG, columns={**LONG.columns, Part.NOTE: "notes"}), "no column “notes” in row 1"),
        (replace(LONG, columns={Part.COUNTRY: "country", Part.DATE: "date", Part.INDICATOR: "indicator"}), "values"),
        (replace(LONG, columns={Part.COUNTRY: "country", Part.DATE: "date", Part.VALUE: "value"}), "for the indicator"),
        (replace(LONG, columns={Part.COUNTRY: "country", Part.INDICATOR: "indicator", Part.VALUE: "value"}), "date"),
        (replace(LONG, columns={Part.DATE: "date", Part.INDICATOR: "indicator", Part.VALUE: "value"}), "country"),
        (replace(LONG, indicators={"x": "weather"}), "“weather”"),
        (replace(LONG, countries={"x": "ZZZ"}), "“ZZZ”"),
        (replace(LONG, fixed={Part.HANDLING: "purple"}), "no handling mark"),
        (replace(LONG, fixed={Part.DATE: "soon"}), "no day"),
        (replace(LONG, header_row=9), "before row 9"),
        (Mapping(Shape.WIDE_YEARS, {Part.COUNTRY: "country"}, {Part.INDICATOR: "rule"}, days=["date"]), "“date”"),
        (Mapping(Shape.WIDE_INDICATORS, LONG.columns), "values"),
    ],
)
def test_a_mapping_that_does_not_go_with_the_file_is_refused(mapping: Mapping, said: str) -> None:
    with pytest.raises(MappingUnfit, match=said):
        read(MALI, mapping=mapping)


ANY_CELL = st.one_of(
    st.none(),
    st.sampled_from(
        ["MLI", "Mali", "Congo", "NA", "rule", "courts", "2025", "2025-06-30", "-99", "1,5", "..", "#REF!", "B2"]
    ),
    st.text(max_size=12),
    st.floats(),
    st.integers(-(10**18), 10**18),
)


@given(st.lists(st.lists(ANY_CELL, max_size=12), max_size=12), st.sampled_from([LONG, WIDER]))
def test_whatever_stands_in_the_cells_every_row_is_accepted_or_refused_or_empty(
    rows: list[list[Cell]], mapping: Mapping
) -> None:
    header = WIDER_HEADER if mapping is WIDER else HEADER
    outcomes, tally = read(*rows, mapping=mapping, header=header)
    assert len(outcomes) == tally.rows == len(rows)
    for outcome in outcomes:
        assert not (outcome.entries and outcome.problems)
        assert all(problem.text for problem in outcome.problems)


GOOD_ROW = st.tuples(
    st.sampled_from(["MLI", "Mali", "NE", "Chad"]),
    st.sampled_from(["2023", "2024-06", "2025-12-31", "31 May 2024"]),
    st.sampled_from(["rule", "Rule of law", "courts", "coup", "change"]),
    st.sampled_from(["0", "1", "+1.0", "1e0", "", "..", 1, 0.0, None]),
)


@given(
    st.lists(st.one_of(GOOD_ROW, GOOD_ROW, GOOD_ROW, st.lists(ANY_CELL, max_size=5)), max_size=8),
    st.sampled_from([LONG, replace(LONG, missing=["0"]), replace(LONG, decimal_sign=",")]),
)
def test_rows_that_are_read_together_come_to_the_same_as_one_by_one(
    rows: list[Sequence[Cell]], mapping: Mapping
) -> None:
    numbered = list(enumerate(rows, start=2))
    together, alone = (
        Reader(mapping, HEADER, countries=NAMES, indicators=INDICATORS, today=TODAY) for _way in range(2)
    )
    one_by_one = Piece.of([alone.read(*row) for row in numbered])
    piece = together.read_together(numbered) if rows else None
    assert piece in (None, one_by_one)
    assert piece is None or together.missing_cells == alone.missing_cells


def test_good_rows_are_read_together() -> None:
    reader = Reader(LONG, HEADER, countries=NAMES, indicators=INDICATORS, today=TODAY)
    piece = reader.read_together([(2, MALI), (3, with_value("")), (4, ["NER", "2024", "courts", "3"])])
    assert piece is not None
    assert (piece.rows, piece.empty, [entry.row for entry in piece.entries]) == (3, 1, [2, 4])
    assert reader.read_together([(5, ["Niger", "2024-12-31", "courts", "2"])]) is None  # row 4 said it
