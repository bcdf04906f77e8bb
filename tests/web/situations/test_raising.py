"""What a person sees that no rule has seen."""

from sqlalchemy import select

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.situations.desk import followed, typed
from tracker.access import Role
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag


@BOTH_ENGINES
def test_a_person_raises_a_flag_from_the_countrys_page_and_clears_it(
    analyst: StrictClient, reviewer: StrictClient, database: Database
) -> None:
    [link] = [link for link in parsed(analyst.get("/countries/MLI")).xpath("//a/@href") if "raise" in link]
    page = analyst.get(link)
    assert typed(page)["iso3"] == "MLI"

    told = followed(analyst, analyst.submit_form(page, action=None, words="A curfew since Monday.", severity="3"))

    assert "Raised by a person: A curfew since Monday." in told
    assert "alarm" in told
    assert "It clears when a person says" in told
    with database.reading() as session:
        [flag] = session.scalars(select(Flag))
    address = f"/situations/{flag.situation_id}/flags/{flag.id}/clear"
    assert "It was lifted." in followed(analyst, analyst.submit(address, words="It was lifted."))
    assert reviewer.get(address).status_code == 404


def test_a_flag_without_a_reason_comes_back_filled(analyst: StrictClient) -> None:
    answer = analyst.submit("/situations/raise", iso3="NER", words="", severity="1")

    assert answer.status_code == 422
    fields = typed(answer)
    assert (fields["iso3"], fields["severity"]) == ("NER", "1")
    assert "Say why" in parsed(answer).xpath("string(//*[@id='words-error'])")


def test_a_flag_is_about_no_country_until_one_is_chosen(analyst: StrictClient) -> None:
    page = analyst.get("/situations/raise")
    assert parsed(page).xpath("//select[@name='iso3']/option[@selected]/@value") in ([], [""])

    answer = analyst.submit_form(page, action=None, iso3="", words="A curfew.")

    assert answer.status_code == 422
    assert "Choose the country" in parsed(answer).xpath("string(//*[@id='iso3-error'])")
    assert typed(answer)["words"] == "A curfew."


def test_only_countries_of_the_scope_are_offered(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Role.ANALYST, countries=["MLI"])
    page = client.get("/situations/raise")

    assert parsed(page).xpath("//select[@name='iso3']/option/@value") == ["", "MLI"]
    assert client.submit_form(page, action=None, iso3="NER", words="A curfew.").status_code == 422


def test_what_is_typed_is_shown_and_never_run(analyst: StrictClient) -> None:
    typed = "<script>alert(1)</script> {{ 7*7 }} 100 % of %(words)s"

    answer = analyst.submit("/situations/raise", iso3="MLI", words=typed)
    page = analyst.get(answer.headers["Location"])

    assert typed in text_of(page)
    assert "<script>alert" not in page.text
