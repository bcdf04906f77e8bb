"""A new password for somebody who forgot theirs."""

import time
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions import links, passwords, sign_ins
from tracker.actions.letters import post
from tracker.actions.people import account
from tracker.actions.sign_ins import RESET_LIMITS, MustWait
from tracker.person import AddressRefused, tidy_address
from tracker.storage import passkeys, people
from tracker.storage.admitting import LinkPurpose
from tracker.web import messages
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.fields import blame
from tracker.web.forms.sign_in import NewPasswordForm, ResetForm
from tracker.web.installation import sends_mail
from tracker.web.language import DEFAULT_LANGUAGE

pages = Blueprint("reset", __name__, url_prefix="/reset")
Answer = str | Response | tuple[str, int]

# Making a link and a mail takes a little longer than doing nothing: both are answered after the same time.
EARLIEST_ANSWER = timedelta(milliseconds=250)


@pages.route("", methods=["GET", "POST"])
def ask() -> Answer:
    form = ResetForm()
    if not form.validate_on_submit():
        return _ask_page(form, 422 if form.is_submitted() else 200)
    begun = time.monotonic()
    try:
        _send_link(tidy_address(form.email.data or ""))
    except AddressRefused as refused:
        blame(form.email, refused)
        return _ask_page(form, 422)
    except MustWait as refused:
        blame(form.email, refused)
        return _ask_page(form, 429)
    time.sleep(max(0.0, EARLIEST_ANSWER.total_seconds() - (time.monotonic() - begun)))
    return render_template("reset/asked.html", sends_mail=sends_mail())


@pages.route("/<token>", methods=["GET", "POST"])
def choose(token: str) -> Answer:
    link = links.open_link(reading(), LinkPurpose.RESET, token, now=now())
    owner = link.person
    assert owner is not None
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return _choose_page(form, owner.email, 422 if form.is_submitted() else 200)
    try:
        password_hash = passwords.chosen(form.password.data or "", email=owner.email, name=owner.name)
    except passwords.PasswordRefused as refused:
        blame(form.password, *(_(reason) for reason in refused.reasons))
        return _choose_page(form, owner.email, 422)
    with transaction() as session:
        person = account.reset_password(session, token, password_hash, now=now())
        names = [passkey.name for passkey in passkeys.of_person(session, person.id)]
        post(session, person.email, messages.note(person, messages.PASSWORD_RESET, passkeys=names), now=now())
    flash(_("Your new password is set. Sign in with it."))
    if names:
        # They stay: a forgotten password says nothing about devices. But one that was planted would stay, too.
        flash(_("These passkeys still sign you in: %(names)s.", names=", ".join(names)))
        flash(_("If one is not yours, remove it once you are signed in: “Your account”, then “Manage passkeys”."))
    return redirect(url_for("sign_in.sign_in"))


@pages.app_errorhandler(links.LinkRefused)
def link_refused(refused: links.LinkRefused) -> tuple[str, int]:
    """The same answer for a link that was never made and for one that is over."""
    return render_template("reset/link_refused.html", sentence=in_words(refused)), 410


def _send_link(email: str) -> None:
    with transaction() as session:
        sign_ins.reserve_attempt(session, f"reset {email}", now=now(), limits=RESET_LIMITS)
    person = people.by_email(reading(), email)
    write = messages.reset(language=person.language if person else DEFAULT_LANGUAGE)
    with transaction() as session:
        account.request_reset(session, email, write=write, now=now())


def _ask_page(form: ResetForm, status: int) -> Answer:
    return render_template("reset/ask.html", form=form), status


def _choose_page(form: NewPasswordForm, email: str, status: int) -> Answer:
    return render_template("reset/choose.html", form=form, email=email), status
