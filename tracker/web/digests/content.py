"""What a digest tells one reader: gathered at the moment of making, from what they may see at that moment.

Everything here is values; how it is said is in words.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tracker.access import Principal, Right
from tracker.digest import DeliveryKind
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.news import Stood, Turn
from tracker.rule import Severity
from tracker.situation import is_overdue
from tracker.storage import assistance, audit_entries, news, observations, occasions, responses, situations
from tracker.storage.assistance import SeenRequest
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.news import StandingFlag
from tracker.storage.occasions import Occurrence
from tracker.storage.responding import AssistanceRequest, Response
from tracker.storage.responses import Listed
from tracker.storage.situations import Queued
from tracker.web.coverage.due_list import AHEAD as DUE_AHEAD
from tracker.web.coverage.due_list import due_answers
from tracker.web.digests.calls import call, call_at, told_calls
from tracker.web.digests.cases import Case, Late, Said, cases, said_of, step
from tracker.web.digests.flags import Turned, severities, severities_at, turned
from tracker.web.digests.measures import MeasureNews, measure_news, stood_at, stood_now
from tracker.web.digests.reach import Reach, Recipient, Span
from tracker.web.digests.scores import Lost, Move, ScoreNews, score_news
from tracker.web.flag_words import FlagNames, flag_names
from tracker.web.frame import Frame

# Nobody reads how many exactly.
MOST_COUNTED = 10_000

Marked = Occurrence | AssistanceRequest | Response


@dataclass(frozen=True)
class Due:
    """Answers that fell due since the last digest."""

    # By country, the most first.
    countries: Mapping[str, int] = field(default_factory=dict)
    # The reader may give them.
    is_own: bool = False

    @property
    def number(self) -> int:
        return sum(self.countries.values())


@dataclass(frozen=True)
class Digest:
    kind: DeliveryKind
    span: Span
    # Of whatever is told here, the highest.
    handling: Mark
    cases: Sequence[Case]
    # Steps that are overdue only since the last time, and how many others are.
    late: Sequence[Late]
    late_before: int
    scores: ScoreNews
    names: FlagNames
    said: Said
    # Number and hash of the newest entry of the log.
    audit_head: tuple[int, str]
    # What the next one compares with.
    stood: Stood
    # Situations that somebody else gave to the reader; told at once, and not again.
    given: Sequence[Situation] = ()
    # How many are open, by the worst open flag of each; 0: none is open.
    open_situations: Mapping[int, int] = field(default_factory=dict)
    # The nearest first, and the numbers of those that were not known of the last time.
    coming: Sequence[Occurrence] = ()
    new_days: frozenset[int] = frozenset()
    # Those that are open, and those that ended since; and the numbers of those of which that is new.
    calls: Sequence[SeenRequest] = ()
    new_calls: frozenset[int] = frozenset()
    measures: MeasureNews = field(default_factory=MeasureNews)
    moves: Sequence[Move] = ()
    lost: Sequence[Lost] = ()
    due: Due = field(default_factory=Due)
    # What it is about.
    countries: Sequence[str] = ()
    observations: int = 0

    def of(self, turn: Turn) -> list[Case]:
        return [case for case in self.cases if case.turn is turn]

    @property
    def overdue(self) -> list[Late | Listed]:
        """What is so only since the last time: steps of situations, then measures."""
        return [*self.late, *self.measures.late]

    @property
    def is_news(self) -> bool:
        """There is something that the reader would have to be told."""
        told = (self.cases, self.late, self.given, self.new_days, self.new_calls, self.moves, self.lost)
        return any(told) or bool(self.measures) or (self.due.is_own and self.due.number > 0)


def gather(session: Session, to: Recipient, span: Span, stood: Stood | None, frame: Frame) -> Digest:
    """`stood`: how things stood when they were told last. None: they never were; what counts is how it was `since`."""
    reader, stood = to.reader, _comparable(stood, to.reader)
    found = situations.queued(session, reader.scope, reader.clearance, reader.person_id)
    flags = _flags(session, to, span, stood)
    reach = Reach(to, frame, flags, found)
    days = occasions.coming(session, reader.scope, span.today, span.ahead, clearance=reader.clearance)
    asked = assistance.listed(session, reader.scope, reader.clearance)
    done = responses.ledger(session, reader.scope, reader.clearance)
    before = stood or _stood_at(span, flags, found, days, asked, done)
    coming = [one for one in days if reach.is_concerned(one)]
    measures = measure_news([one for one in done if reach.is_here(one.iso3)], before.measures, span)
    calls = told_calls([one for one in asked if reach.is_here(one.request.iso3)], before.calls, span.since)
    scores = score_news(session, frame.method, reader, reach.covered, span.since)
    happened = _told(turned(flags, before.flags), reach)
    told = cases(happened, reach, scores)
    late = reach.late(span.today, scores)
    new_late = [Late(one.situation, one.owner or "") for one in late if step(one.situation) not in before.late]
    marked: list[Marked] = [*coming, *(one.request for one in calls), *measures.marked]
    recorded, mark = observations.recorded_since(
        session, span.since, reach.covered, reader.clearance, most=MOST_COUNTED
    )
    return Digest(
        kind=DeliveryKind.DIGEST,
        span=span,
        handling=max(mark, scores.mark(), _mark_of(reach.open_flags, happened, reach.situations, marked)),
        cases=told,
        late=new_late,
        late_before=len(late) - len(new_late) + measures.late_before,
        scores=scores,
        names=_names(session, happened, reach),
        said=news.explanations(session, said_of(told)),
        audit_head=audit_entries.head(session),
        stood=_stood_now(span, flags, found, days, reach, asked, done),
        open_situations=reach.by_severity(),
        coming=coming,
        new_days=frozenset(one.id for one in coming) - before.occasions,
        calls=calls,
        new_calls=frozenset(one.request.id for one in calls if call(one) not in before.calls),
        measures=measures,
        moves=scores.moves(reach.nodes(scores)),
        lost=scores.lost(reach.nodes(scores)),
        due=_due(session, reach, span),
        countries=reach.countries(frame),
        observations=recorded,
    )


def gather_urgent(session: Session, to: Recipient, span: Span, stood: Stood | None, frame: Frame) -> Digest:
    """What cannot wait: alarms, situations that somebody else gave them, and steps of theirs that are overdue."""
    reader, stood = to.reader, _comparable(stood, to.reader)
    found = situations.queued(session, reader.scope, reader.clearance, reader.person_id)
    flags = _flags(session, to, span, stood)
    reach = Reach(to, frame, flags, found)
    done = responses.ledger(session, reader.scope, reader.clearance, owner_id=reader.person_id)
    before = stood or _stood_at(span, flags, found, (), done=done)
    overdue = MeasureNews(measure_news(done, before.measures, span).late)
    happened = [one for one in _told(turned(flags, before.flags), reach) if _is_alarm(one)]
    alarmed = {one.flag.iso3 for one in happened}
    scores = score_news(session, frame.method, reader, alarmed, span.since)
    told = cases(happened, reach, scores)
    own = [one for one in found if one.situation.owner_id == reader.person_id]
    given = _given(session, own, before, None if stood else span, reader.person_id)
    late = [one for one in found if one in own or one.is_followed]
    late = [one for one in late if is_overdue(one.situation.due_on, span.today)]
    late = [one for one in late if step(one.situation) not in before.late]
    return Digest(
        kind=DeliveryKind.URGENT,
        span=span,
        handling=max(scores.mark(), _mark_of((), happened, [*given, *late], overdue.marked)),
        cases=told,
        measures=overdue,
        late=[Late(one.situation, one.owner or "") for one in late],
        late_before=0,
        scores=scores,
        names=_names(session, happened, reach),
        said=news.explanations(session, said_of(told)),
        audit_head=audit_entries.head(session),
        stood=_stood_now(span, flags, found, (), reach, done=done),
        given=[one.situation for one in given],
    )


def _comparable(stood: Stood | None, reader: Principal) -> Stood | None:
    """Of who sees less than they did, what they saw is no measure: a flag did not ease because they see less of it."""
    return stood if stood and stood.clearance <= reader.clearance else None


def _flags(session: Session, to: Recipient, span: Span, stood: Stood | None) -> list[StandingFlag]:
    told, beginning = (list(stood.flags), None) if stood else ([], span.since)
    return news.open_flags(session, told, beginning, to.reader.scope, to.reader.clearance)


def _told(happened: Iterable[Turned], reach: Reach) -> list[Turned]:
    return [one for one in happened if reach.is_told(one.flag, max(one.before, one.severity))]


def _is_alarm(one: Turned) -> bool:
    return one.is_risen and one.severity == Severity.ALARM


def _given(session: Session, own: Sequence[Queued], before: Stood, first: Span | None, person_id: int) -> list[Queued]:
    """`first`: of the first notice, before which whatever they have is no news."""
    others = [one for one in own if one.situation.id not in before.charges]
    assigned = situations.newest_assignments(session, [one.situation.id for one in others])
    return [
        one
        for one in others
        if (last := assigned.get(one.situation.id))
        and last.by_id != person_id
        and (first is None or last.at > first.since)
    ]


def _names(session: Session, happened: Iterable[Turned], reach: Reach) -> FlagNames:
    return flag_names(session, sorted({one.flag.iso3 for one in happened}), reach.reader.clearance)


def _mark_of(
    flags: Iterable[StandingFlag], happened: Iterable[Turned], found: Iterable[Queued], marked: Iterable[Marked]
) -> Mark:
    marks = [flag.said.handling for flag in flags] + [one.handling for one in happened]
    marks += [one.situation.handling for one in found] + [one.handling for one in marked]
    return Mark(max(marks, default=Mark.CLEAR))


def _due(session: Session, reach: Reach, span: Span) -> Due:
    """An answer is due some days before the one before it goes stale."""
    first, last = span.since.date() + DUE_AHEAD, span.today + DUE_AHEAD
    found: Counter[str] = Counter()
    for one in due_answers(session, reach.reader):
        stale_on = one.day + timedelta(days=one.fresh_for_days + 1)
        if one.voice is Voice.CODED and not one.is_waiting and first < stale_on <= last and reach.is_here(one.iso3):
            found[one.iso3] += one.number
    return Due(dict(found.most_common()), reach.reader.may(Right.RECORD))


def _stood_at(
    span: Span,
    flags: Iterable[StandingFlag],
    found: Iterable[Queued],
    coming: Iterable[Occurrence],
    asked: Iterable[SeenRequest] = (),
    done: Iterable[Listed] = (),
) -> Stood:
    """When it began, by the clocks: for somebody who has never been told anything."""
    then = span.since.date()
    return Stood(
        flags=severities_at(flags, span.since),
        late=frozenset(step(one.situation) for one in found if is_overdue(one.situation.due_on, then)),
        occasions=frozenset(one.id for one in coming if one.entered_at <= span.since),
        calls=frozenset(call_at(one, span.since) for one in asked if one.request.asked_at <= span.since),
        measures=stood_at(done, span.since),
    )


def _stood_now(
    span: Span,
    flags: Iterable[StandingFlag],
    found: Sequence[Queued],
    coming: Iterable[Occurrence],
    reach: Reach,
    asked: Iterable[SeenRequest] = (),
    done: Iterable[Listed] = (),
) -> Stood:
    """All that they may see, told or not: when they want to hear of something else, what is old is no news by that."""
    reader = reach.reader
    return Stood(
        flags=severities(flags),
        late=frozenset(step(one.situation) for one in found if is_overdue(one.situation.due_on, span.today)),
        occasions=frozenset(one.id for one in coming),
        charges=frozenset(one.situation.id for one in found if one.situation.owner_id == reader.person_id),
        calls=frozenset(call(one) for one in asked),
        measures=stood_now(done, span.today),
        clearance=reader.clearance,
        at=span.until,
    )
