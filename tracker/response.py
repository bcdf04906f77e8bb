"""What is proposed, decided and done about a situation: one measure, from its proposal to its outcome."""

from enum import StrEnum


class ResponseState(StrEnum):
    PROPOSED = "proposed"
    DECIDED = "decided"
    DECLINED = "declined"
    UNDER_WAY = "under_way"
    DONE = "done"
    ABANDONED = "abandoned"


class ResponseAct(StrEnum):
    """What stands in the ledger of a response."""

    PROPOSED = "proposed"
    CHANGED = "changed"
    DECIDED = "decided"
    DECLINED = "declined"
    STARTED = "started"
    # How far it is, said while it is under way.
    REPORTED = "reported"
    DONE = "done"
    ABANDONED = "abandoned"
