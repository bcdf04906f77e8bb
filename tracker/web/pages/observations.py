"""What exactly is recorded here, who said so, and what was said before?"""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions.codings import correcting
from tracker.actions.codings.correcting import NoSuchObservation, NotInOrder, WaitsAlready, WithdrawnAlready
from tracker.actions.codings.reviewing import ObservationChanged
from tracker.actions.codings.writing import answer_of
from tracker.coding import CodingAct
from tracker.storage import revisions
from tracker.web.clock import now
from tracker.web.codings.observation_page import ObservationPage, observation_page
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.observations import CorrectionForm, LevelCorrectionForm, ProposalForm
from tracker.web.session import asker

pages = Blueprint("observations", __name__, url_prefix="/countries/<iso3>/<key>/<day>")
Answer = str | Response | tuple[str, int]


@pages.get("", endpoint="observation")
def one(iso3: str, key: str, day: str) -> str:
    return render_template("observations/one.html", page=_page(iso3, key, day))


@pages.route("/correct", methods=["GET", "POST"])
def correct(iso3: str, key: str, day: str) -> Answer:
    page = _page(iso3, key, day)
    form = LevelCorrectionForm() if page.indicator.levels else CorrectionForm()
    form.offer(page.indicator, asker().clearance)
    if not form.is_submitted():
        return _opened(page, form)
    if not form.validate():
        return _shown_again(page, form, 422)
    try:
        with transaction() as session:
            correcting.correct(session, page.observed, form.answer(), based_on=form.based_on, by=asker(), now=now())
    except NotInOrder as refused:
        form.tell(list(refused.troubles))
        return _shown_again(page, form, 422)
    except ObservationChanged:
        return _changed_meanwhile(page, form)
    flash(_("Your correction waits for a second person. Until it is accepted, everything counts as before."))
    return redirect(_address(page))


@pages.route("/withdraw", methods=["GET", "POST"])
def withdraw(iso3: str, key: str, day: str) -> Answer:
    page, form = _page(iso3, key, day), ProposalForm()
    if page.newest.revision.said.withdrawn:
        raise WithdrawnAlready
    if not form.is_submitted():
        if not page.may_propose_more:
            return _waits_already(page)
        form.shown.data = str(page.newest.revision.number)
        return render_template("observations/withdraw.html", page=page, form=form)
    if not form.validate():
        return _shown_again(page, form, 422)
    try:
        with transaction() as session:
            correcting.withdraw(session, page.observed, form.why, based_on=form.based_on, by=asker(), now=now())
    except NotInOrder as refused:
        form.tell(list(refused.troubles))
        return _shown_again(page, form, 422)
    except ObservationChanged:
        return _changed_meanwhile(page, form)
    flash(_("The withdrawal waits for a second person. Until it is accepted, everything counts as before."))
    return redirect(_address(page))


@pages.post("/take-back")
def take_back(iso3: str, key: str, day: str) -> Response:
    page = _page(iso3, key, day)
    with transaction() as session:
        correcting.give_up(session, page.observed, by=asker(), now=now())
    flash(_("What you proposed is taken back."))
    return redirect(_address(page))


def _opened(page: ObservationPage, form: CorrectionForm) -> Answer:
    """With what stands now; or, where it came back, with what its author had written."""
    if not page.may_propose_more:
        return _waits_already(page)
    history = revisions.revisions(reading(), page.observed)
    answer = correcting.answer_before(reading(), history, asker())
    if page.own and page.own.coding.act is CodingAct.CORRECTION:
        answer = answer_of(page.own.coding)
    form.show(answer, history[0].number)
    return _shown_again(page, form, 200)


def _shown_again(page: ObservationPage, form: ProposalForm, status: int) -> Answer:
    """With what was typed."""
    name = "correct" if isinstance(form, CorrectionForm) else "withdraw"
    keeps = page.newest.revision.said.source is None
    return render_template(f"observations/{name}.html", page=page, form=form, keeps_source=keeps), status


def _changed_meanwhile(page: ObservationPage, form: ProposalForm) -> Answer:
    """Both are seen; sending it again, now knowing the other, is a decision."""
    form.reason.errors = [_("It was changed since you opened this form. Look at what stands now, and send it again.")]
    form.shown.data = str(page.newest.revision.number)
    return _shown_again(page, form, 409)


def _waits_already(page: ObservationPage) -> Response:
    flash(in_words(WaitsAlready()), "error")
    return redirect(_address(page))


def _page(iso3: str, key: str, day: str) -> ObservationPage:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NoSuchObservation from None
    if on.isoformat() != day:
        raise NoSuchObservation  # one thing has one address
    return observation_page(reading(), iso3, key, on, asker(), now().date())


def _address(page: ObservationPage) -> str:
    return url_for("observations.observation", iso3=page.country.iso3, key=page.indicator.key, day=page.day.isoformat())
