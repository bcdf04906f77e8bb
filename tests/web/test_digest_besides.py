"""Steps that became overdue, days to come, scores that moved or were lost, answers that fell due: each told once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.dashboards import scored
from tests.situations import Desk, raised, somebody
from tests.web.digests import (
    DAY,
    WEEK,
    certain,
    reader_of,
)
from tracker.access import Role
from tracker.actions.concluding import let_time_pass
from tracker.actions.methods import editing, switching
from tracker.actions.occasions import enter, write_in
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.jobs.job import Shift
from tracker.jobs.new_method import bring_into_force
from tracker.method import voice_key
from tracker.occasion import Draft, OccasionKind
from tracker.settings import Settings
from tracker.situation import SituationState
from tracker.storage import methods, scores, standings
from tracker.storage.base import Database, Session
from tracker.storage.catalogue import all_indicators
from tracker.storage.conclusions import Situation
from tracker.subscription import Interest

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


def test_a_step_is_told_once_when_it_becomes_overdue(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        _, situation = raised(session, now=now - 2 * DAY)
        situation.due_on = now.date()
    assert reader.gathered(now).late == []

    [late] = reader.gathered(now + DAY).late

    assert late.situation.id == situation.id
    after = reader.gathered(now + 2 * DAY)
    assert (after.late, after.late_before) == ([], 1)


def test_another_step_of_the_same_situation_is_told_again(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        _, situation = raised(session, now=now - WEEK + HOUR)
        number = situation.id
    assert len(reader.gathered(now).late) == 1
    with database.writing() as session:
        desk = Desk(session, somebody(session, Role.REVIEWER, now=now), now)
        desk.move(session.get_one(Situation, number), SituationState.VERIFYING)
    assert reader.gathered(now + DAY).late == []
    assert len(reader.gathered(now + 8 * DAY).late) == 1


def test_a_day_to_come_is_news_once_and_told_until_it_is_over(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK, also_when_nothing_is_new=False)
    with database.writing() as session:
        by = somebody(session, Role.REVIEWER, now=now)
        for days in (14, 15):
            day = now.date() + days * DAY
            enter(session, "MLI", OccasionKind.SESSION, f"In {days} days", day, handling=Mark.CLEAR, by=by, now=now)

    first, second = reader.gathered(now), reader.gathered(now + HOUR)

    assert [(one.name, one in first.days.news) for one in first.days.coming] == [("In 14 days", True)]
    assert [(one.name, one in second.days.news) for one in second.days.coming] == [("In 14 days", False)]
    assert (first.is_news, second.is_news) == (True, False)
    assert [one in third.days.news for third in [reader.gathered(now + DAY)] for one in third.days.coming] == [
        False,
        True,
    ]
    assert [one.name for one in reader.gathered(now + 15 * DAY).days.coming] == ["In 15 days"]


def test_a_day_of_a_group_is_told_of_its_members_and_one_of_the_world_to_everybody(
    app: Flask, database: Database, now: datetime
) -> None:
    of_mali, of_france = (
        reader_of(app, database, since=now - WEEK, interest=Interest(countries=frozenset({iso3})))
        for iso3 in ("MLI", "FRA")
    )
    day = now.date() + DAY
    with database.writing() as session:
        by = somebody(session, Role.REVIEWER, now=now)
        for name, group in (("Of members", "african_union"), ("Of the world", None)):
            draft = Draft(OccasionKind.SESSION, name, day, iso3=None, group_key=group)
            write_in(session, draft, handling=Mark.CLEAR, by=by, now=now)

    told = [sorted(one.name for one in reader.gathered(now).days.coming) for reader in (of_mali, of_france)]

    assert told == [["Of members", "Of the world"], ["Of the world"]]


def test_a_score_that_moved_beyond_its_interval_is_told_and_one_within_is_not(
    app: Flask, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 40, "NER": 40}, at=now - 10 * DAY)
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        certain(session, "MLI", 80, now - DAY)
        scored(session, {"NER": 45}, at=now - DAY, on=date(2026, 1, 31))

    [move] = reader.gathered(now).moves

    assert (move.iso3, move.node, round(move.before), move.now.low is not None) == ("MLI", "rule_of_law", 40, True)
    assert move.now.low is not None
    assert move.now.low > move.before
    assert reader.gathered(now + HOUR).moves == []


def test_a_score_that_drifts_is_told_once_it_has_come_to_a_move_from_what_was_told_last(
    app: Flask, database: Database, now: datetime
) -> None:
    """One point a day is within every interval; what it adds up to is not. It falls, so that no flag speaks of it."""
    with database.writing() as session:
        certain(session, "MLI", 40, now - DAY)
    reader, told = reader_of(app, database, since=now), list[tuple[int, float, float]]()
    beginning = reader.gathered(now).scores.standing("MLI", "rule_of_law")
    for days in range(1, 16):
        with database.writing() as session:
            certain(session, "MLI", 40 - days, now + days * DAY - HOUR)
        moves = reader.gathered(now + days * DAY).moves
        told += [(days, one.before, one.now.score or 0.0) for one in moves if one.node == "rule_of_law"]

    assert len(told) >= 2
    assert told[0][0] > 1, "a point alone is no move"
    assert beginning is not None
    ends = [beginning.score or 0.0, *(now_is for _, _, now_is in told)]
    assert [was for _, was, _ in told] == pytest.approx(ends[:-1], abs=0.01), "from where the last one was told to be"


def test_another_method_looks_like_no_change_of_a_country(
    app: Flask, database: Database, settings: Settings, now: datetime
) -> None:
    """What moved is told by the new one for both times: by the old one, Mali would have moved as well."""
    since, switched, later = now + HOUR, now + 2 * DAY, now + WEEK
    with database.writing() as session:
        for iso3 in ("MLI", "NER"):
            certain(session, iso3, 80, now, coded=25)
    reader = reader_of(app, database, since=since)
    with database.reading() as session:
        before = _rule_of_law(session)["MLI"]
    coded, published = (voice_key("rule_of_law", voice) for voice in (Voice.CODED, Voice.PUBLISHED))
    with database.writing() as session:
        by, shown = somebody(session, Role.METHODOLOGIST, now=now).person_id, editing.shown_of_method(session)
        weights = {("rule_of_law", coded): 0.9, ("rule_of_law", published): 0.1}
        number = editing.save_method(session, weights, {}, "Tried.", shown=shown, by=by, now=switched).number
        switching.switch_on_method(session, number, shown=1, by=by, now=switched)
    bring_into_force(Shift(settings, database, clock=lambda: switched, stopping=lambda: False))
    with database.writing() as session:
        certain(session, "NER", 90, later, coded=100)

    digest = reader.gathered(later)

    assert digest.scores.is_other_method
    assert digest.scores.method is not None
    assert digest.scores.method[0] == number
    then, one = digest.scores.then["MLI"], digest.scores.standing("MLI", "rule_of_law")
    assert one is not None
    assert one.high is not None
    assert before > one.high, "the method alone moved it"
    assert float(then.values[digest.scores.method[1].tree.positions["rule_of_law"]]) == one.score
    assert [(move.iso3, move.before) for move in digest.moves] == [("NER", one.score)]
    assert not reader.gathered(later + HOUR).scores.is_other_method


def _rule_of_law(session: Session) -> dict[str, float]:
    found = methods.in_force(session)
    assert found is not None
    place = found[1].tree.positions["rule_of_law"]
    seen = scores.now(session, found[0], found[1].tree, Mark.RED)
    return {iso3: float(one.scores.values[place]) for iso3, one in seen.items()}


def test_a_score_that_was_lost_is_told_once_and_the_whole_first(app: Flask, database: Database, now: datetime) -> None:
    goes_stale_on = now.date() - DAY
    with database.writing() as session:
        scored(session, {"MLI": 50}, at=now - 10 * DAY, on=goes_stale_on - 1097 * DAY)
        scored(session, {"NER": 50}, at=now - 10 * DAY, on=goes_stale_on - 1090 * DAY)
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        for iso3 in ("MLI", "NER"):
            let_time_pass(session, iso3, now=now)

    [lost] = reader.gathered(now).lost

    assert (lost.iso3, lost.nodes[0], "rule_of_law" in lost.nodes) == ("MLI", "risk", True)
    assert reader.gathered(now + HOUR).lost == []


def test_answers_that_fell_due_are_counted_and_news_to_whoever_may_give_them(
    app: Flask, database: Database, now: datetime
) -> None:
    analyst = reader_of(app, database, since=now - WEEK, roles=[Role.ANALYST])
    reader = reader_of(app, database, since=now - WEEK)
    fresh_for = timedelta(days=_fresh_for(database, "militias"))
    # the last day of freshness is two weeks ahead; a week ago another one's was
    for iso3, days in (("MLI", 13), ("NER", 6), ("TCD", 14)):
        with database.writing() as session:
            on = now.date() + days * DAY - fresh_for
            factories.observation(session, indicator="militias", iso3=iso3, on=on, value=2, recorded_at=now - 30 * DAY)
            standings.renew_all(session)

    found = [one.gathered(now) for one in (analyst, reader)]

    assert [one.due.countries for one in found] == [{"MLI": 1}, {"MLI": 1}]
    assert [one.is_news for one in found] == [True, False]
    assert analyst.gathered(now + HOUR).due.number == 0


def _fresh_for(database: Database, key: str) -> int:
    with database.reading() as session:
        return next(one.fresh_for_days for one in all_indicators(session) if one.key == key)


def test_observations_are_counted_that_were_recorded_since_and_may_be_seen(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - DAY, countries=["MLI", "NER"], clearance=Mark.GREEN)
    usual: dict[str, Any] = {"indicator": "militias", "iso3": "MLI", "value": 1, "recorded_at": now}
    two_count: list[dict[str, Any]] = [{}, {"handling": Mark.GREEN, "iso3": "NER"}]
    none_counts: list[dict[str, Any]] = [{"recorded_at": now - 2 * DAY}, {"handling": Mark.AMBER}, {"iso3": "TCD"}]
    with database.writing() as session:
        for days, differing in enumerate(two_count + none_counts):
            factories.observation(session, on=now.date() - days * DAY, **(usual | differing))
        # an older revision does not show through one that they may not see
        usual |= {"indicator": "independence_of_courts", "on": now.date()}
        factories.observation(session, **usual)
        factories.observation(session, revision=2, handling=Mark.RED, **usual)

    assert reader.gathered(now).observations == 2
