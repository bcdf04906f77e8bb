"""Who may come in, what may they do, and which countries do they see?"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.access import PersonStatus, Role
from tracker.actions.people import access, joining
from tracker.actions.people.access import AccessChangedMeanwhile, LastAdministrator
from tracker.country import sort_key
from tracker.person import AddressRefused, NameRefused
from tracker.storage import countries as places
from tracker.storage import passkeys as kept_passkeys
from tracker.storage import people as kept
from tracker.storage import sign_ins as kept_sign_ins
from tracker.storage.admitting import Person
from tracker.storage.in_hand import InHand, in_hand
from tracker.storage.watching import Country
from tracker.web import messages
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.fields import blame
from tracker.web.forms.people import AccessForm, ChangeAccessForm, InviteForm, Places
from tracker.web.frame import frame
from tracker.web.installation import sends_mail, settings
from tracker.web.language import language
from tracker.web.people_list import Asked, people_list
from tracker.web.session import asker
from tracker.web.words import country_name, mark_words, role_words

pages = Blueprint("people", __name__, url_prefix="/people")
Answer = str | Response | tuple[str, int]
ONE = "/<int:person_id>"


def somebody(person_id: int) -> Person:
    person = kept.by_id(reading(), person_id)
    if person is None:
        raise access.NobodyThere
    return person


@pages.get("")
def people() -> str:
    asked = Asked.read(request.args)
    return render_template(
        "people/list.html",
        rows=people_list(reading(), asked),
        named_groups={group.key: group for group in frame().groups},
        asked=asked,
        roles=list(Role),
        statuses=list(PersonStatus),
    )


@pages.route("/invite", methods=["GET", "POST"])
def invite() -> Answer:
    form = InviteForm()
    _offer(form)
    if not form.validate_on_submit():
        return render_template("people/invite.html", form=form), 422 if form.is_submitted() else 200
    asking, name = asker(), form.name.data or ""
    write = messages.invitation(name=name, invited_by=asking.name, language=language())
    try:
        with transaction() as session:
            invited = joining.invite(
                session,
                email=form.email.data or "",
                name=name,
                access=form.access(),
                write=write,
                by=asking.person_id,
                now=now(),
            )
    except (AddressRefused, joining.AddressTaken, NameRefused) as refused:
        blame(form.name if isinstance(refused, NameRefused) else form.email, refused)
        return render_template("people/invite.html", form=form), 422
    flash(invitation_sent(invited.email))
    return redirect(url_for("people.person", person_id=invited.id))


@pages.route(ONE, methods=["GET", "POST"])
def person(person_id: int) -> Answer:
    somebody_else, form = somebody(person_id), ChangeAccessForm()
    _offer(form)
    if not form.is_submitted():
        form.show_person(somebody_else)
        return _person_page(form, somebody_else, 200)
    if not form.validate():
        return _person_page(form, somebody_else, 422)
    try:
        with transaction() as session:
            by, shown = asker().person_id, form.shown.data or ""
            access.change_access(session, person_id, form.access(), shown=shown, by=by, now=now())
    except AccessChangedMeanwhile as conflict:
        # The form keeps what was wanted; saving it again, now knowing the other, is a decision.
        form.shown.data = conflict.current.digest()
        return _person_page(form, somebody(person_id), 409, conflict)
    except LastAdministrator as refused:
        blame(form.roles, refused)
        return _person_page(form, somebody_else, 409)
    flash(_("The access is changed. Sessions that were open have ended."))
    return redirect(url_for("people.person", person_id=person_id))


def in_hand_of(person_id: int) -> InHand:
    return in_hand(reading(), person_id, asker().scope, asker().clearance)


def invitation_sent(email: str) -> str:
    if sends_mail():
        return str(_("An invitation is on its way to %(email)s.", email=email))
    folder = settings().outbox_folder
    return str(
        _("The invitation to %(email)s is written to a file in %(folder)s: hand it on.", email=email, folder=folder)
    )


def _person_page(
    form: ChangeAccessForm, shown: Person, status: int, conflict: AccessChangedMeanwhile | None = None
) -> Answer:
    page = render_template(
        "people/one.html",
        form=form,
        person=shown,
        conflict=conflict,
        problem=in_words(conflict) if conflict else "",
        sessions=kept_sign_ins.open_of(reading(), shown.id, now=now()),
        passkeys=kept_passkeys.of_person(reading(), shown.id),
        in_hand=in_hand_of(shown.id),
        names=dict(_named(places.all_countries(reading())))
        | {group.key: country_name(group) for group in places.all_groups(reading())},
    )
    return page, status


def _offer(form: AccessForm) -> None:
    form.offer(
        roles=role_words(),
        marks=mark_words(),
        places=Places(
            countries=dict(sorted(_named(places.all_countries(reading())), key=lambda one: sort_key(one[1]))),
            groups={group.key: country_name(group) for group in places.all_groups(reading())},
        ),
    )


def _named(countries: list[Country]) -> list[tuple[str, str]]:
    return [(country.iso3, country_name(country)) for country in countries]
