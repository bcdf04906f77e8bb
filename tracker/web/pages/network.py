"""Who answers for the Responsibility to Protect, where, and where nobody does."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from tracker.access import Principal, Right
from tracker.actions.focal_points import NoSuchFocalPoint
from tracker.refusal import NotThere
from tracker.storage import focal_points, people
from tracker.storage.admitting import Person
from tracker.storage.focal_points import SeenFocalPoint
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.network.desk import desk_of
from tracker.web.network.directory import Asked, Directory, directory, directory_as_csv, entry_of
from tracker.web.network.evidence import ThisMonth, this_month
from tracker.web.session import asker

pages = Blueprint("network", __name__, url_prefix="/network")


@pages.get("", endpoint="network")
def everybody() -> str:
    listed = _listed()
    may_keep = asker().may(Right.KEEP_NETWORK)
    return render_template(
        "network/list.html", listed=listed, asked=listed.asked, every_group=frame().groups, may_keep=may_keep
    )


@pages.get("/list.csv")
def network_csv() -> Response:
    return csv_file(directory_as_csv(_listed()), "network", of_today())


@pages.get("/<int:focal_point_id>")
def one(focal_point_id: int) -> str:
    found, reader = visible(focal_point_id), asker()
    known = focal_points.listed(reading(), reader.scope, reader.clearance)
    others = [other for other in known if _place(other) == _place(found) and other.id != found.id]
    is_of_country = found.iso3 is not None
    may: dict[str, Any] = {
        "may_keep": reader.may(Right.KEEP_NETWORK) and found.who is not None,
        "may_invite": reader.may(Right.MANAGE_PEOPLE) and found.who is not None and is_of_country,
        "may_manage": reader.may(Right.MANAGE_PEOPLE),
        "month": _month(found, reader),
    }
    return render_template(
        "network/one.html", entry=entry_of(found, frame()), found=found, others=others, account=_account(found), **may
    )


@pages.get("/country/<iso3>")
def desk(iso3: str) -> str:
    """Where a focal point begins."""
    reader, country = asker(), frame().countries.get(iso3)
    if country is None:
        raise NotThere(_("There is no such country."))
    shown = desk_of(reading(), country, reader, frame(), now())
    may_ask = reader.may(Right.ASK_FOR_HELP)
    return render_template("network/desk.html", desk=shown, country=country, may_ask=may_ask, today=now().date())


def _month(found: SeenFocalPoint, reader: Principal) -> ThisMonth | None:
    """None: there is nothing that the reader could hand in."""
    if not reader.may(Right.RECORD) or found.iso3 is None or found.until is not None or found.who is None:
        return None
    return this_month(reading(), found.iso3, reader, now().date())


def visible(focal_point_id: int) -> SeenFocalPoint:
    reader = asker()
    found = focal_points.seen(reading(), focal_point_id, reader.scope, reader.clearance)
    if found is None:
        raise NoSuchFocalPoint
    return found


def _listed() -> Directory:
    return directory(reading(), Asked.read(request.args), asker())


def _place(one: SeenFocalPoint) -> tuple[str | None, str | None]:
    return one.iso3, one.group_key


def _account(found: SeenFocalPoint) -> Person | None:
    """None: they have none, or it is not for this reader."""
    return people.by_id(reading(), found.who.person_id) if found.who and found.who.person_id else None
