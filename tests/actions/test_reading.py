"""How far somebody has read, which countries they call their own, and which views they keep."""

from datetime import datetime, timedelta

import pytest

from tests import factories
from tracker.actions import reading, sign_ins
from tracker.actions.reading import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST_VIEWS,
    NameTooLong,
    NoName,
    NoSuchView,
    NotOurs,
    TooManyViews,
    call_own,
    have_seen,
    new_again_since,
    nothing_is_new,
    remove_view,
    save_view,
    start_with,
)
from tracker.refusal import NotThere
from tracker.storage import own_things
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.storage.own_things import Own, View
from tracker.storage.readers import Visit

HOUR = timedelta(hours=1)


@pytest.fixture
def ana(session: Session, now: datetime) -> Person:
    return factories.person(session, name="Ana", created_at=now - 100 * HOUR)


@pytest.fixture
def ben(session: Session, now: datetime) -> Person:
    return factories.person(session, name="Ben", created_at=now - 100 * HOUR)


def signs_in(session: Session, person: Person, at: datetime) -> None:
    sign_ins.start(session, person, address="192.0.2.7", browser="Firefox", now=at)


def visit(session: Session, person: Person) -> Visit:
    found = own_things.visit_of(session, person.id)
    assert found is not None
    return found


def own(session: Session, person: Person) -> Own:
    session.flush()
    return own_things.of_person(session, person.id, None)


def views(session: Session, person: Person) -> list[tuple[str, str, bool]]:
    return [(view.name, view.address, view.is_start) for view in own(session, person).views]


def saved(session: Session, person: Person, name: str, address: str = "/?group=ecowas", is_start: bool = False) -> int:
    return save_view(session, person.id, name, address, is_start=is_start).id


# Visits


def test_on_a_first_visit_nothing_is_new(session: Session, ana: Person, now: datetime) -> None:
    signs_in(session, ana, now)

    assert (visit(session, ana).new_since, visit(session, ana).seen_until) == (None, None)


def test_whoever_was_here_before_visits_were_kept_is_told_all_since_they_last_came(
    session: Session, ana: Person, now: datetime
) -> None:
    for hours in (50, 20):
        factories.sign_in(session, ana, now=now - hours * HOUR)
    signs_in(session, ana, now)

    assert visit(session, ana).new_since == now - 20 * HOUR


def test_a_visit_begins_where_the_reading_before_it_ended(session: Session, ana: Person, now: datetime) -> None:
    signs_in(session, ana, now - 9 * HOUR)
    have_seen(session, ana.id, now - 8 * HOUR, now=now - 7 * HOUR)
    assert visit(session, ana).new_since is None, "what is new stays new for as long as the visit lasts"

    signs_in(session, ana, now)

    assert visit(session, ana).new_since == now - 8 * HOUR


def test_a_visit_on_which_nothing_was_read_takes_nothing_off_the_news(
    session: Session, ana: Person, now: datetime
) -> None:
    signs_in(session, ana, now - 9 * HOUR)
    have_seen(session, ana.id, now - 9 * HOUR, now=now - 9 * HOUR)
    signs_in(session, ana, now - 5 * HOUR)
    signs_in(session, ana, now)

    assert visit(session, ana).new_since == now - 9 * HOUR


def test_whoever_left_no_trace_on_their_first_visit_is_told_all_since_then(
    session: Session, ana: Person, now: datetime
) -> None:
    for hours in (50, 20, 0):
        signs_in(session, ana, now - hours * HOUR)

    assert visit(session, ana).new_since == now - 50 * HOUR


@pytest.mark.parametrize(
    ("until", "expected"),
    [(-2, -1), (-1, -1), (-0.5, -0.5), (0, 0), (0.5, -1)],
    ids=["before", "the same", "after", "now", "to come"],
)
def test_how_far_somebody_has_read_goes_neither_back_nor_into_the_future(
    session: Session, ana: Person, now: datetime, until: float, expected: float
) -> None:
    have_seen(session, ana.id, now - HOUR, now=now)
    have_seen(session, ana.id, now + until * HOUR, now=now)

    assert visit(session, ana).seen_until == now + expected * HOUR


def test_nor_does_it_begin_in_the_future(session: Session, ana: Person, now: datetime) -> None:
    have_seen(session, ana.id, now + HOUR, now=now)

    assert visit(session, ana).seen_until == now


def test_nobody_reads_for_somebody_else(session: Session, ana: Person, ben: Person, now: datetime) -> None:
    have_seen(session, ana.id, now, now=now)

    assert own_things.visit_of(session, ben.id) is None


def test_that_all_was_dealt_with_can_be_undone(session: Session, ana: Person, now: datetime) -> None:
    session.add(Visit(person_id=ana.id, new_since=now - 9 * HOUR))

    before = nothing_is_new(session, ana.id, now - HOUR, now=now)

    assert before == now - 9 * HOUR
    assert (visit(session, ana).new_since, visit(session, ana).seen_until) == (now - HOUR, now - HOUR)
    new_again_since(session, ana.id, before, now=now)
    assert visit(session, ana).new_since == now - 9 * HOUR


def test_an_old_page_on_which_all_was_dealt_with_makes_nothing_new_again(
    session: Session, ana: Person, now: datetime
) -> None:
    session.add(Visit(person_id=ana.id, new_since=now - HOUR))
    nothing_is_new(session, ana.id, now - 9 * HOUR, now=now)

    assert visit(session, ana).new_since == now - HOUR


def test_what_is_still_to_come_cannot_have_been_dealt_with(session: Session, ana: Person, now: datetime) -> None:
    nothing_is_new(session, ana.id, now + HOUR, now=now)
    assert visit(session, ana).new_since == now

    new_again_since(session, ana.id, now + HOUR, now=now)
    assert visit(session, ana).new_since == now


# Countries


def test_a_country_is_called_ones_own_once_and_no_more(session: Session, ana: Person, ben: Person) -> None:
    for iso3 in ("MLI", "NER", "MLI"):
        call_own(session, ana.id, iso3, True)
    assert own(session, ana).countries == {"MLI", "NER"}

    for iso3 in ("NER", "NER", "TCD"):
        call_own(session, ana.id, iso3, False)
    assert own(session, ana).countries == {"MLI"}
    assert own(session, ben).countries == set()


@pytest.mark.parametrize("is_own", [True, False])
def test_only_a_country_can_be_called_ones_own(session: Session, ana: Person, is_own: bool) -> None:
    with pytest.raises(NotThere):
        call_own(session, ana.id, "XXX", is_own)


# Views


def test_views_stand_in_the_order_of_their_names(session: Session, ana: Person) -> None:
    saved(session, ana, "sahel")
    saved(session, ana, "  All  of\tthem ", "/?who=all")
    saved(session, ana, "Élections", "/calendar")

    assert views(session, ana) == [
        ("All of them", "/?who=all", False),
        ("Élections", "/calendar", False),
        ("sahel", "/?group=ecowas", False),
    ]


def test_a_view_of_the_same_name_replaces_what_was_saved(session: Session, ana: Person, ben: Person) -> None:
    saved(session, ben, "Mine")
    first = saved(session, ana, "Mine", is_start=True)

    assert saved(session, ana, " Mine ", "/?who=mine") == first
    assert views(session, ana) == [("Mine", "/?who=mine", True)], "one still begins there"
    assert views(session, ben) == [("Mine", "/?group=ecowas", False)]


def test_one_begins_with_one_view_at_most(session: Session, ana: Person, ben: Person) -> None:
    of_ben = saved(session, ben, "His", is_start=True)
    first, second = (saved(session, ana, name, is_start=True) for name in ("A", "B"))

    def begins(person: Person) -> View | None:
        return own(session, person).start

    assert begins(ana) == View(second, "B", "/?group=ecowas", True)
    start_with(session, ana.id, first)
    assert begins(ana) == View(first, "A", "/?group=ecowas", True)
    start_with(session, ana.id, None)
    assert begins(ana) is None
    assert begins(ben) == View(of_ben, "His", "/?group=ecowas", True)


def test_what_was_removed_is_handed_back_so_that_it_can_be_saved_again(session: Session, ana: Person) -> None:
    number = saved(session, ana, "A", is_start=True)

    assert remove_view(session, ana.id, number) == ("A", "/?group=ecowas")
    assert views(session, ana) == []


def test_views_of_others_are_not_there(session: Session, ana: Person, ben: Person) -> None:
    number = saved(session, ben, "His")

    with pytest.raises(NoSuchView):
        remove_view(session, ana.id, number)
    with pytest.raises(NoSuchView):
        start_with(session, ana.id, number)
    assert views(session, ben) == [("His", "/?group=ecowas", False)]


def test_a_name_has_letters_and_no_end_of_them(session: Session, ana: Person) -> None:
    for blank in ("", " \t "):
        with pytest.raises(NoName):
            saved(session, ana, blank)
    with pytest.raises(NameTooLong):
        saved(session, ana, "x" * (LONGEST_NAME + 1))
    saved(session, ana, "x" * LONGEST_NAME)
    assert len(views(session, ana)) == 1


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "countries",
            "?who=all",
            "https://example.org/",
            "//example.org",
            "/\\example.org",
            "javascript:alert(1)",
        ),
        "/?" + "x" * (LONGEST_ADDRESS - 1),
    ],
)
def test_only_an_address_of_ours_is_kept(session: Session, ana: Person, address: str) -> None:
    with pytest.raises(NotOurs):
        saved(session, ana, "A", address)
    assert views(session, ana) == []


def test_the_longest_address_is_kept(session: Session, ana: Person) -> None:
    address = "/?" + "x" * (LONGEST_ADDRESS - 2)
    saved(session, ana, "A", address)

    assert views(session, ana) == [("A", address, False)]


def test_nobody_keeps_more_views_than_they_can_look_through(session: Session, ana: Person, ben: Person) -> None:
    saved(session, ben, "His")
    for number in range(MOST_VIEWS):
        saved(session, ana, f"View {number}")
    with pytest.raises(TooManyViews):
        saved(session, ana, "One more")

    saved(session, ana, "View 7", "/calendar")
    assert len(views(session, ana)) == reading.MOST_VIEWS
