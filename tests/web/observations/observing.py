"""What the tests of the pages of an observation say again and again."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import token_on
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage import codings
from tracker.storage.base import Database
from tracker.storage.recording import Coding

COURTS, PUBLISHED = "independence_of_courts", "wgi_rule_of_law"
DAY = date(2026, 2, 28)
ADDRESS = f"/countries/MLI/{COURTS}/2026-02-28"
Record = Callable[..., None]
ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


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
