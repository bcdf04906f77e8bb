"""Days to come out of a file: what it would do, and all of it or nothing."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.at_once import at_once
from tests.questions import listening
from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions.occasion_imports import Outcome, ProblemsLeft, enter_file, look
from tracker.actions.occasions import call_off, change, write_in
from tracker.exchange.occasion_files import Usual, lines_of
from tracker.handling import Mark
from tracker.occasion import Draft, OccasionKind
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import as_draft, nearest, on_days

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
USUAL = Usual(OccasionKind.SESSION, (None, "african_union"))
TABLE = "day,name,kind,iso3,every_months,uid\n"
TWO = f"{TABLE}2026-04-07,Election,election,MLI,,1\n2026-05-01,Summit,,,12,2\n"


@pytest.fixture
def ana(session: Session, now: datetime) -> Principal:
    return somebody(session, Role.ANALYST, now=now)


def outcomes(session: Session, text: str, by: Principal, now: datetime) -> list[str]:
    return [one.outcome for one in look(session, lines_of(text, USUAL), handling=Mark.CLEAR, by=by, today=now.date())]


def bring(session: Session, text: str, by: Principal, now: datetime, handling: Mark = Mark.CLEAR) -> None:
    enter_file(session, lines_of(text, USUAL), handling=handling, by=by, now=now)


def number(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Occasion)) or 0


@ONE_ENGINE
def test_a_look_writes_nothing_and_the_same_file_twice_is_recognised(
    session: Session, ana: Principal, now: datetime
) -> None:
    assert outcomes(session, TWO, ana, now) == ["new", "new"]
    assert number(session) == 0

    bring(session, TWO, ana, now)
    assert outcomes(session, TWO, ana, now) == ["known", "known"]
    bring(session, TWO, ana, now)
    assert number(session) == 2


@ONE_ENGINE
def test_a_day_that_was_put_off_there_is_put_off_here(session: Session, ana: Principal, now: datetime) -> None:
    bring(session, TWO, ana, now, handling=Mark.AMBER)
    put_off = TWO.replace("2026-04-07", "2026-04-21")

    assert outcomes(session, put_off, ana, now) == ["changed", "known"]
    bring(session, put_off, ana, now)

    election = session.scalars(select(Occasion).where(Occasion.uid == "1")).one()
    assert (election.day, election.handling, number(session)) == (date(2026, 4, 21), Mark.AMBER, 2)


EVENT = "BEGIN:VEVENT\nUID:{uid}\nDTSTART:{day}\nSUMMARY:{name}\n{more}END:VEVENT\n"


def events(*found: str) -> str:
    return "BEGIN:VCALENDAR\n" + "".join(found) + "END:VCALENDAR\n"


def standing(session: Session) -> list[str]:
    return list(session.scalars(select(Occasion.name).where(Occasion.removed.is_(False)).order_by(Occasion.name)))


@ONE_ENGINE
def test_what_a_later_file_calls_off_is_called_off_here(session: Session, ana: Principal, now: datetime) -> None:
    election = {"uid": "1", "day": "20260407", "name": "Election"}
    summit = EVENT.format(uid="2", day="20260501", name="Summit", more="")
    bring(session, events(EVENT.format(**election, more=""), summit), ana, now)
    called_off = events(EVENT.format(**election, more="SEQUENCE:1\nSTATUS:CANCELLED\n"), summit)

    assert outcomes(session, called_off, ana, now) == ["called_off", "known"]
    bring(session, called_off, ana, now)
    assert standing(session) == ["Summit"]
    assert outcomes(session, called_off, ana, now) == ["left_out", "known"]
    bring(session, called_off, ana, now)
    assert standing(session) == ["Summit"]


def test_an_older_file_moves_nothing_back(session: Session, ana: Principal, now: datetime) -> None:
    def vote(day: str, more: str) -> str:
        return events(EVENT.format(uid="1", day=day, name="Election", more=more))

    first, moved = vote("20260407", "SEQUENCE:1\n"), vote("20260421", "SEQUENCE:2\n")
    bring(session, first, ana, now)
    bring(session, moved, ana, now)

    [older] = look(session, lines_of(first, USUAL), handling=Mark.CLEAR, by=ana, today=now.date())
    assert (older.line.number, str(older.problem)) == (
        2,
        "This file is older than what is kept: its SEQUENCE is 1, and here 2 is known already.",
    )
    with pytest.raises(ProblemsLeft):
        bring(session, first, ana, now)
    assert outcomes(session, vote("20260407", "SEQUENCE:1\nSTATUS:CANCELLED\n"), ana, now) == ["problem"]
    # what does not say how often it was changed is older than what does; as new as what is kept is new enough
    assert outcomes(session, vote("20260407", ""), ana, now) == ["problem"]
    assert outcomes(session, vote("20260428", "SEQUENCE:2\n"), ana, now) == ["changed"]
    # a table counts nothing
    assert outcomes(session, "day,name,kind,uid\n2026-04-28,Election,session,1\n", ana, now) == ["changed"]


@ONE_ENGINE
def test_single_days_that_are_left_out_there_do_not_come_here(session: Session, ana: Principal, now: datetime) -> None:
    def session_of(more: str) -> str:
        return events(EVENT.format(uid="1", day="20260407", name="Session", more=f"RRULE:FREQ=YEARLY\n{more}"))

    bring(session, session_of("EXDATE:20260407\n"), ana, now)
    [one] = session.scalars(select(Occasion))
    assert [day.day for day in on_days([one], date(2026, 1, 1), date(2028, 1, 1))] == [date(2027, 4, 7)]
    assert [day.day for day in nearest([one], now.date(), date(2028, 1, 1))] == [date(2027, 4, 7)]
    assert outcomes(session, session_of("EXDATE:20260407\n"), ana, now) == ["known"]

    # by hand nothing is said of single days: those that its rule has stay left out
    change(
        session,
        one.id,
        replace(as_draft(one), name="The session", left_out=None),
        handling=Mark.CLEAR,
        seen=1,
        by=ana,
        now=now,
    )
    assert one.left_out == "2026-04-07"
    # a table says nothing of them either, and a later file does
    assert outcomes(session, f"{TABLE}2026-04-07,The session,session,,12,1\n", ana, now) == ["known"]
    bring(session, session_of(""), ana, now)
    assert one.left_out == ""


@ONE_ENGINE
def test_what_comes_once_leaves_out_nothing(session: Session, ana: Principal, now: datetime) -> None:
    more = "RRULE:FREQ=YEARLY\nEXDATE:20270407\n"
    bring(session, events(EVENT.format(uid="1", day="20260407", name="Session", more=more)), ana, now)
    [one] = session.scalars(select(Occasion))

    once = replace(as_draft(one), every_months=None, left_out=None)
    change(session, one.id, once, handling=Mark.CLEAR, seen=one.version, by=ana, now=now)

    assert one.left_out == ""


@ONE_ENGINE
def test_a_newer_file_that_says_the_same_makes_what_lies_between_the_two_old(
    session: Session, ana: Principal, now: datetime
) -> None:
    def vote(day: str, sequence: int) -> str:
        return events(EVENT.format(uid="1", day=day, name="Election", more=f"SEQUENCE:{sequence}\n"))

    bring(session, vote("20260407", 0), ana, now)
    bring(session, vote("20260407", 2), ana, now)

    assert outcomes(session, vote("20260421", 1), ana, now) == ["problem"]
    assert session.scalars(select(Occasion.version)).all() == [1]


@ONE_ENGINE
def test_a_line_says_up_to_which_mark_it_may_be_told_and_no_file_lowers_a_mark(
    session: Session, ana: Principal, now: datetime
) -> None:
    head, row = "day,name,uid,handling\n", "2026-05-01,Summit,1,"
    bring(session, f"{head}{row}TLP:AMBER\n2026-05-02,Session,2,\n", ana, now, handling=Mark.GREEN)

    def marks() -> list[int]:
        return list(session.scalars(select(Occasion.handling).order_by(Occasion.id)))

    assert marks() == [Mark.AMBER, Mark.GREEN]
    assert outcomes(session, f"{head}{row}TLP:CLEAR\n", ana, now) == ["known"]
    bring(session, f"{head}{row}amber+strict\n", ana, now)
    assert marks() == [Mark.AMBER_STRICT, Mark.GREEN]
    green = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)
    assert outcomes(session, f"{head}2026-05-01,Another,3,TLP:AMBER\n", green, now) == ["problem"]


@ONE_ENGINE
def test_a_table_calls_off_what_it_called_by_the_same_name(session: Session, ana: Principal, now: datetime) -> None:
    head, row = "day,name,kind,called_off\n", "2026-05-01,Summit,session,"
    bring(session, f"{head}{row}no\n", ana, now)

    bring(session, f"{head}{row}yes\n", ana, now)

    assert standing(session) == []
    assert outcomes(session, f"{head}2026-05-02,Never there,session,yes\n", ana, now) == ["left_out"]


@ONE_ENGINE
@pytest.mark.parametrize("turn", [1, -1])
def test_what_a_file_both_announces_and_calls_off_is_nobodys_guess(
    session: Session, ana: Principal, now: datetime, turn: int
) -> None:
    one = {"uid": "1", "day": "20260407", "name": "Election"}
    both = [EVENT.format(**one, more=""), EVENT.format(**one, more="STATUS:CANCELLED\n")][::turn]

    assert outcomes(session, events(*both), ana, now) == ["new" if turn == 1 else "left_out", "problem"]
    bring(session, events(EVENT.format(**one, more="")), ana, now)
    assert outcomes(session, events(*both), ana, now) == ["known" if turn == 1 else "called_off", "problem"]


@ONE_ENGINE
def test_nobody_calls_off_by_a_file_what_is_not_theirs(session: Session, ana: Principal, now: datetime) -> None:
    one = {"uid": "1", "day": "20260407", "name": "Summit"}
    bring(session, events(EVENT.format(**one, more="")), ana, now)
    malian = somebody(session, Role.ANALYST, countries=["MLI"], now=now)
    called_off = events(EVENT.format(**one, more="STATUS:CANCELLED\n"))

    assert outcomes(session, called_off, malian, now) == ["problem"]
    with pytest.raises(ProblemsLeft):
        bring(session, called_off, malian, now)
    # of a day that is over nothing is taken back
    assert outcomes(session, called_off, ana, now + timedelta(days=30)) == ["left_out"]


@ONE_ENGINE
def test_lines_are_left_out_where_somebody_said_so_and_no_more_than_they_saw(
    session: Session, ana: Principal, now: datetime
) -> None:
    lines = lines_of(f"{TWO}2026-05-31,No day,party,,,3\n2026-05-31,No month,,,0,4\n", USUAL)
    with pytest.raises(ProblemsLeft):
        enter_file(session, lines, handling=Mark.CLEAR, by=ana, now=now, left_out=1)
    assert number(session) == 0

    enter_file(session, lines, handling=Mark.CLEAR, by=ana, now=now, left_out=2)
    assert standing(session) == ["Election", "Summit"]


@ONE_ENGINE
def test_what_was_called_off_here_stays_so(session: Session, ana: Principal, now: datetime) -> None:
    bring(session, TWO, ana, now)
    election = session.scalars(select(Occasion).where(Occasion.uid == "1")).one()
    call_off(session, election.id, by=ana, now=now)

    assert outcomes(session, TWO.replace("2026-04-07", "2026-04-21"), ana, now) == ["known", "known"]


@ONE_ENGINE
@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("2026-03-15,Past,,,,3", Outcome.OVER),
        ("2026-03-15,Yearly,,,12,3", Outcome.NEW),
        ("2037-01-01,Too far,,,,3", Outcome.PROBLEM),
        ("2026-05-01,Nowhere,,QQQ,,3", Outcome.PROBLEM),
        ("2026-05-01,,,MLI,,3", Outcome.PROBLEM),
        ("2026-05-01,Twice,,MLI,,1", Outcome.PROBLEM),
        ("2026-05-01,Elsewhere,,NER,,1", Outcome.NEW),
        ("2026-05-31,No day,party,,,3", Outcome.PROBLEM),
    ],
)
def test_each_line_is_told_what_becomes_of_it_and_one_problem_keeps_out_all(
    session: Session, ana: Principal, now: datetime, line: str, outcome: Outcome
) -> None:
    text = f"{TWO}{line}\n"

    assert outcomes(session, text, ana, now) == ["new", "new", outcome]
    if outcome is Outcome.PROBLEM:
        with pytest.raises(ProblemsLeft):
            bring(session, text, ana, now)
        assert number(session) == 0
    else:
        bring(session, text, ana, now)


@ONE_ENGINE
def test_what_may_not_be_known_is_not_recognised(session: Session, ana: Principal, now: datetime) -> None:
    bring(session, TWO, ana, now, handling=Mark.AMBER)
    low = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)
    malian = somebody(session, Role.ANALYST, countries=["MLI"], now=now)

    assert outcomes(session, TWO, low, now) == ["new", "new"]
    # of a group only who works on all of it enters anything
    assert outcomes(session, TWO, malian, now) == ["known", "problem"]


@ONE_ENGINE
def test_what_may_be_the_same_is_told(session: Session, ana: Principal, now: datetime) -> None:
    day = date(2026, 4, 7) + timedelta(days=3)
    write_in(session, Draft(OccasionKind.ELECTION, "The vote", day, "MLI"), handling=Mark.CLEAR, by=ana, now=now)

    first, second = look(session, lines_of(TWO, USUAL), handling=Mark.CLEAR, by=ana, today=now.date())

    assert (first.alike.name if first.alike else None, second.alike) == ("The vote", None)


@ONE_ENGINE
def test_a_long_file_asks_no_more_questions_than_a_short_one(database: Database, now: datetime) -> None:
    def asked(days: int) -> int:
        rows = "".join(f"2026-04-07,Day {day},,,,{day}\n" for day in range(days))
        with database.writing() as session:
            ana = somebody(session, Role.ANALYST, now=now)
            with listening(database) as said:
                outcomes(session, TABLE + rows, ana, now)
        return len(said)

    assert asked(50) == asked(1)


def test_two_who_bring_the_same_file_at_once_enter_each_day_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        people = [somebody(session, Role.ANALYST, now=now) for _ in range(2)]

    def write(which: int) -> None:
        with database.writing() as session:
            bring(session, TWO, people[which], now)

    assert at_once(2, write) == [None, None]

    with database.writing() as session:
        assert number(session) == 2
