"""Files on their way into the record, without the pages."""

import hashlib
import zlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tracker.actions.imports import bring, check, glancing
from tracker.jobs.imports import work_on_imports
from tracker.jobs.job import Shift
from tracker.mapping import Mapping, Part, Shape
from tracker.storage import imports
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.recording import Coding, Import, ImportState, Observation
from tracker.storage.watching import Indicator

HEADINGS = "iso3,date,indicator,value,standard_error"
COURTS, CORRUPTION, ORDER = "independence_of_courts", "wgi_control_of_corruption", "wgi_rule_of_law"


# Said and not guessed: a file of two rows in a test is too little to guess from.
LONG = Mapping(
    Shape.LONG,
    columns={
        Part.COUNTRY: "iso3",
        Part.DATE: "date",
        Part.INDICATOR: "indicator",
        Part.VALUE: "value",
        Part.STANDARD_ERROR: "standard_error",
    },
)


def table(*lines: str, headings: str = HEADINGS) -> bytes:
    return "\n".join([headings, *lines, ""]).encode()


def kept_import(session: Session, who: Person, *, now: datetime, **differing: Any) -> Import:
    """As it is between the upload and whatever comes next; a test says what differs."""
    content = table(*(f"{iso3},2024,{CORRUPTION},-0.5,0.2" for iso3 in ("MLI", "NER", "TCD")))
    usual: dict[str, Any] = {
        "brought_by": who.id,
        "brought_at": now,
        "file_name": "figures.csv",
        "fingerprint": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "content": zlib.compress(content),
        "state": ImportState.UPLOADED,
        **dict.fromkeys(("rows_read", "rows_accepted", "rows_empty", "rows_refused", "rows_done"), 0),
    }
    made = Import(**usual | differing)
    session.add(made)
    session.flush()
    return made


@dataclass(frozen=True)
class Desk:
    """A worker, and somebody who brings files to it."""

    shift: Shift
    person: Person

    @property
    def database(self) -> Database:
        return self.shift.database

    @property
    def now(self) -> datetime:
        return self.shift.clock()

    def bring(self, content: bytes, name: str = "figures.csv", mapping: Mapping | None = None) -> int:
        """And have it checked; the worker has not begun yet."""
        folder = self.shift.settings.data_folder
        path = Path(folder, "brought")
        path.write_bytes(content)
        file, by = bring.packed(path, name), self.person.id
        with self.database.writing() as session:
            row = bring.bring(session, file, sheet=None, header=None, by=by, now=self.now)
            # a look at the file, for a guess, takes as long as all the rest
            self._choose(session, row.id, mapping or self._mapping(session, path, content))
            return row.id

    def _mapping(self, session: Session, path: Path, content: bytes) -> Mapping:
        return LONG if content.startswith(HEADINGS.encode()) else glancing.glance(session, path).guess.mapping

    def _choose(self, session: Session, import_id: int, mapping: Mapping) -> None:
        check.choose_columns(
            session,
            import_id,
            mapping,
            sheet=None,
            header=None,
            source_id=None,
            knowingly=True,
            seen=None,
            by=self.person.id,
            now=self.now,
        )

    def work(self) -> str:
        return work_on_imports(self.shift)

    def check(self, content: bytes, name: str = "figures.csv", mapping: Mapping | None = None) -> Import:
        import_id = self.bring(content, name, mapping)
        self.work()
        return self.import_(import_id)

    def order(self, import_id: int, leave_out: int = 0) -> None:
        with self.database.writing() as session:
            check.ask_to_record(session, import_id, leave_out=leave_out, seen=None, by=self.person.id, now=self.now)

    def record(self, content: bytes, name: str = "figures.csv", leave_out: int = 0) -> Import:
        checked = self.check(content, name)
        assert checked.state is ImportState.CHECKED, checked.error
        self.order(checked.id, leave_out)
        self.work()
        return self.import_(checked.id)

    def import_(self, import_id: int) -> Import:
        with self.database.reading() as session:
            row = imports.by_id(session, import_id)
            assert row is not None
            return row

    def at(self, moment: datetime) -> "Desk":
        return replace(self, shift=replace(self.shift, clock=lambda: moment))


def observations(database: Database, indicator: str = "") -> list[Observation]:
    """All revisions, the oldest first."""
    query = select(Observation).order_by(Observation.observed_on, Observation.iso3, Observation.revision)
    if indicator:
        query = query.join(Indicator, Indicator.id == Observation.indicator_id).where(Indicator.key == indicator)
    with database.reading() as session:
        return list(session.scalars(query))


def standing(database: Database, indicator: str = CORRUPTION) -> dict[tuple[str, date], float | None]:
    """What counts now."""
    newest = {(one.iso3, one.observed_on): one for one in observations(database, indicator)}
    return {key: one.value for key, one in newest.items() if not one.withdrawn}


def codings(database: Database) -> list[Coding]:
    with database.reading() as session:
        return list(session.scalars(select(Coding).order_by(Coding.id)))


def how_many(database: Database, *kinds: type) -> list[int]:
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]
