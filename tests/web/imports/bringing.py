"""Bringing a file by the pages, as an analyst does."""

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.importing import CORRUPTION
from tests.strict_client import StrictClient, text_of
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.storage.base import Database
from tracker.storage.recording import Import

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
RIGHT = [f"{iso3},2024,{CORRUPTION},-0.5,0.2" for iso3 in ("MLI", "NER", "TCD")]
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}
WRONG = f"Atlantis,2024,{CORRUPTION},-0.5,0.2"


def bring(client: StrictClient, content: bytes, name: str = "figures.csv") -> TestResponse:
    return client.submit("/imports/new", file=(io.BytesIO(content), name))


def brought(client: StrictClient, content: bytes, name: str = "figures.csv") -> str:
    """The address of its page."""
    answer = bring(client, content, name)
    assert answer.status_code == 302, text_of(answer)
    return str(answer.headers["Location"])


def check(client: StrictClient, page: str, shift: Shift, **fields: Any) -> TestResponse:
    """The choices as the page offers them, but for those named; then the worker has its turn."""
    answer = client.submit_form(client.get(f"{page}?columns=1"), action=f"{page}/columns", **fields)
    assert answer.status_code == 302, text_of(answer)
    work_on_imports(shift)
    return client.get(page)


def record(client: StrictClient, page: str, shift: Shift, **fields: Any) -> TestResponse:
    client.submit_form(client.get(page), action=f"{page}/record", **fields)
    work_on_imports(shift)
    return client.get(page)


def import_of(database: Database, page: str) -> Import:
    with database.reading() as session:
        return session.get_one(Import, int(page.rpartition("/")[2]))
