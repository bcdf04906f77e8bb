"""How things stand for a reader, and how they stood: what a digest compares, and what it leaves for the next one."""

from collections.abc import Iterable, Sequence

from tracker.access import Principal
from tracker.news import Stood
from tracker.situation import is_overdue
from tracker.storage import news
from tracker.storage.assistance import SeenRequest
from tracker.storage.base import Session
from tracker.storage.news import StandingFlag
from tracker.storage.occasions import Occurrence
from tracker.storage.responses import Listed
from tracker.storage.situations import Queued
from tracker.web.digests import measures
from tracker.web.digests.calls import call, call_at
from tracker.web.digests.cases import step
from tracker.web.digests.days import days_at
from tracker.web.digests.flags import severities, severities_at
from tracker.web.digests.reach import Reach, Recipient, Span


def comparable(stood: Stood | None, reader: Principal) -> Stood | None:
    """Of who sees less than they did, what they saw is no measure: a flag did not ease because they see less of it."""
    return stood if stood and stood.clearance <= reader.clearance else None


def flags_to_compare(session: Session, to: Recipient, span: Span, stood: Stood | None) -> list[StandingFlag]:
    told, beginning = (list(stood.flags), None) if stood else ([], span.since)
    return news.open_flags(session, told, beginning, to.reader.scope, to.reader.clearance)


def stood_at(
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
        days=days_at(coming, span),
        calls=frozenset(call_at(one, span.since) for one in asked if one.request.asked_at <= span.since),
        measures=measures.stood_at(done, span.since),
    )


def stood_now(
    span: Span,
    flags: Iterable[StandingFlag],
    found: Sequence[Queued],
    reach: Reach,
    asked: Iterable[SeenRequest] = (),
    done: Iterable[Listed] = (),
) -> Stood:
    """All that they may see, told or not: when they want to hear of something else, what is old is no news by that."""
    reader = reach.reader
    return Stood(
        flags=severities(flags),
        late=frozenset(step(one.situation) for one in found if is_overdue(one.situation.due_on, span.today)),
        charges=frozenset(one.situation.id for one in found if one.situation.owner_id == reader.person_id),
        calls=frozenset(call(one) for one in asked),
        measures=measures.stood_now(done, span.today),
        clearance=reader.clearance,
        at=span.until,
    )
