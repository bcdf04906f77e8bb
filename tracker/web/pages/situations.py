"""Which situations need somebody, and what is the state of one of them?"""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import Right
from tracker.actions.situations import attending, flagging
from tracker.actions.situations.keeping import visible
from tracker.country import in_order
from tracker.rule import Severity
from tracker.storage import countries
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.web import parking
from tracker.web.assistance.listing import open_lines
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.database import reading, transaction
from tracker.web.forms.situations import RaiseForm
from tracker.web.forms.verdicts import Refused, Verdicts
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.paging import PER_PAGE
from tracker.web.practice.beside import practice_beside
from tracker.web.responses.proposing import suggested
from tracker.web.sending import refused
from tracker.web.session import asker
from tracker.web.sharing.others import others_see
from tracker.web.situations.act import opened
from tracker.web.situations.page import SituationPage, situation_page
from tracker.web.situations.queue import Asked, Queue, queue_as_csv, situation_queue
from tracker.web.situations.words import move_words
from tracker.web.words import country_name, reader_language

pages = Blueprint("situations", __name__, url_prefix="/situations")
Answer = str | AnyResponse | tuple[str, int]
ONE = "/<int:situation_id>"


@pages.get("", endpoint="situations")
def queue() -> str:
    found = _queue()
    may_raise = asker().may(Right.WORK_ON_SITUATIONS)
    words = {"queue": found, "asked": found.asked, "may_raise": may_raise, "every_group": frame().groups}
    return render_template("situations/list.html", **words)


@pages.get("/list.csv")
def situations_csv() -> Response:
    """The queue as it is seen, with the same filters and order, all of its pages."""
    return csv_file(queue_as_csv(_queue(per_page=None)), "situations", of_today())


@pages.get(ONE)
def situation(situation_id: int) -> str:
    page = found(situation_id)
    kept = parking.parked(reading(), page.reader.person_id, request.path) if page.may_judge else None
    unsent = Verdicts.unsent(kept) if kept else None
    return shown(page, unsent or Verdicts(), Refused(), was_kept=unsent is not None)


@pages.post(f"{ONE}/follow")
def follow(situation_id: int) -> Answer:
    visible(reading(), situation_id, asker())
    wanted = request.form.get("followed")
    if wanted not in ("yes", "no"):
        abort(400)
    with transaction() as session:
        attending.follow(session, situation_id, wanted == "yes", by=asker(), now=now())
    flash(_("You follow this situation now.") if wanted == "yes" else _("You no longer follow this situation."))
    return back_to(situation_id)


@pages.route("/raise", methods=["GET", "POST"])
def raise_flag() -> Answer:
    """From the country's page, which is then chosen already, or from the queue."""
    form, joined = _raise_form(), list[Situation]()
    if not form.is_submitted():
        return render_template("situations/raise.html", form=form)
    problem = refused(form, asker(), lambda session: joined.append(_raised(session, form)))
    if problem:
        return render_template("situations/raise.html", form=form), problem[0]
    flash(_("The flag is raised. It waits for a reviewer to look into it."))
    return redirect(address_of(joined[0].id))


def _raise_form() -> RaiseForm:
    form = opened(RaiseForm, asker())
    known = in_order(countries.all_countries(reading(), asker().scope), reader_language())
    form.offer([(one.iso3, country_name(one)) for one in known], asker().clearance)
    if not form.is_submitted() and not form.was_kept:
        form.iso3.data = request.args.get("iso3", "")
    return form


def _raised(session: Session, form: RaiseForm) -> Situation:
    """What it joins."""
    words, severity = form.words.data or "", Severity(form.severity.data)
    return flagging.raise_flag(
        session, form.iso3.data, words, severity=severity, handling=form.mark, by=asker(), now=now()
    )


def found(situation_id: int) -> SituationPage:
    """As things stand now."""
    return situation_page(reading(), situation_id, asker(), now().date())


def shown(page: SituationPage, wanted: Verdicts, refused: Refused, *, was_kept: bool = False) -> str:
    """What was ticked and written about its flags stays, with what speaks against it."""
    steps = [(one, move_words(one)) for one in page.steps]
    suits = suggested(page) if page.may_propose else []
    calls = open_lines(page.calls, page.today)
    words = {"page": page, "steps": steps, "wanted": wanted, "refused": refused, "suggested": suits, "calls": calls}
    words |= practice_beside(reading(), page)
    others = others_see(page.statements)
    return render_template("situations/one.html", was_kept=was_kept, others=others, **words)


def back_to(situation_id: int) -> Answer:
    """Its page after something beside its flags was done; what was ticked and written about them stays."""
    unsent = Verdicts.unsent(request.form)
    return shown(found(situation_id), unsent, Refused()) if unsent else redirect(address_of(situation_id))


def address_of(situation_id: int) -> str:
    return url_for("situations.situation", situation_id=situation_id)


def _queue(per_page: int | None = PER_PAGE) -> Queue:
    return situation_queue(reading(), Asked.read(request.args), asker(), now().date(), per_page)
