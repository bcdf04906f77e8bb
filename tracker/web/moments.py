"""The day that a page is asked for, in its address, and what the page says about it."""

from flask import g, request

from tracker.moment import Moment, moment_asked_for
from tracker.refusal import Refusal
from tracker.web.clock import now


def moment() -> Moment:
    """Of this request: `as_of` and `known_on` in the address; today where neither stands there."""
    if "moment" not in g:
        g.moment = moment_asked_for(request.args.get("as_of", ""), request.args.get("known_on", ""), now())
    found: Moment = g.moment
    return found


def not_shown() -> Moment | None:
    """A past day that the address asks for and the page, made by now, has not looked at. None: there is none."""
    asked = request.args.get("as_of", ""), request.args.get("known_on", "")
    if not any(asked) or "moment" in g:
        return None
    try:
        found = moment_asked_for(*asked, now())
    except Refusal:
        return None
    return None if found.is_now else found


def of_today() -> Moment:
    """Of pages that show no other day."""
    return moment_asked_for("", "", now())


def file_name(subject: str, kind: str, of: Moment, mark: str = "") -> str:
    """What it is about, of which day, and as known on which if that is past."""
    known = "" if of.is_now else f"-known-{of.known_on.isoformat()}"
    return f"{subject}-{of.day.isoformat()}{known}{mark and '-'}{mark.removeprefix('TLP:')}.{kind}"
