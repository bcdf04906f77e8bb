"""What is done about a country that needs attention, in which order, and by when?"""

from enum import StrEnum


class SituationState(StrEnum):
    NEW = "new"
    VERIFYING = "verifying"
    ASSESSED = "assessed"
    RESPONDING = "responding"
    MONITORING = "monitoring"
    CLOSED = "closed"


class CloseReason(StrEnum):
    # Every flag was discarded: there was nothing to it.
    UNFOUNDED = "unfounded"
    # It is over, or has been over for long enough.
    RESOLVED = "resolved"
    # It goes on in another situation.
    MERGED = "merged"
    OUT_OF_SCOPE = "out_of_scope"


class SituationAct(StrEnum):
    """What stands in the timeline."""

    OPENED = "opened"
    FLAG_JOINED = "flag_joined"
    FLAG_CONFIRMED = "flag_confirmed"
    FLAG_DISCARDED = "flag_discarded"
    MOVED = "moved"
    ASSESSED = "assessed"
    DISSENTED = "dissented"
    NOTED = "noted"
    ASSIGNED = "assigned"
    SPLIT = "split"


class Verdict(StrEnum):
    """What a person found when they looked into a flag."""

    CONFIRMED = "confirmed"
    DISCARDED = "discarded"
