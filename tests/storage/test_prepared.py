"""What goes to the driver itself is answered as SQLAlchemy would answer it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Select, bindparam, insert, select, update

from tests import factories, situations
from tests.questions import listening
from tracker.coding import CodingState
from tracker.storage import flag_states
from tracker.storage.admitting import Person
from tracker.storage.base import Conflict, Database, RowRefused, Session
from tracker.storage.conclusions import Flag, FlagEvent
from tracker.storage.prepared import Prepared
from tracker.storage.recording import Coding
from tracker.storage.watching import Country

CHOSEN = Prepared(lambda _engine: _chosen())


def _chosen() -> Select[str, bool]:
    return select(Country.iso3, Country.watched).where(Country.iso3.in_(bindparam("chosen", expanding=True)))


def test_values_are_read_and_written_by_the_types_of_their_columns(session: Session, now: datetime) -> None:
    author = factories.person(session, created_at=now)
    coding = factories.coding(session, author, indicator="independence_of_courts", value=3, day=now.date(), now=now)
    situations.raised(session, now=now)
    columns = (Coding.observed_on, Coding.state, Coding.submitted_at, Coding.unknown, Coding.value, Coding.settled_at)
    of_coding = Prepared(lambda _engine: select(*columns).where(Coding.id == bindparam("id")))
    said = Prepared(lambda _engine: select(FlagEvent.explanation).where(FlagEvent.at >= bindparam("since")))

    [row] = of_coding.rows(session, {"id": coding.id})

    assert row == tuple(session.execute(select(*columns).where(Coding.id == coding.id)).one())
    assert row[1] is CodingState.SUBMITTED
    assert said.rows(session, {"since": now})[0] == (session.scalar(select(FlagEvent.explanation)),)
    assert said.rows(session, {"since": now + timedelta(seconds=1)}) == []


@pytest.mark.parametrize("chosen", [["MLI"], ["MLI", "NER"], [], ["MLI", "NER", "BFA"]])
def test_lists_of_every_length_are_handed_over(session: Session, chosen: list[str]) -> None:
    for _again in range(2):
        assert sorted(CHOSEN.rows(session, {"chosen": chosen})) == [(iso3, True) for iso3 in sorted(chosen)]


def test_who_listens_hears_of_it_and_pages_grow_old(database: Database) -> None:
    leaving = Prepared(lambda _engine: update(Country).where(Country.iso3 == bindparam("one")).values(watched=False))
    before = database.numbers()
    with listening(database) as said, database.writing() as session:
        CHOSEN.rows(session, {"chosen": ["MLI"]})
        leaving.change_each(session, [{"one": "MLI"}, {"one": "NER"}])

    after = database.numbers()
    assert [one.split()[0] for one in said if "countries" in one] == ["SELECT", "UPDATE"]
    assert before is not None
    assert after is not None
    assert after.content > before.content


def test_what_the_driver_refuses_is_refused_as_ever(session: Session, now: datetime) -> None:
    person = factories.person(session, created_at=now)
    again = Prepared(lambda _engine: insert(Person.__table__), columns=("id",))  # type: ignore[arg-type]

    with pytest.raises(RowRefused), session.begin_nested():
        again.change(session, {"id": person.id})


def test_a_flag_that_somebody_changed_meanwhile_is_not_overwritten(session: Session, now: datetime) -> None:
    flag, _situation = situations.raised(session, now=now)
    [seen] = [past.flag for past in flag_states.of_country(session, flag.iso3, ended_since=now).values()]
    flag.closed_at = now
    session.flush()

    with pytest.raises(Conflict):
        flag_states.keep(session, seen)
    session.expire_all()
    assert session.get_one(Flag, flag.id).closed_at == now
