"""A part of a country that goes its own way; back again it goes by closing (see `moving`)."""

from collections.abc import Collection
from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.situations.gathering import open_situation
from tracker.actions.situations.keeping import held, subject_of, write_down
from tracker.refusal import N_, Refusal
from tracker.situation import LONGEST_PART, NotNext, SituationAct, SituationState
from tracker.storage import flags, situations
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation


class PartUnnamed(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Name the part, such as a region or a city."))


class PartNameTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Enter at most %(longest)s characters."), longest=LONGEST_PART)


class PartTaken(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose another name: this one cannot be used now."))


class SomeGoSomeStay(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose which flags go along: at least one, and not all of them."))


def split(
    session: Session,
    situation_id: int,
    part: str,
    flag_ids: Collection[int],
    *,
    seen: int,
    by: Principal,
    now: datetime,
) -> Situation:
    """The part begins anew, with the flags that go along; it is known to whoever knows of one of them."""
    situation = held(session, situation_id, by, seen=seen)
    if situation.state is SituationState.CLOSED:
        raise NotNext(situation.state)
    _refuse_name(session, situation.iso3, part)
    here = flags.in_situation(session, situation.id, by.clearance)
    going = [one for one in here if one.flag.id in flag_ids]
    if not going or len(going) < len(set(flag_ids)) or len(going) == len(here):
        raise SomeGoSomeStay
    handling = max(situation.handling, min(one.lowest_mark for one in going))
    another = open_situation(session, situation.iso3, part=part, handling=handling, by=by.person_id, now=now)
    another.split_from = situation.id
    for gone in going:
        gone.flag.situation_id = another.id
    by_id = by.person_id
    for one, other in ((situation, another), (another, situation)):
        details = {"part": part, "situation": other.id}
        write_down(session, one, SituationAct.SPLIT, details, by=by_id, now=now, handling=handling)
    audit.record(session, "situation split", subject_of(situation), by=by_id, now=now, after={"into": another.id})
    return another


def _refuse_name(session: Session, iso3: str, part: str) -> None:
    if not part:
        raise PartUnnamed
    if len(part) > LONGEST_PART:
        raise PartNameTooLong
    if situations.open_in(session, iso3, part) is not None:
        raise PartTaken
