"""The dashboard in words and pictures."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.exchange.sheets import Cell
from tracker.method import ROOT
from tracker.news import Turn
from tracker.pictures.interval import interval
from tracker.pictures.land import around_all, lands, whole_world
from tracker.pictures.marks import symbol
from tracker.pictures.score_spark import score_spark
from tracker.pictures.world_map import Legend, Shown, key_of, map_on_page
from tracker.score import HIGHEST_SCORE, Level
from tracker.situation import SituationState, Verdict
from tracker.storage.news import FlagNews
from tracker.web.csv_file import sheet
from tracker.web.dashboard.page import NOT_ENOUGH, Dashboard, Row, Who
from tracker.web.dashboard.ranking import Standing
from tracker.web.frame import Frame
from tracker.web.language import language, language_of_pages
from tracker.web.words import country_name, day, figure, level_word, points

# So many rows are remembered as they look: those of all countries, for a few languages and choices.
_MOST_ROWS = 4000
# As wide as the map of the world, and somewhat higher.
MAP_WIDTH, MAP_ASPECT = 600, 1.6
# Stands in an address until it is known which one.
_SOME_COUNTRY = "~"
CSV_COLUMNS = (
    *("iso3", "country", "region", "score", "level", "low", "high", "place", "place_from", "place_to"),
    *("change_1_month", "change_12_months", "known", "thin"),
)


def teach(app: Flask) -> None:
    app.jinja_env.filters["turn_word"] = turn_word
    app.jinja_env.filters["severity_symbol"] = severity_symbol
    app.jinja_env.filters["next_step_word"] = next_step_word
    app.jinja_env.filters["turn_words"] = turn_words
    app.jinja_env.filters["level_turn"] = level_turn


def turn_word(happened: FlagNews) -> str:
    if happened.turn is Turn.CLEARED and happened.flag.verdict is Verdict.DISCARDED:
        return str(_("discarded"))
    words: dict[Turn, str] = {
        Turn.NEW: _("new"),
        Turn.WORSENED: _("worse"),
        Turn.EASED: _("eased"),
        Turn.CLEARED: _("cleared"),
    }
    return words[happened.turn]


def turn_words(flags: Sequence[FlagNews]) -> str:
    """How many of them took which turn, as “3 new, 1 cleared”; where all took the same, that one alone."""
    counts = Counter(turn_word(one) for one in flags)
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(str(_("%(count)s %(turn)s", count=count, turn=turn)) for turn, count in counts.items())


def level_turn(levels: tuple[Level, Level]) -> str:
    before, now = levels
    told = {"before": level_word(before), "now": level_word(now)}
    if now > before:
        return str(_("The risk rose from %(before)s to %(now)s.", **told))
    return str(_("The risk fell from %(before)s to %(now)s.", **told))


def next_step_word(state: SituationState) -> str:
    """What is due in that state."""
    words: dict[SituationState, str] = {
        SituationState.NEW: _("to be verified"),
        SituationState.VERIFYING: _("to be assessed"),
        SituationState.ASSESSED: _("to be decided"),
        SituationState.RESPONDING: _("to be followed up"),
        SituationState.MONITORING: _("to be looked at again"),
        SituationState.CLOSED: _("closed"),
    }
    return words[state]


def severity_symbol(severity: int) -> str:
    """The shape of a flag; of none, an empty place."""
    return symbol(severity or 1, ended=not severity)


def node_title(frame: Frame, node: str) -> str:
    if node == ROOT:
        return str(_("Risk"))
    return next(criterion.name for criterion in frame.criteria if criterion.key == node)


def view_name(board: Dashboard, frame: Frame) -> str:
    """What a view of it may be called; whoever saves it can call it otherwise."""
    asked = board.asked
    group = next((country_name(one) for one in frame.groups if one.key == asked.group), "")
    level = dict(level_choices()).get(asked.level, "")
    whose = str(_("My countries")) if asked.who is Who.OWN else ""
    then = "" if board.moment.is_now else day(board.moment.day)
    return ", ".join(part for part in (group, whose, board.title, level, asked.words, then) if part)


def level_choices() -> list[tuple[str, str]]:
    worse = [level for level in reversed(Level) if Level.LOW < level < Level.CRITICAL]
    return [
        (Level.CRITICAL.name.lower(), level_word(Level.CRITICAL)),
        *((level.name.lower(), str(_("%(level)s or worse", level=level_word(level)))) for level in worse),
        (NOT_ENOUGH, str(_("not enough evidence"))),
    ]


def map_title(board: Dashboard) -> str:
    """What is to be seen, by its numbers."""
    critical, high = board.counts[Level.CRITICAL], board.counts[Level.HIGH]
    known = sum(count for level, count in board.counts.items() if level is not None)
    if not known:
        return str(_("None of these countries has a score"))
    told = {"critical": figure(critical, 0), "high": figure(high, 0), "known": figure(known, 0)}
    if critical + high == 0:
        title = _("None of %(known)s with a score is high or critical", **told)
    elif critical == 0:
        title = _("%(high)s high and none critical, of %(known)s with a score", **told)
    else:
        title = _("%(critical)s critical and %(high)s high, of %(known)s with a score", **told)
    return str(_("%(title)s; every score rests on thin evidence", title=title) if board.all_thin else title)


def world_map(board: Dashboard) -> str:
    """Or the part of it in which the countries of a desk lie."""
    tongue, address = _tongue(), _addresses(board)
    close_to = [iso3 for iso3 in board.close_to if iso3 in lands()]
    shown = tuple(
        Shown(row.iso3, _name_on_map(row, tongue), address(row.iso3), _level_of(row.standing), row.standing.is_thin)
        for row in board.rows
    )
    view = around_all(close_to, pixels=MAP_WIDTH, aspect=MAP_ASPECT) if close_to else whole_world(MAP_WIDTH)
    return map_on_page(
        shown,
        shapes=url_for("static", filename=view.sheet.file),
        label=_("World map: %(title)s", title=board.title),
        coming=str(_("The map is coming …")),
        view=view,
    )


def map_key() -> list[tuple[str, str]]:
    words = tuple(level_word(level) for level in Level)
    return key_of(Legend(words, str(_("not enough evidence")), str(_("thin evidence"))))


def ranking_rows(board: Dashboard) -> Markup:
    tongue, address = _tongue(), _addresses(board)
    return Markup("").join([_row(row, address(row.iso3), tongue) for row in board.rows])


def ranking_csv(board: Dashboard) -> str:
    """As it is seen: the same rows in the same order."""
    return sheet(CSV_COLUMNS, [_cells(row) for row in board.rows], board.moment)


@lru_cache(maxsize=_MOST_ROWS)
def _row(row: Row, address: str, _of: str) -> Markup:
    """After a change most rows look as they did before: making them is most of the work of the page."""
    one = row.standing
    template = current_app.jinja_env.get_template("dashboard/rows.html")
    made: Markup = template.module.ranking_row(row, address, _interval(one), _spark(one), row.aliases)  # type: ignore[attr-defined]
    return made


def _tongue() -> str:
    """What is remembered in words is remembered for its language."""
    return f"{language_of_pages()}-{language()}"


def _interval(one: Standing) -> str:
    if one.score is None or one.low is None or one.high is None or one.level is None:
        return ""
    name = _("90 %% between %(low)s and %(high)s", low=points(one.low), high=points(one.high))
    return interval(one.score, one.low, one.high, highest=HIGHEST_SCORE, level=int(one.level), name=name)


def _spark(one: Standing) -> str:
    if not any(value is not None for value in one.way):
        return ""
    return score_spark(one.way, None if one.level is None else int(one.level))


def _level_of(one: Standing) -> int | None:
    return None if one.level is None else int(one.level)


@lru_cache(maxsize=_MOST_ROWS)
def _name_on_map(row: Row, _of: str) -> str:
    one = row.standing
    if one.score is None or one.level is None:
        return str(_("%(country)s: not enough evidence", country=row.name))
    told = {"country": row.name, "level": level_word(one.level), "score": points(one.score)}
    if one.is_thin:
        return str(_("%(country)s: %(level)s, %(score)s, on thin evidence", **told))
    return str(_("%(country)s: %(level)s, %(score)s", **told))


def _addresses(board: Dashboard) -> Callable[[str], str]:
    """By country. Only one is made: url_for() would be asked hundreds of times."""
    anchor = None if board.asked.node == ROOT else f"of-{board.asked.node}"
    asked: dict[str, Any] = {**board.moment.as_arguments(), "_anchor": anchor}
    before, after = url_for("countries.country", iso3=_SOME_COUNTRY, **asked).split(_SOME_COUNTRY)
    return lambda iso3: f"{before}{iso3}{after}"


def _cells(row: Row) -> Sequence[Cell]:
    one = row.standing
    places = one.places or (None, None)
    figures: list[Cell] = [one.score, one.level.name.lower() if one.level is not None else None, one.low, one.high]
    return [
        *(row.iso3, row.name, row.region),
        *(round(found, 4) if isinstance(found, float) else found for found in figures),
        *(one.place, *places),
        *(None if found is None else round(found, 4) for found in (one.in_a_month, one.in_a_year)),
        round(one.coverage, 4),
        one.is_thin,
    ]
