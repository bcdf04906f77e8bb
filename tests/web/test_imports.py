"""Somebody brings a file, says what it means, sees what is wrong, and records it; and others see what they may."""

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import factories
from tests.importing import CORRUPTION, COURTS, codings, how_many, observations, standing, table
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.browsing import browser_of, somebody, token_on
from tests.web.conftest import SignInAs, TestClock
from tracker.access import Role
from tracker.actions.imports.bring import LARGEST_FILE_BYTES
from tracker.exchange.tables.reading import read_table
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.settings import Settings
from tracker.storage import imports
from tracker.storage.base import Database
from tracker.storage.models import Import, ImportState, JobRun, Observation, Person
from tracker.web import uploads

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
RIGHT = [f"{iso3},2024,{CORRUPTION},-0.5,0.2" for iso3 in ("MLI", "NER", "TCD")]
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}
WRONG = f"Atlantis,2024,{CORRUPTION},-0.5,0.2"


@pytest.fixture
def ana(database: Database, now: datetime) -> Person:
    return somebody(database, now, name="Ana", roles=[Role.ANALYST])


@pytest.fixture
def analyst(app: Flask, database: Database, ana: Person, now: datetime) -> StrictClient:
    return browser_of(app, database, ana, now)


@pytest.fixture
def shift(settings: Settings, database: Database, now: datetime) -> Shift:
    return Shift(settings, database, clock=lambda: now, stopping=lambda: False)


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


# ---- from the file to the record -------------------------------------------------------------------------------


def test_a_file_is_brought_checked_and_recorded(analyst: StrictClient, database: Database, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT))
    first = analyst.get(page)
    assert [str(one) for one in parsed(first).xpath("//table//option[@selected]/text()")] == [
        *("Country", "Day, month or year", "Indicator", "Value", "Standard error")
    ]
    assert "0.2" in text_of(first)

    checked = text_of(check(analyst, page, shift))
    assert "3 rows read 3 accepted 0 empty 0 refused" in checked
    assert "3 new values" in checked
    assert observations(database) == []

    assert "3 new values recorded" in text_of(record(analyst, page, shift))
    assert standing(database)["NER", date(2024, 12, 31)] == -0.5


@ONE_ENGINE
def test_a_workbook_is_brought_with_the_sheet_that_is_chosen(
    analyst: StrictClient, database: Database, shift: Shift
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.title = "About"
    book.active.append(["This workbook has its figures on the second sheet."])
    sheet = book.create_sheet("Figures")
    for line in ("iso3,date,indicator,value", *(line.rpartition(",")[0] for line in RIGHT)):
        sheet.append(line.split(","))
    file = io.BytesIO()
    book.save(file)
    page = brought(analyst, file.getvalue(), "book.xlsx")

    other = analyst.get(f"{page}?sheet=Figures")
    assert parsed(other).xpath("//select[@name='sheet']/option[@selected]/text()") == ["Figures"]
    analyst.submit_form(other, action=f"{page}/columns")
    work_on_imports(shift)
    assert import_of(database, page).sheet == "Figures"
    assert "3 accepted" in text_of(analyst.get(page))


@ONE_ENGINE
def test_problems_are_told_by_row_and_column_and_can_be_taken_away(analyst: StrictClient, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT, WRONG, f"=1+1,2024,{CORRUPTION},-0.5,0.2"))
    said = text_of(check(analyst, page, shift))
    assert "2 refused" in said
    assert "A5" in said
    assert "“Atlantis” is no country that is known here" in said

    sheet = analyst.get(f"{page}/problems.csv")
    rows = list(csv.reader(io.StringIO(sheet.text)))
    assert rows[0] == ["row", "column", "heading", "cell", "kind", "problem"]
    assert [row[:4] for row in rows[1:]] == [["5", "A", "iso3", "Atlantis"], ["6", "A", "iso3", "'=1+1"]]


@ONE_ENGINE
def test_rows_are_left_out_only_by_a_button_that_says_so(
    analyst: StrictClient, database: Database, shift: Shift
) -> None:
    page = brought(analyst, table(*RIGHT, WRONG))
    shown = check(analyst, page, shift)
    assert "Record the 3 rows that are right and leave out 1" in text_of(shown)
    seen = str(import_of(database, page).version)
    fields = {"csrf_token": token_on(analyst, "/imports/new"), "seen": seen}
    assert analyst.post(f"{page}/record", data=fields).status_code == 400
    assert import_of(database, page).state is ImportState.CHECKED

    record(analyst, page, shift)
    assert how_many(database, Observation) == [3]


@ONE_ENGINE
def test_a_word_that_is_not_known_can_be_given_its_meaning_or_left_out(
    analyst: StrictClient, database: Database, shift: Shift
) -> None:
    lines = [*RIGHT, "Mali,2023,corruption of all kinds,-0.5,", f"World,2023,{CORRUPTION},0,"]
    page = brought(analyst, table(*lines))
    check(analyst, page, shift, indicator_means_1="")
    form = form_on(analyst.get(f"{page}?columns=1"), f"{page}/columns")
    named = {form.fields[name]: name for name in form.fields if "_word_" in name}
    assert named.keys() == {"corruption of all kinds", "World"}

    choices = {
        named["corruption of all kinds"].replace("word", "means"): CORRUPTION,
        named["World"].replace("word", "means"): "-",
    }
    assert "4 accepted 0 empty 0 refused" in text_of(check(analyst, page, shift, **choices))


@ONE_ENGINE
def test_the_choices_for_one_file_are_offered_for_the_next_with_the_same_headings(
    analyst: StrictClient, shift: Shift
) -> None:
    headings = "where,year,indicator,how much"
    lines = [line.rpartition(",")[0] for line in RIGHT]
    page = brought(analyst, table(*lines, headings=headings))
    choices = {"column_1": "country", "column_2": "date", "column_3": "indicator", "column_4": "value"}
    assert "3 accepted" in text_of(check(analyst, page, shift, **choices))

    again = analyst.get(brought(analyst, table(*lines[:2], headings=headings), "next.csv"))
    assert "as you chose them for “figures.csv”" in text_of(again)
    fields = dict(form_on(again, f"{again.request.path}/columns").form_values())
    assert {name: fields[name] for name in choices} == choices


@ONE_ENGINE
def test_the_choices_for_the_last_file_of_a_publisher_are_offered_for_the_next(
    analyst: StrictClient, database: Database, shift: Shift
) -> None:
    with database.reading() as session:
        publisher = str(imports.sources_named(session, ["wgi"])["wgi"])
    lines = [line.rpartition(",")[0] for line in RIGHT]
    page = brought(analyst, table(*lines, headings="where,year,indicator,how much"))
    choices = {"column_1": "country", "column_4": "value", "source_id": publisher}
    check(analyst, page, shift, **choices)

    other = brought(
        analyst, table(*(f"x,{line}" for line in lines), headings="more,where,year,indicator,how much"), "b"
    )
    assert "as you chose them" not in text_of(analyst.get(other))
    again = analyst.get(other, query_string={"like": publisher})
    fields = dict(form_on(again, f"{other}/columns").form_values())
    assert (fields["column_2"], fields["column_5"], fields["source_id"]) == ("country", "value", publisher)


@ONE_ENGINE
def test_a_column_can_be_an_indicator_or_a_year(analyst: StrictClient, database: Database, shift: Shift) -> None:
    wide = brought(analyst, table("Mali,2024,-0.5", "Niger,2024,..", headings="Country,Year,Index of corruption"))
    said = text_of(check(analyst, wide, shift, column_1="country", column_2="year", column_3=f"indicator:{CORRUPTION}"))
    assert "2 rows read 1 accepted 1 empty 0 refused" in said

    years = brought(analyst, table("Mali,-0.4,-0.3", headings="Country,2021,2022"), "years.csv")
    said = text_of(check(analyst, years, shift, column_2="day", column_3="day", fixed_indicator=CORRUPTION))
    assert "2 new values" in said


@ONE_ENGINE
def test_a_mapping_that_says_too_little_is_refused_beside_the_choices(
    analyst: StrictClient, database: Database
) -> None:
    page = brought(analyst, table(*RIGHT))
    answer = analyst.submit_form(analyst.get(page), action=f"{page}/columns", column_1="")
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    assert form_on(answer, f"{page}/columns").fields["column_3"] == "indicator"
    assert import_of(database, page).state is ImportState.UPLOADED


@ONE_ENGINE
@pytest.mark.parametrize(
    ("lines", "headings", "told"),
    [
        (("Mali,2024,5", "Niger,2024,6"), "Country,Year,Rainfall", True),
        (("Mali,2024,rainfall,5", "Niger,2024,rainfall,6"), "Country,Year,Indicator,Value", True),
        (("Mali,2024,rainfall,5", f"Niger,2024,{CORRUPTION},6"), "Country,Year,Indicator,Value", False),
        ((f"Mali,2024,{COURTS},5",), "Country,Year,Indicator,Value", False),
        (("Mali,2024,-0.5",), f"Country,Year,{CORRUPTION}", False),
    ],
)
def test_a_file_without_any_indicator_of_the_catalogue_says_so(
    analyst: StrictClient, lines: tuple[str, ...], headings: str, told: bool
) -> None:
    shown = text_of(analyst.get(brought(analyst, table(*lines, headings=headings))))
    assert ("No column or word of this file is an indicator" in shown) is told


@ONE_ENGINE
def test_beside_the_button_stands_as_whose_figures_they_are_recorded(
    analyst: StrictClient, database: Database, shift: Shift
) -> None:
    with database.reading() as session:
        names = {one.key: (one.id, one.name) for one in imports.publishers(session)}
    page = brought(analyst, table(*RIGHT))
    said = text_of(check(analyst, page, shift))
    assert f"a figure of {names['wgi'][1]}. So the catalogue says" in said
    said = text_of(check(analyst, page, shift, source_id=str(names["vdem"][0])))
    assert f"a figure of {names['vdem'][1]}." in said
    assert "So the catalogue says" not in said


@ONE_ENGINE
def test_answers_of_analysts_are_announced_as_drafts(
    analyst: StrictClient, database: Database, shift: Shift, ana: Person
) -> None:
    page = brought(analyst, table(*(f"{iso3},2026-02,{COURTS},2," for iso3 in ("MLI", "NER", "TCD"))))
    assert "3 answers that become your drafts" in text_of(check(analyst, page, shift))
    done = record(analyst, page, shift)
    assert "/enter" in parsed(done).xpath("//main//a[contains(., 'submit them')]/@href")
    assert [draft.author_id for draft in codings(database)] == [ana.id] * 3
    assert observations(database) == []


@pytest.mark.parametrize("known", [True, False])
def test_only_publishers_of_the_catalogue_are_taken_as_publisher(
    analyst: StrictClient, database: Database, known: bool
) -> None:
    """Any other number is refused, whether somebody was ever named under it or not."""
    with database.writing() as session:
        named = factories.source(session, name="A clerk at the court").id
    page = brought(analyst, table(*RIGHT))
    fields = dict(form_on(analyst.get(page), f"{page}/columns").form_values())
    answer = analyst.post(f"{page}/columns", data=fields | {"source_id": str(named if known else 999_999_999)})
    assert answer.status_code == 422
    assert "The catalogue names no such publisher" in text_of(answer)
    assert "A clerk at the court" not in answer.text
    assert import_of(database, page).state is ImportState.UPLOADED


# ---- the same file twice ---------------------------------------------------------------------------------------


def test_the_same_file_twice_is_said_and_goes_on_only_knowingly(
    analyst: StrictClient, database: Database, shift: Shift
) -> None:
    page = brought(analyst, table(*RIGHT))
    check(analyst, page, shift)
    record(analyst, page, shift)
    again = brought(analyst, table(*RIGHT), "renamed.csv")
    shown = analyst.get(again)
    assert "This very file was brought before (recorded)." in text_of(shown)
    assert page in parsed(shown).xpath("//main//a/@href")

    refused = analyst.submit_form(shown, action=f"{again}/columns")
    assert refused.status_code == 422
    assert "say that you know, to go on" in text_of(refused)
    said = text_of(check(analyst, again, shift, knowingly="yes"))
    assert "3 values that are there already and change nothing" in said
    assert "all of it is recorded already" in said
    assert not parsed(analyst.get(again)).xpath("//main//form[contains(@action, '/record')]//button")


@ONE_ENGINE
def test_a_check_that_has_grown_old_promises_nothing(analyst: StrictClient, shift: Shift) -> None:
    first = brought(analyst, table(*RIGHT))
    check(analyst, first, shift)
    record(analyst, first, shift)
    again = brought(analyst, table(*RIGHT), "renamed.csv")
    assert "change nothing" in text_of(check(analyst, again, shift, knowingly="yes"))
    analyst.submit(f"{first}/withdraw", reason="The wrong edition")

    shown = text_of(analyst.get(again))
    assert "changes nothing" not in shown
    assert "change nothing" not in shown
    assert "3 values that were there already when the file was checked" in shown
    assert "Something was recorded since this check" in shown


# ---- how far it is ---------------------------------------------------------------------------------------------


@ONE_ENGINE
def test_whoever_waits_sees_that_they_may_leave_and_whether_anybody_works(
    analyst: StrictClient, database: Database, now: datetime
) -> None:
    page = brought(analyst, table(*RIGHT))
    analyst.submit_form(analyst.get(page), action=f"{page}/columns")
    waiting = analyst.get(page)
    assert "You can leave this page" in text_of(waiting)
    assert "No worker is running" in text_of(waiting)
    assert parsed(waiting).xpath("//script[contains(@src, 'progress.js')]")

    with database.writing() as session:
        session.add(JobRun(job="heartbeat", started_at=now, finished_at=now))
    assert "No worker is running" not in text_of(analyst.get(page))


@ONE_ENGINE
def test_an_import_can_be_cancelled_and_its_file_is_forgotten(
    analyst: StrictClient, database: Database, shift: Shift
) -> None:
    page = brought(analyst, table(*RIGHT))
    check(analyst, page, shift)
    analyst.submit_form(analyst.get(page), action=f"{page}/cancel")
    row = import_of(database, page)
    assert row.state is ImportState.CANCELLED
    assert "It was cancelled" in text_of(analyst.get(page))
    fields = {"csrf_token": token_on(analyst, "/imports/new"), "seen": str(row.version)}
    assert analyst.post(f"{page}/record", data=fields).status_code == 409


def test_a_page_that_is_out_of_date_starts_nothing(analyst: StrictClient, database: Database, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT))
    old = check(analyst, page, shift)
    check(analyst, page, shift, fixed_source="A field office")
    answer = analyst.submit_form(old, action=f"{page}/record")
    assert answer.status_code == 409
    assert import_of(database, page).state is ImportState.CHECKED


# ---- taking it back --------------------------------------------------------------------------------------------


def test_everything_from_a_file_is_taken_back_with_a_reason(
    analyst: StrictClient, sign_in_as: SignInAs, database: Database, shift: Shift
) -> None:
    page = brought(analyst, table(*RIGHT))
    check(analyst, page, shift)
    record(analyst, page, shift)
    reviewer = sign_in_as(Role.REVIEWER, name="Rosa")
    assert reviewer.submit(f"{page}/withdraw", reason=" ").status_code == 422
    assert how_many(database, Observation) == [3]

    reviewer.submit(f"{page}/withdraw", reason="The wrong edition")
    assert standing(database) == {}
    said = text_of(reviewer.get(page))
    assert "taken back by Rosa" in said
    assert "The wrong edition" in said


# ---- who sees what ---------------------------------------------------------------------------------------------


@ONE_ENGINE
def test_nobody_else_sees_what_stands_in_a_file(analyst: StrictClient, sign_in_as: SignInAs, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT, WRONG.replace("-0.5", "-0.53125"), f"MLI,2023,{CORRUPTION},0.53125x,"))
    check(analyst, page, shift)
    assert "0.53125" in text_of(analyst.get(page))
    for role in (Role.REVIEWER, Role.ADMINISTRATOR):
        other = sign_in_as(role)
        said = text_of(other.get(page))
        assert "figures.csv" in said
        assert "2 refused" in said
        assert "0.53125" not in said
        assert "Atlantis" not in said
        assert "figures.csv" in text_of(other.get("/imports"))
        assert other.get(f"{page}/problems.csv").status_code in (403, 404)


def test_another_analyst_does_not_know_of_it(analyst: StrictClient, sign_in_as: SignInAs, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT))
    other = sign_in_as(Role.ANALYST)
    token = {"csrf_token": token_on(other, "/imports/new")}
    assert "No file yet" in text_of(other.get("/imports"))
    for path in ("", "/problems.csv", "/withdraw"):
        assert other.get(page + path).status_code == 404
    for path in ("/columns", "/record", "/cancel", "/withdraw"):
        assert other.post(page + path, data=token).status_code == 404
    # the same file in other hands tells nothing of the first
    assert "brought before" not in text_of(other.get(brought(other, table(*RIGHT))))


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
@pytest.mark.parametrize(
    ("line", "countries", "seen"),
    [
        (f"TCD,2024,{CORRUPTION},-0.5,0.2", ["MLI", "TCD"], True),
        (f"TCD,2024,{CORRUPTION},-0.5,0.2", ["MLI"], False),
        (f"TCD,2026-02,{COURTS},2,", ["MLI", "TCD"], True),
        (f"TCD,2026-02,{COURTS},2,", ["MLI"], False),
        (f"TCD,2026-02,{COURTS},2,", [], False),
    ],
)
def test_whoever_works_on_some_countries_sees_files_about_these_alone(
    analyst: StrictClient, sign_in_as: SignInAs, shift: Shift, role: Role, line: str, countries: list[str], seen: bool
) -> None:
    page = brought(analyst, table(f"MLI,2024,{CORRUPTION},-0.5,0.2", f"MLI,2023,{CORRUPTION},-0.5,0.2", line))
    check(analyst, page, shift)
    other = sign_in_as(role, countries=countries)
    # before anything is recorded nobody knows what it is about
    assert "figures.csv" not in text_of(other.get("/imports"))
    assert other.get(page).status_code == 404

    record(analyst, page, shift)
    assert ("figures.csv" in text_of(other.get("/imports"))) is seen
    assert other.get(page).status_code == (200 if seen else 404)
    assert "figures.csv" in text_of(analyst.get("/imports"))


@pytest.mark.parametrize("role", [Role.READER, Role.METHODOLOGIST])
@ONE_ENGINE
def test_who_neither_records_nor_reviews_has_no_imports(sign_in_as: SignInAs, role: Role) -> None:
    stranger = sign_in_as(role)
    assert stranger.get("/imports").status_code == 403
    assert "/imports" not in stranger.get("/countries").text


@ONE_ENGINE
def test_the_short_address_leads_to_the_list(analyst: StrictClient) -> None:
    assert analyst.get("/import").headers["Location"] == "/imports"


# ---- what nobody would send ------------------------------------------------------------------------------------


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
    monkeypatch.setattr(uploads, "LARGEST_FILE_BYTES", largest)
    token = token_on(analyst, "/imports/new")
    whole = len(_body(b"", token))
    content = table(*RIGHT)
    content += b"\n" * (largest + uploads.AROUND_THE_FILE - whole - len(content) + more)
    answer = analyst.post("/imports/new", data=_body(content, token), headers=MULTIPART)
    assert answer.status_code == status
    if status == 413:
        assert f"{LARGEST_FILE_BYTES // 1_000_000} MB" in text_of(answer)


def _body(content: bytes, token: str) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\n'
    file = 'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return (head + file).encode() + content + b"\r\n--b--\r\n"


@ONE_ENGINE
def test_who_may_not_record_may_not_send_a_large_file_either(sign_in_as: SignInAs) -> None:
    reader = sign_in_as(Role.REVIEWER)
    answer = reader.post("/imports/new", data=_body(b"a" * 3 * 1024 * 1024, ""), headers=MULTIPART)
    assert answer.status_code == 413


def test_the_list_says_what_became_of_each(analyst: StrictClient, shift: Shift, clock: TestClock) -> None:
    page = brought(analyst, table(*RIGHT, WRONG), "first.csv")
    check(analyst, page, shift)
    brought(analyst, table(*RIGHT, f"MLI,2022,{CORRUPTION},,"), "second.csv")
    rows = parsed(analyst.get("/imports")).xpath("//main//tbody/tr")
    told = [" ".join(str(row.text_content()).split()) for row in rows]
    assert [line.split(" ")[0] for line in told] == ["second.csv", "first.csv"]
    assert "to be mapped" in told[0]
    assert "checked" in told[1]
    assert "Ana" in told[1]
