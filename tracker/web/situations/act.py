"""One act on a situation or a measure: its form on a page of its own, which comes back filled where something speaks
against it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self, TypeVar

from flask import render_template, request

from tracker.access import Principal
from tracker.measure import Measure
from tracker.storage.base import Session
from tracker.web import parking
from tracker.web.database import reading
from tracker.web.forms.situations import ActForm
from tracker.web.sending import refused
from tracker.web.situations.flags import FlagCard
from tracker.web.situations.page import Concluded
from tracker.web.situations.timeline import Told

Answer = tuple[str, int]
AnyForm = TypeVar("AnyForm", bound=ActForm)


class ActedOn(Protocol):
    """What the form is about: a situation, or a measure."""

    @property
    def reader(self) -> Principal: ...

    @property
    def seen(self) -> int:
        """The newest event that is shown; the form carries it."""

    def as_it_is(self) -> Self:
        """Read anew."""

    def changes(self, seen: int) -> Sequence[Told]:
        """What was done since that event, the oldest first."""


@dataclass(frozen=True)
class Act:
    """What the page says and shows around the form."""

    title: str
    button: str
    lede: str = ""
    kind: str = "primary"
    # What it is about, if it is not the situation as a whole.
    flag: FlagCard | None = None
    assessment: Concluded | None = None
    measure: Measure | None = None
    # By value of a single choice, what is said beside it.
    hints: Mapping[str, str] = field(default_factory=dict)


def opened(kind: type[AnyForm], reader: Principal) -> AnyForm:
    """As it was sent; or else with what its writer had typed here and not sent."""
    if request.method == "POST":
        return kind()
    kept = parking.parked(reading(), reader.person_id, request.path)
    form = kind(formdata=kept or None)
    form.was_kept = bool(kept)
    return form


def carried_out(page: ActedOn, form: ActForm, act: Act, carry_out: Callable[[Session], object]) -> Answer | None:
    """The page with the form, as long as the act is not done. None: it is."""
    if not form.is_submitted():
        if not form.seen.data:
            form.seen.data = str(page.seen)
        return _shown(page, form, act, 200)
    problem = refused(form, page.reader, carry_out)
    if problem is None:
        return None
    status, words = problem
    if status != 409:
        return _shown(page, form, act, status)
    # with how things stand now; what was typed stays, and sending it again, now knowing the rest, is a decision
    now_is = page.as_it_is()
    changes, form.seen.data = now_is.changes(form.seen_number), str(now_is.seen)
    return _shown(now_is, form, act, status, words, changes)


def _shown(
    page: ActedOn, form: ActForm, act: Act, status: int, problem: str = "", changes: Sequence[Told] = ()
) -> Answer:
    words = {"page": page, "form": form, "act": act, "problem": problem, "changes": changes}
    return render_template("situations/act.html", **words), status
