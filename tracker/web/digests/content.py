"""What a digest tells one reader: gathered at the moment of making, from what they may see at that moment.

Everything here is values; how it is said is in words.py.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tracker.access import Right
from tracker.digest import DeliveryKind
from tracker.handling import Mark
from tracker.indicator import Voice
from tracker.news import Stood, Turn
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
from tracker.web.digests.calls import call, told_calls
from tracker.web.digests.cases import Case, Late, Said, cases, said_of, step
from tracker.web.digests.days import Changed, DayNews, day_news
from tracker.web.digests.flags import Turned, turned
from tracker.web.digests.measures import MeasureNews, measure_news
from tracker.web.digests.reach import Reach, Recipient, Span
from tracker.web.digests.scores import Lost, Move, Scored, ScoreNews, score_news
from tracker.web.digests.stood import comparable, flags_to_compare, stood_at, stood_now
from tracker.web.flag_words import FlagNames, flag_names
from tracker.web.frame import Frame

# Nobody reads how many exactly.
MOST_COUNTED = 10_000

Marked = Occurrence | Changed | AssistanceRequest | Response


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
    days: DayNews = field(default_factory=DayNews)
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
        told = (self.cases, self.late, self.given, self.new_calls, self.moves, self.lost)
        return any(told) or bool(self.measures or self.days) or (self.due.is_own and self.due.number > 0)


def gather(session: Session, to: Recipient, span: Span, stood: Stood | None, frame: Frame) -> Digest:
    """`stood`: how things stood when they were told last. None: they never were; what counts is how it was `since`."""
    reader, stood = to.reader, comparable(stood, to.reader)
    found = situations.queued(session, reader.scope, reader.clearance, reader.person_id)
    flags = flags_to_compare(session, to, span, stood)
    reach = Reach(to, frame, flags, found)
    days = occasions.coming(session, reader.scope, span.here, span.ahead, clearance=reader.clearance)
    asked = assistance.listed(session, reader.scope, reader.clearance)
    done = responses.ledger(session, reader.scope, reader.clearance)
    before = stood or stood_at(span, flags, found, days, asked, done)
    coming = day_news(session, days, before, reach, span)
    measures = measure_news([one for one in done if reach.is_here(one.iso3)], before.measures, span)
    calls = told_calls([one for one in asked if reach.is_here(one.request.iso3)], before.calls, span.since)
    scores = score_news(session, frame.method, reader, reach.covered, span.since, stood)
    happened = told_in(turned(flags, before.flags), reach)
    told = cases(happened, reach, scores)
    late = reach.late(span.today, scores)
    moves, lost = scores.moves(reach.nodes(scores)), scores.lost(reach.nodes(scores))
    new_late = [Late(one.situation, one.owner or "") for one in late if step(one.situation) not in before.late]
    marked: list[Marked] = [*coming.marked, *(one.request for one in calls), *measures.marked]
    recorded, mark = observations.recorded_since(
        session, span.since, reach.covered, reader.clearance, most=MOST_COUNTED
    )
    return Digest(
        kind=DeliveryKind.DIGEST,
        span=span,
        handling=max(mark, scores.mark(), mark_of(reach.open_flags, happened, reach.situations, marked)),
        cases=told,
        late=new_late,
        late_before=len(late) - len(new_late) + measures.late_before,
        scores=scores,
        names=names_in(session, happened, reach),
        said=news.explanations(session, said_of(told)),
        audit_head=audit_entries.head(session),
        stood=replace(
            stood_now(span, flags, found, reach, asked, done),
            days=coming.known,
            scores=scores.kept(_scores_told(scores, told, {one.iso3 for one in moves} | {one.iso3 for one in lost})),
            method=scores.method[0] if scores.method else 0,
        ),
        open_situations=reach.by_severity(),
        days=coming,
        calls=calls,
        new_calls=frozenset(one.request.id for one in calls if call(one) not in before.calls),
        measures=measures,
        moves=moves,
        lost=lost,
        due=_due(session, reach, span),
        countries=reach.countries(frame),
        observations=recorded,
    )


def told_in(happened: Iterable[Turned], reach: Reach) -> list[Turned]:
    return [one for one in happened if reach.is_told(one.flag, max(one.before, one.severity))]


def names_in(session: Session, happened: Iterable[Turned], reach: Reach) -> FlagNames:
    return flag_names(session, sorted({one.flag.iso3 for one in happened}), reach.reader.clearance)


def mark_of(
    flags: Iterable[StandingFlag], happened: Iterable[Turned], found: Iterable[Queued], marked: Iterable[Marked]
) -> Mark:
    marks = [flag.said.handling for flag in flags] + [one.handling for one in happened]
    marks += [one.situation.handling for one in found] + [one.handling for one in marked]
    return Mark(max(marks, default=Mark.CLEAR))


def _scores_told(scores: ScoreNews, told: Iterable[Case], iso3s: Collection[str]) -> set[Scored]:
    """Of a country whose move is told nothing else is said to have moved next time; and what stands beside a flag."""
    return {(iso3, node) for iso3 in iso3s for node in scores.nodes} | {(case.iso3, case.node) for case in told}


def _due(session: Session, reach: Reach, span: Span) -> Due:
    """An answer is due some days before the one before it goes stale."""
    first, last = span.since.date() + DUE_AHEAD, span.today + DUE_AHEAD
    found: Counter[str] = Counter()
    for one in due_answers(session, reach.reader):
        stale_on = one.day + timedelta(days=one.fresh_for_days + 1)
        if one.voice is Voice.CODED and not one.is_waiting and first < stale_on <= last and reach.is_here(one.iso3):
            found[one.iso3] += one.number
    return Due(dict(found.most_common()), reach.reader.may(Right.RECORD))
