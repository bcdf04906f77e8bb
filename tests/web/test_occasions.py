"""Days to come, on the country's side."""

from datetime import datetime

import pytest

from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.base import Database

PAGE = "/countries/MLI/occasions"
ELECTION = {"name_": "Election of the assembly", "kind": "election", "day": "2026-04-20"}


@pytest.fixture
def analyst(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ANALYST)


def names(client: StrictClient) -> list[str]:
    return [str(name) for name in parsed(client.get(PAGE)).xpath("//table[not(ancestor::details)]//tbody//th/a/text()")]


@BOTH_ENGINES
def test_a_day_is_entered_seen_and_called_off(analyst: StrictClient, sign_in_as: SignInAs) -> None:
    analyst.submit(PAGE, **ELECTION)
    assert names(analyst) == names(sign_in_as(Role.READER)) == ["Election of the assembly"]
    [form] = [form for form in parsed(analyst.get(PAGE)).forms if "call-off" in form.get("action", "")]

    analyst.submit_form(analyst.get(PAGE), action=form.get("action"))

    assert names(analyst) == []


def test_a_day_is_clear_unless_somebody_says_otherwise(sign_in_as: SignInAs) -> None:
    form = form_on(sign_in_as(Role.ANALYST, clearance=Mark.RED).get(PAGE), PAGE)

    assert form.fields["handling"] == str(int(Mark.CLEAR))


def test_a_reader_sees_no_form(sign_in_as: SignInAs) -> None:
    page = sign_in_as(Role.READER).get(PAGE)

    assert "Nothing that you may see is entered" in text_of(page)
    assert parsed(page).xpath("//input[@name='day']") == []


@pytest.mark.parametrize(
    ("differing", "said"),
    [
        ({"day": ""}, "Enter a day, such as"),
        ({"day": "2026-02-30"}, "Enter a day, such as"),
        ({"day": "2026-03-15"}, "Enter a day from today on"),
        ({"name_": ""}, "Say what it is"),
    ],
)
def test_what_cannot_be_entered_comes_back_filled(analyst: StrictClient, differing: dict[str, str], said: str) -> None:
    answer = analyst.submit(PAGE, **(ELECTION | differing))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert form_on(answer, PAGE).fields["kind"] == "election"
    assert names(analyst) == []


@BOTH_ENGINES
def test_what_lies_above_a_clearance_or_outside_a_scope_is_not_there(sign_in_as: SignInAs) -> None:
    red = sign_in_as(Role.ANALYST, clearance=Mark.RED)
    red.submit(PAGE, **ELECTION, handling=str(int(Mark.RED)))

    assert names(red) == ["Election of the assembly"]
    assert names(sign_in_as(Role.ANALYST, clearance=Mark.AMBER)) == []
    assert sign_in_as(Role.ANALYST, countries=["PRY"]).get(PAGE).status_code == 404


def test_a_country_that_does_not_exist_has_no_days(analyst: StrictClient, database: Database, now: datetime) -> None:
    assert analyst.get("/countries/QQQ/occasions").status_code == 404
