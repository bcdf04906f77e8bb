"""Nothing leaves that its mark forbids, and nothing that nobody has looked at."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests import factories
from tests.bundles import CORRUPTION, SEAL, Office, wish
from tracker.actions.bundles import keys, sending
from tracker.actions.sealing import SIGNING, Seal
from tracker.bundle import BundlePart, MarkAboveYours, MarkNeverLeaves, Unshared
from tracker.handling import Mark
from tracker.storage import bundles
from tracker.storage.base import Database, Session
from tracker.storage.running import AuditEntry

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
MARKS = {mark: date(2020 + mark, 12, 31) for mark in Mark}


def marked(office: Office, iso3: str = "MLI") -> None:
    """One figure of each mark."""

    def act(session: Session) -> None:
        for mark, on in MARKS.items():
            factories.observation(
                session, indicator=CORRUPTION, iso3=iso3, on=on, value=0.5, handling=mark, recorded_at=office.now
            )

    office.does(act)


@pytest.mark.parametrize("mark", [Mark.AMBER_STRICT, Mark.RED])
def test_two_marks_never_leave_whoever_asks(database: Database, now: datetime, mark: Mark) -> None:
    with pytest.raises(MarkNeverLeaves, match="never leaves"):
        Office.of(database, now, clearance=Mark.RED).look(wish(ceiling=mark))


def test_nobody_shares_above_their_clearance(database: Database, now: datetime) -> None:
    office = Office.of(database, now, clearance=Mark.GREEN)
    assert office.look(wish(ceiling=Mark.GREEN)).rows == ()
    with pytest.raises(MarkAboveYours):
        office.look(wish(ceiling=Mark.AMBER))


def test_what_stays_behind_is_counted_as_far_as_the_sharer_may_know_of_it(database: Database, now: datetime) -> None:
    red, amber = Office.of(database, now, clearance=Mark.RED), Office.of(database, now, clearance=Mark.AMBER)
    marked(red)
    shown = red.look(wish(ceiling=Mark.GREEN))
    assert [row.mark for row in shown.rows] == [Mark.CLEAR, Mark.GREEN]
    assert {why: counts[BundlePart.OBSERVATIONS] for why, counts in shown.behind.items()} == {
        Unshared.ABOVE_CHOICE: 1,
        Unshared.NEVER_LEAVES: 2,
        Unshared.OF_A_PARTNER: 0,
    }
    assert amber.look(wish(ceiling=Mark.GREEN)).behind[Unshared.NEVER_LEAVES].total() == 0


def test_an_older_milder_revision_does_not_leave_instead(database: Database, now: datetime) -> None:
    office = Office.of(database, now)

    def act(session: Session) -> None:
        for revision, mark in ((1, Mark.CLEAR), (2, Mark.RED)):
            factories.observation(
                session,
                indicator=CORRUPTION,
                iso3="MLI",
                on=MARKS[Mark.CLEAR],
                value=0.5,
                revision=revision,
                reason="corrected" if revision > 1 else None,
                handling=mark,
                recorded_at=now,
            )

    office.does(act)
    assert office.look(wish(ceiling=Mark.AMBER)).rows == ()


def test_an_administrator_of_two_countries_shares_those_alone(database: Database, now: datetime) -> None:
    office = Office.of(database, now, countries=["MLI", "NER"])
    marked(office, "MLI")
    assert len(office.look(wish("MLI", "NER")).rows) == 2
    with pytest.raises(sending.BeyondScope):
        office.look(wish("MLI", "TCD"))


def test_what_changed_since_it_was_shown_does_not_leave(database: Database, now: datetime) -> None:
    office = Office.of(database, now)
    marked(office)
    office.public_key()
    shown = office.look(wish()).fingerprint()
    marked(office, "NER")
    assert office.look(wish()).fingerprint() == shown
    wider = wish("MLI", "NER")
    with pytest.raises(sending.NotAsShown):
        office.does(
            lambda session: sending.make(session, wider, "Desk B", SEAL, shown=shown, by=office.by, now=office.now)
        )


def test_without_rows_a_key_or_a_recipient_nothing_is_made(database: Database, now: datetime) -> None:
    office = Office.of(database, now)

    def made(recipient: str = "Desk B", seal: Seal = SEAL) -> None:
        shown = office.look(wish()).fingerprint()
        office.does(
            lambda session: sending.make(session, wish(), recipient, seal, shown=shown, by=office.by, now=office.now)
        )

    with pytest.raises(sending.NothingToShare):
        made()
    marked(office)
    with pytest.raises(keys.NoKeyYet):
        made()
    office.public_key()
    with pytest.raises(sending.NoRecipient):
        made(" \n ")
    with pytest.raises(keys.KeyUnreadable):
        made(seal=Seal("another secret", SIGNING))
    made()


def test_the_same_sent_twice_is_one_bundle_until_the_key_is_another(database: Database, now: datetime) -> None:
    office = Office.of(database, now)
    marked(office)
    files = [office.sends(wish()) for _time in range(2)]
    office.does(lambda session: keys.make_key(session, SEAL, by=office.by, now=now))
    later = replace(office, now=now + timedelta(minutes=1))
    files += [later.sends(wish(ceiling=ceiling)) for ceiling in (Mark.GREEN, Mark.CLEAR)]
    assert [files.index(file) for file in files] == [0, 0, 2, 3]


def test_the_same_rows_under_another_choice_are_another_bundle(database: Database, now: datetime) -> None:
    """Up to the mark that was chosen last they leave, and only who reaches its countries sees it."""
    office = Office.of(database, now)
    office.does(
        lambda session: factories.observation(
            session, indicator=CORRUPTION, iso3="MLI", on=date(2024, 12, 31), value=0.5, recorded_at=now
        )
    )
    wider, chosen = wish("MLI", "NER", ceiling=Mark.AMBER), wish(ceiling=Mark.CLEAR)
    assert office.look(wider).fingerprint() == office.look(chosen).fingerprint()
    office.sends(wider)
    replace(office, now=now + timedelta(seconds=1)).sends(chosen)
    with database.reading() as session:
        [newest, first] = [one.bundle.summary for one in bundles.bundles(session, None, Mark.RED)]
    assert (first["countries"], first["ceiling"]) == (["MLI", "NER"], Mark.AMBER)
    assert (newest["countries"], newest["ceiling"]) == (["MLI"], Mark.CLEAR)


@pytest.mark.parametrize(("minutes", "number"), [(9, 1), (10, 2)])
def test_what_is_wanted_again_later_is_another_bundle(
    database: Database, now: datetime, minutes: int, number: int
) -> None:
    """A partner who has taken the first one back cannot bring it again."""
    office = Office.of(database, now)
    marked(office)
    later = replace(office, now=now + timedelta(minutes=minutes))
    assert len({office.sends(wish()), later.sends(wish())}) == number


def test_more_rows_than_somebody_can_look_through_are_refused(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office.of(database, now)
    marked(office)
    monkeypatch.setattr(sending, "MOST_ROWS", 2)
    assert len(office.look(wish(ceiling=Mark.GREEN)).rows) == 2
    with pytest.raises(sending.TooMuch):
        office.look(wish(ceiling=Mark.AMBER))


def test_the_audit_log_says_what_left_and_no_word_of_it(database: Database, now: datetime) -> None:
    office = Office.of(database, now)
    marked(office)
    office.sends(wish())
    with database.reading() as session:
        [entry] = session.query(AuditEntry).filter_by(action="bundle made").all()
    assert entry.after is not None
    assert entry.after["counts"]["observations"] == {"TLP:CLEAR": 1, "TLP:GREEN": 1}
    assert (entry.after["recipient"], entry.after["countries"]) == ("Desk B", ["MLI"])
