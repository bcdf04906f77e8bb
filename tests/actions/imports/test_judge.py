"""What becomes of a value depends on what is recorded already, and on who imports it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from tests import factories
from tests.importing import CORRUPTION, COURTS, HEADINGS, LONG, Desk, codings, observations, table
from tracker.access import Role
from tracker.actions.imports import problems
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.mapping import Mapping, Part
from tracker.storage import catalogue, imports
from tracker.storage.recording import Coding, Import, ImportState

LINE = f"MLI,2024,{CORRUPTION},-0.5,0.2"
END_OF_2024 = date(2024, 12, 31)


def recorded(desk: Desk, **differing: Any) -> None:
    """A value that stands before the file comes."""
    usual = {"indicator": CORRUPTION, "iso3": "MLI", "on": END_OF_2024, "value": -0.5, "standard_error": 0.2}
    with desk.database.writing() as session:
        factories.observation(session, **{**usual, "recorded_at": desk.now} | differing)  # type: ignore[arg-type]


def values(row: Import) -> dict[str, int]:
    found: dict[str, int] = (row.findings or {})["values"]
    return found


def kinds(desk: Desk, row: Import) -> list[str]:
    with desk.database.reading() as session:
        return [one.kind for one in problems.read(imports.problems_of(session, row.id))]


def test_the_same_value_is_accepted_and_changes_nothing(desk: Desk) -> None:
    recorded(desk)
    row = desk.record(table(LINE))
    assert (row.rows_accepted, values(row)) == (1, {"there": 1})
    assert len(observations(desk.database)) == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"MLI,2024,{CORRUPTION},-0.6,0.2", (-0.6, 0.2)),
        (f"MLI,2024,{CORRUPTION},-0.5,0.3", (-0.5, 0.3)),
        (f"MLI,2024,{CORRUPTION},-0.5,", (-0.5, None)),
    ],
)
def test_another_value_becomes_a_further_revision_with_its_reason(
    desk: Desk, line: str, expected: tuple[float, float | None]
) -> None:
    recorded(desk)
    checked = desk.check(table(line), "wgi of 2025.csv")
    assert values(checked) == {"revised": 1}
    desk.order(checked.id)
    desk.work()
    newest = observations(desk.database)[-1]
    assert (newest.revision, newest.value, newest.standard_error) == (2, *expected)
    assert newest.reason == "published anew in wgi of 2025.csv"


BESIDE = (Part.NOTE, Part.GRADE, Part.SOURCE, Part.EVIDENCE)
AS_IT_STANDS = "As printed,B2,a  FIELD office,https://example.org/a"
ANYTHING_ELSE = [
    "As corrected,B2,A field office,https://example.org/a",
    "As printed,A2,A field office,https://example.org/a",
    "As printed,B2,Somebody else,https://example.org/a",
    "As printed,B2,A field office,https://example.org/b",
]


def check_beside(desk: Desk, line: str, beside: str) -> Import:
    headings = ",".join([HEADINGS, *(part.value for part in BESIDE)])
    return desk.check(table(f"{line},{beside}", headings=headings), beside, more_columns(*BESIDE))


def stands(desk: Desk, line: str) -> None:
    first = check_beside(desk, line, AS_IT_STANDS)
    desk.order(first.id)
    desk.work()


@pytest.mark.parametrize("line", [LINE, f"MLI,2026-02,{COURTS},2,"])
def test_what_is_said_beside_a_value_is_a_part_of_it(desk: Desk, line: str) -> None:
    """Of published figures and of one's own drafts; what a file does not say stays."""
    stands(desk, line)
    for beside in (AS_IT_STANDS, ",,,"):
        assert values(check_beside(desk, line, beside)) == {"there": 1}
    for beside in ANYTHING_ELSE:
        row = check_beside(desk, line, beside)
        assert (values(row) == {"revised": 1}) is (line == LINE)
        assert kinds(desk, row) == ([] if line == LINE else ["own_draft"])


def test_an_accepted_answer_with_another_note_is_not_there_already(desk: Desk) -> None:
    line = f"MLI,2026-02,{COURTS},2,"
    recorded(desk, indicator=COURTS, on=date(2026, 2, 15), value=2, standard_error=None, note="As printed")
    assert kinds(desk, check_beside(desk, line, "As printed,,,")) == []
    assert kinds(desk, check_beside(desk, line, "As corrected,,,")) == ["accepted_already"]


@pytest.mark.parametrize("beside", [",,A field office,", ",,Somebody else,", ",,,https://example.org/a"])
def test_whose_word_it_is_cannot_be_found_out_by_guessing(desk: Desk, beside: str) -> None:
    recorded(desk, attributable=False, evidence_url="https://example.org/b")
    assert values(check_beside(desk, LINE, beside)) == {"there": 1}


def test_what_a_file_does_not_say_about_handling_stays_as_it_was(desk: Desk) -> None:
    recorded(desk, handling=Mark.GREEN, attributable=False)
    desk.record(table(LINE.replace("-0.5", "-0.6")))
    newest = observations(desk.database)[-1]
    assert (newest.revision, newest.handling, newest.attributable) == (2, Mark.GREEN, False)


def test_a_withdrawn_value_can_be_recorded_again(desk: Desk) -> None:
    recorded(desk, withdrawn=True, reason="a slip")
    row = desk.record(table(LINE))
    assert values(row) == {"new": 1}
    assert [(one.revision, one.withdrawn) for one in observations(desk.database)] == [(1, True), (2, False)]


def test_what_stands_above_the_importers_clearance_is_neither_told_nor_replaced(desk: Desk) -> None:
    """With the right value or a wrong one: the answer is the same."""
    recorded(desk, handling=Mark.AMBER)
    told = []
    for value in ("-0.5", "0.7"):
        row = desk.check(table(LINE.replace("-0.5", value), f"NER,2024,{CORRUPTION},0,"))
        with desk.database.reading() as session:
            [problem] = problems.read(imports.problems_of(session, row.id))
        told.append(replace(problem, cell=""))
        assert values(row) == {"new": 1}
    assert told[0] == told[1]
    assert told[0].kind == "not_yours"


def more_columns(*parts: Part) -> Mapping:
    """Of a table whose further columns are headed by what they say."""
    return replace(LONG, columns={**LONG.columns, **{part: part.value for part in parts}})


MARKED = more_columns(Part.HANDLING, Part.ATTRIBUTION)


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("TLP:CLEAR,", "mark_lowered"),
        (",named", "named"),
        ("TLP:GREEN,not for attribution", None),
        ("TLP:AMBER,", None),
    ],
)
def test_a_file_protects_more_and_never_less(desk: Desk, said: str, kind: str | None, withdrawn: bool) -> None:
    """Of what was withdrawn as well: the mark of the newest revision opens the whole history."""
    reason = "a slip" if withdrawn else None
    recorded(desk, handling=Mark.GREEN, attributable=False, withdrawn=withdrawn, reason=reason)
    line = f"{LINE.replace('-0.5', '0.1')},{said}"
    row = desk.check(table(line, headings=f"{HEADINGS},handling,attribution"), mapping=MARKED)
    assert kinds(desk, row) == ([kind] if kind else [])


def test_a_file_overrides_nothing_that_a_second_person_accepted(desk: Desk) -> None:
    with desk.database.writing() as session:
        second = factories.person(session, roles=[Role.REVIEWER], created_at=desk.now)
    recorded(desk, value=0.1)
    recorded(desk, accepted_by=second, revision=2)
    same, other = desk.check(table(LINE)), desk.check(table(LINE.replace("-0.5", "0.7")), "b")
    assert values(same) == {"there": 1}
    assert kinds(desk, other) == ["second_person"]


def test_what_was_accepted_stays_so_when_a_file_in_between_is_taken_back(desk: Desk) -> None:
    """Or two files would do what one may not."""
    with desk.database.writing() as session:
        second = factories.person(session, roles=[Role.REVIEWER], created_at=desk.now)
    recorded(desk, accepted_by=second)
    recorded(desk, revision=2, withdrawn=True, reason="the file was taken back")
    assert kinds(desk, desk.check(table(LINE.replace("-0.5", "0.7")))) == ["second_person"]


def test_a_retired_indicator_takes_nothing_more(desk: Desk) -> None:
    with desk.database.writing() as session:
        indicator = catalogue.indicator(session, CORRUPTION)
        assert indicator is not None
        indicator.retired = True
    row = desk.check(table(LINE))
    assert (row.rows_refused, kinds(desk, row)) == (1, ["retired"])


# ---- answers of analysts ---------------------------------------------------------------------------------------


def test_a_month_that_is_accepted_is_refused_unless_the_answer_is_the_same(desk: Desk) -> None:
    recorded(desk, indicator=COURTS, on=date(2026, 2, 15), value=2, standard_error=None)
    same, other = desk.check(table(f"MLI,2026-02,{COURTS},2,")), desk.check(table(f"MLI,2026-02,{COURTS},3,"))
    assert values(same) == {"there": 1}
    assert (other.rows_refused, kinds(desk, other)) == (1, ["accepted_already"])
    # the month before and the month after are other months
    beside = desk.check(table(f"MLI,2026-01,{COURTS},3,", f"MLI,2026-03-10,{COURTS},3,"))
    assert values(beside) == {"draft": 2}


def test_a_cell_in_which_the_importer_has_another_draft_is_refused(desk: Desk, now: datetime) -> None:
    desk.record(table(f"MLI,2026-02,{COURTS},2,"))
    same, other = desk.check(table(f"MLI,2026-02,{COURTS},2,"), "b"), desk.check(table(f"MLI,2026-02,{COURTS},3,"), "c")
    assert values(same) == {"there": 1}
    assert kinds(desk, other) == ["own_draft"]
    # a colleague's draft is no obstacle: two may answer the same question
    with desk.database.writing() as session:
        colleague = replace(desk, person=factories.person(session, roles=[Role.ANALYST], created_at=now))
    assert colleague.record(table(f"MLI,2026-02,{COURTS},3,"), "d").state is ImportState.RECORDED
    assert [(one.value, one.author_id) for one in codings(desk.database)] == [
        (2, desk.person.id),
        (3, colleague.person.id),
    ]


def own_draft(desk: Desk, typed: str, **differing: Any) -> None:
    """Written by hand before the file comes."""
    with desk.database.writing() as session:
        draft = factories.coding(session, desk.person, indicator=COURTS, value=None, now=desk.now, source="")
        draft.state, draft.submitted_at, draft.typed, draft.unknown = CodingState.DRAFT, None, typed, typed == "?"
        for name, said in differing.items():
            setattr(draft, name, said)


@pytest.mark.parametrize(("typed", "told"), [("?", []), ("=", ["own_draft"]), ("abc", ["own_draft"])])
def test_nobody_can_know_is_not_the_same_as_nothing_understood(desk: Desk, typed: str, told: list[str]) -> None:
    own_draft(desk, typed)
    assert kinds(desk, desk.check(table(f"MLI,2026-02,{COURTS},?,"))) == told


@pytest.mark.parametrize("said", ["?", "3"])
def test_a_draft_without_a_word_in_it_is_filled_by_the_file(desk: Desk, said: str) -> None:
    own_draft(desk, "")
    row = desk.record(table(f"MLI,2026-02,{COURTS},{said},", f"NER,2026-02,{COURTS},1,"))
    assert values(row) == {"draft": 2}
    assert [(one.typed, one.import_id) for one in codings(desk.database)] == [(said, row.id), ("1", row.id)]


def test_a_draft_that_has_a_note_only_is_not_written_over(desk: Desk) -> None:
    own_draft(desk, "", note="Ask again on Tuesday")
    assert kinds(desk, desk.check(table(f"MLI,2026-02,{COURTS},3,"))) == ["own_draft"]


def test_a_draft_that_was_discarded_is_no_obstacle(desk: Desk) -> None:
    desk.record(table(f"MLI,2026-02,{COURTS},2,"))
    with desk.database.writing() as session:
        [draft] = codings(desk.database)
        session.get_one(Coding, draft.id).state = CodingState.DISCARDED
    assert values(desk.check(table(f"MLI,2026-02,{COURTS},3,"), "b")) == {"draft": 1}


def test_two_answers_for_one_month_are_told_apart(desk: Desk) -> None:
    row = desk.check(table(f"MLI,2026-02-01,{COURTS},2,", f"MLI,2026-02-20,{COURTS},2,"))
    assert (row.rows_accepted, row.rows_refused, kinds(desk, row)) == (1, 1, ["twice_in_month"])


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        ((LINE, LINE.replace("-0.5", "0.7")), 2),
        ((LINE, LINE.replace("0.2", "0.3")), 2),
        ((LINE, LINE), 1),
        ((LINE, LINE, LINE.replace("-0.5", "0.7")), 3),
        ((f"MLI,2026-02-01,{COURTS},2,", f"MLI,2026-02-20,{COURTS},3,"), 2),
        ((f"MLI,2026-02-01,{COURTS},2,", f"MLI,2026-02-20,{COURTS},?,"), 2),
        ((f"MLI,2026-02-01,{COURTS},2,", f"MLI,2026-02-20,{COURTS},2,"), 1),
    ],
)
def test_of_two_rows_that_contradict_each_other_neither_is_taken(
    desk: Desk, lines: tuple[str, ...], refused: int
) -> None:
    row = desk.check(table(*lines, f"NER,2024,{CORRUPTION},0.1,"))
    assert (row.rows_accepted, row.rows_refused) == (1 + len(lines) - refused, refused)
    assert len(kinds(desk, row)) == refused


def test_nobody_can_know_is_an_answer(desk: Desk) -> None:
    row = desk.record(table(f"MLI,2026-02,{COURTS},?,"))
    assert values(row) == {"draft": 1}
    [draft] = codings(desk.database)
    assert (draft.typed, draft.value, draft.unknown) == ("?", None, True)
