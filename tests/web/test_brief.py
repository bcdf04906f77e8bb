"""What a country's page shows, on two sheets: nothing that its reader may not see, and nobody who may not be named."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests import factories, situations
from tests.actions.test_concluding import FEBRUARY, code_rule_of_law
from tests.concluding import recorded
from tests.questions import questions
from tests.responses import Hand
from tests.situations import IN_SCOPE, Desk
from tests.strict_client import StrictClient, parsed
from tests.web.conftest import SignInAs, TestClock
from tracker.access import Role
from tracker.actions.occasions import call_off, enter
from tracker.actions.situations.assessing import disagree
from tracker.actions.situations.attending import assign
from tracker.exchange.brief.content import Bar, Brief, Looks, Section
from tracker.exchange.brief.typesetting import what_fits
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.pictures.png import FONTS
from tracker.response import ResponseState
from tracker.situation import SituationState
from tracker.storage import situations as stored
from tracker.storage.admitting import SignIn
from tracker.storage.base import Database, Session
from tracker.web.pages import briefs

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

ADDRESS = "/countries/MLI/brief.pdf"
# One of each dimension, or there is no risk.
PUBLISHED = {"wgi_rule_of_law": 0.5, "wgi_political_stability": -1.5, "wgi_voice_and_accountability": -0.5}
Read = Callable[..., Brief]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """What is handed over to be set, instead of how it looks."""
    kept: list[Brief] = []

    def keep(brief: Brief, **_rest: Any) -> bytes:
        kept.append(brief)
        return b""

    def brief_of(client: StrictClient, address: str = ADDRESS) -> Brief:
        with monkeypatch.context() as patched:
            patched.setattr(briefs, "brief_pdf", keep)
            assert client.get(address).status_code == 200
        return kept[-1]

    return brief_of


def words_of(said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        for name, value in said.items():
            yield from words_of(value) if name != "svg" else ()
    elif isinstance(said, list | tuple):
        for one in said:
            yield from words_of(one)
    elif isinstance(said, str):
        yield said


def text_of(brief: Brief) -> str:
    return "\n".join(words_of(asdict(brief)))


def section(brief: Brief, heading: str) -> Section:
    every = [one for side in (*brief.first, *brief.second) for one in side]
    [found] = [one for one in every if one.heading.startswith(heading)]
    return found


def told(brief: Brief, heading: str) -> str:
    return "\n".join(words_of(asdict(section(brief, heading))))


def scored(session: Session, now: datetime) -> None:
    for key, level in PUBLISHED.items():
        recorded(session, key, level, on=FEBRUARY, at=now, standard_error=0.2, source_name="A publisher")
    code_rule_of_law(session, 3.0, on=FEBRUARY, at=now)


def assessed(session: Session, now: datetime, **differing: Any) -> Desk:
    """Of Mali: a situation with a flag of a rule, assessed by a reviewer."""
    desk = Desk(session, situations.somebody(session, Role.REVIEWER, now=now, name="Rita Remy"), now)
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, SituationState.VERIFYING)
    desk.judge(flag)
    desk.assess(situation, **differing)
    return desk


def test_a_brief_is_a_file_of_two_pages_for_its_reader_alone(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        scored(session, now)
        assessed(session, now)

    answer = sign_in_as(Role.READER).get(ADDRESS)

    assert answer.mimetype == "application/pdf"
    assert re.findall(rb"/Type/Pages/Count (\d+)", answer.data) == [b"2"]
    assert answer.headers["Content-Disposition"] == 'inline; filename="MLI-2026-03-16-CLEAR.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_country_of_which_nothing_is_known_gets_an_honest_one(sign_in_as: SignInAs, read: Read) -> None:
    brief = read(sign_in_as(Role.READER, name="Ana"))

    assert (brief.country, brief.score, brief.mark) == ("Mali", "", Mark.CLEAR)
    assert brief.level.alt == "not enough evidence"
    assert "That is no sign of safety" in text_of(brief)
    assert "No situation is open that you may know of." in text_of(brief)
    assert "for Ana" in brief.footer


def test_a_country_that_is_not_there_has_none(sign_in_as: SignInAs) -> None:
    assert sign_in_as(Role.READER).get("/countries/ZZZ/brief.pdf").status_code == 404


def test_the_first_page_says_how_it_stands_and_why(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        scored(session, now)

    brief = read(sign_in_as(Role.READER))
    bars = section(brief, "What the risk is made of")

    assert float(brief.score) > 0
    assert [fact.name for fact in brief.facts][:2] == [
        "90 % interval; 100 is worst",
        "between 1 and 1, 1 being the worst",
    ]
    assert bars.looks is Looks.BARS
    given = sum(bar.points for bar in bars.items if isinstance(bar, Bar))
    assert given == pytest.approx(float(brief.score), abs=0.6)
    assert "Not enough evidence: " in bars.note
    assert "Level 3: high" in told(brief, "What weighs most")
    assert "−1.5: critical" in told(brief, "What weighs most")
    assert "method version" in brief.footer
    assert brief.map is not None
    assert brief.series is not None


def test_the_second_page_says_what_is_concluded_due_and_to_come(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        day, by = now.date() + timedelta(days=30), situations.somebody(session, Role.ANALYST, now=now)
        usual: dict[str, Any] = {"handling": Mark.CLEAR, "by": by, "now": now}
        enter(session, "MLI", OccasionKind.ELECTION, "Election of the assembly", day, **usual)
        assessed(session, now)

    brief = read(sign_in_as(Role.READER))

    assert "Ethnic cleansing" in told(brief, "Situation: ")
    assert IN_SCOPE.summary.split(".")[0] in told(brief, "Assessment of 16 March 2026")
    flags = told(brief, "Open flags")
    assert (
        "The score of Rule of law and good governance was 64 on 16 March 2026; the rule speaks at 60 or more." in flags
    )
    assert "It clears when the score of Rule of law and good governance falls below 55." in flags
    assert "confirmed" in flags
    assert "Next step\n23 March 2026" in told(brief, "What is due next")
    assert "15 April 2026" in told(brief, "What is coming")


def test_the_office_in_charge_is_told_and_not_the_person(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        desk = assessed(session, now)
        [situation] = stored.of_country(session, "MLI", Mark.RED)
        seen = situations.newest(session, situation, desk.by)
        assign(session, situation.id, desk.by.person_id, seen=seen, by=desk.by, now=now)
        [assessment] = stored.assessments_in(stored.events(session, situation.id, Mark.RED))
        disagree(session, situation.id, assessment.event.id, "It is worse.", handling=Mark.CLEAR, by=desk.by, now=now)

    brief = read(sign_in_as(Role.READER, clearance=Mark.RED))

    assert "In charge\nReviewer" in told(brief, "Situation")
    assert "It is worse." in told(brief, "Somebody disagrees")
    assert "Rita" not in text_of(brief)


@pytest.mark.parametrize(
    ("clearance", "expected"), [(Mark.CLEAR, Mark.CLEAR), (Mark.GREEN, Mark.GREEN), (Mark.RED, Mark.AMBER)]
)
def test_its_mark_is_the_highest_of_what_it_shows(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read, clearance: Mark, expected: Mark
) -> None:
    with database.writing() as session:
        for mark, indicator in ((Mark.CLEAR, "militias"), (Mark.GREEN, "emergency_powers")):
            recorded(session, indicator, 2, on=FEBRUARY, at=now, handling=mark)
        situations.raised(session, handling=Mark.AMBER, now=now)

    assert read(sign_in_as(Role.READER, clearance=clearance)).mark is expected


def test_what_is_proposed_is_told_with_its_mark_and_without_who_sees_to_it(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        _flag, situation = situations.raised(session, now=now)
        hand = Hand(session, situations.somebody(session, Role.REVIEWER, now=now), now)
        hand.bring(hand.propose(situation, handling=Mark.AMBER), ResponseState.UNDER_WAY)

    cleared, open_to_all = read(sign_in_as(Role.READER, clearance=Mark.RED)), read(sign_in_as(Role.READER))

    told_of = told(cleared, "What is due next")
    assert "The minister talks with both sides\nunder way\nto be done by 15 May 2026 · TLP:AMBER" in told_of
    assert "The office of the minister" not in text_of(cleared)
    assert (cleared.mark, cleared.mark_reason) == (
        Mark.AMBER,
        "Marked TLP:AMBER for: The minister talks with both sides.",
    )
    assert "The minister" not in text_of(open_to_all)
    assert "No measure that you may see is under way or proposed." in told(open_to_all, "What is due next")


def test_sources_are_named_by_their_marks_as_far_as_they_may_be(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        usual: dict[str, Any] = {"on": FEBRUARY, "at": now}
        recorded(session, "militias", 2, source_name="Radio Kidal", handling=Mark.GREEN, **usual)
        recorded(session, "emergency_powers", 2, source_name="A colonel", attributable=False, **usual)
        recorded(session, "limits_on_power", 2, source_name="A file", handling=Mark.RED, **usual)

    found = told(read(sign_in_as(Role.READER)), "Sources")

    assert "TLP:CLEAR\n\n1 answer is not for attribution." in found
    assert "TLP:GREEN\n\nRadio Kidal (1)" in found
    assert "A colonel" not in found
    assert "A file" not in found


def test_a_past_day_is_shown_as_it_was_known_then(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    days: dict[str, Any] = {"indicator": "militias", "iso3": "MLI", "value": 2}
    with database.writing() as session:
        for ago, name, rule in ((9, "An early one", "weak_rule_of_law"), (2, "A late one", "rising_risk")):
            at = now - timedelta(days=ago)
            factories.observation(session, on=at.date(), recorded_at=at, source_name=name, **days)
            situations.raised(session, rule=rule, now=at)
    client = sign_in_as(Role.READER)

    today, then = read(client), read(client, f"{ADDRESS}?as_of=2026-03-10")

    assert today.notice == ""
    assert then.moment == "As of 10 March 2026"
    assert then.notice == "This is what held on 10 March 2026, as it was known on that day."
    assert ("An early one" in text_of(then), "A late one" in text_of(then)) == (True, False)
    assert "A late one" in text_of(today)
    assert len(section(then, "Open flags").items) == 1
    assert len(section(today, "Open flags").items) == 2


def test_no_calm_zero_is_told_of_a_year_in_which_nothing_was_heard(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        for days in (500, 400):
            for key, level in PUBLISHED.items():
                recorded(session, key, level, on=now.date() - timedelta(days=days), at=now, standard_error=0.2)

    told = text_of(read(sign_in_as(Role.READER)))

    assert "Nothing newer\nthan of 2025: nobody can tell what has changed" in told
    assert "within the interval" not in told


def test_a_day_that_was_called_off_since_is_told_as_such(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        by, ahead = situations.somebody(session, Role.REVIEWER, now=now), now.date() + timedelta(days=30)
        marked: dict[str, Any] = {"handling": Mark.CLEAR, "by": by, "now": now - timedelta(days=9)}
        entered = enter(session, "MLI", OccasionKind.ELECTION, "An election", ahead, **marked)
        call_off(session, entered.id, by=by, now=now)
    client, then = sign_in_as(Role.READER), f"?as_of={now.date() - timedelta(days=5)}"

    assert "called off since · TLP:CLEAR" in told(read(client, ADDRESS + then), "What is coming")
    [line] = [line for line in client.get(f"/countries/MLI.csv{then}").text.splitlines() if line.startswith("coming,")]
    assert ",TLP:CLEAR,called off since," in line
    assert "An election" not in told(read(client), "What is coming")


def test_scores_at_which_nobody_has_looked_today_bear_their_own_day(
    sign_in_as: SignInAs, database: Database, clock: TestClock, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        recorded(session, "militias", 2, on=FEBRUARY, at=now)
    client = sign_in_as(Role.READER)
    assert read(client).notice == ""

    clock.moment = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    with client.session_transaction() as cookie:
        cookie["seen"] = clock.moment.timestamp()
    with database.writing() as session:
        session.execute(update(SignIn).values(expires_at=clock.moment + timedelta(hours=1)))

    assert read(client).notice == "The scores are those of 16 March 2026."


def test_a_long_assessment_is_cut_where_there_is_no_more_room_and_says_where_the_rest_is(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        assessed(session, now, assessment=replace(IN_SCOPE, summary="They come by night. " * 190))

    brief = read(sign_in_as(Role.READER))
    place = [one.heading for one in brief.first[0]].index("Assessment of 16 March 2026")
    left = what_fits(brief, fonts=FONTS)[0]

    assert left["shown"][place] < len(section(brief, "Assessment").items)
    assert left["spare"] >= 0
    assert section(brief, "Assessment").more == ("The rest stands on the situation’s page.",)


def test_a_brief_asks_the_database_few_questions(sign_in_as: SignInAs, database: Database, now: datetime) -> None:
    with database.writing() as session:
        scored(session, now)
        assessed(session, now)
    client = sign_in_as(*Role)
    client.get(ADDRESS)

    assert len(questions(client, database, ADDRESS)) <= 12


def test_the_page_of_a_country_leads_to_its_brief_of_the_same_day(sign_in_as: SignInAs) -> None:
    page = parsed(sign_in_as(Role.READER, clearance=Mark.CLEAR).get("/countries/MLI?as_of=2026-03-10&window=1"))

    assert page.xpath("//a[contains(@href, 'brief.pdf')]/@href") == [f"{ADDRESS}?window=1&as_of=2026-03-10"]


def test_whoever_may_see_more_chooses_up_to_which_mark_the_brief_is_made(sign_in_as: SignInAs) -> None:
    page = parsed(sign_in_as(Role.READER, clearance=Mark.AMBER).get("/countries/MLI?as_of=2026-03-10"))

    [form] = page.xpath("//form[contains(@action, 'brief.pdf')]")
    assert form.xpath(".//option/@value") == ["", "GREEN", "CLEAR"]
    assert form.xpath(".//input[@name='as_of']/@value") == ["2026-03-10"]


def test_a_brief_is_held_to_a_lower_mark_to_be_handed_on(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        recorded(session, "militias", 2, on=FEBRUARY, at=now, source_name="Radio Kidal", handling=Mark.GREEN)
        recorded(session, "limits_on_power", 2, on=FEBRUARY, at=now, source_name="A file", handling=Mark.RED)
    client = sign_in_as(Role.READER, clearance=Mark.RED)

    whole, lower = read(client), read(client, f"{ADDRESS}?up_to=GREEN")

    assert (whole.mark, lower.mark) == (Mark.RED, Mark.GREEN)
    assert ("A file" in text_of(whole), "A file" in text_of(lower)) == (True, False)
    assert "Radio Kidal" in text_of(lower)
    assert whole.mark_reason.startswith("Marked TLP:RED for: ")
    assert lower.mark_reason.endswith("Made from what is marked TLP:GREEN at most.")


@pytest.mark.parametrize(("wanted", "status"), [("GREEN", 200), ("AMBER", 400), ("AMBER%2BSTRICT", 400), ("x", 400)])
def test_nobody_makes_a_brief_above_their_own_mark(
    sign_in_as: SignInAs, monkeypatch: pytest.MonkeyPatch, wanted: str, status: int
) -> None:
    monkeypatch.setattr(briefs, "brief_pdf", lambda *_given, **_named: b"")

    assert sign_in_as(Role.READER, clearance=Mark.GREEN).get(f"{ADDRESS}?up_to={wanted}").status_code == status


def test_a_brief_says_which_part_of_it_bears_its_mark(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        recorded(session, "militias", 2, on=FEBRUARY, at=now)
        assessed(session, now, handling=Mark.AMBER)

    assert read(sign_in_as(Role.READER, clearance=Mark.RED)).mark_reason == (
        "Marked TLP:AMBER for: the assessment of 16 March 2026."
    )


def test_what_the_desk_concludes_stands_on_the_first_page(
    sign_in_as: SignInAs, database: Database, now: datetime, read: Read
) -> None:
    with database.writing() as session:
        assessed(session, now)

    concluded, assessment, *_rest = read(sign_in_as(Role.READER)).first[0]

    assert concluded.items[0].name == "At risk"  # type: ignore[union-attr]
    assert assessment.heading == "Assessment of 16 March 2026"
