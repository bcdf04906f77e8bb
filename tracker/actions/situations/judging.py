"""A second look at what raised a flag: it is confirmed, or discarded with a reason."""

from datetime import datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.situations.keeping import held, said, subject_of, write_down
from tracker.refusal import N_, NotThere, OutOfTurn
from tracker.situation import NotNext, SituationAct, SituationState, Verdict
from tracker.storage import flags
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, Situation
from tracker.storage.flags import SeenFlag

# Before somebody took it up, and after it was closed, nobody gives verdicts.
NOT_JUDGED_IN = (SituationState.NEW, SituationState.CLOSED)


class NoSuchFlag(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such flag."))


class FlagChanged(OutOfTurn):
    """What the flag says, or what was found, changed since the form was opened."""

    def __init__(self) -> None:
        super().__init__(N_("The flag was changed since you opened this. Look at what it says now, and send it again."))


class FlagOver(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("This flag is not open any more: there is nothing to verify."))


class ConfirmedAlready(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("This flag is confirmed already."))


def shown_of(one: SeenFlag) -> str:
    """What a form carries, so that nobody judges what they have not seen."""
    return f"{one.said.id}-{one.flag.verdict or ''}"


def judge(
    session: Session,
    situation_id: int,
    flag_id: int,
    verdict: Verdict,
    *,
    words: str = "",
    shown: str,
    by: Principal,
    now: datetime,
) -> SeenFlag:
    """The verdict binds all who see the flag. Discarding closes it: it stays quiet for a while."""
    situation, one = held_flag(session, situation_id, flag_id, by)
    if situation.state in NOT_JUDGED_IN:
        raise NotNext(situation.state)
    if not one.is_open:
        raise FlagOver
    if shown_of(one) != shown:
        raise FlagChanged
    if one.flag.verdict is verdict:
        raise ConfirmedAlready
    is_discarded = verdict is Verdict.DISCARDED
    words = said(words, is_needed=is_discarded)
    _settle(one.flag, verdict, words, by=by, now=now)
    act = SituationAct.FLAG_DISCARDED if is_discarded else SituationAct.FLAG_CONFIRMED
    details, mark = {"flag": flag_id}, one.lowest_mark
    write_down(session, situation, act, details, by=by.person_id, now=now, handling=mark, words=words)
    after = {"flag": flag_id, "verdict": verdict}
    audit.record(session, f"flag {verdict}", subject_of(situation), by=by.person_id, now=now, after=after)
    return one


def held_flag(session: Session, situation_id: int, flag_id: int, by: Principal) -> tuple[Situation, SeenFlag]:
    """With its situation; nobody else's to change until the transaction ends."""
    situation = held(session, situation_id, by)
    flag = flags.locked(session, flag_id)
    one = flags.seen(session, flag, by.clearance) if flag and flag.situation_id == situation.id else None
    if one is None:
        raise NoSuchFlag
    return situation, one


def _settle(flag: Flag, verdict: Verdict, words: str, *, by: Principal, now: datetime) -> None:
    flag.verdict, flag.verdict_by, flag.verdict_at, flag.verdict_reason = verdict, by.person_id, now, words
    if verdict is Verdict.DISCARDED:
        flag.closed_at = now
