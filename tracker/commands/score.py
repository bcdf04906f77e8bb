"""Computes an index that a file describes, from values in another: no installation, no database."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tracker.catalogue.broken import CatalogueBroken
from tracker.catalogue.trees import Goalposts, Index, Leaf, read_index
from tracker.commands.register import WRONG_USE
from tracker.exchange.index_values import ID, IndexValues, Range, read_index_values
from tracker.exchange.published import PublishedFileBroken
from tracker.exchange.sheets import Cell, csv_text
from tracker.index import evaluate, ranks
from tracker.refusal import Refusal

DONE = 0


def run(arguments: Namespace) -> int:
    tree, values = Path(arguments.tree), Path(arguments.values)
    try:
        index = read_index(tree)
        known = read_index_values(values, {leaf.key: _usual(leaf) for leaf in index.leaves})
        scored = csv_text(_header(index), _rows(index, known))
    except (CatalogueBroken, PublishedFileBroken) as failure:
        print(failure, file=sys.stderr)
        return WRONG_USE
    except Refusal as refusal:
        print(f"{values.name}, line 1: {refusal}", file=sys.stderr)
        return WRONG_USE
    sys.stdout.buffer.write(scored.encode())  # UTF-8, whatever this terminal takes for text
    return DONE


def _usual(leaf: Leaf) -> Range:
    ends = leaf.goalposts
    return (min(ends.best, ends.worst), max(ends.best, ends.worst)) if isinstance(ends, Goalposts) else None


def _header(index: Index) -> list[str]:
    """Points separate the parts of a key, blanks never: no heading can be another's."""
    return [ID, *(f"{branch.key}{what}" for branch in index.tree.branches for what in ("", " coverage", " rank"))]


def _rows(index: Index, known: IndexValues) -> Iterator[list[Cell]]:
    found = evaluate(index.tree, index.placed(known.values))
    places = np.array([ranks(row) for row in found.values])
    for column, one in enumerate(known.ids):
        cells: list[Cell] = [one]
        for row in range(len(index.tree.branches)):
            value, place = found.values[row, column], places[row, column]
            cells += [
                None if np.isnan(value) else float(value),
                float(found.coverage[row, column]),
                None if np.isnan(place) else int(place),
            ]
        yield cells
