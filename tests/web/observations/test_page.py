"""The page of one observation: what stands, what was said before, and who disagreed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import factories
from tests.questions import listening
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import somebody
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.observations.observing import ADDRESS, COURTS, ONE_ENGINE, PUBLISHED, Record, history
from tracker.access import Role
from tracker.actions.codings import reviewing
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.principals import principal_of


@ONE_ENGINE
def test_an_observation_is_shown_with_its_words_its_source_and_its_people(
    reader: StrictClient, record: Record, database: Database, ana: Person, now: datetime
) -> None:
    rita = somebody(database, now, name="Rita", roles=[Role.REVIEWER])
    link = "https://example.org/ruling"
    record(4, by=ana, accepted_by=rita, source_name="A court observer", note="Seen\nthere.", evidence_url=link)

    words = text_of(reader.get(ADDRESS))

    assert "Level 4 A highest or constitutional court was dissolved" in words
    for told in ("A court observer", "B2: source usually reliable, statement probably true", "Seen there.", link):
        assert told in words
    assert "TLP:CLEAR: the world may know" in words
    assert "Recorded Ana, 16 Mar 2026, 12:00 UTC Accepted Rita" in words
    assert parsed(reader.get(ADDRESS)).xpath(f"//a[@href='{link}']/@rel") == ["noopener noreferrer"]


def test_who_answered_and_when_is_told_apart_from_who_accepted_it_and_when(
    reader: StrictClient, database: Database, ana: Person, now: datetime
) -> None:
    """Noise: another month, another country, and an answer that was set aside."""
    rita = somebody(database, now, name="Rita", roles=[Role.REVIEWER])
    with database.writing() as session:
        usual: dict[str, Any] = {"indicator": COURTS, "value": 2}
        made = factories.coding(session, ana, now=now - timedelta(days=3), **usual)
        other = factories.person(session, name="Ben", created_at=now)
        factories.coding(session, other, now=now - timedelta(days=4), **usual)
        reviewing.accept(session, [made.id], by=principal_of(session, rita), now=now)
        for place in ({"day": date(2026, 1, 31)}, {"iso3": "NER"}):
            noise = factories.coding(session, ana, now=now - timedelta(days=9), **usual, **place)
            reviewing.accept(session, [noise.id], by=principal_of(session, rita), now=now)

    words = text_of(reader.get(ADDRESS))

    assert "Submitted Ana, 13 Mar 2026, 12:00 UTC Accepted Rita, 16 Mar 2026, 12:00 UTC" in words
    assert "Ana · 13 Mar 2026, 12:00 UTC · accepted by Rita, 16 Mar 2026, 12:00 UTC" in history(reader)[0]


@ONE_ENGINE
def test_dont_know_is_said_in_words(reader: StrictClient, record: Record) -> None:
    record(None)

    words = text_of(reader.get(ADDRESS))

    assert "Don’t know" in words
    assert "Our analysts could not tell on that day." in words


@ONE_ENGINE
def test_a_withdrawn_observation_says_that_it_counts_nowhere(reader: StrictClient, record: Record) -> None:
    record(2)
    record(2, revision=2, withdrawn=True, reason="Another country.")

    assert "This observation is withdrawn: it counts nowhere" in text_of(reader.get(ADDRESS))
    newest, first = history(reader)
    assert newest.startswith("It was withdrawn: it counts no more. Why: Another country.")
    assert first.startswith("First recorded: Level 2")


@ONE_ENGINE
def test_the_history_says_in_words_what_became_different_the_newest_first(reader: StrictClient, record: Record) -> None:
    record(2, source_name="A court observer", note="First look.")
    record(
        3, revision=2, source_name="A judge", handling=Mark.GREEN, reason="Read again.", evidence_url="https://a.b/c"
    )
    record(None, revision=3, source_name="A judge", attributable=False, reason="She is afraid.")

    third, second, first = history(reader)

    assert third.startswith(
        "Level 3 became “don’t know”. The source may no longer be named. "
        "The mark was lowered from TLP:GREEN to TLP:CLEAR. The link to the evidence was changed. Why: She is afraid."
    )
    assert second.startswith(
        "Level 2 became 3. The source was changed; it is not for attribution. "
        "The mark was raised from TLP:CLEAR to TLP:GREEN. The note was removed: “First look.”. "
        "The link to the evidence was changed. Why: Read again."
    )
    assert first.startswith("First recorded: Level 2")


@ONE_ENGINE
def test_sources_notes_and_links_are_quoted_in_the_history(reader: StrictClient, record: Record) -> None:
    record(2, source_name="A court observer", note="One.", evidence_url="https://a.b/c")
    record(2, revision=2, source_name="A judge", note="Two.", evidence_url="https://a.b/d", reason="Better.")
    record(2, revision=3, source_name="A judge", reason="Shorter.")
    record(2, revision=4, source_name="A judge", note="Three.", evidence_url="https://a.b/e", reason="Longer.")

    fourth, third, second, _first = history(reader)

    assert second.startswith(
        "The source was changed from A court observer to A judge. The note “One.” became “Two.”. "
        "The link to the evidence https://a.b/c became https://a.b/d Why: Better."
    )
    assert third.startswith("The note was removed: “Two.”. The link to the evidence was removed: https://a.b/d Why:")
    assert fourth.startswith("A note was added: “Three.”. A link to the evidence was added: https://a.b/e Why:")


@ONE_ENGINE
def test_a_published_value_has_a_page_too(reader: StrictClient, record: Record) -> None:
    record(-1.2345, indicator=PUBLISHED, standard_error=0.1)

    words = text_of(reader.get(f"/countries/MLI/{PUBLISHED}/2026-02-28"))

    assert "−1.2345" in words
    assert "with the product, 16 Mar 2026" in words
    assert "Standard error 0.1" in words


def test_a_source_that_is_not_for_attribution_is_named_nowhere(sign_in_as: SignInAs, record: Record) -> None:
    record(2, source_name="A witness", evidence_url="https://witness.example/")
    record(3, revision=2, source_name="Another witness", attributable=False, evidence_url="https://w2.example/")
    for client in (sign_in_as(Role.READER), sign_in_as(*Role, clearance=Mark.RED)):
        page = client.get(ADDRESS)
        assert "not for attribution" in text_of(page)
        assert "Another witness" not in page.text
        assert "w2.example" not in page.text


@BOTH_ENGINES
@pytest.mark.parametrize(("mark", "status"), [(Mark.GREEN, 200), (Mark.AMBER, 404)])
def test_the_newest_revisions_mark_decides_who_sees_the_observation(
    reader: StrictClient, record: Record, mark: Mark, status: int
) -> None:
    record(2)
    record(3, revision=2, handling=mark)

    assert reader.get(ADDRESS).status_code == status


@BOTH_ENGINES
def test_an_earlier_revision_above_a_clearance_stays_hidden_when_the_mark_was_lowered(
    reader: StrictClient, record: Record
) -> None:
    record(4, handling=Mark.RED, note="DEEP")
    record(1, revision=2, reason="It is known now.")

    page = reader.get(ADDRESS)

    assert "DEEP" not in page.text
    assert "TLP:RED" not in page.text
    [step] = history(reader)
    assert step.startswith("Level 1 What it changed is marked above what you may see. Why: It is known now.")


@ONE_ENGINE
@pytest.mark.parametrize(
    "address",
    [
        f"/countries/MLI/{COURTS}/2026-01-31",
        f"/countries/MLI/{COURTS}/20260228",
        f"/countries/MLI/{COURTS}/2026-02-30",
        f"/countries/MLI/{COURTS}/yesterday",
        "/countries/MLI/no_such_indicator/2026-02-28",
        f"/countries/QQQ/{COURTS}/2026-02-28",
        f"/countries/MLI/{COURTS}/2026-03-17",
    ],
)
def test_what_is_not_recorded_has_no_page(reader: StrictClient, record: Record, address: str) -> None:
    """Today is 16 March 2026."""
    record()
    record(on=date(2026, 3, 17))

    assert reader.get(address).status_code == 404


def test_outside_a_scope_and_unknown_look_alike(sign_in_as: SignInAs, record: Record) -> None:
    record()
    stranger = sign_in_as(Role.ANALYST, countries=["NER"])

    for address in (ADDRESS, f"{ADDRESS}/correct", f"{ADDRESS}/withdraw"):
        assert stranger.get(address).status_code == 404


def test_dissent_is_shown_as_far_as_the_reader_may_see_it(
    reader: StrictClient, sign_in_as: SignInAs, record: Record, database: Database, ana: Person, now: datetime
) -> None:
    record(2)
    with database.writing() as session:
        for mark, note in ((Mark.GREEN, "I saw more."), (Mark.RED, "DEEP")):
            made = factories.coding(
                session,
                factories.person(session, name=f"Cleared for {mark.label}", created_at=now),
                indicator=COURTS,
                value=4,
                now=now,
                source="A witness",
                attributable=False,
                handling=mark,
                note=note,
            )
            made.state, made.settled_at, made.settled_by = CodingState.SET_ASIDE, now, ana.id

    words, of_cleared = text_of(reader.get(ADDRESS)), text_of(sign_in_as(Role.READER, clearance=Mark.RED).get(ADDRESS))

    assert "Who saw it otherwise Level 4 Cleared for TLP:GREEN" in words
    assert "I saw more." in words
    assert "DEEP" not in words
    assert "DEEP" in of_cleared
    assert "A witness" not in of_cleared


@ONE_ENGINE
def test_hostile_texts_are_shown_as_they_are(reader: StrictClient, record: Record) -> None:
    text = "<script>alert(1)</script> {{ 7*7 }} %(x)s %s"
    record(2, note=text, source_name=text)
    record(3, note=text + "!", revision=2, reason=text, source_name=text + "!")

    page = reader.get(ADDRESS)

    assert page.text.count("<script>alert") == 0
    assert text_of(page).count(text) >= 4


def test_no_observation_page_needs_more_than_twelve_questions(
    analyst: StrictClient, record: Record, database: Database, sign_in_as: SignInAs
) -> None:
    for revision in range(1, 6):
        record(revision % 5, revision=revision, reason="Again.")
    analyst.submit(f"{ADDRESS}/withdraw", reason="Why not?")
    with listening(database) as asked:
        assert sign_in_as(*Role).get(ADDRESS).status_code == 200

    questions = [one for one in asked if one.startswith("SELECT")]
    assert 0 < len(questions) <= 12, questions
