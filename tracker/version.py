"""What differs between two versions of the method, or of a rule?

A version is never changed: what differs is said in sentences, whose numbers are kept apart and whose subjects are keys
of nodes, indicators and grades, so that a page can say them in the reader's language.
"""

from collections.abc import Iterator, Mapping

from tracker.explanation import Sentence
from tracker.index import Branch
from tracker.method import Measure, Method
from tracker.refusal import N_
from tracker.rule import Rule, Severity

_WEIGHT = N_("Weight of %(child)s in %(node)s: %(before)s → %(after)s.")
_CHILD_ADDED = N_("%(child)s counts in %(node)s from now on; its weight: %(after)s.")
_CHILD_REMOVED = N_("%(child)s counts in %(node)s no more; its weight was: %(before)s.")
_NEEDS = N_("Share of the weight below it that %(node)s needs: %(before)s → %(after)s.")
_COMBINE = N_("How %(node)s is combined: %(before)s → %(after)s.")
_ROUND = N_("Digits to which %(node)s is rounded: %(before)s → %(after)s.")
_NODE_ADDED = N_("%(node)s is new.")
_NODE_REMOVED = N_("%(node)s is gone.")
_SCALE = N_("Scale of the whole tree: %(before)s → %(after)s.")
_FIRM_FROM = N_("Coverage below which a score is thin: %(before)s → %(after)s.")
_BEST = N_("Best value of %(indicator)s: %(before)s → %(after)s.")
_WORST = N_("Worst value of %(indicator)s: %(before)s → %(after)s.")
_TRANSFORM = N_("How values of %(indicator)s are bent: %(before)s → %(after)s.")
_FRESH = N_("Days for which %(indicator)s counts: %(before)s → %(after)s.")
_DEVIATION = N_("Standard deviation of grade %(grade)s, in points: %(before)s → %(after)s.")
_AGEING = N_("What age adds to a deviation, in points: %(before)s → %(after)s.")
_JITTER = N_("Share by which weights are drawn apart: %(before)s → %(after)s.")
_DRAWS = N_("Number of draws: %(before)s → %(after)s.")

_LINES: Mapping[Severity, str] = {
    Severity.NOTICE: N_("Line of a notice: %(before)s → %(after)s."),
    Severity.WARNING: N_("Line of a warning: %(before)s → %(after)s."),
    Severity.ALARM: N_("Line of an alarm: %(before)s → %(after)s."),
}
_NODE_WATCHED = N_("It looks at %(node)s from now on.")
_NODE_LEFT = N_("It looks at %(node)s no more.")
_PARAMETERS: Mapping[str, str] = {
    "kind": N_("Kind: %(before)s → %(after)s."),
    "months": N_("How far back it looks, in months: %(before)s → %(after)s."),
    "days": N_("How near or how late, in days: %(before)s → %(after)s."),
    "floor": N_("Least score that counts: %(before)s → %(after)s."),
    "peers": N_("Other countries of the region that must have a score: %(before)s → %(after)s."),
    "margin": N_("How far below its line a flag still holds: %(before)s → %(after)s."),
    "quiet_days": N_("Days for which a flag stays quiet after it has ended: %(before)s → %(after)s."),
    "name": N_("Name: “%(before)s” → “%(after)s”."),
    "reason": N_("Why it is there: “%(before)s” → “%(after)s”."),
}
_SILENCED = N_("It speaks no more.")
_HEARD = N_("It speaks again.")


def differences_of_methods(old: Method, new: Method) -> list[Sentence]:
    """Nothing: both decide alike."""
    return [*_of_trees(old, new), *_of_measures(old, new), *_of_trust(old, new)]


def differences_of_rules(old: Rule, new: Rule, *, spoke: bool = True, speaks: bool = True) -> list[Sentence]:
    """Of two versions of one rule, and whether each of them speaks."""
    found = [Sentence(_HEARD if speaks else _SILENCED, {})] if spoke != speaks else []
    for severity, template in _LINES.items():
        found += _changed(template, old.lines.get(severity), new.lines.get(severity))
    found += [Sentence(_NODE_WATCHED, {"node": node}) for node in new.nodes if node not in old.nodes]
    found += [Sentence(_NODE_LEFT, {"node": node}) for node in old.nodes if node not in new.nodes]
    for parameter, template in _PARAMETERS.items():
        found += _changed(template, getattr(old, parameter), getattr(new, parameter))
    return found


def _of_trees(old: Method, new: Method) -> Iterator[Sentence]:
    yield from _changed(_SCALE, old.tree.scale, new.tree.scale)
    before = {branch.key: branch for branch in old.tree.branches}
    # from the whole down to its parts, as people read it
    for branch in reversed(new.tree.branches):
        if branch.key in before:
            yield from _of_branches(before.pop(branch.key), branch)
        else:
            yield Sentence(_NODE_ADDED, {"node": branch.key})
            yield from _of_children({}, branch.key, _weights(branch))
    yield from (Sentence(_NODE_REMOVED, {"node": key}) for key in before)
    yield from _changed(_FIRM_FROM, old.firm_from, new.firm_from)


def _of_branches(old: Branch, new: Branch) -> Iterator[Sentence]:
    yield from _of_children(_weights(old), new.key, _weights(new))
    yield from _changed(_NEEDS, old.needs, new.needs, node=new.key)
    yield from _changed(_COMBINE, old.combine.value, new.combine.value, node=new.key)
    yield from _changed(_ROUND, old.round, new.round, node=new.key)


def _of_children(old: Mapping[str, float], node: str, new: Mapping[str, float]) -> Iterator[Sentence]:
    for child, weight in new.items():
        if child in old:
            yield from _changed(_WEIGHT, old[child], weight, node=node, child=child)
        else:
            yield Sentence(_CHILD_ADDED, {"node": node, "child": child, "after": weight})
    for child, weight in old.items():
        if child not in new:
            yield Sentence(_CHILD_REMOVED, {"node": node, "child": child, "before": weight})


def _of_measures(old: Method, new: Method) -> Iterator[Sentence]:
    """Of what is new or gone its node tells."""
    before = {measure.key: measure for measure in old.measures}
    for measure in new.measures:
        yield from _of_one_measure(before.get(measure.key, measure), measure)


def _of_one_measure(old: Measure, new: Measure) -> Iterator[Sentence]:
    yield from _changed(_BEST, old.best, new.best, indicator=new.key)
    yield from _changed(_WORST, old.worst, new.worst, indicator=new.key)
    yield from _changed(_TRANSFORM, old.transform.value, new.transform.value, indicator=new.key)
    yield from _changed(_FRESH, old.fresh_for_days, new.fresh_for_days, indicator=new.key)


def _of_trust(old: Method, new: Method) -> Iterator[Sentence]:
    for grade, deviation in new.trust.deviations.items():
        yield from _changed(_DEVIATION, old.trust.deviations.get(grade), deviation, grade=grade)
    yield from _changed(_AGEING, old.trust.ageing, new.trust.ageing)
    yield from _changed(_JITTER, old.trust.jitter, new.trust.jitter)
    yield from _changed(_DRAWS, old.trust.draws, new.trust.draws)


def _weights(branch: Branch) -> dict[str, float]:
    return dict(zip(branch.children, branch.weights, strict=True))


def _changed(template: str, before: object, after: object, **about: str) -> list[Sentence]:
    if before == after:
        return []
    return [Sentence(template, {**about, "before": before, "after": after})]
