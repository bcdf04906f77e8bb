"""The way out of a digest that stands in each of its mails: nobody has to sign in to be left alone.

A mail program may send the form by itself (RFC 8058): so it needs no token, and asks for nothing but the address. To
look at the page ends nothing: programs that check links look at every one of them.
"""

from flask import Blueprint, render_template, request, url_for

from tracker.actions.digests import leaving
from tracker.actions.digests.leaving import Leaving
from tracker.digest import DeliveryKind
from tracker.storage import subscriptions
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.installation import settings

pages = Blueprint("leaving", __name__)
Answer = tuple[str, int]


@pages.route("/leave/<token>", methods=["GET", "POST"])
def leave(token: str) -> Answer:
    if request.method == "POST":
        with transaction() as session:
            found = leaving.leave(session, settings().secret, token, now=now())
        return _page(found, is_over=True)
    found = leaving.read_token(settings().secret, token)
    return _page(found, is_over=found is not None and _is_over(found))


def _page(found: Leaving | None, *, is_over: bool) -> Answer:
    if found is None:
        return render_template("leaving/unknown.html"), 404
    way_back = (
        url_for("digests.urgent") if found.kind is DeliveryKind.URGENT else url_for("digests.digests", ended=found.of)
    )
    return render_template("leaving/leave.html", name=_name(found), is_over=is_over, way_back=way_back), 200


def _name(found: Leaving) -> str:
    """As each of its mails says it. Empty: urgent notices."""
    if found.kind is DeliveryKind.URGENT:
        return ""
    subscription = subscriptions.by_id(reading(), found.of)
    return subscription.name if subscription else ""


def _is_over(found: Leaving) -> bool:
    if found.kind is DeliveryKind.URGENT:
        return subscriptions.urgent_wish(reading(), found.of) is None
    subscription = subscriptions.by_id(reading(), found.of)
    return subscription is None or subscription.ended_at is not None
