"""Is this right? A second person looks at what was submitted, and accepts it or returns it with a reason."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from tracker.actions.codings import reviewing
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.storage import codings
from tracker.storage.watching import Country
from tracker.web.clock import now
from tracker.web.codings.review_queue import CountryQueue, Section, country_queue, overview
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
def everything() -> str:
    wanted = Wanted.read(request.args)
    found = overview(reading(), within(asker(), wanted.group))
    return render_template("review/overview.html", overview=found, wanted=wanted, every_group=frame().groups)


@pages.get("/<iso3>", endpoint="country")
def one_country(iso3: str) -> Answer:
    return _page(_queue(iso3), Settling())


@pages.post("/<iso3>")
def settle(iso3: str) -> Answer:
    queue, wanted = _queue(iso3), Settling.read(request.form)
    if wanted is None:
        abort(400)
    try:
        said = _returned(wanted) if wanted.returns else _accepted(wanted, queue)
    except NotThere:
        raise
    except Refusal as refused:
        return _page(_queue(iso3), wanted, refused)
    flash(f"{said} {_what_is_left(queue.country)}")
    return redirect(_where_to_go_on(queue.country))


def _accepted(wanted: Settling, queue: CountryQueue) -> str:
    chosen, section = wanted.picked, queue.section(wanted.criterion) if wanted.criterion else None
    if wanted.criterion:
        chosen = [entry.coding.id for entry in section.clear if entry.coding.id in wanted.shown] if section else []
        if not chosen:
            raise NothingClear
    if not chosen:
        raise NothingTicked
    with transaction() as session:
        accepted = reviewing.accept(session, chosen, shown=wanted.shown, by=asker(), now=now())
    said = ngettext("%(num)s answer is accepted.", "%(num)s answers are accepted.", accepted)
    if section:
        said += _left_out(section)
    aside = _set_aside(chosen, queue)
    if aside:
        said += " " + ngettext(
            "%(num)s other answer is set aside and kept as dissent.",
            "%(num)s other answers are set aside and kept as dissent.",
            aside,
        )
    return str(said)


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


def _set_aside(chosen: Sequence[int], queue: CountryQueue) -> int:
    """How many answers stood beside those that were accepted."""
    questions = [question for section in queue.sections for question in section.questions]
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
    return str(
        ngettext(
            "%(num)s answer is returned; its author sees why.",
            "%(num)s answers are returned; their authors see why.",
            returned,
        )
    )


def _what_is_left(country: Country) -> str:
    left = _waiting(country)
    if not left:
        return str(_("Nothing else waits for %(country)s.", country=country_name(country)))
    return str(
        ngettext(
            "%(num)s more waits for %(country)s.",
            "%(num)s more wait for %(country)s.",
            left,
            country=country_name(country),
        )
    )


def _where_to_go_on(country: Country) -> str:
    if _waiting(country):
        return url_for("review.country", iso3=country.iso3)
    return url_for("review.review")


def _waiting(country: Country) -> int:
    return codings.how_many_submitted(reading(), [country.iso3], asker().clearance)


def _page(queue: CountryQueue, wanted: Settling, refused: Refusal | None = None) -> Answer:
    """What was ticked and written stays."""
    status = 200 if refused is None else 409 if isinstance(refused, OutOfTurn) else 422
    page = render_template(
        "review/country.html",
        queue=queue,
        wanted=wanted,
        problem=in_words(refused) if refused else "",
    )
    return page, status


def _queue(iso3: str) -> CountryQueue:
    """As things stand now."""
    return country_queue(reading(), iso3, asker())
