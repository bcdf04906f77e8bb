"""Looks at an installation and says in plain sentences what is well and what is not. It changes nothing."""

import shutil
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.actions.rebuilding import what_is_wrong
from tracker.actions.sealing import ONE_TIME_CODES, SIGNING, WEBHOOKS, Seal, Unreadable
from tracker.actions.stocking import fingerprint_of, is_demonstration
from tracker.audit import verify
from tracker.catalogue.places import read_places
from tracker.catalogue.reading import read_catalogue
from tracker.digest import DeliveryState as State
from tracker.settings import LEAST_FREE_BYTES, Settings
from tracker.storage import (
    audit_entries,
    catalogue,
    condition,
    deliveries,
    job_runs,
    migrating,
    outgoing_mails,
    people,
    standings,
)
from tracker.storage.base import DATABASE_AWAY, Database, Session

LONGEST_SILENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """`well` is None for what is worth knowing and neither good nor bad."""

    well: bool | None
    sentence: str


Check = Callable[[Session], Iterator[Finding]]


def run(_arguments: Namespace, settings: Settings) -> int:
    findings = list(examine(settings, now=datetime.now(UTC)))
    for finding in findings:
        print(f"{ {True: 'well ', False: 'WRONG', None: 'note '}[finding.well] }  {finding.sentence}")
    wrong = sum(finding.well is False for finding in findings)
    print("Nothing is wrong." if not wrong else f"Wrong: {wrong}.")
    return 1 if wrong else 0


def examine(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    yield from _folder(settings)
    if settings.database_file is not None and not settings.database_file.exists():
        yield Finding(False, f"There is no database yet in {settings.data_folder}: run makes one.")
        return
    database = Database(settings.database_url)
    try:
        current = migrating.revision_of(settings.database_url)
        yield from _schema(current, settings.database_url)
        if current == migrating.newest_revision():
            with database.reading(one_moment=True) as session:
                for check in (_tables, _evidence, _conclusions, _chain, _access, _mail):
                    yield from check(session)
                yield from _seals(session, settings.secret)
                yield from _worker(session, now)
                yield _digests(session, now)
    except DATABASE_AWAY as problem:
        yield Finding(False, f"The database does not answer: {' '.join(str(problem.orig).split())}")
    finally:
        database.dispose()


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_folder
    open_to_others = bool(folder.stat().st_mode & 0o077)
    yield Finding(
        not open_to_others,
        f"The data folder {folder} can be read by its owner alone."
        if not open_to_others
        else f"The data folder {folder} can be read by others on this machine: chmod 700 {folder}",
    )
    free = shutil.disk_usage(folder).free
    yield Finding(free >= LEAST_FREE_BYTES, f"{free // 1024**2} MB are free on its disk.")


def _schema(current: str | None, database_url: str) -> Iterator[Finding]:
    newest = migrating.newest_revision()
    try:
        migrating.refuse_newer(database_url)
    except migrating.DatabaseNewerThanCode as newer:
        yield Finding(False, str(newer))
        return
    if current == newest:
        yield Finding(True, f"The database is at migration {current}, the newest.")
    else:
        yield Finding(
            False, f"The database is at migration {current or 'none'}, this version needs {newest}: run migrate."
        )


def _tables(session: Session) -> Iterator[Finding]:
    trouble = [f"The table {table} is missing." for table in condition.missing_tables(session)]
    trouble += [f"The trigger {guard} is missing: run migrate." for guard in condition.missing_guards(session)]
    trouble += [f"The database file is damaged: {told}. Restore a backup." for told in condition.damage(session)]
    yield from (Finding(False, sentence) for sentence in trouble)
    if not trouble:
        yield Finding(True, "Tables and references are whole; evidence and audit log can only grow.")


def _evidence(session: Session) -> Iterator[Finding]:
    newest = catalogue.newest_version(session)
    if newest is None:
        yield Finding(False, "The catalogue is not loaded: run migrate.")
    elif is_demonstration(session):
        yield Finding(None, "This is the demonstration: an invented archipelago, no real country.")
    elif newest.fingerprint == fingerprint_of(read_catalogue(), read_places()):
        yield Finding(True, f"The catalogue in force is the one of this version (number {newest.number}).")
    else:
        yield Finding(None, f"The catalogue in force (number {newest.number}) is not the one of this version.")


def _conclusions(session: Session) -> Iterator[Finding]:
    wrong = what_is_wrong(session)
    yield from (Finding(False, sentence) for sentence in wrong)
    if not wrong:
        looked_at = len(standings.countries(session))
        yield Finding(True, f"Standings and scores are what the evidence says, for {looked_at} countries.")


def _chain(session: Session) -> Iterator[Finding]:
    verdict = verify(audit_entries.chained(session))
    if verdict.first_bad is None:
        yield Finding(True, f"The audit log is sound: {verdict.entries} entries, head {verdict.head[:16]}.")
    else:
        yield Finding(False, f"The audit log was changed: entry {verdict.first_bad} is the first that does not fit.")


def _access(session: Session) -> Iterator[Finding]:
    if people.active_administrators(session):
        yield Finding(True, "Somebody administers this installation.")
    else:
        yield Finding(None, "Nobody administers this installation yet: run prints a link, add-person adds somebody.")


def _seals(session: Session, secret: str) -> Iterator[Finding]:
    """A database that was put back beside another secret looks sound until somebody has to show a code."""
    kept = (
        (condition.sealed_codes(session), ONE_TIME_CODES, "secrets of one-time codes"),
        (condition.sealed_webhooks(session), WEBHOOKS, "webhooks"),
        (condition.sealed_signing_keys(session), SIGNING, "keys that sign bundles"),
    )
    shut = []
    for sealed, use, name in kept:
        if number := _how_many_stay_shut(Seal(secret, use), sealed):
            shut.append(f"{number} of {len(sealed)} {name}")
    if shut:
        sentence = f"Sealed with another secret: {', '.join(shut)}."
        yield Finding(False, f"{sentence} Put back the secret.key or TRACKER_SECRET that belongs to this database.")
    elif any(sealed for sealed, _use, _name in kept):
        yield Finding(True, "What is sealed opens with the secret of this installation.")


def _how_many_stay_shut(seal: Seal, sealed: list[str]) -> int:
    shut = 0
    for one in sealed:
        try:
            seal.open(one)
        except Unreadable:
            shut += 1
    return shut


def _mail(session: Session) -> Iterator[Finding]:
    given_up = outgoing_mails.how_many_given_up(session)
    yield Finding(not given_up, f"Mails that could not be delivered: {given_up}.")


def _digests(session: Session, now: datetime) -> Finding:
    found = deliveries.balance(session, now=now)
    sent, skipped, dead = (found.by_state[state] for state in (State.SENT, State.SKIPPED, State.DEAD))
    told = f"{sent} sent, {skipped} skipped, {dead} given up, {found.pending} on their way"
    lost = found.unplanned + found.astray
    if lost:
        return Finding(False, f"Digests that fell due: {found.due}, and {lost} of them are nowhere ({told}).")
    return Finding(not dead, f"Digests that fell due: {found.due} ({told}).")


def _worker(session: Session, now: datetime) -> Iterator[Finding]:
    beat = job_runs.last_run(session, "heartbeat")
    if beat is None:
        yield Finding(None, "The worker has never run here.")
    else:
        silent = now - beat.started_at
        sentence = f"The worker was last seen {int(silent.total_seconds())} seconds ago."
        if silent > LONGEST_SILENCE:
            yield Finding(False, f"{sentence} No mail leaves until run or worker is started.")
        else:
            yield Finding(True, sentence)
    for job in job_runs.all_runs(session):
        if job.error:
            yield Finding(False, f"The job {job.job} failed: {job.error}")
