"""What was learnt elsewhere: the practice library, one case study, and what a reviewer writes."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from tracker.access import Right
from tracker.actions import case_studies as acting
from tracker.actions.situations.keeping import visible as visible_situation
from tracker.assessment import Stage
from tracker.case_study import Case, Part
from tracker.country import in_order
from tracker.handling import Mark
from tracker.measure import MeasureKind
from tracker.situation import SituationState
from tracker.storage import case_studies
from tracker.storage.base import Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import CaseStudy
from tracker.web.clock import now
from tracker.web.csv_file import csv_file
from tracker.web.database import reading
from tracker.web.form_page import Answer, Done, FormPage, Pair, carried_out
from tracker.web.forms.practice import CaseForm, ChangeCaseForm, ReasonForm
from tracker.web.frame import frame
from tracker.web.moments import of_today
from tracker.web.practice.filling import filled_case
from tracker.web.practice.library import Asked, library, library_as_csv
from tracker.web.practice.page import case_page, visible
from tracker.web.practice.words import criterion_names, days_of, part_words, place_of
from tracker.web.session import asker
from tracker.web.situations.act import opened
from tracker.web.situations.words import crime_word, stage_word
from tracker.web.toolbox.words import kind_word
from tracker.web.words import country_name, mark_word, reader_language

pages = Blueprint("practice", __name__)
ONE = "/practice/<int:case_study_id>"


@pages.get("/practice")
def practice() -> str:
    asked = Asked.read(request.args)
    return render_template(
        "practice/list.html",
        library=library(reading(), asked, asker()),
        asked=asked,
        may_write=asker().may(Right.REVIEW),
        every_group=frame().groups,
        criteria={one.key: one.name for one in frame().criteria},
        stages={stage.value: stage_word(stage) for stage in Stage},
        kinds={kind.value: kind_word(kind) for kind in MeasureKind},
    )


@pages.get("/practice.csv")
def practice_csv() -> Response:
    found = library(reading(), Asked.read(request.args), asker(), per_page=None)
    return csv_file(library_as_csv(found), "practice", of_today())


@pages.get(ONE)
def case_study(case_study_id: int) -> str:
    return render_template("practice/one.html", page=case_page(reading(), case_study_id, asker()))


@pages.route("/practice/write", methods=["GET", "POST"])
def write() -> Answer:
    by, form = asker(), opened(CaseForm, asker())
    form.offer(_countries())
    form.offer_marks(Mark.CLEAR, by.clearance)
    page = FormPage(
        title=_("Write a case of the past"),
        button=_("Write it"),
        back_url=url_for("practice.practice"),
        back=_("Practice"),
        lede=_("What was seen, decided and done once, what followed, and what you would tell whoever is next."),
        template="practice/write.html",
    )

    def carry_out(session: Session) -> Done:
        made = acting.write(session, form.case(), handling=form.mark, by=by, now=now())
        return Done(_("The case study is written."), _address(made.id))

    return carried_out(form, page, carry_out)


@pages.route("/situations/<int:situation_id>/case-study", methods=["GET", "POST"])
def tell(situation_id: int) -> Answer:
    """A closed situation, filled from what is recorded of it."""
    by = asker()
    form, filled = _telling(visible_situation(reading(), situation_id, by))
    page = FormPage(
        title=_("Make it a case study"),
        button=_("Put it into the library"),
        back_url=url_for("situations.situation", situation_id=situation_id),
        back=_("The situation"),
        lede=_("What is recorded is filled in; make sentences of it, and leave out what nobody needs."),
        template="practice/write.html",
        besides={"marks": [(one, mark_word(one)) for one in _marks(form)], "filled": filled},
    )

    def carry_out(session: Session) -> Done:
        told = {"handling": form.mark, "filled": filled}
        made = acting.tell(session, situation_id, form.case(), **told, by=by, now=now())
        return Done(_("The case study stands in the practice library."), _address(made.id))

    return carried_out(form, page, carry_out, stands=lambda: _told_already(situation_id))


@pages.route(f"{ONE}/change", methods=["GET", "POST"])
def change(case_study_id: int) -> Answer:
    by, study = asker(), visible(reading(), case_study_id, asker())
    form = _changing(study)

    def carry_out(session: Session) -> Done:
        told = {"handling": form.mark, "reason": form.reason.data or "", "seen": form.seen_number}
        acting.change(session, case_study_id, form.case(), **told, by=by, now=now())  # type: ignore[arg-type]
        return Done(_("Saved. Before stays in its history."), _address(case_study_id))

    def stands() -> Sequence[Pair]:
        now_is = visible(reading(), case_study_id, by)
        form.seen.data = str(now_is.version)
        return _pairs(now_is)

    page = _page(study, _("Change the case study"), _("Save"), template="practice/write.html")
    return carried_out(form, page, carry_out, stands=stands)


@pages.route(f"{ONE}/withdraw", methods=["GET", "POST"])
def withdraw(case_study_id: int) -> Answer:
    study, form = visible(reading(), case_study_id, asker()), opened(ReasonForm, asker())
    lede = _("It stands in no list any more and is like nothing. Its page stays, with your reason.")
    page = _page(study, _("Withdraw the case study"), _("Withdraw it"), lede=lede, kind="danger")

    def carry_out(session: Session) -> Done:
        acting.withdraw(session, case_study_id, form.words.data or "", by=asker(), now=now())
        return Done(_("The case study is withdrawn."), _address(case_study_id))

    return carried_out(form, page, carry_out)


@pages.route(f"{ONE}/put-back", methods=["GET", "POST"])
def put_back(case_study_id: int) -> Answer:
    study, form = visible(reading(), case_study_id, asker()), opened(ReasonForm, asker())
    page = _page(study, _("Put the case study back"), _("Put it back"))

    def carry_out(session: Session) -> Done:
        acting.put_back(session, case_study_id, form.words.data or "", by=asker(), now=now())
        return Done(_("The case study stands again."), _address(case_study_id))

    return carried_out(form, page, carry_out)


def _changing(study: CaseStudy) -> ChangeCaseForm:
    form = opened(ChangeCaseForm, asker())
    if study.situation_id is not None:
        form.of_situation()
    if not form.is_submitted() and not form.was_kept:
        form.show(Case.read(study.content))
        form.seen.data, form.handling.data = str(study.version), study.handling
    chosen = form.handling.data
    form.offer(_countries())
    form.offer_marks(study.content[acting.LOWEST], asker().clearance)
    form.handling.data = chosen if form.handling.raw_data is None and chosen is not None else form.handling.data
    return form


def _telling(situation: Situation) -> tuple[CaseForm, Mark]:
    """Its form, with the mark up to which that is filled."""
    form = opened(CaseForm, asker())
    _refuse_opening(situation, form)
    form.of_situation()
    form.offer(_countries())
    form.offer_marks(situation.handling, asker().clearance)
    if form.is_submitted() or form.was_kept:
        return form, form.filled_mark
    mark = _mark_asked_for(situation, form)
    form.show(filled_case(reading(), situation.id, asker(), mark, now()))
    form.filled.data, form.handling.data = str(int(mark)), int(mark)
    return form, mark


def _refuse_opening(situation: Situation, form: CaseForm) -> None:
    """What was typed comes back all the same, also where somebody was quicker."""
    if request.method == "GET" and situation.state is not SituationState.CLOSED:
        raise acting.NotClosed
    if request.method == "GET" and not form.was_kept:
        for standing in case_studies.of_situation(reading(), situation.id, asker().clearance):
            raise acting.ToldAlready(standing.id)


def _marks(form: CaseForm) -> list[Mark]:
    return [mark for mark in Mark if any(choice[0] == mark for choice in form.handling.iter_choices())]


def _mark_asked_for(situation: Situation, form: CaseForm) -> Mark:
    """Up to which it is filled, by the address; or else the usual one."""
    wanted = request.args.get("mark", "")
    return next((mark for mark in _marks(form) if str(int(mark)) == wanted), Mark(form.handling.data))


def _told_already(situation_id: int) -> list[Pair]:
    found = case_studies.of_situation(reading(), situation_id, asker().clearance)
    return [pair for one in found for pair in _pairs(one)]


def _page(study: CaseStudy, title: str, button: str, **differing: str) -> FormPage:
    return FormPage(title, button, _address(study.id), study.title, **differing)  # type: ignore[arg-type]


def _pairs(study: CaseStudy) -> list[Pair]:
    """All that it says, for whoever was about to write otherwise."""
    case, words = Case.read(study.content), part_words()
    pairs = [
        (_("Title"), case.title),
        (_("Where"), place_of(case)),
        (_("When"), days_of(case)),
        *((words[part], case.text(part)) for part in Part),
        (_("Stage"), stage_word(case.stage) if case.stage else ""),
        (_("At risk"), ", ".join(map(crime_word, case.crimes))),
        (_("Criteria"), ", ".join(criterion_names(case.criteria))),
        (_("Kinds of measures"), ", ".join(map(kind_word, case.kinds))),
        (_("Sources"), "\n".join(case.sources)),
        (_("Handling"), mark_word(study.handling)),
    ]
    return [(term, said) for term, said in pairs if said]


def _countries() -> list[tuple[str, str]]:
    reached = (one for one in frame().countries.values() if asker().reaches(one.iso3))
    return [(one.iso3, country_name(one)) for one in in_order(reached, reader_language())]


def _address(case_study_id: int) -> str:
    return url_for("practice.case_study", case_study_id=case_study_id)
