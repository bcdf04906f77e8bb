"""The built-in rules, read from rules.toml and refused if broken."""

from functools import cache
from pathlib import Path
from typing import Any

from tracker.catalogue.located import Table, read_tables
from tracker.catalogue.reading import read_catalogue
from tracker.catalogue.shape import built_in_shape
from tracker.method import built_in
from tracker.rule import TAKES, USUAL_QUIET_DAYS, Fault, Kind, Rule, Severity, Subjects, faults, usual_margin

FILE = "rules.toml"
_NEEDED = ("key", "kind", "name", "reason")
_OPTIONAL = ("margin", "quiet_days")
_LINES = {severity.word: severity for severity in Severity}
_WHOLE = ("months", "days", "peers")
# Which numbers make sense is said by the rule itself, with the same sentence for a file and for a form.
_ANY = 1_000_000_000


@cache
def built_in_rules() -> tuple[Rule, ...]:
    catalogue = read_catalogue()
    tree = built_in(catalogue.criteria, catalogue.indicators, built_in_shape()).tree
    indicators = {
        criterion.key: tuple(one.key for one in catalogue.indicators if one.criterion == criterion.key)
        for criterion in catalogue.criteria
    }
    return read_rules(Path(__file__).parent, Subjects(tuple(branch.key for branch in tree.branches), indicators))


def read_rules(folder: Path, subjects: Subjects) -> tuple[Rule, ...]:
    """Every rule of the file, in its order."""
    rules: dict[str, Rule] = {}
    for table in read_tables(folder / FILE, FILE, single=(), repeated=("rule",)):
        rule = _rule(table)
        if rule.key in rules:
            raise table.broken(f"the rule “{rule.key}” is there twice; rename or remove one.", "key")
        for fault in faults(rule, subjects):
            raise table.broken(_in_words(fault), fault.parameter)
        rules[rule.key] = rule
    return tuple(rules.values())


def _rule(table: Table) -> Rule:
    if "kind" not in table.values:
        table.require(_NEEDED, optional=table.values)
    kind = table.word("kind", Kind)
    lines = () if kind is Kind.MANUAL else tuple(_LINES)
    table.require((*_NEEDED, *TAKES[kind]), optional=(*_OPTIONAL, *lines))
    return Rule(
        key=table.text("key"),
        name=table.text("name"),
        reason=table.text("reason"),
        kind=kind,
        lines={_LINES[key]: table.number(key) for key in lines if key in table.values},
        margin=table.number("margin") if "margin" in table.values else usual_margin(kind),
        quiet_days=table.whole("quiet_days", -_ANY, _ANY) if "quiet_days" in table.values else USUAL_QUIET_DAYS,
        **{parameter: _parameter(table, parameter) for parameter in TAKES[kind]},
    )


def _parameter(table: Table, parameter: str) -> Any:
    if parameter == "nodes":
        nodes = table.entries("nodes")
        for node in nodes:
            if not isinstance(node, str):
                raise table.broken(f"“nodes” names {node}, which is no text; put it in quotation marks.", "nodes")
        return tuple(nodes)
    return table.whole(parameter, -_ANY, _ANY) if parameter in _WHOLE else table.number(parameter)


def _in_words(fault: Fault) -> str:
    numbers = {name: f"{value:g}" for name, value in fault.values.items() if isinstance(value, int | float)}
    return fault.sentence % (dict(fault.values) | numbers)
