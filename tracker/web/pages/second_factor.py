"""My one-time codes: switching them on and off, and the recovery codes."""

import segno
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker.actions import second_factor
from tracker.actions.letters import post
from tracker.storage import people, recovery_codes
from tracker.storage.admitting import Person
from tracker.storage.base import Session
from tracker.web import messages
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.forms.account import CodesForm, PasswordProof
from tracker.web.forms.fields import blame
from tracker.web.installation import seal, site
from tracker.web.pages.account import me
from tracker.web.proving import proved

pages = Blueprint("second_factor", __name__, url_prefix="/account/codes")
Answer = str | Response | tuple[str, int]


@pages.route("", methods=["GET", "POST"])
def switch_on() -> Answer:
    person, form = me(), CodesForm()
    if second_factor.is_on(person):
        left = recovery_codes.how_many_left(reading(), person.id)
        return render_template("account/codes_are_on.html", left=left)
    if not form.validate_on_submit() or not proved(form, person):
        return _set_up_page(form, person, 422 if form.is_submitted() else 200)
    try:
        with transaction() as session:
            codes = second_factor.switch_on(
                session,
                _myself(session, person),
                form.proposal.data or "",
                form.code.data or "",
                seal=seal(),
                now=now(),
            )
            post(session, person.email, messages.note(person, messages.CODES_ON), now=now())
    except (second_factor.CodeRefused, second_factor.SetUpTooOld) as refused:
        blame(form.code, refused)
        return _set_up_page(form, person, 422)
    return render_template("account/recovery_codes.html", codes=codes, email=person.email, just_on=True)


@pages.route("/off", methods=["GET", "POST"])
def switch_off() -> Answer:
    person, form = me(), PasswordProof()
    if not second_factor.is_on(person):
        return redirect(url_for("second_factor.switch_on"))
    if not form.validate_on_submit() or not proved(form, person):
        return render_template("account/codes_off.html", form=form, person=person), 422 if form.is_submitted() else 200
    with transaction() as session:
        second_factor.switch_off(session, _myself(session, person), by=person.id, now=now())
        post(session, person.email, messages.note(person, messages.CODES_OFF), now=now())
    flash(_("One-time codes are switched off."))
    return redirect(url_for("account.account"))


@pages.route("/recovery", methods=["GET", "POST"])
def renew() -> Answer:
    person, form = me(), PasswordProof()
    if not second_factor.is_on(person):
        return redirect(url_for("second_factor.switch_on"))
    if not form.validate_on_submit() or not proved(form, person):
        page = render_template("account/renew_recovery_codes.html", form=form, person=person)
        return page, 422 if form.is_submitted() else 200
    with transaction() as session:
        codes = second_factor.renew_recovery_codes(session, _myself(session, person), now=now())
    return render_template("account/recovery_codes.html", codes=codes, email=person.email, just_on=False)


def _set_up_page(form: CodesForm, person: Person, status: int) -> Answer:
    """The same picture again after a mistyped code; a new one where the old one is too old or not ours."""
    try:
        secret = second_factor.proposed_secret(person, form.proposal.data or "", seal(), now=now())
    except second_factor.SetUpTooOld:
        form.proposal.data = second_factor.propose(person, seal(), now=now())
        secret = second_factor.proposed_secret(person, form.proposal.data, seal(), now=now())
    address = second_factor.address_for_app(person, secret, site().name)
    page = render_template(
        "account/codes.html",
        form=form,
        person=person,
        picture=_picture(address),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )
    return page, status


def _picture(address: str) -> Markup:
    """On white with a margin, also in the dark: cameras need it."""
    drawn = segno.make(address, error="m").svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return Markup(drawn)  # noqa: S704 (drawn by us; of the address only the dots are in it)


def _myself(session: Session, person: Person) -> Person:
    found = people.locked(session, person.id)
    assert found is not None
    return found
