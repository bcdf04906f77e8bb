"""Forms of days to come: opened with what waits there, and carried out."""

from collections.abc import Callable

from flask import request

from tracker.access import Principal
from tracker.refusal import NotThere, OutOfTurn, Refusal
from tracker.storage.base import Session
from tracker.web import parking
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.occasions import OccasionForm


def opened(reader: Principal) -> OccasionForm:
    """As it was sent; or else with what its writer had typed here when their session ended."""
    if request.method == "POST":
        return OccasionForm()
    kept = parking.parked(reading(), reader.person_id, request.path)
    form = OccasionForm(formdata=kept or None)
    form.was_kept = bool(kept)
    return form


def refused(form: OccasionForm, reader: Principal, carry_out: Callable[[Session], object]) -> tuple[int, str] | None:
    """With which status the page comes back, and what it says above the form. None: it is done."""
    if not form.validate():
        return 422, ""
    try:
        with transaction() as session:
            carry_out(session)
            parking.unpark(session, reader.person_id, parking.page_of_form())
    except NotThere:
        raise
    except OutOfTurn as because:
        return 409, in_words(because)
    except Refusal as because:
        form.blame(because)
        return 422, ""
    return None
