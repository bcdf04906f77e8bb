"""My account: who I am here, my password and address, and where I am signed in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions import links, passwords, sign_ins
from tracker.actions.letters import post
from tracker.actions.people import account as acting
from tracker.actions.people.joining import AddressTaken
from tracker.person import AddressRefused, NameRefused, tidy_address
from tracker.refusal import N_, NotThere, OutOfTurn
from tracker.storage import passkeys, people, recovery_codes
from tracker.storage import sign_ins as kept
from tracker.storage.admitting import LinkPurpose, Person
from tracker.web import messages
from tracker.web.clock import now
from tracker.web.codings.entering import enter
from tracker.web.database import reading, transaction
from tracker.web.forms.account import AccountForm, AddressForm, ConfirmForm, PasswordForm
from tracker.web.forms.fields import blame
from tracker.web.installation import sends_mail
from tracker.web.proving import prove_password
from tracker.web.session import signed_in

pages = Blueprint("account", __name__)
Answer = str | Response | tuple[str, int]


def me() -> Person:
    """Whoever asks, as a row."""
    found = signed_in()
    person = people.by_id(reading(), found.principal.person_id) if found else None
    assert person is not None, "the guard lets nobody in here who is not signed in"
    return person


@pages.route("/account", methods=["GET", "POST"])
def account() -> Answer:
    person = me()
    form = AccountForm(
        name=person.name,
        language=person.language,
        time_zone=person.time_zone,
        shown_name=person.name,
        shown_language=person.language,
        shown_time_zone=person.time_zone,
    )
    form.offer_also(person.time_zone)
    if not form.validate_on_submit():
        return _account_page(form, person, 422 if form.is_submitted() else 200)
    try:
        _save(form, person.id)
    except NameRefused as refused:
        blame(form.name, refused)
        return _account_page(form, person, 422)
    except (acting.NameChangedMeanwhile, acting.PreferencesChangedMeanwhile) as conflict:
        # The form keeps what was wanted; saving it again, now knowing the other, is a decision.
        form.now_shows(conflict)
        return _account_page(form, person, 409)
    flash(_("Saved."))
    return redirect(url_for("account.account"))


@pages.route("/account/password", methods=["GET", "POST"])
def password() -> Answer:
    person, form = me(), PasswordForm()
    password_hash = _proved_and_chosen(form, person) if form.validate_on_submit() else None
    if password_hash is None:
        return render_template("account/password.html", form=form, person=person), 422 if form.is_submitted() else 200
    with transaction() as session:
        if sign_ins.owner_of_password(session, person.id, person.password_hash or "") is None:
            raise OutOfTurn(N_("Your password was changed meanwhile. Sign in with the new one."))
        changed = acting.change_password(session, person.id, password_hash, now=now())
        names = [passkey.name for passkey in passkeys.of_person(session, changed.id)]
        told = messages.note(changed, messages.PASSWORD_CHANGED, passkeys=names)
        post(session, changed.email, told, now=now())
        enter(session, changed, with_="new password")
    flash(_("Your password is changed. You are signed out everywhere else."))
    return redirect(url_for("account.account"))


@pages.route("/account/address", methods=["GET", "POST"])
def address() -> Answer:
    person, form = me(), AddressForm()
    wanted = _proved_and_typed(form, person) if form.validate_on_submit() else None
    if wanted is None:
        return render_template("account/address.html", form=form, person=person), 422 if form.is_submitted() else 200
    with transaction() as session:
        acting.request_address_change(
            session,
            person.id,
            wanted,
            write=messages.address_change(person),
            note=messages.address_note(person, wanted),
            now=now(),
        )
    if sends_mail():
        flash(_("A link is on its way to %(email)s. It works for one hour.", email=wanted))
    else:
        flash(_("A link for %(email)s is made. It works for one hour: ask your administrator for it.", email=wanted))
    return redirect(url_for("account.account"))


@pages.route("/address/<token>", methods=["GET", "POST"])
def confirm_address(token: str) -> Answer:
    wanted = links.open_link(reading(), LinkPurpose.ADDRESS_CHANGE, token, now=now()).details
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("account/confirm_address.html", form=form, email=wanted, taken=False)
    try:
        with transaction() as session:
            acting.confirm_address_change(session, token, now=now())
    except AddressTaken:
        return render_template("account/confirm_address.html", form=form, email=wanted, taken=True), 409
    flash(_("Your address is %(email)s now. Sign in with it from now on.", email=wanted))
    return redirect(url_for("account.account"))


@pages.post("/account/sessions/<int:sign_in_id>/end")
def end_session(sign_in_id: int) -> Response:
    person = me()
    with transaction() as session:
        sign_in = kept.by_id(session, sign_in_id)
        if sign_in is None or sign_in.person_id != person.id:
            raise NotThere(N_("There is no such session."))
        sign_ins.end(session, sign_in, by=person.id, now=now())
    flash(_("That session is ended."))
    return redirect(url_for("account.account") + "#sessions")


@pages.post("/account/sessions/end-others")
def end_other_sessions() -> Response:
    found = signed_in()
    assert found is not None
    with transaction() as session:
        person_id = found.principal.person_id
        sign_ins.end_all(session, person_id, by=person_id, now=now(), except_id=found.sign_in_id)
    flash(_("You are signed out everywhere else."))
    return redirect(url_for("account.account") + "#sessions")


def _save(form: AccountForm, person_id: int) -> None:
    with transaction() as session:
        shown = form.shown_name.data or ""
        acting.rename(session, person_id, form.name.data or "", shown=shown, by=person_id, now=now())
        acting.set_preferences(
            session,
            person_id,
            language=form.language.data,
            time_zone=form.time_zone.data,
            shown=(form.shown_language.data or "", form.shown_time_zone.data or ""),
            now=now(),
        )


def _account_page(form: AccountForm, person: Person, status: int) -> Answer:
    found = signed_in()
    page = render_template(
        "account/account.html",
        form=form,
        person=person,
        sessions=kept.open_of(reading(), person.id, now=now()),
        this_session=found.sign_in_id if found else None,
        passkeys=passkeys.of_person(reading(), person.id),
        recovery_codes_left=recovery_codes.how_many_left(reading(), person.id),
    )
    return page, status


def _proved_and_chosen(form: PasswordForm, person: Person) -> passwords.PasswordHash | None:
    """None: a password is refused, and the form says which and why."""
    try:
        prove_password(person, form.current_password.data or "")
        return passwords.chosen(form.new_password.data or "", email=person.email, name=person.name)
    except (passwords.WrongPassword, sign_ins.MustWait) as refused:
        blame(form.current_password, refused)
    except passwords.PasswordRefused as refused:
        blame(form.new_password, *(_(reason) for reason in refused.reasons))
    return None


def _proved_and_typed(form: AddressForm, person: Person) -> str | None:
    """None: address or password is refused, and the form says which and why."""
    try:
        wanted = tidy_address(form.email.data or "")
        prove_password(person, form.current_password.data or "")
    except AddressRefused as refused:
        blame(form.email, refused)
    except (passwords.WrongPassword, sign_ins.MustWait) as refused:
        blame(form.current_password, refused)
    else:
        return wanted
    return None
