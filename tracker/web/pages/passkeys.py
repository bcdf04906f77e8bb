"""My passkeys: adding, naming and removing them."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.actions import passkeys as acting
from tracker.actions.letters import post
from tracker.actions.passwords import WrongPassword
from tracker.actions.sign_ins import MustWait
from tracker.refusal import N_, NotThere, Refusal
from tracker.storage import passkeys as kept
from tracker.storage.admitting import Passkey
from tracker.storage.base import Session
from tracker.web import messages
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.account import PasskeyForm, PasskeyNameForm, PasswordProof
from tracker.web.forms.fields import blame
from tracker.web.installation import site
from tracker.web.pages.account import me
from tracker.web.proving import prove_password, proved
from tracker.web.strict_json import json_object, text_in

pages = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")
Answer = str | AnyResponse | tuple[str, int]
ONE = "/<int:passkey_id>"


@pages.get("")
def passkeys() -> str:
    person = me()
    mine = kept.of_person(reading(), person.id)
    return render_template("account/passkeys.html", passkeys=mine, person=person, form=PasskeyForm())


@pages.post("/options")
def options() -> Response | tuple[Response, int]:
    person, sent = me(), json_object()
    name, password = text_in(sent, "name", longest=200), text_in(sent, "password", longest=1000)
    try:
        acting.tidy_name(name)
        prove_password(person, password)
        with transaction() as session:
            asked = acting.registration_options(session, person, site=site(), now=now())
    except (acting.PasskeyUnnamed, acting.TooManyPasskeys, WrongPassword, MustWait) as refused:
        return _problem(refused)
    return Response(asked, mimetype="application/json")


@pages.post("")
def add() -> Response | tuple[Response, int]:
    person, sent = me(), json_object()
    name, answer = text_in(sent, "name", longest=200), sent.get("answer")
    try:
        with transaction() as session:
            made = answer if isinstance(answer, dict) else {}
            added = acting.register(session, person, made, name, site=site(), now=now())
            told = messages.note(person, messages.PASSKEY_ADDED, passkeys=[added.name])
            post(session, person.email, told, now=now())
    except (acting.PasskeyUnnamed, acting.PasskeyRefused) as refused:
        return _problem(refused)
    flash(_("The passkey is added. You can sign in with it from now on."))
    return jsonify(next=url_for("passkeys.passkeys"))


@pages.route(ONE, methods=["GET", "POST"])
def rename(passkey_id: int) -> Answer:
    passkey = _mine(reading(), passkey_id)
    form = PasskeyNameForm(name=passkey.name)
    if not form.validate_on_submit():
        return render_template("account/passkey.html", form=form, passkey=passkey), 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            acting.rename(session, _mine(session, passkey_id), form.name.data or "", now=now())
    except acting.PasskeyUnnamed as refused:
        blame(form.name, refused)
        return render_template("account/passkey.html", form=form, passkey=passkey), 422
    flash(_("Saved."))
    return redirect(url_for("passkeys.passkeys"))


@pages.route(f"{ONE}/remove", methods=["GET", "POST"])
def remove(passkey_id: int) -> Answer:
    person, passkey, form = me(), _mine(reading(), passkey_id), PasswordProof()
    if not form.validate_on_submit() or not proved(form, person):
        page = render_template("account/remove_passkey.html", form=form, passkey=passkey, person=person)
        return page, 422 if form.is_submitted() else 200
    with transaction() as session:
        acting.remove(session, _mine(session, passkey_id), by=person.id, now=now())
        told = messages.note(person, messages.PASSKEY_REMOVED, passkeys=[passkey.name])
        post(session, person.email, told, now=now())
    flash(_("The passkey is removed: it does not sign you in any more."))
    return redirect(url_for("passkeys.passkeys"))


def _mine(session: Session, passkey_id: int) -> Passkey:
    passkey = kept.one_of(session, me().id, passkey_id)
    if passkey is None:
        raise NotThere(N_("There is no such passkey."))
    return passkey


def _problem(refused: Refusal) -> tuple[Response, int]:
    return jsonify(problem=in_words(refused)), 422
