"""What one organisation hands to another: observations, flags and assessments of chosen countries, signed."""

from enum import StrEnum


class BundleDirection(StrEnum):
    SENT = "sent"
    RECEIVED = "received"


class StatementKind(StrEnum):
    """What another organisation concluded, beside what it observed."""

    FLAG = "flag"
    ASSESSMENT = "assessment"
