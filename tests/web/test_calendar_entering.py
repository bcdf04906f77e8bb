"""Days to come are entered, put off, called off, brought back, imported and taken away, on the calendar's side."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from tests.questions import questions
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.exchange.occasion_files import Usual, lines_of
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
ENTER, IMPORT = "/calendar/enter", "/calendar/import"
SUMMIT = {"name_": "The summit", "place": "group:african_union", "kind": "session", "day": "2026-04-20"}
TABLE = "day,name,kind,iso3,uid\n2026-04-07,Election,election,MLI,1\n2026-05-01,Summit,,,2\n"


@pytest.fixture
def analyst(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ANALYST)


def entered(client: StrictClient, **differing: Any) -> str:
    """Where the day is."""
    answer = client.submit(ENTER, **(SUMMIT | differing))
    assert answer.status_code == 302, text_of(answer)
    return str(answer.headers["Location"])


def names(client: StrictClient, address: str = "/calendar") -> list[str]:
    rows = "//table[not(ancestor::details)]//tbody/tr/th[@scope='row']/a/text()"
    return [str(one) for one in parsed(client.get(address)).xpath(rows)]


def chosen(text: str | bytes, **differing: Any) -> dict[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    return {"file": (BytesIO(content), "days.csv"), "place": "group:african_union", **differing}


def test_a_day_of_a_group_is_entered_and_stands_with_each_member(analyst: StrictClient, sign_in_as: SignInAs) -> None:
    page = entered(analyst, every_months="12", until="2027-12-31", note="In Addis Ababa.", link="https://example.org/")

    words = text_of(sign_in_as(Role.READER).get(page))
    for told in ("African Union", "20 April 2026", "20 April 2027", "every year", "In Addis Ababa.", "TLP:CLEAR"):
        assert told in words, told
    assert names(analyst) == names(analyst, "/calendar?country=MLI") == ["The summit"]
    assert names(analyst, "/calendar?country=PRY") == []
    for address in ("/countries/MLI", "/countries/MLI/occasions", "/search?q=summit"):
        assert "The summit" in text_of(analyst.get(address)), address


def test_nobody_is_offered_or_may_enter_what_concerns_countries_that_are_not_theirs(sign_in_as: SignInAs) -> None:
    malian = sign_in_as(Role.ANALYST, countries=["MLI"])
    page = malian.get(ENTER)
    assert parsed(page).xpath("//select[@name='place']//option/@value") == ["", "country:MLI"]

    answer = malian.submit(ENTER, **SUMMIT)

    assert answer.status_code == 422
    assert "Choose only what is listed." in text_of(answer)


def test_a_focal_point_sees_days_of_their_groups_and_of_the_world_and_changes_neither(
    analyst: StrictClient, sign_in_as: SignInAs
) -> None:
    of_the_group, of_the_world = entered(analyst), entered(analyst, name_="A world day", place="world")
    elsewhere = entered(analyst, name_="Elsewhere", place="country:PRY")
    focal_point = sign_in_as(Role.FOCAL_POINT, countries=["MLI"])
    malian = sign_in_as(Role.ANALYST, countries=["MLI"])

    assert names(focal_point) == ["The summit", "A world day"]
    assert focal_point.get(elsewhere).status_code == malian.get(f"{elsewhere}/change").status_code == 404
    for page in (of_the_group, of_the_world):
        assert parsed(focal_point.get(page)).xpath("//main//form") == []
        assert focal_point.get(f"{page}/change").status_code == 403
        assert malian.get(f"{page}/change").status_code == 403
        assert parsed(malian.get(page)).xpath("//main//form") == []


def test_what_may_be_the_same_is_asked_about_and_a_form_sent_twice_enters_one(analyst: StrictClient) -> None:
    entered(analyst)

    answer = analyst.submit(ENTER, **SUMMIT)
    assert answer.status_code == 422
    assert "Something like it is entered already: “The summit”, 20 April 2026" in text_of(answer)
    assert names(analyst) == ["The summit"]

    analyst.submit_form(answer, action=ENTER, is_another="y")
    assert names(analyst) == ["The summit", "The summit"]


def test_a_day_is_put_off_and_whoever_was_slower_sees_what_it_is_now(analyst: StrictClient) -> None:
    page = entered(analyst)
    mine, other = analyst.get(f"{page}/change"), analyst.get(f"{page}/change")
    analyst.submit_form(other, action=f"{page}/change", day="2026-05-20")

    refused = analyst.submit_form(mine, action=f"{page}/change", day="2026-06-20", name_="A later summit")

    assert refused.status_code == 409
    assert "Now it is: The summit, session, 20 May 2026" in text_of(refused)
    assert form_on(refused, f"{page}/change").fields["name_"] == "A later summit"
    analyst.submit_form(refused, action=f"{page}/change")
    assert names(analyst) == ["A later summit"]
    assert "20 June 2026" in text_of(analyst.get(page))


def test_a_day_is_called_off_and_brought_back(analyst: StrictClient) -> None:
    page = entered(analyst, place="country:MLI", kind="verdict")
    analyst.submit_form(analyst.get(page), action=f"{page}/call-off")

    assert names(analyst) == names(analyst, "/countries/MLI/occasions") == []
    assert "1 day was called off" in text_of(analyst.get("/countries/MLI/occasions"))
    assert analyst.submit_form(analyst.get(page), action=f"{page}/bring-back").status_code == 302

    assert names(analyst) == ["The summit"]


def test_what_was_typed_when_a_session_ended_is_there_again(analyst: StrictClient, now: datetime) -> None:
    page = analyst.get(ENTER)
    with analyst.session_transaction() as cookie:
        cookie["seen"] = now.timestamp() - 100_000
    analyst.submit_form(page, action=ENTER, **SUMMIT)
    with analyst.session_transaction() as cookie:
        cookie["seen"] = now.timestamp()

    kept = analyst.get(ENTER)

    assert "This is what you had typed before" in text_of(kept)
    assert form_on(kept, ENTER).fields["name_"] == "The summit"
    assert analyst.submit_form(kept, action=ENTER).status_code == 302
    assert form_on(analyst.get(ENTER), ENTER).fields["name_"] == ""


def test_a_file_is_looked_at_and_then_entered_as_a_whole(analyst: StrictClient) -> None:
    look = analyst.submit(IMPORT, **chosen(TABLE))
    assert look.status_code == 200
    assert text_of(look).count("is entered") >= 2
    assert names(analyst) == []

    forms = [form for form in parsed(look).forms if "act" in form.fields]
    sent = dict(forms[0].form_values())
    assert analyst.post(IMPORT, data=sent).status_code == 302
    assert analyst.post(IMPORT, data=sent).status_code == 302

    assert names(analyst) == ["Election", "Summit"]
    again = text_of(analyst.submit(IMPORT, **chosen(TABLE)))
    assert "there is nothing to enter" in again
    assert "It came out of a file" in text_of(analyst.get("/calendar/days/1/change"))


def test_a_line_says_until_when_its_day_comes_again(analyst: StrictClient) -> None:
    table = "day,name,every_months,until\n2026-04-07,Election,12,2028-12-31\n"
    assert "7 April 2026 · every year · until 31 December 2028" in text_of(analyst.submit(IMPORT, **chosen(table)))


def test_a_day_that_is_called_off_promises_no_flag(analyst: StrictClient) -> None:
    page = entered(analyst, kind="election")
    assert "Sets off a flag?" in text_of(analyst.get(page))
    analyst.submit_form(analyst.get(page), action=f"{page}/call-off")
    assert "Sets off a flag?" not in text_of(analyst.get(page))


def test_a_line_that_cannot_be_entered_keeps_out_the_whole_file_unless_it_is_left_out(analyst: StrictClient) -> None:
    look = analyst.submit(IMPORT, **chosen(f"{TABLE}2026-02-30,No day,,,3\n"))

    assert look.status_code == 200
    assert "1 line cannot be entered" in text_of(look)
    assert "“2026-02-30” is no day" in text_of(look)
    [form] = [form for form in parsed(look).forms if "act" in form.fields]
    sent = dict(form.form_values())
    assert sent["left_out"] == "1"

    assert analyst.post(IMPORT, data=sent | {"left_out": ""}).status_code == 422
    assert names(analyst) == []
    assert analyst.post(IMPORT, data=sent).status_code == 302
    assert names(analyst) == ["Election", "Summit"]


def test_a_place_is_asked_only_of_what_names_none(analyst: StrictClient) -> None:
    table = "day,name,iso3\n2026-04-07,Election,MLI\n"
    look = analyst.submit(IMPORT, **chosen(table, place=""))
    [form] = [form for form in parsed(look).forms if "act" in form.fields]

    assert analyst.post(IMPORT, data=dict(form.form_values())).status_code == 302
    assert names(analyst, "/calendar?country=MLI") == ["Election"]
    assert "It names no place" in text_of(analyst.submit(IMPORT, **chosen(f"{table}2026-04-08,Census,\n", place="")))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"a" * 300_001, "larger than 300 kB"),
        (b"what,when\n", "names no column “day”"),
        (b"", "names no column “day”"),
        (b"BEGIN:VCALENDAR\nnonsense\n", "Line 2 is none of an iCalendar file"),
    ],
)
def test_what_is_no_file_with_days_is_refused(analyst: StrictClient, file: bytes, said: str) -> None:
    answer = analyst.submit(IMPORT, **chosen(file))

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_file_larger_than_any_page_takes_leads_back_to_its_form(analyst: StrictClient) -> None:
    answer = analyst.post(IMPORT, data=b"a" * 3_000_000, content_type="multipart/form-data; boundary=b")

    assert answer.status_code == 413
    assert "The file with days to come is too large A file may have 300 kB at most" in text_of(answer)
    assert parsed(answer).xpath(f"//a[@href='{IMPORT}']/text()") == ["Back to the form"]


def test_the_calendar_is_taken_away_as_it_is_narrowed_and_as_far_as_one_may_see(
    sign_in_as: SignInAs, database: Database
) -> None:
    red = sign_in_as(Role.ANALYST, clearance=Mark.RED)
    entered(red, every_months="1", until="2026-06-30")
    entered(red, name_="Secret", place="country:MLI", kind="verdict", handling=str(int(Mark.RED)))

    answer = red.get("/calendar.ics?country=MLI")
    assert answer.mimetype == "text/calendar"
    assert answer.text.count("SUMMARY:African Union (AU): The summit\r\n") == 1
    assert "SUMMARY:Mali: Secret (TLP:RED)\r\n" in answer.text
    assert "Secret" not in sign_in_as(Role.READER, clearance=Mark.AMBER).get("/calendar.ics").text
    assert "The summit" not in sign_in_as(Role.READER, countries=["PRY"]).get("/calendar.ics").text
    assert red.get("/calendar.ics?kind=census").text.count("BEGIN:VEVENT") == 0


def test_a_table_that_was_taken_away_gives_the_same_days_elsewhere(sign_in_as: SignInAs) -> None:
    red = sign_in_as(Role.ANALYST, clearance=Mark.RED)
    for place, mark in (("country:MLI", Mark.RED), ("group:african_union", Mark.GREEN), ("world", Mark.CLEAR)):
        entered(red, place=place, name_=f"=A day of {place}", handling=str(int(mark)))

    lines = lines_of(red.get("/calendar.csv").text, Usual(OccasionKind.CENSUS))

    assert {(line.draft.iso3, line.draft.group_key, line.name, line.handling) for line in lines if line.draft} == {
        ("MLI", None, "=A day of country:MLI", Mark.RED),
        (None, "african_union", "=A day of group:african_union", Mark.GREEN),
        (None, None, "=A day of world", Mark.CLEAR),
    }
    assert {(line.draft.day.isoformat(), line.draft.kind) for line in lines if line.draft} == {
        ("2026-04-20", "session")
    }
    others = red.get("/calendar.csv").text.replace("A day of", "Another day of")
    assert "is entered TLP:RED" in text_of(red.submit(IMPORT, **chosen(others, place="", kind="census")))


def test_what_comes_again_is_one_series_in_other_calendars_and_days_where_no_rule_says_it(
    analyst: StrictClient,
) -> None:
    entered(analyst, every_months="3", until="2027-12-31")
    series = analyst.get("/calendar.ics").text
    assert series.count("BEGIN:VEVENT") == 1
    for line in ("DTSTART;VALUE=DATE:20260420", "RRULE:FREQ=MONTHLY;INTERVAL=3;UNTIL=20271231", "CATEGORIES:session"):
        assert f"{line}\r\n" in series

    rule = "RRULE:FREQ=MONTHLY;INTERVAL=3\nEXDATE:20260820,20260520\n"
    event = f"BEGIN:VEVENT\nUID:1\nDTSTART:20260520\nSUMMARY:Sitting\n{rule}END:VEVENT\n"
    look = analyst.submit(IMPORT, **chosen(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n"))
    assert "every 3 months · but not on 20 May 2026, 20 August 2026" in text_of(look)
    [form] = [form for form in parsed(look).forms if "act" in form.fields]
    analyst.post(IMPORT, data=dict(form.form_values()))
    assert "EXDATE;VALUE=DATE:20260520,20260820\r\n" in analyst.get("/calendar.ics?kind=session").text
    page = text_of(analyst.get("/calendar/days/2"))
    assert ("but not on 20 May 2026, 20 August 2026" in page, "20 November 2026" in page) == (True, True)
    analyst.submit_form(analyst.get("/calendar/days/2"), action="/calendar/days/2/call-off")

    entered(analyst, name_="Each 30th", day="2026-04-30", every_months="3")
    days = [line for line in analyst.get("/calendar.ics").text.splitlines() if line.startswith("UID:")]
    assert len(days) == len(set(days)) == 5


def test_no_page_of_the_calendar_and_of_councils_asks_more_than_twelve_questions(
    analyst: StrictClient, database: Database
) -> None:
    for number in range(3):
        page = entered(analyst, name_=f"A summit {number}", day=f"2026-0{4 + number}-20", every_months="12")
        act = {"council": "Security Council", "kind": "statement", "day": "2026-03-10", "words": f"Calm {number}."}
        assert analyst.submit("/countries/MLI/council-acts", **act).status_code == 302

    of_country = ("/countries/MLI/occasions", "/countries/MLI/council-acts")
    for address in ("/calendar", "/calendar.ics", ENTER, IMPORT, page, f"{page}/change", *of_country):
        assert len(questions(analyst, database, address)) <= 12, address
