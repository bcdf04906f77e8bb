"""A bundle as a file: exactly the bytes that were signed, and nothing that a hostile hand put among them."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.bundles import FIGURE, FLAG, contents
from tracker.assessment import Crime, Stage
from tracker.bundle import SCHEMA, SharedAssessment, SharedWithdrawal
from tracker.exchange import bundle_schema, bundles
from tracker.exchange.bundle_schema import BundleUnfit, SchemaTooNew
from tracker.exchange.bundles import BrokenSignature, BundleTooLarge, canonical, fingerprint_of, refuse_broken
from tracker.handling import Mark

PAIR = bundles.new_key()
ASSESSMENT = SharedAssessment(
    *("MLI", "", date(2026, 2, 3), (Crime.AGAINST_HUMANITY,), "", 3, 5, Stage.EARLY_VIOLENCE, "Herders", "In short."),
    mark=Mark.AMBER,
)
WITHDRAWN = SharedWithdrawal("MLI", FIGURE.indicator, date(2023, 12, 31), Mark.GREEN)
WHOLE = contents(
    *(FIGURE, replace(FIGURE, value=None, standard_error=None)),
    withdrawn=(WITHDRAWN,),
    flags=(FLAG,),
    assessments=(ASSESSMENT,),
)


def file_of(content: bytes) -> bytes:
    """Of the right form, and signed by nobody."""
    return b'{"bundle":' + content + b',"public_key":"' + b"0" * 64 + b'","signature":"' + b"0" * 128 + b'"}\n'


def read(**differing: Any) -> None:
    """The one observation of a bundle, with some of it otherwise."""
    plain = contents(FIGURE).as_plain()
    plain["observations"][0] |= differing
    bundles.unsealed(file_of(canonical(plain))).contents()


def test_what_is_written_is_read_again() -> None:
    file = bundles.signed(WHOLE, PAIR.private)
    sealed = bundles.unsealed(file)
    refuse_broken(sealed)
    assert sealed.public_key == PAIR.public
    assert sealed.contents() == WHOLE
    assert sealed.contents().highest is Mark.AMBER


def test_the_file_is_json_that_any_program_reads() -> None:
    file = bundles.signed(WHOLE, PAIR.private)
    assert json.loads(file)["bundle"] == WHOLE.as_plain()
    assert bundles.unsealed(file).fingerprint == hashlib.sha256(canonical(WHOLE.as_plain())).hexdigest()


@pytest.mark.parametrize("place", [11, 100, 400, -3, -100, -150])
def test_no_byte_can_be_changed(place: int) -> None:
    file = bytearray(bundles.signed(WHOLE, PAIR.private))
    file[place] ^= 1
    with pytest.raises((BundleUnfit, BrokenSignature)):
        refuse_broken(bundles.unsealed(bytes(file)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'"words"',
        b"{}",
        b'{"schema":1,"schema":1}',
        b'{"schema":NaN}',
        b'{"schema":Infinity}',
        b'{"schema":1e999}',
        b'{"schema":' + b"9" * 5000 + b"}",
        b'{"schema":true}',
        b'{"schema":"1"}',
        b'{"schema":0}',
        b'{"schema":1}',
        b'{"schema":1,"made_at":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"schema":1' + b" " * 100,
        b"\xff\xfe{}",
        # each quote looked at once: read again from each of them it would take hours
        b'{"' + b'\\"' * 2_000_000,
    ],
    ids=lambda content: content[:30].decode("latin-1"),
)
def test_what_is_no_bundle_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(BundleUnfit, match="no bundle"):
        bundles.unsealed(file_of(content)).contents()


def test_a_newer_schema_is_refused_by_its_number_whatever_else_it_says() -> None:
    with pytest.raises(SchemaTooNew, match="schema 2"):
        bundles.unsealed(file_of(canonical({"schema": SCHEMA + 1, "something": "new"}))).contents()


def test_a_file_that_is_too_large_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    file = bundles.signed(WHOLE, PAIR.private)
    monkeypatch.setattr(bundles, "LARGEST_BYTES", len(file))
    assert bundles.signed(WHOLE, PAIR.private) == file
    assert bundles.unsealed(file)
    monkeypatch.setattr(bundles, "LARGEST_BYTES", len(file) - 1)
    with pytest.raises(BundleTooLarge):
        bundles.unsealed(file)
    with pytest.raises(BundleTooLarge):
        bundles.signed(WHOLE, PAIR.private)


def test_more_rows_than_a_bundle_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_schema, "MOST_ROWS", 1)
    read()
    with pytest.raises(BundleUnfit):
        bundles.unsealed(bundles.signed(WHOLE, PAIR.private)).contents()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("country", ""),
        ("country", "M" * 121),
        ("country", None),
        ("indicator", ["a"]),
        ("day", "2026-02-30"),
        ("day", "20260228"),
        ("day", 20260228),
        ("value", True),
        ("value", "1"),
        ("value", -1.1e300),
        ("standard_error", -0.1),
        ("reliability", "G"),
        ("reliability", "AB"),
        ("credibility", 0),
        ("credibility", 7),
        ("mark", 1),
        ("mark", "GREEN"),
        ("attributable", 1),
        ("source", ""),
        ("source", "two\nlines"),
        ("note", "x" * 4001),
        ("note", "a\x00b"),
        ("note", "half \x1b"),
        ("evidence", "javascript:alert(1)"),
        ("another", "key"),
    ],
)
def test_a_row_that_does_not_keep_to_the_schema_is_named(key: str, value: Any) -> None:
    with pytest.raises(BundleUnfit, match="Row 1 of “observations”"):
        read(**{key: value})


def test_half_of_a_letter_is_no_text() -> None:
    content = canonical(contents(FIGURE).as_plain()).replace(b"As published.", b"\\ud800")
    with pytest.raises(BundleUnfit):
        bundles.unsealed(file_of(content)).contents()


def test_people_compare_eight_groups_of_four() -> None:
    told = fingerprint_of(PAIR.public)
    assert [len(group) for group in told.split(" ")] == [4] * 8
    assert told != fingerprint_of(bundles.new_key().public)


def test_the_example_of_the_document_is_what_is_written() -> None:
    document = (Path(__file__).resolve().parents[2] / "docs" / "sharing.md").read_text()
    [example] = re.findall(r"```json\n(.*?)```", document, re.DOTALL)
    assert (
        json.loads(example)
        == contents(FIGURE, withdrawn=(WITHDRAWN,), flags=(FLAG,), assessments=(ASSESSMENT,)).as_plain()
    )
