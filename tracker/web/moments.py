"""The day that a page is asked for, in its address, and what the page says about it."""

from flask import g, request

from tracker.moment import Moment, moment_asked_for
from tracker.web.clock import now


def moment() -> Moment:
    """Of this request: `as_of` and `known_on` in the address; today where neither stands there."""
    if "moment" not in g:
        g.moment = moment_asked_for(request.args.get("as_of", ""), request.args.get("known_on", ""), now())
    found: Moment = g.moment
    return found


def file_name(subject: str, kind: str, mark: str = "") -> str:
    """What a file of this request is called: what it is about, of which day, and as known on which if it is past."""
    asked = moment()
    known = "" if asked.is_now else f"-known-{asked.known_on.isoformat()}"
    return f"{subject}-{asked.day.isoformat()}{known}{mark and '-'}{mark.removeprefix('TLP:')}.{kind}"
