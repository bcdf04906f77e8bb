"""The steps of a digest at which a worker can be made to end: hooked in from outside, the product knows none of them.

In a transaction there are two moments: before it is committed, when all of it will be undone, and just after, when
nothing that follows has happened yet.
"""

import os
import signal
import smtplib
import threading
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session as AnySession

from tracker.actions import outgoing_mails
from tracker.actions.digests import making, planning
from tracker.delivery import mailbox
from tracker.storage import deliveries

POINTS = (
    *("plan.begun", "plan.added", "plan.written", "plan.committed"),
    *("claim_to_make.written", "claim_to_make.committed", "told", "queue.written", "queue.committed"),
    *("claim_to_send.written", "claim_to_send.committed", "smtp.connecting", "smtp.connected", "smtp.sender"),
    *("smtp.recipient", "smtp.go_ahead", "mark.written", "mark.committed", "smtp.half", "smtp.text", "smtp.checked"),
    *("smtp.dot", "smtp.taken", "settle.written", "settle.committed"),
)
# Whoever ends at one of these may have handed a mail over, and nobody knows. As one is settled the next is claimed.
IN_DOUBT = frozenset({"smtp.dot", "smtp.taken", "settle.written", "claim_to_send.written"})
# A transaction is open then: whoever is stopped there holds everybody up.
IN_A_TRANSACTION = frozenset(point for point in POINTS if point.endswith((".added", ".written")))


class Trap:
    """Ends the process when it comes to a point for the n-th time. "": never."""

    def __init__(self, point: str, occurrence: int, how: signal.Signals = signal.SIGKILL) -> None:
        self._point = point
        self._occurrence = occurrence
        self._how = how
        self._lock = threading.Lock()
        self._passed: Counter[str] = Counter()

    def pass_by(self, point: str) -> None:
        with self._lock:
            self._passed[point] += 1
            is_it = point == self._point and self._passed[point] == self._occurrence
        if is_it:
            os.kill(os.getpid(), self._how)


def set_up(trap: Trap) -> None:
    """In this process, for good."""
    _hook_writes(trap)
    _hook(planning, "plan_due", before=lambda: trap.pass_by("plan.begun"))
    _hook(deliveries, "add", after=lambda: trap.pass_by("plan.added"))
    _hook(mailbox, "_connect", before=lambda: trap.pass_by("smtp.connecting"))
    _hook(mailbox, "_connect", after=lambda: trap.pass_by("smtp.connected"))
    _hook(smtplib.SMTP, "mail", after=lambda: trap.pass_by("smtp.sender"))
    _hook(smtplib.SMTP, "rcpt", after=lambda: trap.pass_by("smtp.recipient"))
    _hook(mailbox, "_offer", after=lambda: trap.pass_by("smtp.go_ahead"))
    _hook(mailbox, "_end_text", before=lambda: trap.pass_by("smtp.checked"))
    _hook(mailbox, "_end_text", after=lambda: trap.pass_by("smtp.taken"))
    _hook_text(trap)


def _hook(
    owner: Any, name: str, *, before: Callable[[], None] | None = None, after: Callable[[], None] | None = None
) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def hooked(*arguments: Any, **named: Any) -> Any:
        if before is not None:
            before()
        outcome = original(*arguments, **named)
        if after is not None:
            after()
        return outcome

    setattr(owner, name, hooked)


def _hook_writes(trap: Trap) -> None:
    """Each of these is called in a transaction of which it is the point."""
    for write, owner, name in (
        ("plan", planning, "plan_due"),
        ("claim_to_make", making, "claim"),
        ("queue", making, "settle_made"),
        ("claim_to_send", outgoing_mails, "claim"),
        ("mark", outgoing_mails, "begin_transmitting"),
        ("settle", outgoing_mails, "settle_sent"),
    ):
        _note(write, owner, name)
    # what the transaction is about stands in it, and is looked at as it ends
    event.listen(AnySession, "before_commit", lambda session: _pass_all(trap, session, "written"))
    event.listen(AnySession, "after_commit", lambda session: _pass_all(trap, session, "committed"))


def _note(write: str, owner: Any, name: str) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def noted(session: AnySession, *arguments: Any, **named: Any) -> Any:
        outcome = original(session, *arguments, **named)
        # of a claim that found nothing, or a mark that came too late, there is nothing to lose
        if outcome or write in ("queue", "settle"):
            session.info.setdefault("writes", set()).add(write)
        return outcome

    setattr(owner, name, noted)


def _pass_all(trap: Trap, session: AnySession, moment: str) -> None:
    for write in sorted(session.info.get("writes", ())):
        trap.pass_by(f"{write}.{moment}")
    if moment == "committed":
        session.info.clear()


def _hook_text(trap: Trap) -> None:
    """A text goes out in two halves; its end is a dot alone."""
    original = smtplib.SMTP.send

    def send(self: smtplib.SMTP, content: Any) -> None:
        if content == b".\r\n":
            original(self, content)
            trap.pass_by("smtp.dot")
        elif isinstance(content, bytes) and b"\r\n\r\n" in content:
            middle = len(content) // 2
            original(self, content[:middle])
            trap.pass_by("smtp.half")
            original(self, content[middle:])
            trap.pass_by("smtp.text")
        else:
            original(self, content)

    smtplib.SMTP.send = send  # type: ignore[assignment,method-assign]
