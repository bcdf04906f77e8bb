"""Who is asking? A signed cookie carries the key of a sign-in; the sign-in itself is a row that can be ended.

The cookie also says when it was last used: a sign-in that has been idle is not honoured, and reading a page writes
nothing to the database.
"""

from datetime import datetime, timedelta
from typing import cast

from flask import current_app, g, request, session

from tracker.access import Principal
from tracker.actions.sign_ins import key_hash_of
from tracker.storage import data_versions, principals
from tracker.storage.data_versions import Numbers
from tracker.storage.principals import SignedIn
from tracker.web.clock import now
from tracker.web.database import reading

IDLE = timedelta(minutes=30)
# The cookie is renewed at most this often, so that most answers carry none.
RENEW_AFTER = timedelta(minutes=1)
MOST_REMEMBERED = 1000


def signed_in() -> SignedIn | None:
    """The person behind this request, looked up once per request."""
    if "signed_in" not in g:
        g.signed_in = _look_up(now())
    return cast(SignedIn | None, g.signed_in)


def principal() -> Principal | None:
    found = signed_in()
    return found.principal if found else None


def reader() -> SignedIn:
    """Where the guard lets nobody in who is not signed in."""
    found = signed_in()
    assert found is not None, "the guard lets nobody in here who is not signed in"
    return found


def asker() -> Principal:
    """The same person, as far as roles, scope and clearance go."""
    return reader().principal


def data_numbers() -> Numbers:
    """Those of the data, asked once per request, before anything else is read."""
    if "data_numbers" not in g:
        g.data_numbers = data_versions.numbers(reading().connection())
    return cast(Numbers, g.data_numbers)


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
    found = _behind(key_hash_of(key), moment)
    # a page that was left open asks by HEAD whether it is still right: nobody need be sitting there
    if found and idle > RENEW_AFTER.total_seconds() and request.method != "HEAD":
        session["seen"] = moment.timestamp()
    return found


def _behind(key_hash: str, moment: datetime) -> SignedIn | None:
    """Read anew when anything has changed about people and what they may see, and else remembered."""
    remembered: dict[str, tuple[int, SignedIn]] = current_app.extensions.setdefault("signed_in", {})
    number = data_numbers().people
    at, found = remembered.get(key_hash, (0, None))
    if found is None or at != number:
        found = principals.signed_in(reading(), key_hash, now=moment)
        if found is None:
            return None
        if len(remembered) >= MOST_REMEMBERED:
            remembered.clear()
        remembered[key_hash] = number, found
    return found if moment < found.expires_at else None
