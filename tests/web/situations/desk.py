"""What the tests of the pages of situations share: whom they are about, and how their buttons are pressed."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.strict_client import StrictClient, form_on, parsed, text_of
from tracker.situation import SituationState
from tracker.storage.base import Database
from tracker.storage.conclusions import Flag, Situation

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
NEW, VERIFYING, ASSESSED, RESPONDING, MONITORING, CLOSED = SituationState
IN_SCOPE: dict[str, Any] = {
    "crimes": ["ethnic_cleansing"],
    "likelihood": "4",
    "consequence": "5",
    "stage": "early_violence",
    "population": "Some 40,000 people of two valleys",
    "summary": "Militias block the roads out.",
}
OUT_OF_SCOPE = {"out_of_scope": "A strike about wages.", "summary": "A strike.", "crimes": []}
Raise = Callable[..., tuple[Flag, Situation]]


def page_of(situation: Situation) -> str:
    return f"/situations/{situation.id}"


def press(client: StrictClient, page: str, action: str, **fields: Any) -> TestResponse:
    """Opens the page and presses the button whose form goes there."""
    return client.submit_form(client.get(page), action=action, **fields)


def followed(client: StrictClient, answer: TestResponse) -> str:
    assert answer.status_code == 302, text_of(answer)
    return text_of(client.get(answer.headers["Location"]))


def judge(client: StrictClient, opened: TestResponse | str, act: str, *picked: Flag, words: str = "") -> TestResponse:
    """Ticks boxes on the page and presses a button."""
    page = client.get(opened) if isinstance(opened, str) else opened
    [form] = [form for form in parsed(page).forms if str(form.get("action")).endswith("/verdicts")]
    sent = {
        "csrf_token": str(form.xpath(".//input[@name='csrf_token']/@value")[0]),
        "shown": [str(value) for value in form.xpath(".//input[@name='shown']/@value")],
        "pick": [str(flag.id) for flag in picked],
        "act": act,
        "words": words,
    }
    return client.post(str(form.get("action")), data=sent)


def beside(client: StrictClient, page: str, act: str, **typed: Any) -> TestResponse:
    """Presses a button that takes along what stands in the form for verdicts, if there is one."""
    opened = client.get(page)
    for button in parsed(opened).xpath(f"//button[@form='verdicts'][@formaction='{page}/{act}']"):
        sent = {str(name): values for name, values in _fields(opened, f"{page}/verdicts").items()}
        return client.post(f"{page}/{act}", data=sent | {button.get("name"): button.get("value")} | typed)
    return client.submit_form(opened, action=f"{page}/{act}", **typed)


def _fields(page: TestResponse, action: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in form_on(page, action).form_values():
        found.setdefault(name, []).append(value)
    return found


def typed(page: TestResponse) -> dict[str, str]:
    """What the form holds; browsers drop the line break with which a text begins."""
    fields = form_on(page, None).fields
    return {name: value.removeprefix("\n") for name, value in fields.items() if isinstance(value, str)}


def as_it_is(database: Database, situation: Situation) -> Situation:
    with database.reading() as session:
        return session.get_one(Situation, situation.id)


def rows(page: TestResponse) -> list[str]:
    """The names in the queue."""
    return [" ".join(name.split()) for name in parsed(page).xpath("//ol[contains(@class, 'situations')]//h3/a/text()")]


def timeline(client: StrictClient, situation: Situation) -> list[str]:
    """The newest first."""
    found = parsed(client.get(page_of(situation))).xpath("//section[@aria-labelledby='timeline']//li/p[1]")
    return [" ".join(one.text_content().split()) for one in found]
