"""What was said first is found again, however long the file is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.entry import Entry
from tracker.first_seen import FirstSeen

KEYS = st.tuples(
    st.sampled_from(["MLI", "NER", "TCD"]), st.integers(0, 4), st.dates(date(1700, 1, 1), date(2199, 12, 31))
)


def said(row: int, iso3: str, indicator: int, day: date) -> Entry:
    return Entry(row, 1, iso3, day, f"indicator {indicator}", 0.0)


@given(st.lists(KEYS, max_size=60))
def test_it_is_known_in_which_row_something_was_said_first(keys: list[tuple[str, int, date]]) -> None:
    seen, expected = FirstSeen(), dict[tuple[str, int, date], int]()
    for row, key in enumerate(keys, start=2):
        assert seen.first(said(row, *key)) == expected.get(key)
        expected.setdefault(key, row)


def test_a_hundred_thousand_things_are_told_apart_and_found_again() -> None:
    seen = FirstSeen()
    days = [date(1990, 1, 1) + timedelta(days=number) for number in range(5_000)]
    keys = [(iso3, indicator, day) for iso3 in ("MLI", "NER", "TCD") for indicator in range(7) for day in days]
    assert len(keys) > 100_000
    entries = [said(row, *key) for row, key in enumerate(keys, start=1)]
    one_by_one, together = entries[:60_000], [entries[at : at + 9_000] for at in range(60_000, len(entries), 9_000)]
    assert {seen.first(entry) for entry in one_by_one} == {None}
    assert all(seen.are_first(some) for some in together)
    assert [seen.first(said(4_000_000, *keys[row - 1])) for row in (1, 50_000, 105_000)] == [1, 50_000, 105_000]
    assert not any(seen.are_first([said(4_000_000, *keys[row - 1])]) for row in (1, 50_000, 105_000))


def test_nothing_is_noted_of_what_is_not_all_said_for_the_first_time() -> None:
    seen = FirstSeen()
    mali, niger = said(2, "MLI", 1, date(2025, 1, 1)), said(3, "NER", 1, date(2025, 1, 1))
    assert not seen.are_first([mali, niger, mali._replace(row=4)])
    assert seen.are_first([niger])
    assert not seen.are_first([mali, niger])
    assert seen.first(mali) is None
