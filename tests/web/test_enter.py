"""The entry grid, by plain forms and as its script uses it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import factories
from tests.concluding import recorded
from tests.questions import listening
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.browsing import browser_of, somebody
from tests.web.conftest import BOTH_ENGINES, SignInAs, TestClock
from tracker.access import Role
from tracker.actions import desk_rules
from tracker.actions.codings import reviewing
from tracker.coding import CodingState
from tracker.handling import Mark
from tracker.storage import catalogue, codings
from tracker.storage.admitting import Person
from tracker.storage.base import Database
from tracker.storage.principals import principal_of
from tracker.storage.recording import Coding
from tracker.storage.watching import Indicator

FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 31)
GRID = "/enter/MLI?period=2026-02"
COURTS, EMERGENCY = "independence_of_courts", "emergency_powers"


@pytest.fixture
def numbers(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return catalogue.indicator_ids(session)


@pytest.fixture
def ana(app: Flask, database: Database, now: datetime) -> StrictClient:
    return browser_of(app, database, somebody(database, now, name="Ana", roles=[Role.ANALYST]), now)


@pytest.fixture
def ben(app: Flask, database: Database, now: datetime) -> StrictClient:
    return browser_of(app, database, somebody(database, now, name="Ben", roles=[Role.ANALYST]), now)


def press(browser: StrictClient, page: TestResponse, do: str = "save", **fields: Any) -> TestResponse:
    """Sends the grid as a browser does when that button is pressed."""
    form = next(form for form in parsed(page).forms if form.get("id") == "entry")
    values = dict(form.form_values())
    unknown = fields.keys() - set(form.inputs.keys())
    assert not unknown, f"the grid has no field named {sorted(unknown)}"
    return browser.post(form.get("action"), data=values | fields | {"do": do})


def token_in(page: TestResponse) -> str:
    return str(parsed(page).xpath("//input[@name='csrf_token']/@value")[0])


def cell(typed: str, number: int, source: str = "A report", **more: str) -> dict[str, str]:
    named = {f"{field}-{number}": text for field, text in more.items()}
    return {f"value-{number}": typed, f"source-{number}": source} | named


def kept(database: Database, period: date = FEBRUARY) -> dict[tuple[str, int], Coding]:
    """By author and indicator, what is on its way for Mali in that month."""
    with database.reading() as session:
        live = codings.live_in_country(session, "MLI", period, Mark.RED, reader=0)
        return {(one.author.name, one.cell.indicator_id): one for one in live}


def value_on(page: TestResponse, number: int) -> str:
    return str(parsed(page).xpath(f"//input[@name='value-{number}']/@value")[0])


def observe(database: Database, now: datetime, key: str, value: float, on: date, **more: Any) -> None:
    with database.writing() as session:
        factories.observation(session, indicator=key, iso3="MLI", on=on, value=value, recorded_at=now, **more)


@BOTH_ENGINES
def test_what_is_typed_is_there_again_on_any_machine(
    app: Flask, database: Database, now: datetime, ana: StrictClient, numbers: dict[str, int]
) -> None:
    press(ana, ana.get(GRID), **cell("3", numbers[COURTS]))
    with database.reading() as session:
        me = session.get_one(Person, kept(database)["Ana", numbers[COURTS]].author_id)

    other_machine = browser_of(app, database, me, now)

    assert value_on(other_machine.get(GRID), numbers[COURTS]) == "3"


def test_without_a_month_it_is_the_one_that_the_desk_writes_about(ana: StrictClient) -> None:
    assert "March 2026" in text_of(ana.get("/enter/MLI"))


@pytest.mark.parametrize("month", ["2026-04", "2026-13", "1026-01", "yesterday", "2026-2"])
def test_a_month_that_is_none_or_has_not_begun_is_not_there(ana: StrictClient, month: str) -> None:
    assert ana.get(f"/enter/MLI?period={month}").status_code == 404


def test_the_last_three_months_stand_beside_it(
    database: Database, now: datetime, ana: StrictClient, numbers: dict[str, int]
) -> None:
    for value, day in (
        (1, date(2025, 11, 30)),
        (2, date(2025, 12, 31)),
        (4, date(2026, 1, 31)),
        (0, date(2025, 10, 31)),
    ):
        observe(database, now, COURTS, value, day)

    row = parsed(ana.get(GRID)).xpath(f"//tbody[@data-indicator='{numbers[COURTS]}']")[0]

    assert [" ".join(one.text_content().split()) for one in row.xpath(".//td[@class='past']")] == ["1", "2", "4"]


def test_the_source_of_an_earlier_answer_is_not_named_where_it_must_not_be(
    database: Database, now: datetime, ana: StrictClient
) -> None:
    observe(database, now, COURTS, 1, date(2026, 1, 31), source_name="CANARY", attributable=False)

    assert "CANARY" not in ana.get(GRID).text


@BOTH_ENGINES
def test_submitting_sends_what_is_in_order_and_says_what_is_not(
    database: Database, ana: StrictClient, numbers: dict[str, int]
) -> None:
    courts, emergency = numbers[COURTS], numbers[EMERGENCY]
    page = press(ana, ana.get(GRID), "submit", **cell("3", courts), **cell("9", emergency, source=""))

    assert page.status_code == 422
    assert "1 answer is submitted" in text_of(page)
    [summary] = parsed(page).find_class("error-summary")
    assert "9 is not on the scale" in summary.text_content()
    assert "Name the source" in summary.text_content()
    states = {number: one.state for (_name, number), one in kept(database).items()}
    assert states == {courts: CodingState.SUBMITTED, emergency: CodingState.DRAFT}


def test_a_missing_source_is_said_when_it_is_submitted_and_not_before(
    ana: StrictClient, numbers: dict[str, int]
) -> None:
    said = "Name the source"
    press(ana, ana.get(GRID), **cell("3", numbers[COURTS], source=""))

    assert said not in text_of(ana.get(GRID))
    assert said in text_of(press(ana, ana.get(GRID), "submit"))


@BOTH_ENGINES
def test_two_people_in_one_cell_see_both_entries_and_nothing_is_lost(
    database: Database, ana: StrictClient, ben: StrictClient, numbers: dict[str, int]
) -> None:
    courts, emergency = numbers[COURTS], numbers[EMERGENCY]
    opened = ben.get(GRID)
    press(ana, ana.get(GRID), **cell("1", courts, source="The gazette"))

    page = press(ben, opened, **cell("3", courts, source="A lawyer"), **cell("2", emergency))

    assert page.status_code == 409
    entries = [" ".join(one.text_content().split()) for one in parsed(page).xpath("//div[@class='two']//dl/div")]
    assert entries == ["What you typed3 A lawyer", "Ana1 The gazette"]
    assert kept(database)["Ben", emergency].typed == "2", "the other cells are saved"
    assert ("Ben", courts) not in kept(database)

    assert press(ben, page, f"mine:{courts}").status_code == 302
    assert {name: one.typed for (name, number), one in kept(database).items() if number == courts} == {
        "Ana": "1",
        "Ben": "3",
    }


@BOTH_ENGINES
def test_one_may_leave_a_cell_to_a_colleague(
    database: Database, ana: StrictClient, ben: StrictClient, numbers: dict[str, int]
) -> None:
    courts = numbers[COURTS]
    opened = ben.get(GRID)
    press(ana, ana.get(GRID), **cell("1", courts))
    page = press(ben, opened, **cell("3", courts))
    assert page.status_code == 409

    press(ben, page, f"theirs:{courts}")

    assert [name for name, _number in kept(database)] == ["Ana"]


def test_one_source_goes_to_all_answers_that_have_none(
    database: Database, ana: StrictClient, numbers: dict[str, int]
) -> None:
    courts, emergency, rulings = numbers[COURTS], numbers[EMERGENCY], numbers["obedience_to_rulings"]
    many = {"all-source": "The ombudsman", "all-grade": "A2", "all-handling": "1", "all-named": "no"}

    press(ana, ana.get(GRID), "apply", **cell("1", courts, source=""), **cell("2", emergency), **many)

    found = {number: one for (_name, number), one in kept(database).items()}
    assert {number: one.source for number, one in found.items()} == {courts: "The ombudsman", emergency: "A report"}
    assert (found[courts].grade, found[courts].handling, found[courts].attributable) == ("A2", 1, False)
    assert rulings not in found, "an empty cell stays empty"


def test_a_criterion_is_unchanged_by_one_act_and_empty_again_by_another(
    database: Database, now: datetime, ana: StrictClient, numbers: dict[str, int]
) -> None:
    observe(database, now, COURTS, 1, date(2026, 1, 31))
    observe(database, now, EMERGENCY, 2, date(2026, 1, 31))

    press(ana, ana.get(GRID), "unchanged:rule_of_law", **cell("4", numbers[EMERGENCY]))
    typed = {number: one.typed for (_name, number), one in kept(database).items()}
    assert typed == {numbers[COURTS]: "=", numbers[EMERGENCY]: "4"}

    press(ana, ana.get(GRID), "empty:rule_of_law")
    assert kept(database)["Ana", numbers[COURTS]].typed == ""


def test_an_accepted_month_is_shown_and_not_typed_over(
    database: Database, now: datetime, ana: StrictClient, numbers: dict[str, int]
) -> None:
    observe(database, now, COURTS, 1, FEBRUARY)
    page = ana.get(GRID)

    assert parsed(page).xpath(f"//input[@name='value-{numbers[COURTS]}']") == []
    assert "accepted" in text_of(page)


@BOTH_ENGINES
def test_what_is_submitted_can_be_taken_back(database: Database, ana: StrictClient, numbers: dict[str, int]) -> None:
    press(ana, ana.get(GRID), "submit", **cell("1", numbers[COURTS]))
    one = kept(database)["Ana", numbers[COURTS]]
    assert one.state is CodingState.SUBMITTED
    page = ana.get(GRID)
    form = form_on(page, "/enter/MLI/take-back?period=2026-02")

    ana.post(form.action, data={"csrf_token": token_in(page), "coding": str(one.id)})

    assert kept(database)["Ana", numbers[COURTS]].state is CodingState.DRAFT


@BOTH_ENGINES
def test_what_was_typed_when_the_session_was_over_is_there_again(
    app: Flask, database: Database, now: datetime, clock: TestClock, numbers: dict[str, int]
) -> None:
    person = somebody(database, now, name="Ana", roles=[Role.ANALYST], email="ana@example.org")
    ana = browser_of(app, database, person, now)
    opened = ana.get(GRID)
    clock.moment = now + timedelta(minutes=31)

    answer = press(ana, opened, **cell("3", numbers[COURTS], source="A lawyer"))
    assert answer.headers["Location"] == "/sign-in?next=/enter/MLI%3Fperiod%3D2026-02"
    assert kept(database) == {}, "an idle session proves nothing, so nothing is saved in anybody's name"

    page = browser_of(app, database, person, clock.moment).get(GRID)
    assert value_on(page, numbers[COURTS]) == "3"
    assert "not saved yet" in text_of(page)


@BOTH_ENGINES
def test_a_parked_form_is_gone_once_it_is_saved(
    app: Flask, database: Database, now: datetime, clock: TestClock, numbers: dict[str, int]
) -> None:
    person = somebody(database, now, name="Ana", roles=[Role.ANALYST])
    ana = browser_of(app, database, person, now)
    opened = ana.get(GRID)
    clock.moment = now + timedelta(minutes=31)
    press(ana, opened, **cell("3", numbers[COURTS]))
    back = browser_of(app, database, person, clock.moment)
    restored = back.get(GRID)
    assert "not saved yet" in text_of(restored)

    press(back, restored)

    assert kept(database)["Ana", numbers[COURTS]].typed == "3"
    assert "not saved yet" not in text_of(back.get(GRID))


def test_a_parked_form_is_nobody_elses(
    app: Flask, database: Database, now: datetime, clock: TestClock, ben: StrictClient, numbers: dict[str, int]
) -> None:
    ana = browser_of(app, database, somebody(database, now, roles=[Role.ANALYST]), now)
    opened = ana.get(GRID)
    clock.moment = now + timedelta(minutes=31)
    press(ana, opened, **cell("3", numbers[COURTS]))
    clock.moment = now

    assert value_on(ben.get(GRID), numbers[COURTS]) == ""


def test_a_session_that_was_ended_parks_nothing(
    app: Flask, database: Database, now: datetime, numbers: dict[str, int]
) -> None:
    person = somebody(database, now, roles=[Role.ANALYST])
    ana, elsewhere = browser_of(app, database, person, now), browser_of(app, database, person, now)
    opened = ana.get(GRID)
    elsewhere.submit_form(elsewhere.get("/account"), action="/account/sessions/end-others")

    answer = press(ana, opened, **cell("3", numbers[COURTS]))

    assert answer.headers["Location"] == "/sign-in"
    assert value_on(elsewhere.get(GRID), numbers[COURTS]) == ""


# ---- as the script saves ----


def saved_by_script(browser: StrictClient, page: TestResponse, number: int, typed: str, **more: str) -> TestResponse:
    sent = {
        "indicator": str(number), "period": "2026-02", "value": typed, "source": "A report", "grade": "",
        "handling": "1", "named": "yes", "note": "", "evidence": "", "reason": "", "confirmed": "", "seen": "0",
    } | more  # fmt: skip
    return browser.post("/enter/MLI/cell", json=sent, headers={"X-CSRFToken": token_in(page)})


@BOTH_ENGINES
def test_a_cell_is_saved_while_somebody_types(database: Database, ana: StrictClient, numbers: dict[str, int]) -> None:
    page, courts = ana.get(GRID), numbers[COURTS]
    first = saved_by_script(ana, page, courts, "1")
    second = saved_by_script(ana, page, courts, "2", seen=str(first.get_json()["seen"]))

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json()["troubles"] == []
    assert kept(database)["Ana", courts].typed == "2"


def test_what_is_wrong_is_told_while_somebody_types(ana: StrictClient, numbers: dict[str, int]) -> None:
    told = saved_by_script(ana, ana.get(GRID), numbers[COURTS], "9").get_json()["troubles"]

    assert told == ["9 is not on the scale: it has the levels 0, 1, 2, 3, 4."]


def test_the_script_is_told_both_entries_and_may_keep_its_own(
    database: Database, ana: StrictClient, ben: StrictClient, numbers: dict[str, int]
) -> None:
    page, courts = ben.get(GRID), numbers[COURTS]
    press(ana, ana.get(GRID), **cell("1", courts, source="The gazette"))

    told = saved_by_script(ben, page, courts, "3")
    assert told.status_code == 409
    assert told.get_json()["found"] == [{"who": "Ana", "value": "1", "source": "The gazette", "note": ""}]

    assert saved_by_script(ben, page, courts, "3", seen=str(told.get_json()["fresh"])).status_code == 200
    assert {name for name, _number in kept(database)} == {"Ana", "Ben"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "2026-99"}, {"period": ""}, {"indicator": "x"}, {"indicator": "9999"}, {"handling": "9"},
        {"named": "maybe"}, {"seen": "-1"}, {"seen": "9" * 30}, {"note": "x" * 20_001},
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused_and_changes_nothing(
    database: Database, ana: StrictClient, numbers: dict[str, int], wrong: dict[str, str]
) -> None:
    answer = saved_by_script(ana, ana.get(GRID), numbers[COURTS], "1", **wrong)

    assert 400 <= answer.status_code < 500
    assert kept(database) == {}


def test_a_country_out_of_scope_is_not_there(sign_in_as: SignInAs, numbers: dict[str, int]) -> None:
    elsewhere = sign_in_as(Role.ANALYST, countries=["NER"])

    assert elsewhere.get(GRID).status_code == 404
    assert saved_by_script(elsewhere, elsewhere.get("/enter"), numbers[COURTS], "1").status_code == 404
    assert "Mali" not in text_of(elsewhere.get("/enter"))


def test_where_one_begins_tells_what_is_half_done(ana: StrictClient, numbers: dict[str, int]) -> None:
    assert "Nothing of yours is half done" in text_of(ana.get("/enter"))

    press(ana, ana.get(GRID), **cell("1", numbers[COURTS]))

    assert "Mali February 2026 1 0 0" in text_of(ana.get("/enter"))


def test_where_one_begins_tells_what_is_due_from_oneself_and_leads_to_it(
    app: Flask, database: Database, ana: StrictClient, now: datetime
) -> None:
    with database.writing() as session:
        for iso3 in ("MLI", "NER"):
            recorded(session, "militias", 2, on=now.date() - timedelta(days=100), at=now, iso3=iso3)
    ben = browser_of(app, database, somebody(database, now, name="Ben", roles=[Role.ANALYST], countries=["NER"]), now)

    due = parsed(ana.get("/enter")).xpath("//section[@aria-labelledby='due']//tbody//a")

    assert [(link.text, link.get("href")) for link in due] == [("Mali", "/enter/MLI")]
    assert "Niger 1 1" in text_of(ben.get("/enter"))
    assert "Mali 1 1" not in text_of(ben.get("/enter"))


def test_the_choice_of_a_country_leads_to_its_grid(ana: StrictClient) -> None:
    answer = ana.get("/enter/go?iso3=MLI&period=2026-02")

    assert answer.headers["Location"] == GRID


def test_the_way_to_a_criterion_says_how_much_of_it_is_open(ana: StrictClient, numbers: dict[str, int]) -> None:
    def still_open() -> int:
        return int(parsed(ana.get(GRID)).xpath("string(//*[@data-open='rule_of_law'])"))

    before = still_open()
    press(ana, ana.get(GRID), **cell("3", numbers[COURTS]))

    assert still_open() == before - 1


def test_a_month_that_has_not_begun_leaves_the_choice_of_a_country_as_it_was(ana: StrictClient) -> None:
    answer = ana.get("/enter/go?iso3=MLI&period=2026-04")

    assert answer.status_code == 422
    assert "That month has not begun" in text_of(answer)
    assert parsed(answer).xpath("//select[@name='iso3']/option[@selected]/@value")[:1] == ["MLI"]


def test_the_grid_asks_few_questions_of_the_database(
    database: Database, ana: StrictClient, numbers: dict[str, int]
) -> None:
    press(ana, ana.get(GRID), **cell("1", numbers[COURTS]), **cell("2", numbers[EMERGENCY]))
    with listening(database) as asked:
        ana.get(GRID)

    assert 5 < len([one for one in asked if one.startswith("SELECT")]) <= 18


def test_what_came_back_is_counted_in_the_rail_and_told_with_its_reason(
    database: Database, now: datetime, ana: StrictClient, numbers: dict[str, int], sign_in_as: SignInAs
) -> None:
    press(ana, ana.get(GRID), "submit", **cell("1", numbers[COURTS]))
    with database.writing() as session:
        reviewer = factories.person(session, roles=[Role.REVIEWER], created_at=now)
        one = kept(database)["Ana", numbers[COURTS]]
        reviewing.send_back(session, [one.id], "Which court was it?", by=principal_of(session, reviewer), now=now)

    start = ana.get("/enter")

    assert parsed(start).xpath("//nav//a[@href='/enter']//span[@class='count']/text()") == ["1"]
    assert "Which court was it?" in text_of(start)
    assert "Came back: Which court was it?" in text_of(ana.get(GRID))


@BOTH_ENGINES
def test_what_came_back_can_be_changed_and_submitted_again(
    database: Database, now: datetime, ana: StrictClient, numbers: dict[str, int]
) -> None:
    press(ana, ana.get(GRID), "submit", **cell("1", numbers[COURTS]))
    with database.writing() as session:
        reviewer = factories.person(session, roles=[Role.REVIEWER], created_at=now)
        one = kept(database)["Ana", numbers[COURTS]]
        reviewing.send_back(session, [one.id], "Which court?", by=principal_of(session, reviewer), now=now)

    press(ana, ana.get(GRID), "submit", **cell("2", numbers[COURTS], note="The court of appeal"))

    again = kept(database)["Ana", numbers[COURTS]]
    assert (again.state, again.value, again.note) == (CodingState.SUBMITTED, 2.0, "The court of appeal")


def test_a_desk_that_lets_people_accept_their_own_says_so_on_the_grid(
    database: Database, now: datetime, ana: StrictClient
) -> None:
    said = "accept what they submitted themselves"
    assert said not in text_of(ana.get(GRID))
    with database.writing() as session:
        administrator = factories.person(session, roles=[Role.ADMINISTRATOR], created_at=now)
        desk_rules.let_accept_own(session, True, by=administrator.id, now=now)

    assert said in text_of(ana.get(GRID))


@BOTH_ENGINES
def test_an_answer_submitted_in_another_window_does_not_cost_the_rest_of_the_form(
    database: Database, ana: StrictClient, numbers: dict[str, int]
) -> None:
    courts, emergency = numbers[COURTS], numbers[EMERGENCY]
    opened = ana.get(GRID)
    press(ana, ana.get(GRID), "submit", **cell("1", courts))

    page = press(ana, opened, **cell("3", courts, source="A lawyer"), **cell("2", emergency))

    assert page.status_code == 409
    assert "You have submitted this answer already" in text_of(page)
    assert "3 A lawyer" in text_of(page), "what was typed is not lost"
    typed = {number: one.typed for (_name, number), one in kept(database).items()}
    assert typed == {courts: "1", emergency: "2"}


def test_a_question_retired_meanwhile_does_not_cost_the_rest_of_the_form(
    database: Database, ana: StrictClient, numbers: dict[str, int]
) -> None:
    courts, emergency = numbers[COURTS], numbers[EMERGENCY]
    opened = ana.get(GRID)
    with database.writing() as session:
        session.get_one(Indicator, courts).retired = True

    assert press(ana, opened, **cell("3", courts), **cell("2", emergency)).status_code == 409
    assert [number for _name, number in kept(database)] == [emergency]


@BOTH_ENGINES
def test_a_draft_in_a_month_that_was_accepted_meanwhile_is_seen_and_can_be_given_up(
    database: Database, now: datetime, ana: StrictClient, numbers: dict[str, int]
) -> None:
    courts = numbers[COURTS]
    press(ana, ana.get(GRID), **cell("3", courts, source="A lawyer"))
    observe(database, now, COURTS, 2, FEBRUARY)

    page = press(ana, ana.get(GRID), "submit")
    assert page.status_code == 422
    assert "this month has an accepted answer by now: 3 A lawyer" in text_of(page)

    press(ana, page, f"theirs:{courts}")
    assert kept(database) == {}


def test_an_answer_given_while_the_month_lasted_counts_for_the_month(
    database: Database, now: datetime, clock: TestClock, ana: StrictClient, numbers: dict[str, int], app: Flask
) -> None:
    observe(database, now, COURTS, 1, date(2026, 3, 16))
    later = now + timedelta(days=17)
    clock.moment = later
    back = browser_of(app, database, somebody(database, later, roles=[Role.ANALYST]), later)

    page = back.get("/enter/MLI?period=2026-03")

    assert parsed(page).xpath(f"//input[@name='value-{numbers[COURTS]}']") == []
    assert parsed(page).xpath(f"//td[@id='value-{numbers[COURTS]}']//a/@href") == [
        f"/countries/MLI/{COURTS}/2026-03-16"
    ]


def test_an_answer_of_the_month_after_is_not_that_of_the_month(
    database: Database, now: datetime, ana: StrictClient, numbers: dict[str, int]
) -> None:
    observe(database, now, COURTS, 1, date(2026, 3, 2))

    assert value_on(ana.get("/enter/MLI?period=2026-02"), numbers[COURTS]) == ""
    assert parsed(ana.get("/enter/MLI?period=2026-03")).xpath(f"//input[@name='value-{numbers[COURTS]}']") == []


@BOTH_ENGINES
def test_an_entry_that_one_may_not_see_changes_no_number_on_the_page(
    app: Flask, database: Database, now: datetime, ana: StrictClient, numbers: dict[str, int]
) -> None:
    before = ana.get(GRID)
    high = browser_of(app, database, somebody(database, now, roles=[Role.ANALYST], clearance=Mark.RED), now)
    press(high, high.get(GRID), **cell("1", numbers[COURTS], handling="4"))
    assert kept(database)

    after = ana.get(GRID)

    assert form_fields(before) == form_fields(after)


def form_fields(page: TestResponse) -> dict[str, str]:
    form = next(form for form in parsed(page).forms if form.get("id") == "entry")
    return {name: text for name, text in form.form_values() if name != "csrf_token"}


@pytest.mark.parametrize("do", ["theirs:9999", "theirs:77777", "save:a\nb", "unchanged:../x", "mine:", "theirs:"])
def test_buttons_that_no_page_has_are_refused(ana: StrictClient, do: str) -> None:
    page = ana.get(GRID)
    form = next(form for form in parsed(page).forms if form.get("id") == "entry")

    answer = ana.post(form.get("action"), data=dict(form.form_values()) | {"do": do, "fresh-9999": "0"})

    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("number", ["9999", "32767", "32768", "40000", "99999"])
def test_a_question_that_is_none_is_answered_by_nobody(database: Database, ana: StrictClient, number: str) -> None:
    assert saved_by_script(ana, ana.get(GRID), int(number), "1").status_code == 404
    assert kept(database) == {}


def test_a_published_series_is_not_answered_in_the_grid(
    database: Database, ana: StrictClient, numbers: dict[str, int]
) -> None:
    assert saved_by_script(ana, ana.get(GRID), numbers["wgi_rule_of_law"], "1").status_code == 404
    assert kept(database) == {}


def test_a_grade_that_is_none_is_applied_to_nothing(
    database: Database, ana: StrictClient, numbers: dict[str, int]
) -> None:
    courts = numbers[COURTS]
    many = {"all-source": "The ombudsman", "all-grade": "b9"}

    page = ana.get(press(ana, ana.get(GRID), "apply", **cell("1", courts, source=""), **many).headers["Location"])

    assert "is no grade, so it was left out" in text_of(page)
    assert (kept(database)["Ana", courts].source, kept(database)["Ana", courts].grade) == ("The ombudsman", "")


def test_what_was_saved_anew_is_not_covered_by_what_was_parked(
    app: Flask, database: Database, now: datetime, clock: TestClock, numbers: dict[str, int]
) -> None:
    person = somebody(database, now, roles=[Role.ANALYST])
    ana = browser_of(app, database, person, now)
    opened = ana.get(GRID)
    clock.moment = now + timedelta(minutes=31)
    press(ana, opened, **cell("2", numbers[COURTS]))
    back = browser_of(app, database, person, clock.moment)
    saved_by_script(back, back.get(GRID), numbers[COURTS], "4")

    assert value_on(back.get(GRID), numbers[COURTS]) == "4"


def answered(database: Database, now: datetime, key: str, on: date) -> None:
    with database.writing() as session:
        factories.observation(session, indicator=key, iso3="MLI", on=on, value=2, recorded_at=now)


def due_marks(page: TestResponse) -> dict[str, str]:
    rows = parsed(page).xpath("//tbody[contains(@class, 'is-due')]//th")
    return {str(row.text).strip(): row.xpath("string(span[@class='due-mark'])") for row in rows}


def test_what_is_due_is_marked_and_counted_with_the_way_to_the_first(
    database: Database, ana: StrictClient, numbers: dict[str, int], now: datetime
) -> None:
    answered(database, now, COURTS, date(2024, 12, 31))
    answered(database, now, EMERGENCY, FEBRUARY)

    page = ana.get(GRID)

    assert list(due_marks(page)) == ["Independence of the courts"]
    assert due_marks(page)["Independence of the courts"].startswith("due since ")
    assert "1 answer is due: go to the first" in text_of(page)
    assert parsed(page).xpath("//a[text()='go to the first']/@href") == [f"#value-{numbers[COURTS]}"]
    press(ana, page, **cell("3", numbers[COURTS]))
    assert due_marks(ana.get(GRID)) == {}


def test_of_a_month_that_is_long_over_nothing_is_due(database: Database, ana: StrictClient, now: datetime) -> None:
    answered(database, now, COURTS, date(2024, 12, 31))

    assert due_marks(ana.get("/enter/MLI?period=2026-02")) != {}
    assert due_marks(ana.get("/enter/MLI?period=2026-01")) == {}


@pytest.mark.parametrize(("typed", "source", "expected"), [("3", "", True), ("3", "A report", False), ("?", "", False)])
def test_a_missing_source_is_told_beside_the_cell_at_once(
    ana: StrictClient, numbers: dict[str, int], typed: str, source: str, expected: bool
) -> None:
    press(ana, ana.get(GRID), **cell(typed, numbers[COURTS], source=source))

    field = f"//tbody[@data-indicator='{numbers[COURTS]}']//input[starts-with(@name, 'source')]/@placeholder"
    assert (parsed(ana.get(GRID)).xpath(field) == ["Name the source"]) is expected


def test_the_script_is_told_whether_a_source_is_missing(ana: StrictClient, numbers: dict[str, int]) -> None:
    page, courts = ana.get(GRID), numbers[COURTS]

    first = saved_by_script(ana, page, courts, "1", source="").get_json()
    second = saved_by_script(ana, page, courts, "1", seen=str(first["seen"])).get_json()

    assert (first["lacks_source"], second["lacks_source"]) == (True, False)
    assert first["troubles"] == []
