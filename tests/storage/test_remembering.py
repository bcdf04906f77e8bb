"""What seldom changes is read once, and read again when it has changed."""

from collections.abc import Callable

import pytest

from tracker.storage import countries
from tracker.storage.base import REMEMBERED, Database, Session
from tracker.storage.remembering import by_catalogue


class Reader:
    """Counts how often it was asked."""

    times = 0

    def __call__(self, session: Session) -> frozenset[str]:
        self.times += 1
        return countries.watched(session)


def watch(session: Session, iso3: str, is_watched: bool) -> None:
    country = countries.country(session, iso3)
    assert country is not None
    country.watched = is_watched


def asked(database: Database, reader: Reader, act: Callable[[Session], None] = lambda _session: None) -> frozenset[str]:
    with database.writing() as session:
        act(session)
        return by_catalogue(session, "watched", reader)


def test_it_is_read_once(database: Database) -> None:
    reader = Reader()
    assert "MLI" in asked(database, reader) & asked(database, reader)
    assert reader.times == 1


def test_what_has_changed_is_read_again_also_by_whoever_changes_it(database: Database) -> None:
    reader = Reader()
    assert "MLI" in asked(database, reader)
    assert "MLI" not in asked(database, reader, lambda session: watch(session, "MLI", False))
    assert "MLI" not in asked(database, reader)


def test_what_was_changed_and_taken_back_leaves_no_trace(database: Database) -> None:
    reader = Reader()

    def watch_and_fail(session: Session) -> None:
        watch(session, "MLI", False)
        assert "MLI" not in by_catalogue(session, "watched", reader)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked(database, reader, watch_and_fail)
    assert "MLI" in asked(database, reader)


def test_another_database_at_the_same_address_is_read_for_itself(database: Database) -> None:
    reader = Reader()
    asked(database, reader)
    database.dispose()
    asked(database, reader)
    assert reader.times == 2


class Overtaking(dict[str, tuple[int, frozenset[str]]]):
    """Somebody slower puts what they read earlier in the place of whatever is put here."""

    def __setitem__(self, name: str, kept: tuple[int, frozenset[str]]) -> None:
        super().__setitem__(name, (kept[0] - 1, frozenset()))


def test_whoever_is_overtaken_by_somebody_slower_gets_what_they_read_themselves(database: Database) -> None:
    reader = Reader()
    with database.writing() as session:
        session.info[REMEMBERED] = Overtaking()
        assert "MLI" in by_catalogue(session, "watched", reader)
        assert "MLI" in by_catalogue(session, "watched", reader)
    assert reader.times == 2
