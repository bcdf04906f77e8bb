"""What somebody had typed when their session was over is kept, and is there again once they are back.

A session that was merely idle or too old proves no longer who sits there, so nothing is saved in anybody's name: the
form is put aside, sealed, for the person whose session it was, and only they get it back, by signing in.
"""

import json

from flask import request, session

from tracker.actions.sealing import Unreadable
from tracker.actions.sign_ins import key_hash_of
from tracker.storage import parked_forms
from tracker.storage.base import Session
from tracker.web.clock import now
from tracker.web.database import transaction
from tracker.web.installation import seal

# The pages whose forms hold more than can be typed again.
PARKED = {
    "enter.save",
    "situations.raise_flag",
    *(f"situation_acts.{act}" for act in ("assess", "clear", "close", "disagree", "move", "note")),
}
LONGEST_ADDRESS = 200


def park() -> bool:
    """Called for a form that was sent without a valid session. True: it waits for its writer."""
    key = session.get("key")
    if request.endpoint not in PARKED or request.method != "POST" or not isinstance(key, str):
        return False
    fields = {name: text for name, text in request.form.items() if name != "csrf_token"}
    sealed = seal().close(json.dumps(fields), now=now())
    with transaction() as writing:
        person_id = parked_forms.whose(writing, key_hash_of(key))
        if person_id is None:
            return False
        parked_forms.keep(writing, person_id, request.full_path[:LONGEST_ADDRESS], sealed, now=now())
    return True


def parked(reading: Session, person_id: int, address: str) -> dict[str, str]:
    """What waits for that person on that page; empty: nothing."""
    kept = parked_forms.kept(reading, person_id, address)
    if kept is None:
        return {}
    try:
        fields = json.loads(seal().open(kept))
    except Unreadable:  # the installation's secret was changed meanwhile
        return {}
    return {str(name): str(text) for name, text in fields.items()}


def unpark(writing: Session, person_id: int, address: str) -> None:
    parked_forms.remove(writing, person_id, address)
