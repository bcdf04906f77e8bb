"""Coming in and going out."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import PersonStatus
from tracker.actions import links, passkeys, passwords, second_factor, sign_ins
from tracker.actions.sign_ins import CODE_LIMITS, PASSKEY_LIMITS, MustWait
from tracker.person import AddressRefused, tidy_address
from tracker.storage import people
from tracker.storage.admitting import LinkPurpose, OneTimeLink, Person
from tracker.storage.base import Session
from tracker.web.clock import now
from tracker.web.codings.entering import enter, leave
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.fields import blame
from tracker.web.forms.sign_in import CodeForm, SignInForm
from tracker.web.installation import seal, site
from tracker.web.next_page import next_page
from tracker.web.session import principal
from tracker.web.strict_json import json_object

pages = Blueprint("sign_in", __name__)
Answer = str | AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    form = SignInForm()
    if form.validate_on_submit():
        return _signing_in(form)
    if form.is_submitted():
        return _sign_in_page(form, 422)
    wanted = request.args.get("next", "")
    if principal():
        return redirect(next_page(wanted))
    form.next.data = wanted
    return _sign_in_page(form, 200)


@pages.route("/sign-in/code", methods=["GET", "POST"])
def code() -> Answer:
    """The second step, for those whose account asks for one."""
    try:
        half_way = links.open_link(reading(), LinkPurpose.SECOND_FACTOR, session.get("half_way", ""), now=now())
    except links.LinkRefused:
        return _begin_again()
    form = CodeForm()
    if form.validate_on_submit():
        return _second_step(form, half_way)
    return _code_page(form, 422 if form.is_submitted() else 200)


@pages.post("/sign-in/passkey/options")
def passkey_options() -> Response | tuple[Response, int, dict[str, str]]:
    try:
        with transaction() as writing:
            sign_ins.reserve_attempt(writing, "passkeys of everybody", now=now(), limits=PASSKEY_LIMITS)
            options = passkeys.sign_in_options(writing, site=site(), now=now())
    except MustWait as refused:
        seconds = str(refused.seconds)
        problem = _(
            "Too many are signing in just now. Wait %(seconds)s seconds, or use your password.", seconds=seconds
        )
        return jsonify(problem=problem), 429, {"Retry-After": seconds}
    return Response(options, mimetype="application/json")


@pages.post("/sign-in/passkey")
def passkey() -> Response | tuple[Response, int]:
    sent = json_object()
    answer, wanted = sent.get("answer"), sent.get("next")
    try:
        with transaction() as writing:
            person = passkeys.person_signing_in(
                writing, answer if isinstance(answer, dict) else {}, site=site(), now=now()
            )
            enter(writing, person, with_="passkey")
    except passkeys.PasskeyRefused as refused:
        return jsonify(problem=in_words(refused)), 422
    return jsonify(next=next_page(wanted if isinstance(wanted, str) else None))


@pages.post("/sign-out")
def sign_out() -> AnyResponse:
    with transaction() as writing:
        leave(writing)
    flash(_("You are signed out."))
    return redirect(url_for("sign_in.sign_in"))


def _signing_in(form: SignInForm) -> Answer:
    """Whatever is wrong, the answer is the same and takes the same time."""
    try:
        checked = _whose_password(form.email.data or "", form.password.data or "")
    except MustWait as refused:
        return _sign_in_page(form, 429, refused)
    let_in = _let_in(checked, form.password.data or "", form.next.data) if checked else None
    if let_in is None:
        blame(form.password, _("The e-mail address or the password is not right."))
        return _sign_in_page(form, 422)
    return let_in


def _whose_password(typed_email: str, password: str) -> Person | None:
    try:
        email = tidy_address(typed_email)
    except AddressRefused:
        email = ""  # nobody has it, and it counts as any other
    with transaction() as writing:
        sign_ins.reserve_attempt(writing, email, now=now())
    person = people.by_email(reading(), email)
    known = person if person and person.status is PersonStatus.ACTIVE else None
    return known if passwords.matches(known.password_hash if known else None, password) else None


def _let_in(checked: Person, password: str, wanted: str | None) -> AnyResponse | None:
    """What was checked is some moments old: whether it still lets in, and how far, is decided in this transaction."""
    shown = checked.password_hash or ""
    renewed = passwords.hash_password(password) if passwords.is_outdated(shown) else None
    with transaction() as writing:
        person = sign_ins.owner_of_password(writing, checked.id, shown)
        if person is None:
            return None
        sign_ins.forgive_attempts(writing, person.email)
        if renewed:
            passwords.renew_hash(writing, person, renewed)
        if second_factor.is_on(person):
            return _to_second_step(writing, person, wanted)
        enter(writing, person, with_="password")
    return redirect(next_page(wanted))


def _to_second_step(writing: Session, person: Person, wanted: str | None) -> AnyResponse:
    """Half way in: a link that this browser alone holds says who showed a right password, and where to go on to."""
    token = links.make(
        writing,
        LinkPurpose.SECOND_FACTOR,
        person_id=person.id,
        lifetime=second_factor.HALF_WAY_LIFETIME,
        now=now(),
        details=next_page(wanted),
    )
    session.clear()
    session["half_way"] = token
    return redirect(url_for("sign_in.code"))


def _second_step(form: CodeForm, half_way: OneTimeLink) -> Answer:
    account, person_id = f"code {half_way.person_id}", half_way.person_id or 0
    try:
        with transaction() as writing:
            sign_ins.reserve_attempt(writing, account, now=now(), limits=CODE_LIMITS)
        with transaction() as writing:
            people.queue_up(writing)
            person = _half_way_in(writing, person_id)
            second_factor.check(writing, person, form.code.data or "", seal=seal(), now=now())
            links.use(writing, LinkPurpose.SECOND_FACTOR, session.get("half_way", ""), now=now())
            sign_ins.forgive_attempts(writing, account)
            enter(writing, person, with_="password and code")
    except MustWait as refused:
        blame(form.code, refused)
        return (*_code_page(form, 429), {"Retry-After": str(refused.seconds)})
    except second_factor.CodeRefused as refused:
        blame(form.code, refused)
        return _code_page(form, 422)
    except links.LinkRefused:
        return _begin_again()
    return redirect(next_page(half_way.details))


def _half_way_in(writing: Session, person_id: int) -> Person:
    """Whoever showed a right password, if they may still come in and their codes are still the same.

    The link ends when password or codes change, or its person is deactivated.
    """
    person = people.locked(writing, person_id)
    links.open_link(writing, LinkPurpose.SECOND_FACTOR, session.get("half_way", ""), now=now())
    if person is None or person.status is not PersonStatus.ACTIVE or not second_factor.is_on(person):
        raise links.LinkRefused
    return person


def _begin_again() -> AnyResponse:
    flash(_("That took too long. Sign in again."), "error")
    return redirect(url_for("sign_in.sign_in"))


def _sign_in_page(form: SignInForm, status: int, waits: MustWait | None = None) -> Answer:
    if waits is not None:
        blame(form.password, waits)
    nobody_yet = not people.active_administrators(reading())
    page = render_template("sign_in/sign_in.html", form=form, nobody_yet=nobody_yet)
    return (page, status) if waits is None else (page, status, {"Retry-After": str(waits.seconds)})


def _code_page(form: CodeForm, status: int) -> tuple[str, int]:
    return render_template("sign_in/code.html", form=form), status
