"""How much longer does an index tree take than the same means, written out in NumPy on the ready array?

    python -m bench.scores

150 leaves, 200 countries on 50 days, complete and with three values of ten missing. Medians of three rounds of ten; the
written-out means know nothing of needs, of coverage and of values that rounding carries beyond their children.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tracker.index import Branch, Combine, FloatArray, Tree, evaluate

LEAVES, COUNTRIES, DAYS = 150, 200, 50
MISSING = 0.3
ROUNDS, TIMES = 3, 10
LIMIT = 3.0


def main() -> None:
    chance = np.random.default_rng(1)
    complete = chance.random((LEAVES, COUNTRIES, DAYS)) * 100
    gaps = np.where(chance.random(complete.shape) < MISSING, np.nan, complete)
    worst = 0.0
    for combine in Combine:
        tree = tree_of(combine)
        for name, placed, written_out in (("complete", complete, means), ("with gaps", gaps, means_of_what_is_there)):
            difference = np.abs(evaluate(tree, placed).values[-1] - written_out(tree, placed))
            assert np.nanmax(difference) < 1e-9, "both compute the same"
            taken, straight = median(evaluate, tree, placed), median(written_out, tree, placed)
            worst = max(worst, taken / straight)
            print(f"{combine}, {name}: {taken:.1f} ms, written out {straight:.1f} ms, {taken / straight:.2f} times")
    print(f"limit {LIMIT:g} times: used to {worst / LIMIT:.0%}")


def tree_of(combine: Combine) -> Tree:
    """Voices of five measures, criteria of three voices, dimensions of five criteria or none, and the whole."""
    leaves = [f"leaf_{number}" for number in range(LEAVES)]
    branches: list[Branch] = []
    below = leaves
    for name, count in (("voice", 5), ("criterion", 3), ("dimension", 5), ("whole", 2)):
        level = [
            Branch(f"{name}_{start}", name, tuple(below[start : start + count]), tuple(1.0 + n for n in range(count)))
            for start in range(0, len(below), count)
        ]
        branches += [replace(branch, combine=combine, needs=0.0) for branch in level]
        below = [branch.key for branch in level]
    return Tree(tuple(leaves), tuple(branches))


def means(tree: Tree, placed: FloatArray) -> FloatArray:
    found: dict[str, FloatArray] = dict(zip(tree.leaves, placed, strict=True))
    for branch in tree.branches:
        values = np.stack([found[child] for child in branch.children])
        weights = np.array(branch.weights)[:, None, None]
        mean = (bent(branch.combine, values) * weights).sum(axis=0) / weights.sum()
        found[branch.key] = bent_back(branch.combine, mean)
    return found[tree.branches[-1].key]


def means_of_what_is_there(tree: Tree, placed: FloatArray) -> FloatArray:
    found: dict[str, FloatArray] = dict(zip(tree.leaves, placed, strict=True))
    for branch in tree.branches:
        values = np.stack([found[child] for child in branch.children])
        weights = np.where(np.isnan(values), 0.0, np.array(branch.weights)[:, None, None])
        with np.errstate(invalid="ignore"):
            mean = np.nansum(bent(branch.combine, values) * weights, axis=0) / weights.sum(axis=0)
        found[branch.key] = bent_back(branch.combine, mean)
    return found[tree.branches[-1].key]


def bent(combine: Combine, values: FloatArray) -> FloatArray:
    if combine is Combine.ARITHMETIC:
        return values
    return np.log(values) if combine is Combine.GEOMETRIC else np.log((100 - values) / 100 * 9 + 1)


def bent_back(combine: Combine, mean: FloatArray) -> FloatArray:
    if combine is Combine.ARITHMETIC:
        return mean
    return np.exp(mean) if combine is Combine.GEOMETRIC else 100 - (np.exp(mean) - 1) / 9 * 100


def median(act: Callable[[Tree, FloatArray], object], tree: Tree, placed: FloatArray) -> float:
    taken = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        for _time in range(TIMES):
            act(tree, placed)
        taken.append((time.perf_counter() - begun) / TIMES * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
