"""A second look at what raised a flag: it is confirmed, or discarded with a reason."""

from collections.abc import Mapping
from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.situations.keeping import held, said, subject_of, write_down
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.situation import NotNext, SituationAct, SituationState, Verdict
from tracker.storage import flags
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.flags import SeenFlag

# Before somebody took it up, and after it was closed, nobody gives verdicts.
NOT_JUDGED_IN = (SituationState.NEW, SituationState.CLOSED)


class NoSuchFlag(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such flag."))


class NothingChosen(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Nothing is ticked: tick the flags that you mean, and choose again."))


class FlagChanged(OutOfTurn):
    """What the flag says, or what was found, changed since the form was opened."""

    def __init__(self) -> None:
        super().__init__(N_("A flag was changed since you opened this. Look at what it says now, and send it again."))


class FlagOver(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("A flag is not open any more: there is nothing to verify."))


class ConfirmedAlready(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("A flag is confirmed already."))


def shown_of(one: SeenFlag) -> str:
    """What a form carries, so that nobody judges what they have not seen."""
    return f"{one.said.id}-{one.flag.verdict or ''}"


def judge(
    session: Session,
    situation_id: int,
    chosen: Mapping[int, str],
    verdict: Verdict,
    *,
    words: str = "",
    by: Principal,
    now: datetime,
) -> None:
    """The same verdict on each of them, or none on any: `chosen` says of each what the reviewer had seen of it.

    It binds all who see the flag. Discarding closes it: it stays quiet for a while.
    """
    if not chosen:
        raise NothingChosen
    situation = held(session, situation_id, by)
    if situation.state in NOT_JUDGED_IN:
        raise NotNext(situation.state)
    words = said(words, is_needed=verdict is Verdict.DISCARDED)
    found = [_held_flag(session, situation, flag_id, by) for flag_id in sorted(chosen)]
    if not all(one.is_open for one in found):
        raise FlagOver
    if any(shown_of(one) != chosen[one.flag.id] for one in found):
        raise FlagChanged
    if any(one.flag.verdict is verdict for one in found):
        raise ConfirmedAlready
    for one in found:
        _settle(session, situation, one, verdict, words, by=by, now=now)


def held_flag(session: Session, situation_id: int, flag_id: int, by: Principal) -> tuple[Situation, SeenFlag]:
    """With its situation; nobody else's to change until the transaction ends."""
    situation = held(session, situation_id, by)
    return situation, _held_flag(session, situation, flag_id, by)


def _held_flag(session: Session, situation: Situation, flag_id: int, by: Principal) -> SeenFlag:
    flag = flags.locked(session, flag_id)
    one = flags.seen(session, flag, by.clearance) if flag and flag.situation_id == situation.id else None
    if one is None:
        raise NoSuchFlag
    return one


def _settle(
    session: Session, situation: Situation, one: SeenFlag, verdict: Verdict, words: str, *, by: Principal, now: datetime
) -> None:
    flag, is_discarded = one.flag, verdict is Verdict.DISCARDED
    flag.verdict, flag.verdict_by, flag.verdict_at, flag.verdict_reason = verdict, by.person_id, now, words
    if is_discarded:
        flag.closed_at = now
    act = SituationAct.FLAG_DISCARDED if is_discarded else SituationAct.FLAG_CONFIRMED
    details, mark = {"flag": flag.id}, one.lowest_mark
    write_down(session, situation, act, details, by=by.person_id, now=now, handling=mark, words=words)
    after = {"flag": flag.id, "verdict": verdict}
    audit.record(session, f"flag {verdict}", subject_of(situation), by=by.person_id, now=now, after=after)
