"""A chain of entries in which no link can be changed without being seen."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.audit import BEFORE_THE_FIRST, Entry, hash_of, verify

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def chain(length: int) -> list[tuple[Entry, str, str]]:
    links, previous = [], BEFORE_THE_FIRST
    for number in range(1, length + 1):
        entry = Entry(number, NOON, 7, "person renamed", "person 7", {"name": "A"}, {"name": "B"}, None)
        links.append((entry, previous, hash_of(entry, previous)))
        previous = links[-1][2]
    return links


def test_an_untouched_chain_is_sound() -> None:
    links = chain(5)

    verdict = verify(links)

    assert verdict.first_bad is None
    assert (verdict.entries, verdict.head) == (5, links[-1][2])


def test_an_empty_log_is_sound() -> None:
    assert verify([]).first_bad is None


@pytest.mark.parametrize(
    "change",
    [
        {"at": datetime(2026, 3, 1, 13, tzinfo=UTC)},
        {"by_id": None},
        {"action": "person invited"},
        {"subject": "person 8"},
        {"before": None},
        {"after": {"name": "C"}},
        {"reason": "because"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_field_is_found_at_its_entry(change: dict[str, Any]) -> None:
    links = chain(5)
    entry, previous, stored = links[2]
    links[2] = (replace(entry, **change), previous, stored)

    assert verify(links).first_bad == 3


@given(st.integers(2, 12).flatmap(lambda length: st.tuples(st.just(length), st.integers(0, length - 2))))
def test_a_removed_entry_is_found_where_it_stood(length_and_place: tuple[int, int]) -> None:
    length, place = length_and_place
    links = chain(length)
    del links[place]

    assert verify(links).first_bad == place + 1


def test_an_entry_that_was_recomputed_is_found_at_the_next() -> None:
    links = chain(5)
    entry, previous, _ = links[2]
    forged = replace(entry, after={"name": "C"})
    links[2] = (forged, previous, hash_of(forged, previous))

    assert verify(links).first_bad == 4


def test_a_cut_off_end_shows_only_in_the_head() -> None:
    links = chain(5)

    verdict = verify(links[:4])

    assert verdict.first_bad is None
    assert verdict.head != links[-1][2]
