"""What is done about one situation, a form each."""

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from tracker.actions.situations import assessing, attending, dividing, flagging, judging, moving
from tracker.actions.situations.judging import NoSuchFlag
from tracker.refusal import NotThere, OutOfTurn, Refusal
from tracker.response import OPEN
from tracker.situation import CloseReason, Need, NotNext, NotToBeClosed, SituationState, Verdict, moves_from
from tracker.storage import situations
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.forms.situations import (
    AssessForm,
    AssignForm,
    ClearForm,
    CloseForm,
    DissentForm,
    NoteForm,
    SplitForm,
    WordsForm,
)
from tracker.web.forms.verdicts import Refused, Verdicts
from tracker.web.pages.situations import address_of, back_to, found, shown
from tracker.web.sending import forget_kept
from tracker.web.situations.act import Act, carried_out, opened
from tracker.web.situations.flags import FlagCard
from tracker.web.situations.page import SituationPage
from tracker.web.situations.words import move_words, reason_words, state_word

pages = Blueprint("situation_acts", __name__, url_prefix="/situations/<int:situation_id>")
Answer = str | Response | tuple[str, int]
ONE_FLAG = "/flags/<int:flag_id>"


@pages.route("/move/<target>", methods=["GET", "POST"])
def move(situation_id: int, target: str) -> Answer:
    page = found(situation_id)
    if target not in set(SituationState) or target == SituationState.CLOSED:
        raise NotThere(_("There is no such step."))
    step = next((one for one in moves_from(page.state) if one.target == target and not one.reason), None)
    if request.method == "POST" and "words" not in request.form and (step is None or Need.WORDS in step.needs):
        # a button of a page that showed an earlier state: nothing was typed that could be lost
        words = _("Somebody was quicker: the situation is “%(state)s” by now.", state=state_word(page.state))
        return _done(situation_id, words)
    _refuse_opening(page, is_in_turn=step is not None)
    form, title = opened(WordsForm, page.reader), move_words(step) if step else _("Take the next step")
    if step and Need.WORDS not in step.needs:
        del form.words
    act = Act(title=title, button=title, lede=page.next_words)
    return carried_out(
        page,
        form,
        act,
        lambda session: moving.move(
            session,
            situation_id,
            SituationState(target),
            words=(form.words.data or "") if form.words else "",
            seen=form.seen_number,
            by=page.reader,
            now=now(),
        ),
    ) or _done(situation_id, _("The situation is now “%(state)s”.", state=state_word(SituationState(target))))


@pages.route("/close", methods=["GET", "POST"])
def close(situation_id: int) -> Answer:
    page = found(situation_id)
    if request.method == "GET" and not page.may_be_closed:
        raise NotToBeClosed(page.state)
    form = opened(CloseForm, page.reader)
    offered = page.closings(form.reason.data)
    # who typed much and chose nothing, while nothing is possible any more, may still choose
    form.offer({reason: words for reason, words in reason_words().items() if reason in offered or not offered})
    hints = {reason.value: words for reason, words in offered.items()}
    act = Act(title=_("Close the situation"), button=_("Close it"), lede=_closed(page), kind="danger", hints=hints)
    return carried_out(
        page,
        form,
        act,
        lambda session: moving.move(
            session,
            situation_id,
            SituationState.CLOSED,
            reason=CloseReason(form.reason.data),
            words=form.words.data or "",
            seen=form.seen_number,
            by=page.reader,
            now=now(),
        ),
    ) or _done(situation_id, _("The situation is closed."))


def _closed(page: SituationPage) -> str:
    """What it means, also for what is still done about it."""
    meant = _("Closed it stays closed: what is raised afterwards opens another situation.")
    going = sum(one.state in OPEN for one in page.responses)
    if not going:
        return str(meant)
    stays = ngettext(
        "%(num)s measure is still open: it stays in the ledger until it ends there.",
        "%(num)s measures are still open: they stay in the ledger until they end there.",
        going,
    )
    return f"{meant} {stays}"


@pages.post("/verdicts")
def verdicts(situation_id: int) -> Answer:
    page, wanted = found(situation_id), Verdicts.read(request.form)
    if wanted is None:
        abort(400)
    waiting = [card.one.flag.id for card in page.flags if card.one.is_waiting]
    judged = {card.one.flag.id: card.one.flag.rule_key for card in page.flags if card.may_be_judged}
    chosen = wanted.chosen(waiting, judged)
    lacking = wanted.lacking(chosen)
    if lacking:
        return shown(page, wanted, Refused.because(lacking)), 422
    try:
        with transaction() as session:
            by, words = page.reader, wanted.words
            judging.judge(session, situation_id, chosen, wanted.verdict, words=words, by=by, now=now())
            forget_kept(session, by)
    except NotThere:
        raise
    except Refusal as refused:
        status = 409 if isinstance(refused, OutOfTurn) else 422
        return shown(found(situation_id), wanted, Refused.because([refused])), status
    said = {
        Verdict.CONFIRMED: ngettext("%(num)s flag is confirmed.", "%(num)s flags are confirmed.", len(chosen)),
        Verdict.DISCARDED: ngettext("%(num)s flag is discarded.", "%(num)s flags are discarded.", len(chosen)),
    }
    return _done(situation_id, said[wanted.verdict])


@pages.route(f"{ONE_FLAG}/clear", methods=["GET", "POST"])
def clear(situation_id: int, flag_id: int) -> Answer:
    page = found(situation_id)
    form, card = opened(ClearForm, page.reader), _flag(page, flag_id)
    if request.method == "GET" and not card.may_be_cleared:
        raise NoSuchFlag
    act = Act(_("Clear this flag"), _("Clear it"), _("A person raised it, and it no longer holds."), flag=card)
    return carried_out(
        page,
        form,
        act,
        lambda session: flagging.clear_flag(
            session, situation_id, flag_id, form.words.data or "", by=page.reader, now=now()
        ),
    ) or _done(situation_id, _("The flag is cleared."))


@pages.route("/assess", methods=["GET", "POST"])
def assess(situation_id: int) -> Answer:
    page = found(situation_id)
    _refuse_opening(page, is_in_turn=page.state not in assessing.NOT_ASSESSED_IN)
    form = opened(AssessForm, page.reader)
    form.offer()
    form.offer_marks(page.situation.handling, page.reader.clearance)
    if not form.is_submitted() and not form.was_kept and page.assessments:
        form.show(page.assessments[0].said)
    lede = _("Nothing is overwritten: earlier assessments stay in the timeline, and whoever disagrees is heard.")
    act = Act(title=_("What do you conclude?"), button=_("Record the assessment"), lede=lede)
    return carried_out(
        page,
        form,
        act,
        lambda session: assessing.assess(
            session,
            situation_id,
            form.assessment(),
            handling=form.mark,
            seen=form.seen_number,
            by=page.reader,
            now=now(),
        ),
    ) or _done(situation_id, _("The assessment is recorded."))


@pages.route("/assessments/<int:event_id>/disagree", methods=["GET", "POST"])
def disagree(situation_id: int, event_id: int) -> Answer:
    page = found(situation_id)
    form = opened(DissentForm, page.reader)
    about = next((one for one in page.assessments if one.event_id == event_id), None)
    if about is None:
        raise assessing.NoSuchAssessment
    form.offer_marks(about.handling, page.reader.clearance)
    lede = _("It changes nothing of the assessment. It is kept, and shown beside it with your name.")
    act = Act(title=_("Do you see it otherwise?"), button=_("Record it"), lede=lede, assessment=about)
    return carried_out(
        page,
        form,
        act,
        lambda session: assessing.disagree(
            session,
            situation_id,
            event_id,
            form.words.data or "",
            handling=form.mark,
            by=page.reader,
            now=now(),
        ),
    ) or _done(situation_id, _("Your dissent stands beside the assessment."))


@pages.route("/note", methods=["GET", "POST"])
def note(situation_id: int) -> Answer:
    page = found(situation_id)
    form = opened(NoteForm, page.reader)
    form.offer_marks(page.situation.handling, page.reader.clearance)
    act = Act(title=_("Make a note"), button=_("Keep the note"))
    return carried_out(
        page,
        form,
        act,
        lambda session: attending.note(
            session, situation_id, form.words.data or "", handling=form.mark, by=page.reader, now=now()
        ),
    ) or _done(situation_id, _("The note is kept."))


@pages.route("/assign", methods=["GET", "POST"])
def assign(situation_id: int) -> Answer:
    page = found(situation_id)
    _refuse_opening(page, is_in_turn=not page.is_closed)
    form = opened(AssignForm, page.reader)
    form.offer([(one.id, one.name) for one in situations.who_may_own(reading(), page.situation)])
    if not form.is_submitted() and not form.was_kept:
        form.owner.data = str(page.situation.owner_id or 0)
    lede = _("Whoever is named sees to it that each step is taken in time.")
    act = Act(title=_("Who is in charge?"), button=_("Save"), lede=lede)
    answer = carried_out(
        page,
        form,
        act,
        lambda session: attending.assign(
            session, situation_id, form.person_id, seen=form.seen_number, by=page.reader, now=now()
        ),
    )
    if answer is not None:
        return answer
    flash(_("Saved."))
    return back_to(situation_id)


@pages.route("/split", methods=["GET", "POST"])
def split(situation_id: int) -> Answer:
    page = found(situation_id)
    _refuse_opening(page, is_in_turn=not page.is_closed)
    form = opened(SplitForm, page.reader)
    form.offer([(card.one.flag.id, card.title) for card in page.flags])
    lede = _("What happens in one part of a country may need steps of its own: there, the flags chosen begin anew.")
    act = Act(title=_("Split off a part"), button=_("Split it off"), lede=lede)
    return carried_out(
        page,
        form,
        act,
        lambda session: dividing.split(
            session,
            situation_id,
            form.part.data or "",
            [int(number) for number in form.flags.data or ()],
            seen=form.seen_number,
            by=page.reader,
            now=now(),
        ),
    ) or _done(situation_id, _("The part has a situation of its own now."))


def _refuse_opening(page: SituationPage, *, is_in_turn: bool) -> None:
    """What was sent is looked at first: whoever typed it sees what was changed meanwhile, and loses nothing."""
    if request.method == "GET" and not is_in_turn:
        raise NotNext(page.state)


def _flag(page: SituationPage, flag_id: int) -> FlagCard:
    card = next((card for card in page.flags if card.one.flag.id == flag_id), None)
    if card is None:
        raise NoSuchFlag
    return card


def _done(situation_id: int, sentence: str) -> Response:
    flash(sentence)
    return redirect(address_of(situation_id))
