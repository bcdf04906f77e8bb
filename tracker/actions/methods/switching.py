"""Switching a version on: a second, deliberate act.

A rule comes into force at once and is asked about every country, which takes a second. A version of the method is on
its way first: the worker works out its scores country by country, beside those of the version in force. So no page is
ever without scores, and nobody who saves something waits for more than one country.
"""

from collections.abc import Mapping
from datetime import datetime

from tracker.actions import audit
from tracker.actions.concluding import EVER, conclude_from, judge_everything, time_passes_for_all
from tracker.actions.methods.editing import (
    ChangedMeanwhile,
    NoDraft,
    NoSuchVersion,
    RuleNotSound,
    TreeNotSound,
    content_of,
    faults_of_weights,
    name_of,
    subjects,
)
from tracker.actions.yardstick import yardstick
from tracker.method import Method
from tracker.refusal import N_, OutOfTurn
from tracker.rule import Rule, faults
from tracker.standing import evidence_of
from tracker.storage import answers, countries, methods, observations, scores, standings, versions
from tracker.storage.base import Session
from tracker.storage.conclusions import MethodVersion, RuleVersion


class OneAtATime(OutOfTurn):
    def __init__(self, number: int) -> None:
        super().__init__(
            N_("Version %(number)s is on its way into force; this one can be switched on when that is done."),
            number=number,
        )


def switch_on_method(session: Session, number: int, *, shown: int, by: int, now: datetime) -> MethodVersion:
    """`shown`: the version in force that the page compared it with."""
    row = versions.locked_method(session, number)
    if row is None:
        raise NoSuchVersion
    if row.in_force_since or row.switched_on_at or row.discarded_at:
        raise NoDraft
    if other := versions.method_on_its_way(session):
        raise OneAtATime(other.number)
    before = methods.number_in_force(session) or 0
    if before != shown:
        raise ChangedMeanwhile
    if wrong := faults_of_weights(Method.from_plain(row.content).tree):
        raise TreeNotSound(wrong)
    row.switched_on_at, row.switched_on_by = now, by
    for draft in versions.drafts_of_method(session):
        if draft.number < number:
            draft.discarded_at = now
    session.flush()
    audit.record(
        session,
        "method switched on",
        f"method version {number}",
        by=by,
        now=now,
        before={"version": before},
        after={"version": number},
        reason=row.reason,
    )
    return row


def switch_on_rule(session: Session, key: str, number: int, *, shown: int, by: int, now: datetime) -> RuleVersion:
    row, before = versions.locked_rule(session, key, number), versions.rule_in_force(session, key)
    if row is None:
        raise NoSuchVersion
    if row.in_force_since or row.discarded_at:
        raise NoDraft
    if (before.number if before else 0) != shown:
        raise ChangedMeanwhile
    if wrong := faults(Rule.from_plain(row.content), subjects(session)):
        raise RuleNotSound(tuple(wrong))
    row.in_force_since, row.switched_on_by = now, by
    for draft in versions.drafts_of_rule(session, key):
        # of two versions in force the one with the higher number counts: none may be left that would come too late
        if draft.number < number:
            draft.discarded_at = now
    session.flush()
    audit.record(
        session,
        "rule switched on",
        name_of(row),
        by=by,
        now=now,
        before=content_of(before) if before else None,
        after=content_of(row),
        reason=row.reason,
    )
    judge_everything(session, now=now)
    return row


def work_out(session: Session, number: int, iso3: str, *, now: datetime) -> int:
    """The scores of one country by a version that is on its way; from how many observations."""
    countries.hold(session, [iso3])
    by = yardstick(session, number)
    assert by is not None, "it was named"
    evidence = evidence_of(by.method, answers.answers_of(session, iso3, by.places, since=EVER))
    conclude_from(session, by, iso3, evidence, since=EVER, today=now.date(), known=lambda _day: now)
    return observations.how_many_of(session, [iso3])[iso3]


def come_into_force(session: Session, number: int, worked_out: Mapping[str, int], *, now: datetime) -> None:
    """`worked_out`: by country, from how many observations. What has been recorded since is looked at as well."""
    row = versions.locked_method(session, number)
    if row is None or row.in_force_since is not None or row.switched_on_at is None:
        return  # another worker was quicker, or it was called off
    audit.record(session, "method came into force", f"method version {number}", by=None, now=now)
    countries.hold(session, [country.iso3 for country in countries.all_countries(session)])
    found = standings.countries(session)
    known = observations.how_many_of(session, found)
    for iso3 in found:
        if worked_out.get(iso3) != known[iso3] or not scores.marks_of(session, number, iso3):
            work_out(session, number, iso3, now=now)
    # what went stale until now did so by the method before
    time_passes_for_all(session, now=now)
    row.in_force_since = now
    session.flush()
    judge_everything(session, now=now)
