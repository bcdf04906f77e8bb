"""A sheet that is taken away, filled in and brought back: its answers are drafts, and nothing else."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook

from tests import factories
from tests.importing import Desk, codings, how_many
from tests.strict_client import StrictClient, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tests.web.test_enter import press
from tracker.access import Role
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.jobs.job import Shift
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.storage.recording import Import, ImportState, Observation

SHEET = "/enter/sheet.xlsx?period=2026-02"


@pytest.fixture
def desk(settings: Settings, database: Database, now: datetime) -> Desk:
    shift = Shift(settings, database, clock=lambda: now, stopping=lambda: False)
    return Desk(shift, somebody(database, now, roles=[Role.ANALYST]))


@pytest.fixture
def ana(app: Flask, desk: Desk, now: datetime) -> StrictClient:
    return browser_of(app, desk.database, desk.person, now)


def book_of(browser: StrictClient, asked: str) -> Workbook:
    answer = browser.get(SHEET + asked)
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.data))


def column(book: Workbook, letter: str) -> list[Any]:
    return [cell.value for cell in book.worksheets[0][letter]][1:]


@BOTH_ENGINES
def test_answers_filled_in_offline_become_drafts_of_whoever_brings_them(ana: StrictClient, desk: Desk) -> None:
    book = book_of(ana, "&iso3=MLI&criterion=rule_of_law")
    assert len(column(book, "A")) == 10
    answers: dict[str, str | int] = {"G2": 3, "H2": "The gazette", "I2": "B2", "J2": "TLP:AMBER", "K2": "no", "G4": "?"}
    for place, written in answers.items():
        book.worksheets[0][place] = written
    filled = io.BytesIO()
    book.save(filled)

    recorded = desk.record(filled.getvalue(), "Mali.xlsx")

    assert (recorded.state, recorded.rows_accepted, recorded.rows_empty) == (ImportState.RECORDED, 2, 8)
    first, second = codings(desk.database)
    assert (first.value, first.source, first.grade) == (3.0, "The gazette", "B2")
    assert (first.handling, first.attributable) == (Mark.AMBER, False)
    assert second.unknown
    assert {one.state for one in (first, second)} == {CodingState.DRAFT}
    assert how_many(desk.database, Observation) == [0]


def test_a_sheet_is_for_one_country_or_for_a_criterion_of_all_ones_own(sign_in_as: SignInAs) -> None:
    browser = sign_in_as(Role.ANALYST, countries=["MLI", "NER"])

    assert set(column(book_of(browser, "&iso3=MLI"), "A")) == {"MLI"}
    both = book_of(browser, "&criterion=rule_of_law")
    assert set(column(both, "A")) == {"MLI", "NER"}
    assert len(column(both, "A")) == 20


def test_a_country_out_of_scope_has_no_sheet(sign_in_as: SignInAs) -> None:
    browser = sign_in_as(Role.ANALYST, countries=["NER"])

    assert browser.get(SHEET + "&iso3=MLI").status_code == 404
    assert browser.get(SHEET + "&iso3=NER").status_code == 200


def test_a_sheet_of_everything_is_refused_with_what_to_do(ana: StrictClient) -> None:
    answer = ana.get(SHEET)

    assert answer.status_code == 400
    assert "Choose one country or one criterion" in answer.text


def test_a_sheet_of_ours_goes_straight_to_its_check_unless_it_was_brought_before(ana: StrictClient, desk: Desk) -> None:
    book = book_of(ana, "&iso3=MLI&criterion=rule_of_law")
    book.worksheets[0]["G2"] = 3

    def brought(book: Workbook) -> Import:
        filled = io.BytesIO()
        book.save(filled)
        sent = io.BytesIO(filled.getvalue())
        answer = ana.submit("/imports/new", file=(sent, "Mali.xlsx"))
        number = int(answer.headers["Location"].rsplit("/", 1)[1])
        with desk.database.reading() as session:
            return session.get_one(Import, number)

    assert brought(book).state is ImportState.CHECKING
    desk.work()
    assert "What does each column say?" not in ana.get("/imports/1").text
    book.worksheets[0]["M1"] = "proof"
    changed = brought(book)
    assert changed.state is ImportState.UPLOADED
    assert "What does each column say?" in ana.get(f"/imports/{changed.id}").text


def test_unchanged_is_a_new_answer_with_its_own_source(ana: StrictClient, desk: Desk, now: datetime) -> None:
    book = book_of(ana, "&iso3=MLI&criterion=rule_of_law")
    known = column(book, "D")[0]
    with desk.database.writing() as session:
        factories.observation(session, indicator=known, iso3="MLI", on=date(2026, 1, 31), value=2, recorded_at=now)
    for place, written in {"G2": "unchanged", "H2": "The gazette", "G3": "=", "H3": "The gazette"}.items():
        book.worksheets[0][place].value, book.worksheets[0][place].data_type = written, "s"
    filled = io.BytesIO()
    book.save(filled)

    recorded = desk.record(filled.getvalue(), "Mali.xlsx")

    assert (recorded.rows_accepted, recorded.rows_refused) == (2, 0)
    assert {(one.typed, one.value, one.unknown, one.unchanged) for one in codings(desk.database)} == {
        ("=", None, False, True)
    }
    again = desk.check(filled.getvalue(), "Mali.xlsx")
    assert (again.findings or {})["values"] == {"there": 2}, "it is on its way already"
    page = press(ana, ana.get("/enter/MLI?period=2026-02"), "submit")
    assert "Nothing is recorded before, so there is nothing that could be unchanged" in text_of(page)
    [submitted] = [one for one in codings(desk.database) if one.state is CodingState.SUBMITTED]
    assert (submitted.value, submitted.unchanged, submitted.source) == (2.0, True, "The gazette")
