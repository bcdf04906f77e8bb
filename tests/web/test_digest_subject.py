"""The subject of a digest, and the colours of its mail."""

import random

import pytest

from tests.house_rules.test_stylesheet import tokens
from tracker.web.digests.headline import LONGEST_SUBJECT, subject_of
from tracker.web.digests.looks import COLOURS


@pytest.mark.parametrize("seed", range(20))
def test_a_subject_always_fits_and_begins_with_the_mark(seed: int) -> None:
    chance = random.Random(seed)
    words = ["Mali", "a very long name of a country that goes on", "x" * 300, "warning", "Breakdown of it all"]
    found = [" ".join(chance.choices(words, k=number)) for number in range(chance.randint(1, 4), 0, -1)]
    counts = [f"{chance.randint(1, 1000)} {word}" for word in ("new", "worse", "late", "eased")][: chance.randint(0, 4)]

    subject = subject_of("TLP:AMBER+STRICT", found, counts)

    assert subject.startswith("[TLP:AMBER+STRICT] ")
    assert 20 < len(subject) <= LONGEST_SUBJECT


def test_a_subject_says_as_much_as_fits() -> None:
    found = ["Port Ansel: alarm. Breakdown of the rule of law", "Port Ansel: alarm. Courts", "Port Ansel: alarm"]
    assert subject_of("TLP:RED", found, ["1 new"]) == f"[TLP:RED] {found[0]} · 1 new"
    assert subject_of("TLP:RED", found, ["1 new", "2 worse", "3 overdue"]) == f"[TLP:RED] {found[0]} · 1 new, 2 worse"
    many = ["11 new", "22 worse", "33 overdue", "44 eased", "55 cleared"]
    assert subject_of("TLP:AMBER+STRICT", found, many) == f"[TLP:AMBER+STRICT] {found[1]} · 11 new, 22 worse"
    assert subject_of("TLP:RED", ["x" * 100], []) == f"[TLP:RED] {'x' * 67}…"
    long = "Port Ansel: the provisional government of the southern districts, and whoever follows it"
    assert subject_of("TLP:RED", [long], []) == f"[TLP:RED] {long.partition(',')[0]}…"


def test_its_colours_are_those_of_the_pages() -> None:
    of_pages = tokens()

    assert {name: of_pages[name] for name in COLOURS} == COLOURS
