"""Who asked for help, and what becomes of it?"""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from tracker.access import Principal, Right
from tracker.actions import assistance as acting
from tracker.actions.assistance import NoSuchRequest, OwnRequest
from tracker.assistance import KINDS_OF_HELP, AssistanceState, EndedAlready
from tracker.country import in_order
from tracker.storage import assistance, situations
from tracker.storage.base import Session
from tracker.web.assistance.listing import EVERY, Asked, RequestList, Row, request_list, requests_as_csv, row_of
from tracker.web.assistance.words import assistance_state_word
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.form_page import Answer, Done, FormPage, Pair, carried_out
from tracker.web.forms.assistance import AskForm, EndForm, SettleForm
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.session import asker
from tracker.web.situations.act import opened
from tracker.web.toolbox.words import kind_word
from tracker.web.words import country_name, reader_language

pages = Blueprint("assistance", __name__, url_prefix="/assistance")
ONE = "/<int:request_id>"


@pages.get("", endpoint="assistance")
def everything() -> str:
    listed = _listed()
    return render_template(
        "assistance/list.html",
        listed=listed,
        asked=listed.asked,
        every=EVERY,
        states=list(AssistanceState),
        kinds=[(kind, kind_word(kind)) for kind in KINDS_OF_HELP],
        every_group=frame().groups,
        may_ask=asker().may(Right.ASK_FOR_HELP),
    )


@pages.get("/list.csv")
def assistance_csv() -> Response:
    return csv_file(requests_as_csv(_listed()), "assistance", of_today())


@pages.get(ONE)
def one(request_id: int) -> str:
    row, reader = _row(request_id), asker()
    may_settle = row.is_open and reader.may(Right.REVIEW)
    is_own = acting.is_own(row.request, reader)
    return render_template(
        "assistance/one.html",
        row=row,
        kind=kind_word(row.request.kind),
        may_settle=may_settle and not is_own,
        is_for_another=may_settle and is_own,
        may_withdraw=row.is_open and _is_own(row, reader),
        may_propose=row.is_open and reader.may(Right.WORK_ON_SITUATIONS),
        open_situations=situations.open_at(reading(), {row.country.iso3}, reader.clearance, now()),
    )


@pages.route("/ask", methods=["GET", "POST"])
def ask() -> Answer:
    by = asker()
    form = opened(AskForm, by)
    known = in_order([one for one in frame().countries.values() if by.reaches(one.iso3)], reader_language())
    form.offer([(one.iso3, country_name(one)) for one in known], by.clearance)
    if acting.speaks_for_itself(by):
        del form.on_behalf_of
    if not form.is_submitted() and not form.was_kept and len(known) != 1:
        form.iso3.data = request.args.get("iso3", "")

    def carry_out(session: Session) -> Done:
        made = acting.ask(session, form.iso3.data, form.wish(), handling=form.mark, by=by, now=now())
        return Done(_("The request is recorded. You read here what becomes of it."), _address(made.id))

    page = FormPage(
        title=_("Ask for help"),
        button=_("Ask"),
        back_url=url_for("assistance.assistance"),
        back=_("Requests for help"),
        lede=_("A State that cannot protect people alone asks; whoever works on its situation sees it at once."),
    )
    return carried_out(form, page, carry_out)


@pages.route(f"{ONE}/settle", methods=["GET", "POST"])
def settle(request_id: int) -> Answer:
    row, by = _openable(request_id), asker()
    if acting.is_own(row.request, by):
        raise OwnRequest
    form = opened(SettleForm, by)
    form.offer()

    def carry_out(session: Session) -> Done:
        state, words = AssistanceState(form.state.data), form.words.data or ""
        acting.settle(session, request_id, state, words, by=by, now=now())
        return Done(_("Whoever asked reads it now."), _address(request_id))

    page = _page(row, _("What becomes of it?"), _("Record it"))
    return carried_out(form, page, carry_out, stands=lambda: _stands(request_id))


@pages.route(f"{ONE}/withdraw", methods=["GET", "POST"])
def withdraw(request_id: int) -> Answer:
    row, by = _openable(request_id), asker()
    if not _is_own(row, by):
        raise NoSuchRequest
    form = opened(EndForm, by)

    def carry_out(session: Session) -> Done:
        acting.withdraw(session, request_id, form.words.data or "", by=by, now=now())
        return Done(_("The request is withdrawn."), _address(request_id))

    page = _page(row, _("Withdraw the request"), _("Withdraw it"))
    return carried_out(form, page, carry_out, stands=lambda: _stands(request_id))


def _openable(request_id: int) -> Row:
    """What was sent is looked at first: whoever typed it sees what was done meanwhile, and loses nothing."""
    row = _row(request_id)
    if request.method == "GET" and not row.is_open:
        raise EndedAlready(row.request.state)
    return row


def _row(request_id: int) -> Row:
    reader = asker()
    found = assistance.seen(reading(), request_id, reader.scope, reader.clearance)
    if found is None:
        raise NoSuchRequest
    return row_of(reading(), found, reader, now().date())


def _is_own(row: Row, reader: Principal) -> bool:
    return row.request.asked_by == reader.person_id and reader.may(Right.ASK_FOR_HELP)


def _page(row: Row, title: str, button: str) -> FormPage:
    return FormPage(title, button, _address(row.request.id), row.request.title)


def _stands(request_id: int) -> Sequence[Pair]:
    row = _row(request_id)
    return [
        (_("State"), assistance_state_word(row.request.state)),
        (_("By whom"), row.seen.answerer),
        (_("In words"), row.request.answer),
    ]


def _listed() -> RequestList:
    return request_list(reading(), Asked.read(request.args), asker(), now().date())


def _address(request_id: int) -> str:
    return url_for("assistance.one", request_id=request_id)
