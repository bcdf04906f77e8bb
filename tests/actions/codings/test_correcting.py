"""Corrections and withdrawals of accepted observations: proposed by one, accepted by another, never overwritten."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tracker.access import Principal, Role
from tracker.actions.codings import correcting, reviewing, writing
from tracker.actions.codings.correcting import NoSuchObservation, NotInOrder, WaitsAlready, WithdrawnAlready
from tracker.answer import Answer, Field
from tracker.coding import CodingAct, CodingState
from tracker.handling import Mark
from tracker.observation import Difference, differences
from tracker.refusal import NotThere, OutOfTurn
from tracker.storage import catalogue, codings, measured_countries, observations, revisions
from tracker.storage.admitting import Person
from tracker.storage.base import RowRefused, Session, is_taken
from tracker.storage.principals import principal_of
from tracker.storage.recording import Coding
from tracker.storage.revisions import Observed
from tracker.storage.running import AuditEntry

COURTS, PUBLISHED = "independence_of_courts", "wgi_rule_of_law"
DAY, TODAY = date(2026, 2, 28), date(2026, 3, 16)


def somebody(session: Session, now: datetime, *roles: Role, clearance: Mark = Mark.GREEN) -> Principal:
    person = factories.person(session, roles=roles or [Role.ANALYST], clearance=clearance, created_at=now)
    return principal_of(session, person)


@pytest.fixture
def ana(session: Session, now: datetime) -> Principal:
    return somebody(session, now)


@pytest.fixture
def rita(session: Session, now: datetime) -> Principal:
    return somebody(session, now, Role.REVIEWER)


def observe(session: Session, now: datetime, value: float | None = 2, **differing: Any) -> Observed:
    usual: dict[str, Any] = {"indicator": COURTS, "iso3": "MLI", "on": DAY, "recorded_at": now}
    made = factories.observation(session, value=value, **(usual | differing))
    return Observed(made.iso3, made.indicator_id, made.observed_on)


def correction(session: Session, observed: Observed, by: Principal, **differing: Any) -> Answer:
    """The form as it opens, with what is changed in it."""
    history = correcting.newest_seen(session, observed, by)
    answer = correcting.answer_before(session, history, by)
    return replace(answer, **({"reason": "A slip of the pen."} | differing))


def propose(session: Session, observed: Observed, by: Principal, now: datetime, **differing: Any) -> Coding:
    based_on = revisions.revisions(session, observed)[0].number
    answer = correction(session, observed, by, **differing)
    return correcting.correct(session, observed, answer, based_on=based_on, by=by, now=now)


def accept(session: Session, coding: Coding, by: Principal, now: datetime) -> None:
    reviewing.accept(session, [coding.id], by=by, now=now)
    session.flush()


def standing(session: Session, clearance: Mark = Mark.RED) -> list[float]:
    return [seen.value for seen in observations.of_country(session, "MLI", clearance, on=TODAY)]


def fields(error: pytest.ExceptionInfo[NotInOrder]) -> list[Field]:
    return [trouble.field for trouble in error.value.troubles]


def test_a_correction_counts_only_once_a_second_person_accepted_it(
    session: Session, ana: Principal, rita: Principal, now: datetime
) -> None:
    observed = observe(session, now)

    coding = propose(session, observed, ana, now, typed="3", note="Read again.", handling=Mark.GREEN)
    assert (coding.act, coding.state, coding.based_on) == (CodingAct.CORRECTION, CodingState.SUBMITTED, 1)
    assert (coding.observed_on, coding.cell.period) == (DAY, DAY)
    assert standing(session) == [2]
    accept(session, coding, rita, now)

    assert standing(session) == [3]
    newest, first = revisions.revisions(session, observed)
    assert (newest.number, newest.reason, newest.recorded_by_id) == (2, "A slip of the pen.", ana.person_id)
    assert newest.accepted_by_id == rita.person_id
    told = [Difference.VALUE, Difference.MARK, Difference.NOTE]
    assert differences(first.said, newest.said) == told
    assert newest.source_id == first.source_id, "the source that was not changed is the same one"


def test_nobody_accepts_their_own_correction(session: Session, now: datetime) -> None:
    both = somebody(session, now, Role.ANALYST, Role.REVIEWER)
    coding = propose(session, observe(session, now), both, now, typed="3")

    with pytest.raises(reviewing.OwnWork):
        accept(session, coding, both, now)


def test_a_correction_needs_a_reason_and_a_difference(session: Session, ana: Principal, now: datetime) -> None:
    observed = observe(session, now)

    with pytest.raises(NotInOrder) as without_reason:
        propose(session, observed, ana, now, typed="3", reason=" ")
    with pytest.raises(NotInOrder) as without_difference:
        propose(session, observed, ana, now)

    assert fields(without_reason) == [Field.REASON]
    assert fields(without_difference) == [Field.VALUE]


@pytest.mark.parametrize(
    ("differing", "field"),
    [
        ({"typed": "9"}, Field.VALUE),
        ({"typed": ""}, Field.VALUE),
        ({"grade": "Z9"}, Field.GRADE),
        ({"evidence_url": "javascript:alert(1)"}, Field.EVIDENCE),
        ({"handling": Mark.AMBER}, Field.HANDLING),
        ({"note": "x" * 4001}, Field.NOTE),
    ],
)
def test_a_correction_keeps_to_the_rules_of_every_answer(
    session: Session, ana: Principal, now: datetime, differing: dict[str, Any], field: Field
) -> None:
    with pytest.raises(NotInOrder) as refused:
        propose(session, observe(session, now), ana, now, **({"typed": "3"} | differing))

    assert fields(refused) == [field]


def test_a_published_value_can_be_corrected_and_keeps_the_publishers_error_only_with_its_value(
    session: Session, ana: Principal, rita: Principal, now: datetime
) -> None:
    observed = observe(session, now, -1.25, indicator=PUBLISHED, standard_error=0.2)

    accept(session, propose(session, observed, ana, now, note="As the publisher says."), rita, now)
    assert revisions.revisions(session, observed)[0].standard_error == 0.2
    accept(session, propose(session, observed, ana, now, typed="-1.5"), rita, now)

    assert [one.standard_error for one in revisions.revisions(session, observed)] == [None, 0.2, 0.2]


def test_a_withdrawn_observation_counts_nowhere_and_can_be_restored(
    session: Session, ana: Principal, rita: Principal, now: datetime
) -> None:
    observed = observe(session, now)

    coding = correcting.withdraw(session, observed, "It was another country.", based_on=1, by=ana, now=now)
    assert standing(session) == [2]
    accept(session, coding, rita, now)
    assert standing(session) == []
    assert measured_countries.measures_with_evidence(session, Mark.RED) == set()
    with pytest.raises(WithdrawnAlready):
        correcting.withdraw(session, observed, "Again.", based_on=2, by=ana, now=now)
    accept(session, propose(session, observed, ana, now), rita, now)

    assert standing(session) == [2]
    third, second, _ = revisions.revisions(session, observed)
    assert differences(second.said, third.said) == [Difference.RESTORED]


def test_a_withdrawal_needs_a_reason(session: Session, ana: Principal, now: datetime) -> None:
    observed = observe(session, now)

    for reason in ("", " \n", "x" * 4001):
        with pytest.raises(NotInOrder) as refused:
            correcting.withdraw(session, observed, reason, based_on=1, by=ana, now=now)
        assert fields(refused) == [Field.REASON]


def test_a_correction_of_what_was_changed_meanwhile_is_refused_and_can_be_returned(
    session: Session, ana: Principal, rita: Principal, now: datetime
) -> None:
    observed, ben = observe(session, now), somebody(session, now)
    of_ana, of_ben = (propose(session, observed, by, now, typed=typed) for by, typed in ((ana, "3"), (ben, "1")))
    accept(session, of_ana, rita, now)

    with pytest.raises(reviewing.ObservationChanged, match="2026-02-28 was changed after this was proposed"):
        accept(session, of_ben, rita, now)
    reviewing.send_back(session, [of_ben.id], "Look again.", by=rita, now=now)
    assert of_ben.state is CodingState.RETURNED
    again = propose(session, observed, ben, now, typed="1")
    accept(session, again, rita, now)

    assert again.id == of_ben.id
    assert [one.said.value for one in revisions.revisions(session, observed)] == [1, 3, 2]


def test_a_form_opened_before_another_correction_was_accepted_is_refused(
    session: Session, ana: Principal, rita: Principal, now: datetime
) -> None:
    observed = observe(session, now)
    typed_before = correction(session, observed, ana, typed="1")
    accept(session, propose(session, observed, somebody(session, now), now, typed="3"), rita, now)

    with pytest.raises(reviewing.ObservationChanged):
        correcting.correct(session, observed, typed_before, based_on=1, by=ana, now=now)


def test_an_analyst_has_one_proposal_at_a_time_and_may_take_it_back(
    session: Session, ana: Principal, now: datetime
) -> None:
    observed = observe(session, now)
    propose(session, observed, ana, now, typed="3")

    with pytest.raises(WaitsAlready):
        correcting.withdraw(session, observed, "Wrong altogether.", based_on=1, by=ana, now=now)
    correcting.give_up(session, observed, by=ana, now=now)
    with pytest.raises(OutOfTurn):
        correcting.give_up(session, observed, by=ana, now=now)
    correcting.withdraw(session, observed, "Wrong altogether.", based_on=1, by=ana, now=now)

    query = select(AuditEntry.action).where(AuditEntry.by_id == ana.person_id).order_by(AuditEntry.number)
    assert list(session.scalars(query)) == ["correction proposed", "correction taken back", "withdrawal proposed"]


@pytest.mark.parametrize("differing", [{"handling": Mark.AMBER}, {"iso3": "NER"}])
def test_what_somebody_may_not_see_does_not_exist_for_them(
    session: Session, now: datetime, differing: dict[str, Any]
) -> None:
    person = factories.person(session, roles=[Role.ANALYST], countries=["MLI"], created_at=now)
    observed = observe(session, now, **differing)

    with pytest.raises(NoSuchObservation):
        correcting.withdraw(session, observed, "Why not?", based_on=1, by=principal_of(session, person), now=now)


def test_a_proposal_to_lower_a_mark_is_seen_by_those_alone_who_may_see_the_observation(
    session: Session, rita: Principal, now: datetime
) -> None:
    cleared = somebody(session, now, clearance=Mark.RED)
    coding = propose(session, observe(session, now, handling=Mark.RED), cleared, now, handling=Mark.CLEAR)

    assert codings.how_many_submitted(session, None, Mark.GREEN) == 0
    assert codings.waiting_longest(session, None, Mark.GREEN, iso3=None, cells=9) == []
    assert codings.how_many_submitted(session, None, Mark.RED) == 1
    with pytest.raises(NotThere):
        accept(session, coding, rita, now)
    accept(session, coding, somebody(session, now, Role.REVIEWER, clearance=Mark.RED), now)
    assert standing(session, Mark.GREEN) == [2]


# ---- whose word may not be told ----


@pytest.fixture
def witness(session: Session, now: datetime) -> Person:
    return factories.person(session, roles=[Role.ANALYST], created_at=now)


def said_by_a_witness(session: Session, now: datetime, witness: Person) -> Observed:
    link = "https://example.org/who"
    return observe(session, now, by=witness, source_name="A witness", attributable=False, evidence_url=link)


def test_the_source_is_told_to_its_author_alone_and_kept_by_everybody_else(
    session: Session, ana: Principal, rita: Principal, witness: Person, now: datetime
) -> None:
    observed = said_by_a_witness(session, now, witness)
    history = correcting.newest_seen(session, observed, ana)

    for_ana = correcting.answer_before(session, history, ana)
    for_witness = correcting.answer_before(session, history, principal_of(session, witness))
    assert (for_ana.source, for_ana.evidence_url) == ("", "")
    assert (for_witness.source, for_witness.evidence_url) == ("A witness", "https://example.org/who")
    accept(session, propose(session, observed, ana, now, typed="3"), rita, now)

    newest, first = revisions.revisions(session, observed)
    assert (newest.source_id, newest.said.source) == (first.source_id, None)
    assert newest.said.evidence_url == "https://example.org/who"
    after = correcting.newest_seen(session, observed, ana)
    assert correcting.answer_before(session, after, ana).source == "", "nor does a correction tell it to its author"


def test_a_source_is_not_released_by_somebody_who_does_not_know_it(
    session: Session, ana: Principal, witness: Person, now: datetime
) -> None:
    observed = said_by_a_witness(session, now, witness)

    with pytest.raises(NotInOrder) as refused:
        propose(session, observed, ana, now, attributable=True)
    assert fields(refused) == [Field.SOURCE]
    released = propose(session, observed, principal_of(session, witness), now, attributable=True)
    assert released.state is CodingState.SUBMITTED


def test_a_source_that_must_no_longer_be_told_is_told_of_no_earlier_revision(
    session: Session, ana: Principal, rita: Principal, now: datetime
) -> None:
    observed = observe(session, now, source_name="A witness")
    assert revisions.revisions(session, observed)[0].said.source == "A witness"

    accept(session, propose(session, observed, ana, now, attributable=False), rita, now)

    assert [one.said.source for one in revisions.revisions(session, observed)] == [None, None]


def test_a_proposal_tells_its_differences_but_no_source_that_may_not_be_told(
    session: Session, ana: Principal, witness: Person, now: datetime
) -> None:
    observed = said_by_a_witness(session, now, witness)
    guess = propose(session, observed, ana, now, source="a  witness")
    history = revisions.revisions(session, observed)
    base = history[0]

    proposed = correcting.statement_of(guess, history)

    assert Difference.SOURCE in differences(base.said, proposed), "a guess is not confirmed"
    assert proposed.source is None


# ---- what a reviewer has not seen ----


def test_a_revision_that_came_in_while_a_correction_was_being_accepted_is_not_passed_over(
    session: Session, ana: Principal, rita: Principal, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key refuses the second one of that number."""
    observed = observe(session, now)
    coding = propose(session, observed, ana, now, typed="3")
    checked = reviewing._batch

    def and_meanwhile(*arguments: Any, **named: Any) -> int:
        observe(session, now, 4, revision=2)
        return checked(*arguments, **named)

    monkeypatch.setattr(reviewing, "_batch", and_meanwhile)

    with pytest.raises(RowRefused) as refused:
        accept(session, coding, rita, now)
    assert is_taken(refused.value)


def test_an_answer_that_came_in_meanwhile_is_not_set_aside_unseen(
    session: Session, rita: Principal, now: datetime
) -> None:
    first, second = (factories.person(session, roles=[Role.ANALYST], created_at=now) for _ in range(2))
    seen = factories.coding(session, first, indicator=COURTS, value=2, now=now)
    factories.coding(session, second, indicator=COURTS, value=3, now=now)

    with pytest.raises(reviewing.AnotherCameIn):
        reviewing.accept(session, [seen.id], shown={seen.id: seen.cell_version}, by=rita, now=now)


def test_an_answer_that_was_taken_back_and_changed_is_not_accepted_unseen(
    session: Session, rita: Principal, now: datetime
) -> None:
    author = factories.person(session, roles=[Role.ANALYST], created_at=now)
    coding = factories.coding(session, author, indicator=COURTS, value=2, now=now)
    shown = {coding.id: coding.cell_version}
    by = principal_of(session, author)
    writing.take_back(session, [coding.id], by=by, now=now)
    place = codings.Place("MLI", catalogue.indicator_ids(session)[COURTS], DAY)
    writing.save(session, place, replace(writing.answer_of(coding), typed="4"), seen=99, by=by, now=now)
    coding.state, coding.submitted_at = CodingState.SUBMITTED, now

    with pytest.raises(reviewing.SettledAlready):
        reviewing.accept(session, [coding.id], shown=shown, by=rita, now=now)


def test_an_answer_above_a_reviewers_clearance_is_not_theirs_to_set_aside(
    session: Session, rita: Principal, now: datetime
) -> None:
    first, second = (
        factories.person(session, roles=[Role.ANALYST], clearance=Mark.RED, created_at=now) for _ in range(2)
    )
    seen = factories.coding(session, first, indicator=COURTS, value=2, now=now)
    red = factories.coding(session, second, indicator=COURTS, value=4, handling=Mark.RED, now=now)

    accept(session, seen, rita, now)

    assert red.state is CodingState.SUBMITTED
