"""What the tests of the pages of measures share: a measure that was proposed, and how its forms are filled in."""

from typing import Any

from tests.strict_client import StrictClient, parsed
from tests.web.situations.desk import page_of
from tracker.storage.base import Database
from tracker.storage.conclusions import Situation
from tracker.storage.responding import Response

OWN: dict[str, Any] = {
    "kind": "diplomatic",
    "sphere": "national",
    "title_": "The minister talks with both sides",
    "words": "Before the election.",
}
STARTED: dict[str, Any] = {
    "owner": "The office of the minister",
    "organisation": "Ministry of the Interior",
    "due_on": "2026-06-01",
}


def propose(client: StrictClient, situation: Situation, **differing: Any) -> str:
    """In one's own words; the address of its page."""
    page = client.get(f"{page_of(situation)}/propose?measure=own")
    answer = client.submit_form(page, action=None, **(OWN | differing))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def decided(client: StrictClient, page: str) -> str:
    assert client.submit(f"{page}/decide", decided_by="The cabinet").status_code == 302
    return page


def started(client: StrictClient, page: str) -> str:
    assert client.submit(f"{decided(client, page)}/start", **STARTED).status_code == 302
    return page


def as_it_is(database: Database, page: str) -> Response:
    with database.reading() as session:
        return session.get_one(Response, int(page.rsplit("/", 1)[1]))


def ledger(page: str, client: StrictClient) -> list[str]:
    """What was done, the newest first."""
    found = parsed(client.get(page)).xpath("//section[@aria-labelledby='ledger']//li/p[1]")
    return [" ".join(one.text_content().split()) for one in found]
