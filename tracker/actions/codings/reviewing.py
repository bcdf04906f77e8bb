"""The second person: accepting answers as evidence, returning them with a reason, settling between several."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.codings.writing import sees, subject_of
from tracker.actions.concluding import draw_conclusions
from tracker.answer import grade_in
from tracker.coding import CodingAct, CodingState
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.storage import accepting, catalogue, codings, desk_sources, revisions
from tracker.storage.accepting import Held
from tracker.storage.base import Session
from tracker.storage.recording import BatchKind
from tracker.storage.revisions import Observed, Revision
from tracker.storage.watching import Indicator
from tracker.text import one_line

# Of a source that nobody graded: reliability and truth cannot be judged.
UNGRADED = ("F", 6)
LONGEST_REASON = 4000
NO_SUCH_ANSWER = N_("There is no such answer to review.")


class OwnWork(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Nobody accepts their own answers: a second person looks at them."))


class SettledAlready(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("Some of these answers were settled or taken back meanwhile. Nothing was changed."))


class TwoOfOneCell(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Two answers to the same question cannot both be accepted: choose one of them."))


class DayTaken(OutOfTurn):
    """Another answer of that day stands already. It may be one that the reviewer must not know of: it is not named."""

    def __init__(self, question: str) -> None:
        super().__init__(
            N_("“%(question)s” cannot be accepted as things stand: return it, so that its author looks at it again."),
            question=question,
        )


class AnotherCameIn(OutOfTurn):
    def __init__(self) -> None:
        super().__init__(N_("Another answer to the same question came in meanwhile. Look at it, and then choose."))


class ObservationChanged(OutOfTurn):
    def __init__(self, day: date) -> None:
        super().__init__(
            N_(
                "The observation of %(day)s was changed after this was proposed. Nothing was changed now: return it, "
                "so that its author looks at it again."
            ),
            day=day,
        )


# By number, the version of each answer that the page showed.
Shown = Mapping[int, int]


def accept(
    session: Session, coding_ids: Collection[int], *, by: Principal, now: datetime, shown: Shown | None = None
) -> int:
    """They become observations. Other answers to the same cell are set aside, and kept as dissent.

    `shown` is all that the reviewer had before them: what they have not seen is neither accepted nor set aside.
    """
    chosen, rivals = _submitted(session, coding_ids, by)
    if shown is not None and any(shown.get(one.id) != one.cell_version for one in chosen):
        raise SettledAlready
    own = [one for one in chosen if one.author_id == by.person_id]
    if own and not codings.accepts_own(session):
        raise OwnWork
    if len({(one.cell.id, one.act, one.observed_on) for one in chosen}) < len(chosen):
        raise TwoOfOneCell
    histories = {one.id: _history(session, one) for one in chosen if one.act is not CodingAct.ANSWER}
    batches = []
    for source_id, together in _by_author_and_source(session, chosen, histories):
        batch = _batch(session, together[0], source_id, by=by.person_id, now=now)
        batches.append(batch)
        for coding in together:
            revision = _record(session, coding, batch, histories.get(coding.id, ()))
            _settle(session, coding, CodingState.ACCEPTED, "", revision, by=by.person_id, now=now)
    for coding in chosen:
        if coding.act is CodingAct.ANSWER:
            _set_others_aside(session, coding, rivals, shown, by=by, now=now)
    draw_conclusions(session, batches, now=now)
    return len(chosen)


def send_back(session: Session, coding_ids: Collection[int], reason: str, *, by: Principal, now: datetime) -> int:
    """To their authors, who see why and can change and submit them again."""
    reason = reason.strip()
    if not reason:
        raise Refusal(N_("Say why: whoever coded it has to know what to change."))
    if len(reason) > LONGEST_REASON:
        raise Refusal(N_("A reason has at most %(longest)s characters."), longest=LONGEST_REASON)
    chosen, _rivals = _submitted(session, coding_ids, by)
    for coding in chosen:
        _settle(session, coding, CodingState.RETURNED, reason, by=by.person_id, now=now)
    session.flush()
    return len(chosen)


def _submitted(session: Session, coding_ids: Collection[int], by: Principal) -> tuple[list[Held], Sequence[Held]]:
    """All of them, or none: a page that shows what is over changes nothing. And what waits for review beside them."""
    chosen, rivals = accepting.held_with_rivals(session, coding_ids)
    found = [
        one
        for one in chosen
        if sees(by, one) and by.reaches(one.cell.iso3) and _sees_what_it_is_about(session, by, one)
    ]
    if not coding_ids or len(found) < len(set(coding_ids)):
        raise NotThere(NO_SUCH_ANSWER)
    if any(one.state is not CodingState.SUBMITTED for one in found):
        raise SettledAlready
    return found, rivals


def _history(session: Session, coding: Held) -> Sequence[Revision]:
    """Of what it corrects or withdraws, the newest first; the newest must still be the one it is based on."""
    history = _revisions(session, coding)
    if history[0].number != coding.based_on:
        raise ObservationChanged(history[0].day)
    return history


def _sees_what_it_is_about(session: Session, reader: Principal, coding: Held) -> bool:
    """A correction may lower a mark; until it is accepted, the observation exists for those cleared for it alone."""
    return coding.act is CodingAct.ANSWER or _revisions(session, coding)[0].said.handling <= reader.clearance


def _revisions(session: Session, coding: Held) -> list[Revision]:
    assert coding.observed_on is not None, "what is submitted has a day"
    return revisions.revisions(session, Observed(coding.cell.iso3, coding.cell.indicator_id, coding.observed_on))


def _by_author_and_source(
    session: Session, chosen: Sequence[Held], histories: Mapping[int, Sequence[Revision]]
) -> Iterable[tuple[int, list[Held]]]:
    """One batch is one act of recording by one person from one source.

    Sources are made in one order: two people who make the same two in different orders would wait for each other.
    """
    together: dict[tuple[int, int, int | None], list[Held]] = defaultdict(list)
    for coding in sorted(chosen, key=lambda one: source_key(one.source)):
        source_id = _source_id(session, coding, histories.get(coding.id, ()))
        together[coding.author_id, source_id, coding.import_id].append(coding)
    return [(source_id, group) for (_, source_id, _), group in together.items()]


def _source_id(session: Session, coding: Held, history: Sequence[Revision]) -> int:
    """A correction that names no other source keeps that of the observation."""
    if history:
        kept = revisions.source_named(session, history[0].source_id)
        if not coding.source.strip() or source_key(coding.source) == source_key(kept):
            return history[0].source_id
    return _source_of(session, coding)


def _batch(session: Session, coding: Held, source_id: int, *, by: int, now: datetime) -> int:
    newest = catalogue.newest_number(session)
    assert newest is not None, "nothing can be coded before there is a catalogue"
    columns = {
        "kind": BatchKind.CODED,
        "source_id": source_id,
        "catalogue_version": newest,
        "recorded_by": coding.author_id,
        "recorded_at": now,
        "accepted_by": by,
        "import_id": coding.import_id,
    }
    return accepting.add_batch(session, columns)


def _source_of(session: Session, coding: Held) -> int:
    """The source by that name, made when it is first accepted."""
    reliability, credibility = grade_in(coding.grade) or (None, None)
    columns = {
        "key": source_key(coding.source),
        "name": one_line(coding.source, 300) or "No source",
        "publisher": "",
        "url": None,
        "licence": "",
        "attribution": "",
        "reliability": reliability or UNGRADED[0],
        "credibility": credibility or UNGRADED[1],
    }
    return desk_sources.known_or_made(session, columns)


def source_key(name: str) -> str:
    """The same however it is spaced and capitalised."""
    folded = " ".join(name.casefold().split())
    return "desk_" + hashlib.sha256(folded.encode()).hexdigest()[:40]


def _record(session: Session, coding: Held, batch: int, history: Sequence[Revision]) -> int:
    """As which revision. `history` is that of what it corrects or withdraws; empty for an answer."""
    cell, base = coding.cell, history[0] if history else None
    assert coding.observed_on is not None, "what is submitted has a day"
    newest = accepting.said_before(session, cell.iso3, cell.indicator_id, coding.observed_on)
    if coding.act is CodingAct.ANSWER and newest is not None and not newest.withdrawn:
        raise DayTaken(session.get_one(Indicator, cell.indicator_id).name)
    reliability, credibility = grade_in(coding.grade) or (None, None)
    link = base.said.evidence_url if base and revisions.keeps_link(coding, history) else coding.evidence_url
    # after the revision that was seen, so that the key refuses what came between
    revision = (base.number if base else newest.revision if newest else 0) + 1
    columns = {
        "observed_on": coding.observed_on,
        "iso3": cell.iso3,
        "indicator_id": cell.indicator_id,
        "revision": revision,
        "value": coding.value,
        "unknown": coding.unknown,
        # the publisher's error belongs to the publisher's value
        "standard_error": base.standard_error if base and base.said.value == coding.value else None,
        "reliability": reliability,
        "credibility": credibility,
        "handling": coding.handling,
        "attributable": coding.attributable,
        "note": coding.note or None,
        "evidence_url": link or None,
        "withdrawn": coding.act is CodingAct.WITHDRAWAL,
        "reason": coding.reason or None,
        "batch_id": batch,
    }
    accepting.add_observation(session, columns)
    return revision


def _set_others_aside(
    session: Session,
    accepted: Held,
    rivals: Sequence[Held],
    shown: Shown | None,
    *,
    by: Principal,
    now: datetime,
) -> None:
    """What the reviewer may not see is not theirs to settle: it waits for somebody who may."""
    for other in rivals:
        if (other.cell.id, other.observed_on) != (accepted.cell.id, accepted.observed_on) or not sees(by, other):
            continue
        if shown is not None and shown.get(other.id) != other.cell_version:
            raise AnotherCameIn
        _settle(session, other, CodingState.SET_ASIDE, "", by=by.person_id, now=now)


def _settle(
    session: Session,
    coding: Held,
    state: CodingState,
    why: str,
    revision: int | None = None,
    *,
    by: int,
    now: datetime,
) -> None:
    accepting.settle(session, coding, state, why, revision, by=by, now=now)
    done = {CodingState.ACCEPTED: "accepted", CodingState.RETURNED: "returned", CodingState.SET_ASIDE: "set aside"}
    action = f"{coding.act} {done[state]}"
    before, after = {"state": "submitted"}, {"state": str(state)}
    subject = subject_of(coding)
    audit.record(session, action, subject, by=by, now=now, before=before, after=after)
