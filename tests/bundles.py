"""Two organisations: one hands over, the other takes in."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from tests.situations import somebody
from tracker.access import Principal, Role
from tracker.actions.bundles import kept, keys, receiving, sending
from tracker.actions.bundles.comparing import Look
from tracker.actions.sealing import SIGNING, Seal
from tracker.bundle import BundleDirection, BundlePart, Contents, SharedFlag, SharedObservation
from tracker.exchange.bundles import new_key, signed
from tracker.handling import Mark
from tracker.situation import Verdict
from tracker.storage import bundles
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.principals import principal_of
from tracker.storage.sharing import Bundle

SEAL = Seal("a secret of the installation, for tests", SIGNING)
CORRUPTION, COURTS = "wgi_control_of_corruption", "independence_of_courts"
EVERYTHING = frozenset(BundlePart)
MADE_AT = datetime(2026, 3, 16, 11, 0, tzinfo=UTC)
FIGURE = SharedObservation(
    *("MLI", CORRUPTION, date(2024, 12, 31), -0.5, 0.2, "B", 2, Mark.GREEN, True),
    source="The World Bank",
    note="As published.",
    evidence="https://example.org/figures",
)
FLAG = SharedFlag(
    *("MLI", "weak_rule_of_law", "Weak rule of law", "rule_of_law", date(2026, 1, 5), date(2026, 2, 1), 2, True),
    verdict=Verdict.CONFIRMED,
    mark=Mark.GREEN,
)


def wish(*countries: str, **differing: Any) -> sending.Wish:
    usual = sending.Wish(
        frozenset(countries or ("MLI",)), date(2020, 1, 1), date(2026, 3, 16), EVERYTHING, ceiling=Mark.GREEN
    )
    return replace(usual, **differing)


def contents(*observations: SharedObservation, **differing: Any) -> Contents:
    return replace(Contents(MADE_AT, "Desk B", observations), **differing)


@dataclass(frozen=True)
class Office:
    """One installation, and an administrator of it who also records."""

    database: Database
    by: Principal
    now: datetime

    @classmethod
    def of(
        cls,
        database: Database,
        now: datetime,
        *,
        roles: Collection[Role] = (Role.ADMINISTRATOR, Role.ANALYST),
        clearance: Mark = Mark.AMBER,
        countries: Collection[str] | None = None,
    ) -> "Office":
        with database.writing() as session:
            return cls(database, somebody(session, *roles, now=now, clearance=clearance, countries=countries), now)

    def does(self, act: Callable[[Session], Any]) -> Any:
        with self.database.writing() as session:
            return act(session)

    def public_key(self) -> str:
        """Made on first use."""

        def act(session: Session) -> str:
            made = bundles.signing_key(session) or keys.make_key(session, SEAL, by=self.by, now=self.now)
            return made.public_key

        return str(self.does(act))

    def knows(self, other: "Office", name: str = "Desk A") -> int:
        key = other.public_key()
        return int(self.does(lambda session: keys.add_partner(session, name, key, by=self.by, now=self.now).id))

    def look(self, wanted: sending.Wish) -> sending.Look:
        with self.database.reading() as session:
            return sending.look(session, wanted, by=self.by)

    def sends(self, wanted: sending.Wish) -> bytes:
        """The file, as it is downloaded."""
        self.public_key()
        shown = self.look(wanted).fingerprint()

        def act(session: Session) -> int:
            return sending.make(session, wanted, "Desk B", SEAL, shown=shown, by=self.by, now=self.now).id

        return self.file(self.does(act))

    def file(self, bundle_id: int) -> bytes:
        with self.database.reading() as session:
            return kept.file_of(session, bundle_id)

    def brings(self, file: bytes) -> int:
        return int(self.does(lambda session: receiving.bring(session, file, by=self.by, now=self.now).id))

    def takes_in(self, bundle_id: int, *, replace: bool = False) -> Bundle:
        def act(session: Session) -> Bundle:
            return receiving.enter(session, bundle_id, replace=replace, by=self.by, now=self.now)

        taken: Bundle = self.does(act)
        return taken

    def sees(self, bundle_id: int) -> Look:
        with self.database.reading() as session:
            row = kept.visible(session, bundle_id, self.by).bundle
            return receiving.look(session, row, by=self.by, now=self.now)

    def private_key(self) -> str:
        self.public_key()
        with self.database.reading() as session:
            return keys.private_key(session, SEAL)


def kept_bundle(
    session: Session,
    who: Person,
    endpoint: str = "",
    *,
    now: datetime,
    observation: SharedObservation = FIGURE,
) -> Bundle:
    """As a page needs it: one that waits, of a partner of its own; or was taken in; or was made here."""
    pair = new_key()
    by = replace(principal_of(session, who), roles=frozenset({Role.ADMINISTRATOR}), scope=None, clearance=Mark.AMBER)
    keys.add_partner(session, f"Desk {pair.public[:6]}", pair.public, by=by, now=now)
    said = contents(observation, made_at=now, recipient=f"Desk {pair.public}", flags=(FLAG,))
    file = signed(said, pair.private)
    made = receiving.bring(session, file, by=by, now=now)
    if endpoint == "sharing.take_back":
        made.entered_at = now
    if endpoint == "sharing.download":
        made.direction, made.partner_id = BundleDirection.SENT, None
        made.summary = made.summary | {"ceiling": int(Mark.AMBER)}
    return made
