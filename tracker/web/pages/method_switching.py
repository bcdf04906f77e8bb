"""A draft of the method or of a rule: what it changes, what it would have done, and the act that switches it on."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.actions.methods import editing, preview, switching
from tracker.actions.methods.preview import Preview
from tracker.rule import Severity
from tracker.storage import countries, methods, people, versions
from tracker.storage.conclusions import MethodVersion, RuleVersion
from tracker.web.clock import now
from tracker.web.database import reading, transaction
from tracker.web.method.version_page import (
    Compared,
    Version,
    compared_methods,
    compared_rules,
    is_draft,
    is_on_its_way,
    method_version,
    progress,
    rule_version,
    state_word,
)
from tracker.web.session import asker

pages = Blueprint("method_switching", __name__, url_prefix="/method")
OF_METHOD = "/versions/<int:number>"
OF_RULE = "/rules/<rule_key>/versions/<int:number>"


# ---- of the method ----------------------------------------------------------------------------------------------


@pages.get(OF_METHOD)
def draft_of_method(number: int) -> str:
    row = method_version(reading(), number)
    return render_template("method/draft.html", **_method_told(row), progress=progress(reading(), now()))


@pages.get(f"{OF_METHOD}/preview")
def preview_of_method(number: int) -> str:
    row = method_version(reading(), number)
    found = preview.preview_of_method(reading(), number, asker(), today=now().date())
    return _preview_page(found, _method_told(row))


@pages.post(f"{OF_METHOD}/switch-on")
def switch_on_method(number: int) -> Response:
    with transaction() as session:
        switching.switch_on_method(session, number, shown=_shown(), by=asker().person_id, now=now())
    flash(
        _("Version %(number)s is on its way: it comes into force as soon as its scores are worked out.", number=number)
    )
    return redirect(url_for("method_switching.draft_of_method", number=number))


@pages.post(f"{OF_METHOD}/discard")
def discard_method(number: int) -> Response:
    with transaction() as session:
        editing.discard_method(session, number, by=asker().person_id, now=now())
    flash(_("The draft is discarded."))
    return redirect(url_for("method.method_versions"))


# ---- of a rule --------------------------------------------------------------------------------------------------


@pages.get(OF_RULE)
def draft_of_rule(rule_key: str, number: int) -> str:
    return render_template("method/draft.html", **_rule_told(rule_version(reading(), rule_key, number)), progress=None)


@pages.get(f"{OF_RULE}/preview")
def preview_of_rule(rule_key: str, number: int) -> str:
    row = rule_version(reading(), rule_key, number)
    found = preview.preview_of_rule(reading(), rule_key, number, asker(), today=now().date())
    return _preview_page(found, _rule_told(row))


@pages.post(f"{OF_RULE}/switch-on")
def switch_on_rule(rule_key: str, number: int) -> Response:
    with transaction() as session:
        switching.switch_on_rule(session, rule_key, number, shown=_shown(), by=asker().person_id, now=now())
    flash(_("It is in force, and every watched country was looked at."))
    return redirect(url_for("method.rule_versions", rule_key=rule_key))


@pages.post(f"{OF_RULE}/discard")
def discard_rule(rule_key: str, number: int) -> Response:
    with transaction() as session:
        editing.discard_rule(session, rule_key, number, by=asker().person_id, now=now())
    flash(_("The draft is discarded."))
    return redirect(url_for("method.rule_versions", rule_key=rule_key))


def _shown() -> int:
    """The version in force that the page compared with; 0, which none is: it brought nothing that can be understood."""
    text = request.form.get("shown", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _method_told(row: MethodVersion) -> dict[str, object]:
    in_force = methods.number_in_force(reading())
    before = versions.of_method(reading(), in_force) if in_force else None
    compared = compared_methods(reading(), before, row) if before else None
    addresses = {
        "here": url_for("method_switching.draft_of_method", number=row.number),
        "preview": url_for("method_switching.preview_of_method", number=row.number),
        "switch_on": url_for("method_switching.switch_on_method", number=row.number),
        "discard": url_for("method_switching.discard_method", number=row.number),
        "change": url_for("method_editing.weights"),
        "like_this": url_for("method_editing.weights", like=row.number),
        "versions": url_for("method.method_versions"),
    }
    return _told(row, in_force or 0, compared, addresses, "")


def _rule_told(row: RuleVersion) -> dict[str, object]:
    before = versions.rule_in_force(reading(), row.key)
    compared = compared_rules(reading(), before, row) if before else None
    of: dict[str, Any] = {"rule_key": row.key, "number": row.number}
    addresses = {
        "here": url_for("method_switching.draft_of_rule", **of),
        "preview": url_for("method_switching.preview_of_rule", **of),
        "switch_on": url_for("method_switching.switch_on_rule", **of),
        "discard": url_for("method_switching.discard_rule", **of),
        "change": url_for("method_editing.rule", rule_key=row.key),
        "like_this": url_for("method_editing.rule", rule_key=row.key, like=row.number),
        "versions": url_for("method.rule_versions", rule_key=row.key),
    }
    return _told(row, before.number if before else 0, compared, addresses, str(row.content["name"]))


def _told(
    row: Version, in_force: int, compared: Compared | None, addresses: dict[str, str], rule_name: str
) -> dict[str, object]:
    return {
        "row": row,
        "rule_name": rule_name,
        "made_by": people.names(reading(), {row.made_by}).get(row.made_by) if row.made_by else None,
        "state": state_word(row, in_force),
        "is_draft": is_draft(row),
        "is_on_its_way": is_on_its_way(row),
        "in_force": in_force,
        "compared": compared,
        "addresses": addresses,
    }


def _preview_page(found: Preview, told: dict[str, object]) -> str:
    named = {country.iso3: country for country in countries.all_countries(reading())}
    return render_template("method/preview.html", preview=found, named=named, severities=list(Severity), **told)
