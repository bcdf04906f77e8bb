"""How requests for help are put into words: what became of them, and how long they have waited."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.assistance import AssistanceState


def teach(app: Flask) -> None:
    """Makes the words known to every template, each as a filter of its own name."""
    for word in (assistance_state_word, days_open_words):
        app.jinja_env.filters[word.__name__] = word


def assistance_state_word(value: AssistanceState) -> str:
    words: dict[AssistanceState, str] = {
        AssistanceState.OPEN: _("open"),
        AssistanceState.ANSWERED: _("answered"),
        AssistanceState.DECLINED: _("declined"),
        AssistanceState.WITHDRAWN: _("withdrawn"),
    }
    return words[value]


def days_open_words(days: int) -> str:
    """Of an open one."""
    return str(ngettext("open for %(num)s day", "open for %(num)s days", days)) if days else str(_("asked today"))
