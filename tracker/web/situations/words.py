"""How situations are put into words: states, moves, verdicts, and the steps of an assessment."""

from datetime import datetime

from flask import Flask
from flask_babel import format_time, get_timezone, ngettext
from flask_babel import gettext as _

from tracker.assessment import Crime, Stage
from tracker.occasion import OccasionKind
from tracker.pictures.score_spark import score_spark
from tracker.situation import CloseReason, Move, SituationState, Verdict
from tracker.web.dashboard.ranking import Standing
from tracker.web.flag_words import severity_word


def teach(app: Flask) -> None:
    """Makes the words known to every template, each as a filter of its own name."""
    for word in (
        state_word,
        reason_word,
        verdict_word,
        severity_word,
        crime_word,
        stage_word,
        occasion_word,
        due_words,
        risk_spark,
        time_of_day,
    ):
        app.jinja_env.filters[word.__name__] = word
    # the steps of a response time are called so, too
    app.jinja_env.filters["scale_step_word"] = step_word


def state_word(value: SituationState) -> str:
    words: dict[SituationState, str] = {
        SituationState.NEW: _("new"),
        SituationState.VERIFYING: _("being verified"),
        SituationState.ASSESSED: _("assessed"),
        SituationState.RESPONDING: _("responding"),
        SituationState.MONITORING: _("being monitored"),
        SituationState.CLOSED: _("closed"),
    }
    return words[value]


def reason_words() -> dict[CloseReason, str]:
    return {
        CloseReason.RESOLVED: _("It is over"),
        CloseReason.UNFOUNDED: _("It was unfounded"),
        CloseReason.OUT_OF_SCOPE: _("It is out of scope: none of the four crimes is at risk"),
        CloseReason.MERGED: _("It goes on in the situation of the whole country"),
    }


def reason_hints() -> dict[CloseReason, str]:
    return {
        CloseReason.RESOLVED: _("No flag is open any more: what was feared has passed, or did not come."),
        CloseReason.UNFOUNDED: _("Each of its flags was discarded: there was nothing to it."),
        CloseReason.OUT_OF_SCOPE: _("The newest assessment says why."),
        CloseReason.MERGED: _("Its flags go along."),
    }


def reason_word(value: CloseReason) -> str:
    words: dict[CloseReason, str] = {
        CloseReason.RESOLVED: _("over"),
        CloseReason.UNFOUNDED: _("unfounded"),
        CloseReason.OUT_OF_SCOPE: _("out of scope"),
        CloseReason.MERGED: _("goes on with the whole country"),
    }
    return words[value]


def move_words(move: Move) -> str:
    """What the button says that makes it."""
    if move.target is SituationState.CLOSED:
        return str(_("Close"))
    if move.source is move.target:
        staying: dict[SituationState, str] = {
            SituationState.RESPONDING: _("The response goes on"),
            SituationState.MONITORING: _("Go on monitoring"),
        }
        return staying[move.source]
    going: dict[SituationState, str] = {
        SituationState.VERIFYING: _("Take it up") if move.source is SituationState.NEW else _("Verify anew"),
        SituationState.ASSESSED: _("Mark as assessed"),
        SituationState.RESPONDING: _("Respond"),
        SituationState.MONITORING: _("Monitor it"),
    }
    return going[move.target]


def due_words(days_left: int) -> str:
    """Of the next step."""
    if days_left < 0:
        return str(ngettext("%(num)s day late", "%(num)s days late", -days_left))
    if days_left == 0:
        return str(_("due today"))
    return str(ngettext("due in %(num)s day", "due in %(num)s days", days_left))


def risk_spark(risk: Standing) -> str:
    """Ten years of a country's risk; nothing where nothing was known."""
    if all(value is None for value in risk.way):
        return ""
    return score_spark(risk.way, None if risk.level is None else int(risk.level))


def time_of_day(at: datetime) -> str:
    """Below its day; in the reader's own zone, which is named."""
    return f"{format_time(at, format='HH:mm')} {get_timezone()}"


def verdict_word(value: Verdict) -> str:
    words: dict[Verdict, str] = {Verdict.CONFIRMED: _("confirmed"), Verdict.DISCARDED: _("discarded")}
    return words[value]


def crime_word(value: Crime) -> str:
    words: dict[Crime, str] = {
        Crime.GENOCIDE: _("Genocide"),
        Crime.WAR_CRIMES: _("War crimes"),
        Crime.ETHNIC_CLEANSING: _("Ethnic cleansing"),
        Crime.AGAINST_HUMANITY: _("Crimes against humanity"),
    }
    return words[value]


def stage_words() -> dict[Stage, str]:
    return {
        Stage.EARLY_PREVENTION: _("Early prevention: tensions, and time to work on what causes them"),
        Stage.EARLY_VIOLENCE: _("Early violence: single attacks that could become many"),
        Stage.ONGOING_VIOLENCE: _("Ongoing violence: crimes are being committed"),
    }


def stage_word(value: Stage) -> str:
    words: dict[Stage, str] = {
        Stage.EARLY_PREVENTION: _("early prevention"),
        Stage.EARLY_VIOLENCE: _("early violence"),
        Stage.ONGOING_VIOLENCE: _("ongoing violence"),
    }
    return words[value]


def likelihood_words() -> dict[int, str]:
    return {
        1: _("1: remote, little points to it"),
        2: _("2: possible, there are single signs"),
        3: _("3: real, several signs point the same way"),
        4: _("4: high, somebody prepares for it"),
        5: _("5: about to happen, or happening"),
    }


def consequence_words() -> dict[int, str]:
    return {
        1: _("1: a few people harmed"),
        2: _("2: many people harmed, some killed"),
        3: _("3: many people killed or driven out, in one place"),
        4: _("4: killing or expulsion across a region"),
        5: _("5: a group is to be destroyed or removed as such"),
    }


def step_word(value: int) -> str:
    return str(_("%(step)s of 5", step=value))


def occasion_words() -> dict[OccasionKind, str]:
    return {
        OccasionKind.ELECTION: _("Election or referendum"),
        OccasionKind.ANNIVERSARY: _("Anniversary"),
        OccasionKind.VERDICT: _("Verdict of a court"),
        OccasionKind.CENSUS: _("Census"),
        OccasionKind.REVIEW: _("Review, such as the Universal Periodic Review"),
        OccasionKind.SESSION: _("Session of a council or a parliament"),
        OccasionKind.FOCAL_POINTS: _("Meeting of the focal points"),
    }


def occasion_word(value: OccasionKind) -> str:
    words: dict[OccasionKind, str] = {
        OccasionKind.ELECTION: _("election"),
        OccasionKind.ANNIVERSARY: _("anniversary"),
        OccasionKind.VERDICT: _("verdict"),
        OccasionKind.CENSUS: _("census"),
        OccasionKind.REVIEW: _("review"),
        OccasionKind.SESSION: _("session"),
        OccasionKind.FOCAL_POINTS: _("meeting of the focal points"),
    }
    return words[value]
