"""Which days are known beforehand on which things may come to a head?"""

from enum import StrEnum


class OccasionKind(StrEnum):
    ELECTION = "election"
    ANNIVERSARY = "anniversary"
    VERDICT = "verdict"
    CENSUS = "census"
    REVIEW = "review"
    SESSION = "session"
