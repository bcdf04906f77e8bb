"""Brings days to come out of a file without the pages: for scripts, and for calendars that are fetched again."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tracker.access import Principal, Right
from tracker.actions.occasion_imports import Judged, Outcome, ProblemsLeft, enter_file, look
from tracker.commands.acting import somebody_who_may
from tracker.commands.failure import CannotGoOn
from tracker.commands.preparing import refuse_schema_of_another_version
from tracker.exchange.occasion_files import LARGEST_BYTES, WORLD, Line, Usual, lines_of, text_of
from tracker.exchange.sheets import Cell, csv_text
from tracker.handling import Mark
from tracker.occasion import OccasionKind, Place
from tracker.settings import Settings
from tracker.storage.base import Database, Session

DONE, NOT_DONE = 0, 1
COLUMNS = ("line", "day", "name", "place", "outcome", "problem")


def run(arguments: Namespace, settings: Settings) -> int:
    refuse_schema_of_another_version(settings)
    lines = lines_of(_text(Path(arguments.file)), Usual(OccasionKind(arguments.kind), _place(arguments)))
    database = Database(settings.database_url)
    try:
        return _check(database, arguments, lines) if arguments.check else _enter(database, arguments, lines)
    finally:
        database.dispose()


def _check(database: Database, arguments: Namespace, lines: Sequence[Line]) -> int:
    judged = _looked(database, arguments, lines)
    print(csv_text(COLUMNS, _rows(judged)), end="")
    _say(f"{_told(judged)} Nothing was entered: this was a check.")
    return NOT_DONE if any(one.outcome is Outcome.PROBLEM for one in judged) else DONE


def _enter(database: Database, arguments: Namespace, lines: Sequence[Line]) -> int:
    left_out = None if arguments.leave_out_refused else 0
    try:
        with database.writing() as session:
            by, now = _by(session, arguments), datetime.now(UTC)
            judged = enter_file(session, lines, handling=_mark(arguments), by=by, now=now, left_out=left_out)
    except ProblemsLeft:
        judged = _looked(database, arguments, lines)
        print(csv_text(COLUMNS, _rows(judged)), end="")
        _say(f"{_told(judged)} Nothing was entered: mend the file, or leave such lines out with --leave-out-refused.")
        return NOT_DONE
    print(csv_text(COLUMNS, _rows(judged)), end="")
    _say(_told(judged))
    return DONE


def _looked(database: Database, arguments: Namespace, lines: Sequence[Line]) -> Sequence[Judged]:
    with database.reading() as session:
        by, today = _by(session, arguments), datetime.now(UTC).date()
        return look(session, lines, handling=_mark(arguments), by=by, today=today)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            # one more than may be there: it is refused by its size, however large it is
            return text_of(file.read(LARGEST_BYTES + 1))
    except OSError as error:
        raise CannotGoOn(f"{path} cannot be read: {error.strerror}.") from error


def _place(arguments: Namespace) -> Place | None:
    if sum(bool(one) for one in (arguments.country, arguments.group, arguments.world)) > 1:
        raise CannotGoOn("Choose one of --country, --group and --world.")
    if arguments.world:
        return None, None
    if arguments.country:
        return arguments.country.upper(), None
    return (None, arguments.group) if arguments.group else None


def _mark(arguments: Namespace) -> Mark:
    return Mark[arguments.mark.upper().replace("+", "_")]


def _by(session: Session, arguments: Namespace) -> Principal:
    return somebody_who_may(session, Right.WORK_ON_SITUATIONS, arguments.by, doing="enter days to come")


def _rows(judged: Sequence[Judged]) -> Iterator[Sequence[Cell]]:
    """Without a page there is no reader whose language could be known: in English."""
    for one in judged:
        day = one.line.draft.day if one.line.draft else None
        yield one.line.number, day, one.line.name, _where(one), one.outcome.value, str(one.problem or "")


def _where(one: Judged) -> str:
    there = one.draft or one.known or one.line.draft
    return "" if there is None else there.iso3 or there.group_key or WORLD


def _told(judged: Sequence[Judged]) -> str:
    counts = {outcome: sum(one.outcome is outcome for one in judged) for outcome in Outcome}
    words = {Outcome.PROBLEM: "refused", Outcome.OVER: "over already", Outcome.KNOWN: "there already"}
    told = [f"{count} {words.get(outcome, outcome.replace('_', ' '))}" for outcome, count in counts.items() if count]
    return f"{', '.join(told) or 'No day is in it'}."


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
