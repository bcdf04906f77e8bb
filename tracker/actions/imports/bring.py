"""Somebody brings a file: it is kept as it came, and known again by its fingerprint."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory

from tracker.actions import audit
from tracker.actions.imports.permission import own, subject_of
from tracker.refusal import N_, Refusal
from tracker.storage import imports
from tracker.storage.base import Session
from tracker.storage.recording import Import, ImportState
from tracker.text import one_line

LARGEST_FILE_BYTES = 100_000_000
LONGEST_NAME = 150
# Quick, and nearly as small: tables of figures gain little from more effort.
EFFORT = 3
BLOCK = 1 << 16
FOLDER_PREFIX = "import-"


class FileTooLarge(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("The file is larger than %(megabytes)s MB: split it, and import the parts one after the other."),
            megabytes=LARGEST_FILE_BYTES // 1_000_000,
        )


class FileEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("The file is empty. Choose another."))


@dataclass(frozen=True)
class PackedFile:
    """Made before the transaction begins: hashing and compressing take their time, and others want to write."""

    name: str
    size: int
    fingerprint: str
    content: bytes


def packed(path: Path, name: str) -> PackedFile:
    size = path.stat().st_size
    if size == 0:
        raise FileEmpty
    if size > LARGEST_FILE_BYTES:
        raise FileTooLarge
    fingerprint, packing, content = hashlib.sha256(), zlib.compressobj(EFFORT), bytearray()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            fingerprint.update(block)
            content += packing.compress(block)
    content += packing.flush()
    return PackedFile(tidy_file_name(name), size, fingerprint.hexdigest(), bytes(content))


def tidy_file_name(name: str) -> str:
    """Without folders, of whatever system, and on one line."""
    return one_line(PureWindowsPath(name).name, LONGEST_NAME) or "file"


@contextmanager
def own_folder(folder: Path) -> Iterator[Path]:
    """For one import, as long as it is worked on. Nobody else can look into it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=FOLDER_PREFIX) as own:
        yield Path(own)


@contextmanager
def unpacked(content: bytes, folder: Path) -> Iterator[Path]:
    """The file as it came, for as long as it is read."""
    with own_folder(folder) as own:
        path = own / "file"
        unpacking = zlib.decompressobj()
        with path.open("wb") as file:
            for start in range(0, len(content), BLOCK):
                file.write(unpacking.decompress(content[start : start + BLOCK]))
            file.write(unpacking.flush())
        yield path


def bring(
    session: Session, file: PackedFile, *, sheet: str | None, header: str | None, by: int | None, now: datetime
) -> Import:
    """`sheet`: the one that is meant, of a workbook. `header`: the fingerprint of the names of its columns."""
    row = Import(
        brought_by=by,
        brought_at=now,
        file_name=file.name,
        fingerprint=file.fingerprint,
        size=file.size,
        content=file.content,
        sheet=sheet,
        header_fingerprint=header,
        state=ImportState.UPLOADED,
        rows_read=0,
        rows_accepted=0,
        rows_empty=0,
        rows_refused=0,
        rows_done=0,
    )
    session.add(row)
    session.flush()
    after = {"file": row.file_name, "fingerprint": row.fingerprint, "size": row.size}
    audit.record(session, "file brought", subject_of(row), by=by, now=now, after=after)
    return row


def cancel(session: Session, import_id: int, *, seen: int | None, by: int | None, now: datetime) -> Import:
    """Nothing of it is recorded, and the file is forgotten. A worker that has it notices and lets go."""
    row = own(session, import_id, by=by, seen=seen, states=CAN_BE_CANCELLED)
    before = {"state": row.state.value}
    row.state = ImportState.CANCELLED
    row.content = row.problems = row.leased_until = None
    row.settled_at = now
    audit.record(session, "import cancelled", subject_of(row), by=by, now=now, before=before)
    return row


def forget_files_before(session: Session, moment: datetime, *, now: datetime) -> int:
    """Of imports that nobody took any further: they are cancelled. How many that were."""
    left = imports.left_since(session, moment)
    for row in left:
        cancel(session, row.id, seen=None, by=row.brought_by, now=now)
    return len(left)


CAN_BE_CANCELLED = (
    ImportState.UPLOADED,
    ImportState.CHECKING,
    ImportState.CHECKED,
    ImportState.RECORDING,
    ImportState.FAILED,
)
