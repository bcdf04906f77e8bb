"""Days of the calendar as a table, which our own reader of such files understands again."""

from tracker.exchange.occasion_files import WORLD
from tracker.exchange.sheets import Cell
from tracker.handling import Mark
from tracker.score import level_of
from tracker.web.calendar_page import CalendarPage, Coming
from tracker.web.csv_file import sheet

COLUMNS = (
    *("day", "days_left", "iso3", "group", "country", "kind", "name", "handling", "risk", "level"),
    *("can_set_off_a_flag", "entered_at", "called_off"),
)


def calendar_as_csv(page: CalendarPage) -> str:
    """What is seen: what is coming, the nearest first, and then what is over."""
    return sheet(COLUMNS, [_cells(one) for one in (*page.coming, *page.over)], page.moment)


def _cells(one: Coming) -> list[Cell]:
    occasion = one.occasion
    group = None if occasion.iso3 else occasion.group_key or WORLD
    when: list[Cell] = [one.on, one.days_left, occasion.iso3, group, one.place]
    what: list[Cell] = [occasion.kind.value, occasion.name, Mark(occasion.handling).label]
    risk: list[Cell] = [None, None] if one.risk is None else [round(one.risk, 2), level_of(one.risk).name.lower()]
    return [*when, *what, *risk, one.sets_off, occasion.entered_at, occasion.removed]
