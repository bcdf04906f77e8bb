"""Has anything changed since a page was made?

Every transaction that changes something raises a number as its last act, so a page that was made at the same numbers
says the same. There is a number for each of four realms, because what many do all day long must not make every page
old: drafts and what is sent for review change a few counts, sign-ins and saved views change what one person sees. And
what hardly ever changes, the catalogue, the method and the rules, need not be asked for again with each observation.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, column, event, text
from sqlalchemy.engine.interfaces import DBAPICursor

from tracker.storage.prepared import Prepared

CATALOGUE, CONTENT, DESK, PEOPLE = "catalogue", "content", "desk", "people"

# Whatever is not named here is content: a new table makes pages old rather than wrong.
_REALMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("cells", "codings"), (DESK,)),
    **dict.fromkeys(("sign_ins", "visits", "own_countries", "saved_views"), (PEOPLE,)),
    **dict.fromkeys(("catalogue_versions", "criteria", "indicators", "countries", "groups"), (CATALOGUE, CONTENT)),
    **dict.fromkeys(("method_versions", "rule_versions"), (CATALOGUE, CONTENT)),
    # a group's members are somebody's scope, and names stand on pages
    "group_members": (CATALOGUE, CONTENT, PEOPLE),
    # and pages say who answers for which country
    **dict.fromkeys(("people", "person_roles", "scope_countries", "scope_groups"), (CONTENT, PEOPLE)),
    # no page that is kept shows any of these
    **dict.fromkeys(("job_runs", "outgoing_mails", "audit_entries", "parked_forms", "imports", "data_versions"), ()),
    **dict.fromkeys(("subscriptions", "urgent_wishes", "refused_addresses"), ()),
    **dict.fromkeys(("deliveries", "delivery_events", "delivery_messages", "feeds", "webhooks", "outgoing_calls"), ()),
    **dict.fromkeys(("sign_in_attempts", "one_time_links", "recovery_codes", "passkeys"), ()),
}
_CHANGING = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_NUMBERS = "SELECT realm, number FROM data_versions"
_ASKING = Prepared(lambda _dialect: text(_NUMBERS).columns(column("realm"), column("number")))
_RAISING = Prepared(lambda _dialect: text("UPDATE data_versions SET number = number + 1 WHERE realm = :realm"))
_NOTICED = "realms changed by this transaction"


@dataclass(frozen=True)
class Numbers:
    catalogue: int
    content: int
    desk: int
    people: int


def watch(engine: Engine) -> None:
    """Nobody who writes has to think of it."""
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _notice)


def numbers(connection: Connection) -> Numbers:
    return _numbers(_ASKING.rows_by(connection, {}))


def number_of_catalogue(connection: Connection) -> int | None:
    """None: this transaction changes the catalogue, and what comes of it has no number yet."""
    return None if CATALOGUE in connection.info.get(_NOTICED, ()) else numbers(connection).catalogue


def numbers_by(cursor: DBAPICursor) -> Numbers:
    """By the driver itself."""
    cursor.execute(_NUMBERS)
    return _numbers(cursor.fetchall())


def _numbers(rows: Iterable[Any]) -> Numbers:
    found = dict(rows)
    return Numbers(found[CATALOGUE], found[CONTENT], found[DESK], found[PEOPLE])


def raise_changed(connection: Connection) -> None:
    """Last in its transaction, and always in the same order: two who commit at once wait for one another, and not both
    for ever."""
    for realm in sorted(connection.info.pop(_NOTICED, ())):
        _RAISING.change_by(connection, {"realm": realm})


def realms_of(statement: str) -> tuple[str, ...]:
    """Those in which something changes by a statement; none: it only reads, or no page shows what it changes."""
    found = _CHANGING.match(statement)
    return _REALMS.get(found.group(1), (CONTENT,)) if found else ()


def _begin(connection: Connection) -> None:
    connection.info[_NOTICED] = set()


def _notice(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
    # every question passes here: most are told apart by one letter
    if statement[:1] not in "Ss":
        connection.info.setdefault(_NOTICED, set()).update(realms_of(statement))
