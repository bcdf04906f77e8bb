"""What a bundle says, against what is known and recorded here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.access import Principal
from tracker.bundle import BundlePart, Contents, Shared, SharedObservation, SharedWithdrawal, part_of
from tracker.coding import period_of
from tracker.storage import bundles, countries, imports
from tracker.storage.base import Session
from tracker.storage.bundles import Recorded


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
    # What stands here as their word, and what they have withdrawn since: by its day here and its revision.
    withdrawn: Sequence["TheirWord"]
    # When a bundle of theirs that was taken in already was made, if that is newer than this one.
    newer: datetime | None = None


@dataclass(frozen=True)
class TheirWord:
    """An observation that stands here and that the partner has withdrawn."""

    row: SharedWithdrawal
    day: date
    revision: int


def sorted_rows(
    session: Session, contents: Contents, *, by: Principal, now: datetime
) -> tuple[list[Shared], list[RefusedRow]]:
    """What speaks of a country and an indicator that the importer works on, up to today; and the rest."""
    known = {one.iso3 for one in countries.all_countries(session, by.scope)}
    indicators = {row.key for row in imports.indicators_by_key(session).values() if not row.retired}
    taken: list[Shared] = []
    refused: list[RefusedRow] = []
    for row in contents.rows:
        indicator = row.indicator if isinstance(row, SharedObservation | SharedWithdrawal) else ""
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
        tuple(row for row in contents.withdrawn if id(row) in kept),
        tuple(row for row in contents.flags if id(row) in kept),
        tuple(row for row in contents.assessments if id(row) in kept),
    )


def compared(
    session: Session,
    contents: Contents,
    refused: Sequence[RefusedRow],
    partner: str,
    by: Principal,
    newer: datetime | None,
) -> Look:
    """Answers are compared by their month, of which there is one, and figures by their day."""
    record = _Record(session, contents, partner, by)
    new: list[SharedObservation] = []
    equal: list[SharedObservation] = []
    different: list[SharedObservation] = []
    otherwise: list[SharedObservation] = []
    for row in contents.observations:
        _day, there = record.about(row)
        if there is None:
            new.append(row)
        elif record.says_the_same(there, row):
            equal.append(row)
        else:
            (otherwise if there.is_coded else different).append(row)
    # what an older bundle withdraws may have been said again since
    withdrawn = [] if newer else record.withdrawn(contents.withdrawn)
    return Look(contents, refused, new, equal, different, otherwise, withdrawn, newer)


class _Record:
    """What stands here of what a bundle speaks of, as far as whoever looks may see it."""

    def __init__(self, session: Session, contents: Contents, partner: str, by: Principal) -> None:
        rows: tuple[SharedObservation | SharedWithdrawal, ...] = (*contents.observations, *contents.withdrawn)
        self._partner = partner.casefold()
        self._recorded: Mapping[tuple[str, str, date], Recorded] = {}
        if rows:
            since, until = min(row.day for row in rows).replace(day=1), period_of(max(row.day for row in rows))
            countries_of = {row.country for row in rows}
            self._recorded = bundles.recorded_about(session, countries_of, by.clearance, since=since, until=until)
        self._answered = {
            (iso3, key, period_of(day)): (day, one) for (iso3, key, day), one in self._recorded.items() if one.is_coded
        }

    def about(self, row: SharedObservation | SharedWithdrawal) -> tuple[date, Recorded | None]:
        """With the day under which it stands here."""
        answer = self._answered.get((row.country, row.indicator, period_of(row.day)))
        return answer or (row.day, self._recorded.get((row.country, row.indicator, row.day)))

    def says_the_same(self, there: Recorded, row: SharedObservation) -> bool:
        """Their own word under a higher mark than it stands here is another: the mark binds here, too."""
        if self._is_theirs(there) and row.mark > there.handling:
            return False
        return there.value == row.value and (there.is_coded or there.standard_error == row.standard_error)

    def withdrawn(self, rows: Iterable[SharedWithdrawal]) -> list[TheirWord]:
        found = ((row, self.about(row)) for row in rows)
        return [TheirWord(row, day, there.revision) for row, (day, there) in found if there and self._is_theirs(there)]

    def _is_theirs(self, there: Recorded) -> bool:
        return there.source.casefold() == self._partner
