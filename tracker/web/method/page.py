"""The page “Method”: every number on it comes from what is in force, so that text and behaviour cannot disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.index import Branch, Combine
from tracker.method import Measure, Method
from tracker.rule import TAKES, Rule
from tracker.score import CUT_OFFS, HIGHEST_SCORE, Level
from tracker.situation import DAYS_FOR, SituationState, moves_from
from tracker.storage import catalogue, methods, rules
from tracker.storage.base import Session
from tracker.storage.conclusions import MethodVersion, RuleVersion
from tracker.storage.watching import Indicator
from tracker.uncertainty import HIGHEST, LOWEST
from tracker.web.method.accuracy import CLAIMS, FACTS
from tracker.web.method.words import Names, exact, line_words, names, parameter_value, parameter_words
from tracker.web.situations.words import state_word

RELIABILITIES, CREDIBILITIES = "ABCDEF", "123456"


@dataclass(frozen=True)
class Asked:
    """An indicator, as it counts."""

    name: str
    key: str
    weight: float
    share: float
    measure: Measure
    unit: str
    high_is_bad: bool


@dataclass(frozen=True)
class Node:
    key: str
    name: str
    # 0: the whole.
    depth: int
    # None: it is the whole.
    weight: float | None
    # Of the weights below the same node.
    share: float
    needs: float
    combine: Combine
    nodes: Sequence["Node"]
    asked: Sequence[Asked]


@dataclass(frozen=True)
class LevelRange:
    level: Level
    low: float
    # None: there is none worse.
    below: float | None


@dataclass(frozen=True)
class RuleShown:
    row: RuleVersion
    rule: Rule
    # Each with its value, as terms and what they are here.
    lines: Sequence[tuple[str, str]]
    parameters: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Step:
    """A state of a situation, and where it leads."""

    state: SituationState
    days: int
    next: Sequence[str]


@dataclass(frozen=True)
class MethodPage:
    version: MethodVersion
    method: Method
    # The whole first, each followed by what is below it, down to the criteria.
    lines: Sequence[Node]
    levels: Sequence[LevelRange]
    highest: float
    # One row for each reliability.
    grades: Sequence[tuple[str, Sequence[float]]]
    credibilities: str
    # The share of the draws that an interval holds.
    within: float
    rules: Sequence[RuleShown]
    life: Sequence[Step]
    facts: Sequence[tuple[str, str]]
    claims: Sequence[str]


def method_page(session: Session) -> MethodPage | None:
    """None: no method is in force."""
    chosen = methods.in_force(session)
    if chosen is None:
        return None
    number, method = chosen
    named = names(session)
    lines = list(_lines(whole_of(method, named, indicators_by_key(session))))
    return MethodPage(
        version=methods.version_of(session, number),
        method=method,
        lines=lines,
        levels=levels(),
        highest=HIGHEST_SCORE,
        grades=[(letter, [method.trust.deviations[letter + one] for one in CREDIBILITIES]) for letter in RELIABILITIES],
        credibilities=CREDIBILITIES,
        within=HIGHEST - LOWEST,
        rules=[shown(row, named) for row in rules.newest_in_force(session)],
        life=life(),
        facts=[(str(_(fact.sentence)), str(_(fact.source))) for fact in FACTS],
        claims=[str(_(claim)) for claim in CLAIMS],
    )


def whole_of(method: Method, named: Names, indicators: Mapping[str, Indicator]) -> Node:
    return _node(method, method.tree.branches[-1], named, indicators, depth=0, weight=None, share=1.0)


def levels() -> list[LevelRange]:
    bounds = (0.0, *CUT_OFFS)
    return [LevelRange(level, bounds[level], (*CUT_OFFS, None)[level]) for level in Level]


def life() -> list[Step]:
    return [
        Step(state, days, sorted({state_word(move.target) for move in moves_from(state)}))
        for state, days in DAYS_FOR.items()
    ]


def shown(row: RuleVersion, named: Names) -> RuleShown:
    rule = Rule.from_plain(row.content)
    lines = [(line_words(severity), exact(line)) for severity, line in sorted(rule.lines.items())]
    taken = (*TAKES[rule.kind], "margin", "quiet_days") if rule.lines else ()
    parameters = [(parameter_words(one, rule.kind), parameter_value(rule, one, named)) for one in taken]
    return RuleShown(row, rule, lines, parameters)


def _node(
    method: Method,
    branch: Branch,
    named: Names,
    indicators: Mapping[str, Indicator],
    *,
    depth: int,
    weight: float | None,
    share: float,
) -> Node:
    nodes: list[Node] = []
    asked: list[Asked] = []
    all_weights = sum(branch.weights)
    for child, its_weight in zip(branch.children, branch.weights, strict=True):
        its_share = its_weight / all_weights
        if child in method.tree.leaves:
            measure = method.measures[method.tree.positions[child]]
            asked.append(_asked(measure, its_weight, its_share, named, indicators))
        else:
            below = method.branch(child)
            nodes.append(_node(method, below, named, indicators, depth=depth + 1, weight=its_weight, share=its_share))
    name = named.get(branch.key, branch.name)
    return Node(branch.key, name, depth, weight, share, branch.needs, branch.combine, nodes, asked)


def _asked(measure: Measure, weight: float, share: float, named: Names, indicators: Mapping[str, Indicator]) -> Asked:
    indicator = indicators.get(measure.key)
    unit = indicator.unit if indicator else ""
    name = named.get(measure.key, measure.key)
    return Asked(name, measure.key, weight, share, measure, unit, measure.worst > measure.best)


def _lines(node: Node) -> list[Node]:
    """Voices and indicators open within their criterion: the first that has voices, or indicators, of its own."""
    if node.asked or any(child.asked for child in node.nodes):
        return [node]
    return [node, *(line for child in node.nodes for line in _lines(child))]


def indicators_by_key(session: Session) -> dict[str, Indicator]:
    return {row.key: row for row in catalogue.all_indicators(session)}
