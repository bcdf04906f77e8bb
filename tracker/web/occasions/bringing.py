"""What a file with days to come would do, line by line, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.actions.occasion_imports import WRITTEN, Judged, Outcome
from tracker.storage.conclusions import Occasion
from tracker.web.errors import in_words
from tracker.web.occasions.words import left_out_words, place_word, recurrence_words
from tracker.web.words import day


def teach(app: Flask) -> None:
    for word in (outcome_word, brought_beside, brought_when, brought_where):
        app.jinja_env.filters[word.__name__] = word


@dataclass(frozen=True)
class Looked:
    text: str
    found: Sequence[Judged]

    @cached_property
    def problems(self) -> list[Judged]:
        return [one for one in self.found if one.outcome is Outcome.PROBLEM]

    @property
    def number(self) -> int:
        """How many would be entered, changed or called off."""
        return sum(one.outcome in WRITTEN for one in self.found)

    @property
    def asked(self) -> str:
        """What the button does."""
        if self.problems:
            words = ngettext(
                "Take over %(num)s day, and leave the rest out",
                "Take over %(num)s days, and leave the rest out",
                self.number,
            )
        else:
            words = ngettext("Take over %(num)s day", "Take over %(num)s days", self.number)
        return str(words)


def outcome_word(value: Outcome) -> str:
    words: dict[Outcome, str] = {
        Outcome.NEW: _("is entered"),
        Outcome.CHANGED: _("is changed"),
        Outcome.KNOWN: _("is there already"),
        Outcome.OVER: _("is over, and left out"),
        Outcome.CALLED_OFF: _("is called off"),
        Outcome.LEFT_OUT: _("is called off there, and left out"),
        Outcome.PROBLEM: _("cannot be entered"),
    }
    return words[value]


def brought_beside(one: Judged) -> str:
    """What is to be known of it besides, and its mark where not everybody may know of it; empty: nothing."""
    mark = one.handling.label if one.handling and one.outcome in WRITTEN else ""
    return " · ".join(filter(None, (mark, _besides(one))))


def _besides(one: Judged) -> str:
    if one.problem is not None:
        return in_words(one.problem)
    if one.alike is not None:
        return str(_("Something like it is there: “%(name)s”, %(day)s.", name=one.alike.name, day=day(one.alike.day)))
    return "" if one.known is None else _beside_what_is_there(one.outcome, one.known)


def _beside_what_is_there(outcome: Outcome, known: Occasion) -> str:
    told = {"name": known.name, "day": day(known.day)}
    if outcome is Outcome.CHANGED:
        return str(_("So far: “%(name)s”, %(day)s.", **told))
    if outcome is Outcome.CALLED_OFF:
        return str(_("Here it stands as “%(name)s”, %(day)s.", **told))
    if outcome is Outcome.OVER:
        return str(_("Here it stays as it is: “%(name)s”, %(day)s.", **told))
    if outcome is Outcome.KNOWN and known.removed:
        return str(_("It was called off here, and stays so."))
    return ""


def brought_when(one: Judged) -> str:
    draft = one.line.draft
    if draft is None:
        return ""
    until = str(_("until %(day)s", day=day(draft.until))) if draft.until else ""
    parts = (day(draft.day), recurrence_words(draft.every_months), until, left_out_words(draft.left_out or ()))
    return " · ".join(filter(None, parts))


def brought_where(one: Judged) -> str:
    there = one.draft or one.known
    return place_word(there) if there else ""
