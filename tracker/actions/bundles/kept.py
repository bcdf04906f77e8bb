"""Bundles that were made or brought, whole, for whoever may know every word of them."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.access import Principal
from tracker.bundle import Contents, Shared
from tracker.exchange.bundles import unsealed
from tracker.handling import Mark
from tracker.refusal import N_, NotThere, OutOfTurn
from tracker.storage import bundles
from tracker.storage.base import Session
from tracker.storage.sharing import Bundle


class MarkedHigherSince(OutOfTurn):
    def __init__(self, number: int) -> None:
        super().__init__(
            N_(
                "Since it was made, %(number)s of its observations got a mark that forbids it: it leaves no more. "
                "Make another, and tell whoever has this one."
            ),
            number=number,
        )


class NoSuchBundle(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such bundle."))


def file_of(session: Session, bundle_id: int) -> bytes:
    """As it left, or as it came, byte for byte."""
    return zlib.decompress(bundles.content_of(session, bundle_id))


@dataclass(frozen=True)
class AsItLeft:
    """What left, for whoever looks at it now."""

    # Without what has got a mark since that is above their clearance.
    shown: tuple[Shared, ...]
    # How many observations have got a mark since that forbids them to leave in it.
    risen: int
    # How many were withdrawn since, and may be told to whoever has it: a further bundle does.
    withdrawn: int


def as_it_left(session: Session, row: Bundle, by: Principal) -> AsItLeft:
    contents = contents_of(session, row.id)
    now_is, ceiling = _marks_now(session, contents), Mark(row.summary["ceiling"])
    unchanged = bundles.MarkNow(Mark.CLEAR, withdrawn=False)
    told = [(one, now_is.get((one.country, one.indicator, one.day), unchanged)) for one in contents.observations]
    hidden = {id(one) for one, now in told if now.handling > by.clearance}
    return AsItLeft(
        shown=tuple(one for one in contents.rows if id(one) not in hidden),
        risen=sum(now.handling > ceiling for _one, now in told),
        withdrawn=sum(now.withdrawn and now.handling <= ceiling for _one, now in told),
    )


def file_to_send(session: Session, row: Bundle, by: Principal) -> bytes:
    """As it was signed, byte for byte; unless something in it has got a mark since that forbids it to leave."""
    left = as_it_left(session, row, by)
    if left.risen:
        raise MarkedHigherSince(left.risen)
    return file_of(session, row.id)


def _marks_now(session: Session, contents: Contents) -> Mapping[tuple[str, str, date], bundles.MarkNow]:
    rows = contents.observations
    if not rows:
        return {}
    since, until = min(one.day for one in rows), max(one.day for one in rows)
    return bundles.as_marked_now(session, {one.country for one in rows}, since=since, until=until)


def contents_of(session: Session, bundle_id: int) -> Contents:
    return unsealed(file_of(session, bundle_id)).contents()


def visible(session: Session, bundle_id: int, by: Principal) -> bundles.Listed:
    found = bundles.bundle(session, bundle_id, by.scope, by.clearance)
    if found is None:
        raise NoSuchBundle
    return found


def subject_of(row: Bundle) -> str:
    return f"bundle {row.id}"
