"""What a flag says, in words: keys become names, days and figures are written, and what is typed stays as it is."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask

from tests.actions.test_concluding import FEBRUARY, code_rule_of_law
from tests.concluding import recorded
from tests.situations import flag, raised, said, somebody
from tests.strict_client import text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.occasions import enter
from tracker.actions.situations.gathering import gather
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.rule import Severity
from tracker.storage.base import Database
from tracker.web.flag_words import FlagNames, FlagTold, Points, flag_names, flag_told

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def names(app: Flask, database: Database) -> Iterator[FlagNames]:
    """For an English reader."""
    with app.test_request_context(), database.reading() as session:
        yield flag_names(session, ["MLI"], Mark.GREEN)


def told(names: FlagNames, today: Points | None = None, **explanation: Any) -> FlagTold:
    return flag_told(explanation, names, on=date(2026, 3, 16), today=today or {})


def sentence(names: FlagNames, template: str, **values: Any) -> str:
    return told(names, sentence=template, values=values).sentence


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("rule_of_law", "Rule of law and good governance"),
        ("rule_of_law.coded", "Rule of law and good governance, coded by analysts"),
        ("rule_of_law.published", "Rule of law and good governance, published"),
        ("independence_of_courts", "Independence of the courts"),
        ("risk", "the risk as a whole"),
        ("gone_long_ago", "gone_long_ago"),
    ],
)
def test_keys_become_names(names: FlagNames, key: str, expected: str) -> None:
    assert sentence(names, "Of %(subject)s.", subject=key) == f"Of {expected}."
    assert sentence(names, "Of %(node)s.", node=key) == f"Of {expected}."


def test_days_and_figures_are_written_and_what_is_not_known_is_said(names: FlagNames) -> None:
    words = sentence(
        names, "%(since)s: %(now)s, %(line)s, %(median)s", since="2026-03-01", now=64.44, line=60, median=None
    )

    assert words == "1 March 2026: 64, 60, not known"


@pytest.mark.parametrize(("score", "shown"), [(59.4, "59"), (59.96, "59.9"), (60.0, "60")])
def test_a_score_in_a_sentence_is_the_number_that_stands_on_every_page(
    names: FlagNames, score: float, shown: str
) -> None:
    assert sentence(names, "%(now)s of %(line)s", now=score, line=60.04) == f"{shown} of 60"


def test_what_a_person_typed_stays_as_it_is(names: FlagNames) -> None:
    assert sentence(names, "Raised: %(words)s", words="risk 2026-03-01 100 %") == "Raised: risk 2026-03-01 100 %"


@pytest.mark.parametrize(("number", "expected"), [(1.0, "1 answer is missing."), (2.0, "2 answers are missing.")])
def test_a_sentence_bends_with_what_it_counts(names: FlagNames, number: float, expected: str) -> None:
    forms: dict[str, Any] = {
        "sentence": "%(missing)s answer is missing.",
        "sentence_of_many": "%(missing)s answers are missing.",
    }
    assert told(names, **forms, sentence_counts="missing", values={"missing": number}).sentence == expected


def test_a_flag_that_says_nothing_of_its_end_says_nothing(names: FlagNames) -> None:
    assert told(names, sentence="So it is.").clears == ""


@pytest.mark.parametrize(
    ("moved", "today", "expected"),
    [
        ({"since": None, "before": None, "now": 64.4}, {}, "64 on 16 March 2026"),
        ({"since": "2025-03-16", "before": 25, "now": 75.0}, {}, "25 on 16 March 2025, 75 on 16 March 2026"),
        ({"since": "2025-03-16", "before": None, "now": None}, {}, "missing since 16 March 2025"),
        (
            {"since": None, "before": None, "now": 64.4},
            {"independence_of_courts": 50.0},
            "64 on 16 March 2026; today, by what you may see, 50",
        ),
        (
            {"since": None, "before": None, "now": 64.4},
            {"independence_of_courts": None},
            "64 on 16 March 2026; today, by what you may see, not known",
        ),
        (
            {"since": None, "before": None, "now": 64.4},
            {"independence_of_courts": 63.9},
            "64 on 16 March 2026; today the same",
        ),
        ({"since": None, "before": None, "now": 64.4}, {"risk": 50.0}, "64 on 16 March 2026"),
        (
            {"since": "2025-03-16", "before": None, "now": None},
            {"independence_of_courts": None},
            "missing since 16 March 2025",
        ),
        (
            {"since": "2025-03-16", "before": None, "now": None},
            {"independence_of_courts": 25.0},
            "missing since 16 March 2025; today, by what you may see, 25",
        ),
    ],
)
def test_what_lies_behind_says_what_it_was_on_which_day_and_is_today(
    names: FlagNames, moved: dict[str, Any], today: Points, expected: str
) -> None:
    behind = [moved | {"key": "independence_of_courts", "on": "2026-03-16"}]

    [said_of_it] = told(names, today, behind=behind).behind

    assert (said_of_it.name, said_of_it.words) == ("Independence of the courts", expected)


@pytest.mark.parametrize(
    ("key", "place"),
    [
        *(("risk", "risk"), ("pressure", "risk"), ("rule_of_law", "of-rule_of_law")),
        *(("rule_of_law.coded", "of-rule_of_law"), ("independence_of_courts", "independence_of_courts")),
        ("gone_long_ago", ""),
    ],
)
def test_what_lies_behind_leads_to_its_place_on_the_countrys_page(names: FlagNames, key: str, place: str) -> None:
    moved = {"key": key, "since": None, "before": None, "on": "2026-03-16", "now": 50.0}

    assert [one.place for one in told(names, behind=[moved]).behind] == [place]


@pytest.mark.parametrize(
    ("fall", "expected"),
    [
        (
            {"key": "independence_of_courts", "now": 75.0, "to": 8.3},
            "Independence of the courts from level 3 to level 0",
        ),
        (
            {"key": "independence_of_courts", "now": 75.0, "to": 0.0},
            "Independence of the courts from level 3 to level 0",
        ),
        (
            {"key": "independence_of_courts", "now": 75.0, "to": 25.0},
            "Independence of the courts from level 3 to level 0",
        ),
        (
            {"key": "independence_of_courts", "now": 75.0, "to": 25.1},
            "Independence of the courts from level 3 to level 1",
        ),
        ({"key": "rule_of_law", "now": 75.0, "to": 8.3}, "Rule of law and good governance from 75 to below 8.3 points"),
        ({"key": "rule_of_law", "now": 75.0, "to": 0.0}, "Rule of law and good governance from 75 to 0 points"),
    ],
)
def test_the_quickest_way_is_told_in_levels_where_an_indicator_has_them(
    names: FlagNames, fall: dict[str, Any], expected: str
) -> None:
    words = told(names, quickest=[fall]).quickest

    assert words == f"The quickest way, as things stood then: {expected}."


def test_a_flag_says_of_which_day_it_is_and_where_things_stand_today_for_this_reader(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        _, situation = raised(session, now=now)
        code_rule_of_law(session, 3.0, on=FEBRUARY, at=now)
        recorded(session, "independence_of_courts", 4.0, on=now.date(), at=now, handling=Mark.RED)

    def seen(clearance: Mark) -> str:
        return text_of(sign_in_as(Role.READER, clearance=clearance).get(f"/situations/{situation.id}"))

    said_then = "The score of Rule of law and good governance was 64 on 16 March 2026; the rule speaks at 60 or more."
    assert said_then in seen(Mark.GREEN)
    assert "Rule of law and good governance: 64 on 16 March 2026; today, by what you may see, 75" in seen(Mark.GREEN)
    assert "Rule of law and good governance: 64 on 16 March 2026; today, by what you may see, 81" in seen(Mark.RED)


def test_an_occasion_is_named_to_those_alone_who_may_know_of_it(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        by = somebody(session, Role.ANALYST, now=now)
        kind, day = OccasionKind.VERDICT, date(2026, 4, 1)
        occasion = enter(session, "MLI", kind, "Verdict on the general", day, handling=Mark.AMBER, by=by, now=now)
        near = flag(session, rule="occasion_near", subject=str(occasion.id), now=now)
        said(session, near, now=now, sentence="%(subject)s comes.", values={"subject": str(occasion.id)})
        situation = gather(session, near, handling=Mark.CLEAR, severity=Severity.WARNING, now=now)
    green, amber = (sign_in_as(Role.READER, clearance=mark) for mark in (Mark.GREEN, Mark.AMBER))

    assert "an occasion comes." in text_of(green.get(f"/situations/{situation.id}"))
    assert "general" not in green.get(f"/situations/{situation.id}").text
    assert "Verdict on the general comes." in text_of(amber.get(f"/situations/{situation.id}"))
