"""What the invented desk shares with a neighbour: a bundle that was taken in, one that waits, and one that was made."""

from datetime import date, datetime, timedelta

from tracker.access import Principal
from tracker.actions.bundles import keys, receiving, sending
from tracker.actions.sealing import Seal
from tracker.assessment import Crime, Stage
from tracker.bundle import BundlePart, Contents, SharedAssessment, SharedFlag, SharedObservation
from tracker.exchange.bundles import new_key, signed
from tracker.handling import Mark
from tracker.situation import Verdict
from tracker.storage.base import Session

NEIGHBOUR = "Institute of the Outer Sea"
DESK = "Early warning desk of the archipelago"
LOW_CAYS, PORT, CAPE = "XAD", "XAB", "XAF"
# Of the Low Cays the desk itself has heard nothing for long.
HEARD = (
    ("militias", 2.0, "Armed men meet the ferry in two of the five harbours; nobody was stopped."),
    ("communal_violence", 1.0, "No attack on a settlement was told of in any of the harbours."),
    ("food_shortage", 2.0, "Rice is sold by the cup; one ship in three stays away."),
)
SUMMARY = "People are driven from the villages over the ridge, by name and by family; the port is next."
SHARED_FOR = timedelta(days=180)


def share(session: Session, seal: Seal | None, *, by: Principal, now: datetime) -> None:
    """`seal`: what the installation keeps its key under. None: it has no key here, and makes no bundle."""
    pair = new_key()
    keys.add_partner(session, NEIGHBOUR, pair.public, by=by, now=now - timedelta(days=40))
    told, waits = now - timedelta(days=12), now - timedelta(days=1)
    brought = receiving.bring(session, signed(_concluded(told), pair.private), by=by, now=told)
    receiving.enter(session, brought.id, replace=False, by=by, now=told)
    receiving.bring(session, signed(_observed(waits), pair.private), by=by, now=waits)
    if seal is not None:
        keys.make_key(session, seal, by=by, now=now - timedelta(days=39))
        _hand_out(session, seal, by=by, now=now - timedelta(hours=3))


def _concluded(made_at: datetime) -> Contents:
    def days_before(number: int) -> date:
        return (made_at - timedelta(days=number)).date()

    return Contents(
        made_at=made_at - timedelta(hours=2),
        recipient=DESK,
        flags=(
            SharedFlag(
                *(PORT, "new_high", "An indicator at a new high", "militias", days_before(40), days_before(6), 3, True),
                verdict=Verdict.CONFIRMED,
                mark=Mark.GREEN,
            ),
            SharedFlag(
                *(CAPE, "rising_criterion", "Rising score of a criterion", "incitement"),
                *(days_before(9), days_before(9), 2, True),
                verdict=None,
                mark=Mark.CLEAR,
            ),
        ),
        assessments=(
            SharedAssessment(
                *(PORT, "", days_before(5), (Crime.ETHNIC_CLEANSING,), "", 4, 4, Stage.ONGOING_VIOLENCE),
                population="Families of the hill villages",
                summary=SUMMARY,
                mark=Mark.GREEN,
            ),
        ),
    )


def _observed(made_at: datetime) -> Contents:
    day = (made_at - timedelta(days=3)).date()
    return Contents(
        made_at=made_at - timedelta(hours=1),
        recipient=DESK,
        observations=tuple(
            SharedObservation(
                *(LOW_CAYS, indicator, day, value, None, "C", 3, Mark.GREEN, True),
                source="Harbour masters of the outer sea",
                note=note,
                evidence=None,
            )
            for indicator, value, note in HEARD
        ),
    )


def _hand_out(session: Session, seal: Seal, *, by: Principal, now: datetime) -> None:
    wish = sending.Wish(
        frozenset({PORT, CAPE}), (now - SHARED_FOR).date(), now.date(), frozenset(BundlePart), ceiling=Mark.GREEN
    )
    shown = sending.look(session, wish, by=by).fingerprint()
    sending.make(session, wish, NEIGHBOUR, seal, shown=shown, by=by, now=now)
