"""What the demonstration shares with a neighbour."""

from datetime import datetime

import pytest

from tracker.actions.bundles.kept import file_of
from tracker.actions.sealing import SIGNING, Seal
from tracker.bundle import BundleDirection
from tracker.demo.loading import load_demo
from tracker.exchange.bundles import refuse_broken, unsealed
from tracker.handling import Mark
from tracker.storage import bundles
from tracker.storage.answering import answering
from tracker.storage.base import Database, Session


def test_a_neighbour_is_known_by_its_key_and_what_it_told_is_shown_as_theirs(looking: Session) -> None:
    [neighbour] = bundles.partners(looking)
    handed = bundles.bundles(looking, None, Mark.GREEN)
    assert [(one.bundle.direction, one.bundle.entered_at is not None) for one in handed] == [
        (BundleDirection.RECEIVED, False),
        (BundleDirection.RECEIVED, True),
    ]
    assert {one.partner for one in handed} == {neighbour.name}
    assert len(answering(looking, "XAB", Mark.GREEN).statements) == 2


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_an_installation_that_can_keep_a_key_has_made_a_bundle(empty_database: Database, now: datetime) -> None:
    with empty_database.writing() as session:
        load_demo(session, now=now, seal=Seal("a secret", SIGNING))
        [made, *_received] = bundles.bundles(session, None, Mark.GREEN)
        file = file_of(session, made.bundle.id)
    refuse_broken(unsealed(file))
    assert unsealed(file).contents().highest is Mark.GREEN
