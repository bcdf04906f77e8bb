"""The last that was said before a day is the last of all that was said before it."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import factories
from tracker.handling import Mark
from tracker.storage import catalogue, observations
from tracker.storage.base import Session
from tracker.storage.country_record import Said, country_record, last_said

DAY = timedelta(days=1)
ASKED = ("independence_of_courts", "emergency_powers", "militias")
FIRST, LAST = date(2025, 1, 1), date(2026, 3, 1)


@pytest.fixture
def numbers(session: Session, now: datetime) -> list[int]:
    """Of their indicators: values, some unknown, revised and withdrawn, of any mark, about two countries."""
    chance = random.Random(1)
    for key in ASKED:
        for iso3 in ("MLI", "NER"):
            for days in chance.sample(range((LAST - FIRST).days), 12):
                made: dict[str, Any] = {"indicator": key, "iso3": iso3, "on": FIRST + days * DAY, "recorded_at": now}
                for revision in range(1, chance.choice((1, 1, 3)) + 1):
                    withdrawn = revision > 1 and chance.random() < 0.5
                    value = None if chance.random() < 0.2 else float(chance.randrange(5))
                    factories.observation(
                        session, **made, revision=revision, value=value, handling=chance.choice(list(Mark)),
                        withdrawn=withdrawn, reason="A mistake." if revision > 1 else None,
                    )  # fmt: skip
    of_key = catalogue.indicator_ids(session)
    return [of_key[key] for key in ASKED]


@pytest.mark.parametrize("clearance", [Mark.CLEAR, Mark.AMBER, Mark.RED])
def test_it_is_the_last_of_the_whole_record(session: Session, numbers: list[int], clearance: Mark) -> None:
    for since in (FIRST, date(2025, 9, 1)):
        for before in (FIRST, date(2025, 6, 15), date(2025, 12, 31), LAST):
            whole = country_record(session, "MLI", numbers, clearance, since=since, before=before)

            found = last_said(session, "MLI", clearance, since=since, before=before)

            assert found == {number: said[-1] for number, said in whole.items()}


@pytest.mark.parametrize("clearance", [Mark.CLEAR, Mark.AMBER, Mark.RED])
def test_beside_each_coding_stands_the_last_answer_before_its_own_day(
    session: Session, now: datetime, numbers: list[int], clearance: Mark
) -> None:
    ana = factories.person(session, clearance=Mark.RED, created_at=now)
    days = {
        factories.coding(session, ana, indicator=key, iso3="MLI", value=2.0, day=day, now=now).id: (number, day)
        for key, number in zip(ASKED, numbers, strict=True)
        for day in (date(2025, 3, 31), date(2025, 8, 31), date(2026, 2, 28))
    }

    found = observations.answers_before(session, days, clearance)

    for coding, (number, day) in days.items():
        whole = country_record(session, "MLI", [number], clearance, since=date.min, before=day)[number]
        one = found.get(coding)
        assert (one and Said(one.observed_on, one.value, one.unknown)) == (whole[-1] if whole else None)
        assert one is None or one.indicator_id == number
