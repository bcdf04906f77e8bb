"""By what conclusions are drawn: one version of the method, the rules that speak, and what is asked."""

from dataclasses import dataclass

from tracker.method import Method
from tracker.storage import answers, methods, rules
from tracker.storage.answers import Question
from tracker.storage.base import Session
from tracker.storage.rules import RuleInForce


@dataclass(frozen=True)
class Yardstick:
    # Of the method.
    number: int
    method: Method
    rules: list[RuleInForce]
    questions: list[Question]
    # By the number of an indicator: its measure's place in the method.
    places: dict[int, int]


def yardstick(session: Session, number: int | None = None) -> Yardstick | None:
    """The one in force, unless a version of the method is named. None: none is in force yet."""
    session.flush()  # what is asked past the mapper does not see what waits in it
    if number is None:
        number = methods.number_in_force(session)
    if number is None:
        return None
    method, asked = methods.method_of(session, number), answers.questions(session)
    return Yardstick(number, method, rules.in_force(session), asked, answers.places_of(method, asked))
