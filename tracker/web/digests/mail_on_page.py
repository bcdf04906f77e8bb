"""A mail on a page, as a mail program would show it: in a frame of its own, which may do nothing but be looked at."""

import re
from collections.abc import Mapping

from flask import Response
from flask_babel import gettext as _
from markupsafe import escape

from tracker.actions.digests.telling import Made
from tracker.web.digests.looks import looks
from tracker.web.digests.mail import with_pictures_inside
from tracker.web.headers import AROUND_A_MAIL, OF_A_MAIL

_BODY = re.compile(r"<body[^>]*>")
# Its links open in place of the page around it: no page of ours lets itself be shown in a frame.
_LINKS_LEAVE_THE_FRAME = '<base target="_top">'


def page_around(html: str) -> Response:
    """The page that has the frame."""
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": AROUND_A_MAIL})


def plain_mail(made: Made) -> Response:
    """The same as who reads plain text gets it, with what stands above it in their mailbox."""
    text = f"{_('Subject: %(subject)s', subject=made.subject)}\n\n{made.text}"
    return Response(text, mimetype="text/plain", headers={"Content-Security-Policy": OF_A_MAIL})


def mail(html: str, images: Mapping[str, bytes], subject: str = "") -> Response:
    """The mail itself, for the frame; beneath its subject where the page around it does not say that."""
    shown = with_pictures_inside(html, images).replace("<head>", f"<head>{_LINKS_LEAVE_THE_FRAME}", 1)
    if subject:
        words = escape(_("Subject: %(subject)s", subject=subject))
        shown = _BODY.sub(lambda body: f"{body[0]}<p {looks('subject')}>{words}</p>", shown, count=1)
    return Response(shown, mimetype="text/html", headers={"Content-Security-Policy": OF_A_MAIL})
