"""A State asks for help; whoever works on it sees it; it ages until somebody answers; who asked reads the answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.focal_points import asked
from tests.questions import questions
from tests.situations import case, somebody
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of
from tests.web.conftest import SignInAs
from tests.web.digests import reader_of
from tracker.access import Role
from tracker.actions.assistance import settle
from tracker.assistance import AssistanceState
from tracker.handling import Mark
from tracker.measure import MeasureKind, Sphere
from tracker.response import ResponseState
from tracker.storage import assistance
from tracker.storage.base import Database, Session
from tracker.storage.responding import Response

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
WISH = {
    "kind": "security_sector",
    "title": "Trainers for the police",
    "words": "Ten, for the north.",
    "needed_by": "2026-04-15",
}


@pytest.fixture
def number(database: Database, now: datetime) -> int:
    with database.writing() as session:
        return asked(session, now=now).id


@pytest.fixture
def focal_point(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.FOCAL_POINT, countries=["MLI"])


def state_of(database: Database, number: int) -> AssistanceState:
    with database.reading() as session:
        found = assistance.seen(session, number, None, Mark.RED)
        assert found
        return found.request.state


def proposed_for(session: Session, number: int, now: datetime, **differing: Any) -> Response:
    there = case(session, now=now)
    rita = somebody(session, Role.REVIEWER, now=now)
    usual: dict[str, Any] = {
        "situation_id": there.situation_id,
        "kind": MeasureKind.SECURITY_SECTOR,
        "sphere": Sphere.REGIONAL,
        "title": "Send trainers",
        "state": ResponseState.PROPOSED,
        "handling": Mark.GREEN,
        "assistance_id": number,
        "proposed_at": now,
        "proposed_by": rita.person_id,
        **dict.fromkeys(("owner", "organisation", "decided_by"), ""),
        "misgivings": [],
    }
    made = Response(**(usual | differing))
    session.add(made)
    session.flush()
    return made


def test_a_focal_point_asks_and_reads_what_becomes_of_it(
    focal_point: StrictClient, sign_in_as: SignInAs, database: Database
) -> None:
    form = parsed(focal_point.get("/assistance/ask"))
    assert form.xpath("//select[@name='iso3']/option/@value") == ["MLI"]
    assert not form.xpath("//input[@name='on_behalf_of']")
    for _time in range(2):
        there = focal_point.submit("/assistance/ask", **WISH).headers["Location"]
    assert there == "/assistance/1"

    sign_in_as(Role.REVIEWER).submit(f"{there}/settle", state="answered", words="Ten trainers go in April.")

    assert "Ten trainers go in April." in text_of(focal_point.get(there))
    assert "Trainers for the police" in text_of(focal_point.get("/network/country/MLI"))
    assert "answered" in text_of(focal_point.get("/network/country/MLI"))


def test_an_analyst_says_whose_request_it_is(sign_in_as: SignInAs) -> None:
    analyst = sign_in_as(Role.ANALYST)

    refused = analyst.submit("/assistance/ask", **WISH, iso3="MLI")
    assert (refused.status_code, "Say whose request it is" in text_of(refused)) == (422, True)
    there = analyst.submit("/assistance/ask", **WISH, iso3="MLI", on_behalf_of="Ministry of the Interior")
    assert "Ministry of the Interior" in text_of(analyst.get(there.headers["Location"]))


@pytest.mark.parametrize(
    ("differing", "said"),
    [
        ({"title": ""}, "Say in a line"),
        ({"words": ""}, "Say what exactly"),
        ({"needed_by": "2026-03-15"}, "from today on"),
        ({"needed_by": "soon"}, "Enter a day"),
        ({"kind": "force"}, "Choose only what is listed"),
        ({"kind": ""}, "Choose the kind of help"),
    ],
)
def test_what_cannot_be_asked_for_comes_back_filled(
    focal_point: StrictClient, differing: dict[str, str], said: str
) -> None:
    answer = focal_point.submit("/assistance/ask", **(WISH | differing))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert ("Ten, for the north." in answer.text) == (differing != {"words": ""})
    assert focal_point.get("/assistance/1").status_code == 404


def test_all_that_is_empty_is_said_at_once_and_what_ended_at_once_says_so(
    sign_in_as: SignInAs, focal_point: StrictClient
) -> None:
    answer = focal_point.submit("/assistance/ask", kind="", title="", words="")
    said = parsed(answer).xpath("//div[contains(@class, 'error-summary')]//a/text()")
    assert [str(one) for one in said] == [
        "Choose the kind of help.",
        "Say in a line what is needed.",
        "Say what exactly is needed: how much, where, for whom.",
    ]
    page = str(focal_point.submit("/assistance/ask", **WISH).headers["Location"])
    assert sign_in_as(Role.REVIEWER).submit(f"{page}/settle", state="answered", words="They go.").status_code == 302
    assert "answered on the same day" in text_of(focal_point.get(page))


def test_it_stands_with_the_country_its_situation_and_on_the_dashboard_until_it_ends(
    sign_in_as: SignInAs, database: Database, now: datetime, number: int
) -> None:
    analyst = sign_in_as(Role.ANALYST)
    with database.writing() as session:
        there = case(session, now=now)
    pages = ("/countries/MLI", f"/situations/{there.situation_id}", "/network/country/MLI", "/assistance")
    for page in pages:
        assert "Trainers for the police" in text_of(analyst.get(page))
    assert "1 request for help is open" in text_of(analyst.get("/"))

    with database.writing() as session:
        rita = somebody(session, Role.REVIEWER, now=now)
        settle(session, number, AssistanceState.DECLINED, "Nobody is free.", by=rita, now=now)

    for page in (*pages[:2], "/assistance"):
        assert "Trainers for the police" not in text_of(analyst.get(page))
    assert "request for help is open" not in text_of(analyst.get("/"))
    assert "Trainers for the police" in text_of(analyst.get("/assistance?state=every"))


def test_it_ages_and_is_late_after_the_day_on_which_it_was_needed(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        asked(session, needed_by=now.date(), now=now - 3 * DAY)
    then = text_of(reader.get("/assistance"))
    assert ("open for 3 days" in then, "unanswered" in then, "overdue" in then) == (True, True, False)
    assert "the oldest for 3 days" in then

    with database.writing() as session:
        asked(session, title="Interpreters", needed_by=now.date() - DAY, now=now - 3 * DAY)
    assert "overdue" in text_of(reader.get("/assistance"))


def test_a_measure_that_is_proposed_for_it_is_an_answer_on_its_way(
    reader: StrictClient, database: Database, now: datetime, number: int
) -> None:
    with database.writing() as session:
        measure = proposed_for(session, number, now).id
    assert "unanswered" not in text_of(reader.get("/assistance"))
    assert "Send trainers" in text_of(reader.get(f"/assistance/{number}"))
    assert "waits until it is answered here" in text_of(reader.get(f"/assistance/{number}"))

    with database.writing() as session:
        declined = session.get_one(Response, measure)
        declined.state, declined.decided_at, declined.decided_by = ResponseState.DECLINED, now, "The council"
    assert "unanswered" in text_of(reader.get("/assistance"))


def test_a_measure_above_a_clearance_leaves_no_trace(
    reader: StrictClient, database: Database, now: datetime, number: int
) -> None:
    with database.writing() as session:
        proposed_for(session, number, now, handling=Mark.AMBER)

    for page in ("/assistance", f"/assistance/{number}", "/countries/MLI"):
        assert "unanswered" in text_of(reader.get(page)) or "Nobody has answered" in text_of(reader.get(page))
        assert "Send trainers" not in text_of(reader.get(page))


def test_nobody_sees_what_another_country_asks_for(sign_in_as: SignInAs, number: int) -> None:
    of_niger = sign_in_as(Role.FOCAL_POINT, countries=["NER"])

    for page in ("/assistance?state=every", "/assistance/list.csv?state=every"):
        assert "Trainers" not in of_niger.get(page).text
    assert of_niger.get(f"/assistance/{number}").status_code == 404
    assert of_niger.submit("/assistance/ask", **WISH).headers["Location"] == "/assistance/2"


@pytest.mark.parametrize(
    ("act", "role", "status"),
    [
        ("settle", Role.REVIEWER, 200),
        ("settle", Role.ANALYST, 403),
        ("settle", Role.FOCAL_POINT, 403),
        # another one than who asked
        ("withdraw", Role.FOCAL_POINT, 404),
        ("withdraw", Role.READER, 403),
    ],
)
def test_who_may_end_it(sign_in_as: SignInAs, number: int, act: str, role: Role, status: int) -> None:
    assert sign_in_as(role, countries=["MLI"]).get(f"/assistance/{number}/{act}").status_code == status


def test_who_asked_withdraws_it(focal_point: StrictClient, database: Database) -> None:
    there = focal_point.submit("/assistance/ask", **WISH).headers["Location"]

    focal_point.submit(f"{there}/withdraw", words="It came from elsewhere.")

    assert state_of(database, 1) is AssistanceState.WITHDRAWN
    assert focal_point.get(f"{there}/withdraw").status_code == 409


def test_a_reviewer_who_asked_for_their_own_state_is_told_that_another_answers(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    both = sign_in_as(Role.FOCAL_POINT, Role.REVIEWER, countries=["MLI"])
    there = both.submit("/assistance/ask", **WISH).headers["Location"]
    with database.writing() as session:
        measure = f"/responses/{proposed_for(session, 1, now, due_on=now.date()).id}"

    for page, acts, said in (
        (there, ["settle"], "another reviewer says what becomes of it"),
        (measure, ["decide", "decline"], "another reviewer decides on it"),
    ):
        shown = both.get(page)
        assert said in text_of(shown)
        for act in acts:
            assert f"{page}/{act}" not in shown.text
            assert both.get(f"{page}/{act}").status_code == 400
    other = sign_in_as(Role.REVIEWER)
    assert f"{there}/settle" in other.get(there).text
    assert f"{measure}/decide" in other.get(measure).text


def test_an_answer_that_came_second_sees_the_first_and_keeps_what_it_typed(
    sign_in_as: SignInAs, database: Database, number: int
) -> None:
    address, rita = f"/assistance/{number}/settle", sign_in_as(Role.REVIEWER)
    late = rita.get(address)
    sign_in_as(Role.REVIEWER).submit(address, state="answered", words="They come.")

    answer = rita.submit_form(late, action=address, state="declined", words="Nobody is free.")

    assert answer.status_code == 409
    assert "They come." in text_of(answer)
    assert "Nobody is free." in answer.text
    assert state_of(database, number) is AssistanceState.ANSWERED


def test_what_was_typed_when_the_session_had_ended_is_there_again(
    app: Flask, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        who = factories.person(session, roles=[Role.FOCAL_POINT], countries=["MLI"], created_at=now)
    client = browser_of(app, database, who, now)
    page = client.get("/assistance/ask")
    with client.session_transaction() as cookie:
        cookie["seen"] = 0.0

    client.submit_form(page, action="/assistance/ask", **WISH)

    assert "Ten, for the north." in browser_of(app, database, who, now).get("/assistance/ask").text


@pytest.mark.parametrize(
    ("narrowed", "told"),
    [
        ("", {"A mediator", "Trainers"}),
        ("?kind=mediation", {"A mediator"}),
        ("?group=ecowas", {"A mediator"}),
        ("?group=african_union", {"A mediator", "Trainers"}),
        ("?state=answered", {"An envoy"}),
        ("?state=every&kind=mediation", {"A mediator", "An envoy"}),
        ("?group=no_such_group", set()),
    ],
)
def test_the_list_and_its_export_are_narrowed_by_their_address(
    sign_in_as: SignInAs, database: Database, now: datetime, narrowed: str, told: set[str]
) -> None:
    with database.writing() as session:
        rita = somebody(session, Role.REVIEWER, now=now)
        mediation = {"kind": MeasureKind.MEDIATION, "now": now}
        asked(session, iso3="KEN", title="Trainers", now=now)
        asked(session, iso3="GHA", title="A mediator", **mediation)  # type: ignore[arg-type]
        ended = asked(session, iso3="KEN", title="An envoy", **mediation)  # type: ignore[arg-type]
        settle(session, ended.id, AssistanceState.ANSWERED, "She comes.", by=rita, now=now)
    reader = sign_in_as(Role.READER)

    for address in ("/assistance", "/assistance/list.csv"):
        words = text_of(reader.get(f"{address}{narrowed}"))
        assert {title for title in ("Trainers", "A mediator", "An envoy") if title in words} == told, address


@pytest.mark.parametrize("address", ["/assistance", "/assistance/1"])
def test_no_page_about_requests_needs_more_than_twelve_questions(
    sign_in_as: SignInAs, database: Database, now: datetime, number: int, address: str
) -> None:
    with database.writing() as session:
        proposed_for(session, number, now)
        for count in range(5):
            asked(session, title=f"Trainers {count}", now=now)
    client = sign_in_as(Role.REVIEWER)
    client.get(address)

    assert len(questions(client, database, address)) <= 12


def test_a_digest_tells_of_it_once_as_new_and_then_until_it_ends(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - 7 * DAY, also_when_nothing_is_new=False)
    with database.writing() as session:
        number = asked(session, now=now - DAY).id

    def told(at: datetime) -> list[tuple[bool, bool]]:
        found = reader.gathered(at)
        return [(one.request.id in found.new_calls, found.is_news) for one in found.calls]

    assert told(now) == [(True, True)]
    assert told(now + DAY) == [(False, False)]
    with database.writing() as session:
        rita = somebody(session, Role.REVIEWER, now=now)
        settle(session, number, AssistanceState.ANSWERED, "They come.", by=rita, now=now + DAY)
    assert told(now + 2 * DAY) == [(True, True)]
    assert told(now + 3 * DAY) == []


def test_a_digest_says_how_long_it_has_waited(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - 7 * DAY)
    with database.writing() as session:
        asked(session, now=now - 5 * DAY)
        asked(session, title="For the few", handling=Mark.RED, now=now - 5 * DAY)

    made = reader.told(now)

    assert made is not None
    assert "Trainers for the police (Security sector, new), open for 5 days" in " ".join(made.text.split())
    assert "For the few" not in made.text
