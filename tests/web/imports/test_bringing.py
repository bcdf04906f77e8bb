"""From the file to the record: brought, its columns understood, checked and recorded."""

import csv
import io
from datetime import date

import pytest

from tests import factories
from tests.importing import CORRUPTION, COURTS, codings, how_many, observations, standing, table
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.browsing import token_on
from tests.web.conftest import BOTH_ENGINES
from tests.web.imports.bringing import ONE_ENGINE, RIGHT, WRONG, brought, check, import_of, record
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.storage import imports
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.recording import ImportState, Observation


@BOTH_ENGINES
def test_a_file_is_brought_checked_and_recorded(analyst: StrictClient, database: Database, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT))
    first = analyst.get(page)
    assert [str(one) for one in parsed(first).xpath("//table//option[@selected]/text()")] == [
        *("Country", "Day, month or year", "Indicator", "Value", "Standard error")
    ]
    assert "0.2" in text_of(first)

    checked = text_of(check(analyst, page, shift))
    assert "3 rows read 3 usable 0 empty 0 refused" in checked
    assert "3 new values" in checked
    assert observations(database) == []

    assert "3 new values recorded" in text_of(record(analyst, page, shift))
    assert standing(database)["NER", date(2024, 12, 31)] == -0.5


@ONE_ENGINE
def test_a_figure_outside_its_scale_is_asked_about_and_not_refused(analyst: StrictClient, shift: Shift) -> None:
    page = brought(analyst, table(*RIGHT, f"SEN,2024,{CORRUPTION},9.4,0.2"))

    told = text_of(check(analyst, page, shift))

    assert "1 value of “Control of corruption (World Bank)” lies outside its scale from −2.5 to 2.5" in told
    assert "it: 9.4. Is that meant?" in told
    assert "Record all 4 rows" in told


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
    assert "3 usable" in text_of(analyst.get(page))


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
    assert "Record the 3 usable rows and leave out 1" in text_of(shown)
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
    checked = parsed(check(analyst, page, shift, indicator_means_1=""))
    assert [str(link) for link in checked.xpath("//details[@open]//a/@href")] == [
        *(f"{page}?columns=1#country-words", f"{page}?columns=1#indicator-words")
    ]
    form = form_on(analyst.get(f"{page}?columns=1"), f"{page}/columns")
    named = {form.fields[name]: name for name in form.fields if "_word_" in name}
    assert named.keys() == {"corruption of all kinds", "World"}

    choices = {
        named["corruption of all kinds"].replace("word", "means"): CORRUPTION,
        named["World"].replace("word", "means"): "-",
    }
    assert "4 usable 0 empty 0 refused" in text_of(check(analyst, page, shift, **choices))


@ONE_ENGINE
def test_the_choices_for_one_file_are_offered_for_the_next_with_the_same_headings(
    analyst: StrictClient, shift: Shift
) -> None:
    headings = "where,year,indicator,how much"
    lines = [line.rpartition(",")[0] for line in RIGHT]
    page = brought(analyst, table(*lines, headings=headings))
    choices = {"column_1": "country", "column_2": "date", "column_3": "indicator", "column_4": "value"}
    assert "3 usable" in text_of(check(analyst, page, shift, **choices))

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
    assert "2 rows read 1 usable 1 empty 0 refused" in said

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


def test_what_is_recognised_is_told_however_far_to_the_right_it_stands(analyst: StrictClient) -> None:
    page = brought(analyst, b"country,year,flavour," + f"{CORRUPTION}\nMLI,2024,none,-0.5\n".encode())
    said = text_of(analyst.get(page))

    assert f"3 columns are recognised: country, year, {CORRUPTION}." in said
    assert "These columns are left out, unless you say what they hold: flavour." in said
