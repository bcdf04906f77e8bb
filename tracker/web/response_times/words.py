"""Response times in words and pictures."""

from collections.abc import Iterable, Mapping

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.pictures.day_range import day_range, day_range_axis, end_of_track
from tracker.response_time import Days, Spent, Step
from tracker.web.response_times.page import Row


def teach(app: Flask) -> None:
    """Makes the words known to every template, each as a filter of its own name."""
    for word in (step_word, days_words, spent_words, waited_for_word):
        app.jinja_env.filters[word.__name__] = word


def step_word(step: Step) -> str:
    words: dict[Step, str] = {
        Step.VERIFIED: _("To a verdict"),
        Step.DECIDED: _("To a decision"),
        Step.UNDER_WAY: _("To a measure under way"),
    }
    return words[step]


def waited_for_word(step: Step, number: int = 1) -> str:
    """`number`: of flags that wait together."""
    words: dict[Step, str] = {
        Step.VERIFIED: ngettext("a verdict on a flag", "verdicts on %(num)s flags", number),
        Step.DECIDED: _("a first decision on a measure"),
        Step.UNDER_WAY: _("a first measure under way"),
    }
    return words[step]


def days_words(days: Days | None) -> str:
    """Empty: there is nothing to tell."""
    if days is None:
        return ""
    if days.at_least:
        return str(ngettext("%(num)s day or more", "%(num)s days or more", days.number))
    return str(ngettext("%(num)s day", "%(num)s days", days.number))


def spent_words(one: Spent) -> str:
    """How many the figure is about."""
    if not one.number and not one.over:
        return ""
    told = [str(_("of %(num)s", num=one.number))] if one.number else []
    if one.waiting:
        told.append(str(ngettext("%(num)s still waits", "%(num)s still wait", len(one.waiting))))
    if one.over:
        told.append(str(ngettext("%(num)s was over before", "%(num)s were over before", one.over)))
    return ", ".join(told)


def longest_of(rows: Iterable[Mapping[Step, Spent]]) -> int:
    """Where the track of all rows ends."""
    return end_of_track([days for row in rows for one in row.values() for days in (*one.taken, *one.waiting)])


def axis(longest: int) -> Markup:
    return Markup(day_range_axis(longest, str(_("d"))))  # noqa: S704 (drawn here, its text escaped)


def ranges(row: Row | Mapping[Step, Spent], longest: int) -> dict[Step, str]:
    """By step the picture of it; empty: nothing was waited for."""
    spent = row.spent if isinstance(row, Row) else row
    return {step: range_of(one, longest) for step, one in spent.items()}


def range_of(one: Spent, longest: int) -> str:
    lower, median, upper = one.lower, one.median, one.upper
    if lower is None or median is None or upper is None:
        return ""
    name = _("half of them between %(lower)s and %(upper)s", lower=days_words(lower), upper=days_words(upper))
    return day_range(
        *(lower.number, median.number, upper.number),
        longest=longest,
        waiting=one.waiting,
        at_least=median.at_least,
        name=str(name),
    )
