"""What the style guide shows: every component with invented figures of an invented archipelago."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import sin

from flask import url_for
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)

from tracker.pictures.heat import HeatCell, HeatColumn, HeatRow, heat_step
from tracker.pictures.interval import interval
from tracker.pictures.land import around
from tracker.pictures.line import Line, Point
from tracker.pictures.marks import FlagMark
from tracker.pictures.score_line import ScoreLine, ScorePoint
from tracker.pictures.score_spark import score_spark
from tracker.pictures.series import NARROW, WIDE, Axis, series_chart
from tracker.pictures.world_map import Legend, Shown, key_of, map_on_page
from tracker.web.score_charts import ScorePicture, SmallScores, score_picture, small_scores

WORDS = ("low", "guarded", "elevated", "high", "critical")
_ISLANDS = (
    "Isle of Veyra",
    "Port Ansel",
    "Low Cays",
    "Sound of Ree",
    "Upper and Lower Marrow",
    "Tessaly Bank",
    "Grand Ombre",
    "Cape Hollin",
)

_CRITERIA = (
    "Rule of law and good governance",
    "Security sector",
    "Accountability and impunity",
    "Group fissures and discrimination",
    "Socio-economic strain",
    "Legacy of past atrocities",
    "Violations of life and liberty",
    "Armed conflict and instability",
    "Incitement and preparation",
    "Crisis-response mechanisms",
    "Human-rights monitoring and scrutiny",
    "Regional capacity and mediation",
)


class SampleForm(Form):
    name = StringField("Name", [validators.InputRequired("Enter a name.")], description="As in your passport.")
    mail = StringField(
        "E-mail address", [validators.Regexp(".+@.+", message="Enter an address like name@example.org.")]
    )
    password = PasswordField("Password", [validators.Length(12, message="Use at least 12 characters.")])
    code = StringField("One-time code", description="Six digits from the app on your phone.")
    role = SelectField("Role", choices={"reader": "Reader", "analyst": "Analyst", "reviewer": "Reviewer"})
    mark = RadioField(
        "Who may see this?",
        [validators.InputRequired("Choose who may see this.")],
        choices={"clear": "Everybody", "amber": "Our own people", "red": "Only the people named"},
    )
    countries = SelectMultipleField(
        "Countries",
        choices={name: name for name in _ISLANDS[:3]},
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    note = TextAreaField("Note", description="What a colleague needs to know. No names of sources.")
    told = BooleanField("I have told the person that the invitation is coming")


@dataclass(frozen=True)
class Row:
    rank: int
    name: str
    level: int | None
    thin: bool
    score: int | None
    change: str
    rose: bool
    interval: str
    spark: str
    evidence: str


def samples() -> dict[str, object]:
    """All that the templates of the style guide need, the same at every call."""
    untouched, wrong = (
        SampleForm(),
        SampleForm(MultiDict({"wrong-mail": "nobody", "wrong-password": "short"}), prefix="wrong-"),
    )
    wrong.validate()
    return {
        "words": WORDS,
        "rows": [_row(rank) for rank in range(1, 31)],
        "form": untouched,
        "wrong_form": wrong,
        "mark_hints": {
            "clear": "May be passed on and published.",
            "red": "Not even a summary of it leaves this circle.",
        },
        "charts": _charts(),
        "maps": _maps(),
        **_heat(),
        "score_pictures": _score_pictures(),
        "small_scores": _small_scores(),
        "figures": [(point.on.year, point.value, point.low, point.high) for point in _veyra().points],
        "at": datetime(2026, 11, 20, 6, 2, tzinfo=UTC),
        "on": date(2026, 11, 20),
    }


def _row(rank: int) -> Row:
    score = round(96 - 2.9 * rank)
    change = round(6 * sin(rank * 1.7), 1)
    name = _ISLANDS[rank % len(_ISLANDS)]
    if rank == 12:
        return Row(rank, name, None, False, None, "", False, "", score_spark([3, None, None]), "8 %")
    level = min(4, score // 20)
    drawn = interval(score, max(0, score - 12), min(100, score + 7), level=level)
    values = [max(0, min(100, score + 5 * sin(rank + quarter / 5) - (40 - quarter) / 6)) for quarter in range(40)]
    return Row(
        rank=rank,
        name=name,
        level=level,
        thin=rank % 5 == 0,
        score=score,
        change=f"{change:+.1f}".replace("-", "−"),
        rose=change >= 1,
        interval=drawn,
        spark=score_spark([*(None if rank % 7 == 0 and 9 < q < 15 else v for q, v in enumerate(values)), score], level),
        evidence=f"{100 - rank * 2} %",
    )


def _veyra() -> Line:
    years = [year for year in range(2002, 2024) if year not in (2009, 2010)]
    values = {year: round(42 + 9 * sin(year / 3) + (year - 2002) * 1.1, 1) for year in years}
    points = (Point(date(year, 12, 31), v, v - 7, v + 7) for year, v in values.items())
    return Line("Isle of Veyra", tuple(points))


def _several() -> list[Line]:
    lines = []
    for number, name in enumerate(_ISLANDS[:5]):
        last = 2019 if number == 2 else 2023
        values = {year: round(30 + 9 * number + 6 * sin(year / 2 + number), 1) for year in range(2006, last + 1)}
        lines.append(Line(name, tuple(Point(date(year, 12, 31), v) for year, v in values.items())))
    return lines


def _charts() -> dict[str, tuple[str, str]]:
    axis = Axis("score, 0 to 100", 0, 100, top="worse", bottom="better")
    drawn = {}
    for name, lines in (("one", [_veyra()]), ("many", _several()), ("none", [])):
        wide, narrow = (
            series_chart(lines, identifier=f"{name}-{width}", title=name, axis=axis, width=width)
            for width in (WIDE, NARROW)
        )
        drawn[name] = (wide, narrow)
    return drawn


def _heat() -> dict[str, object]:
    rows = []
    for row, name in enumerate(_ISLANDS):
        shares = [max(0.0, min(1.0, 0.5 + 0.7 * sin(row * 2.1 + column * 1.3))) for column in range(12)]
        cells = [
            HeatCell(
                heat_step(share), f"{share:.0%}".replace("%", " %") if share else "none", age="3 mo" if share else ""
            )
            for share in shares
        ]
        rows.append(HeatRow(name, "#", cells, aliases=f"island {row}|isle {row}"))
    steps = ("nothing fresh", "up to 20 %", "up to 40 %", "up to 60 %", "up to 80 %", "more")
    return {
        "heat_columns": [
            HeatColumn(name, url="?sort=law" if not place else "") for place, name in enumerate(_CRITERIA)
        ],
        "heat_rows": rows,
        "heat_steps": list(enumerate(steps)),
    }


_TODAY = date(2026, 11, 20)


def _score_line(number: int, name: str) -> ScoreLine:
    points = []
    for month in range(118):
        on = date(2017 + month // 12, month % 12 + 1, 1 + (month * 7) % 27)
        if month % (3 + number) == 1:
            continue
        score = 34 + 9 * number + 8 * sin(month / 9 + number) + max(0, month - 95) * 1.4
        known = not 40 < month < 48 or number > 0
        points.append(ScorePoint(on, score, score - 6, score + 5) if known else ScorePoint(on, None))
    return ScoreLine(name, tuple(points))


_MARKS = (
    FlagMark(date(2019, 4, 3), 1, "silence"),
    FlagMark(date(2019, 9, 8), 1, "silence", ended=True),
    FlagMark(date(2025, 2, 3), 2, "rise"),
    FlagMark(date(2026, 3, 3), 3, "risk at 60"),
    FlagMark(date(2026, 3, 9), 2, "three criteria worsened together"),
    FlagMark(date(2026, 6, 20), 3, "breakdown"),
)


def _score_pictures() -> dict[str, ScorePicture]:
    one, several = [_score_line(0, "")], [_score_line(number, name) for number, name in enumerate(_ISLANDS[:5])]
    return {
        name: score_picture(
            lines,
            identifier=f"score-{name}",
            title="Risk",
            first=date(2017, 1, 1),
            until=_TODAY,
            as_of=day,
            marks=marks,
        )
        for name, lines, marks, day in (
            ("one", one, _MARKS, None),
            ("past", one, (), date(2023, 6, 1)),
            ("many", several, (), None),
            ("none", [ScoreLine("", ())], (), None),
        )
    }


def _small_scores() -> SmallScores:
    lines = [_score_line(number % 5, name) for number, name in enumerate(_CRITERIA)]
    lines[4] = ScoreLine(_CRITERIA[4], ())
    lines[5] = ScoreLine(_CRITERIA[5], (*lines[5].points[:-20], ScorePoint(date(2025, 1, 28), None)))
    return small_scores(lines, identifier="small", first=date(2017, 1, 1), until=_TODAY, urls=["#"] * len(lines))


def _maps() -> dict[str, object]:
    shapes = url_for("static", filename="world.svg")
    levels = {"XAA": 4, "XAB": 1, "XAC": 2, "XAD": 3, "XAE": 0, "XAF": 3, "XAG": 2, "XAH": None}
    shown = [
        Shown(
            iso3,
            f"{name}: {'not enough evidence' if level is None else WORDS[level]}",
            f"#{iso3}",
            level,
            is_thin=iso3 in ("XAC", "XAG"),
        )
        for (iso3, level), name in zip(levels.items(), _ISLANDS, strict=True)
    ]
    near = {
        iso3: map_on_page(shown, shapes=shapes, label=iso3, view=around(iso3), highlighted={iso3})
        for iso3 in ("XAA", "XAG")
    }
    return {
        "world": map_on_page(shown, shapes=shapes, label="Risk by country"),
        "isle": near["XAA"],
        "small_isle": near["XAG"],
        "key": key_of(Legend(WORDS, "not enough evidence", "thin or stale evidence")),
    }
