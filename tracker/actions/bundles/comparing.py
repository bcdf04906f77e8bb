"""What a bundle says, against what is known and recorded here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.access import Principal
from tracker.bundle import BundlePart, Contents, Shared, SharedObservation, part_of
from tracker.coding import period_of
from tracker.storage import bundles, countries, imports
from tracker.storage.base import Session


@dataclass(frozen=True)
class RefusedRow:
    """What is not taken in, and about what it speaks."""

    part: BundlePart
    country: str
    # Empty: it speaks of the country as a whole.
    indicator: str


@dataclass(frozen=True)
class Look:
    """What would be entered, as the record stands, for whoever looks."""

    contents: Contents
    refused: Sequence[RefusedRow]
    new: Sequence[SharedObservation]
    equal: Sequence[SharedObservation]
    # Published figures that are recorded here with another value: they may be replaced.
    different: Sequence[SharedObservation]
    # Answers of analysts that differ from ours: those are corrected, not replaced.
    otherwise: Sequence[SharedObservation]


def sorted_rows(
    session: Session, contents: Contents, *, by: Principal, now: datetime
) -> tuple[list[Shared], list[RefusedRow]]:
    """What speaks of a country and an indicator that the importer works on, up to today; and the rest."""
    known = {one.iso3 for one in countries.all_countries(session, by.scope)}
    indicators = {row.key for row in imports.indicators_by_key(session).values() if not row.retired}
    taken: list[Shared] = []
    refused: list[RefusedRow] = []
    for row in contents.rows:
        indicator = row.indicator if isinstance(row, SharedObservation) else ""
        if row.country in known and (not indicator or indicator in indicators) and row.day <= now.date():
            taken.append(row)
        else:
            refused.append(RefusedRow(part_of(row), row.country, indicator))
    return taken, refused


def only(contents: Contents, taken: Iterable[Shared]) -> Contents:
    kept = set(map(id, taken))
    return Contents(
        contents.made_at,
        contents.recipient,
        tuple(row for row in contents.observations if id(row) in kept),
        tuple(row for row in contents.flags if id(row) in kept),
        tuple(row for row in contents.assessments if id(row) in kept),
    )


def compared(session: Session, contents: Contents, refused: Sequence[RefusedRow], by: Principal) -> Look:
    """Answers are compared by their month, of which there is one, and figures by their day."""
    rows = contents.observations
    new: list[SharedObservation] = []
    equal: list[SharedObservation] = []
    different: list[SharedObservation] = []
    otherwise: list[SharedObservation] = []
    if not rows:
        return Look(contents, refused, new, equal, different, otherwise)
    since, until = min(row.day for row in rows).replace(day=1), period_of(max(row.day for row in rows))
    recorded = bundles.recorded_about(session, {row.country for row in rows}, by.clearance, since=since, until=until)
    answered = {(iso3, key, period_of(day)): one for (iso3, key, day), one in recorded.items() if one.is_coded}
    for row in rows:
        answer = answered.get((row.country, row.indicator, period_of(row.day)))
        there = answer or recorded.get((row.country, row.indicator, row.day))
        if there is None:
            new.append(row)
        elif there.value == row.value and (answer is not None or there.standard_error == row.standard_error):
            equal.append(row)
        else:
            (different if answer is None else otherwise).append(row)
    return Look(contents, refused, new, equal, different, otherwise)
