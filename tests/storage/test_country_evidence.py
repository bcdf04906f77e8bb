"""What stands about one country, today and as it was known on an earlier day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import factories
from tracker.handling import Mark
from tracker.storage import catalogue
from tracker.storage.base import Session
from tracker.storage.country_evidence import (
    NEWEST,
    Recorded,
    all_of_one,
    first_recorded,
    hidden_since,
    newest_of_each,
)

COURTS = "independence_of_courts"
JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)


def record(session: Session, value: float | None, *, at: datetime, **differing: Any) -> None:
    usual: dict[str, Any] = {"indicator": COURTS, "iso3": "MLI", "on": FEBRUARY, "recorded_at": at}
    factories.observation(session, value=value, **(usual | differing))


def courts(
    session: Session, clearance: Mark = Mark.RED, *, on: date = date(2026, 3, 16), known: datetime | None = None
) -> list[Recorded]:
    """Both questions say the same of the newest."""
    number = catalogue.indicator_ids(session)[COURTS]
    newest = newest_of_each(session, "MLI", clearance, on=on, known=known).get(number, [])
    assert newest == all_of_one(session, "MLI", number, clearance, on=on, known=known)[-NEWEST:]
    return newest


def values(found: list[Recorded]) -> list[float | None]:
    return [one.value for one in found]


def test_only_the_newest_of_a_long_series_are_read(session: Session, now: datetime) -> None:
    for back in range(40):
        record(session, back % 5, at=now, on=FEBRUARY - timedelta(days=30 * back))
    record(session, 4, at=now, iso3="NER")
    number = catalogue.indicator_ids(session)[COURTS]

    newest = courts(session)
    everything = all_of_one(session, "MLI", number, Mark.RED, on=FEBRUARY)

    assert [one.observed_on for one in newest] == sorted(one.observed_on for one in newest)
    assert (len(newest), newest[-1].observed_on) == (NEWEST, FEBRUARY)
    assert len(everything) == 40


def test_what_was_observed_after_the_day_is_not_there(session: Session, now: datetime) -> None:
    record(session, 1, at=now, on=JANUARY)
    record(session, 4, at=now)

    assert values(courts(session, on=FEBRUARY)) == [1, 4]
    assert values(courts(session, on=FEBRUARY - timedelta(days=1))) == [1]


def test_a_revision_counts_from_when_it_was_known(session: Session, now: datetime) -> None:
    later = now + timedelta(days=3)
    record(session, 1, at=now)
    record(session, 4, at=later, revision=2, reason="an error")
    record(session, None, at=later + timedelta(days=1), revision=3, reason="nobody can tell")

    assert courts(session, known=now - timedelta(seconds=1)) == []
    assert values(courts(session, known=now)) == [1]
    assert values(courts(session, known=later)) == [4]
    assert values(courts(session)) == [None]


def test_what_is_withdrawn_says_so(session: Session, now: datetime) -> None:
    record(session, 1, at=now)
    record(session, 1, at=now + timedelta(days=1), revision=2, withdrawn=True, reason="a mistake")

    assert [one.is_withdrawn for one in courts(session)] == [True]
    assert [one.is_withdrawn for one in courts(session, known=now)] == [False]


@pytest.mark.parametrize("known_later", [None, 0])
def test_what_was_marked_higher_since_is_hidden_at_every_moment(
    session: Session, now: datetime, known_later: int | None
) -> None:
    """Often that is how a mistake is mended which endangers somebody."""
    known = None if known_later is None else now
    record(session, 1, at=now)
    record(session, 2, at=now, on=JANUARY)
    record(session, 1, at=now + timedelta(days=1), revision=2, handling=Mark.RED, reason="a source at risk")

    assert values(courts(session, Mark.AMBER, known=known)) == [2]
    assert values(courts(session, Mark.RED, known=known)) == [2, 1]


def test_what_is_marked_lower_since_was_hidden_before(session: Session, now: datetime) -> None:
    record(session, 1, at=now, handling=Mark.RED)
    record(session, 1, at=now + timedelta(days=1), revision=2, handling=Mark.CLEAR, reason="it is public now")

    assert values(courts(session, Mark.CLEAR)) == [1]
    assert courts(session, Mark.CLEAR, known=now) == []


def test_whose_word_may_no_longer_be_told_is_not_told_of_earlier_days(session: Session, now: datetime) -> None:
    record(session, 1, at=now, source_name="A witness")
    assert [one.source for one in courts(session, known=now)] == ["A witness"]

    record(session, 1, at=now + timedelta(days=1), revision=2, attributable=False, source_name="A witness", reason="-")
    assert [one.source for one in courts(session, known=now)] == [None]
    assert [one.source for one in courts(session)] == [None]


def test_the_first_record_is_that_of_what_may_be_seen(session: Session, now: datetime) -> None:
    record(session, 1, at=now, handling=Mark.RED)
    record(session, 1, at=now + timedelta(days=2), on=JANUARY)

    assert first_recorded(session, "MLI", Mark.RED) == now
    assert first_recorded(session, "MLI", Mark.CLEAR) == now + timedelta(days=2)
    assert first_recorded(session, "NER", Mark.RED) is None


@pytest.mark.parametrize(
    ("clearance", "days", "is_hidden"),
    [(Mark.GREEN, 0, True), (Mark.GREEN, 1, False), (Mark.RED, 0, False), (Mark.CLEAR, 0, False)],
    ids=["it could be seen", "the mark was raised by then", "it still can be", "it never could"],
)
def test_what_was_marked_higher_since_is_hidden_since(
    session: Session, now: datetime, clearance: Mark, days: int, is_hidden: bool
) -> None:
    record(session, 1, at=now, handling=Mark.GREEN)
    record(session, 1, at=now + timedelta(days=1), revision=2, handling=Mark.RED, reason="a source at risk")
    record(session, 1, at=now, indicator="militias", handling=Mark.GREEN)

    found = hidden_since(session, "MLI", clearance, on=FEBRUARY, known=now + timedelta(days=days))

    assert found == ({catalogue.indicator_ids(session)[COURTS]} if is_hidden else set())
    assert hidden_since(session, "MLI", clearance, on=JANUARY, known=now) == set()
