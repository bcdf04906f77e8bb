"""Sends the mail that is due: claim, send, settle, and never while a transaction is open.

What is handed over when, and what a worker's end at each point leaves behind, is told in decision 0020.
"""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from tracker import failure
from tracker.actions import outgoing_mails
from tracker.actions.digests import making
from tracker.actions.digests.making import Obstacle
from tracker.actions.outgoing_mails import Claim
from tracker.delivery.failures import (
    NobodyCanTell,
    NotHandedOver,
    RecipientRefused,
    RefusedForGood,
    RelayAway,
    TakenOver,
)
from tracker.delivery.mailbox import Mailbox, open_mailbox
from tracker.delivery.message import compose, host_of
from tracker.delivery.parcel import Parcel, parcel_of, parcel_of_frozen
from tracker.jobs.job import Shift
from tracker.jobs.ledger import Ledger
from tracker.jobs.make_digests import tell
from tracker.settings import UncertainMail
from tracker.storage import outgoing_mails as kept_mails
from tracker.storage.base import DATABASE_AWAY, Session

# Longer than the relay can keep one mail waiting: a dozen answers with a time-out of 30 seconds each, and the last.
LEASE = timedelta(minutes=10)
# So much of it must be left when a text ends: the relay may take its time, and the end has to be written down.
RESERVED_FOR_THE_END = 0.3
# Then the other jobs have their turn, the heartbeat first; what is left goes out seconds later.
LONGEST_RUN = timedelta(minutes=1)
# A mail that left and is not known to have left may be sent again: the database gets this long to come back. Together
# with the longest hand-over this is less than the lease.
PAUSES_BEFORE_SETTLING_AGAIN = (1.0, 5.0, 15.0, 30.0)
# While one mail waits for the disk or the relay, another is handed over: one more connection for each ten that wait.
MOST_CONNECTIONS = 8
MAILS_FOR_ANOTHER_CONNECTION = 10

# Writes down how a mail ended, and claims the next one.
Settle = Callable[[], Claim | None]


class Ending(StrEnum):
    SENT = "sent"
    REFUSED = "refused for good"
    DELAYED = "to be tried again"
    HELD = "held because nobody can tell whether it was taken"
    TAKEN_BACK = "not sent because nothing is to be told any more"
    TAKEN_OVER = "sent by another worker"
    RELAY_AWAY = "kept because the relay is away"


def anything_to_send(session: Session, now: datetime) -> bool:
    return kept_mails.anything_free(session, now=now)


def send_mail(shift: Shift) -> str:
    run = Run(shift, shift.clock() + LONGEST_RUN, f"sender {secrets.token_hex(8)}")
    run.go()
    told = ", ".join(f"{run.endings[ending]} {ending}" for ending in Ending if run.endings[ending])
    return f"Mail: {told}." if told else ""


@dataclass
class Run:
    """A minute of sending, over as many connections as are worth it."""

    shift: Shift
    end: datetime
    owner: str
    endings: Counter[Ending] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.shift.database, self.shift.clock, self._claim)
        self._counting = threading.Lock()

    def go(self) -> None:
        """The first mail alone: while the relay is away it is asked once, and not for every mail."""
        with open_mailbox(self.shift.settings) as mailbox, ThreadPoolExecutor(MOST_CONNECTIONS) as others:
            first = Sender(self, mailbox)
            following = first.send_one(self.ledger.next_mail())
            helping = [others.submit(self._help) for _ in range(self._how_many_others() if following else 0)]
            self.ledger.writers += len(helping)
            first.send_all(following)
            for one in helping:
                one.result()

    def count(self, ending: Ending) -> None:
        with self._counting:
            self.endings[ending] += 1

    def _is_over(self) -> bool:
        return self.shift.stopping() or self.shift.clock() >= self.end or bool(self.endings[Ending.RELAY_AWAY])

    def _claim(self, session: Session, most: int) -> list[Claim]:
        most = 0 if self._is_over() else most
        return outgoing_mails.claim(session, owner=self.owner, now=self.shift.clock(), lease=LEASE, most=most)

    def _help(self) -> None:
        with open_mailbox(self.shift.settings) as mailbox:
            try:
                mailbox.connect()
            except NotHandedOver:
                pass  # the relay allows no more at once: those that are open will do
            else:
                Sender(self, mailbox).send_all(self.ledger.next_mail())
            finally:
                self.ledger.writers -= 1

    def _how_many_others(self) -> int:
        most = MOST_CONNECTIONS * MAILS_FOR_ANOTHER_CONNECTION
        with self.shift.database.reading() as session:
            free = kept_mails.how_many_free(session, now=self.shift.clock(), most=most)
        return min(free // MAILS_FOR_ANOTHER_CONNECTION, MOST_CONNECTIONS - 1)


class Sender:
    """One connection, and one mail after the other over it."""

    def __init__(self, run: Run, mailbox: Mailbox) -> None:
        self._run = run
        self._shift = run.shift
        self._mailbox = mailbox

    def send_all(self, claimed: Claim | None) -> None:
        while claimed is not None:
            claimed = self.send_one(claimed)

    def send_one(self, claimed: Claim | None) -> Claim | None:
        """The next one, which is claimed as this one is settled."""
        if claimed is None:
            return None
        claimed_at = time.monotonic()
        ending, settle = self._handed_over(claimed, claimed_at)
        self._run.count(ending)
        for pause in PAUSES_BEFORE_SETTLING_AGAIN:
            try:
                return settle()
            except DATABASE_AWAY:
                self._shift.pause(pause)
        return settle()

    def _handed_over(self, claimed: Claim, claimed_at: float) -> tuple[Ending, Settle]:
        """How that ended, and how to write it down."""
        try:
            if claimed.is_uncertain:
                known = self._asked(claimed)
                if known is not None:
                    return known
            ready = self._told_anew(claimed) if claimed.is_stale else claimed
            if isinstance(ready, Obstacle):
                taken_back = partial(making.take_back, claimed=claimed, obstacle=ready, now=self._now())
                return Ending.TAKEN_BACK, partial(self._run.ledger.settle, taken_back)
            self._mailbox.hand_over(self._parcel(ready), Watched(self._run, ready, claimed_at))
        except TakenOver:
            return Ending.TAKEN_OVER, self._run.ledger.next_mail
        except DATABASE_AWAY:
            raise
        # Whatever is wrong with one mail, those behind it go out.
        except Exception as problem:
            return self._failed(claimed, problem)
        return self._sent(claimed)

    def _asked(self, claimed: Claim) -> tuple[Ending, Settle] | None:
        """It may have left when a worker ended. None: it is to be sent, or sent again."""
        was_taken = self._mailbox.has(self._parcel(claimed))
        if was_taken:
            return self._sent(claimed)
        # a reader who may see less by now is not sent it once more
        is_held = claimed.is_stale or self._shift.settings.uncertain_mail is UncertainMail.HOLD
        if was_taken is None and is_held:
            held = partial(outgoing_mails.settle_uncertain, claimed=claimed, now=self._now())
            return Ending.HELD, partial(self._run.ledger.settle, held)
        return None

    def _told_anew(self, claimed: Claim) -> Claim | Obstacle:
        assert claimed.delivery_id is not None, "a letter does not become stale"
        told = tell(self._shift, claimed.delivery_id)
        if isinstance(told, Obstacle):
            return told
        anew = partial(making.make_anew, claimed=claimed, told=told, now=self._now())
        made: Claim | None = self._run.ledger.write(anew)
        if made is None:
            raise TakenOver
        return made

    def _sent(self, claimed: Claim) -> tuple[Ending, Settle]:
        return Ending.SENT, partial(self._run.ledger.settle_sent, claimed)

    def _failed(self, claimed: Claim, problem: Exception) -> tuple[Ending, Settle]:
        failed = partial(
            outgoing_mails.settle_failed,
            claimed=claimed,
            error=failure.in_words(problem, self._shift.settings, is_sentence=isinstance(problem, NotHandedOver)),
            for_good=isinstance(problem, RefusedForGood),
            recipient_refused=isinstance(problem, RecipientRefused),
            may_have_left=isinstance(problem, NobodyCanTell),
            now=self._now(),
        )
        return _ending(problem), partial(self._run.ledger.settle, failed)

    def _parcel(self, claimed: Claim) -> Parcel:
        """The day it was meant for, not that of the attempt: every attempt is the same mail."""
        settings = self._shift.settings
        envelope: dict[str, Any] = {
            "sender": settings.mail_from,
            "recipient": claimed.recipient,
            "message_id": f"{claimed.message_id}@{host_of(settings.public_url)}",
            "written_at": claimed.written_at,
        }
        if claimed.message is not None:
            return parcel_of_frozen(claimed.message, **envelope)
        return parcel_of(compose(**envelope, subject=claimed.subject, body=claimed.body or ""))

    def _now(self) -> datetime:
        return self._shift.clock()


@dataclass(frozen=True)
class Watched:
    """A mail at the two moments at which it can still be let go."""

    run: Run
    claimed: Claim
    # By a clock that nobody sets.
    claimed_at: float

    def may_begin(self) -> bool:
        return self.run.ledger.begin(self.claimed)

    def may_end(self) -> bool:
        """Whoever was held up for so long that the mail may be somebody else's lets go of it."""
        reserve = LEASE * RESERVED_FOR_THE_END
        was_quick = time.monotonic() - self.claimed_at < (LEASE - reserve).total_seconds()
        return was_quick and self.run.shift.clock() < self.claimed.leased_until - reserve


def _ending(problem: Exception) -> Ending:
    if isinstance(problem, RefusedForGood):
        return Ending.REFUSED
    return Ending.RELAY_AWAY if isinstance(problem, RelayAway) else Ending.DELAYED
