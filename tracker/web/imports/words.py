"""States, verdicts and problems of imports, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from tracker.actions.imports.problems import KeptProblem
from tracker.entry import ProblemKind, column_letters
from tracker.storage.recording import ImportState
from tracker.storage.staging import Verdict
from tracker.web.words import figure


def teach(app: Flask) -> None:
    filters = (import_state_word, verdict_ahead, verdict_done, problem_sentence, problem_place)
    for word in filters:
        app.jinja_env.filters[word.__name__] = word


def import_state_word(state: ImportState) -> str:
    words: dict[ImportState, str] = {
        ImportState.UPLOADED: _("columns to be chosen"),
        ImportState.CHECKING: _("being checked"),
        ImportState.CHECKED: _("checked"),
        ImportState.RECORDING: _("being recorded"),
        ImportState.RECORDED: _("recorded"),
        ImportState.FAILED: _("not readable"),
        ImportState.WITHDRAWN: _("withdrawn"),
        ImportState.CANCELLED: _("cancelled"),
    }
    return words[state]


def verdict_ahead(verdict: str, count: int, is_stale: bool = False) -> str:
    """What becomes of so many values when the file is recorded. What may have changed since is no promise."""
    shown = {"shown": format_decimal(count)}
    words: dict[Verdict, str] = {
        Verdict.NEW: ngettext("%(shown)s new value", "%(shown)s new values", count, **shown),
        Verdict.REVISED: ngettext(
            "%(shown)s value that differs from what is recorded, and becomes a further revision",
            "%(shown)s values that differ from what is recorded, and become further revisions",
            count,
            **shown,
        ),
        Verdict.THERE: ngettext(
            "%(shown)s value that is there already and changes nothing",
            "%(shown)s values that are there already and change nothing",
            count,
            **shown,
        ),
        Verdict.DRAFT: ngettext(
            "%(shown)s answer that becomes your draft, to be submitted and reviewed",
            "%(shown)s answers that become your drafts, to be submitted and reviewed",
            count,
            **shown,
        ),
    }
    if is_stale:
        words[Verdict.THERE] = ngettext(
            "%(shown)s value that was there already when the file was checked",
            "%(shown)s values that were there already when the file was checked",
            count,
            **shown,
        )
    return words[Verdict(verdict)]


def verdict_done(verdict: str, count: int) -> str:
    """The same, once it has happened."""
    shown = {"shown": format_decimal(count)}
    words: dict[Verdict, str] = {
        Verdict.NEW: ngettext("%(shown)s new value recorded", "%(shown)s new values recorded", count, **shown),
        Verdict.REVISED: ngettext(
            "%(shown)s value recorded as a further revision",
            "%(shown)s values recorded as further revisions",
            count,
            **shown,
        ),
        Verdict.THERE: ngettext(
            "%(shown)s value was there already", "%(shown)s values were there already", count, **shown
        ),
        Verdict.DRAFT: ngettext(
            "%(shown)s answer became a draft, to be submitted and reviewed",
            "%(shown)s answers became drafts, to be submitted and reviewed",
            count,
            **shown,
        ),
    }
    return words[Verdict(verdict)]


def problem_kind_word(kind: str) -> str:
    """What a group of problems has in common; the sentence of each says what to do about it."""
    words: dict[str, str] = {
        ProblemKind.RAGGED: _("Rows with more cells than the heading"),
        ProblemKind.COUNTRY_MISSING: _("No country"),
        ProblemKind.COUNTRY_UNKNOWN: _("Countries that are not known here"),
        ProblemKind.COUNTRY_UNCLEAR: _("Names that can be more than one country"),
        ProblemKind.INDICATOR_MISSING: _("No indicator"),
        ProblemKind.INDICATOR_UNKNOWN: _("Indicators that are not known here"),
        ProblemKind.DAY_MISSING: _("No day"),
        ProblemKind.DAY_UNREADABLE: _("Days that cannot be read"),
        ProblemKind.DAY_UNCLEAR: _("Days that can be read in two ways"),
        ProblemKind.DAY_AHEAD: _("Days that are still to come"),
        ProblemKind.NUMBER_UNREADABLE: _("Values that are no number"),
        ProblemKind.NUMBER_UNCLEAR: _("Numbers that can be read in two ways"),
        ProblemKind.NUMBER_OUT_OF_BOUNDS: _("Numbers out of bounds"),
        ProblemKind.PERCENT: _("Per-cent signs"),
        ProblemKind.SPREADSHEET_ERROR: _("Errors of the spreadsheet"),
        ProblemKind.MISSING_CODE: _("Numbers that usually mean “no value”"),
        ProblemKind.NO_SUCH_LEVEL: _("Levels that the scale does not have"),
        ProblemKind.STANDARD_ERROR: _("Standard errors"),
        ProblemKind.GRADE: _("Grades"),
        ProblemKind.HANDLING: _("Handling marks"),
        ProblemKind.ATTRIBUTION: _("Attribution"),
        ProblemKind.EVIDENCE: _("Links to evidence"),
        ProblemKind.TEXT_TOO_LONG: _("Texts that are too long"),
        ProblemKind.SAID_TWICE: _("Said twice in this file"),
        "twice_in_month": _("Two answers for one month"),
        "retired": _("Retired indicators"),
        "no_author": _("Answers without an author"),
        "not_yours": _("Not to be recorded by you"),
        "mark_lowered": _("Handling marks that a file may not lower"),
        "named": _("Named, though not for attribution"),
        "second_person": _("Accepted by a second person"),
        "accepted_already": _("Months that are accepted already"),
        "own_draft": _("Cells in which you have another answer"),
    }
    return words.get(kind) or str(_("Other problems"))


def problem_sentence(problem: KeptProblem) -> str:
    return str(_(problem.sentence, **problem.values))


def problem_place(problem: KeptProblem) -> str:
    """As a spreadsheet names it: B7, or 7 for the whole row."""
    return f"{column_letters(problem.column)}{problem.row}" if problem.column else str(problem.row)


def beyond_its_scale(indicator: str, found: Mapping[str, Any]) -> str:
    """It is asked about, and not refused: some series may go further than their scale."""
    told = ngettext(
        "%(shown)s value of “%(indicator)s” lies outside its scale from %(low)s to %(high)s and counts as the end of"
        " it: %(farthest)s. Is that meant?",
        "%(shown)s values of “%(indicator)s” lie outside its scale from %(low)s to %(high)s and count as the end of"
        " it; the farthest is %(farthest)s. Is that meant?",
        found["count"],
        shown=format_decimal(found["count"]),
        indicator=indicator,
        **{name: figure(found[name]) for name in ("low", "high", "farthest")},
    )
    return str(told)
