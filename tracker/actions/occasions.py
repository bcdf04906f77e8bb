"""Writing down days to come, changing them, calling them off, and taking that back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.concluding import judge_one
from tracker.actions.setting_off import countries_to_look_at
from tracker.actions.situations.keeping import hold, refuse_mark
from tracker.handling import Mark
from tracker.occasion import Draft, OccasionKind, Place, is_alike, refuse_unfit
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.storage import audit_entries, countries, occasions
from tracker.storage.base import Session
from tracker.storage.conclusions import Occasion
from tracker.storage.occasions import as_draft


class NoSuchOccasion(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such occasion."))


class NotYours(Refusal):
    """It may set off flags in countries that do not exist for them."""

    def __init__(self) -> None:
        super().__init__(N_("Only somebody who works on every country that it concerns can enter or change it."))


class AlikeThere(Refusal):
    def __init__(self, name: str, day: date) -> None:
        super().__init__(
            N_("Something like it is entered already: “%(name)s”, %(day)s. If this is another, say so below."),
            name=name,
            day=day,
        )


class OccasionChanged(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(
            N_("Somebody changed it since you opened this page. Look at how it stands now, and send yours again.")
        )


class CalledOff(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("It is called off. Bring it back before you change it."))


def enter(
    session: Session,
    iso3: str,
    kind: OccasionKind,
    name: str,
    day: date,
    *,
    handling: Mark,
    by: Principal,
    now: datetime,
) -> Occasion:
    """The usual case: of one country, and once."""
    return write_in(session, Draft(kind, name, day, iso3), handling=handling, by=by, now=now)


def write_in(
    session: Session, draft: Draft, *, handling: Mark, by: Principal, now: datetime, is_another: bool = True
) -> Occasion:
    """`is_another`: somebody has looked at what is entered already, or knows."""
    refuse_draft(session, draft, handling=handling, by=by, today=now.date())
    audit_entries.locked_head(session)
    if not is_another and (other := alike(session, draft, by, now.date())):
        raise AlikeThere(other.name, other.next_day(now.date()) or other.day)
    occasion = _written(session, draft, handling=handling, by=by, now=now)
    _judge(session, [draft], now=now)
    return occasion


def write_in_all(
    session: Session, marked: Iterable[tuple[Draft, Mark]], *, by: Principal, now: datetime
) -> list[Occasion]:
    """All of them or none, each with its mark; what follows from them is found out once."""
    marked = list(marked)
    drafts = [draft for draft, _handling in marked]
    for place in {place_of(draft): draft for draft in drafts}.values():
        refuse_place(session, place, by)
    for draft, handling in marked:
        refuse_words(draft, handling=handling, by=by, today=now.date())
    audit_entries.locked_head(session)
    written = [_written(session, draft, handling=handling, by=by, now=now) for draft, handling in marked]
    _judge(session, drafts, now=now)
    return written


def change(
    session: Session, occasion_id: int, draft: Draft, *, handling: Mark, seen: int, by: Principal, now: datetime
) -> Occasion:
    """What it says, and when it comes; where it is stays. `seen`: the version that the form was made with."""
    occasion = _held(session, occasion_id, by)
    change_all(session, [Change(occasion, draft, handling, seen)], by=by, now=now)
    return occasion


@dataclass(frozen=True)
class Change:
    occasion: Occasion
    draft: Draft
    handling: Mark
    # The version of which it is a change.
    seen: int


def change_all(session: Session, wanted: Iterable[Change], *, by: Principal, now: datetime) -> None:
    """All of them or none; what follows from them is found out once."""
    judged, numbers = list[Draft](), list[int]()
    for one in wanted:
        found = _take(session, one, by=by, now=now)
        if found:
            judged += found
            numbers.append(one.occasion.id)
    if numbers:
        _judge(session, judged, numbers, now=now)


def _take(session: Session, wanted: Change, *, by: Principal, now: datetime) -> tuple[Draft, ...]:
    """What it said and what it says; nothing where it was sent twice, or somebody else wrote it in the same words."""
    occasion, handling = _held(session, wanted.occasion.id, by), wanted.handling
    if occasion.removed:
        raise CalledOff
    before, marked = as_draft(occasion), Mark(occasion.handling)
    draft = replace(wanted.draft, iso3=before.iso3, group_key=before.group_key, uid=before.uid)
    # a form says nothing of single days: those that its rule still has stay left out
    draft = draft.without(draft.left_out if draft.left_out is not None else before.left_out or ())
    if (draft, handling) == (before, marked):
        return ()
    if occasion.version != wanted.seen:
        raise OccasionChanged
    # of what is over everything may still be mended but its day
    is_moved = _days_of(draft) != _days_of(before)
    today = now.date() if is_moved else min(now.date(), before.day)
    refuse_words(draft, handling=handling, by=by, today=today)
    occasion.kind, occasion.name, occasion.day = draft.kind, draft.name, draft.day
    occasion.every_months, occasion.until, occasion.left_out = draft.every_months, draft.until, _kept(draft)
    occasion.note, occasion.link, occasion.handling = draft.note, draft.link or None, int(handling)
    session.flush()
    told, after = _when(before, marked), _when(draft, handling) | _rewritten(before, draft)
    subject = _subject_of(occasion)
    audit.record(session, "occasion changed", subject, by=by.person_id, now=now, before=told, after=after)
    return before, draft


def call_off(session: Session, occasion_id: int, *, by: Principal, now: datetime) -> None:
    call_off_all(session, [occasion_id], by=by, now=now)


def call_off_all(session: Session, occasion_ids: Iterable[int], *, by: Principal, now: datetime) -> None:
    """They set nothing off any more. Once more changes nothing."""
    _stand(session, occasion_ids, "occasion called off", stands=False, by=by, now=now)


def bring_back(session: Session, occasion_id: int, *, by: Principal, now: datetime) -> None:
    """It was called off by mistake, or comes after all. Once more changes nothing."""
    _stand(session, [occasion_id], "occasion brought back", stands=True, by=by, now=now)


def alike(session: Session, draft: Draft, by: Principal, today: date) -> Draft | None:
    """What may be the same, among what they may know of. None: there is nothing."""
    others = (as_draft(one) for one in occasions.of_places(session, [draft], by.clearance, today))
    return next((other for other in others if is_alike(draft, other, today)), None)


def may_change(session: Session, one: Draft | Occasion, by: Principal) -> bool:
    if by.scope is None:
        return True
    if one.iso3 is not None:
        return by.reaches(one.iso3)
    return one.group_key is not None and set(occasions.members_of(session, one.group_key)) <= by.scope


def _stand(
    session: Session, occasion_ids: Iterable[int], action: str, *, stands: bool, by: Principal, now: datetime
) -> None:
    turned = list[Occasion]()
    for occasion_id in occasion_ids:
        occasion = _held(session, occasion_id, by)
        if occasion.removed is stands:
            occasion.removed, occasion.removed_at = not stands, None if stands else now
            session.flush()
            audit.record(session, action, _subject_of(occasion), by=by.person_id, now=now)
            turned.append(occasion)
    if turned:
        _judge(session, [as_draft(one) for one in turned], [one.id for one in turned], now=now)


def _held(session: Session, occasion_id: int, by: Principal) -> Occasion:
    """The log comes first, as for whoever records evidence and concludes from it."""
    audit_entries.locked_head(session)
    occasion = occasions.locked(session, occasion_id)
    if occasion is None or occasions.seen(session, occasion_id, by.scope, by.clearance) is None:
        raise NoSuchOccasion
    if not may_change(session, occasion, by):
        raise NotYours
    return occasion


def refuse_draft(session: Session, draft: Draft, *, handling: Mark, by: Principal, today: date) -> None:
    """What nobody can enter, and what they cannot."""
    refuse_words(draft, handling=handling, by=by, today=today)
    refuse_place(session, draft, by)


def refuse_words(draft: Draft, *, handling: Mark, by: Principal, today: date) -> None:
    refuse_unfit(draft, today)
    refuse_mark(handling, by)


def refuse_place(session: Session, draft: Draft, by: Principal) -> None:
    if draft.iso3 is not None and (not by.reaches(draft.iso3) or countries.country(session, draft.iso3) is None):
        raise NotThere(N_("There is no such country."))
    if draft.group_key is not None and not occasions.members_of(session, draft.group_key):
        raise NotThere(N_("There is no such group of countries."))
    if not may_change(session, draft, by):
        raise NotYours


def place_of(draft: Draft) -> Place:
    return draft.iso3, draft.group_key


def _written(session: Session, draft: Draft, *, handling: Mark, by: Principal, now: datetime) -> Occasion:
    occasion = Occasion(
        iso3=draft.iso3,
        group_key=draft.group_key,
        kind=draft.kind,
        name=draft.name,
        day=draft.day,
        every_months=draft.every_months,
        until=draft.until,
        left_out=_kept(draft),
        note=draft.note,
        link=draft.link or None,
        uid=draft.uid or None,
        handling=handling,
        entered_by=by.person_id,
        entered_at=now,
        removed=False,
    )
    session.add(occasion)
    session.flush()
    audit.record(session, "occasion entered", _subject_of(occasion), by=by.person_id, now=now)
    return occasion


def _judge(session: Session, drafts: Iterable[Draft], numbers: Collection[int] = (), *, now: datetime) -> None:
    """`numbers`: of those of them that were there before, and may have set off something."""
    iso3s = countries_to_look_at(session, drafts, numbers, now.date())
    hold(session, iso3s)
    for iso3 in sorted(iso3s):
        judge_one(session, iso3, now=now)


def _when(one: Draft, handling: Mark) -> dict[str, Any]:
    """What the log keeps of it: when it comes and who may know, never what it is."""
    until = one.until.isoformat() if one.until else None
    told = {"day": one.day.isoformat(), "every_months": one.every_months, "until": until}
    left_out = {"left_out": _kept(one)} if one.left_out else {}
    return {**told, **left_out, "kind": one.kind.value, "handling": int(handling)}


def _days_of(one: Draft) -> tuple[Any, ...]:
    return one.day, one.every_months, one.until, one.left_out


def _kept(one: Draft) -> str:
    """Which of its days are left out, as the table has them."""
    return " ".join(day.isoformat() for day in one.left_out or ())


def _rewritten(before: Draft, after: Draft) -> dict[str, Any]:
    """Which words are others."""
    names = [name for name in ("name", "note", "link") if getattr(before, name) != getattr(after, name)]
    return {"rewritten": names} if names else {}


def _subject_of(occasion: Occasion) -> str:
    """What the audit log calls it: where and when, never what it is."""
    place = occasion.iso3 or occasion.group_key or "world"
    return f"occasion {occasion.id}: {place} {occasion.day.isoformat()}"
