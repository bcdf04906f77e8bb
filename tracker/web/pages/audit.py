"""Who did what, when, and was the record of it changed?"""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask_babel import get_timezone

from tracker.audit import verify
from tracker.exchange.sheets import Cell, csv_text
from tracker.storage import audit_entries
from tracker.storage.running import AuditEntry
from tracker.web.audit_list import MOST_EXPORTED, PER_PAGE, Asked, audit_list, told
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.moments import of_today

pages = Blueprint("audit", __name__)


@pages.get("/audit")
def audit() -> str:
    listed = audit_list(reading(), Asked.read(request.args), _zone())
    return render_template(
        "audit/list.html",
        listed=listed,
        asked=listed.asked,
        per_page=PER_PAGE,
        actions=audit_entries.actions_seen(reading()),
        head=audit_entries.head(reading()),
    )


@pages.get("/audit.csv")
def audit_csv() -> Response:
    """What was looked for, all pages of it, newest first."""
    search = Asked.read(request.args).search(reading(), _zone())
    header = ["number", "at", "by", "by_person", "action", "subject", "before", "after", "reason", "hash"]
    rows = [_cells(entry) for entry in audit_entries.found(reading(), search, limit=MOST_EXPORTED)]
    return csv_file(csv_text(header, rows), "audit-log", of_today())


@pages.get("/audit/verification")
def verification() -> str:
    return render_template("audit/verification.html", verdict=verify(audit_entries.chained(reading())))


def _cells(entry: AuditEntry) -> list[Cell]:
    who = entry.by.email if entry.by else None
    what = (entry.action, entry.subject, told(entry.before), told(entry.after), entry.reason)
    return [entry.number, entry.at, who, entry.by_id, *what, entry.hash]


def _zone() -> ZoneInfo:
    return ZoneInfo(str(get_timezone() or "UTC"))
