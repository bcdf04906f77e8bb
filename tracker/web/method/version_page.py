"""The versions of the method and of a rule: who made them, when and why, and what differs between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from flask_babel import gettext as _

from tracker.actions.methods.editing import NoSuchVersion
from tracker.explanation import Sentence
from tracker.method import Method
from tracker.rule import Rule
from tracker.storage import job_runs, people, standings, versions
from tracker.storage.base import Session
from tracker.storage.conclusions import MethodVersion, RuleVersion
from tracker.version import differences_of_methods, differences_of_rules
from tracker.web.method.words import difference_words, names
from tracker.web.worker_health import worker_health

Version: TypeAlias = MethodVersion | RuleVersion


@dataclass(frozen=True)
class Line:
    row: Version
    state: str
    # None: it came with the product.
    made_by: str | None
    # None: nobody did; it came into force with the product.
    switched_on_by: str | None

    @property
    def is_draft(self) -> bool:
        return is_draft(self.row)


@dataclass(frozen=True)
class Compared:
    old: int
    new: int
    differences: Sequence[str]


@dataclass(frozen=True)
class Progress:
    """How far the worker is with the version that is on its way."""

    number: int
    done: int
    of: int
    worker_ticks: bool


def method_version(session: Session, number: int) -> MethodVersion:
    row = versions.of_method(session, number)
    if row is None:
        raise NoSuchVersion
    return row


def rule_version(session: Session, rule_key: str, number: int) -> RuleVersion:
    row = versions.of_rule(session, rule_key, number)
    if row is None:
        raise NoSuchVersion
    return row


def is_draft(row: Version) -> bool:
    return not (row.in_force_since or row.discarded_at or is_on_its_way(row))


def is_on_its_way(row: Version) -> bool:
    return isinstance(row, MethodVersion) and row.switched_on_at is not None and row.in_force_since is None


def lines(session: Session, rows: Sequence[Version], in_force: int | None, with_drafts: bool) -> list[Line]:
    """The newest first. Drafts are the affair of those who make them."""
    named = people.names(session, {number for row in rows for number in (row.made_by, row.switched_on_by) if number})
    return [
        Line(row, state_word(row, in_force), _name(row.made_by, named), _name(row.switched_on_by, named))
        for row in rows
        if with_drafts or row.in_force_since
    ]


def state_word(row: Version, in_force: int | None) -> str:
    if row.discarded_at:
        return str(_("discarded"))
    if row.in_force_since:
        return str(_("in force") if row.number == in_force else _("was in force"))
    return str(_("on its way") if is_on_its_way(row) else _("draft"))


def compared_methods(session: Session, old: MethodVersion, new: MethodVersion) -> Compared:
    found = differences_of_methods(Method.from_plain(old.content), Method.from_plain(new.content))
    return Compared(old.number, new.number, in_words(session, found))


def compared_rules(session: Session, old: RuleVersion, new: RuleVersion) -> Compared:
    before, after = Rule.from_plain(old.content), Rule.from_plain(new.content)
    found = differences_of_rules(before, after, spoke=old.speaks, speaks=new.speaks)
    return Compared(old.number, new.number, in_words(session, found))


def in_words(session: Session, differences: Sequence[Sentence]) -> list[str]:
    named = names(session)
    return [difference_words(one, named) for one in differences]


def progress(session: Session, now: datetime) -> Progress | None:
    """None: nothing is on its way."""
    row = versions.method_on_its_way(session)
    if row is None:
        return None
    ticks = worker_health(job_runs.all_runs(session), now).ticks
    done, of = versions.how_many_scored(session, row.number), len(standings.countries(session))
    return Progress(row.number, done, of, ticks)


def _name(person_id: int | None, named: dict[int, str]) -> str | None:
    return named.get(person_id) if person_id else None
