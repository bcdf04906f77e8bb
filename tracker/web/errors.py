"""From what went wrong to a page that says what to do next. Internals go to the log, a reference to the reader."""

import errno
import logging
import secrets
from datetime import date

from flask import Flask, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from tracker.failure import in_words as in_words_for_log
from tracker.failure import way as way_through
from tracker.refusal import NotThere, OutOfTurn, Refusal
from tracker.storage.base import DATABASE_AWAY, Conflict, RowRefused, is_full, is_taken
from tracker.web.database import close_reading
from tracker.web.installation import settings
from tracker.web.uploads import LARGEST
from tracker.web.words import day

logger = logging.getLogger(__name__)
Answer = tuple[str, int]
# Where to go from there: what the button says, and where it leads.
Way = tuple[str, str]
# By what an address names, where that is looked at.
PAGE_OF = {
    "situation_id": "situations.situation",
    "response_id": "responses.response",
    "case_study_id": "practice.case_study",
}
PLAIN_TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def explain_errors(app: Flask) -> None:
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _refused_by_the_web)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(Conflict, _changed_meanwhile)
    app.register_error_handler(RowRefused, _row_refused)
    for away in DATABASE_AWAY:
        app.register_error_handler(away, _database_away)
    app.register_error_handler(Exception, _failed)


def _unknown_host(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    """In plain text: for a host that is not ours no address of a page can be made, not even the stylesheet's."""
    return _("The tracker is not known by this name. Use the address that you were given.\n"), 400, PLAIN_TEXT


def _form_expired(_error: CSRFError) -> Answer:
    return _page(
        400,
        _("This form is too old"),
        _("It was opened before you signed in or out, so nothing was changed."),
        _("Go back, load the page again and send the form once more."),
    )


def _refused_by_the_web(error: HTTPException) -> Answer:
    code = error.code or 500
    if code >= 500:
        return _failed(error)
    if code == 413 and request.endpoint in LARGEST:
        return _file_too_large(request.endpoint)
    explained = {
        403: (
            _("You may not do that"),
            _("Your roles do not allow it."),
            _("An administrator can change your roles on the page “People”."),
        ),
        404: (
            _("There is no such page"),
            _("The address may be mistyped, or it lies outside the countries you work on."),
            _("Check the address, or begin at the start."),
        ),
        405: (
            _("That cannot be done here"),
            _("This address does not take what your browser sent to it."),
            _("Go back and use the buttons of the page."),
        ),
        413: (
            _("That is too much at once"),
            _("More was sent than is taken at a time."),
            _("Send less at a time."),
        ),
        429: (
            _("That was too often"),
            _("There is a limit, to keep others from guessing."),
            _("Try again in a minute."),
        ),
    }
    did_not_understand = (
        _("The server did not understand that"),
        _("What your browser sent makes no sense here, so nothing was changed."),
        _("Go back, check what you entered and try again."),
    )
    if code not in explained:
        code = 400
    return _page(code, *explained.get(code, did_not_understand))


def _file_too_large(endpoint: str) -> Answer:
    """Nothing of what was sent was read, neither what the file is called nor what stood beside it."""
    explained = {
        "imports.new": (
            _("The file to import is too large"),
            _("Split the table, or compress it with gzip, and bring the parts one after the other."),
        ),
        "sharing.receive": (
            _("The bundle is too large"),
            _("Ask the sender for bundles of fewer countries or days."),
        ),
        "calendar.bring": (
            _("The file with days to come is too large"),
            _("Divide it, and bring the parts one after the other."),
        ),
    }
    heading, what_next = explained[endpoint]
    size = LARGEST[endpoint]
    largest = f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1_000} kB"
    what_happened = _("A file may have %(largest)s at most, so nothing of it was kept.", largest=largest)
    return _page(413, heading, what_happened, what_next, way=(_("Back to the form"), url_for(endpoint)))


def _refused(error: Refusal) -> Answer:
    sentence, next_step = in_words(error), _("Go back and look at how things stand now.")
    if isinstance(error, NotThere):
        return _page(404, _("There is no such page"), sentence, _("Check the address, or begin at the start."))
    if isinstance(error, OutOfTurn):
        return _page(409, _("That cannot be done now"), sentence, next_step, way=_where_it_stands())
    return _page(400, _("That cannot be done"), sentence, next_step)


def _where_it_stands() -> Way | None:
    """The page of what could not be done something about: whoever was told that it cannot be done knows of it. None:
    it has none."""
    about = request.view_args or {}
    found = next((name for name in PAGE_OF if name in about), None)
    return (_("Look at how things stand"), url_for(PAGE_OF[found], **{found: about[found]})) if found else None


def _changed_meanwhile(_error: Exception) -> Answer:
    return _page(
        409,
        _("Somebody else was quicker"),
        _("What you were changing was changed by somebody else since you opened it. Your change was not made."),
        _("Go back, load the page again and look at what it says now."),
        way=_where_it_stands(),
    )


def _row_refused(error: RowRefused) -> Answer:
    return _changed_meanwhile(error) if is_taken(error) else _failed(error)


def _database_away(error: Exception) -> Answer:
    close_reading()
    if is_full(error):
        return _failed(error)
    logger.warning("The database does not answer: %s", error.__class__.__name__)
    return render_template("errors/unavailable.html"), 503


def _failed(error: Exception) -> Answer:
    reference = secrets.token_hex(4)
    # no exc_info: what an error says of itself may hold the very values that must not be told
    logger.error("Reference %s: %s\n%s", reference, in_words_for_log(error, settings()), way_through(error))
    if is_full(error) or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
        return _disk_full(reference)
    return _page(
        500,
        _("Something went wrong on our side"),
        _("Your request was not carried out. What was saved before is not touched."),
        _("Try again. If it happens again, tell your administrator the reference below."),
        reference,
    )


def _disk_full(reference: str) -> Answer:
    return _page(
        503,
        _("There is no room left on the disk"),
        _("What you asked for needs room on the disk of the tracker. What was saved before is not touched."),
        _("Tell your administrator: with room on the disk it works again."),
        reference,
    )


def _page(
    code: int, heading: str, what_happened: str, what_next: str, reference: str = "", way: Way | None = None
) -> Answer:
    words = {"heading": heading, "what_happened": what_happened, "what_next": what_next, "reference": reference}
    if way:
        words |= {"action": way[0], "action_url": way[1]}
    return render_template("errors/error.html", **words), code


def in_words(refusal: Refusal) -> str:
    """The refusal's sentence in the reader's language, with days as they write them."""
    values = {name: day(value) if isinstance(value, date) else value for name, value in refusal.values.items()}
    return str(_(refusal.sentence, **values))
