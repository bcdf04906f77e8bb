"""What one organisation shares arrives equal at another, and what may not leave is not in the file."""

import json
from datetime import date, datetime

from sqlalchemy import select

from tests import factories, importing, situations
from tests.bundles import CORRUPTION, COURTS, EVERYTHING, Office, wish
from tracker.access import Role
from tracker.actions.bundles.withdrawing import take_back
from tracker.actions.situations.flagging import raise_flag
from tracker.bundle import BundlePart, StatementKind
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.rule import Severity
from tracker.situation import SituationAct
from tracker.storage import imports
from tracker.storage.answering import answering
from tracker.storage.base import Session
from tracker.storage.conclusions import SituationEvent
from tracker.storage.recording import ImportState
from tracker.storage.sharing import ReceivedStatement
from tracker.storage.watching import Source

YEAR_END, FEBRUARY = date(2024, 12, 31), date(2026, 2, 28)
SECRETS = ("Canary Red", "canary strict", "Canary Source", "canary-link", "Canary Analyst", "Canary Owner", "TCD")


def a_record(session: Session, now: datetime) -> None:
    """Of each kind something that may leave, and something that may not."""
    analyst = factories.person(session, name="Canary Analyst", created_at=now)
    told = {"recorded_at": now, "by": analyst}
    factories.observation(
        *(session,),
        **told,  # type: ignore[arg-type]
        indicator=CORRUPTION,
        iso3="MLI",
        on=YEAR_END,
        value=-0.5,
        standard_error=0.125,
        handling=Mark.GREEN,
        source_name="The World Bank",
        note="As published,\nin “two” lines; -1",
        evidence_url="https://example.org/figures",
    )
    for month, value, mark, note in ((1, 3.0, Mark.CLEAR, "-a note"), (2, None, Mark.AMBER, "Nobody could tell.")):
        day = date(2026, month, 28)
        factories.observation(
            *(session,),
            **told,  # type: ignore[arg-type]
            indicator=COURTS,
            iso3="MLI",
            on=day,
            value=value,
            handling=mark,
            note=note,
            attributable=False,
            source_name="Canary Source",
            evidence_url="https://example.org/canary-link",
        )
    for iso3, on, mark, note in (
        ("MLI", date(2023, 12, 31), Mark.RED, "Canary Red"),
        ("MLI", date(2022, 12, 31), Mark.AMBER_STRICT, "canary strict"),
        ("TCD", date(2022, 12, 31), Mark.CLEAR, "of another country"),
    ):
        factories.observation(
            *(session,),
            **told,  # type: ignore[arg-type]
            indicator=CORRUPTION,
            iso3=iso3,
            on=on,
            value=0.25,
            handling=mark,
            note=note,
        )
    by = situations.somebody(session, Role.REVIEWER, now=now, name="Canary Owner")
    situations.case(session, handling=Mark.GREEN, now=now)
    raise_flag(session, "MLI", "Canary Red", severity=Severity.ALARM, handling=Mark.RED, by=by, now=now)


def test_what_was_shared_arrives_equal_and_what_was_forbidden_is_not_in_the_bytes(
    ours: Office, theirs: Office, shift: Shift, now: datetime
) -> None:
    theirs.does(lambda session: a_record(session, now))
    ours.knows(theirs, "Desk A")

    file = theirs.sends(wish(ceiling=Mark.AMBER))

    assert [secret for secret in SECRETS if secret.casefold() in file.decode().casefold()] == []
    sent = json.loads(file)["bundle"]
    assert [len(sent[part]) for part in ("observations", "flags", "assessments")] == [3, 2, 1]

    taken = ours.takes_in(ours.brings(file))
    work_on_imports(shift)

    with ours.database.reading() as session:
        assert taken.import_id is not None
        brought = imports.by_id(session, taken.import_id)
        assert brought is not None
        assert (brought.state, brought.rows_refused) == (ImportState.RECORDED, 0)
        [figure] = importing.observations(ours.database)
        source = session.scalars(select(Source).where(Source.name == "Desk A")).one()
        said = session.scalars(select(ReceivedStatement).order_by(ReceivedStatement.id)).all()
    assert (figure.iso3, figure.observed_on, figure.value, figure.standard_error) == ("MLI", YEAR_END, -0.5, 0.125)
    assert (figure.handling, figure.evidence_url) == (Mark.GREEN, "https://example.org/figures")
    assert (figure.reliability, figure.credibility) == (sent["observations"][2]["reliability"], 2)
    assert figure.note == "As published,\nin “two” lines; -1\nAccording to: The World Bank"
    assert source.name == "Desk A"
    drafts = [
        (one.observed_on, one.value, one.unknown, one.handling, one.attributable, one.note, one.source, one.state)
        for one in importing.codings(ours.database)
    ]
    assert drafts == [
        (date(2026, 1, 28), 3.0, False, Mark.CLEAR, False, "-a note", "Desk A", CodingState.DRAFT),
        (FEBRUARY, None, True, Mark.AMBER, False, "Nobody could tell.", "Desk A", CodingState.DRAFT),
    ]
    assert [(one.kind, one.iso3) for one in said] == [(StatementKind.FLAG, "MLI")] * 2 + [
        (StatementKind.ASSESSMENT, "MLI")
    ]
    assert [one.content for one in said] == [*sent["flags"], *sent["assessments"]]
    with ours.database.reading() as session:
        seen = answering(session, "MLI", Mark.GREEN).statements
    assert {one.id: (one.partner, one.content) for one in seen} == {one.id: ("Desk A", one.content) for one in said}


def test_one_act_takes_back_all_of_it(ours: Office, theirs: Office, shift: Shift, now: datetime) -> None:
    theirs.does(lambda session: a_record(session, now))
    ours.knows(theirs)
    taken = ours.takes_in(ours.brings(theirs.sends(wish(ceiling=Mark.AMBER))))
    work_on_imports(shift)

    ours.does(lambda session: take_back(session, taken.id, "Sent in error", by=ours.by, now=now))

    assert importing.standing(ours.database) == {}
    assert [one.state for one in importing.codings(ours.database)] == [CodingState.DISCARDED] * 2
    with ours.database.reading() as session:
        assert answering(session, "MLI", Mark.RED).statements == []


def test_what_is_taken_back_before_the_worker_came_is_never_recorded(
    ours: Office, theirs: Office, shift: Shift, now: datetime
) -> None:
    theirs.does(lambda session: a_record(session, now))
    ours.knows(theirs)
    taken = ours.takes_in(ours.brings(theirs.sends(wish())))

    ours.does(lambda session: take_back(session, taken.id, "Sent in error", by=ours.by, now=now))
    work_on_imports(shift)

    assert importing.observations(ours.database) == []
    assert importing.codings(ours.database) == []


def test_only_what_was_chosen_leaves(theirs: Office, now: datetime) -> None:
    theirs.does(lambda session: a_record(session, now))
    shared = theirs.look(wish(parts=EVERYTHING - {BundlePart.OBSERVATIONS}, since=date(2026, 1, 1)))
    assert (len(shared.observations), len(shared.flags), len(shared.assessments)) == (0, 2, 1)
    earlier = theirs.look(wish(until=date(2026, 3, 15)))
    assert (len(earlier.observations), len(earlier.flags), len(earlier.assessments)) == (2, 0, 0)


def test_an_assessment_is_no_milder_than_its_situation(theirs: Office, now: datetime) -> None:
    def act(session: Session) -> None:
        made = situations.case(session, handling=Mark.AMBER, now=now)
        details = session.get_one(SituationEvent, made.assessment_id).details
        mild = SituationEvent(
            situation_id=made.situation_id,
            act=SituationAct.ASSESSED,
            at=now,
            handling=Mark.CLEAR,
            words="Milder than it may be.",
            details=details,
        )
        session.add(mild)

    theirs.does(act)
    assert theirs.look(wish(ceiling=Mark.GREEN)).assessments == ()
    assert len(theirs.look(wish(ceiling=Mark.AMBER)).assessments) == 2
