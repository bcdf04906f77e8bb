"""What a flag says, in words: keys become names, days and figures are written, and what is typed stays as it is."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask

from tests.situations import flag, said, somebody
from tests.strict_client import text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.actions.occasions import enter
from tracker.actions.situations.gathering import gather
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.rule import Severity
from tracker.storage.base import Database
from tracker.web.flag_words import FlagNames, flag_names, flag_told

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def names(app: Flask, database: Database) -> Iterator[FlagNames]:
    """For an English reader."""
    with app.test_request_context(), database.reading() as session:
        yield flag_names(session, ["MLI"], Mark.GREEN)


def sentence(names: FlagNames, template: str, **values: Any) -> str:
    return flag_told({"sentence": template, "values": values}, names).sentence


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
    told = sentence(
        names, "%(since)s: %(now)s, %(line)s, %(median)s", since="2026-03-01", now=64.44, line=60, median=None
    )

    assert told == "1 March 2026: 64.4, 60, not known"


def test_what_a_person_typed_stays_as_it_is(names: FlagNames) -> None:
    assert sentence(names, "Raised: %(words)s", words="risk 2026-03-01 100 %") == "Raised: risk 2026-03-01 100 %"


def test_a_flag_that_says_nothing_of_its_end_says_nothing(names: FlagNames) -> None:
    assert flag_told({"sentence": "So it is."}, names).clears == ""


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ({"since": None, "before": None, "now": 64.4}, "64.4"),
        ({"since": "2025-03-16", "before": 25, "now": 75.0}, "25 on 16 March 2025, 75 now"),
        (
            {"since": "2025-03-16", "before": None, "now": None},
            "missing since 16 March 2025",
        ),
    ],
)
def test_what_lies_behind_says_what_it_was_and_is(names: FlagNames, moved: dict[str, Any], expected: str) -> None:
    behind = [moved | {"key": "independence_of_courts", "on": "2026-03-16"}]

    assert flag_told({"sentence": "", "behind": behind}, names).behind == [f"Independence of the courts: {expected}"]


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
