"""Every thing that the meetings asked for has a page, and docs/meetings.md says which."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tracker.criterion import Meeting

TABLE = Path(__file__).parents[2] / "docs" / "meetings.md"
ROWS = [line for line in TABLE.read_text().splitlines() if line.startswith("| ")][1:]


def test_each_meeting_stands_in_the_table() -> None:
    assert len(ROWS) > 15
    assert {year for row in ROWS for year in re.findall(r"\b(?:2008|2009|2012)\b", row)} == set(Meeting)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:50])
def test_what_was_asked_for_leads_to_pages_that_there_are(app: Flask, row: str) -> None:
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    named = re.findall(r"`(/[^`]*)`", row.split("|")[3])

    assert named
    assert [address for address in named if address not in pages] == []
