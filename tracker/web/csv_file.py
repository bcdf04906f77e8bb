"""A table to take away: each of its lines says of which day it is, and the file is named after it."""

from collections.abc import Iterable, Sequence

from flask import Response

from tracker.exchange.sheets import Cell, csv_text
from tracker.moment import Moment
from tracker.web.moments import file_name
from tracker.web.session import reader

# Of every line: of which day, with what was known by when, and made from what is marked up to which mark.
MOMENT_COLUMNS = ("as_of", "known_on", "marked_up_to")


def sheet(columns: Sequence[str], rows: Iterable[Sequence[Cell]], moment: Moment) -> str:
    """So that a line which is copied elsewhere still says of when it is, and how far it may travel at most."""
    said = (moment.day, moment.known_on, reader().principal.clearance.label)
    return csv_text((*columns, *MOMENT_COLUMNS), ([*row, *said] for row in rows))


def csv_file(text: str, subject: str, moment: Moment) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file_name(subject, "csv", moment)}"'}
    return Response(text, mimetype="text/csv", headers=headers)
