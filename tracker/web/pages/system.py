"""How is the installation doing? For administrators."""

from flask import Blueprint, render_template

from tracker.storage import catalogue, observations, outgoing_mails
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.installation import settings
from tracker.web.troubles import condition

pages = Blueprint("system", __name__, url_prefix="/system")


@pages.get("")
def system() -> str:
    """Of the settings only what is shown: they hold the secret and the relay's password."""
    relay = settings().relay
    return render_template(
        "system/one.html",
        condition=condition(reading(), now()),
        given_up=outgoing_mails.given_up(reading()),
        relay=f"{relay.host}:{relay.port}" if relay else None,
        outbox_folder=settings().outbox_folder,
        data_folder=settings().data_folder,
        catalogue=catalogue.newest_version(reading()),
        observations=observations.how_many(reading()),
        engine=reading().get_bind().dialect.name,
    )
