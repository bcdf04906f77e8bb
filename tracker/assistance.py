"""A State asks for help: what for, and what becomes of it."""

from enum import StrEnum


class AssistanceState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
