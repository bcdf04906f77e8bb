"""Who gets in where: every route, every method, everybody; and every guard is needed."""

from datetime import datetime

import pytest
from flask import Flask, templating
from werkzeug.routing import Rule

from tests.web.access_matrix import (
    CAST,
    NO,
    NOT_THERE,
    SIGN_IN,
    Asker,
    Attempts,
    address_of,
    matrix,
    sample_for,
    tries,
    written_rows,
)
from tests.web.conftest import SignInAs
from tracker.access import Principal, Role
from tracker.storage.base import Database
from tracker.web.guards import ANYBODY, POLICY, SIGNED_IN, Policy

ANONYMOUS, READER, STRANGER = (
    next(asker for asker in CAST if asker.name == name) for name in ("anonymous", "reader", "analyst of another region")
)
KEPT_OUT = {ANONYMOUS: SIGN_IN, READER: NO}
# A mail program sends it by itself (RFC 8058), and its address is the proof.
ONE_CLICK = {"leaving.leave"}
ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def open_app(app: Flask) -> Flask:
    """Without form tokens, so that only the guards are asked; the tokens have tests of their own."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def about(rule: Rule, method: str) -> str:
    return f"{method} {rule.rule}"


def written_cell(rule: Rule, method: str, asker: Asker) -> str:
    cells = written_rows()[about(rule, method)].split("|")
    return cells[2 + CAST.index(asker)].strip()


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pages say to each of the roles is read by test_protected_texts; here it is asked whether there is one."""
    monkeypatch.setattr(templating, "_render", lambda _app, _template, _context: "")


@ONE_ENGINE
@pytest.mark.usefixtures("unwritten")
def test_everybody_gets_in_just_where_the_matrix_says(open_app: Flask, database: Database, now: datetime) -> None:
    found = matrix(open_app, database, now)

    assert len(found) > 20
    assert found == written_rows()


@ONE_ENGINE
@pytest.mark.parametrize(("weaker", "asker"), [(ANYBODY, ANONYMOUS), (SIGNED_IN, READER)], ids=["open", "signed in"])
def test_each_guard_removed_turns_a_cell_red(
    open_app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch, weaker: Policy, asker: Asker
) -> None:
    """Opened to anybody, somebody who is not signed in gets in; opened to whoever is signed in, a reader does."""
    guarded = [
        (rule, method) for rule, method in tries(open_app) if written_cell(rule, method, asker) == KEPT_OUT[asker]
    ]
    guarded = [(rule, method) for rule, method in guarded if POLICY[rule.endpoint] != ANYBODY]
    assert len(guarded) > 10

    unnoticed = []
    attempts = Attempts(open_app, database, [asker], now)
    for rule, method in guarded:
        with monkeypatch.context() as weakened:
            weakened.setitem(POLICY, rule.endpoint, weaker)
            found = attempts.outcome(rule, method, asker)
        if found == KEPT_OUT[asker]:
            unnoticed.append(about(rule, method))

    assert unnoticed == []


@ONE_ENGINE
def test_every_route_that_is_not_open_keeps_the_anonymous_out(open_app: Flask) -> None:
    closed = [(rule, method) for rule, method in tries(open_app) if POLICY[rule.endpoint] != ANYBODY]

    assert {written_cell(rule, method, ANONYMOUS) for rule, method in closed} == {SIGN_IN}


@ONE_ENGINE
def test_the_guard_of_the_scope_removed_turns_every_country_red(
    open_app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_countries = [
        (rule, method)
        for rule, method in tries(open_app)
        if "iso3" in rule.arguments and written_cell(rule, method, STRANGER) == NOT_THERE
    ]
    assert len(in_countries) >= 2
    monkeypatch.setattr(Principal, "reaches", lambda _self, _iso3: True)

    attempts = Attempts(open_app, database, [STRANGER], now)
    still = [about(*one) for one in in_countries if attempts.outcome(*one, STRANGER) == NOT_THERE]

    assert still == []


@ONE_ENGINE
def test_nothing_is_changed_without_the_forms_token(
    app: Flask, database: Database, sign_in_as: SignInAs, now: datetime
) -> None:
    administrator, sample = sign_in_as(*Role), sample_for(database, READER, now)
    unsafe = [(rule, method) for rule, method in tries(app) if method != "GET" and rule.endpoint not in ONE_CLICK]
    assert len(unsafe) > 10

    accepted = []
    for rule, method in unsafe:
        url = address_of(app, rule, sample)
        answer = administrator.open(url, method=method)
        if answer.status_code != 400 or "too old" not in answer.text:
            accepted.append((about(rule, method), answer.status_code))

    assert accepted == []


def test_out_of_scope_and_unknown_look_alike(sign_in_as: SignInAs) -> None:
    stranger = sign_in_as(Role.ANALYST, countries=["PRY"])

    outside, unknown = stranger.get("/countries/MLI"), stranger.get("/countries/QQQ")

    assert outside.status_code == unknown.status_code == 404
    assert outside.text == unknown.text
