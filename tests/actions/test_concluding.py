"""What is recorded changes standings and scores in the same transaction, for what was touched and nothing else."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.concluding import days_pass, noon, now_of, rebuilt, recorded, then_of, value
from tracker.actions.rebuilding import what_is_wrong
from tracker.handling import Mark
from tracker.storage import standings
from tracker.storage.base import Session
from tracker.storage.conclusions import ScoreHistory, ScoreNow, Standing

FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 15)
COURTS, RULINGS = "independence_of_courts", "obedience_to_rulings"
FIRST_HALF = (COURTS, RULINGS, "emergency_powers", "limits_on_power", "elections_kept")


def code_rule_of_law(session: Session, level: float, *, on: date, at: datetime, **rest: object) -> None:
    """Half of what analysts are asked about the rule of law: enough for a score."""
    for key in FIRST_HALF:
        recorded(session, key, level, on=on, at=at, **rest)


def test_an_accepted_answer_stands_and_scores_at_once(session: Session, now: datetime) -> None:
    code_rule_of_law(session, 3.0, on=MARCH, at=now)

    assert value(session, now_of(session), COURTS) == 75.0
    assert value(session, now_of(session), "rule_of_law") == 75.0


def test_too_few_answers_are_no_score(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 4.0, on=MARCH, at=now)

    assert value(session, now_of(session), COURTS) == 100.0
    assert value(session, now_of(session), "rule_of_law") is None


def test_other_countries_are_left_alone(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 4.0, on=MARCH, at=now, iso3="NER")
    before = session.execute(select(*ScoreNow.__table__.columns).where(ScoreNow.iso3 == "NER")).all()
    recorded(session, COURTS, 0.0, on=MARCH, at=now)

    assert session.execute(select(*ScoreNow.__table__.columns).where(ScoreNow.iso3 == "NER")).all() == before != []


def test_an_older_answer_that_comes_later_does_not_stand(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 1.0, on=MARCH, at=now)
    recorded(session, COURTS, 4.0, on=FEBRUARY, at=now)

    assert value(session, now_of(session), COURTS) == 25.0
    assert value(session, then_of(session, FEBRUARY, now), COURTS) == 100.0


def test_what_was_withdrawn_gives_way_to_what_stood_before(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 1.0, on=FEBRUARY, at=now)
    recorded(session, COURTS, 4.0, on=MARCH, at=now)
    recorded(session, COURTS, 4.0, on=MARCH, at=now, revision=2, withdrawn=True, reason="a mistake")

    assert value(session, now_of(session), COURTS) == 25.0


def test_when_all_is_withdrawn_nothing_stands(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 4.0, on=MARCH, at=now)
    recorded(session, COURTS, 4.0, on=MARCH, at=now, revision=2, withdrawn=True, reason="a mistake")

    assert session.scalars(select(Standing).where(Standing.iso3 == "MLI")).all() == []
    assert value(session, now_of(session), COURTS) is None


def test_dont_know_ends_what_was_known(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 4.0, on=FEBRUARY, at=now)
    recorded(session, COURTS, None, on=MARCH, at=now)

    assert value(session, now_of(session), COURTS) is None
    assert value(session, then_of(session, FEBRUARY, now), COURTS) == 100.0


@pytest.mark.parametrize(("days", "expected"), [(62, 100.0), (63, None)])
def test_what_is_stale_counts_no_more_from_the_next_day_on(
    session: Session, now: datetime, days: int, expected: float | None
) -> None:
    recorded(session, COURTS, 4.0, on=MARCH, at=now)

    looked_at = days_pass(session, now=noon(MARCH + timedelta(days=days)))

    assert looked_at == 1
    assert value(session, now_of(session), COURTS) == expected


def test_time_that_passes_is_looked_at_once_a_day(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 4.0, on=MARCH, at=now)
    tomorrow = now + timedelta(days=1)

    assert days_pass(session, now=tomorrow) == 1
    assert days_pass(session, now=tomorrow + timedelta(hours=1)) == 0


def test_what_went_stale_unseen_was_stale_on_its_day(session: Session, now: datetime) -> None:
    """The worker stood still for a month, and then somebody recorded something."""
    recorded(session, COURTS, 4.0, on=MARCH, at=now)
    stale_on = MARCH + timedelta(days=63)
    later = noon(stale_on + timedelta(days=30))
    recorded(session, RULINGS, 2.0, on=later.date(), at=later)

    before = then_of(session, stale_on - timedelta(days=1), later)
    assert value(session, before, COURTS) == 100.0
    assert value(session, then_of(session, stale_on, later), COURTS) is None
    assert value(session, then_of(session, stale_on, noon(stale_on)), COURTS) is None


def test_a_past_day_stays_as_it_was_known_then(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 1.0, on=FEBRUARY, at=now)
    a_week_later = now + timedelta(days=7)
    recorded(session, COURTS, 4.0, on=FEBRUARY, at=a_week_later, revision=2, reason="an error of coding")

    assert value(session, then_of(session, FEBRUARY, now), COURTS) == 25.0
    assert value(session, then_of(session, FEBRUARY, a_week_later), COURTS) == 100.0
    assert then_of(session, FEBRUARY, now - timedelta(seconds=1)) is None


def test_the_same_answer_again_writes_no_history(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 1.0, on=FEBRUARY, at=now)
    before = session.execute(select(ScoreHistory.day, ScoreHistory.known_at)).all()
    recorded(session, COURTS, 1.0, on=FEBRUARY, at=now + timedelta(days=1), revision=2, reason="the same, better said")

    assert session.execute(select(ScoreHistory.day, ScoreHistory.known_at)).all() == before != []


# ---- each clearance has its own view ---------------------------------------------------------------------------


def test_nobody_sees_in_a_score_what_is_marked_above_their_clearance(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 1.0, on=FEBRUARY, at=now)
    recorded(session, COURTS, 4.0, on=MARCH, at=now, handling=Mark.AMBER)

    assert value(session, now_of(session, clearance=Mark.GREEN), COURTS) == 25.0
    assert value(session, now_of(session, clearance=Mark.AMBER), COURTS) == 100.0
    assert value(session, now_of(session, clearance=Mark.RED), COURTS) == 100.0


def test_before_anything_was_marked_higher_all_saw_the_same(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 1.0, on=FEBRUARY, at=now)
    recorded(session, COURTS, 4.0, on=MARCH, at=now, handling=Mark.AMBER)

    assert value(session, then_of(session, FEBRUARY, now, clearance=Mark.RED), COURTS) == 25.0


def test_a_correction_of_the_open_past_reaches_every_view(session: Session, now: datetime) -> None:
    recorded(session, RULINGS, 4.0, on=MARCH, at=now, handling=Mark.AMBER)
    recorded(session, COURTS, 2.0, on=FEBRUARY, at=now)

    for clearance in (Mark.CLEAR, Mark.RED):
        assert value(session, then_of(session, FEBRUARY, now, clearance=clearance), COURTS) == 50.0
        assert value(session, now_of(session, clearance=clearance), COURTS) == 50.0


def test_who_raises_the_mark_of_an_answer_takes_it_from_the_open_view(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 4.0, on=MARCH, at=now)
    recorded(session, COURTS, 4.0, on=MARCH, at=now, revision=2, handling=Mark.RED, reason="it names a person")

    assert value(session, now_of(session, clearance=Mark.CLEAR), COURTS) is None
    assert value(session, now_of(session, clearance=Mark.RED), COURTS) == 100.0


# ---- everything derived can be made again ----------------------------------------------------------------------


def live_through_something(session: Session, now: datetime) -> datetime:
    """Corrections, withdrawals, marks, silence and a standstill; the moment at which it ends."""
    code_rule_of_law(session, 2.0, on=FEBRUARY, at=now)
    recorded(session, COURTS, 4.0, on=MARCH, at=now + timedelta(hours=1), handling=Mark.RED)
    recorded(session, RULINGS, 3.0, on=FEBRUARY, at=now + timedelta(days=3), revision=2, reason="an error")
    recorded(session, "emergency_powers", None, on=MARCH, at=now + timedelta(days=4))
    recorded(session, COURTS, 1.0, on=date(2025, 11, 30), at=now + timedelta(days=5), iso3="NER")
    days_pass(session, now=now + timedelta(days=30))
    recorded(
        *(session, COURTS, 4.0), on=MARCH, at=now + timedelta(days=40), revision=2, withdrawn=True, reason="unsure"
    )
    end = now + timedelta(days=120)
    days_pass(session, now=end)
    return end


def derived(session: Session) -> list[list[tuple[object, ...]]]:
    """Without the draws: they follow from what is compared."""
    history = select(
        *(ScoreHistory.method_version, ScoreHistory.iso3, ScoreHistory.handling, ScoreHistory.day),
        *(ScoreHistory.known_at, ScoreHistory.record),
    ).order_by(ScoreHistory.iso3, ScoreHistory.handling, ScoreHistory.day, ScoreHistory.known_at)
    today = select(
        *(ScoreNow.iso3, ScoreNow.handling, ScoreNow.day, ScoreNow.record, ScoreNow.changes_on, ScoreNow.trail)
    )
    ordered = today.order_by(ScoreNow.iso3, ScoreNow.handling)
    return [
        [tuple(row) for row in session.execute(history)],
        [tuple(row) for row in session.execute(ordered)],
        standings.everything(session),
    ]


def test_rebuilding_makes_everything_again_as_it_was(session: Session, now: datetime) -> None:
    end = live_through_something(session, now)
    before = derived(session)
    assert all(before)

    assert rebuilt(session, now=end) == 2
    assert derived(session) == before


def test_what_is_derived_is_known_to_be_what_the_evidence_says(session: Session, now: datetime) -> None:
    live_through_something(session, now)

    assert what_is_wrong(session) == []


def test_a_view_that_begins_later_is_what_the_evidence_says(session: Session, now: datetime) -> None:
    recorded(session, COURTS, 1.0, on=FEBRUARY, at=now)
    recorded(session, COURTS, 4.0, on=MARCH, at=now + timedelta(hours=1), handling=Mark.AMBER)

    assert what_is_wrong(session) == []


def test_a_changed_score_is_found_and_mended(session: Session, now: datetime) -> None:
    code_rule_of_law(session, 2.0, on=FEBRUARY, at=now)
    recorded(session, COURTS, 1.0, on=FEBRUARY, at=now, iso3="NER")
    records = {row.iso3: row for row in session.scalars(select(ScoreNow))}
    assert records["MLI"].record != records["NER"].record
    records["MLI"].record = records["NER"].record
    session.flush()

    assert [sentence[:21] for sentence in what_is_wrong(session)] == ["The scores of MLI are"]
    rebuilt(session, now=now)
    assert what_is_wrong(session) == []


def test_a_lost_standing_is_found_and_mended(session: Session, now: datetime) -> None:
    end = live_through_something(session, now)
    session.delete(session.scalars(select(Standing).where(Standing.iso3 == "NER")).one())
    session.flush()

    assert any("standings" in sentence for sentence in what_is_wrong(session))
    rebuilt(session, now=end)
    assert what_is_wrong(session) == []
