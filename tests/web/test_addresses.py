"""What somebody types or follows leads where they meant, or the page says that it did not."""

import pytest

from tests.strict_client import parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("/countries/mli", "/countries/MLI"),
        ("/countries/Mli?as_of=2026-03-10&window=1", "/countries/MLI?as_of=2026-03-10&window=1"),
        ("/countries/mli/brief.pdf?up_to=GREEN", "/countries/MLI/brief.pdf?up_to=GREEN"),
        ("/countries/mli/militias", "/countries/MLI/militias"),
    ],
)
def test_a_code_in_small_letters_leads_to_the_country(sign_in_as: SignInAs, typed: str, stands: str) -> None:
    answer = sign_in_as(Role.READER).get(typed)

    assert (answer.status_code, answer.headers["Location"]) == (308, stands)


@pytest.mark.parametrize("typed", ["/countries/ner", "/countries/zzz"])
def test_small_letters_tell_nothing_of_what_is_there(sign_in_as: SignInAs, typed: str) -> None:
    client = sign_in_as(Role.READER, countries=["MLI"])

    assert client.get(typed, follow_redirects=True).status_code == 404


def test_nothing_that_is_sent_is_led_elsewhere(sign_in_as: SignInAs) -> None:
    client = sign_in_as(*Role)

    assert client.post("/countries/mli/watch", data={"watched": "yes"}).status_code in (400, 404)


@pytest.mark.parametrize("path", ["/countries", "/situations", "/situations/raise", "/coverage/due", "/criteria"])
def test_a_page_that_knows_no_past_says_so_and_leads_back_to_the_day(sign_in_as: SignInAs, path: str) -> None:
    page = sign_in_as(*Role).get(f"{path}?as_of=2026-03-10&known_on=2026-03-12")

    assert "it shows today, and not 10 March 2026" in text_of(page)
    links = parsed(page).xpath("//main//a[text()='The dashboard of 10 March 2026']/@href")
    assert links == ["/?as_of=2026-03-10&known_on=2026-03-12"]


@pytest.mark.parametrize(
    "address",
    ["/?as_of=2026-03-10", "/countries/MLI?as_of=2026-03-10", "/countries?as_of=2026-03-16", "/countries?as_of=x"],
)
def test_where_the_day_is_shown_or_is_none_nothing_is_said(sign_in_as: SignInAs, address: str) -> None:
    assert "knows no past days" not in text_of(sign_in_as(Role.READER).get(address))
