"""Who is written down as a focal point, who left office, and who is let in."""

from collections.abc import Sequence
from datetime import time

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.access import Right
from tracker.actions import focal_point_accounts as accounts
from tracker.actions import focal_points as acting
from tracker.actions.focal_points import HandedIn, NoSuchFocalPoint
from tracker.focal_point import EndedAlready
from tracker.handling import Mark
from tracker.period import Cadence, Timetable
from tracker.refusal import Refusal
from tracker.storage.base import Session
from tracker.storage.focal_points import SeenFocalPoint, Who
from tracker.subscription import Interest, Wanted
from tracker.web import messages
from tracker.web.clock import now
from tracker.web.database import transaction
from tracker.web.errors import in_words
from tracker.web.form_page import Answer, Done, FormPage, Pair, carried_out
from tracker.web.forms.network import AppointForm, ChangeForm, EndForm, LetInForm, LinkForm
from tracker.web.frame import frame
from tracker.web.imports.columns import number_in
from tracker.web.language import language
from tracker.web.network.directory import entry_of, places_to_choose
from tracker.web.pages.network import visible
from tracker.web.pages.people import invitation_sent
from tracker.web.session import asker
from tracker.web.situations.act import opened
from tracker.web.words import country_name, day, mark_word, mark_words

pages = Blueprint("network_acts", __name__, url_prefix="/network")
ONE = "/<int:focal_point_id>"


@pages.route("/appoint", methods=["GET", "POST"])
def appoint() -> Answer:
    by = asker()
    form = opened(AppointForm, by)
    form.offer(places_to_choose(by), by.clearance)
    if not by.may(Right.RECORD):
        del form.hands_in
    if not form.is_submitted() and not form.was_kept:
        form.place.data, form.since.data = request.args.get("iso3", ""), now().date()
    page = FormPage(
        title=_("Write down a focal point"),
        button=_("Write it down"),
        back_url=url_for("network.network"),
        back=_("The network"),
        lede=_("That there is one, in which office and since when, everybody reads; who it is, whoever you choose."),
    )

    def carry_out(session: Session) -> Done:
        place, appointment = form.place.data, form.appointment()
        iso3, group_key = (place, None) if place in frame().countries else (None, place or None)
        said = _("The focal point is written down.")
        if form.hands_in and form.hands_in.data and iso3:
            reason = _("A focal point was appointed.")
            there = {"is_there": True, "link": appointment.link, "reason": reason, "handling": form.mark}
            said = f"{said} {_handed_in(acting.hand_in(session, iso3, **there, by=by, now=now()))}"
        made = acting.appoint(session, iso3, group_key, appointment, handling=form.mark, by=by, now=now())
        return Done(said, _address(made.id))

    return carried_out(form, page, carry_out)


@pages.route(f"{ONE}/change", methods=["GET", "POST"])
def change(focal_point_id: int) -> Answer:
    by, (found, _who) = asker(), _known(focal_point_id)
    form = opened(ChangeForm, by)
    form.name_the_mark(by.clearance)
    if not form.is_submitted() and not form.was_kept:
        form.show(found)
    if found.until is None:
        del form.until

    def carry_out(session: Session) -> Done:
        until = form.until.data if form.until else None
        marked = {"handling": form.mark, "seen": form.seen_number, "by": by, "now": now()}
        acting.change(session, focal_point_id, form.appointment(), until=until, **marked)  # type: ignore[arg-type]
        return Done(_("Saved."), _address(focal_point_id))

    def stands() -> Sequence[Pair]:
        now_is, who = _known(focal_point_id)
        form.seen.data = str(now_is.version)
        return _pairs(now_is, who)

    return carried_out(form, _page(found, _("Change what is written down"), _("Save")), carry_out, stands=stands)


@pages.route(f"{ONE}/end", methods=["GET", "POST"])
def end(focal_point_id: int) -> Answer:
    by, (found, _who) = asker(), _known(focal_point_id)
    if request.method == "GET" and found.until is not None:
        raise EndedAlready
    form = opened(EndForm, by)
    if not form.is_submitted() and not form.was_kept:
        form.until.data = now().date()
    if not by.may(Right.RECORD) or not found.iso3:
        del form.hands_in, form.link
    lede = _("It stays in the directory, among those who left.")

    def carry_out(session: Session) -> Done:
        said = _("That they left office is written down.")
        if form.hands_in and form.hands_in.data:
            reason = _("The focal point left office.")
            said = f"{said} {_hand_in(session, found, False, form.link.data or '', reason)}"
        acting.end(session, focal_point_id, form.last, by=by, now=now())
        return Done(said, _address(focal_point_id))

    return carried_out(
        form,
        _page(found, _("They left office"), _("Write it down"), lede),
        carry_out,
        stands=lambda: _pairs(*_known(focal_point_id)),
    )


@pages.post(f"{ONE}/hand-in")
def hand_in(focal_point_id: int) -> Response:
    """What an appointment that was written down by somebody else answers."""
    found = visible(focal_point_id)
    if found.who is None or found.until is not None or not found.iso3:
        raise NoSuchFocalPoint
    try:
        with transaction() as session:
            said = _hand_in(session, found, True, found.who.link, _("A focal point was appointed."))
        flash(said)
    except Refusal as refused:
        flash(in_words(refused), "error")
    return redirect(_address(focal_point_id))


@pages.route(f"{ONE}/invite", methods=["GET", "POST"])
def invite(focal_point_id: int) -> Answer:
    by, (found, who) = asker(), _known(focal_point_id)
    if request.method == "GET" and who.person_id is not None:
        raise acting.HasAnAccount
    if not found.iso3:
        raise acting.OfNoCountry
    form = opened(LetInForm, by)
    form.offer(mark_words())
    if not form.is_submitted() and not form.was_kept:
        form.name_.data = who.name
    name, country = form.name_.data or "", frame().countries[found.iso3]
    lede = _(
        "They get a mail with a link that works for seven days. They will see %(country)s and no other country, may "
        "ask for help, and get a digest every week, which they can change or leave.",
        country=country_name(country),
    )

    def carry_out(session: Session) -> Done:
        invited = acting.invite(
            session,
            focal_point_id,
            email=form.email.data or "",
            name=name,
            clearance=Mark(form.clearance.data),
            digest=_weekly(country.iso3, country_name(country)),
            write=messages.invitation(name=name, invited_by=by.name, language=language()),
            by=by,
            now=now(),
        )
        return Done(invitation_sent(invited.email), _address(focal_point_id))

    return carried_out(form, _page(found, _("Invite the focal point"), _("Send the invitation"), lede), carry_out)


@pages.route(f"{ONE}/link", methods=["GET", "POST"])
def link(focal_point_id: int) -> Answer:
    by, (found, who) = asker(), _known(focal_point_id)
    if request.method == "GET" and who.person_id is not None:
        raise acting.HasAnAccount
    if not found.iso3:
        raise acting.OfNoCountry
    form, country = opened(LinkForm, by), frame().countries[found.iso3]
    name = country_name(country)
    lede = _(
        "From then on the account sees %(country)s and no other country, whatever it saw before, and may ask for help. "
        "Its sessions end.",
        country=name,
    )

    def carry_out(session: Session) -> Done:
        digest = _weekly(country.iso3, name)
        accounts.link(session, focal_point_id, form.email.data or "", digest=digest, by=by, now=now())
        return Done(_("The account is linked: it sees this country and no other."), _address(focal_point_id))

    page = _page(found, _("Link an account that exists"), _("Link it"), lede)
    return carried_out(form, page, carry_out, stands=lambda: _pairs(*_known(focal_point_id)))


@pages.post(f"{ONE}/unlink")
def unlink(focal_point_id: int) -> Response:
    shown = number_in(request.form.get("person", "")) or 0
    with transaction() as session:
        accounts.unlink(session, focal_point_id, shown, by=asker(), now=now())
    flash(_("The account is theirs no more. What it may see and do stays, until you change it on the page “People”."))
    return redirect(_address(focal_point_id))


def _weekly(iso3: str, name: str) -> Wanted:
    monday = Timetable(Cadence.WEEKLY, time(7), "UTC", weekday=1)
    return Wanted(_("The week in %(country)s", country=name)[:80], monday, Interest(countries=frozenset({iso3})))


def _known(focal_point_id: int) -> tuple[SeenFocalPoint, Who]:
    """Whoever may not see who it is changes nothing about it."""
    found = visible(focal_point_id)
    if found.who is None:
        raise NoSuchFocalPoint
    return found, found.who


def _page(found: SeenFocalPoint, title: str, button: str, lede: str = "") -> FormPage:
    back = f"{entry_of(found, frame()).place}: {found.office}"
    return FormPage(title, button, _address(found.id), back, lede)


def _pairs(found: SeenFocalPoint, who: Who) -> list[Pair]:
    pairs = [
        (_("Office"), found.office),
        (_("Who holds it"), who.name),
        (_("How to reach them"), who.contact),
        (_("Since"), day(found.since)),
        (_("Last day in office"), day(found.until) if found.until else ""),
        (_("Where it was made known"), who.link),
        (_("Handling"), mark_word(who.handling)),
    ]
    return [(term, said) for term, said in pairs if said]


def _hand_in(session: Session, found: SeenFocalPoint, is_there: bool, link: str, reason: str) -> str:
    assert found.iso3, "of organisations nothing is asked"
    assert found.who, "who may not see who it is hands in nothing"
    handed_in = acting.hand_in(
        session,
        found.iso3,
        is_there=is_there,
        link=link,
        reason=reason,
        handling=found.who.handling,
        by=asker(),
        now=now(),
    )
    return _handed_in(handed_in)


def _handed_in(found: HandedIn) -> str:
    words: dict[HandedIn, str] = {
        HandedIn.SUBMITTED: _("The answer is handed in: a second person reviews it."),
        HandedIn.DRAFT: _("The answer waits in your grid as a draft: look there what it still needs."),
        HandedIn.RECORDED: _("No answer is handed in: the record says so for this month already."),
        HandedIn.NOTHING: _("No answer is handed in: yours for this month stands in your grid already."),
    }
    return words[found]


def _address(focal_point_id: int) -> str:
    return url_for("network.one", focal_point_id=focal_point_id)
