"""Files that answer the same questions at once wait in a row, and never for each other."""

from datetime import date

from tests.at_once import at_once
from tests.importing import COURTS, Desk
from tracker.coding import period_of
from tracker.storage import catalogue, import_rows
from tracker.storage.import_rows import CellKey


def test_many_cells_taken_in_whatever_order_are_all_taken_by_everybody(desk: Desk) -> None:
    with desk.database.reading() as session:
        courts = catalogue.indicator_ids(session)[COURTS]
    keys: list[CellKey] = [
        (iso3, courts, period_of(date(year, month, 1)))
        for year in range(1990, 2026)
        for month in range(1, 13)
        for iso3 in ("MLI", "NER", "TCD")
    ]

    def take(which: int) -> set[int]:
        with desk.database.writing() as session:
            found = import_rows.open_cells(session, keys if which % 2 else reversed(keys))
            return {version for _number, version in found.values()}

    assert sorted(map(str, at_once(6, take))) == [str({version}) for version in range(1, 7)]
