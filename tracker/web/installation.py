"""What pages need to know of the installation that they belong to."""

from typing import Any, cast

from flask import current_app, url_for
from flask_babel import gettext as _

from tracker.actions.passkeys import Site
from tracker.actions.sealing import Seal
from tracker.settings import Settings


def settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def sends_mail() -> bool:
    """False: mail is written to files, and somebody has to hand on what they say."""
    return settings().relay is not None


def seal() -> Seal:
    return Seal(settings().secret)


def site() -> Site:
    return Site(settings().public_url, _("Early-warning indicator tracker"))


def address_of(endpoint: str, **values: Any) -> str:
    """The whole address of a link, for mails: it begins as this installation is known, not as this request named it."""
    return settings().public_url + url_for(endpoint, **values)
