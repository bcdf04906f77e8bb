"""What a draft would have done over the last five years, beside what is in force: to be looked at before it counts.

Nothing is written. Only evidence that the asker may see is looked at.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import TypeAlias

from tracker.access import Principal, Role
from tracker.actions.country_view import DUE_AFTER
from tracker.actions.methods.editing import NoSuchVersion
from tracker.country import GroupKind
from tracker.flag import Event
from tracker.indicator import Voice
from tracker.method import Method
from tracker.occasion import FURTHEST_AHEAD, MAY_SET_OFF, months_after
from tracker.panel import Occasion, Panel
from tracker.preview import (
    Flags,
    Surroundings,
    events_of,
    flags_in,
    levels_at_the_end,
    months_needed,
    panel_of,
)
from tracker.rule import Rule
from tracker.score import Level
from tracker.standing import Evidence, evidence_of
from tracker.storage import answers, countries, evidence, methods, occasions, people, rules, versions
from tracker.storage.base import Session
from tracker.storage.evidence import Known
from tracker.storage.occasions import Occurrence
from tracker.storage.watching import Group

MONTHS = 60
Events: TypeAlias = Mapping[str, list[Event]]
"""By rule."""


@dataclass(frozen=True)
class Side:
    """The method and the rules of one side of the comparison."""

    method: Method
    # In the order of their keys.
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class OfRule:
    key: str
    name: str
    # None: the rule does not speak.
    before: Flags | None
    after: Flags | None


@dataclass(frozen=True)
class OfCountry:
    iso3: str
    before: Flags
    after: Flags


@dataclass(frozen=True)
class Moved:
    """A country whose level would be another one today. None: there is not enough evidence."""

    iso3: str
    before: Level | None
    after: Level | None


@dataclass(frozen=True)
class Preview:
    since: date
    until: date
    # Watched, and within the asker's reach.
    watched: int
    # At least one, so that there is somebody to whom the flags come.
    analysts: int
    before: Flags
    after: Flags
    rules: tuple[OfRule, ...]
    # Only those for which something differs, the most different first.
    countries: tuple[OfCountry, ...]
    moved: tuple[Moved, ...]

    def each_week(self, flags: Flags) -> float:
        """How many an analyst gets in a week."""
        return flags.all_raised / ((self.until - self.since).days / 7) / self.analysts


def preview_of_method(session: Session, number: int, asking: Principal, *, today: date) -> Preview:
    if versions.of_method(session, number) is None:
        raise NoSuchVersion
    before = _in_force(session)
    return _preview(session, before, Side(methods.method_of(session, number), before.rules), asking, today)


def preview_of_rule(session: Session, key: str, number: int, asking: Principal, *, today: date) -> Preview:
    row = versions.of_rule(session, key, number)
    if row is None:
        raise NoSuchVersion
    before = _in_force(session)
    changed = {rule.key: rule for rule in before.rules if rule.key != key}
    if row.speaks:
        changed[key] = Rule.from_plain(row.content)
    after = Side(before.method, tuple(rule for _key, rule in sorted(changed.items())))
    return _preview(session, before, after, asking, today)


def _in_force(session: Session) -> Side:
    chosen = methods.in_force(session)
    if chosen is None:
        raise NoSuchVersion
    # what only people raise cannot be looked up in the past
    return Side(chosen[1], tuple(one.rule for one in rules.in_force(session) if one.rule.lines))


def _preview(session: Session, old: Side, new: Side, asking: Principal, today: date) -> Preview:
    days = months_needed((*old.rules, *new.rules), today, MONTHS)
    known = _known(session, (old.method, new.method), days[0], asking)
    around = _surroundings(session, known, days, asking)
    watched = {country.iso3 for country in countries.all_countries(session, asking.scope) if country.watched}
    same = old.method.fingerprint == new.method.fingerprint
    said = _evidence(session, old.method, known, around)
    before = after = panel_of(old.method, said, around, days)
    if not same:
        said = said if _places_alike(old.method, new.method) else _evidence(session, new.method, known, around)
        after = panel_of(new.method, said, around, days)
    told = {rule.key: events_of(rule, before, watched) for rule in old.rules}
    would = {
        rule.key: told[rule.key] if same and rule in old.rules else events_of(rule, after, watched)
        for rule in new.rules
    }
    since = months_after(today, -MONTHS)
    return Preview(
        since=since,
        until=today,
        watched=len(watched),
        analysts=max(1, people.how_many_active(session, Role.ANALYST)),
        before=flags_in(chain.from_iterable(told.values()), since),
        after=flags_in(chain.from_iterable(would.values()), since),
        rules=tuple(_by_rule(old, new, told, would, since)),
        countries=tuple(_by_country(told, would, since)),
        moved=tuple(_moved(before, after, watched)),
    )


def _by_rule(old: Side, new: Side, told: Events, would: Events, since: date) -> Iterator[OfRule]:
    named = {rule.key: rule.name for rule in (*old.rules, *new.rules)}
    for key, name in sorted(named.items()):
        before, after = (flags_in(side[key], since) if key in side else None for side in (told, would))
        yield OfRule(key, name, before, after)


def _by_country(told: Events, would: Events, since: date) -> list[OfCountry]:
    """Those for which something differs, the most different first."""
    before, after = _sorted_out(told), _sorted_out(would)
    found = [
        OfCountry(iso3, flags_in(before[iso3], since), flags_in(after[iso3], since))
        for iso3 in sorted({*before, *after})
    ]
    different = [one for one in found if one.before != one.after]
    return sorted(different, key=lambda one: -abs(one.after.all_raised - one.before.all_raised))


def _sorted_out(events: Events) -> Mapping[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for event in chain.from_iterable(events.values()):
        found[event.country].append(event)
    return found


def _moved(before: Panel, after: Panel, watched: Collection[str]) -> Iterator[Moved]:
    then, now = levels_at_the_end(before), levels_at_the_end(after)
    for iso3 in before.countries:
        if iso3 in watched and then[iso3] is not now[iso3]:
            yield Moved(iso3, then[iso3], now[iso3])


def _known(session: Session, sides: Sequence[Method], first: date, asking: Principal) -> list[Known]:
    """What is older than anything stays fresh says nothing even of the first day."""
    freshest = max(measure.fresh_for_days for method in sides for measure in method.measures)
    return evidence.since(session, first - timedelta(days=freshest), asking.clearance, asking.scope)


def _surroundings(session: Session, known: Sequence[Known], days: Sequence[date], asking: Principal) -> Surroundings:
    found = tuple(sorted({one.iso3 for one in known}))
    regions = countries.divisions(session, GroupKind.UN_SUBREGION)
    indicators: dict[str, tuple[str, ...]] = {}
    due_after: dict[str, int] = {}
    for one in answers.questions(session):
        if not one.retired:
            indicators[one.criterion] = (*indicators.get(one.criterion, ()), one.key)
            if one.voice is Voice.CODED and one.cadence in DUE_AFTER:
                due_after[one.key] = DUE_AFTER[one.cadence]
    coming = occasions.coming(session, found, days[0], days[-1] + FURTHEST_AHEAD, clearance=asking.clearance)
    return Surroundings(
        countries=found,
        regions=tuple(regions[iso3].key if iso3 in regions else "" for iso3 in found),
        indicators=indicators,
        due_after=due_after,
        occasions=tuple(_by_country_and_day(coming, found, countries.all_groups(session))),
    )


def _by_country_and_day(
    coming: Sequence[Occurrence], iso3s: Sequence[str], groups: Sequence[Group]
) -> Iterator[Occasion]:
    """What concerns several countries stands for each of them."""
    members = {group.key: {member.iso3 for member in group.members} for group in groups}
    for one in coming:
        if one.kind in MAY_SET_OFF:
            concerned = [one.iso3] if one.iso3 else members.get(one.group_key, set(iso3s)) if one.group_key else iso3s
            yield from (Occasion(str(one.id), iso3, one.day) for iso3 in concerned if iso3 in iso3s)


def _evidence(session: Session, method: Method, known: Sequence[Known], around: Surroundings) -> Evidence:
    rows = {iso3: row for row, iso3 in enumerate(around.countries)}
    places = answers.places_of(method, answers.questions(session))
    return evidence_of(method, list(evidence.as_answers(known, rows, places)), len(around.countries))


def _places_alike(one: Method, other: Method) -> bool:
    """Another weight does not move a value on its scale."""
    return (one.measures, one.trust, one.tree.scale) == (other.measures, other.trust, other.tree.scale)
