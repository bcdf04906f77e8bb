"""What somebody should know before anything else on a page: what here is not set up, or does not run."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext as _

from tracker.access import Principal, Right
from tracker.actions.stocking import INVENTED, is_demonstration
from tracker.web import moments, navigation
from tracker.web.clock import now
from tracker.web.database import database, reading
from tracker.web.frame import frame
from tracker.web.installation import settings
from tracker.web.session import known
from tracker.web.words import day

# Where somebody waits for mail, or causes some.
ABOUT_MAIL = {"people", "people_acts", "account", "reset", "system", "digests", "deliveries"}
# Where scores are believed.
WITH_SCORES = {"dashboard", "countries", "compare", "coverage", "calendar", "situations"}
# A day has begun for some minutes before the worker has been through all countries.
LATE = timedelta(days=2)


@dataclass(frozen=True)
class Notice:
    text: str
    kind: str = "plain"
    url: str = ""
    action: str = ""


def notices(asking: Principal | None) -> list[Notice]:
    return [*_about_the_demonstration(), *_about_another_day(), *_about_old_scores(asking), *_about_mail(asking)]


def _about_another_day() -> list[Notice]:
    """Whoever comes from a past day to a page that knows none must not take today for it."""
    asked = moments.not_shown()
    if asked is None:
        return []
    text = _("This page knows no past days: it shows today, and not %(day)s.", day=day(asked.day))
    arguments: dict[str, Any] = {**asked.as_arguments()}
    back = url_for("dashboard.dashboard", **arguments)
    return [Notice(text, kind="warning", url=back, action=_("The dashboard of %(day)s", day=day(asked.day)))]


def _about_the_demonstration() -> list[Notice]:
    """Only where this request has read already: a page that says that the database is away must not ask it."""
    if "reading" not in g or not _is_demonstration():
        return []
    return [Notice(_("This is a demonstration: an invented archipelago. No country, person or figure in it is real."))]


def _is_demonstration() -> bool:
    """Once somebody can sign in, it is for good what it is: it need not be asked for every page."""
    kept = current_app.extensions.get("is_demonstration")
    if kept is not None and kept[0] is database():
        return bool(kept[1])
    is_somebody = known() is not None
    # whoever is known sees pages that name countries: which there are is remembered
    found = INVENTED in frame().countries if is_somebody else is_demonstration(reading())
    if is_somebody:
        current_app.extensions["is_demonstration"] = (database(), found)
    return found


def _about_old_scores(asking: Principal | None) -> list[Notice]:
    """What nobody looks at goes on counting: a score of last week must not pass for one of today."""
    if asking is None or (request.blueprint or "") not in WITH_SCORES:
        return []
    until = navigation.waiting(asking).scores_until
    if until is None or until > now().date() - LATE:
        return []
    told = {"day": day(until)}
    if asking.may(Right.RUN_SYSTEM):
        text = _(
            "Whatever went stale since %(day)s still counts in the scores: the worker has not looked since.", **told
        )
        return [Notice(text, kind="warning", url=url_for("system.system"), action=_("How the worker is"))]
    text = _("Whatever went stale since %(day)s still counts in the scores. Tell your administrator.", **told)
    return [Notice(text, kind="warning")]


def _about_mail(asking: Principal | None) -> list[Notice]:
    if settings().relay is not None or (request.blueprint or "") not in ABOUT_MAIL:
        return []
    if asking and asking.may(Right.RUN_SYSTEM):
        text = _("No mail is sent from here: it is written to files in %(folder)s.", folder=settings().outbox_folder)
        return [Notice(text, url=url_for("system.system"), action=_("How mail is set up"))]
    return [Notice(_("No mail is sent from here. Ask your administrator for the message that would have come."))]
