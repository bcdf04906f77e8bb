"""The same name is the same source, whoever was quicker to give it."""

from tests import factories
from tests.importing import Desk
from tracker.actions.codings.reviewing import source_key
from tracker.actions.imports.sources import NamedSources


def test_a_source_that_somebody_else_made_meanwhile_is_not_made_again(desk: Desk) -> None:
    with desk.database.writing() as session:
        sources = NamedSources(session, ["A  clerk"])
        assert sources.known("A  clerk") is None
        other = factories.source(session, name="A clerk", key=source_key("a clerk"))
        assert sources.known_or_made("A  clerk") == sources.known("A  clerk") == other.id


def test_a_source_is_known_by_its_name_and_by_its_key(desk: Desk) -> None:
    with desk.database.writing() as session:
        other = factories.source(session, name="A clerk", key="clerk")
        sources = NamedSources(session, ["A clerk", "clerk", "a CLERK"])
        assert [sources.known(name) for name in ("A clerk", "clerk", "a CLERK")] == [other.id, other.id, None]
