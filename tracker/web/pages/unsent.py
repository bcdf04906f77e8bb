"""What is typed on a page and not sent yet is kept for its writer."""

from flask import Blueprint, abort, request

from tracker.web import parking
from tracker.web.database import transaction
from tracker.web.session import asker

pages = Blueprint("unsent", __name__)


@pages.post("/unsent")
def keep() -> tuple[str, int]:
    """Sent by the page itself while somebody types and as it is left. Where all was rubbed out, nothing is kept."""
    writer, address = asker(), parking.page_of_form()
    if not address:
        abort(400)
    with transaction() as session:
        if request.form.get("blank") == "yes":
            parking.unpark(session, writer.person_id, address)
        else:
            parking.keep(session, writer.person_id, address)
    return "", 204
