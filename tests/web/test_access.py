"""Who gets in where: every route, every method, everybody; and every guard is needed."""

from datetime import datetime

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.web.access_matrix import row_of, tries, written_rows
from tests.web.conftest import SignInAs
from tracker.access import Principal, Role
from tracker.storage.base import Database
from tracker.web.guards import ANYBODY, POLICY, SIGNED_IN

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def open_app(app: Flask) -> Flask:
    """Without form tokens, so that only the guards are asked; the tokens have tests of their own."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def about(rule: Rule, method: str) -> str:
    return f"{method} {rule.rule}"


def test_everybody_gets_in_just_where_the_matrix_says(open_app: Flask, database: Database, now: datetime) -> None:
    written = written_rows()
    found = {about(rule, method): row_of(open_app, database, rule, method, now) for rule, method in tries(open_app)}

    assert len(found) > 20
    assert found == written


@ONE_ENGINE
def test_each_guard_removed_turns_a_cell_red(
    open_app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, unnoticed = written_rows(), []
    guarded = [(rule, method) for rule, method in tries(open_app) if POLICY[rule.endpoint] != ANYBODY]
    assert len(guarded) > 15
    for rule, method in guarded:
        weaker = SIGNED_IN if POLICY[rule.endpoint].right else ANYBODY
        with monkeypatch.context() as weakened:
            weakened.setitem(POLICY, rule.endpoint, ANYBODY)
            noticed = row_of(open_app, database, rule, method, now) != written[about(rule, method)]
        if weaker is SIGNED_IN and not _open_to_every_role(written[about(rule, method)]):
            with monkeypatch.context() as weakened:
                weakened.setitem(POLICY, rule.endpoint, SIGNED_IN)
                noticed = noticed and row_of(open_app, database, rule, method, now) != written[about(rule, method)]
        if not noticed:
            unnoticed.append(about(rule, method))

    assert unnoticed == []


def _open_to_every_role(row: str) -> bool:
    return "| no |" not in row


@ONE_ENGINE
def test_the_guard_of_the_scope_removed_turns_every_country_red(
    open_app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = written_rows()
    monkeypatch.setattr(Principal, "reaches", lambda _self, _iso3: True)
    in_countries = [(rule, method) for rule, method in tries(open_app) if "iso3" in rule.arguments]
    assert in_countries

    same = [
        about(rule, method)
        for rule, method in in_countries
        if row_of(open_app, database, rule, method, now) == written[about(rule, method)]
    ]

    # watching is the administrator's alone, and the cast's administrator reaches every country
    assert same == ["POST /countries/<iso3>/watch"]


@ONE_ENGINE
def test_nothing_is_changed_without_the_forms_token(app: Flask, sign_in_as: SignInAs) -> None:
    administrator = sign_in_as(*Role)
    unsafe = [(rule, method) for rule, method in tries(app) if method != "GET"]
    assert len(unsafe) > 10

    accepted = []
    for rule, method in unsafe:
        with app.test_request_context():
            url = app.url_for(rule.endpoint, **{name: "MLI" if name == "iso3" else 1 for name in rule.arguments})
        answer = administrator.open(url, method=method)
        if answer.status_code != 400 or "too old" not in answer.text:
            accepted.append((about(rule, method), answer.status_code))

    assert accepted == []


def test_out_of_scope_and_unknown_look_alike(sign_in_as: SignInAs) -> None:
    stranger = sign_in_as(Role.ANALYST, countries=["PRY"])

    outside, unknown = stranger.get("/countries/MLI"), stranger.get("/countries/QQQ")

    assert outside.status_code == unknown.status_code == 404
    assert outside.text == unknown.text
