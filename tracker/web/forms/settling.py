"""What a reviewer's form says: what they had before them, what they ticked, and what is to be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from werkzeug.datastructures import MultiDict

from tracker.text import plain_text

ACCEPT, RETURN = "accept", "return"
LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Settling:
    # By number, the version of each answer that the page showed.
    shown: Mapping[int, int] = field(default_factory=dict)
    picked: Sequence[int] = ()
    returns: bool = False
    # Not empty: everything clear of that criterion is to be accepted, whatever is ticked.
    criterion: str = ""
    reason: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> Self | None:
        """None: no page of ours sends that."""
        verb, _colon, of = form.get("act", "").partition(":")
        shown = [_numbers(text.split(".")) for text in form.getlist("shown")]
        picked = _numbers([of] if verb == "settle" else form.getlist("pick"))
        if verb not in (ACCEPT, RETURN, "settle", "all") or picked is None:
            return None
        if any(pair is None or len(pair) != 2 for pair in shown):
            return None
        return cls(
            shown={pair[0]: pair[1] for pair in shown if pair},
            picked=picked,
            returns=verb == RETURN,
            criterion=of if verb == "all" else "",
            reason=plain_text(form.get("reason", "")).strip(),
        )


def _numbers(texts: Sequence[str]) -> list[int] | None:
    if not all(text.isascii() and text.isdecimal() and len(text) <= 10 for text in texts):
        return None
    numbers = [int(text) for text in texts]
    return numbers if all(number <= LARGEST_NUMBER for number in numbers) else None
