"""Becoming a person of this installation: by an invitation, or as its first administrator."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions import links, passwords
from tracker.actions.people import joining
from tracker.person import AddressRefused, NameRefused, tidy_address, tidy_name
from tracker.storage.admitting import LinkPurpose
from tracker.web.clock import now
from tracker.web.codings.entering import enter
from tracker.web.database import reading, transaction
from tracker.web.forms.fields import blame
from tracker.web.forms.sign_in import InvitationForm, WelcomeForm

pages = Blueprint("joining", __name__)
Answer = str | Response | tuple[str, int]


@pages.route("/invitation/<token>", methods=["GET", "POST"])
def accept(token: str) -> Answer:
    invited = links.open_link(reading(), LinkPurpose.INVITATION, token, now=now()).person
    assert invited is not None
    form = InvitationForm(name=invited.name)
    password_hash = _chosen(form, invited.email) if form.validate_on_submit() else None
    if password_hash is None:
        status = 422 if form.is_submitted() else 200
        return render_template("joining/invitation.html", form=form, email=invited.email), status
    with transaction() as session:
        person = joining.accept_invitation(
            session, token, name=form.name.data or "", password_hash=password_hash, now=now()
        )
        enter(session, person, with_="invitation")
    flash(_("Welcome. You are signed in."))
    return redirect(url_for("dashboard.start"))


@pages.route("/welcome/<token>", methods=["GET", "POST"])
def first_administrator(token: str) -> Answer:
    """The link stands on the terminal of whoever started the installation."""
    links.open_link(reading(), LinkPurpose.FIRST_ADMINISTRATOR, token, now=now())
    form = WelcomeForm()
    password_hash = _address_and_password(form) if form.validate_on_submit() else None
    if password_hash is None:
        return render_template("joining/welcome.html", form=form), 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            person = joining.add_first_administrator(
                session,
                token,
                email=form.email.data or "",
                name=form.name.data or "",
                password_hash=password_hash,
                now=now(),
            )
            enter(session, person, with_="first link")
    except joining.AddressTaken as refused:
        blame(form.email, refused)
        return render_template("joining/welcome.html", form=form), 422
    flash(_("Welcome. You are signed in. What comes first stands on the page “System”."))
    return redirect(url_for("dashboard.start"))


def _address_and_password(form: WelcomeForm) -> passwords.PasswordHash | None:
    try:
        email = tidy_address(form.email.data or "")
    except AddressRefused as refused:
        blame(form.email, refused)
        return None
    return _chosen(form, email)


def _chosen(form: InvitationForm, email: str) -> passwords.PasswordHash | None:
    """None: name or password is refused, and the form says why."""
    try:
        name = tidy_name(form.name.data or "")
        return passwords.chosen(form.password.data or "", email=email, name=name)
    except NameRefused as refused:
        blame(form.name, refused)
    except passwords.PasswordRefused as refused:
        blame(form.password, *(_(reason) for reason in refused.reasons))
    return None
