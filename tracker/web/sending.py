"""What somebody sent is carried out, or their form comes back with what speaks against it."""

from collections.abc import Callable

from tracker.access import Principal
from tracker.refusal import NotThere, OutOfTurn, Refusal
from tracker.storage.base import Session
from tracker.web import parking
from tracker.web.database import transaction
from tracker.web.errors import in_words
from tracker.web.forms.situations import ActForm


def refused(form: ActForm, by: Principal, carry_out: Callable[[Session], object]) -> tuple[int, str] | None:
    """With which status the page comes back, and what it says above the form; 409: somebody was quicker. None: it is
    done."""
    if not form.validate():
        return 422, ""
    try:
        with transaction() as session:
            carry_out(session)
            forget_kept(session, by)
    except NotThere:
        raise
    except OutOfTurn as because:
        return 409, in_words(because)
    except Refusal as because:
        form.blame(because)
        return 422, ""
    return None


def forget_kept(session: Session, by: Principal) -> None:
    """What waited here for its writer is sent."""
    parking.unpark(session, by.person_id, parking.page_of_form())
