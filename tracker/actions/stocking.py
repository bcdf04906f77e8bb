"""Filling a database with what the product brings: the catalogue, the places, the bundled published values.

Doing it again changes nothing; a changed catalogue becomes a new version. What it no longer holds is never deleted,
because evidence was recorded under it: criteria and indicators are retired, groups lose their members, and so grant
nobody anything any more, countries stay as they were. Whose members changed stands in the audit log, since who works
on a group sees its countries.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from tracker.actions import audit
from tracker.actions.concluding import draw_conclusions
from tracker.actions.methods.built_in import load_method, load_rules
from tracker.catalogue.places import Places, read_places
from tracker.catalogue.reading import Catalogue, read_catalogue
from tracker.criterion import Citation
from tracker.exchange import world_bank
from tracker.exchange.published import PublishedValue
from tracker.handling import Mark
from tracker.storage import catalogue as catalogue_rows
from tracker.storage import countries as country_rows
from tracker.storage import methods, observations
from tracker.storage.base import Session
from tracker.storage.recording import Batch, BatchKind
from tracker.storage.watching import CatalogueVersion, Country, Criterion, Group, GroupMember, Indicator, Source

# A code that ISO 3166 keeps free for users. Where it names a country, the database holds the demonstration.
INVENTED = "XAA"

Row = TypeVar("Row")


@dataclass(frozen=True)
class Stocked:
    catalogue_version: int
    # False: the catalogue was there already, word for word.
    catalogue_is_new: bool
    values_added: int


def stock(session: Session, *, now: datetime, with_published: bool = True) -> Stocked:
    """A demonstration is left as it is: real countries never stand beside invented ones."""
    catalogue_rows.queue_up(session)
    in_force = catalogue_rows.newest_version(session)
    if in_force and is_demonstration(session):
        if methods.number_in_force(session) is None:  # it was loaded before there were methods
            load_rules(session, now=now)
            load_method(session, read_catalogue(), now=now)
        return Stocked(in_force.number, catalogue_is_new=False, values_added=0)
    catalogue, places = read_catalogue(), read_places()
    version, is_new = load_catalogue(session, catalogue, places, now=now)
    session.flush()
    load_rules(session, now=now)
    load_method(session, catalogue, now=now)
    added = load_governance_indicators(session, version, now=now) if with_published else 0
    return Stocked(version, is_new, added)


def is_demonstration(session: Session) -> bool:
    return country_rows.country(session, INVENTED) is not None


def load_catalogue(session: Session, catalogue: Catalogue, places: Places, *, now: datetime) -> tuple[int, bool]:
    """The version in force afterwards, and whether it is a new one."""
    fingerprint = fingerprint_of(catalogue, places)
    newest = catalogue_rows.newest_version(session)
    if newest and newest.fingerprint == fingerprint:
        return newest.number, False
    content: dict[str, Any] = {**catalogue.as_plain(), **places.as_plain()}
    number = newest.number + 1 if newest else 1
    session.add(CatalogueVersion(number=number, fingerprint=fingerprint, loaded_at=now, content=content))
    _load_sources(session, catalogue)
    _load_criteria(session, catalogue)
    _load_indicators(session, catalogue)
    _load_countries(session, places)
    changed = _load_groups(session, places)
    after: dict[str, Any] = {
        "fingerprint": fingerprint,
        "indicators": len(catalogue.indicators),
        "countries": len(places.countries),
    }
    if newest:  # at first every member is new
        after["groups"] = changed
    audit.record(session, "catalogue loaded", f"catalogue version {number}", by=None, now=now, after=after)
    return number, True


def fingerprint_of(catalogue: Catalogue, places: Places) -> str:
    return hashlib.sha256((catalogue.fingerprint() + places.fingerprint()).encode()).hexdigest()


def load_governance_indicators(session: Session, version: int, *, now: datetime) -> int:
    """The bundled World Bank values, accepted as published; a newer file becomes revisions of what differs."""
    fingerprint = world_bank.fingerprint()
    if observations.file_is_known(session, fingerprint):
        return 0
    indicators = {row.key: row for row in catalogue_rows.all_indicators(session)}
    values = list(world_bank.read_governance_indicators())
    wanted = {indicators[value.indicator].id for value in values}
    sources = {indicators[value.indicator].source_id for value in values}
    batch = Batch(
        kind=BatchKind.PUBLISHED,
        source_id=sources.pop(),
        catalogue_version=version,
        recorded_by=None,
        recorded_at=now,
        file_name=world_bank.BUNDLED.name,
        file_fingerprint=fingerprint,
    )
    session.add(batch)
    session.flush()
    rows = _what_is_new(values, observations.newest_revisions(session, wanted), indicators, batch.id)
    observations.append(session, rows)
    draw_conclusions(session, [batch.id], now=now)
    after = {"file": batch.file_name, "fingerprint": fingerprint, "read": len(values), "recorded": len(rows)}
    audit.record(session, "published values loaded", f"batch {batch.id}", by=None, now=now, after=after)
    return len(rows)


def _what_is_new(
    values: Iterable[PublishedValue],
    standing: Mapping[tuple[date, str, int], tuple[int, float | None, float | None]],
    indicators: Mapping[str, Indicator],
    batch_id: int,
) -> list[dict[str, Any]]:
    """Rows for what differs from the newest revision."""
    rows = []
    for value in values:
        key = (value.observed_on, value.iso3, indicators[value.indicator].id)
        revision, *numbers = standing.get(key, (0, None, None))
        if numbers == [value.value, value.standard_error]:
            continue
        rows.append(
            {
                "observed_on": value.observed_on,
                "iso3": value.iso3,
                "indicator_id": key[2],
                "revision": revision + 1,
                "value": value.value,
                "standard_error": value.standard_error,
                "handling": Mark.CLEAR,
                "attributable": True,
                "batch_id": batch_id,
            }
        )
    return rows


def _load_sources(session: Session, catalogue: Catalogue) -> None:
    known = {row.key: row for row in catalogue_rows.all_sources(session)}
    for source in catalogue.sources:
        columns = asdict(source)
        del columns["bundled"]
        _put(session, known.get(source.key), Source, columns)
    session.flush()


def _load_criteria(session: Session, catalogue: Catalogue) -> None:
    known = {row.key: row for row in catalogue_rows.all_criteria(session)}
    for position, criterion in enumerate(catalogue.criteria, start=1):
        columns = asdict(criterion) | {
            "citations": _citations(criterion.citations),
            "position": position,
            "retired": False,
        }
        _put(session, known.pop(criterion.key, None), Criterion, columns)
    for row in known.values():
        row.retired = True
    session.flush()


def _load_indicators(session: Session, catalogue: Catalogue) -> None:
    known = {row.key: row for row in catalogue_rows.all_indicators(session)}
    source_ids = {row.key: row.id for row in catalogue_rows.all_sources(session)}
    next_id = catalogue_rows.highest_indicator_id(session) + 1
    for position, indicator in enumerate(catalogue.indicators, start=1):
        row = known.pop(indicator.key, None)
        columns = asdict(indicator) | {
            "id": row.id if row else next_id,
            "criterion_key": indicator.criterion,
            "levels": [asdict(level) for level in indicator.levels],
            "risk_factors": list(indicator.risk_factors),
            "citations": _citations(indicator.citations),
            "source_id": source_ids[indicator.source] if indicator.source else None,
            "position": position,
            "retired": False,
        }
        del columns["criterion"], columns["source"]
        _put(session, row, Indicator, columns)
        next_id += row is None
    for row in known.values():
        row.retired = True
    session.flush()


def _load_countries(session: Session, places: Places) -> None:
    """Who is watched is the administrator's choice once the country is there; at first, the UN's members are."""
    known = {row.iso3: row for row in country_rows.all_countries(session)}
    for country in places.countries:
        columns: dict[str, Any] = {
            "iso3": country.iso3,
            "iso2": country.iso2,
            "numeric": country.numeric,
            "names": dict(country.names),
            "un_member": country.un_member,
        }
        row = known.get(country.iso3)
        if row is None:
            columns["watched"] = country.un_member
        _put(session, row, Country, columns)
    session.flush()


def _load_groups(session: Session, places: Places) -> dict[str, dict[str, list[str]]]:
    """By group, which countries were added to it and which removed; groups that kept their members are left out."""
    changed = {}
    known = {row.key: row for row in country_rows.all_groups(session)}
    for group in places.groups:
        columns = {
            "key": group.key,
            "kind": group.kind,
            "names": dict(group.names),
            "source": group.source,
            "address": group.address,
            "as_of": group.as_of,
            "note": group.note,
        }
        # a new one is given its members from the start: there is nothing to load
        row = _put(session, known.pop(group.key, None), Group, columns, new={"members": []})
        changed[group.key] = _set_members(row, frozenset(group.members))
    for row in known.values():
        changed[row.key] = _set_members(row, frozenset())
    session.flush()
    return {key: change for key, change in sorted(changed.items()) if any(change.values())}


def _set_members(row: Group, wanted: frozenset[str]) -> dict[str, list[str]]:
    before = {member.iso3: member for member in row.members}
    row.members = [before.get(iso3) or GroupMember(iso3=iso3) for iso3 in sorted(wanted)]
    return {"added": sorted(wanted - before.keys()), "removed": sorted(before.keys() - wanted)}


def _citations(citations: tuple[Citation, ...]) -> list[dict[str, str]]:
    return [{"meeting": citation.meeting.value, "section": citation.section} for citation in citations]


def _put(
    session: Session,
    row: Row | None,
    kind: type[Row],
    columns: dict[str, Any],
    *,
    new: dict[str, Any] | None = None,
) -> Row:
    """Changes the row that is there, or adds one, which gets what is said for new ones besides."""
    if row is None:
        row = kind(**columns, **(new or {}))
        session.add(row)
        return row
    for name, value in columns.items():
        setattr(row, name, value)
    return row
