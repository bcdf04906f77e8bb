"""How measures of the ledger are put into words: their states, what was done about them, when the next step is due."""

from datetime import date

from flask import Flask
from flask_babel import gettext as _

from tracker.response import ResponseAct, ResponseState
from tracker.web.situations.words import due_words


def teach(app: Flask) -> None:
    """Makes the words known to every template, each as a filter of its own name."""
    for word in (response_state_word, response_step_word, response_due_words):
        app.jinja_env.filters[word.__name__] = word


def response_state_word(value: ResponseState) -> str:
    words: dict[ResponseState, str] = {
        ResponseState.PROPOSED: _("proposed"),
        ResponseState.DECIDED: _("decided"),
        ResponseState.DECLINED: _("declined"),
        ResponseState.UNDER_WAY: _("under way"),
        ResponseState.DONE: _("done"),
        ResponseState.ABANDONED: _("abandoned"),
    }
    return words[value]


def response_step_word(value: ResponseState) -> str:
    """What comes next, of what goes on."""
    words: dict[ResponseState, str] = {
        ResponseState.PROPOSED: _("to be decided"),
        ResponseState.DECIDED: _("to be started"),
        ResponseState.UNDER_WAY: _("to be done"),
    }
    return words[value]


def response_due_words(due_on: date, today: date) -> str:
    return due_words((due_on - today).days)


def act_words(act: ResponseAct) -> str:
    """What the button says that does it."""
    words: dict[ResponseAct, str] = {
        ResponseAct.DECIDED: _("Decide on it"),
        ResponseAct.DECLINED: _("Decline it"),
        ResponseAct.STARTED: _("Start it"),
        ResponseAct.REPORTED: _("Say how far it is"),
        ResponseAct.DONE: _("It is done"),
        ResponseAct.ABANDONED: _("Abandon it"),
        ResponseAct.CHANGED: _("Change owner or day"),
    }
    return words[act]
