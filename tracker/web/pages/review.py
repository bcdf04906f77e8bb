"""Is this right? A second person looks at what was submitted, and accepts it or returns it with a reason."""

from collections.abc import Collection, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from tracker.actions.codings import reviewing
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.storage import codings
from tracker.storage.base import Session
from tracker.web import parking
from tracker.web.clock import now
from tracker.web.codings.review_queue import CountryQueue, Overview, Section, country_queue, overview
from tracker.web.country_choice import Wanted, within
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.settling import Settling
from tracker.web.frame import frame
from tracker.web.session import asker
from tracker.web.words import country_name

pages = Blueprint("review", __name__, url_prefix="/review")
Answer = str | Response | tuple[str, int]


class NothingTicked(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Nothing is ticked: tick the answers that you mean, and choose again."))


class NothingClear(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("Nothing of this criterion can be accepted in one go: look at its answers one by one."),
        )


@pages.get("", endpoint="review")
def everything() -> Answer:
    return _page(None, _kept())


@pages.post("")
def settle_anywhere() -> Answer:
    return _settled(None)


@pages.get("/<iso3>", endpoint="country")
def one_country(iso3: str) -> Answer:
    return _page(iso3, _kept())


@pages.post("/<iso3>")
def settle(iso3: str) -> Answer:
    return _settled(iso3)


def _settled(iso3: str | None) -> Answer:
    """On the page of that country; None: on that of all."""
    queues = _overview().queues if iso3 is None else [_queue(iso3)]
    wanted = Settling.read(request.form)
    if wanted is None:
        abort(400)
    try:
        said = _returned(wanted) if wanted.returns else _accepted(wanted, queues)
    except NotThere:
        raise
    except Refusal as refused:
        return _page(iso3, wanted, refused)
    flash(f"{said} {_what_is_left(iso3)}")
    return redirect(_where_to_go_on(iso3))


def _accepted(wanted: Settling, queues: Sequence[CountryQueue]) -> str:
    chosen, section = wanted.picked, _section(wanted, queues)
    if wanted.criterion:
        chosen = [entry.coding.id for entry in section.clear if entry.coding.id in wanted.shown] if section else []
        if not chosen:
            raise NothingClear
    if not chosen:
        raise NothingTicked
    with transaction() as session:
        accepted = reviewing.accept(session, chosen, shown=wanted.shown, by=asker(), now=now())
        _keep_the_rest(session, wanted, chosen)
    said = ngettext("%(num)s answer is accepted.", "%(num)s answers are accepted.", accepted)
    if section:
        said += _left_out(section)
    aside = _set_aside(chosen, queues)
    if aside:
        said += " " + ngettext(
            "%(num)s other answer is set aside and kept as dissent.",
            "%(num)s other answers are set aside and kept as dissent.",
            aside,
        )
    return str(said)


def _section(wanted: Settling, queues: Sequence[CountryQueue]) -> Section | None:
    """That of which everything is to be accepted. None: of none, or nothing of it waits any more."""
    there = [section for queue in queues if queue.country.iso3 == wanted.iso3 for section in queue.sections]
    return next((section for section in there if section.criterion.key == wanted.criterion), None)


def _keep_the_rest(session: Session, wanted: Settling, settled: Collection[int]) -> None:
    """What was ticked besides, and the reason typed for it, stand on the page again."""
    by, address = asker().person_id, parking.page_of_form()
    if set(wanted.ticked) - set(settled):
        parking.keep(session, by, address)
    else:
        parking.unpark(session, by, address)


def _left_out(section: Section) -> str:
    """What “accept all” did not take along."""
    said = ""
    if section.several:
        said += " " + ngettext(
            "%(num)s question of this criterion has several answers and is left for you to settle.",
            "%(num)s questions of this criterion have several answers and are left for you to settle.",
            section.several,
        )
    if section.proposals:
        said += " " + ngettext(
            "%(num)s correction or withdrawal is left for you to settle.",
            "%(num)s corrections and withdrawals are left for you to settle.",
            section.proposals,
        )
    return said


def _set_aside(chosen: Sequence[int], queues: Sequence[CountryQueue]) -> int:
    """How many answers stood beside those that were accepted."""
    questions = [question for queue in queues for section in queue.sections for question in section.questions]
    return sum(
        len(question.entries) - 1
        for question in questions
        if any(entry.is_answer and entry.coding.id in chosen for entry in question.entries)
    )


def _returned(wanted: Settling) -> str:
    if not wanted.picked:
        raise NothingTicked
    with transaction() as session:
        returned = reviewing.send_back(session, wanted.picked, wanted.reason, by=asker(), now=now())
        _keep_the_rest(session, wanted, wanted.picked)
    return str(
        ngettext(
            "%(num)s answer is returned; its author sees why.",
            "%(num)s answers are returned; their authors see why.",
            returned,
        )
    )


def _what_is_left(iso3: str | None) -> str:
    left = _waiting(iso3)
    if iso3 is None:
        if not left:
            return str(_("Nothing else waits."))
        return str(ngettext("%(num)s more waits.", "%(num)s more wait.", left))
    country = country_name(frame().countries[iso3])
    if not left:
        return str(_("Nothing else waits for %(country)s.", country=country))
    return str(
        ngettext("%(num)s more waits for %(country)s.", "%(num)s more wait for %(country)s.", left, country=country)
    )


def _where_to_go_on(iso3: str | None) -> str:
    if iso3 is None:
        return url_for("review.review", group=_place().group or None)
    return url_for("review.country", iso3=iso3) if _waiting(iso3) else url_for("review.review")


def _waiting(iso3: str | None) -> int:
    reader = within(asker(), _place().group)
    return codings.how_many_submitted(reading(), [iso3] if iso3 else reader.scope, reader.clearance)


def _page(iso3: str | None, wanted: Settling, refused: Refusal | None = None) -> Answer:
    """What was ticked and written stays."""
    status = 200 if refused is None else 409 if isinstance(refused, OutOfTurn) else 422
    said = {"wanted": wanted, "problem": in_words(refused) if refused else ""}
    if iso3 is not None:
        return render_template("review/country.html", queue=_queue(iso3), **said), status
    said |= {"overview": _overview(), "place": _place(), "every_group": frame().groups}
    return render_template("review/overview.html", **said), status


def _kept() -> Settling:
    """What was ticked here and not sent."""
    return Settling.read(parking.parked(reading(), asker().person_id, request.path)) or Settling()


def _queue(iso3: str) -> CountryQueue:
    """As things stand now."""
    return country_queue(reading(), iso3, asker())


def _overview() -> Overview:
    return overview(reading(), within(asker(), _place().group))


def _place() -> Wanted:
    return Wanted.read(request.args)
