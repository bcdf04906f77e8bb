"""How an observation is corrected and withdrawn: proposed by one, accepted by another."""

import pytest

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import token_on
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.observations.observing import ADDRESS, COURTS, ONE_ENGINE, Record, accept_all, history, waiting
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.base import Database


@ONE_ENGINE
def test_only_analysts_are_offered_to_change_anything(sign_in_as: SignInAs, record: Record) -> None:
    record()
    for role, offered in ((Role.ANALYST, True), (Role.READER, False), (Role.REVIEWER, False)):
        client = sign_in_as(role)
        assert ("Withdraw" in text_of(client.get(ADDRESS))) is offered
        assert client.get(f"{ADDRESS}/correct").status_code == (200 if offered else 403)


@BOTH_ENGINES
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


@BOTH_ENGINES
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


@BOTH_ENGINES
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
    assert "The observation of 28 February 2026 was changed after this was proposed." in text_of(refused)


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
