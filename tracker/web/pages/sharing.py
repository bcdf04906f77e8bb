"""What goes to other organisations, and what came from them?"""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import Right
from tracker.actions.bundles import kept, keys, receiving, sending, withdrawing
from tracker.actions.sealing import SIGNING, Seal
from tracker.bundle import BundleDirection
from tracker.refusal import NotThere, OutOfTurn, Refusal
from tracker.storage import bundles, imports
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.fields import blame
from tracker.web.forms.sharing import MakeForm, PartnerForm, ReceiveForm, TakeBackForm, TakeInForm, WishForm
from tracker.web.imports.columns import number_in
from tracker.web.installation import settings
from tracker.web.session import asker
from tracker.web.sharing.lines import counts_by_country, listing
from tracker.web.sharing.offered import offer_places

pages = Blueprint("sharing", __name__, url_prefix="/sharing")
Answer = str | AnyResponse | tuple[str, int]
ONE = "/<int:bundle_id>"


@pages.get("", endpoint="sharing")
def everything() -> str:
    return _list(PartnerForm())


@pages.post("/key")
def make_key() -> AnyResponse:
    with transaction() as session:
        keys.make_key(session, _seal(), by=asker(), now=now())
    flash(_("From now on bundles are signed with this key. Hand its public part and its fingerprint to your partners."))
    return redirect(url_for("sharing.sharing"))


@pages.post("/partners")
def add_partner() -> Answer:
    form = PartnerForm()
    if not form.validate():
        return _list(form), 422
    try:
        with transaction() as session:
            keys.add_partner(session, form.name_.data or "", form.public_key.data or "", by=asker(), now=now())
    except Refusal as refused:
        of_name = isinstance(refused, keys.NoName | keys.NameOfAPublisher)
        blame(form.name_ if of_name else form.public_key, refused)
        return _list(form), 422
    flash(_("The partner is entered: what it signs can be brought now."))
    return redirect(url_for("sharing.sharing"))


@pages.post("/partners/<int:partner_id>/revoke")
def revoke_partner(partner_id: int) -> AnyResponse:
    with transaction() as session:
        keys.revoke_partner(session, partner_id, by=asker(), now=now())
    flash(_("Nothing more is taken from this key. What came before stays, until you take it back."))
    return redirect(url_for("sharing.sharing"))


@pages.get("/new")
def new() -> Answer:
    """What would leave, before it leaves: as often as somebody likes, and without consequences."""
    form = _wish_form(request.args)
    if not form.is_asked:
        return _look(form, MakeForm())
    return _look(form, MakeForm()) if form.validate() else _choosing(form, 422)


@pages.post("/new")
def make() -> Answer:
    """Exactly what was shown."""
    form, making = _wish_form(request.form), MakeForm()
    if not form.validate():
        return _choosing(form, 422)
    if not making.validate():
        return _look(form, making, 422)
    recipient, shown = making.recipient.data or "", making.shown.data or ""
    try:
        with transaction() as session:
            made = sending.make(session, form.wish(), recipient, _seal(), shown=shown, by=asker(), now=now()).id
    except sending.NotAsShown as refused:
        blame(making.recipient, refused)
        return _look(form, making, 409)
    except (sending.NoRecipient, sending.NothingToShare, keys.NoKeyYet, keys.KeyUnreadable) as refused:
        blame(making.recipient, refused)
        return _look(form, making, 422)
    flash(_("The bundle is made and signed. Download it, and send it the way you agreed on."))
    return redirect(url_for("sharing.one", bundle_id=made))


@pages.route("/receive", methods=["GET", "POST"])
def receive() -> Answer:
    form = ReceiveForm()
    if not form.validate_on_submit():
        return render_template("sharing/receive.html", form=form), 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            brought = receiving.bring(session, form.file.data.read(), by=asker(), now=now()).id
    except Refusal as refused:
        blame(form.file, refused)
        return render_template("sharing/receive.html", form=form), 422
    return redirect(url_for("sharing.one", bundle_id=brought))


@pages.get(ONE)
def one(bundle_id: int) -> str:
    return _one(bundle_id, TakeInForm())


@pages.get(f"{ONE}/bundle.json")
def download(bundle_id: int) -> Response:
    found = kept.visible(reading(), bundle_id, asker())
    if found.bundle.direction is not BundleDirection.SENT:
        raise kept.NoSuchBundle
    file = kept.file_to_send(reading(), found.bundle, asker())
    name = f"bundle-{found.bundle.fingerprint[:12]}.json"
    return Response(
        file, mimetype="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@pages.post(f"{ONE}/take-in")
def take_in(bundle_id: int) -> Answer:
    form = TakeInForm()
    try:
        with transaction() as session:
            receiving.enter(session, bundle_id, replace=form.replace.data, by=asker(), now=now())
    except (receiving.NeedsAnAnalyst, receiving.PartnerRevoked) as refused:
        return _one(bundle_id, form, in_words(refused)), 422
    flash(_("It is taken in. Observations go into the record within a minute; what was concluded is shown now."))
    return redirect(url_for("sharing.one", bundle_id=bundle_id))


@pages.post(f"{ONE}/leave")
def leave(bundle_id: int) -> AnyResponse:
    with transaction() as session:
        receiving.leave(session, bundle_id, by=asker(), now=now())
    flash(_("The bundle is forgotten: nothing of it was entered."))
    return redirect(url_for("sharing.sharing"))


@pages.route(f"{ONE}/take-back", methods=["GET", "POST"])
def take_back(bundle_id: int) -> Answer:
    found, form = kept.visible(reading(), bundle_id, asker()), TakeBackForm()
    if found.bundle.entered_at is None:
        raise kept.NoSuchBundle
    if not form.validate_on_submit():
        return _taking_back(found, form)
    try:
        with transaction() as session:
            withdrawing.take_back(session, bundle_id, form.reason.data or "", by=asker(), now=now())
    except (NotThere, OutOfTurn):
        raise
    except Refusal as refused:
        blame(form.reason, refused)
        return _taking_back(found, form)
    flash(_("Everything that came with this bundle is taken back."))
    return redirect(url_for("sharing.one", bundle_id=bundle_id))


def _list(form: PartnerForm) -> str:
    session, by = reading(), asker()
    return render_template(
        "sharing/list.html",
        form=form,
        key=bundles.signing_key(session),
        partners=bundles.partners(session),
        bundles=bundles.bundles(session, by.scope, by.clearance),
    )


def _wish_form(sent: MultiDict[str, str]) -> WishForm:
    form, by = WishForm(sent, meta={"csrf": False}), asker()
    form.offer(**offer_places(by), clearance=by.clearance, today=now().date())
    return form


def _choosing(form: WishForm, status: int = 200) -> Answer:
    return render_template("sharing/new.html", form=form, looked=None), status


def _look(form: WishForm, making: MakeForm, status: int = 200) -> Answer:
    """With what would leave, once somebody has chosen."""
    if not form.is_asked:
        return _choosing(form)
    try:
        looked = sending.look(reading(), form.wish(), by=asker())
    except NotThere:
        raise
    except Refusal as refused:
        form.blame(refused)
        return _choosing(form, 422)
    making.shown.data = looked.fingerprint()
    words: dict[str, Any] = {
        "looked": looked,
        "making": making,
        "counts": counts_by_country(looked.rows),
        "listed": listing(looked.rows, _page()),
        "same": form.as_arguments(),
        "key": bundles.signing_key(reading()),
    }
    return render_template("sharing/new.html", form=form, **words), status


def _one(bundle_id: int, form: TakeInForm, problem: str = "") -> str:
    session, by = reading(), asker()
    found = kept.visible(session, bundle_id, by)
    bundle = found.bundle
    waits = bundle.direction is BundleDirection.RECEIVED and bundle.entered_at is None
    looked = receiving.look(session, bundle, by=by, now=now()) if bundle.direction is BundleDirection.RECEIVED else None
    left = None if looked else kept.as_it_left(session, bundle, by)
    rows = left.shown if left else looked.contents.rows if looked else ()
    return render_template(
        "sharing/one.html",
        found=found,
        bundle=bundle,
        form=form,
        problem=problem,
        looked=looked if waits else None,
        left=left,
        made_at=looked.contents.made_at if looked else None,
        counts=counts_by_country(rows),
        listed=listing(rows, _page()),
        brought=imports.by_id(session, bundle.import_id) if bundle.import_id else None,
        may_record=by.may(Right.RECORD),
    )


def _taking_back(found: bundles.Listed, form: TakeBackForm) -> Answer:
    page = render_template("sharing/take_back.html", found=found, form=form)
    return page, 422 if form.is_submitted() else 200


def _page() -> int:
    return number_in(request.args.get("page", "")) or 1


def _seal() -> Seal:
    return Seal(settings().secret, SIGNING)
