"""Pictures of scores in the reader's words, each with the table behind it and what its flags were."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from tracker.pictures.marks import FlagMark, symbol
from tracker.pictures.score_line import ScoreLine, ScorePoint
from tracker.pictures.score_series import score_chart
from tracker.pictures.score_words import ScoreWords
from tracker.pictures.series import NARROW, WIDE
from tracker.pictures.small_score import small_score
from tracker.rule import Severity
from tracker.score import Level, in_points, level_of
from tracker.web.flag_words import severity_word
from tracker.web.words import level_word


@dataclass(frozen=True)
class ScoreRow:
    """From a day on, in the reader's words."""

    day: str
    # Empty: not enough evidence, or no interval was drawn.
    score: str
    interval: str
    level: Level | None
    # The name of the line, where there are several.
    name: str = ""


@dataclass(frozen=True)
class FlagRow:
    symbol: str
    day: str
    flag: str
    words: str


@dataclass(frozen=True)
class ScorePicture:
    """Wide and narrow, and what stands beneath: the shapes of its flags explained, and its numbers, newest first."""

    wide: str
    narrow: str
    key: Sequence[tuple[str, str]]
    flags: Sequence[FlagRow]
    rows: Sequence[ScoreRow]


@dataclass(frozen=True)
class SmallScore:
    """One of many small pictures, with what stands above it."""

    name: str
    url: str
    svg: str
    # As it stands on the last day; empty and None: not enough evidence.
    score: str
    level: Level | None


@dataclass(frozen=True)
class SmallScores:
    pictures: Sequence[SmallScore]
    rows: Sequence[ScoreRow]


def score_picture(
    lines: Sequence[ScoreLine],
    *,
    identifier: str,
    title: str,
    until: date,
    first: date | None = None,
    as_of: date | None = None,
    marks: Sequence[FlagMark] = (),
) -> ScorePicture:
    """A single line needs no label: it is spoken of by the title."""
    begun = first or min((point.on for line in lines for point in line.points), default=until)
    words, seen = score_words(), [line.within(begun, until) for line in lines]
    wide, narrow = (
        score_chart(
            seen,
            identifier=f"{identifier}-{width}",
            title=title,
            until=until,
            first=begun,
            as_of=as_of,
            marks=marks,
            words=words,
            width=width,
        )
        for width in (WIDE, NARROW)
    )
    shown = sorted((mark for mark in marks if begun <= mark.on <= until), key=lambda mark: mark.on, reverse=True)
    return ScorePicture(
        wide,
        narrow,
        key=_key(shown),
        flags=[_flag_row(mark, words) for mark in shown],
        rows=[row for line in seen for row in _rows(line, words)],
    )


def score_words() -> ScoreWords:
    locale = str(get_locale())
    low, guarded, elevated, high, critical = (level_word(level) for level in Level)
    notice, warning, alarm = (severity_word(severity) for severity in Severity)
    return ScoreWords(
        levels=(low, guarded, elevated, high, critical),
        unit=_("points, 100 is worst"),
        no_score=_("not enough evidence"),
        nothing=_("There was never enough evidence for a score."),
        summary=_(
            "%(label)s: %(first)s on %(first_day)s, %(last)s on %(last_day)s; "
            "lowest %(lowest)s from %(lowest_day)s on, highest %(highest)s from %(highest_day)s on."
        ),
        ended=_("%(label)s: not enough evidence since %(day)s."),
        none_for=_("%(label)s: never enough evidence."),
        flags=(notice, warning, alarm),
        cleared=_("%(severity)s cleared"),
        step=_("measure"),
        with_more=_("%(label)s, and %(count)s more"),
        mark=_("%(day)s: %(flag)s, %(label)s."),
        as_of=_("as of %(day)s"),
        score=lambda score: _points_in(locale, in_points(score)),
        day=lambda on: _day_in(locale, on),
    )


def small_scores(
    lines: Sequence[ScoreLine],
    *,
    identifier: str,
    first: date,
    until: date,
    urls: Sequence[str] = (),
    with_rows: bool = True,
) -> SmallScores:
    """A small picture for each line, in the order given, all of the same days; urls, if any, one for each.

    Without rows each of them leads to where its figures stand as a table.
    """
    words = score_words()
    pictures = [
        _small_score(line, url, identifier=f"{identifier}-{number}", first=first, until=until, words=words)
        for number, (line, url) in enumerate(zip(lines, urls or [""] * len(lines), strict=True))
    ]
    rows = [row for line in lines for row in _rows(line.within(first, until), words)] if with_rows else []
    return SmallScores(pictures, rows)


def _small_score(
    line: ScoreLine, url: str, *, identifier: str, first: date, until: date, words: ScoreWords
) -> SmallScore:
    drawn = small_score(line, identifier=identifier, title=line.label, first=first, until=until, words=words)
    now = line.on_day(until)
    if now is None:
        return SmallScore(line.label, url, drawn, "", None)
    return SmallScore(line.label, url, drawn, words.score(now), level_of(now))


def _key(marks: Sequence[FlagMark]) -> list[tuple[str, str]]:
    """What the shapes mean that are there, the most severe first."""
    severities = sorted({mark.severity for mark in marks}, reverse=True)
    said = [(symbol(one), severity_word(one) if one else _("a step of the measure")) for one in severities]
    if any(mark.ended for mark in marks):
        said.append((symbol(Severity.NOTICE, ended=True), _("hollow: cleared")))
    return said


def _flag_row(mark: FlagMark, words: ScoreWords) -> FlagRow:
    return FlagRow(symbol(mark.severity, ended=mark.ended), words.day(mark.on), words.flag(mark), mark.label)


def _rows(line: ScoreLine, words: ScoreWords) -> list[ScoreRow]:
    """The newest first; what reads the same as the row before is no row of its own."""
    rows: list[ScoreRow] = []
    for point in line.points:
        row = _row(line, point, words)
        if not rows or replace(row, day=rows[-1].day) != rows[-1]:
            rows.append(row)
    return rows[::-1]


def _row(line: ScoreLine, point: ScorePoint, words: ScoreWords) -> ScoreRow:
    if point.value is None:
        return ScoreRow(words.day(point.on), "", "", None, line.label)
    ends = point.interval and {"low": words.score(point.interval[0]), "high": words.score(point.interval[1])}
    interval = _("%(low)s to %(high)s", **ends) if ends else ""
    return ScoreRow(words.day(point.on), words.score(point.value), interval, level_of(point.value), line.label)


# A page writes a thousand of them, and there are no more than a thousand: writing one takes as long as a row.
@lru_cache(maxsize=4096)
def _points_in(locale: str, score: float) -> str:
    return str(format_decimal(score, format="#,##0.#", locale=locale))


@lru_cache(maxsize=8192)
def _day_in(locale: str, on: date) -> str:
    return str(format_date(on, format="d MMM y", locale=locale))
