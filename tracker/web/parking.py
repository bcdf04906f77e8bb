"""What somebody had typed and not sent is kept, and is there again once they are back.

Of a session that was merely idle or too old nothing is saved in anybody's name, because it proves no longer who sits
there: the form is put aside, sealed, for the person whose session it was, and only they get it back, by signing in.
Whoever leaves a form about a situation for another page finds it again in the same way (static/unsent.js).
"""

import json

from flask import current_app, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tracker.actions.sealing import Unreadable
from tracker.actions.sign_ins import key_hash_of
from tracker.storage import parked_forms
from tracker.storage.base import Session
from tracker.web.clock import now
from tracker.web.database import transaction
from tracker.web.installation import seal

# The pages that somebody may leave before they have sent what they typed there.
LEFT = {
    "situations.situation",
    "situations.raise_flag",
    *(f"situation_acts.{act}" for act in ("assess", "assign", "clear", "close", "disagree", "move", "note", "split")),
    *(
        f"response_acts.{act}"
        for act in ("propose", "decide", "decline", "start", "report", "done", "abandon", "change")
    ),
    *(f"network_acts.{act}" for act in ("appoint", "change", "end", "invite")),
    *(f"assistance.{act}" for act in ("ask", "settle", "withdraw")),
    *(f"practice.{act}" for act in ("write", "tell", "change", "withdraw", "put_back")),
}
# What takes forms that hold more than can be typed again.
_DAYS = {"occasions.enter", "calendar.enter", "calendar.change", "council_acts.enter", "consistency.note"}
_REVIEW = {"review.settle", "review.settle_anywhere"}
PARKED = LEFT - {"situations.situation"} | {"enter.save", "situation_acts.verdicts", "unsent.keep"} | _DAYS | _REVIEW
LONGEST_ADDRESS = 200
# What says nothing of what was typed.
_BESIDE = ("csrf_token", "address", "blank")


def park() -> bool:
    """Called for a form that was sent without a valid session. True: it waits for its writer."""
    key, address = session.get("key"), page_of_form()
    if request.endpoint not in PARKED or request.method != "POST" or not isinstance(key, str) or not address:
        return False
    with transaction() as writing:
        person_id = parked_forms.whose(writing, key_hash_of(key))
        if person_id is None:
            return False
        keep(writing, person_id, address)
    return True


def keep(writing: Session, person_id: int, address: str) -> None:
    """The form that was sent, for its writer alone."""
    fields = {name: request.form.getlist(name) for name in request.form if name not in _BESIDE}
    sealed = seal().close(json.dumps(fields), now=now())
    parked_forms.keep(writing, person_id, address, sealed, now=now())


def page_of_form() -> str:
    """On which page the form stands that was sent; empty: on none whose form is kept."""
    if request.endpoint == "enter.save":
        return request.full_path.rstrip("?")[:LONGEST_ADDRESS]
    if request.endpoint == "situation_acts.verdicts":
        return str(url_for("situations.situation", **request.view_args or {}))
    if request.endpoint == "unsent.keep":
        return _page_that_is_left(request.form.get("address", ""))
    return request.path[:LONGEST_ADDRESS]


def parked(reading: Session, person_id: int, address: str) -> MultiDict[str, str]:
    """What waits for that person on that page; empty: nothing."""
    kept = parked_forms.kept(reading, person_id, address)
    if kept is None:
        return MultiDict()
    try:
        return MultiDict(json.loads(seal().open(kept)))
    except Unreadable:  # the installation's secret was changed meanwhile
        return MultiDict()


def unpark(writing: Session, person_id: int, address: str) -> None:
    parked_forms.remove(writing, person_id, address)


def _page_that_is_left(address: str) -> str:
    """Empty: there is no such page, or it keeps nothing."""
    adapter = current_app.url_map.bind("localhost")
    try:
        endpoint, _values = adapter.match(address, method="GET")
    except HTTPException:
        return ""
    return address if endpoint in LEFT and len(address) <= LONGEST_ADDRESS else ""
