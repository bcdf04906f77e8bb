"""Filling an empty database with the invented archipelago.

The catalogue of criteria and indicators is the real one; countries, groups, people, sources and values are invented.
No published value is loaded: published series are about real countries only, and nothing is invented to look like one.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.concluding import EVER, beginning_of, conclude_from, judge_everything
from tracker.actions.methods.built_in import load_method, load_rules
from tracker.actions.occasions import enter
from tracker.actions.passwords import hash_password
from tracker.actions.people.joining import add_person
from tracker.actions.sealing import Seal
from tracker.actions.stocking import load_catalogue
from tracker.actions.yardstick import yardstick
from tracker.catalogue.reading import read_catalogue
from tracker.demo.answering import answer_for
from tracker.demo.archipelago import SAID_BY, Archipelago, Colleague, read_archipelago
from tracker.demo.attending import attend
from tracker.demo.coding import Coded, Saved, coded_in, last_days
from tracker.demo.councils import let_councils_meet
from tracker.demo.explaining import explain_a_pair
from tracker.demo.responding import respond
from tracker.demo.sharing import share
from tracker.demo.telling import tell
from tracker.demo.waiting import submit_what_waits
from tracker.person import Access
from tracker.refusal import N_, OutOfTurn
from tracker.standing import evidence_of
from tracker.storage import answers, observations, people, standings
from tracker.storage import catalogue as catalogue_rows
from tracker.storage import countries as country_rows
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.principals import principal_of
from tracker.storage.recording import Batch, BatchKind
from tracker.storage.watching import Source

# The rules were looked at a month ago, and yesterday.
LAST_LOOKED = timedelta(days=28)
# Long enough ago to be no news.
ENTERED_DAYS_AGO = 20
# Neither 0 and O nor 1, l and I: it is read from a terminal and typed.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class NotEmpty(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(
            N_("This database is not empty, and the demonstration loads into an empty one only: choose another folder.")
        )


@dataclass(frozen=True)
class Demo:
    """What was loaded, and how to get in."""

    addresses: tuple[str, ...]
    # The same for all of them. Made anew with each load and kept nowhere.
    password: str
    observations: int


def load_demo(session: Session, *, now: datetime, seal: Seal | None = None) -> Demo:
    """The same month gives the same archipelago, but for the password and the keys. `seal`: of the installation's."""
    catalogue_rows.queue_up(session)
    _refuse_what_is_not_empty(session)
    archipelago, catalogue = read_archipelago(), read_catalogue()
    # The house opened before its first observation: people and catalogue are as old as the story.
    opened = datetime.combine(last_days(now)[0].replace(day=1), time(8), UTC)
    version, _ = load_catalogue(session, catalogue, archipelago.places, now=opened)
    load_rules(session, now=opened)
    load_method(session, catalogue, now=opened)
    for country in country_rows.all_countries(session):
        country.watched = True
    password = _new_password()
    person_ids = _add_people(session, archipelago, password, opened)
    source_ids = _add_sources(session, archipelago)
    coded = coded_in(archipelago, catalogue.indicators, now)
    batch_ids = _add_batches(session, coded, version, person_ids, source_ids)
    _add_observations(session, coded, batch_ids)
    _draw_conclusions(session, coded, now=now)
    judge_everything(session, now=now - LAST_LOOKED)
    reviewer = principal_of(session, session.get_one(Person, person_ids["reviewer"]))
    attend(session, by=reviewer, now=now)
    analyst = principal_of(session, session.get_one(Person, person_ids["analyst"]))
    respond(session, proposer=analyst, reviewer=reviewer, now=now)
    explain_a_pair(session, by=reviewer, now=now)
    answer_for(session, by=reviewer, now=now)
    tell(session, by=reviewer, now=now)
    _enter_what_comes(session, archipelago, by=reviewer, now=now)
    let_councils_meet(session, by=reviewer, now=now)
    judge_everything(session, now=now - timedelta(days=1))
    submit_what_waits(session, archipelago, person_ids, now=now)
    share(session, seal, by=principal_of(session, session.get_one(Person, person_ids["administrator"])), now=now)
    after = {"countries": len(archipelago.isles), "observations": len(coded)}
    audit.record(session, "demonstration loaded", "demonstration", by=None, now=now, after=after)
    return Demo(tuple(person.address for person in archipelago.people), password, len(coded))


def _enter_what_comes(session: Session, archipelago: Archipelago, *, by: Principal, now: datetime) -> None:
    entered = now - timedelta(days=ENTERED_DAYS_AGO)
    for one in archipelago.coming:
        day = now.date() + timedelta(days=one.in_days)
        enter(session, one.iso3, one.kind, one.name, day, handling=one.handling, by=by, now=entered)


def _draw_conclusions(session: Session, coded: Sequence[Coded], *, now: datetime) -> None:
    """As they would have been drawn all along."""
    standings.renew_all(session)
    by = yardstick(session)
    assert by is not None, "the method was loaded before"
    for iso3 in standings.countries(session):
        recorded = sorted((one.observed_on, one.saved.recorded_at) for one in coded if one.saved.iso3 == iso3)
        known = partial(_known_since, recorded)
        evidence = evidence_of(by.method, answers.answers_of(session, iso3, by.places, since=EVER))
        conclude_from(session, by, iso3, evidence, since=EVER, today=now.date(), known=known)


def _known_since(recorded: Sequence[tuple[date, datetime]], day: date) -> datetime:
    """Nothing was corrected: a day's scores were known when the last of what was observed by then was recorded."""
    return max((at for observed_on, at in recorded if observed_on <= day), default=beginning_of(day))


def _refuse_what_is_not_empty(session: Session) -> None:
    if country_rows.all_countries(session) or people.everybody(session) or observations.how_many(session):
        raise NotEmpty


def _new_password() -> str:
    """Twenty letters and digits, a hundred bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def _add_people(session: Session, archipelago: Archipelago, password: str, opened: datetime) -> dict[str, int]:
    return {
        person.key: add_person(
            session,
            email=person.address,
            name=person.name,
            access=_access(person),
            password_hash=hash_password(password),
            by=None,
            now=opened + timedelta(minutes=number),
        ).id
        for number, person in enumerate(archipelago.people, start=1)
    }


def _access(person: Colleague) -> Access:
    return Access(person.roles, sees_all=True, countries=frozenset(), groups=frozenset(), clearance=person.clearance)


def _add_sources(session: Session, archipelago: Archipelago) -> dict[str, int]:
    rows = [
        Source(
            key=source.key,
            name=source.name,
            publisher=source.name,
            url=source.address,
            licence=SAID_BY,
            attribution=source.name,
            reliability=source.reliability,
            credibility=source.credibility,
        )
        for source in archipelago.sources
    ]
    session.add_all(rows)
    session.flush()
    return {row.key: row.id for row in rows}


def _add_batches(
    session: Session, coded: list[Coded], version: int, person_ids: dict[str, int], source_ids: dict[str, int]
) -> dict[Saved, int]:
    in_time = sorted({one.saved for one in coded}, key=lambda saved: (saved.recorded_at, saved.iso3, saved.source))
    rows = {
        saved: Batch(
            kind=BatchKind.CODED,
            source_id=source_ids[saved.source],
            catalogue_version=version,
            recorded_by=person_ids[saved.recorded_by],
            recorded_at=saved.recorded_at,
        )
        for saved in in_time
    }
    session.add_all(rows.values())
    session.flush()
    return {saved: row.id for saved, row in rows.items()}


def _add_observations(session: Session, coded: list[Coded], batch_ids: dict[Saved, int]) -> None:
    indicator_ids = catalogue_rows.indicator_ids(session)
    rows: list[dict[str, Any]] = [
        {
            "observed_on": one.observed_on,
            "iso3": one.saved.iso3,
            "indicator_id": indicator_ids[one.indicator],
            "revision": 1,
            "value": float(one.level),
            "handling": one.handling,
            "attributable": one.attributable,
            "note": one.note,
            "batch_id": batch_ids[one.saved],
        }
        for one in coded
    ]
    observations.append(session, sorted(rows, key=lambda row: (row["observed_on"], row["iso3"], row["indicator_id"])))
