"""The brief of a country, to be taken along: with the same window and day as its page."""

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from tracker.exchange.brief.typesetting import brief_pdf
from tracker.pictures.png import FONTS
from tracker.refusal import NotThere
from tracker.web.briefs.brief import country_brief
from tracker.web.briefs.marking import reader_up_to
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import file_name, moment
from tracker.web.session import reader
from tracker.web.windows import window_asked_for

pages = Blueprint("briefs", __name__, url_prefix="/countries/<iso3>")


@pages.get("/brief.pdf")
def brief(iso3: str) -> Response:
    country = frame().countries.get(iso3)
    if country is None:
        raise NotThere(_("There is no such country."))
    asking, held_to = reader().principal, request.args.get("up_to", "")
    cleared = reader_up_to(asking, held_to)
    made = country_brief(
        reading(),
        country,
        cleared,
        moment(),
        window_asked_for(request.args),
        frame(),
        held_to=cleared.clearance if held_to else None,
        now=now(),
    )
    name = file_name(iso3, "pdf", moment(), made.mark.label)
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(brief_pdf(made, fonts=FONTS, now=now()), mimetype="application/pdf", headers=headers)
