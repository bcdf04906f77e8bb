"""What the built-in method says besides the catalogue, read from method.toml and refused if broken."""

from functools import cache
from pathlib import Path

from tracker.catalogue.located import Table, read_tables
from tracker.criterion import Dimension
from tracker.method import Shape, Trust
from tracker.score import HIGHEST_SCORE

FILE = "method.toml"
_RELIABILITIES = "ABCDEF"
_CREDIBILITIES = range(1, 7)


@cache
def built_in_shape() -> Shape:
    return read_shape(Path(__file__).parent)


def read_shape(folder: Path) -> Shape:
    tables = {
        table.name: table
        for table in read_tables(folder / FILE, FILE, single=("weights", "needs", "trust", "deviations"), repeated=())
    }
    weights, needs, trust = tables["weights"], tables["needs"], tables["trust"]
    weights.require([dimension.value for dimension in Dimension])
    needs.require(("published", "coded", "criterion", "dimension", "risk", "firm_from"))
    trust.require(("ageing", "jitter", "draws"))
    return Shape(
        weights={dimension: weights.positive(dimension.value) for dimension in Dimension},
        needs_published=_share(needs, "published"),
        needs_coded=_share(needs, "coded"),
        needs_criterion=_share(needs, "criterion"),
        needs_dimension=_share(needs, "dimension"),
        needs_risk=_share(needs, "risk"),
        firm_from=_share(needs, "firm_from"),
        trust=Trust(
            deviations=_deviations(tables["deviations"]),
            ageing=trust.positive("ageing"),
            jitter=_share(trust, "jitter"),
            draws=trust.whole("draws", 100, 10_000),
        ),
    )


def _share(table: Table, key: str) -> float:
    value = table.number(key)
    if not 0 < value <= 1:
        raise table.broken(f"“{key}” is {value:g}; give a share above 0 and up to 1.", key)
    return value


def _deviations(table: Table) -> dict[str, float]:
    """Each worse grade at least as uncertain as the better one beside it and above it."""
    table.require(tuple(_RELIABILITIES))
    found: dict[str, float] = {}
    better = [0.0] * len(_CREDIBILITIES)
    for letter in _RELIABILITIES:
        row = table.entries(letter)
        if len(row) != len(_CREDIBILITIES) or not all(_is_deviation(one) for one in row):
            raise table.broken(f"“{letter}” must be six numbers above 0 and up to 100, for credibility 1 to 6.", letter)
        if sorted(row) != row or any(one < other for one, other in zip(row, better, strict=True)):
            raise table.broken(f"“{letter}” is surer in some place than a better grade; let it grow.", letter)
        found.update({f"{letter}{number}": float(one) for number, one in zip(_CREDIBILITIES, row, strict=True)})
        better = row
    return found


def _is_deviation(value: object) -> bool:
    # A bool is an int to Python, not to a reader of the file.
    return isinstance(value, float | int) and not isinstance(value, bool) and 0 < value <= HIGHEST_SCORE
