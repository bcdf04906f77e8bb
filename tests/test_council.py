"""What may be written of what a council did."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.council import (
    FIRST_DAY,
    LONGEST_COUNCIL,
    LONGEST_WORDS,
    ActDraft,
    CouncilActKind,
    CouncilMissing,
    CouncilTooLong,
    NobodyVetoed,
    NotYet,
    NoVeto,
    SaidMissing,
    SaidTooLong,
    refuse_unfit,
)
from tracker.occasion import LinkUnfit
from tracker.refusal import Refusal

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)
STATEMENT = ActDraft("Security Council", CouncilActKind.STATEMENT, TODAY, "It called for calm.")
VETO = {"kind": CouncilActKind.VETO, "vetoed_by": ("FRA", "USA")}


@pytest.mark.parametrize(
    ("fit", "unfit", "refusal"),
    [
        ({"council": "a" * LONGEST_COUNCIL}, {"council": "a" * (LONGEST_COUNCIL + 1)}, CouncilTooLong),
        ({}, {"council": ""}, CouncilMissing),
        ({"words": "a" * LONGEST_WORDS}, {"words": "a" * (LONGEST_WORDS + 1)}, SaidTooLong),
        ({}, {"words": ""}, SaidMissing),
        ({"day": TODAY}, {"day": TODAY + DAY}, NotYet),
        ({"day": FIRST_DAY}, {"day": FIRST_DAY - DAY}, NotYet),
        (VETO, {"kind": CouncilActKind.VETO}, NobodyVetoed),
        ({}, {"vetoed_by": ("FRA",)}, NoVeto),
        (VETO, {**VETO, "vetoed_by": ("MLI",)}, NoVeto),
        ({"link": "http://example.org"}, {"link": "example.org"}, LinkUnfit),
    ],
)
def test_an_act_says_who_did_what_when_and_a_veto_whose(
    fit: dict[str, object], unfit: dict[str, object], refusal: type[Refusal]
) -> None:
    refuse_unfit(replace(STATEMENT, **fit), TODAY)  # type: ignore[arg-type]
    with pytest.raises(refusal):
        refuse_unfit(replace(STATEMENT, **unfit), TODAY)  # type: ignore[arg-type]
