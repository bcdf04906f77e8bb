"""What was done about measures, in words: for the ledger of one, and for the timeline of its situation."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.handling import Mark
from tracker.response import ResponseAct
from tracker.storage.responding import Response, ResponseEvent
from tracker.web.situations.timeline import Told
from tracker.web.words import day


def told_of(event: ResponseEvent, people: Mapping[int, str], title: str = "") -> Told:
    """`title`: of the measure, where several are told of; empty: it is clear which."""
    sentence = _sentence(event, people)
    if title:
        sentence = str(_("Measure “%(title)s”. %(words)s", title=title, words=sentence))
    return Told(event.at, people.get(event.by_id, ""), sentence, event.words, Mark(event.handling).label)


def people_in(found: Iterable[Response], events: Iterable[ResponseEvent]) -> set[int]:
    """Whom they mention, by number."""
    numbers: set[int | None] = {one.owner_id for one in found}
    for event in events:
        numbers |= {event.by_id, *event.details.get("owner_id", {}).values()}
    return {number for number in numbers if number is not None}


def _sentence(event: ResponseEvent, people: Mapping[int, str]) -> str:
    details = event.details
    who = {"name": details.get("decided_by", "")}
    words: dict[ResponseAct, str] = {
        ResponseAct.PROPOSED: _("Proposed."),
        ResponseAct.CHANGED: _("Changed."),
        ResponseAct.DECIDED: _("Decided: %(name)s.", **who),
        ResponseAct.DECLINED: _("Declined: %(name)s.", **who),
        ResponseAct.STARTED: _("Under way."),
        ResponseAct.REPORTED: _("Report."),
        ResponseAct.DONE: _("Done."),
        ResponseAct.ABANDONED: _("Abandoned."),
    }
    return " ".join([words[event.act], *_changes(details, people)])


def _changes(details: Mapping[str, Any], people: Mapping[int, str]) -> list[str]:
    found = []
    for name, sentence in (("owner", _("Owner: %(to)s.")), ("organisation", _("Organisation: %(to)s."))):
        if name in details:
            found.append(sentence % {"to": details[name]["after"] or _("nobody")})
    if "owner_id" in details:
        follower = details["owner_id"]["after"]
        found.append(_("Followed up by: %(to)s.", to=people.get(follower, "") if follower else _("nobody")))
    due = details.get("due_on")
    if isinstance(due, str):
        found.append(_("To be decided by %(day)s.", day=day(date.fromisoformat(due))))
    elif due and due["after"]:
        found.append(_("Due by %(day)s.", day=day(date.fromisoformat(due["after"]))))
    return [str(sentence) for sentence in found]
