"""Who is asking? A signed cookie carries the key of a sign-in; the sign-in itself is a row that can be ended.

The cookie also says when it was last used: a sign-in that has been idle is not honoured, and reading a page writes
nothing to the database.
"""

from datetime import datetime, timedelta
from typing import cast

from flask import g, session

from tracker.access import Principal
from tracker.actions.sign_ins import key_hash_of
from tracker.storage import principals
from tracker.storage.principals import SignedIn
from tracker.web.clock import now
from tracker.web.database import reading

IDLE = timedelta(minutes=30)
# The cookie is renewed at most this often, so that most answers carry none.
RENEW_AFTER = timedelta(minutes=1)


def signed_in() -> SignedIn | None:
    """The person behind this request, looked up once per request."""
    if "signed_in" not in g:
        g.signed_in = _look_up(now())
    return cast(SignedIn | None, g.signed_in)


def principal() -> Principal | None:
    found = signed_in()
    return found.principal if found else None


def known() -> SignedIn | None:
    """The same, but only if it was looked up already: error pages must not ask a database that is away."""
    return cast(SignedIn | None, g.get("signed_in"))


def begin(key: str) -> None:
    """From now on the browser holds this key. Whatever it held before is forgotten, its CSRF token too."""
    session.clear()
    session["key"] = key
    session["seen"] = now().timestamp()
    g.pop("signed_in", None)


def forget() -> None:
    session.clear()
    g.pop("signed_in", None)


def _look_up(moment: datetime) -> SignedIn | None:
    key, seen = session.get("key"), session.get("seen")
    if not isinstance(key, str) or not isinstance(seen, (int, float)):
        return None
    idle = moment.timestamp() - seen
    if idle > IDLE.total_seconds():
        return None
    found = principals.signed_in(reading(), key_hash_of(key), moment)
    if found and idle > RENEW_AFTER.total_seconds():
        session["seen"] = moment.timestamp()
    return found
