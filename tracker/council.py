"""What a council did about a country: decided, referred, stated; or was kept from it by a veto, and whose."""

from enum import StrEnum


class CouncilActKind(StrEnum):
    DECISION = "decision"
    REFERRAL = "referral"
    STATEMENT = "statement"
    VETO = "veto"
