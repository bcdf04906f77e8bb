"""What the JSON of a bundle must look like, key for key. What is not in the schema is refused, not passed over.

docs/sharing.md says the same to whoever writes a program that makes or takes bundles.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from tracker.answer import LONGEST_ADDRESS, LONGEST_LINE, LONGEST_TEXT, is_web_address
from tracker.assessment import HIGHEST_STEP, LOWEST_STEP, Crime, Stage
from tracker.bundle import (
    LONGEST_NAME,
    MOST_ROWS,
    SCHEMA,
    Contents,
    SharedAssessment,
    SharedFlag,
    SharedObservation,
    SharedWithdrawal,
)
from tracker.handling import Mark
from tracker.refusal import N_, Refusal
from tracker.situation import LONGEST_PART, Verdict
from tracker.text import tidy

NOT_A_BUNDLE = N_("This is no bundle that can be read: choose the file as it was sent, unopened and unchanged.")
ROW_UNFIT = N_("Row %(number)s of “%(part)s” does not keep to the schema, at “%(key)s”: ask for the bundle anew.")
LARGEST_NUMBER = 1e300
LONGEST_KEY = 120
Word = TypeVar("Word", bound=StrEnum)
Row = TypeVar("Row")
_MARKS = {mark.label: mark for mark in Mark}
_PARTS = ("observations", "withdrawn", "flags", "assessments")


class BundleUnfit(Refusal):
    """It cannot be read as a bundle."""


class SchemaTooNew(Refusal):
    def __init__(self, schema: int) -> None:
        super().__init__(
            N_("The bundle is of schema %(schema)s, and this installation reads up to %(known)s: update it first."),
            schema=schema,
            known=SCHEMA,
        )


def refuse_schema(plain: Mapping[str, Any]) -> None:
    schema = plain.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise BundleUnfit(NOT_A_BUNDLE)
    if schema > SCHEMA:
        raise SchemaTooNew(schema)


def contents_of(plain: Mapping[str, Any]) -> Contents:
    if plain.keys() != {"schema", "made_at", "recipient", *_PARTS}:
        raise BundleUnfit(NOT_A_BUNDLE)
    lists = [plain[part] for part in _PARTS]
    if not all(isinstance(rows, list) for rows in lists) or sum(map(len, lists)) > MOST_ROWS:
        raise BundleUnfit(NOT_A_BUNDLE)
    try:
        made_at, recipient = _moment(plain["made_at"]), _line(LONGEST_NAME)(plain["recipient"])
    except ValueError:
        raise BundleUnfit(NOT_A_BUNDLE) from None
    return Contents(
        made_at=made_at,
        recipient=recipient,
        observations=_rows("observations", plain, _OBSERVATION, SharedObservation),
        withdrawn=_rows("withdrawn", plain, _WITHDRAWAL, SharedWithdrawal),
        flags=_rows("flags", plain, _FLAG, SharedFlag),
        assessments=_rows("assessments", plain, _ASSESSMENT, SharedAssessment),
    )


def statement_of(plain: Mapping[str, Any]) -> SharedFlag | SharedAssessment:
    """One that was kept, as it stood in its bundle."""
    if plain.keys() == _FLAG.keys():
        return SharedFlag(**_read("flags", 1, plain, _FLAG))
    return SharedAssessment(**_read("assessments", 1, plain, _ASSESSMENT))


def _rows(
    part: str, plain: Mapping[str, Any], schema: Mapping[str, Callable[[Any], Any]], make: Callable[..., Row]
) -> tuple[Row, ...]:
    return tuple(make(**_read(part, number, row, schema)) for number, row in enumerate(plain[part], start=1))


def _read(part: str, number: int, row: Any, schema: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    found, key = {}, ""
    try:
        if row.keys() != schema.keys():
            # not the name that somebody else chose: it may be as long as the file
            raise ValueError("another set of keys")
        for key, read in schema.items():
            found[key] = read(row[key])
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise BundleUnfit(ROW_UNFIT, number=number, part=part, key=key or "{}") from None
    return found


# ---- one value --------------------------------------------------------------------------------------------------


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest or tidy(value) != value:
            raise ValueError("no text")
        return value

    return read


def _line(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if "\n" in _text(longest)(value) or "\r" in value:
            raise ValueError("no line")
        return str(value)

    return read


def _filled(read: Callable[[Any], str]) -> Callable[[Any], str]:
    def filled(value: Any) -> str:
        if not read(value).strip():
            raise ValueError("empty")
        return str(value)

    return filled


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST_NUMBER:
        raise ValueError("no number")
    return float(value)


def _not_negative(value: Any) -> float:
    if _number(value) < 0:
        raise ValueError("below nothing")
    return float(value)


def _step(lowest: int, highest: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise ValueError("no step")
        return value

    return read


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _day(value: Any) -> date:
    day = date.fromisoformat(value)
    if day.isoformat() != value:
        raise ValueError("no day")
    return day


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else _no_zone()
    except (TypeError, OverflowError) as error:
        raise ValueError("no moment") from error


def _no_zone() -> datetime:
    raise ValueError("a moment without a zone")


def _word(words: type[Word], value: Any) -> Word:
    return words(value)


def _crimes(value: Any) -> tuple[Crime, ...]:
    if not isinstance(value, list) or len(set(value)) != len(value):
        raise ValueError("no list")
    return tuple(Crime(one) for one in value)


def _mark(value: Any) -> Mark:
    if not isinstance(value, str) or value not in _MARKS:
        raise ValueError("no mark")
    return _MARKS[value]


def _letter(value: Any) -> str:
    if not isinstance(value, str) or value not in tuple("ABCDEF"):
        raise ValueError("no letter")
    return value


def _address(value: Any) -> str:
    if not is_web_address(_line(LONGEST_ADDRESS)(value)):
        raise ValueError("no address")
    return str(value)


_KEY = _filled(_line(LONGEST_KEY))
_TEXT = _text(LONGEST_TEXT)
_OBSERVATION: Mapping[str, Callable[[Any], Any]] = {
    "country": _KEY,
    "indicator": _KEY,
    "day": _day,
    "value": _or_none(_number),
    "standard_error": _or_none(_not_negative),
    "reliability": _letter,
    "credibility": _step(1, 6),
    "mark": _mark,
    "attributable": _truth,
    "source": _or_none(_filled(_line(LONGEST_LINE))),
    "note": _or_none(_TEXT),
    "evidence": _or_none(_address),
}
_WITHDRAWAL: Mapping[str, Callable[[Any], Any]] = {
    "country": _KEY,
    "indicator": _KEY,
    "day": _day,
    "mark": _mark,
}
_FLAG: Mapping[str, Callable[[Any], Any]] = {
    "country": _KEY,
    "rule": _KEY,
    "rule_name": _line(LONGEST_LINE),
    "subject": _line(LONGEST_KEY),
    "opened_on": _day,
    "day": _day,
    "severity": _step(1, 3),
    "is_open": _truth,
    "verdict": _or_none(partial(_word, Verdict)),
    "mark": _mark,
}
_ASSESSMENT: Mapping[str, Callable[[Any], Any]] = {
    "country": _KEY,
    "part": _line(LONGEST_PART),
    "day": _day,
    "crimes": _crimes,
    "out_of_scope": _TEXT,
    "likelihood": _or_none(_step(LOWEST_STEP, HIGHEST_STEP)),
    "consequence": _or_none(_step(LOWEST_STEP, HIGHEST_STEP)),
    "stage": _or_none(partial(_word, Stage)),
    "population": _TEXT,
    "summary": _TEXT,
    "mark": _mark,
}
