"""The page of one observation: what stands, what was said before, who disagreed, and how it is corrected."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.questions import listening
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of, somebody, token_on
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.codings import reviewing
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.storage import codings
from tracker.storage.base import Database
from tracker.storage.models import Coding, Person
from tracker.storage.principals import principal_of

COURTS, PUBLISHED = "independence_of_courts", "wgi_rule_of_law"
DAY = date(2026, 2, 28)
ADDRESS = f"/countries/MLI/{COURTS}/2026-02-28"
Record = Callable[..., None]
ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def record(database: Database, now: datetime) -> Record:
    """Writes one observation of the courts of Mali at the end of February."""

    def recorded(value: float | None = 2, **differing: Any) -> None:
        usual: dict[str, Any] = {"indicator": COURTS, "iso3": "MLI", "on": DAY, "recorded_at": now}
        with database.writing() as session:
            factories.observation(session, value=value, **(usual | differing))

    return recorded


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", roles=[Role.ANALYST])


@pytest.fixture
def analyst(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.READER)


def history(client: StrictClient, address: str = ADDRESS) -> list[str]:
    steps = parsed(client.get(address)).xpath("//ol[@class='history']/li")
    return [" ".join(step.text_content().split()) for step in steps]


def waiting(database: Database) -> list[Coding]:
    with database.reading() as session:
        return codings.waiting_longest(session, None, Mark.RED, iso3=None, cells=9)


def accept_all(sign_in_as: SignInAs, database: Database) -> str:
    """By a reviewer who may see everything; what the page says then."""
    reviewer = sign_in_as(Role.REVIEWER, name="Rita", clearance=Mark.RED)
    token = token_on(reviewer, "/account")
    for coding in waiting(database):
        sent = {"csrf_token": token, "act": f"settle:{coding.id}", "shown": f"{coding.id}.{coding.cell_version}"}
        assert reviewer.post("/review/MLI", data=sent).status_code == 302
    return text_of(reviewer.get("/review"))


# ---- what it shows ----


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


@pytest.mark.parametrize(("mark", "status"), [(Mark.GREEN, 200), (Mark.AMBER, 404)])
def test_the_newest_revisions_mark_decides_who_sees_the_observation(
    reader: StrictClient, record: Record, mark: Mark, status: int
) -> None:
    record(2)
    record(3, revision=2, handling=mark)

    assert reader.get(ADDRESS).status_code == status


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


# ---- correcting and withdrawing ----


@ONE_ENGINE
def test_only_analysts_are_offered_to_change_anything(sign_in_as: SignInAs, record: Record) -> None:
    record()
    for role, offered in ((Role.ANALYST, True), (Role.READER, False), (Role.REVIEWER, False)):
        client = sign_in_as(role)
        assert ("Withdraw" in text_of(client.get(ADDRESS))) is offered
        assert client.get(f"{ADDRESS}/correct").status_code == (200 if offered else 403)


def test_a_correction_is_proposed_with_the_form_as_it_stands_and_accepted_by_a_second_person(
    analyst: StrictClient, sign_in_as: SignInAs, record: Record, database: Database
) -> None:
    record(2, source_name="A court observer", note="First look.")

    answer = analyst.submit(f"{ADDRESS}/correct", value="3", handling="1", reason="Read again.")

    assert answer.status_code == 302
    words = text_of(analyst.get(ADDRESS))
    assert "Your correction waits for a second person. Until it is accepted, everything counts as before." in words
    assert "A correction waits for a second person. Ana" in words
    assert "Level 2 would become 3. The mark would be raised from TLP:CLEAR to TLP:GREEN." in words
    page = text_of(sign_in_as(Role.REVIEWER).get("/review"))
    assert "As it stands Level 2 28 February 2026" in page
    assert "Level 2 would become 3." in page
    assert "Nothing waits for you" in accept_all(sign_in_as, database)

    newest, _first = history(analyst)
    assert newest.startswith("Level 2 became 3. The mark was raised from TLP:CLEAR to TLP:GREEN. Why: Read again. Ana")
    assert "accepted by Rita" in newest
    assert "waits for a second person" not in text_of(analyst.get(ADDRESS))


@ONE_ENGINE
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value": "?"}, "Level 2 would become “don’t know”."),
        ({"source": "A judge"}, "The source would change from A court observer to A judge."),
        (
            {"source": "A judge", "attributable": "no"},
            "The source would change; it is not for attribution. The source could no longer be named.",
        ),
        ({"grade": "A1"}, "The grade B2 would become A1."),
        ({"note": "Two."}, "The note “One.” would become “Two.”."),
        ({"note": ""}, "The note would be removed: “One.”."),
        ({"evidence_url": "https://a.b/d"}, "The link to the evidence https://a.b/c would become https://a.b/d Why"),
        ({"evidence_url": ""}, "The link to the evidence would be removed: https://a.b/c Why"),
        ({"handling": "0"}, "The mark would be lowered from TLP:GREEN to TLP:CLEAR."),
    ],
)
def test_what_is_only_proposed_is_said_as_what_would_be(
    analyst: StrictClient, sign_in_as: SignInAs, record: Record, changed: dict[str, str], words: str
) -> None:
    record(2, source_name="A court observer", note="One.", evidence_url="https://a.b/c", handling=Mark.GREEN)

    assert analyst.submit(f"{ADDRESS}/correct", reason="Read again.", **changed).status_code == 302

    assert words in text_of(analyst.get(ADDRESS))
    assert words in text_of(sign_in_as(Role.REVIEWER).get("/review"))


@ONE_ENGINE
def test_what_would_be_known_again_or_for_the_first_time_is_said_so_too(analyst: StrictClient, record: Record) -> None:
    record(None, withdrawn=True, attributable=False, reason="Another country.")

    analyst.submit(
        f"{ADDRESS}/correct",
        value="3",
        source="A judge",
        attributable="yes",
        note="Seen.",
        reason="She says it.",
        evidence_url="https://a.b/c",
    )

    words = (
        "It would count again. “Don’t know” would become Level 3. The source would become A judge. "
        "The source could be named. A note would be added: “Seen.”. The link to the evidence would change."
    )
    assert words in text_of(analyst.get(ADDRESS))


def test_dont_know_can_be_the_correction(
    analyst: StrictClient, sign_in_as: SignInAs, record: Record, database: Database
) -> None:
    record(2)

    analyst.submit(f"{ADDRESS}/correct", value="?", reason="Nobody was there.")
    accept_all(sign_in_as, database)

    assert history(analyst)[0].startswith("Level 2 became “don’t know”.")


@ONE_ENGINE
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(analyst: StrictClient, record: Record) -> None:
    record(2)

    refused = analyst.submit(
        f"{ADDRESS}/correct", value="3", grade="Z9", evidence_url="javascript:alert(1)", note="Kept.", reason=""
    )

    assert refused.status_code == 422
    page = parsed(refused)
    told = [" ".join(words.text_content().split()) for words in page.xpath("//p[@class='error-words']")]
    assert told == [
        "Error: A grade is a letter from A to F and a digit from 1 to 6, such as B2.",
        "Error: A link begins with https:// or http:// and names a site.",
        "Error: Say why it is corrected: it stands in the observation's history.",
    ]
    assert page.xpath("//textarea[@name='note']")[0].text.strip() == "Kept."
    assert page.xpath("//input[@name='value'][@checked]/@value") == ["3"]


@pytest.mark.parametrize(
    "fields", [{"value": "9"}, {"value": ""}, {"handling": "4"}, {"attributable": "perhaps"}, {"shown": ""}]
)
@ONE_ENGINE
def test_what_the_form_does_not_offer_is_refused(
    analyst: StrictClient, record: Record, database: Database, fields: dict[str, str]
) -> None:
    record(2)

    assert analyst.submit(f"{ADDRESS}/correct", **({"reason": "Why not?"} | fields)).status_code == 422
    assert waiting(database) == []


@pytest.mark.parametrize("path", ["correct", "withdraw"])
def test_a_form_opened_before_another_correction_is_shown_again_with_both(
    analyst: StrictClient, record: Record, path: str
) -> None:
    record(2)
    page = analyst.get(f"{ADDRESS}/{path}")
    record(4, revision=2, reason="Meanwhile.")

    wanted = {"value": "3"} if path == "correct" else {}
    refused = analyst.submit_form(page, action=f"{ADDRESS}/{path}", reason="Read again.", **wanted)

    assert refused.status_code == 409
    words = text_of(refused)
    assert "As it stands Level 4" in words
    assert "It was changed since you opened this form." in words
    assert "Read again." in words
    assert analyst.submit_form(refused, action=f"{ADDRESS}/{path}").status_code == 302


def test_a_withdrawal_waits_and_can_be_taken_back(
    analyst: StrictClient, sign_in_as: SignInAs, record: Record, database: Database
) -> None:
    record(2)
    assert analyst.submit(f"{ADDRESS}/withdraw", reason=" ").status_code == 422
    assert analyst.submit(f"{ADDRESS}/withdraw", reason="Another country.").status_code == 302
    page = analyst.get(ADDRESS)
    assert "A withdrawal waits for a second person." in text_of(page)
    for path in ("correct", "withdraw"):
        again = analyst.get(f"{ADDRESS}/{path}", follow_redirects=True)
        assert "You have proposed something for this observation already." in text_of(again)

    analyst.submit_form(page, action=f"{ADDRESS}/take-back")
    assert waiting(database) == []
    token = {"csrf_token": token_on(analyst, "/account")}
    assert analyst.post(f"{ADDRESS}/take-back", data=token).status_code == 409
    analyst.submit(f"{ADDRESS}/withdraw", reason="Another country.")
    accept_all(sign_in_as, database)

    assert analyst.get(f"{ADDRESS}/withdraw").status_code == 409
    words = text_of(analyst.get("/countries/MLI"))
    assert "Nothing that you may see is recorded about this country" in words
    assert "2026-02-28" not in analyst.get(f"/countries/MLI/{COURTS}.csv").text
    assert "Nothing is recorded yet" in text_of(analyst.get("/countries"))


def test_a_withdrawn_observation_can_be_restored(
    analyst: StrictClient, sign_in_as: SignInAs, record: Record, database: Database
) -> None:
    record(2)
    record(2, revision=2, withdrawn=True, reason="Another country.")
    assert "Restore it" in text_of(analyst.get(ADDRESS))

    analyst.submit(f"{ADDRESS}/correct", reason="It was this one after all.")
    accept_all(sign_in_as, database)

    assert history(analyst)[0].startswith("It counts again. Why: It was this one after all.")


def test_what_came_back_is_said_to_its_author_who_changes_it(
    analyst: StrictClient, sign_in_as: SignInAs, record: Record, database: Database
) -> None:
    record(2)
    analyst.submit(f"{ADDRESS}/correct", value="4", reason="A ruling.")
    [coding] = waiting(database)
    reviewer = sign_in_as(Role.REVIEWER, name="Rita")
    sent = {"csrf_token": token_on(reviewer, "/account"), "act": "return", "pick": str(coding.id), "reason": "Which?"}
    assert reviewer.post("/review/MLI", data=sent).status_code == 302

    assert "What you proposed came back: Which?" in text_of(analyst.get(ADDRESS))
    assert "came back" not in text_of(reviewer.get(ADDRESS))
    form = analyst.get(f"{ADDRESS}/correct")
    assert "It came back: Which?" in text_of(form)
    assert parsed(form).xpath("//input[@name='value'][@checked]/@value") == ["4"]
    analyst.submit_form(form, action=f"{ADDRESS}/correct", reason="The ruling of 3 February.")

    assert "It was returned before: Which?" in text_of(reviewer.get("/review"))
    accept_all(sign_in_as, database)
    assert history(analyst)[0].startswith("Level 2 became 4. Why: The ruling of 3 February.")


def test_a_correction_that_was_overtaken_is_said_to_be_and_refused(
    analyst: StrictClient, sign_in_as: SignInAs, record: Record, database: Database
) -> None:
    record(2)
    analyst.submit(f"{ADDRESS}/correct", value="3", reason="Read again.")
    record(1, revision=2, reason="Meanwhile.")
    reviewer = sign_in_as(Role.REVIEWER)
    [coding] = waiting(database)

    page = text_of(reviewer.get("/review/MLI"))
    assert "The observation was changed after this was proposed: return it" in page
    sent = {"csrf_token": token_on(reviewer, "/account"), "act": "accept", "pick": str(coding.id)}
    refused = reviewer.post("/review/MLI", data=sent | {"shown": f"{coding.id}.{coding.cell_version}"})

    assert refused.status_code == 409
    assert "The observation of 2026-02-28 was changed after this was proposed." in text_of(refused)


def test_a_reader_of_the_forms_does_not_learn_whose_word_it_is(
    analyst: StrictClient, sign_in_as: SignInAs, record: Record, database: Database
) -> None:
    record(2, source_name="A witness", attributable=False, evidence_url="https://witness.example/")

    form = analyst.get(f"{ADDRESS}/correct")
    assert "Leave this empty to keep the source as it is." in text_of(form)
    analyst.submit_form(form, action=f"{ADDRESS}/correct", value="3", reason="Read again.")
    pages = [form, analyst.get(ADDRESS), sign_in_as(Role.REVIEWER).get("/review")]
    accept_all(sign_in_as, database)
    pages += [analyst.get(ADDRESS), analyst.get(f"{ADDRESS}/correct"), analyst.get(f"{ADDRESS}/withdraw")]

    assert all("itness" not in page.text.replace("witnessed", "") for page in pages)
    assert history(analyst)[0].startswith("Level 2 became 3. Why")
