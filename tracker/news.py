"""What is new to somebody: how a flag stood when they last looked, and how it stands now."""

from enum import StrEnum


class Turn(StrEnum):
    NEW = "new"
    WORSENED = "worsened"
    EASED = "eased"
    CLEARED = "cleared"


def turn_between(before: int, now: int) -> Turn | None:
    """By severity, 0 being no open flag. None: nothing that they would have to be told.

    What was raised and is over again before they looked is no news: it needs nobody any more.
    """
    if before == now:
        return None
    if not before:
        return Turn.NEW
    if not now:
        return Turn.CLEARED
    return Turn.WORSENED if now > before else Turn.EASED
