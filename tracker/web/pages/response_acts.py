"""What is done about measures, a form each: proposed for a situation, decided, carried out, ended."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions.responses import carrying_out, deciding, proposing
from tracker.actions.responses.deciding import ForOwnRequest, OwnProposal
from tracker.catalogue.measures import measures
from tracker.response import NotNext, ResponseAct, ResponseState, due_on
from tracker.situation import NotNext as SituationNotNext
from tracker.storage import assistance, responses
from tracker.storage.base import Session
from tracker.web.clock import now
from tracker.web.database import reading
from tracker.web.forms.responses import (
    AbandonForm,
    ChargeForm,
    DeclineForm,
    DoneForm,
    ProposeForm,
    ReportForm,
    SettleForm,
    StartForm,
)
from tracker.web.forms.situations import ActForm
from tracker.web.pages.responses import found
from tracker.web.pages.situations import found as found_situation
from tracker.web.responses.page import SETTLING, ResponsePage
from tracker.web.responses.proposing import chosen_measure, suggested, whole_toolbox
from tracker.web.responses.words import act_words
from tracker.web.situations.act import Act, AnyForm, carried_out, opened
from tracker.web.situations.page import SituationPage

pages = Blueprint("response_acts", __name__)
Answer = str | Response | tuple[str, int]
ONE = "/responses/<int:response_id>"


@pages.route("/situations/<int:situation_id>/propose", methods=["GET", "POST"])
def propose(situation_id: int) -> Answer:
    page = found_situation(situation_id)
    if request.method == "GET" and page.is_closed:
        raise SituationNotNext(page.state)
    form = opened(ProposeForm, page.reader)
    if not form.is_submitted() and not form.was_kept and "measure" not in request.args:
        return _choices(page)
    measure = chosen_measure(form.measure.data or request.args.get("measure", ""))
    calls = assistance.open_in(reading(), page.country.iso3, page.reader.clearance)
    form.offer(measure, [(one.request.id, one.request.title) for one in calls])
    form.offer_marks(page.situation.handling, page.reader.clearance)
    if not form.is_submitted() and not form.was_kept:
        usual = due_on(ResponseState.PROPOSED, page.today)
        assert usual is not None, "a proposal is decided on some day"
        form.begin(measure, usual, request.args.get("assistance", ""))
    lede = _("It waits for a decision then: somebody decides on it, or declines it with a reason.")
    act = Act(_("Propose a measure"), _("Propose it"), lede, measure=measure)
    made: list[int] = []

    def carry_out(session: Session) -> None:
        proposal, mark, noted = form.proposal(), form.mark, [one.value for one in form.misgivings]
        made.append(
            proposing.propose(
                session, situation_id, proposal, measures(), handling=mark, noted=noted, by=page.reader, now=now()
            ).id
        )

    return carried_out(page, form, act, carry_out) or _done(made[0], _("The measure is proposed."))


@pages.route(f"{ONE}/decide", methods=["GET", "POST"])
def decide(response_id: int) -> Answer:
    page, form = _opened(response_id, SettleForm, ResponseAct.DECIDED)
    lede = _("From then on it is the response of whoever decided, and waits for somebody to take it on.")
    return _settled(page, form, deciding.decide, _act(ResponseAct.DECIDED, lede), _("It is decided."))


@pages.route(f"{ONE}/decline", methods=["GET", "POST"])
def decline(response_id: int) -> Answer:
    page, form = _opened(response_id, DeclineForm, ResponseAct.DECLINED)
    lede = _("The reason stays in the ledger, for whoever asks later why this was not done.")
    act = _act(ResponseAct.DECLINED, lede, kind="danger")
    return _settled(page, form, deciding.decline, act, _("It is declined."))


@pages.route(f"{ONE}/start", methods=["GET", "POST"])
def start(response_id: int) -> Answer:
    page, form = _opened(response_id, StartForm, ResponseAct.STARTED)
    _offer(page, form)
    if not form.is_submitted() and not form.was_kept:
        # until now it was the start that was due
        form.due_on.data = None
    act = _act(ResponseAct.STARTED, _("Who sees to it, and by when it is to be done, stands in the ledger."))
    return carried_out(
        page,
        form,
        act,
        lambda session: carrying_out.start(
            session, response_id, form.charge, words=form.words.data or "", **_by(page, form)
        ),
    ) or _done(response_id, _("It is under way."))


@pages.route(f"{ONE}/report", methods=["GET", "POST"])
def report(response_id: int) -> Answer:
    page, form = _opened(response_id, ReportForm, ResponseAct.REPORTED)
    if not form.is_submitted() and not form.was_kept:
        form.due_on.data = page.response.due_on
    return carried_out(
        page,
        form,
        _act(ResponseAct.REPORTED, ""),
        lambda session: carrying_out.report(
            session, response_id, words=form.words.data or "", due_on=form.due_on.data, **_by(page, form)
        ),
    ) or _done(response_id, _("The report is kept."))


@pages.route(f"{ONE}/done", methods=["GET", "POST"])
def done(response_id: int) -> Answer:
    page, form = _opened(response_id, DoneForm, ResponseAct.DONE)
    lede = _("What came of it, for whoever faces the like: what changed, for whom, and how that is known.")
    return _ended(page, form, carrying_out.finish, _act(ResponseAct.DONE, lede), _("It is done."))


@pages.route(f"{ONE}/abandon", methods=["GET", "POST"])
def abandon(response_id: int) -> Answer:
    page, form = _opened(response_id, AbandonForm, ResponseAct.ABANDONED)
    act = _act(ResponseAct.ABANDONED, _("Why it is given up stays in the ledger."), kind="danger")
    return _ended(page, form, carrying_out.abandon, act, _("It is abandoned."))


@pages.route(f"{ONE}/change", methods=["GET", "POST"])
def change(response_id: int) -> Answer:
    page, form = _opened(response_id, ChargeForm, ResponseAct.CHANGED)
    _offer(page, form)
    return carried_out(
        page,
        form,
        _act(ResponseAct.CHANGED, ""),
        lambda session: carrying_out.change(session, response_id, form.charge, **_by(page, form)),
    ) or _done(response_id, _("Saved."))


def _choices(page: SituationPage) -> str:
    """What suits the situation, and why; then the whole toolbox, and one's own words."""
    calls = assistance.open_in(reading(), page.country.iso3, page.reader.clearance)
    asked = next((one.request for one in calls if str(one.request.id) == request.args.get("assistance")), None)
    found, toolbox = suggested(page, is_asked_for=asked is not None), whole_toolbox(asked.kind if asked else None)
    return render_template("responses/choose.html", page=page, asked=asked, suggested=found, toolbox=toolbox)


def _opened(response_id: int, kind: type[AnyForm], act: ResponseAct) -> tuple[ResponsePage, AnyForm]:
    """What was sent is looked at first: whoever typed it sees what was changed meanwhile, and loses nothing."""
    page = found(response_id)
    if act in SETTLING and page.is_for_own_request:
        raise ForOwnRequest
    if act in SETTLING and page.is_own_proposal:
        raise OwnProposal
    if request.method == "GET" and act not in page.acts:
        raise NotNext(page.response.state)
    return page, opened(kind, page.reader)


def _offer(page: ResponsePage, form: ChargeForm) -> None:
    able = responses.who_may_follow_up(reading(), page.situation, page.response.handling)
    form.offer([(one.id, one.name) for one in able])
    if not form.is_submitted() and not form.was_kept:
        form.show(page.response)


def _act(act: ResponseAct, lede: str, kind: str = "primary") -> Act:
    words = act_words(act)
    return Act(title=words, button=words, lede=lede, kind=kind)


def _by(page: ResponsePage, form: ActForm) -> dict[str, Any]:
    return {"seen": form.seen_number, "by": page.reader, "now": now()}


def _settled(page: ResponsePage, form: SettleForm, settle: Callable[..., object], act: Act, said: str) -> Answer:
    def carry_out(session: Session) -> None:
        who, words = form.decided_by.data or "", form.words.data or ""
        settle(session, page.response.id, decided_by=who, words=words, **_by(page, form))

    return carried_out(page, form, act, carry_out) or _done(page.response.id, said)


def _ended(page: ResponsePage, form: DoneForm | AbandonForm, end: Callable[..., object], act: Act, said: str) -> Answer:
    def carry_out(session: Session) -> None:
        end(session, page.response.id, words=form.words.data or "", **_by(page, form))

    return carried_out(page, form, act, carry_out) or _done(page.response.id, said)


def _done(response_id: int, sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("responses.response", response_id=response_id))
