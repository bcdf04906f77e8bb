"""What an administrator does about one person, a button each."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions import passkeys, second_factor, sign_ins
from tracker.actions.letters import post
from tracker.actions.people import access, account, joining
from tracker.person import NameRefused
from tracker.refusal import N_, NotThere
from tracker.storage import passkeys as kept_passkeys
from tracker.storage.admitting import Passkey
from tracker.storage.base import Session
from tracker.web import messages
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.forms.fields import blame
from tracker.web.forms.people import NameForm, ReasonForm
from tracker.web.pages.people import ONE, in_hand_of, invitation_sent, somebody
from tracker.web.session import asker

pages = Blueprint("people_acts", __name__, url_prefix="/people")
Answer = str | Response | tuple[str, int]


@pages.route(f"{ONE}/name", methods=["GET", "POST"])
def rename(person_id: int) -> Answer:
    person = somebody(person_id)
    form = NameForm(name=person.name, shown=person.name)
    if not form.validate_on_submit():
        return render_template("people/name.html", form=form, person=person), 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            by, shown = asker().person_id, form.shown.data or ""
            account.rename(session, person_id, form.name.data or "", shown=shown, by=by, now=now())
    except NameRefused as refused:
        blame(form.name, refused)
        return render_template("people/name.html", form=form, person=person), 422
    except account.NameChangedMeanwhile as conflict:
        blame(form.name, conflict)
        form.shown.data = conflict.name
        return render_template("people/name.html", form=form, person=person), 409
    return _done(person_id, _("Saved."))


@pages.route(f"{ONE}/deactivate", methods=["GET", "POST"])
def deactivate(person_id: int) -> Answer:
    person, form = somebody(person_id), ReasonForm()
    if not form.validate_on_submit():
        told = {"form": form, "person": person, "in_hand": in_hand_of(person_id)}
        return render_template("people/deactivate.html", **told), 422 if form.is_submitted() else 200
    with transaction() as session:
        by, reason = asker().person_id, form.reason.data or None
        access.deactivate(session, person_id, by=by, now=now(), reason=reason)
    return _done(person_id, _("%(name)s can do nothing here until reactivated.", name=person.name))


@pages.post(f"{ONE}/reactivate")
def reactivate(person_id: int) -> Response:
    with transaction() as session:
        person = access.reactivate(session, person_id, by=asker().person_id, now=now())
    if kept_passkeys.of_person(reading(), person_id):
        flash(_("Their passkeys work again, too: remove those that they no longer hold."))
    return _done(person_id, _("%(name)s is here again.", name=person.name))


@pages.post(f"{ONE}/invite-again")
def invite_again(person_id: int) -> Response:
    person, asking = somebody(person_id), asker()
    write = messages.invitation(name=person.name, invited_by=asking.name, language=person.language)
    with transaction() as session:
        joining.invite_again(session, person_id, write=write, by=asking.person_id, now=now())
    return _done(person_id, invitation_sent(person.email))


@pages.post(f"{ONE}/end-sessions")
def end_sessions(person_id: int) -> Response:
    person = somebody(person_id)
    with transaction() as session:
        sign_ins.end_all(session, person_id, by=asker().person_id, now=now())
    return _done(person_id, _("%(name)s is signed out everywhere.", name=person.name))


@pages.route(f"{ONE}/codes-off", methods=["GET", "POST"])
def codes_off(person_id: int) -> Answer:
    """For somebody who has lost phone and recovery codes."""
    person, form = somebody(person_id), ReasonForm()
    if not second_factor.is_on(person):
        return _done(person_id, _("%(name)s signs in without one-time codes now.", name=person.name))
    if not form.validate_on_submit():
        return render_template("people/codes_off.html", form=form, person=person), 422 if form.is_submitted() else 200
    with transaction() as session:
        locked = access.locked(session, person_id)
        by, reason = asker().person_id, form.reason.data or None
        second_factor.switch_off(session, locked, by=by, now=now(), reason=reason)
        post(session, locked.email, messages.note(locked, messages.CODES_OFF), now=now())
    return _done(person_id, _("%(name)s signs in without one-time codes now.", name=person.name))


@pages.route(f"{ONE}/passkeys/<int:passkey_id>/remove", methods=["GET", "POST"])
def remove_passkey(person_id: int, passkey_id: int) -> Answer:
    """For somebody who lost the device, or in whose account a stranger's was added."""
    person, passkey, form = somebody(person_id), _passkey(reading(), person_id, passkey_id), ReasonForm()
    if not form.validate_on_submit():
        page = render_template("people/remove_passkey.html", form=form, person=person, passkey=passkey)
        return page, 422 if form.is_submitted() else 200
    with transaction() as session:
        locked = access.locked(session, person_id)
        by, reason = asker().person_id, form.reason.data or None
        passkeys.remove(session, _passkey(session, person_id, passkey_id), by=by, now=now(), reason=reason)
        post(session, locked.email, messages.note(locked, messages.PASSKEY_REMOVED, passkeys=[passkey.name]), now=now())
    return _done(person_id, _("The passkey “%(name)s” is removed.", name=passkey.name))


def _passkey(session: Session, person_id: int, passkey_id: int) -> Passkey:
    passkey = kept_passkeys.one_of(session, person_id, passkey_id)
    if passkey is None:
        raise NotThere(N_("There is no such passkey."))
    return passkey


def _done(person_id: int, sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("people.person", person_id=person_id))
