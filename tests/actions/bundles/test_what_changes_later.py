"""What is withdrawn, marked higher or told otherwise after a bundle has left."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import factories, importing, situations
from tests.bundles import CORRUPTION, FIGURE, FLAG, MADE_AT, Office, contents, wish
from tracker.access import Role
from tracker.actions.bundles import kept, keys, receiving
from tracker.actions.bundles.withdrawing import take_back
from tracker.bundle import SharedWithdrawal, Unshared
from tracker.coding import CodingAct, CodingState
from tracker.exchange.bundles import new_key, signed, unsealed
from tracker.handling import Mark
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.situation import SituationState, Verdict
from tracker.storage.answering import answering
from tracker.storage.base import Session
from tracker.storage.watching import Source

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PAIR = new_key()
YEAR_END = date(2024, 12, 31)
LATER = MADE_AT + timedelta(minutes=30)


@pytest.fixture
def office(ours: Office) -> Office:
    """That knows whoever signs with PAIR."""
    ours.does(lambda session: keys.add_partner(session, "Desk A", PAIR.public, by=ours.by, now=ours.now))
    return ours


def sent(*observations: Any, **differing: Any) -> bytes:
    return signed(contents(*observations, **differing), PAIR.private)


def record(office: Office, *, mark: Mark = Mark.GREEN, revision: int = 1, **differing: Any) -> None:
    """A figure, or what is said of it later."""
    told: dict[str, Any] = {"value": -0.5, "handling": mark, "note": "CANARYNOTE", "recorded_at": office.now}
    told |= {"revision": revision, "reason": "Read again." if revision > 1 else None} | differing

    def act(session: Session) -> None:
        factories.observation(session, indicator=CORRUPTION, iso3="MLI", on=YEAR_END, **told)

    office.does(act)


def seen_from_others(office: Office) -> list[Any]:
    with office.database.reading() as session:
        return [one.content["verdict"] for one in answering(session, "MLI", Mark.GREEN).statements]


def test_what_was_withdrawn_leaves_as_withdrawn_and_says_no_more_of_it(theirs: Office) -> None:
    record(theirs)
    record(theirs, revision=2, withdrawn=True)
    file = theirs.sends(wish())
    assert b"CANARY" not in file
    said = unsealed(file).contents()
    assert (said.observations, said.withdrawn) == ((), (SharedWithdrawal("MLI", CORRUPTION, YEAR_END, Mark.GREEN),))


def test_what_was_withdrawn_above_the_chosen_mark_stays_behind(theirs: Office) -> None:
    record(theirs)
    record(theirs, revision=2, withdrawn=True, mark=Mark.AMBER)
    assert theirs.look(wish(ceiling=Mark.GREEN)).rows == ()
    assert len(theirs.look(wish(ceiling=Mark.AMBER)).withdrawn) == 1


def test_what_a_partner_withdraws_is_proposed_for_withdrawal_where_it_stands_as_their_word(
    ours: Office, theirs: Office, shift: Shift, now: datetime
) -> None:
    ours.knows(theirs)
    record(theirs)
    ours.takes_in(ours.brings(theirs.sends(wish())))
    work_on_imports(shift)
    # of somebody else, so that what the partner withdraws is not this one
    ours.does(
        lambda session: factories.observation(
            session, indicator=CORRUPTION, iso3="NER", on=YEAR_END, value=1, recorded_at=now
        )
    )
    record(theirs, revision=2, withdrawn=True)
    theirs.does(
        lambda session: factories.observation(
            session,
            indicator=CORRUPTION,
            iso3="NER",
            on=YEAR_END,
            value=1,
            recorded_at=now,
            withdrawn=True,
            reason="An error.",
        )
    )

    number = ours.brings(theirs.sends(wish("MLI", "NER")))

    assert [one.row.country for one in ours.sees(number).withdrawn] == ["MLI"]
    ours.takes_in(number)
    [proposed] = [one for one in importing.codings(ours.database) if one.act is CodingAct.WITHDRAWAL]
    assert (proposed.state, proposed.reason) == (CodingState.SUBMITTED, "Withdrawn by Desk A, whose word it is.")
    # until somebody agrees
    assert importing.standing(ours.database)[("MLI", YEAR_END)] == -0.5


def test_an_older_bundle_is_known_as_one_and_withdraws_nothing(office: Office, shift: Shift) -> None:
    office.takes_in(office.brings(sent(FIGURE, made_at=LATER)))
    work_on_imports(shift)
    gone = SharedWithdrawal("MLI", CORRUPTION, FIGURE.day, Mark.GREEN)
    older, newest = (
        office.sees(office.brings(sent(withdrawn=(gone,), made_at=at)))
        for at in (MADE_AT, LATER + timedelta(minutes=1))
    )
    assert (older.newer, list(older.withdrawn)) == (LATER, [])
    assert (newest.newer, len(newest.withdrawn)) == (None, 1)


@pytest.mark.parametrize("in_order", [True, False])
def test_of_a_flag_the_bundle_counts_that_was_made_last_whenever_it_came(office: Office, in_order: bool) -> None:
    before, after = replace(FLAG, verdict=None), replace(FLAG, verdict=Verdict.DISCARDED, is_open=False)
    files = [sent(flags=(before, before), made_at=MADE_AT), sent(flags=(after,), made_at=LATER)]
    numbers = [office.takes_in(office.brings(file)).id for file in (files if in_order else files[::-1])]
    assert seen_from_others(office) == ["discarded"]
    last = numbers[1 if in_order else 0]
    office.does(lambda session: take_back(session, last, "An error", by=office.by, now=office.now))
    assert seen_from_others(office) == [None, None]


def test_their_own_word_under_a_higher_mark_differs_from_what_stands_here(office: Office, shift: Shift) -> None:
    office.takes_in(office.brings(sent(FIGURE)))
    work_on_imports(shift)
    for mark, differs in ((Mark.CLEAR, False), (Mark.AMBER, True)):
        seen = office.sees(office.brings(sent(replace(FIGURE, mark=mark))))
        assert bool(seen.different) is differs, mark


def test_a_bundle_leaves_no_more_once_a_mark_forbids_it(theirs: Office, now: datetime) -> None:
    record(theirs)
    theirs.sends(wish(ceiling=Mark.GREEN))

    def again(by: Office) -> kept.AsItLeft:
        with by.database.reading() as session:
            row = kept.visible(session, 1, by.by).bundle
            assert kept.file_to_send(session, row, by.by)
            return kept.as_it_left(session, row, by.by)

    assert len(again(theirs).shown) == 1
    record(theirs, revision=2, withdrawn=True)
    assert again(theirs).withdrawn == 1

    record(theirs, revision=3, mark=Mark.RED)
    with pytest.raises(kept.MarkedHigherSince):
        again(theirs)
    red = Office.of(theirs.database, now, clearance=Mark.RED)
    for reader, shown in ((theirs, 0), (red, 1)):
        with reader.database.reading() as session:
            row = kept.visible(session, 1, reader.by).bundle
            assert len(kept.as_it_left(session, row, reader.by).shown) == shown


def test_what_a_partner_handed_over_under_amber_is_theirs_to_pass_on(office: Office, shift: Shift) -> None:
    green = replace(FIGURE, day=date(2023, 12, 31))
    office.takes_in(office.brings(sent(replace(FIGURE, mark=Mark.AMBER), green)))
    work_on_imports(shift)
    found = office.look(wish(ceiling=Mark.AMBER))
    assert [one.day for one in found.observations] == [green.day]
    assert found.behind[Unshared.OF_A_PARTNER].total() == 1


def test_a_partner_is_the_source_however_its_name_is_capitalised(ours: Office) -> None:
    """Also in letters that the database does not take for one another."""
    record(ours, mark=Mark.AMBER, source_name="réseau d’alerte de l’été")
    # an analyst named it, and it publishes nothing
    ours.does(lambda session: session.query(Source).update({"publisher": ""}))
    amber = wish(ceiling=Mark.AMBER)
    assert len(ours.look(amber).observations) == 1
    ours.does(
        lambda session: keys.add_partner(session, "Réseau d’alerte de l’Été", PAIR.public, by=ours.by, now=ours.now)
    )
    assert ours.look(amber).rows == ()


def test_a_note_that_names_a_source_not_for_attribution_stays_behind(theirs: Office) -> None:
    hidden: dict[str, Any] = {"attributable": False, "source_name": "Brother Anselm"}
    record(theirs, note="As BROTHER ANSELM saw it.", **hidden)
    record(theirs, note="As somebody saw it.", revision=2, **hidden)
    assert [one.note for one in theirs.look(wish()).observations] == ["As somebody saw it."]
    record(theirs, note="As BROTHER ANSELM saw it.", revision=3, **hidden)
    assert [one.note for one in theirs.look(wish()).observations] == [None]


def test_a_verdict_on_what_was_known_above_the_mark_alone_stays_behind(theirs: Office, now: datetime) -> None:
    def judged(session: Session, subject: str, mark: Mark) -> None:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        flag, situation = situations.raised(session, handling=mark, subject=subject, now=now - timedelta(days=2))
        desk = situations.Desk(session, by, now - timedelta(days=1))
        if situation.state is SituationState.NEW:
            desk.move(situation, SituationState.VERIFYING)
        desk.judge(flag)
        situations.said(session, flag, handling=Mark.GREEN, now=now)

    def act(session: Session) -> None:
        judged(session, "rule_of_law", Mark.GREEN)
        judged(session, "human_rights", Mark.RED)

    theirs.does(act)
    found = {one.subject: one.verdict for one in theirs.look(wish()).flags}
    assert found == {"rule_of_law": Verdict.CONFIRMED, "human_rights": None}


def test_nothing_that_a_stranger_wrote_is_read(office: Office) -> None:
    file = b'{"bundle":[[[,"public_key":"' + b"0" * 64 + b'","signature":"' + b"0" * 128 + b'"}\n'
    with pytest.raises(receiving.UnknownPartner):
        office.brings(file)


def test_whoever_takes_in_more_countries_takes_in_what_was_brought(office: Office, now: datetime) -> None:
    narrow = Office.of(office.database, now, countries=["MLI"])
    number = narrow.brings(sent(FIGURE, replace(FIGURE, country="NER")))
    assert [one.country for one in office.sees(number).new] == ["MLI"]


@pytest.mark.parametrize(
    ("publisher", "partner"), [("A Statistical Office", "a statistical office"), ("École d’Été", "École d’Été")]
)
def test_no_partner_is_called_as_a_publisher_is(office: Office, publisher: str, partner: str) -> None:
    office.does(lambda session: factories.source(session, name=publisher))
    with pytest.raises(keys.NameOfAPublisher):
        office.does(lambda session: keys.add_partner(session, partner, new_key().public, by=office.by, now=office.now))
