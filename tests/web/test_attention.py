"""What needs somebody, the most urgent first, and what has happened since a reader last looked."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests import factories
from tests.dashboards import cases, news, scored
from tests.questions import questions
from tests.responses import Hand
from tests.situations import Desk, flag, raised, said, somebody
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import browser_of
from tests.web.conftest import SignInAs, TestClock
from tracker.access import Role
from tracker.actions.reading import begin_visit, have_seen
from tracker.actions.situations.gathering import gather, open_situation
from tracker.flag import Change
from tracker.handling import Mark
from tracker.news import WRITTEN_WITHIN
from tracker.rule import Severity
from tracker.situation import SituationState, Verdict
from tracker.storage.base import Database

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOTICE, WARNING, ALARM = Severity
SENTENCE = "The score of Rule of law and good governance was 64 on 16 March 2026; the rule speaks at 60 or more."


# Situations


def test_what_is_overdue_stands_first_then_what_is_gravest_then_what_is_due_first_then_the_worse_country(
    returning: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 50, "NER": 40, "TCD": 30, "CIV": 20, "GHA": 10}, at=now)
        for iso3, severity, days in (
            *(("TCD", WARNING, 1.5), ("NER", WARNING, 1.5), ("MLI", WARNING, 1.5)),
            *(("GHA", NOTICE, 3), ("CIV", ALARM, 1.5), ("SEN", WARNING, 0.5)),
        ):
            raised(session, iso3=iso3, severity=severity, now=now - days * DAY)

    found = cases(returning())

    assert [one.heading for one in found] == ["Ghana", "Côte d’Ivoire", "Mali", "Niger", "Chad", "Senegal new"]
    assert [one.due.partition(" 2026")[0] for one in found[:2]] == [
        "to be verified, overdue since 15 March",
        "to be verified by 17 March",
    ]


def test_a_situation_says_why_by_its_worst_flag_and_how_many_more_there_are(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        raised(session, severity=WARNING, now=now - DAY)
        raised(session, severity=NOTICE, rule="rising_risk", sentence="A notice.", now=now)
        raised(session, iso3="NER", severity=ALARM, sentence="An alarm.", now=now)

    assert [one.sentence for one in cases(reader)] == [
        "alarm: An alarm.",
        f"warning: {SENTENCE} 1 more flag is open.",
    ]


def test_what_is_cleared_or_discarded_is_no_reason_any_more(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        made, situation = raised(session, severity=ALARM, now=now - DAY)
        said(session, made, Change.CLEARED, severity=ALARM, now=now)
        other, _ = raised(session, rule="rising_risk", severity=NOTICE, sentence="Still so.", now=now - DAY)
        desk = Desk(session, somebody(session, Role.REVIEWER, now=now), now)
        desk.move(situation, SituationState.VERIFYING)

    assert [(one.sentence, one.due[:14]) for one in cases(reader)] == [("notice: Still so.", "to be assessed")]
    with database.writing() as session:
        Desk(session, somebody(session, Role.REVIEWER, now=now), now).judge(session.merge(other), Verdict.DISCARDED)
    assert [one.sentence for one in cases(reader)] == ["No flag is open any more."]


def test_six_situations_are_told_and_all_of_them_counted(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for iso3 in ("MLI", "NER", "TCD", "CIV", "GHA"):
            raised(session, iso3=iso3, now=now)
        open_situation(session, "MLI", part="The north", handling=Mark.CLEAR, by=None, now=now)
    assert "Mali: The north" in [one.heading for one in cases(reader)]

    with database.writing() as session:
        raised(session, iso3="SEN", now=now - 3 * DAY)

    assert len(cases(reader)) == 6
    words = text_of(reader.get("/"))
    assert "All 7 open situations" in words
    assert "7 situations need attention, 1 overdue." in words


def test_each_situation_says_who_is_in_charge_and_each_late_measure_who_answers_for_it(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        _, niger = raised(session, iso3="NER", severity=ALARM, now=now)
        _, mali = raised(session, now=now)
        somebody_there = factories.person(session, name="Awa", roles=[Role.REVIEWER], created_at=now)
        mali.owner_id = somebody_there.id
        hand = Hand(session, somebody(session, Role.REVIEWER, now=now), now)
        measure = hand.propose(niger, Mark.CLEAR)
        measure.owner, measure.due_on = "The office of the minister", now.date() - DAY

    words = text_of(reader.get("/"))
    of_niger, of_mali = cases(reader)
    assert of_niger.due.endswith("Nobody is in charge yet")
    assert of_mali.due.endswith("In charge: Awa")
    assert "1 measure is overdue." in words
    assert f"overdue since {(now - DAY).day} " in words.partition("Niger · ")[2]
    assert "· The office of the minister" in words


def test_a_score_that_a_flag_names_is_set_beside_what_the_reader_sees_of_it_today(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    values = {"subject": "risk", "now": 46.3, "on": "2026-03-16", "line": 60}
    with database.writing() as session:
        scored(session, {"MLI": 45, "NER": 46}, at=now - DAY)
        for iso3 in ("MLI", "NER"):
            raised(session, iso3=iso3, subject="risk", severity=ALARM, values=values, now=now)

    told = {one.heading: one.sentence for one in cases(reader)}

    assert "60 or more. Today, by what you may see, it is 45." in told["Mali"]
    assert "by what you may see" not in told["Niger"]


def test_each_situation_says_how_sure_the_score_of_its_country_is(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        raised(session, now=now)
        raised(session, iso3="NER", now=now)
        scored(session, {"MLI": 45}, at=now - DAY)

    standing = {
        one.xpath("string(.//h3/a)"): one.xpath("string(.//*[contains(@class, 'stands')])")
        for one in parsed(reader.get("/")).xpath("//section[@aria-labelledby='attention']//ol/li")
    }

    assert re.search(r"elevated 45 \(\d+ to \d+\)", " ".join(standing["Mali"].split()))
    assert standing["Niger"].strip() == "not enough evidence"


# What is new


def test_on_a_first_visit_nothing_is_called_new(reader: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        raised(session, now=now)

    words = text_of(reader.get("/"))

    assert "1 situation needs attention." in words
    assert "new since" not in words.lower()


def test_what_happened_since_somebody_looked_is_told_in_words(
    returning: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        scored(session, {"CIV": 50}, at=now - 2 * DAY)
        raised(session, severity=ALARM, sentence="It is so.", now=now)
        for iso3, change, severity in (
            ("NER", Change.WORSENED, ALARM),
            ("TCD", Change.EASED, NOTICE),
            ("GHA", Change.CLEARED, WARNING),
        ):
            made, _ = raised(session, iso3=iso3, now=now - 2 * DAY)
            said(session, made, change, severity=severity, sentence=f"It {change}.", now=now - DAY / 2)
        made, situation = raised(session, iso3="SEN", now=now - 2 * DAY)
        desk = Desk(session, somebody(session, Role.REVIEWER, now=now), now)
        desk.move(situation, SituationState.VERIFYING)
        desk.judge(made, Verdict.DISCARDED)
        raised(session, iso3="CIV", severity=ALARM, now=now - 2 * DAY)
    client = returning()

    assert [(one.country, one.turn) for one in news(client)] == [
        *(("Mali", "new"), ("Niger", "worse"), ("Senegal", "discarded"), ("Ghana", "cleared"), ("Chad", "eased")),
    ]
    assert news(client)[0].sentence.endswith("It is so.")
    assert news(client, "/news") == news(client)
    assert [one.heading for one in cases(client) if "new" in one.heading] == ["Niger new", "Mali new"]
    assert "6 situations need attention, 2 of them new since you last looked." in text_of(client.get("/"))


@pytest.mark.parametrize(("days", "heading"), [(1, "Mali: The north"), (0.5, "Mali: The north new")])
def test_a_situation_that_was_opened_since_is_new_without_any_flag(
    returning: SignInAs, database: Database, now: datetime, days: float, heading: str
) -> None:
    with database.writing() as session:
        open_situation(session, "MLI", part="The north", handling=Mark.CLEAR, by=None, now=now - days * DAY)
    client = returning()

    assert [(one.heading, one.sentence) for one in cases(client)] == [(heading, "No flag is open any more.")]
    assert news(client) == []


def test_six_pieces_of_news_are_told_and_the_rest_has_a_page(
    returning: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for iso3 in ("MLI", "NER", "TCD", "CIV", "GHA", "SEN", "BEN"):
            raised(session, iso3=iso3, now=now)
    client = returning()

    assert len(news(client)) == 6
    assert "All that is new: 7 countries" in text_of(client.get("/"))
    assert len(news(client, "/news")) == 7
    assert len(news(client, "/news?group=ecowas")) == len(news(client, "/?group=ecowas")) == 4


def test_all_that_is_new_of_a_country_stands_in_one_line_by_its_most_urgent_flag(
    returning: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        over, _ = raised(session, rule="high_risk", subject="risk", severity=ALARM, now=now - 2 * DAY)
        said(session, over, Change.CLEARED, severity=ALARM, now=now - HOUR)
        raised(session, severity=NOTICE, rule="rising_risk", subject="risk", sentence="A notice.", now=now - HOUR)
        raised(session, severity=WARNING, sentence="A warning.", now=now - 2 * HOUR)
        raised(session, iso3="NER", severity=ALARM, sentence="An alarm.", now=now - 3 * HOUR)
    client = returning()

    assert [(one.country, one.turn) for one in news(client)] == [("Niger", "new"), ("Mali", "new")]
    assert news(client)[1].sentence.endswith("A warning.")
    assert "2 more flags: 1 new, 1 cleared Rising risk: the risk as a whole new" in text_of(client.get("/"))


@pytest.mark.parametrize(("points", "told"), [(39.5, []), (41, ["The risk rose from guarded to elevated."])])
def test_a_country_with_another_level_than_when_somebody_looked_is_news(
    app: Flask, database: Database, clock: TestClock, now: datetime, points: float, told: list[str]
) -> None:
    with database.writing() as session:
        ana = factories.person(session, created_at=now)
        scored(session, {"MLI": 38, "NER": 10}, at=now)
        begin_visit(session, ana.id, last_visit_on=now + HOUR)
        scored(session, {"MLI": points}, at=now + 2 * HOUR, on=(now - DAY).date())
    clock.moment = now + 3 * HOUR
    client = browser_of(app, database, ana, clock.moment)

    assert [one.sentence for one in news(client)] == told
    assert [one.country for one in news(client, "/news")] == ["Mali"] * len(told)
    assert ("There is news of 1 other country" in text_of(client.get("/?q=Niger"))) is bool(told)


def test_what_is_new_takes_no_more_questions_than_a_page_may_ask(
    app: Flask, database: Database, clock: TestClock, now: datetime
) -> None:
    with database.writing() as session:
        ana = factories.person(session, created_at=now)
        scored(session, {"MLI": 38, "NER": 10}, at=now)
        begin_visit(session, ana.id, last_visit_on=now + HOUR)
        scored(session, {"MLI": 41}, at=now + 2 * HOUR, on=now.date())
        raised(session, now=now + 2 * HOUR)
    clock.moment = now + 3 * HOUR
    client = browser_of(app, database, ana, clock.moment)
    client.get("/")

    assert max(len(questions(client, database, address)) for address in ("/", "/?by=rule_of_law", "/news")) <= 12
    [told] = news(client)
    assert "The risk rose from guarded to elevated. Weak rule of law" in told.sentence


def test_what_was_begun_before_somebody_looked_and_written_down_after_it_is_told_on_the_next_visit(
    app: Flask, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        ana = factories.person(session, created_at=now - 100 * DAY)
        begin_visit(session, ana.id, last_visit_on=now - DAY)
        raised(session, now=now - HOUR)
    [until] = parsed(browser_of(app, database, ana, now).get("/")).xpath("//@data-seen-until")

    with database.writing() as session:
        have_seen(session, ana.id, datetime.fromisoformat(until), now=now)
        begin_visit(session, ana.id, last_visit_on=now)
        raised(session, iso3="NER", now=now - timedelta(seconds=119))

    assert [one.country for one in news(browser_of(app, database, ana, now))] == ["Niger"]


def test_what_is_not_told_stays_new_whatever_page_was_looked_at(
    returning: SignInAs, database: Database, now: datetime
) -> None:
    """Beyond the first six, and where the page was narrowed down."""
    with database.writing() as session:
        for place, iso3 in enumerate(("BEN", "CIV", "GHA", "MLI", "NER", "SEN", "TCD")):
            raised(session, iso3=iso3, severity=WARNING, now=now - place * HOUR)
    client = returning()

    def told_until(address: str) -> datetime:
        [until] = parsed(client.get(address)).xpath("//@data-seen-until")
        return datetime.fromisoformat(until)

    just_before, lately = timedelta(microseconds=1), now - WRITTEN_WITHIN
    assert [one.country for one in news(client)][-1] == "Senegal"
    assert told_until("/") == told_until("/?group=ecowas") == now - 6 * HOUR - just_before
    assert told_until("/?group=eccas") == told_until("/news?group=eccas") == now - 5 * HOUR - just_before
    assert told_until("/news") == told_until("/news?who=all") == lately
    assert told_until("/news?group=ecowas") == now - 6 * HOUR - just_before


def test_all_is_put_aside_only_where_all_is_told(returning: SignInAs, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for place, iso3 in enumerate(("MLI", "NER", "TCD", "CIV", "GHA", "SEN", "BEN")):
            raised(session, iso3=iso3, now=now - place * HOUR)
    client = returning()

    def offers(address: str) -> bool:
        return bool(parsed(client.get(address)).xpath("//form[@action='/own/nothing-new']"))

    assert [offers(address) for address in ("/", "/?group=eccas", "/news?group=eccas", "/news")] == [
        *(False, False, False),
        True,
    ]
    assert "There is news of 6 other countries" in text_of(client.get("/?group=eccas"))
    assert "There is news of 6 other countries" in text_of(client.get("/news?group=eccas"))
    assert "other countries" not in text_of(client.get("/"))


def test_what_is_new_elsewhere_is_not_told_to_whom_it_is_hidden_from(
    returning: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        scored(session, {"MLI": 50}, at=now)
        raised(session, iso3="MLI", now=now)
        raised(session, iso3="TCD", now=now)
        raised(session, iso3="GHA", now=now, handling=Mark.RED)
    client = returning(countries=["MLI", "GHA"])

    words = text_of(client.get("/?q=Ghana"))

    assert "There is news of 1 other country" in words
    assert "No flag was raised" not in words


def test_whoever_missed_nothing_is_told_so(returning: SignInAs, database: Database, now: datetime) -> None:
    with database.writing() as session:
        raised(session, now=now - 2 * DAY)
    client = returning()

    assert (
        "No flag was raised, grew, eased or was cleared since you last looked, and no country has another level."
        in text_of(client.get("/"))
    )
    assert "Nothing is new" in text_of(client.get("/news"))


def test_news_does_not_lead_to_a_situation_that_its_reader_may_not_know_of(
    returning: SignInAs, database: Database, now: datetime
) -> None:
    """A notice joins what is going on, and lets nobody know of it."""
    with database.writing() as session:
        _, hidden = raised(session, severity=ALARM, handling=Mark.RED, now=now)
        notice = flag(session, rule="rising_risk", now=now)
        said(session, notice, severity=NOTICE, now=now)
        assert gather(session, notice, handling=Mark.RED, severity=NOTICE, now=now) is hidden

    assert [(one.country, one.path) for one in news(returning())] == [("Mali", "/countries/MLI")]
    assert [one.path for one in news(returning(clearance=Mark.RED))] == [f"/situations/{hidden.id}"]
