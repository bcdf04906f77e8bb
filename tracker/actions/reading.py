"""What a reader keeps for themselves: how far they have read, countries of their own, and views under names."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from tracker.refusal import N_, NotThere, Refusal
from tracker.storage import countries, own_things
from tracker.storage.base import Session
from tracker.storage.readers import SavedView, Visit

LONGEST_NAME = 80
LONGEST_ADDRESS = 2000
MOST_VIEWS = 50


class NoSuchView(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such view of yours."))


class NoName(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Give the view a name."))


class NameTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("A name has at most %(most)s characters."), most=LONGEST_NAME)


class NotOurs(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Only a page of this product can be kept as a view."))


class TooManyViews(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("You have %(most)s views already. Remove one that you no longer need."), most=MOST_VIEWS)


def begin_visit(session: Session, person_id: int, *, last_visit_on: datetime | None) -> None:
    """What happened after what they saw last is new. Whoever left no trace of reading is told all since they came."""
    visit = own_things.visit_of(session, person_id)
    if visit is None:
        session.add(Visit(person_id=person_id, new_since=last_visit_on))
    elif visit.seen_until is not None:
        visit.new_since = visit.seen_until
    elif visit.new_since is None:
        # on their first visit they left no trace
        visit.new_since = last_visit_on


def have_seen(session: Session, person_id: int, until: datetime, *, now: datetime) -> None:
    """Up to then everything was on a page in front of them: the next visit begins there."""
    visit = _visit(session, person_id)
    if visit.seen_until is None or visit.seen_until < until <= now:
        visit.seen_until = min(until, now)


def nothing_is_new(session: Session, person_id: int, until: datetime, *, now: datetime) -> datetime | None:
    """They have dealt with all that happened up to then. Since when it was new, so that it can be undone."""
    visit = _visit(session, person_id)
    before = visit.new_since
    # by a page that was left open since: what was dealt with later stays dealt with
    visit.new_since = min(until if before is None else max(before, until), now)
    have_seen(session, person_id, until, now=now)
    return before


def new_again_since(session: Session, person_id: int, since: datetime, *, now: datetime) -> None:
    """The way back."""
    _visit(session, person_id).new_since = min(since, now)


def call_own(session: Session, person_id: int, iso3: str, is_own: bool) -> None:
    """Doing it twice changes nothing."""
    choose_own(session, person_id, {iso3} if is_own else set(), among={iso3})


def choose_own(session: Session, person_id: int, wanted: Collection[str], *, among: Collection[str]) -> None:
    """Of those among which was chosen the wanted ones are theirs and the others are not; any other stays as it is."""
    if not countries.are_all_there(session, among):
        raise NotThere(N_("There is no such country."))
    own_things.choose_countries(session, person_id, wanted, among=among)


def save_view(session: Session, person_id: int, name: str, address: str, *, is_start: bool) -> SavedView:
    """Under a name that is there already, it replaces what was saved."""
    name = " ".join(name.split())
    _refuse_unfit(name, address)
    view = own_things.view_named(session, person_id, name)
    if view is None:
        if own_things.how_many_views(session, person_id) >= MOST_VIEWS:
            raise TooManyViews
        view = SavedView(person_id=person_id, name=name, address=address, is_start=False)
        session.add(view)
    view.address = address
    if is_start:
        _start_with(session, view)
    session.flush()
    return view


def start_with(session: Session, person_id: int, view_id: int | None) -> None:
    """None: at the dashboard, as everybody does."""
    if view_id is None:
        own_things.no_start(session, person_id)
    else:
        _start_with(session, _own_view(session, person_id, view_id))


def remove_view(session: Session, person_id: int, view_id: int) -> tuple[str, str]:
    """Its name and address, so that it can be saved again."""
    view = _own_view(session, person_id, view_id)
    session.delete(view)
    return view.name, view.address


def _start_with(session: Session, view: SavedView) -> None:
    own_things.no_start(session, view.person_id)
    session.flush()
    view.is_start = True


def _own_view(session: Session, person_id: int, view_id: int) -> SavedView:
    view = own_things.view_of(session, person_id, view_id)
    if view is None:
        raise NoSuchView
    return view


def _refuse_unfit(name: str, address: str) -> None:
    if not name:
        raise NoName
    if len(name) > LONGEST_NAME:
        raise NameTooLong
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    if not is_ours or "\\" in address or len(address) > LONGEST_ADDRESS:
        raise NotOurs


def _visit(session: Session, person_id: int) -> Visit:
    visit = own_things.visit_of(session, person_id)
    if visit is None:
        visit = Visit(person_id=person_id)
        session.add(visit)
    return visit
