"""What other organisations concluded about a country: shown as theirs, and counted nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.exchange.bundle_schema import statement_of
from tracker.storage.statements import Statement
from tracker.web.sharing.lines import Line, Names


@dataclass(frozen=True)
class OthersLine:
    partner: str
    line: Line


def others_see(statements: Sequence[Statement]) -> Sequence[OthersLine]:
    """In their order. Nothing of it was read above the reader's clearance."""
    if not statements:
        return ()
    names = Names()
    return [OthersLine(one.partner, names.line(statement_of(one.content))) for one in statements]
