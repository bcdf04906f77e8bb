"""Indices as files: a tree, and how the values of each leaf find their place on its scale.

docs/trees/README.md explains the format. Branches may stand in any order in a file; a tree has children first.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from tracker.catalogue.broken import CatalogueBroken
from tracker.catalogue.located import Table, read_tables
from tracker.index import Branch, Combine, FloatArray, Tree, severity_of
from tracker.indicator import Transform
from tracker.refusal import N_, Refusal
from tracker.tree_fault import MOST_DIGITS, faults

_KEY_SHAPE = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
# It heads the column that says of whom a row speaks.
_TAKEN = "id"
_LEAF_EXTRAS = ("best", "worst", "from", "high", "transform", "at_least", "at_most")

_ALIKE = N_("All values of “%(leaf)s” are %(value)s, which makes no scale; give its best and worst in the tree.")
_NO_LOGARITHM = N_("“%(leaf)s” goes down to %(value)s, which has no logarithm; give its best and worst in the tree.")


class High(StrEnum):
    """What a high value says."""

    GOOD = "good"
    BAD = "bad"


class From(StrEnum):
    """Where goalposts come from that are not given."""

    DATA = "data"


@dataclass(frozen=True)
class Goalposts:
    """The two ends of a leaf's values, in their own unit; what lies beyond an end counts as that end."""

    best: float
    worst: float


@dataclass(frozen=True)
class Leaf:
    key: str
    name: str
    # High: the smallest and the largest of the values themselves are the ends, and which of them is the good one.
    goalposts: Goalposts | High
    transform: Transform = Transform.NONE
    # What lies beyond counts as this, before ends are looked for: so that one odd value does not stretch the scale.
    at_least: float | None = None
    at_most: float | None = None

    def ends(self, values: FloatArray) -> Goalposts:
        """Of values that are capped already; raises Refusal where they make no scale."""
        if isinstance(self.goalposts, Goalposts):
            return self.goalposts
        smallest, largest = float(np.fmin.reduce(values)), float(np.fmax.reduce(values))
        if smallest == largest:
            raise Refusal(_ALIKE, leaf=self.key, value=f"{smallest:g}")
        if self.transform is Transform.LOG and smallest <= 0:
            raise Refusal(_NO_LOGARITHM, leaf=self.key, value=f"{smallest:g}")
        return Goalposts(smallest, largest) if self.goalposts is High.BAD else Goalposts(largest, smallest)


@dataclass(frozen=True)
class Index:
    """A tree with the goalposts of its leaves, which stand in the order of `tree.leaves`."""

    name: str
    # What the upper end of the tree's scale says: of a risk that it is bad, of a development index that it is good.
    high: High
    leaves: tuple[Leaf, ...]
    tree: Tree

    def placed(self, values: FloatArray) -> FloatArray:
        """A row of values for each leaf, in its own unit, as rows on the tree's scale; raises Refusal."""
        return np.array([self._placed(leaf, row) for leaf, row in zip(self.leaves, values, strict=True)])

    def _placed(self, leaf: Leaf, row: FloatArray) -> FloatArray:
        capped = np.clip(
            row,
            -np.inf if leaf.at_least is None else leaf.at_least,
            np.inf if leaf.at_most is None else leaf.at_most,
        )
        ends = leaf.ends(capped)
        bottom, top = (ends.best, ends.worst) if self.high is High.BAD else (ends.worst, ends.best)
        return severity_of(capped, bottom, top, leaf.transform, self.tree.scale)


def read_index(path: Path) -> Index:
    """The index of a file; raises CatalogueBroken at the first fault."""
    tables = read_tables(path, path.name, single=("tree",), repeated=("leaf", "branch"))
    [whole] = [table for table in tables if table.name == "tree"]
    whole.require(("name", "scale"), ("high",))
    found: dict[str, Table] = {}
    leaves = tuple(_leaf(table, found) for table in tables if table.name == "leaf")
    branches = [_branch(table, found) for table in tables if table.name == "branch"]
    ordered = tuple(_children_first(branches, found))
    tree = Tree(tuple(leaf.key for leaf in leaves), ordered, whole.positive("scale"))
    for fault in faults(tree):
        at, child = found.get(fault.key, whole), fault.values.get("child")
        at, key = (at.part("children"), str(child)) if child else (at, "key")
        raise at.broken(fault.sentence % fault.values, key)
    high = whole.word("high", High) if "high" in whole.values else High.BAD
    return Index(whole.text("name"), high, leaves, tree)


def as_toml(index: Index) -> str:
    """The file that read_index reads as this index."""
    tree = {"name": index.name, "scale": index.tree.scale, "high": index.high}
    tables = [_table("[tree]", tree)]
    tables += [_table("[[leaf]]", _leaf_as_plain(leaf)) for leaf in index.leaves]
    for branch in index.tree.branches:
        tables.append(_table("[[branch]]", _branch_as_plain(branch)))
        tables.append(_table("[branch.children]", dict(zip(branch.children, branch.weights, strict=True))))
    return "\n".join(tables)


def _key(table: Table, found: dict[str, Table]) -> str:
    """Its key, which nothing else in the file has; `found` remembers it."""
    key = table.text("key")
    if not _KEY_SHAPE.fullmatch(key) or key == _TAKEN:
        allowed = (
            "begin with a letter, go on with letters, digits, underscores and points, and leave id to the countries"
        )
        raise table.broken(f"the key “{key}” is malformed; {allowed}.", "key")
    if key in found:
        line = found[key].key_lines.get("key", found[key].line)
        raise table.broken(f"“{key}” is on line {line} already; rename one of the two.", "key")
    found[key] = table
    return key


def _leaf(table: Table, found: dict[str, Table]) -> Leaf:
    table.require(("key", "name"), _LEAF_EXTRAS)
    key = _key(table, found)
    transform = table.word("transform", Transform) if "transform" in table.values else Transform.NONE
    at_least, at_most = (table.number(cap) if cap in table.values else None for cap in ("at_least", "at_most"))
    if at_least is not None and at_most is not None and at_least >= at_most:
        raise table.broken(f"at_most is {at_most:g} and at_least {at_least:g}; make at_most the larger.", "at_most")
    goalposts = _high(table) if "from" in table.values else _goalposts(table, transform)
    return Leaf(key, table.text("name"), goalposts, transform, at_least, at_most)


def _high(table: Table) -> High:
    table.word("from", From)
    for key in ("best", "worst"):
        if key in table.values:
            raise table.broken(f"{table.title} takes its ends from the data and yet has a {key}; remove one.", key)
    if "high" not in table.values:
        raise table.broken(f"{table.title} takes its ends from the data; add high = “good” or “bad”.", "from")
    return table.word("high", High)


def _goalposts(table: Table, transform: Transform) -> Goalposts:
    for key in ("best", "worst"):
        if key not in table.values:
            raise table.broken(f"{table.title} lacks the key “{key}”; add it, or write from = “data”.")
    if "high" in table.values:
        raise table.broken(f"{table.title} has best and worst, which say what is high; remove high.", "high")
    best, worst = table.number("best"), table.number("worst")
    if best == worst:
        raise table.broken(f"best and worst are both {best:g}; give the scale two different ends.", "worst")
    if transform is Transform.LOG and min(best, worst) <= 0:
        key = "best" if best <= 0 else "worst"
        raise table.broken(f"“{key}” must be above 0 on a logarithmic scale; raise it or drop the transform.", key)
    return Goalposts(best, worst)


def _branch(table: Table, found: dict[str, Table]) -> Branch:
    table.require(("key", "name", "children"), ("combine", "needs", "round"))
    key = _key(table, found)
    children = table.part("children")
    if not children.values:
        raise table.broken(f"“{key}” has no children; name at least one, with its weight.", "children")
    given = Branch(key, table.text("name"), tuple(children.values), tuple(map(children.positive, children.values)))
    return replace(
        given,
        combine=table.word("combine", Combine) if "combine" in table.values else given.combine,
        needs=table.share("needs") if "needs" in table.values else given.needs,
        round=table.whole("round", 0, MOST_DIGITS) if "round" in table.values else given.round,
    )


def _children_first(branches: Sequence[Branch], found: dict[str, Table]) -> Iterator[Branch]:
    """In the order of the file as far as it can be; what is in that order already stays as it is."""
    waiting = {branch.key: branch for branch in branches}
    while waiting:
        before = len(waiting)
        for branch in list(waiting.values()):
            if not any(child in waiting for child in branch.children):
                yield waiting.pop(branch.key)
        if len(waiting) == before:
            raise _circle(waiting, found)


def _circle(waiting: dict[str, Branch], found: dict[str, Table]) -> CatalogueBroken:
    """Each of those that wait has a child that waits: whoever goes down from one arrives where they have been."""
    way = [next(iter(waiting))]
    while way[-1] not in way[:-1]:
        way.append(next(child for child in waiting[way[-1]].children if child in waiting))
    circle = way[way.index(way[-1]) :]
    reason = f"“{circle[0]}” is below itself ({' → '.join(circle)}); take one of them out of the other's children."
    return found[circle[0]].part("children").broken(reason, circle[1])


def _leaf_as_plain(leaf: Leaf) -> dict[str, object]:
    plain: dict[str, object] = {"key": leaf.key, "name": leaf.name}
    if isinstance(leaf.goalposts, Goalposts):
        plain |= asdict(leaf.goalposts)
    else:
        plain |= {"from": From.DATA, "high": leaf.goalposts}
    if leaf.transform is not Transform.NONE:
        plain["transform"] = leaf.transform
    return plain | {"at_least": leaf.at_least, "at_most": leaf.at_most}


def _branch_as_plain(branch: Branch) -> dict[str, object]:
    plain = asdict(branch)
    return {key: plain[key] for key in ("key", "name", "combine", "needs", "round")}


def _table(header: str, plain: Mapping[str, object]) -> str:
    lines = [
        f"{key if _BARE.fullmatch(key) else _written(key)} = {_written(value)}"
        for key, value in plain.items()
        if value is not None
    ]
    return "\n".join((header, *lines, ""))


def _written(value: object) -> str:
    """The digits of a number are all kept; text is escaped as in JSON, but for one sign more."""
    if isinstance(value, int | float):
        return repr(value).removesuffix(".0")
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
