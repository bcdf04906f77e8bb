"""What other organisations concluded about a country: theirs, and counted nowhere."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, cast, select

from tracker.storage.sharing import Bundle, Partner, ReceivedStatement


class Statement(NamedTuple):
    """A flag or an assessment, as it stood in its bundle."""

    day: str
    id: int
    partner: str
    content: Mapping[str, Any]
    # When its bundle was made.
    made_at: datetime

    @classmethod
    def read(cls, number: int, partner: str, line: str) -> "Statement":
        made_at, content = line.split(" ", maxsplit=1)
        said = json.loads(content)
        return cls(said["day"], number, partner, said, datetime.fromisoformat(made_at))

    @property
    def about(self) -> tuple[str, ...]:
        """What a later bundle of the same partner may say otherwise."""
        keys = ("country", "rule", "subject", "opened_on") if "rule" in self.content else ("country", "part", "day")
        return (self.partner, *(self.content[key] for key in keys))


def as_last_told(statements: Collection[Statement]) -> list[Statement]:
    """The newest first; of what a partner told in several bundles, as the one tells it that was made last."""
    newest: dict[tuple[str, ...], datetime] = {}
    for one in statements:
        newest[one.about] = max(one.made_at, newest.get(one.about, one.made_at))
    last = [one for one in statements if one.made_at == newest[one.about]]
    return sorted(last, key=lambda one: (one.day, one.id), reverse=True)


def statements_about(iso3: Any, clearance: Any) -> Select[*tuple[Any, ...]]:
    """Of others, and not taken back. A part of another question: pages that show them show much else."""
    line = Bundle.summary["made_at"].as_string() + " " + cast(ReceivedStatement.content, Text)
    return (
        select(ReceivedStatement.id, Partner.name, line)
        .join(Bundle, Bundle.id == ReceivedStatement.bundle_id)
        .join(Partner, Partner.id == Bundle.partner_id)
        .where(
            ReceivedStatement.iso3 == iso3,
            ReceivedStatement.handling <= clearance,
            Bundle.entered_at.is_not(None),
            Bundle.withdrawn_at.is_(None),
        )
    )
