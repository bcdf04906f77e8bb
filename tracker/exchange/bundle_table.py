"""The observations of a bundle as a table, so that they go into the record the way every file does."""

import csv
import io
from collections.abc import Iterable

from tracker.answer import LONGEST_TEXT, UNKNOWN
from tracker.bundle import SharedObservation
from tracker.mapping import Mapping, Part, Shape

# English, as all that is kept with the evidence itself.
ACCORDING_TO = "According to: %s"
HEADINGS = {
    Part.COUNTRY: "country",
    Part.DATE: "day",
    Part.INDICATOR: "indicator",
    Part.VALUE: "value",
    Part.STANDARD_ERROR: "standard error",
    Part.RELIABILITY: "reliability",
    Part.CREDIBILITY: "credibility",
    Part.HANDLING: "mark",
    Part.ATTRIBUTION: "attribution",
    Part.NOTE: "note",
    Part.EVIDENCE: "evidence",
}


def mapping_for(partner: str) -> Mapping:
    """The partner is the source of all of it."""
    return Mapping(Shape.LONG, columns=dict(HEADINGS), fixed={Part.SOURCE: partner}, decimal_sign=".")


def table_of(observations: Iterable[SharedObservation]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEADINGS.values())
    writer.writerows(_row(one) for one in observations)
    return file.getvalue().encode()


def _row(one: SharedObservation) -> tuple[object, ...]:
    return (
        one.country,
        one.day.isoformat(),
        one.indicator,
        UNKNOWN if one.value is None else repr(one.value),
        "" if one.standard_error is None else repr(one.standard_error),
        one.reliability,
        one.credibility,
        one.mark.label,
        "named" if one.attributable else "not for attribution",
        _note(one),
        one.evidence or "",
    )


def _note(one: SharedObservation) -> str:
    """With the source that the partner names, as far as there is room for it."""
    note = one.note or ""
    if not one.attributable or one.source is None:
        return note
    whole = f"{note}\n{ACCORDING_TO % one.source}".strip()
    return whole if len(whole) <= LONGEST_TEXT else note
