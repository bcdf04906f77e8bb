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
    ticked: Sequence[int] = ()
    # What the button means: what is ticked, or the one answer that it stands at.
    picked: Sequence[int] = ()
    returns: bool = False
    # Not empty: everything clear of that criterion in that country is to be accepted, whatever is ticked.
    criterion: str = ""
    iso3: str = ""
    reason: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> Self | None:
        """None: no page of ours sends that."""
        verb, _colon, of = form.get("act", "").partition(":")
        shown = [_numbers(text.split(".")) for text in form.getlist("shown")]
        ticked = _numbers(form.getlist("pick"))
        picked = _numbers([of]) if verb == "settle" else ticked
        iso3, _colon, criterion = of.partition(":") if verb == "all" else ("", "", "")
        if verb not in (ACCEPT, RETURN, "settle", "all") or ticked is None or picked is None:
            return None
        if any(pair is None or len(pair) != 2 for pair in shown):
            return None
        return cls(
            shown={pair[0]: pair[1] for pair in shown if pair},
            ticked=ticked,
            picked=picked,
            returns=verb == RETURN,
            criterion=criterion,
            iso3=iso3,
            reason=plain_text(form.get("reason", "")).strip(),
        )

    def ticks(self, number: int, version: int) -> bool:
        """Of that very answer: what was changed since is to be looked at anew."""
        return number in self.ticked and self.shown.get(number) == version


def _numbers(texts: Sequence[str]) -> list[int] | None:
    if not all(text.isascii() and text.isdecimal() and len(text) <= 10 for text in texts):
        return None
    numbers = [int(text) for text in texts]
    return numbers if all(number <= LARGEST_NUMBER for number in numbers) else None
