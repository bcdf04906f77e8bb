"""Which sources the rows of a file mean by the names that they give."""

from collections.abc import Iterable

from tracker.actions.codings.reviewing import UNGRADED, source_key
from tracker.storage import desk_sources, imports
from tracker.storage.base import Session
from tracker.text import one_line

LONGEST_SOURCE = 300


class NamedSources:
    def __init__(self, session: Session, names: Iterable[str]) -> None:
        self._session = session
        self._keys = {name: source_key(name) for name in names}
        self._known = imports.sources_named(session, [*self._keys, *self._keys.values()])

    def known(self, name: str) -> int | None:
        """By its name or key, however it is spaced and capitalised. None: nobody has named it before."""
        return self._known.get(name) or self._known.get(self._keys[name])

    def known_or_made(self, name: str) -> int:
        """Made as the first answer that names it would make it; nobody has graded it."""
        found = self.known(name)
        if found is None:
            found = self._known[name] = self._made(name)
        return found

    def _made(self, name: str) -> int:
        reliability, credibility = UNGRADED
        columns = {
            "key": self._keys[name],
            "name": one_line(name, LONGEST_SOURCE),
            "publisher": "",
            "url": None,
            "licence": "",
            "attribution": "",
            "reliability": reliability,
            "credibility": credibility,
        }
        return desk_sources.known_or_made(self._session, columns)
