"""What changes with the catalogue, the method and the rules alone is read once, for all who write."""

from collections.abc import Callable
from typing import Any, TypeVar

from tracker.storage import data_versions
from tracker.storage.base import REMEMBERED, Session

What = TypeVar("What")


def by_catalogue(session: Session, name: str, read: Callable[[Session], What]) -> What:
    """What was read under that name, while the number of the catalogue is the same; otherwise it is read again."""
    session.flush()  # what waits in the mapper may change it
    remembered: dict[str, tuple[int, Any]] | None = session.info.get(REMEMBERED)
    number = None if remembered is None else data_versions.number_of_catalogue(session.connection())
    if remembered is None or number is None:
        return read(session)
    kept = remembered.get(name)
    if kept is None or kept[0] != number:
        # one that was slower may put what it read earlier in its place: that is told by its number to whoever is next
        remembered[name] = kept = number, read(session)
    found: What = kept[1]
    return found
