"""A sheet that is taken away, filled in and brought back: its answers are drafts, and nothing else."""

import io
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook

from tests.importing import Desk, codings, how_many
from tests.strict_client import StrictClient
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.jobs.job import Shift
from tracker.settings import Settings
from tracker.storage.base import Database
from tracker.storage.recording import ImportState, Observation

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
