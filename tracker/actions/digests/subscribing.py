"""Who gets which digest: people for themselves, administrators for others, who can leave whatever they were given."""

from datetime import date, datetime
from typing import Any

from tracker.access import Principal, Right
from tracker.actions import audit
from tracker.actions.people.access import NobodyThere, UnknownPlace
from tracker.period import LONGEST_PERIOD
from tracker.refusal import N_, NotThere, OutOfTurn
from tracker.storage import catalogue, deliveries, people, subscriptions, webhooks
from tracker.storage.base import Session
from tracker.storage.mailing import Subscription, UrgentWish
from tracker.subscription import (
    MOST_OF_ONE_PERSON,
    Interest,
    QuietHours,
    SubscriptionUnfit,
    Wanted,
    is_paused,
    next_due_at,
    refuse_unfit,
)


class NoSuchSubscription(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such digest of yours."))


class SubscriptionChanged(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("This digest was changed since you opened the form. Look at it again, then save."))


class PauseIsOver(SubscriptionUnfit):
    def __init__(self) -> None:
        super().__init__(N_("Choose a day to come on which it begins again."))


def subscribe(session: Session, person_id: int, wanted: Wanted, *, by: Principal, now: datetime) -> Subscription:
    """The first one tells what is new from now on."""
    _refuse_stranger(person_id, by)
    if people.by_id(session, person_id) is None:
        raise NobodyThere
    _refuse_unfit(session, wanted, how_many=subscriptions.how_many_of(session, person_id))
    made = Subscription(person_id=person_id, created_at=now, created_by=by.person_id)
    _take_over(made, wanted)
    made.planned_until, made.next_due_at = now, next_due_at(wanted.timetable, now, None)
    session.add(made)
    session.flush()
    _record(session, "digest subscribed", made, by=by.person_id, now=now, after=_recorded(made))
    return made


def change(
    session: Session, subscription_id: int, wanted: Wanted, *, seen: int, by: Principal, now: datetime
) -> Subscription:
    """`seen` is the version that the form was made with. What fell due earlier by the new timetable stays past."""
    found = held(session, subscription_id, by=by)
    if found.version != seen:
        raise SubscriptionChanged
    _refuse_unfit(session, wanted, how_many=subscriptions.how_many_of(session, found.person_id) - 1)
    before = _recorded(found)
    _take_over(found, wanted)
    _begin_anew(session, found, now=now)
    session.flush()
    if _recorded(found) != before:
        _record(session, "digest changed", found, by=by.person_id, now=now, before=before, after=_recorded(found))
    return found


def pause(session: Session, subscription_id: int, until: date, *, by: Principal, now: datetime) -> None:
    """It comes again from that day on, by the clocks of its zone, and then tells all that was new meanwhile."""
    found = held(session, subscription_id, by=by)
    timetable = subscriptions.timetable_of(found)
    if not is_paused(timetable, now, until):
        raise PauseIsOver
    before = found.paused_until
    found.paused_until = until
    _begin_anew(session, found, now=now)
    session.flush()
    _record_pause(session, "digest paused", found, before, by=by, now=now)


def resume(session: Session, subscription_id: int, *, by: Principal, now: datetime) -> None:
    found = held(session, subscription_id, by=by)
    before = found.paused_until
    if before is None:
        return
    found.paused_until = None
    _begin_anew(session, found, now=now)
    session.flush()
    _record_pause(session, "digest resumed", found, before, by=by, now=now)


def end(session: Session, subscription_id: int, *, by: Principal, now: datetime) -> None:
    """What was sent stays readable. The same once more changes nothing."""
    found = subscriptions.locked(session, subscription_id)
    if found is None or not _may_change(found.person_id, by):
        raise NoSuchSubscription
    stop(session, found, by=by.person_id, now=now)


def take_up_again(session: Session, subscription_id: int, *, by: Principal, now: datetime) -> Subscription:
    """The way back from its end; the next one tells what was new meanwhile. Of one that goes on nothing changes."""
    found = subscriptions.locked(session, subscription_id)
    if found is None or not _may_change(found.person_id, by):
        raise NoSuchSubscription
    if found.ended_at is None:
        return found
    if subscriptions.how_many_of(session, found.person_id) >= MOST_OF_ONE_PERSON:
        raise SubscriptionUnfit(N_("%(most)s digests for one person are enough."), most=MOST_OF_ONE_PERSON)
    # first: what it asks for writes down what was changed before, and one that goes on must have its next day
    _begin_anew(session, found, now=now)
    found.ended_at = None
    session.flush()
    _record(session, "digest taken up again", found, by=by.person_id, now=now)
    return found


def stop(session: Session, found: Subscription, *, by: int | None, now: datetime, reason: str | None = None) -> None:
    """Whoever asks has been asked for their right to it."""
    if found.ended_at is not None:
        return
    found.ended_at, found.next_due_at = now, None
    session.flush()
    _record(session, "digest ended", found, by=by, now=now, before={"ended": False}, after={"ended": True}, why=reason)


def want_urgent(
    session: Session, person_id: int, quiet: QuietHours | None, *, by: Principal, now: datetime
) -> UrgentWish:
    """Told at once of what cannot wait. None: at any hour."""
    _refuse_stranger(person_id, by)
    wish = subscriptions.locked_urgent_wish(session, person_id)
    if wish is None:
        wish = UrgentWish(person_id=person_id, since=now)
        session.add(wish)
    wish.quiet_from, wish.quiet_until = (quiet.start, quiet.end) if quiet else (None, None)
    session.flush()
    hours = {"quiet_from": str(wish.quiet_from or ""), "quiet_until": str(wish.quiet_until or "")}
    audit.record(session, "urgent notices wanted", f"person {person_id}", by=by.person_id, now=now, after=hours)
    return wish


def end_urgent(session: Session, person_id: int, *, by: Principal, now: datetime) -> None:
    _refuse_stranger(person_id, by)
    stop_urgent(session, person_id, by=by.person_id, now=now)


def stop_urgent(session: Session, person_id: int, *, by: int | None, now: datetime, reason: str | None = None) -> None:
    """Whoever asks has been asked for their right to it. The same once more changes nothing."""
    wish = subscriptions.locked_urgent_wish(session, person_id)
    if wish is None:
        return
    session.delete(wish)
    session.flush()
    audit.record(session, "urgent notices ended", f"person {person_id}", by=by, now=now, reason=reason)


def held(session: Session, subscription_id: int, *, by: Principal) -> Subscription:
    """One that still comes, nobody else's to change until the transaction ends."""
    found = subscriptions.locked(session, subscription_id)
    if found is None or found.ended_at is not None or not _may_change(found.person_id, by):
        raise NoSuchSubscription
    return found


def _may_change(person_id: int, by: Principal) -> bool:
    return person_id == by.person_id or by.may(Right.MANAGE_PEOPLE)


def _refuse_stranger(person_id: int, by: Principal) -> None:
    if not _may_change(person_id, by):
        raise NobodyThere


def _refuse_unfit(session: Session, wanted: Wanted, *, how_many: int) -> None:
    refuse_unfit(wanted, how_many=how_many)
    unknown = people.unknown_places(session, wanted.interest.countries, wanted.interest.groups)
    if unknown:
        raise UnknownPlace(unknown)
    if wanted.interest.criteria - {criterion.key for criterion in catalogue.all_criteria(session)}:
        raise SubscriptionUnfit(N_("Choose criteria from the list."))


def _take_over(row: Subscription, wanted: Wanted) -> None:
    timetable = wanted.timetable
    row.name, row.language = " ".join(wanted.name.split()), wanted.language
    row.cadence, row.time_of_day, row.zone = timetable.cadence, timetable.at, timetable.zone
    row.weekday, row.month_day = timetable.weekday, timetable.month_day
    row.interest = wanted.interest.as_kept()
    row.also_when_nothing_is_new = wanted.also_when_nothing_is_new


def _begin_anew(session: Session, row: Subscription, *, now: datetime) -> None:
    """What fell due before that stays past. A call that waits for the end of a pause is looked at again."""
    told = deliveries.periods_since(session, row.id, now - LONGEST_PERIOD)
    webhooks.look_again(session, row.id, now=now)
    timetable = subscriptions.timetable_of(row)
    row.planned_until, row.next_due_at = now, next_due_at(timetable, now, row.paused_until, told)


def _recorded(row: Subscription) -> dict[str, Any]:
    """As the audit log keeps it."""
    return {
        "name": row.name,
        "cadence": row.cadence,
        "at": row.time_of_day.strftime("%H:%M"),
        "zone": row.zone,
        "weekday": row.weekday,
        "month_day": row.month_day,
        "language": row.language,
        "also_when_nothing_is_new": row.also_when_nothing_is_new,
        **Interest.from_kept(row.interest).as_kept(),
    }


def _record_pause(
    session: Session, action: str, found: Subscription, before: date | None, *, by: Principal, now: datetime
) -> None:
    was, is_now = ({"paused_until": day.isoformat() if day else None} for day in (before, found.paused_until))
    _record(session, action, found, by=by.person_id, now=now, before=was, after=is_now)


def _record(
    session: Session,
    action: str,
    found: Subscription,
    *,
    by: int | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    why: str | None = None,
) -> None:
    subject = f"subscription {found.id}"
    audit.record(session, action, subject, by=by, now=now, before=before, after=after, reason=why)
