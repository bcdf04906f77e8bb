"""What cannot wait for a digest, for one reader: gathered as a digest is, at the moment of making."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from tracker.digest import DeliveryKind
from tracker.news import Stood
from tracker.period import LONGEST_LATE
from tracker.situation import is_overdue
from tracker.storage import assistance, audit_entries, news, responses, situations
from tracker.storage.assistance import SeenRequest
from tracker.storage.base import Session
from tracker.storage.responses import Listed
from tracker.storage.situations import Queued
from tracker.web.digests.alarms import alarms, risen_to_alarm
from tracker.web.digests.calls import call, is_open
from tracker.web.digests.cases import Late, cases, said_of, step
from tracker.web.digests.content import Digest, Marked, mark_of, names_in, told_in
from tracker.web.digests.measures import MeasureNews, measure_news
from tracker.web.digests.reach import Reach, Recipient, Span
from tracker.web.digests.scores import score_news
from tracker.web.digests.stood import comparable, flags_to_compare, stood_at, stood_now
from tracker.web.frame import Frame


def gather_urgent(session: Session, to: Recipient, span: Span, stood: Stood | None, frame: Frame) -> Digest:
    """Alarms; situations that somebody else gave them; and of those that are theirs or that they follow: steps and
    measures that are overdue, and what the State asks for."""
    reader, stood = to.reader, comparable(stood, to.reader)
    found = situations.queued(session, reader.scope, reader.clearance, reader.person_id)
    flags = flags_to_compare(session, to, span, stood)
    reach = Reach(to, frame, flags, found)
    asked = assistance.listed(session, reader.scope, reader.clearance)
    done = responses.ledger(session, reader.scope, reader.clearance)
    before = stood or stood_at(span, flags, found, (), asked, done)
    if before.clearance != reader.clearance:
        # seen with more, another event may have been the first
        before = replace(before, alarms=None)
    happened = told_in(risen_to_alarm(flags, before), reach)
    scores = score_news(session, frame.method, reader, {one.flag.iso3 for one in happened}, span.since)
    told = cases(happened, reach, scores)
    own = [one for one in found if one.situation.owner_id == reader.person_id]
    given = _given(session, own, before, None if stood else span, reader.person_id)
    theirs = [*own, *(one for one in found if one.is_followed and one not in own)]
    late = [one for one in theirs if is_overdue(one.situation.due_on, span.today)]
    late = [one for one in late if step(one.situation) not in before.late]
    overdue = MeasureNews(measure_news(_concerning(done, theirs, reader.person_id), before.measures, span).late)
    calls = _new_calls(asked, before, {one.situation.iso3 for one in theirs}, span, reader.person_id)
    marked: list[Marked] = [*overdue.marked, *(one.request for one in calls)]
    return Digest(
        kind=DeliveryKind.URGENT,
        span=span,
        handling=max(scores.mark(), mark_of((), happened, [*given, *late], marked)),
        cases=told,
        measures=overdue,
        late=[Late(one.situation, one.owner or "") for one in late],
        late_before=0,
        scores=scores,
        names=names_in(session, happened, reach),
        said=news.explanations(session, said_of(told)),
        audit_head=audit_entries.head(session),
        stood=replace(stood_now(span, flags, found, reach, asked, done), alarms=alarms(flags)),
        given=[one.situation for one in given],
        calls=calls,
        new_calls=frozenset(one.request.id for one in calls),
    )


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


def _concerning(done: Sequence[Listed], theirs: Sequence[Queued], person_id: int) -> list[Listed]:
    """Those that they follow up, and those in situations of theirs."""
    numbers = {one.situation.id for one in theirs}
    return [one for one in done if one.response.owner_id == person_id or one.response.situation_id in numbers]


def _new_calls(
    asked: Sequence[SeenRequest], before: Stood, iso3s: Collection[str], span: Span, person_id: int
) -> list[SeenRequest]:
    """What has been asked for so long that it is no news is not urgent to whoever follows a situation from now on."""
    lately = [one for one in asked if is_open(one) and one.request.asked_at > span.until - LONGEST_LATE]
    others = [one for one in lately if one.request.asked_by != person_id and one.request.iso3 in iso3s]
    return [one for one in others if call(one) not in before.calls]
