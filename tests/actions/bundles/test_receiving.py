"""What is wrong with a bundle is said in one sentence, and leaves no trace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import factories, importing
from tests.bundles import CORRUPTION, COURTS, EVERYTHING, FIGURE, MADE_AT, Office, contents, wish
from tests.situations import case
from tracker.access import Role
from tracker.actions.bundles import kept, keys, receiving
from tracker.actions.bundles.comparing import RefusedRow
from tracker.actions.bundles.withdrawing import take_back
from tracker.bundle import BundlePart
from tracker.exchange.bundle_schema import BundleUnfit
from tracker.exchange.bundles import BrokenSignature, new_key, signed
from tracker.handling import Mark
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.refusal import Refusal
from tracker.storage import bundles
from tracker.storage.base import Database, Session
from tracker.storage.recording import Import
from tracker.storage.running import AuditEntry
from tracker.storage.sharing import Bundle, ReceivedStatement

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PAIR = new_key()


@pytest.fixture
def office(ours: Office) -> Office:
    """That knows whoever signs with PAIR."""
    ours.does(lambda session: keys.add_partner(session, "Desk A", PAIR.public, by=ours.by, now=ours.now))
    return ours


def traces(database: Database) -> list[int]:
    return importing.how_many(database, Bundle, ReceivedStatement, Import, AuditEntry)


def refused(office: Office, file: bytes, kind: type[Refusal]) -> None:
    before = traces(office.database)
    with pytest.raises(kind):
        office.brings(file)
    assert traces(office.database) == before


def sent(*observations: Any, **differing: Any) -> bytes:
    return signed(contents(*(observations or (FIGURE,)), **differing), PAIR.private)


def of_mark(mark: Mark) -> bytes:
    return sent(replace(FIGURE, mark=mark))


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (sent().replace(b"-0.5", b"-0.6"), BrokenSignature),
        (sent()[:-132] + sent(recipient="Desk C")[-132:], BrokenSignature),
        (sent()[:-1], BundleUnfit),
        (signed(contents(FIGURE), new_key().private), receiving.UnknownPartner),
        (sent(made_at=MADE_AT + timedelta(days=2)), receiving.FromTheFuture),
        (of_mark(Mark.RED), receiving.MarkShouldNotTravel),
        (of_mark(Mark.AMBER_STRICT), receiving.MarkShouldNotTravel),
        (sent(replace(FIGURE, country="XXX")), receiving.NothingForHere),
        (sent(replace(FIGURE, indicator="nothing_known")), receiving.NothingForHere),
        (sent(replace(FIGURE, day=date(2026, 3, 17))), receiving.NothingForHere),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else "file",
)
def test_a_bundle_that_is_not_right_leaves_no_trace(office: Office, file: bytes, kind: type[Refusal]) -> None:
    refused(office, file, kind)


def test_the_clocks_of_two_organisations_may_be_a_day_apart(office: Office) -> None:
    assert office.brings(sent(made_at=office.now + timedelta(days=1)))


def test_a_bundle_is_brought_once(office: Office) -> None:
    office.brings(sent())
    refused(office, sent(), receiving.SeenBefore)


def test_what_bears_a_mark_above_the_clearance_of_whoever_brings_it_is_refused(
    database: Database, now: datetime
) -> None:
    office = Office.of(database, now, clearance=Mark.GREEN)
    office.does(lambda session: keys.add_partner(session, "Desk A", PAIR.public, by=office.by, now=now))
    refused(office, of_mark(Mark.AMBER), receiving.MarkTooHigh)
    assert office.brings(of_mark(Mark.GREEN))


def test_nothing_is_taken_from_a_partner_that_was_revoked_not_even_what_waits(office: Office) -> None:
    waits = office.brings(sent())
    with office.database.reading() as session:
        [partner] = [one.id for one in bundles.partners(session)]
    for _ in range(2):
        office.does(lambda session: keys.revoke_partner(session, partner, by=office.by, now=office.now))
    refused(office, sent(recipient="Desk C"), receiving.PartnerRevoked)
    with pytest.raises(receiving.PartnerRevoked):
        office.takes_in(waits)


def test_a_bundle_of_our_own_is_not_taken_in(office: Office) -> None:
    refused(office, signed(contents(FIGURE), office.private_key()), receiving.MadeHere)


def test_rows_about_what_is_not_known_here_are_refused_and_the_rest_is_looked_at(
    database: Database, now: datetime
) -> None:
    office = Office.of(database, now, countries=["MLI", "NER"])
    office.does(lambda session: keys.add_partner(session, "Desk A", PAIR.public, by=office.by, now=now))
    beyond, unknown = replace(FIGURE, country="TCD"), replace(FIGURE, indicator="their_own")
    number = office.brings(sent(FIGURE, beyond, unknown))
    seen = office.sees(number)
    assert list(seen.new) == [FIGURE]
    assert list(seen.refused) == [
        RefusedRow(BundlePart.OBSERVATIONS, "TCD", CORRUPTION),
        RefusedRow(BundlePart.OBSERVATIONS, "MLI", "their_own"),
    ]


def test_what_is_recorded_already_stays_and_what_differs_is_replaced_only_on_demand(
    office: Office, shift: Shift, now: datetime
) -> None:
    other = replace(FIGURE, day=date(2023, 12, 31), value=0.25, standard_error=None)

    def act(session: Session) -> None:
        for one, value, error in ((FIGURE, -0.5, 0.2), (other, 0.75, None)):
            factories.observation(
                session,
                indicator=CORRUPTION,
                iso3="MLI",
                on=one.day,
                value=value,
                standard_error=error,
                handling=Mark.GREEN,
                recorded_at=now,
            )

    office.does(act)
    files = [sent(FIGURE, other, recipient=name) for name in ("first", "second")]
    seen = office.sees(number := office.brings(files[0]))
    assert (list(seen.new), list(seen.equal), list(seen.different)) == ([], [FIGURE], [other])
    assert office.takes_in(number).import_id is None

    office.takes_in(office.brings(files[1]), replace=True)
    work_on_imports(shift)
    assert importing.standing(office.database) == {("MLI", FIGURE.day): -0.5, ("MLI", other.day): 0.25}


def test_answers_that_differ_from_ours_are_left_to_a_correction(office: Office, now: datetime) -> None:
    office.does(
        lambda session: factories.observation(
            session, indicator=COURTS, iso3="MLI", on=date(2026, 2, 28), value=2, recorded_at=now
        )
    )
    said = replace(FIGURE, indicator=COURTS, standard_error=None)
    other, same = (replace(said, day=date(2026, 2, 20), value=value) for value in (3.0, 2.0))
    assert list(office.sees(office.brings(sent(other))).otherwise) == [other]
    assert list(office.sees(office.brings(sent(same))).equal) == [same]


def test_observations_are_recorded_by_analysts_only(database: Database, now: datetime) -> None:
    office = Office.of(database, now, roles=[Role.ADMINISTRATOR])
    office.does(lambda session: keys.add_partner(session, "Desk A", PAIR.public, by=office.by, now=now))
    number = office.brings(sent())
    with pytest.raises(receiving.NeedsAnAnalyst):
        office.takes_in(number)


def test_what_was_only_looked_at_is_forgotten_and_may_come_again(office: Office) -> None:
    number = office.brings(sent())
    office.does(lambda session: receiving.leave(session, number, by=office.by, now=office.now))
    assert office.brings(sent())


def test_a_bundle_is_taken_in_and_taken_back_once(office: Office) -> None:
    number = office.brings(sent())
    office.takes_in(number)
    acts: list[Callable[[Any], Any]] = [
        lambda session: receiving.enter(session, number, replace=True, by=office.by, now=office.now),
        lambda session: receiving.leave(session, number, by=office.by, now=office.now),
    ]
    office.does(lambda session: take_back(session, number, "An error", by=office.by, now=office.now))
    acts.append(lambda session: take_back(session, number, "An error", by=office.by, now=office.now))
    for act in acts:
        with pytest.raises(receiving.BundleMovedOn):
            office.does(act)


def test_a_bundle_of_statements_alone_needs_no_import(ours: Office, theirs: Office, now: datetime) -> None:
    theirs.does(lambda session: case(session, handling=Mark.GREEN, now=now))
    ours.knows(theirs)
    taken = ours.takes_in(ours.brings(theirs.sends(wish(parts=EVERYTHING - {BundlePart.OBSERVATIONS}))))
    assert taken.import_id is None
    assert importing.how_many(ours.database, ReceivedStatement, Import) == [3, 0]


def test_whoever_works_on_fewer_countries_does_not_find_the_bundle(office: Office) -> None:
    number = office.brings(sent(FIGURE, replace(FIGURE, country="NER")))
    narrow = Office.of(office.database, office.now, countries=["MLI"])
    mild = Office.of(office.database, office.now, clearance=Mark.CLEAR)
    for other in (narrow, mild):
        with pytest.raises(kept.NoSuchBundle):
            other.takes_in(number)


@pytest.mark.parametrize(
    ("name", "key", "kind"),
    [
        ("Desk A again", PAIR.public, keys.KeyKnown),
        ("Desk C", "00" * 31, keys.NoPublicKey),
        ("Desk C", "no key at all", keys.NoPublicKey),
        (" ", new_key().public, keys.NoName),
    ],
    # the keys are others each time
    ids=["known", "too short", "no key", "no name"],
)
def test_a_partner_has_a_name_and_a_key_that_nobody_else_has(
    office: Office, name: str, key: str, kind: type[Refusal]
) -> None:
    with pytest.raises(kind):
        office.does(lambda session: keys.add_partner(session, name, key, by=office.by, now=office.now))
    own = office.public_key()
    with pytest.raises(keys.OwnKey):
        office.does(lambda session: keys.add_partner(session, "We", own, by=office.by, now=office.now))


def test_the_same_contents_are_the_same_bundle_in_whatever_wrapping(office: Office) -> None:
    """A key in capital letters is the same key; the file is refused, for its form is fixed."""
    file = sent()
    refused(office, file.replace(PAIR.public.encode(), PAIR.public.upper().encode()), BundleUnfit)
