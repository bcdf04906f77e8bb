"""Telling a closed situation and a case of the past, telling it otherwise, and withdrawing it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.at_once import at_once
from tests.case_studies import TEXTS, a_case, written
from tests.situations import closed, raised, somebody
from tracker.access import Role
from tracker.actions import case_studies as acting
from tracker.actions.case_studies import (
    CaseStudyChanged,
    ElsewhereCase,
    NoSuchCaseStudy,
    NotClosed,
    NotInOrder,
    ToldAlready,
)
from tracker.actions.situations.keeping import MarkTooHigh, MarkTooLow
from tracker.case_study import Case, Part
from tracker.handling import Mark
from tracker.situation import WordsMissing
from tracker.storage import case_studies
from tracker.storage.base import Database, Session

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@ONE_ENGINE
def test_only_a_closed_situation_is_told(session: Session, now: datetime) -> None:
    by = somebody(session, Role.REVIEWER, now=now)
    _flag, open_one = raised(session, now=now)
    told = {"handling": Mark.GREEN, "filled": Mark.GREEN, "by": by, "now": now}
    with pytest.raises(NotClosed):
        acting.tell(session, open_one.id, a_case(now), **told)  # type: ignore[arg-type]
    made = acting.tell(session, closed(session, now=now).id, a_case(now, iso3=None), **told)  # type: ignore[arg-type]
    assert (made.iso3, made.handling, made.situation_id is not None) == ("MLI", Mark.GREEN, True)


@ONE_ENGINE
def test_the_same_sent_twice_is_told_once_and_another_telling_is_out_of_turn(session: Session, now: datetime) -> None:
    by, situation = somebody(session, Role.REVIEWER, now=now), closed(session, now=now)
    told = {"handling": Mark.GREEN, "filled": Mark.GREEN, "by": by, "now": now}
    first = acting.tell(session, situation.id, a_case(now), **told)  # type: ignore[arg-type]
    assert acting.tell(session, situation.id, a_case(now), **told) is first  # type: ignore[arg-type]
    with pytest.raises(ToldAlready):
        acting.tell(session, situation.id, a_case(now, title="Otherwise"), **told)  # type: ignore[arg-type]
    with pytest.raises(ToldAlready):
        acting.tell(session, situation.id, a_case(now), **(told | {"handling": Mark.RED}))  # type: ignore[arg-type]


@ONE_ENGINE
def test_whoever_may_not_see_a_telling_is_not_told_of_it(session: Session, now: datetime) -> None:
    by, situation = somebody(session, Role.REVIEWER, now=now), closed(session, now=now)
    acting.tell(session, situation.id, a_case(now), handling=Mark.RED, filled=Mark.RED, by=by, now=now)
    other = somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now)
    acting.tell(session, situation.id, a_case(now), handling=Mark.GREEN, filled=Mark.GREEN, by=other, now=now)
    assert len(case_studies.of_situation(session, situation.id, Mark.GREEN)) == 1


@ONE_ENGINE
def test_its_mark_is_never_below_what_it_was_filled_with(session: Session, now: datetime) -> None:
    by, situation = somebody(session, Role.REVIEWER, now=now), closed(session, now=now)
    told = {"by": by, "now": now}
    with pytest.raises(MarkTooLow):
        acting.tell(session, situation.id, a_case(now), handling=Mark.GREEN, filled=Mark.AMBER, **told)  # type: ignore[arg-type]
    made = acting.tell(session, situation.id, a_case(now), handling=Mark.AMBER, filled=Mark.AMBER, **told)  # type: ignore[arg-type]
    changed = {"reason": "For more people.", "seen": made.version, "by": by, "now": now}
    with pytest.raises(MarkTooLow):
        acting.change(session, made.id, a_case(now), handling=Mark.GREEN, **changed)  # type: ignore[arg-type]


@ONE_ENGINE
def test_a_mark_above_ones_own_is_refused(session: Session, now: datetime) -> None:
    by = somebody(session, Role.REVIEWER, clearance=Mark.GREEN, now=now)
    written(session, by=by, handling=Mark.GREEN, now=now)
    with pytest.raises(MarkTooHigh):
        written(session, by=by, handling=Mark.AMBER, title="Another", now=now)


@ONE_ENGINE
def test_what_was_learnt_must_be_written(session: Session, now: datetime) -> None:
    with pytest.raises(NotInOrder) as refused:
        written(session, texts={Part.SEEN: "Courts were emptied."}, now=now)
    assert [fault.field for fault in refused.value.found] == ["learnt"]


@ONE_ENGINE
def test_a_case_outside_of_ones_countries_is_neither_written_nor_found(session: Session, now: datetime) -> None:
    by = somebody(session, Role.REVIEWER, countries=["NER"], now=now)
    there = written(session, now=now)
    with pytest.raises(ElsewhereCase):
        written(session, by=by, now=now)
    with pytest.raises(NoSuchCaseStudy):
        acting.withdraw(session, there.id, "Why not.", by=by, now=now)
    past = written(session, iso3=None, place="A kingdom", now=now)
    assert case_studies.listed(session, by.scope, by.clearance) == [past]


@ONE_ENGINE
def test_every_change_is_kept_with_its_reason_and_nothing_changed_is_no_revision(
    session: Session, now: datetime
) -> None:
    by, made = somebody(session, Role.REVIEWER, now=now), written(session, now=now)
    case = Case.read(made.content)
    told = {"handling": Mark.GREEN, "by": by, "now": now}
    acting.change(session, made.id, case, reason="Nothing.", seen=made.version, **told)  # type: ignore[arg-type]
    assert len(case_studies.revisions(session, made.id)) == 1
    other = replace(case, texts={**TEXTS, Part.DONE: "Monitors came."})
    with pytest.raises(WordsMissing):
        acting.change(session, made.id, other, reason=" ", seen=made.version, **told)  # type: ignore[arg-type]


@ONE_ENGINE
def test_a_change_made_with_an_older_version_is_refused(session: Session, now: datetime) -> None:
    by, made = somebody(session, Role.REVIEWER, now=now), written(session, now=now)
    case, version = Case.read(made.content), made.version
    told = {"handling": Mark.GREEN, "seen": version, "by": by, "now": now}
    acting.change(session, made.id, replace(case, title="First"), reason="Better.", **told)  # type: ignore[arg-type]
    with pytest.raises(CaseStudyChanged):
        acting.change(session, made.id, replace(case, title="Second"), reason="Best.", **told)  # type: ignore[arg-type]
    # the same form, sent twice
    acting.change(session, made.id, replace(case, title="First"), reason="Better.", **told)  # type: ignore[arg-type]
    newest, first = case_studies.revisions(session, made.id)
    assert (first.row.number, newest.row.number, newest.row.reason) == (1, 2, "Better.")
    assert (first.said.case.title, newest.said.case.title) == (case.title, "First")


@ONE_ENGINE
def test_what_is_withdrawn_stands_in_no_list_until_it_is_put_back(session: Session, now: datetime) -> None:
    by, made = somebody(session, Role.REVIEWER, now=now), written(session, now=now)
    acting.withdraw(session, made.id, "It names somebody.", by=by, now=now)
    acting.withdraw(session, made.id, "Once more.", by=by, now=now + timedelta(minutes=1))
    assert case_studies.listed(session, None, Mark.RED) == []
    assert case_studies.listed(session, None, Mark.RED, with_withdrawn=True) == [made]
    acting.put_back(session, made.id, "The name is gone.", by=by, now=now)
    assert case_studies.listed(session, None, Mark.RED) == [made]
    told = [(one.row.reason, one.said.is_withdrawn) for one in case_studies.revisions(session, made.id)]
    assert told == [("The name is gone.", False), ("It names somebody.", True), ("", False)]


def test_of_two_who_tell_a_situation_at_once_one_is_told_that_it_is_told(database: Database, now: datetime) -> None:
    with database.writing() as session:
        situation = closed(session, now=now)
        people = [somebody(session, Role.REVIEWER, now=now) for _ in range(2)]

    def tell(number: int) -> int:
        with database.writing() as session:
            told = {"handling": Mark.GREEN, "filled": Mark.GREEN, "by": people[number], "now": now}
            return acting.tell(session, situation.id, a_case(now), **told).id  # type: ignore[arg-type]

    assert sum(isinstance(one, ToldAlready) for one in at_once(2, tell)) == 1
    with database.reading() as session:
        assert len(case_studies.of_situation(session, situation.id, Mark.RED)) == 1
