"""By what conclusions are drawn: one version of the method, the rules that speak, what is asked, and of whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.method import Method
from tracker.rule import Kind
from tracker.storage import answers, countries, methods, rules
from tracker.storage.answers import Question
from tracker.storage.base import Session
from tracker.storage.remembering import by_catalogue
from tracker.storage.rules import RuleInForce


@dataclass(frozen=True)
class Yardstick:
    # Of the method.
    number: int
    method: Method
    rules: Sequence[RuleInForce]
    questions: Sequence[Question]
    # By the number of an indicator: its measure's place in the method.
    places: Mapping[int, int]
    # The countries of which anything is judged.
    watched: Collection[str]
    # By country; some have none.
    regions: Mapping[str, str]

    @cached_property
    def history_months(self) -> int:
        """How far back the rules look."""
        return max((one.rule.history_months for one in self.rules), default=0)

    @cached_property
    def longest_quiet(self) -> int:
        """In days."""
        return max((one.rule.quiet_days for one in self.rules), default=0)

    @cached_property
    def sure_months(self) -> int:
        """How far back they ask how sure a score was."""
        return max((one.rule.months for one in self.rules if one.rule.kind is Kind.RISE), default=0)

    @cached_property
    def asked(self) -> Sequence[Question]:
        """What is asked today."""
        return [one for one in self.questions if not one.retired]

    @cached_property
    def criteria(self) -> Mapping[str, tuple[str, ...]]:
        """Each with its indicators."""
        keys = dict.fromkeys(one.criterion for one in self.asked)
        return {key: tuple(one.key for one in self.asked if one.criterion == key) for key in keys}

    def neighbours(self, iso3: str) -> Collection[str]:
        """Everybody else in its region."""
        own = self.regions.get(iso3)
        return {other for other, region in self.regions.items() if region == own} - {iso3}


def yardstick(session: Session, number: int | None = None) -> Yardstick | None:
    """The one in force, unless a version of the method is named. None: none is in force yet."""
    session.flush()  # what is asked past the mapper does not see what waits in it
    return by_catalogue(session, "yardstick", _in_force) if number is None else _read(session, number)


def _in_force(session: Session) -> Yardstick | None:
    number = methods.number_in_force(session)
    return None if number is None else _read(session, number)


def _read(session: Session, number: int) -> Yardstick:
    method, asked = methods.method_of(session, number), answers.questions(session)
    return Yardstick(
        number,
        method,
        rules.in_force(session),
        asked,
        answers.places_of(method, asked),
        countries.watched(session),
        countries.regions(session),
    )
