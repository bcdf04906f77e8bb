"""What is asked of whoever writes a digest, and what comes back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tracker.digest import DeliveryKind
from tracker.handling import Mark
from tracker.storage.base import Session
from tracker.storage.mailing import Subscription


@dataclass(frozen=True)
class Asked:
    """For one reader, with what they may see at this moment."""

    # None: a look at what it would be; nothing is kept.
    delivery_id: int | None
    kind: DeliveryKind
    person_id: int
    # None: an urgent notice.
    subscription: Subscription | None
    # What happened after it is new.
    since: datetime
    # The moment at which it is made.
    until: datetime
    # Where one click ends it, in a mail program too. Empty: a look at what it would be.
    leave_url: str
    # How things stood as they were told last (tracker/news.py). None: nothing was told yet, and `since` says how.
    stood: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True)
class Headline:
    """One line of what a digest tells, for programs."""

    # "Mali (alarm): Weak rule of law".
    title: str
    # The reason; empty: the title says all.
    words: str
    # The whole address of where more is to be read.
    url: str
    # Empty: it is about no single country.
    iso3: str
    # What happened to a flag, and how urgent it is, as their vocabularies write it; empty: it is about no flag.
    turn: str
    severity: str
    # Of what the line says.
    handling: Mark


@dataclass(frozen=True)
class Made:
    subject: str
    text: str
    html: str
    # PNG by name: in the HTML the source of "map" is "cid:map".
    images: Mapping[str, bytes] = field(hash=False)
    # The highest mark of anything in it.
    handling: Mark
    # The next one tells what happened afterwards.
    until: datetime
    # What it is about, told of or not: who reaches less may not read it again. None: whatever there is.
    countries: Collection[str] | None = None
    # What the next one compares with.
    stood: Mapping[str, Any] = field(default_factory=dict, hash=False)
    # In the order of the mail.
    headlines: Sequence[Headline] = ()


class Teller(Protocol):
    def tell(self, session: Session, asked: Asked, now: datetime) -> Made | None:
        """None: nothing is new, and the reader does not want to hear that.

        `session` only reads, and all that it reads is of one moment. Whatever goes wrong is this one's affair: it is
        tried again later, and the others are told.
        """
