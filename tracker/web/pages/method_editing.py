"""Changing weights and rules: every change is a draft, with its reason, made from what the page showed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions.methods import editing
from tracker.actions.methods.editing import ChangedMeanwhile, NothingChanged, ReasonMissing, RuleNotSound, TreeNotSound
from tracker.method import Method
from tracker.rule import CRITERIA, Kind, Rule
from tracker.storage import methods, versions
from tracker.storage.conclusions import MethodVersion, RuleVersion
from tracker.version import differences_of_methods, differences_of_rules
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.fields import blame
from tracker.web.forms.method import ReasonForm, RuleForm, WeightsForm, weights_form
from tracker.web.method.page import indicators_by_key, shown, whole_of
from tracker.web.method.version_page import in_words as told
from tracker.web.method.version_page import is_draft, method_version, rule_version
from tracker.web.method.words import names
from tracker.web.session import asker

pages = Blueprint("method_editing", __name__, url_prefix="/method")
Answer = str | Response | tuple[str, int]


@pages.route("/weights", methods=["GET", "POST"])
def weights() -> Answer:
    base = _base_as_shown()
    form = weights_form(_method_of(base), names(reading()))
    if not form.is_submitted():
        form.show(_method_of(base))
        if like := _like():
            form.show(_method_of(method_version(reading(), like)))
        form.shown.data = editing.shown_of_method(reading())
        return _weights_page(form, base, 200)
    if not form.validate():
        return _weights_page(form, base, 422)
    try:
        with transaction() as session:
            row = editing.save_method(session, form.weights(), form.all_needs(), **_said(form))
    except TreeNotSound as refused:
        form.blame(refused.faults)
        return _weights_page(form, base, 422)
    except (NothingChanged, ReasonMissing) as refused:
        blame(form.reason, refused)
        return _weights_page(form, base, 422)
    except ChangedMeanwhile as refused:
        return _weights_conflict(form, refused)
    flash(_("The draft is saved. It decides nothing before somebody switches it on."))
    return redirect(url_for("method_switching.draft_of_method", number=row.number))


@pages.route("/rules/<rule_key>", methods=["GET", "POST"])
def rule(rule_key: str) -> Answer:
    base = editing.base_of_rule(reading(), rule_key)
    before, form = Rule.from_plain(base.content), RuleForm()
    form.offer(before, names(reading()), _nodes(before.kind))
    if not form.is_submitted():
        row = rule_version(reading(), rule_key, like) if (like := _like()) else base
        form.show(Rule.from_plain(row.content), row.speaks)
        form.shown.data = editing.shown_of_rule(reading(), rule_key)
        return _rule_page(form, base, 200)
    if not form.validate():
        return _rule_page(form, base, 422)
    wanted, speaks = form.changed(before), bool(form.speaks.data)
    try:
        with transaction() as session:
            row = editing.save_rule(session, wanted, speaks, **_said(form))
    except RuleNotSound as refused:
        form.blame(refused.faults)
        return _rule_page(form, base, 422)
    except (NothingChanged, ReasonMissing) as refused:
        blame(form.reason, refused)
        return _rule_page(form, base, 422)
    except ChangedMeanwhile as refused:
        # The form keeps what was wanted; saving it again, now knowing the other, is a decision.
        form.shown.data = editing.shown_of_rule(reading(), rule_key)
        differs = differences_of_rules(before, wanted, spoke=base.speaks, speaks=speaks)
        return _rule_page(form, base, 409, in_words(refused), told(reading(), differs))
    flash(_("The draft is saved. It decides nothing before somebody switches it on."))
    return redirect(url_for("method_switching.draft_of_rule", rule_key=rule_key, number=row.number))


def _said(form: ReasonForm) -> dict[str, Any]:
    by = asker().person_id
    return {"reason": (form.reason.data or "").strip(), "shown": form.shown.data or "", "by": by, "now": now()}


def _like() -> int | None:
    """The version as whose numbers the form is to be filled in, so that one can go back to it; None: as the base has
    them."""
    text = request.args.get("like", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _base_as_shown() -> MethodVersion:
    """What the page showed that is sent back now: its fields are numbered in the order of that tree."""
    _in_force, _dash, number = request.form.get("shown", "").partition("-")
    known = {str(row.number): row for row in methods.versions(reading())}
    return known.get(number) or editing.base_of_method(reading())


def _weights_conflict(form: WeightsForm, refused: ChangedMeanwhile) -> Answer:
    base = editing.base_of_method(reading())
    wanted = editing.reweighted(_method_of(base), form.weights(), form.all_needs())
    anew = weights_form(_method_of(base), names(reading()), as_sent=False)
    anew.show(wanted)
    anew.reason.data, anew.shown.data = form.reason.data, editing.shown_of_method(reading())
    differs = differences_of_methods(_method_of(base), wanted)
    return _weights_page(anew, base, 409, in_words(refused), told(reading(), differs))


def _weights_page(
    form: WeightsForm, base: MethodVersion, status: int, problem: str = "", differs: list[str] | None = None
) -> Answer:
    page = render_template(
        "method/weights.html",
        form=form,
        whole=whole_of(_method_of(base), names(reading()), indicators_by_key(reading())),
        base=base,
        like=_like(),
        is_draft=is_draft(base),
        problem=problem,
        differs=differs or [],
    )
    return page, status


def _rule_page(
    form: RuleForm, base: RuleVersion, status: int, problem: str = "", differs: list[str] | None = None
) -> Answer:
    page = render_template(
        "method/rule.html",
        form=form,
        shown=shown(base, names(reading())),
        like=_like(),
        is_draft=is_draft(base),
        in_force=versions.rule_in_force(reading(), base.key),
        problem=problem,
        differs=differs or [],
    )
    return page, status


def _nodes(kind: Kind) -> tuple[str, ...]:
    """What a rule of that kind may look at, the whole first."""
    known = editing.subjects(reading())
    if kind is Kind.BREAKDOWN:
        return tuple(known.indicators)
    nodes = tuple(reversed(known.nodes))
    return nodes if kind is Kind.TRIGGER else (CRITERIA, *nodes)


def _method_of(row: MethodVersion) -> Method:
    return methods.method_of(reading(), row.number)
