"""What is no table, and what nobody would send, breaks no page."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.importing import how_many, table
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.browsing import token_on
from tests.web.conftest import SignInAs
from tests.web.imports.bringing import MULTIPART, ONE_ENGINE, RIGHT, bring, brought
from tracker.access import Role
from tracker.exchange.tables.reading import read_table
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.storage.recording import Import
from tracker.web import uploads


@ONE_ENGINE
@pytest.mark.parametrize("text", ["a\x00b", "9" * 20, "﷽" * 300, "indicator:<script>alert(1)"])
def test_no_choice_that_can_be_sent_breaks_a_page(analyst: StrictClient, app: Flask, text: str) -> None:
    """A kind of fields at a time, so that one refusal does not hide the next."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    page = brought(analyst, table(*RIGHT))
    fields = dict(form_on(analyst.get(page), f"{page}/columns").form_values())
    for kind in (
        "column_",
        "fixed_",
        "sheet",
        "header_row",
        ("seen", "source_id", "missing", "last_row", "day_", "dec"),
    ):
        changed = {name: text for name in fields if name.startswith(kind)}
        assert changed
        answer = analyst.post(f"{page}/columns", data=fields | changed)
        assert 400 <= answer.status_code < 500 or answer.headers["Location"] == page
    for asked in ({"sheet": text}, {"header_row": text, "like": text}):
        answer = analyst.get(page, query_string=asked)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


@ONE_ENGINE
@pytest.mark.parametrize(("row", "said"), [(1000, False), (1001, True), (999_999_999, True)])
def test_headings_beyond_the_first_rows_are_refused_before_anything_is_read(
    analyst: StrictClient, monkeypatch: pytest.MonkeyPatch, row: int, said: bool
) -> None:
    page = brought(analyst, table(*RIGHT))
    read = []

    def looked_into(path: Path, *, sheet: str | None) -> Any:
        read.append(row)
        return read_table(path, sheet=sheet)

    monkeypatch.setattr("tracker.actions.imports.glancing.read_table", looked_into)
    answer = analyst.get(page, query_string={"header_row": str(row)})
    assert ("first 1000 rows" in text_of(answer)) is said
    assert read == ([] if said else [row])


# ---- what is no table ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "figures.csv", "The file is empty"),
        (b"%PDF-1.7 and more", "figures.csv", "no table"),
        (b"PK\x03\x04 not really", "figures.xlsx", "damaged"),
    ],
)
@ONE_ENGINE
def test_what_is_no_table_is_refused_at_once_and_not_kept(
    analyst: StrictClient, database: Database, settings: Settings, content: bytes, name: str, said: str
) -> None:
    answer = bring(analyst, content, name)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert how_many(database, Import) == [0]
    assert list((settings.data_folder / "imports").iterdir()) == []


@ONE_ENGINE
def test_no_file_is_no_import(analyst: StrictClient, database: Database) -> None:
    answer = analyst.submit("/imports/new")
    assert answer.status_code == 422
    assert "Choose a file." in text_of(answer)
    assert how_many(database, Import) == [0]


@pytest.mark.parametrize(("more", "status"), [(0, 302), (1, 413)])
@ONE_ENGINE
def test_a_page_takes_a_file_up_to_its_limit(
    analyst: StrictClient, monkeypatch: pytest.MonkeyPatch, more: int, status: int
) -> None:
    """Beyond what any other page takes."""
    largest = 3 * 1024 * 1024
    monkeypatch.setitem(uploads.LARGEST, "imports.new", largest)
    token = token_on(analyst, "/imports/new")
    whole = len(_body(b"", token))
    content = table(*RIGHT)
    content += b"\n" * (largest + uploads.AROUND_THE_FILE - whole - len(content) + more)
    answer = analyst.post("/imports/new", data=_body(content, token), headers=MULTIPART)
    assert answer.status_code == status
    if status == 413:
        assert "The file to import is too large A file may have 3 MB at most" in text_of(answer)
        assert parsed(answer).xpath("//a[@href='/imports/new']/text()") == ["Back to the form"]


def _body(content: bytes, token: str) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\n'
    file = 'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return (head + file).encode() + content + b"\r\n--b--\r\n"


@ONE_ENGINE
def test_who_may_not_record_may_not_send_a_large_file_either(sign_in_as: SignInAs) -> None:
    reader = sign_in_as(Role.REVIEWER)
    answer = reader.post("/imports/new", data=_body(b"a" * 3 * 1024 * 1024, ""), headers=MULTIPART)
    assert answer.status_code == 413
