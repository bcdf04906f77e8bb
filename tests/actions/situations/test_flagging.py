"""Flags that people raise themselves."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests import situations
from tests.at_once import at_once
from tests.situations import Desk, somebody
from tracker.access import Principal, Role
from tracker.actions.situations.flagging import clear_flag, raise_flag
from tracker.actions.situations.judging import FlagOver, NoSuchFlag
from tracker.actions.situations.keeping import MarkTooHigh
from tracker.flag import Change
from tracker.handling import Mark
from tracker.refusal import NotThere
from tracker.rule import Severity
from tracker.situation import WordsMissing
from tracker.storage import flags
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Flag, FlagEvent, Situation
from tracker.storage.running import AuditEntry


def raise_one(session: Session, by: Principal, now: datetime, **differing: Any) -> Situation:
    usual: dict[str, Any] = {"iso3": "MLI", "words": "A curfew.", "severity": Severity.WARNING, "handling": Mark.GREEN}
    return raise_flag(session, by=by, now=now, **(usual | differing))


def test_a_persons_flag_gathers_like_any_other(session: Session, ana: Principal, now: datetime) -> None:
    _, situation = situations.raised(session, handling=Mark.AMBER, now=now)

    joined = raise_one(session, ana, now)

    assert joined is situation
    assert situation.handling == Mark.GREEN
    [one] = [one for one in flags.in_situation(session, situation.id, Mark.GREEN) if one.is_manual]
    assert (one.flag.raised_by, one.severity, one.said.handling) == (ana.person_id, Severity.WARNING, Mark.GREEN)
    assert one.said.explanation["values"] == {"words": "A curfew."}


def test_peoples_flags_are_numbered_in_each_country(session: Session, ana: Principal, now: datetime) -> None:
    for iso3 in ("MLI", "MLI", "NER"):
        raise_one(session, ana, now, iso3=iso3)

    query = select(Flag.iso3, Flag.subject).order_by(Flag.id)
    assert [tuple(row) for row in session.execute(query)] == [("MLI", "1"), ("MLI", "2"), ("NER", "1")]


def test_two_who_raise_a_flag_at_once_both_do(database: Database, now: datetime) -> None:
    with database.writing() as session:
        two = [somebody(session, Role.ANALYST, now=now) for _ in range(2)]

    def raise_mine(which: int) -> int:
        with database.writing() as session:
            return raise_one(session, two[which], now).id

    assert len(set(at_once(2, raise_mine))) == 1
    with database.reading() as session:
        assert sorted(session.scalars(select(Flag.subject))) == ["1", "2"]


def test_it_needs_a_reason_and_a_mark_that_its_author_may_see(session: Session, ana: Principal, now: datetime) -> None:
    low = somebody(session, Role.ANALYST, clearance=Mark.GREEN, now=now)

    with pytest.raises(WordsMissing):
        raise_one(session, ana, now, words="")
    with pytest.raises(MarkTooHigh):
        raise_one(session, low, now, handling=Mark.AMBER)
    raise_one(session, low, now, handling=Mark.GREEN)


def test_it_is_about_a_country_that_its_author_works_on(session: Session, now: datetime) -> None:
    by = somebody(session, Role.ANALYST, countries=["MLI"], now=now)

    with pytest.raises(NotThere):
        raise_one(session, by, now, iso3="NER")
    with pytest.raises(NotThere):
        raise_one(session, somebody(session, Role.ANALYST, now=now), now, iso3="QQQ")
    raise_one(session, by, now)


def test_whoever_raised_it_clears_it_with_a_reason(session: Session, ana: Principal, now: datetime) -> None:
    situation = raise_one(session, ana, now)
    [one] = flags.in_situation(session, situation.id, Mark.RED)
    with pytest.raises(WordsMissing):
        clear_flag(session, situation.id, one.flag.id, " ", by=ana, now=now)

    clear_flag(session, situation.id, one.flag.id, "It was lifted.", by=ana, now=now)

    [cleared] = flags.in_situation(session, situation.id, Mark.GREEN)
    assert (cleared.is_open, cleared.said.kind, cleared.flag.closed_at) == (False, Change.CLEARED, now)
    with pytest.raises(FlagOver):
        clear_flag(session, situation.id, one.flag.id, "Again.", by=ana, now=now)


def test_a_reviewer_clears_it_too_and_another_analyst_does_not(
    session: Session, ana: Principal, rita: Principal, now: datetime
) -> None:
    situation, other = raise_one(session, ana, now), somebody(session, Role.ANALYST, now=now)
    [one] = flags.in_situation(session, situation.id, Mark.RED)

    with pytest.raises(NoSuchFlag):
        clear_flag(session, situation.id, one.flag.id, "No.", by=other, now=now)
    clear_flag(session, situation.id, one.flag.id, "It is over.", by=rita, now=now)


def test_what_a_rule_raised_nobody_clears_by_hand(session: Session, rita: Principal, now: datetime) -> None:
    flag, situation = situations.raised(session, now=now)

    with pytest.raises(NoSuchFlag):
        clear_flag(session, situation.id, flag.id, "No.", by=rita, now=now)


def test_raising_and_clearing_stand_in_the_audit_log_without_their_words(
    session: Session, ana: Principal, now: datetime
) -> None:
    situation = raise_one(session, ana, now, words="CANARY")
    [one] = flags.in_situation(session, situation.id, Mark.RED)
    clear_flag(session, situation.id, one.flag.id, "CANARY", by=ana, now=now)

    entries = list(session.scalars(select(AuditEntry).where(AuditEntry.subject == f"situation {situation.id}: MLI")))

    assert {"flag raised", "flag cleared"} <= {entry.action for entry in entries}
    assert "CANARY" not in str([(entry.before, entry.after, entry.reason) for entry in entries])


def test_what_a_person_says_names_no_rule_and_no_method(session: Session, ana: Principal, now: datetime) -> None:
    raise_one(session, ana, now)

    event = session.scalars(select(FlagEvent)).one()
    assert (event.rule_version, event.method_version) == (None, None)


def test_a_persons_flag_is_judged_like_any_other(session: Session, desk: Desk, ana: Principal, now: datetime) -> None:
    situation = raise_one(session, ana, now)
    [one] = flags.in_situation(session, situation.id, Mark.RED)
    desk.bring(one.flag, situation, list(type(situation.state))[2])

    assert not one.is_waiting
