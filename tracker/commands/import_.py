"""Imports a table without the pages: for scripts, and for files of a size that nobody wants to upload."""

import json
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from tracker.access import Principal, Right
from tracker.actions.imports import bring, check, claims, glancing, problems, understand
from tracker.actions.imports.glancing import Glance
from tracker.commands.acting import somebody_who_may
from tracker.commands.failure import CannotGoOn
from tracker.commands.preparing import refuse_schema_of_another_version
from tracker.entry import column_letters
from tracker.exchange.sheets import csv_text
from tracker.jobs.imports import Run
from tracker.mapping import Mapping, from_plain
from tracker.settings import Settings
from tracker.storage import imports
from tracker.storage.base import Database, Session
from tracker.storage.recording import Import, ImportState

DONE, NOT_DONE = 0, 1
COLUMNS = ("row", "column", "heading", "cell", "kind", "problem")


def run(arguments: Namespace, settings: Settings) -> int:
    refuse_schema_of_another_version(settings)
    database = Database(settings.database_url)
    try:
        return Importing(arguments, settings, database).go()
    finally:
        database.dispose()


class Importing:
    def __init__(self, arguments: Namespace, settings: Settings, database: Database) -> None:
        self._arguments, self._database = arguments, database
        self._folder = settings.data_folder / understand.FOLDER
        self._path = Path(arguments.file)
        if not self._path.is_file():
            raise CannotGoOn(f"There is no file {self._path}.")

    def go(self) -> int:
        with self._database.reading() as session:
            by = self._by(session)
            names = understand.country_names(session, by.scope if by else None)
            chosen = self._chosen()
            seen = glancing.glance(
                session,
                self._path,
                sheet=self._arguments.sheet,
                header_row=chosen.header_row if chosen else None,
            )
            source_id = self._source_id(session)
            mapping = chosen or self._usual(session, seen, source_id, by)
            if self._arguments.print_mapping:
                print(json.dumps(mapping.as_plain(), indent=2, ensure_ascii=False))
                return DONE
            glancing.refuse_unfit(session, mapping, seen, names, on=_now().date())
        return self._import(mapping, seen, source_id, by.person_id if by else None)

    def _import(self, mapping: Mapping, seen: Glance, source_id: int | None, by: int | None) -> int:
        """One pass: what would be asked on the page between the check and the recording was said in the options."""
        dry, leave_out = self._arguments.dry_run, self._arguments.leave_out_refused
        file = bring.packed(self._path, self._path.name)
        with self._database.writing() as session:
            row = bring.bring(session, file, sheet=seen.sheet, header=seen.header_fingerprint, by=by, now=_now())
            check.choose_columns(
                session,
                row.id,
                mapping,
                sheet=seen.sheet,
                header=seen.header_fingerprint,
                source_id=source_id,
                knowingly=True,
                seen=None,
                by=by,
                now=_now(),
                state=ImportState.CHECKING if dry else ImportState.RECORDING,
            )
            _tell_if_brought_before(session, row)
            claimed = claims.claim(session, row, left_out=None if leave_out else 0, now=_now())
        Run(self._database, self._folder, _now, claimed, watching=_tell_progress).go()
        return self._end(row.id, by)

    def _end(self, import_id: int, by: int | None) -> int:
        with self._database.reading() as session:
            row = imports.by_id(session, import_id)
            assert row is not None, "imports are never removed"
            self._tell(session, row)
        if row.state is ImportState.RECORDED:
            return DONE
        with self._database.writing() as session:
            bring.cancel(session, import_id, seen=None, by=by, now=_now())
        if self._arguments.dry_run and row.state is ImportState.CHECKED:
            _say("Nothing was recorded: this was a dry run.")
            return NOT_DONE if row.rows_refused else DONE
        return NOT_DONE

    def _tell(self, session: Session, row: Import) -> None:
        if row.state is ImportState.FAILED:
            _say(f"{row.error} Nothing was recorded.")
            return
        print(_problems(session, row), end="")
        values = (row.findings or {}).get("values", {})
        told = ", ".join(f"{count:,} {verdict}" for verdict, count in values.items())
        _say(
            f"{row.rows_read:,} rows read: {row.rows_accepted:,} usable, {row.rows_empty:,} empty, "
            f"{row.rows_refused:,} refused. Values: {told or 'none'}."
        )
        if row.state is ImportState.RECORDED:
            _say(f"Recorded as import {row.id}.")
        elif not self._arguments.dry_run:
            _say(
                "Nothing was recorded: correct the rows that are refused, or leave them out with --leave-out-refused."
                if row.rows_accepted
                else "Nothing was recorded: no row is usable."
            )

    def _by(self, session: Session) -> Principal | None:
        """None: the installation itself, which reaches every country and can be no author of answers."""
        if self._arguments.by is None:
            return None
        return somebody_who_may(session, Right.RECORD, self._arguments.by, doing="record anything")

    def _source_id(self, session: Session) -> int | None:
        key = self._arguments.source
        if key is None:
            return None
        found = [one.id for one in imports.publishers(session) if key in (one.key, one.name)]
        if not found:
            raise CannotGoOn(f"The catalogue names no publisher {key}.")
        return found[0]

    def _chosen(self) -> Mapping | None:
        if self._arguments.mapping is None:
            return None
        path = Path(self._arguments.mapping)
        try:
            return from_plain(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, RecursionError) as error:
            raise CannotGoOn(f"{path} cannot be read as a mapping; --print-mapping writes one.") from error

    def _usual(self, session: Session, seen: Glance, source_id: int | None, by: Principal | None) -> Mapping:
        """That of the last file with these columns, or else of the last from this source, or else a guess."""
        person, header = by.person_id if by else None, seen.header_fingerprint
        alike = imports.newest_alike(session, header_fingerprint=header, brought_by=person, besides=0)
        if alike is None and source_id is not None:
            alike = imports.newest_from(session, source_id=source_id, brought_by=person, besides=0)
        return glancing.fitted(from_plain(alike.mapping), seen) if alike else seen.guess.mapping


def _problems(session: Session, row: Import) -> str:
    """Without a page there is no reader whose language could be known: in English."""
    kept = problems.in_order(imports.problems_of(session, row.id), row.rows_refused)
    lines = (
        (
            one.row,
            column_letters(one.column) if one.column else None,
            one.heading,
            one.cell,
            one.kind,
            one.sentence % one.values if one.values else one.sentence,
        )
        for one in kept
    )
    return csv_text(COLUMNS, lines) if row.rows_refused else ""


def _tell_if_brought_before(session: Session, row: Import) -> None:
    earlier = check.brought_before(session, row)
    if earlier is not None:
        recorded = ": what is recorded already changes nothing" if earlier.state is ImportState.RECORDED else ""
        _say(f"This very file was brought before as import {earlier.id}, which is {earlier.state}{recorded}.")


def _tell_progress(rows: int) -> None:
    _say(f"{rows:,} rows read ...")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _now() -> datetime:
    return datetime.now(UTC)
