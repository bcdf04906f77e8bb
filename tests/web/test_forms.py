"""Whatever a form refuses, it says so in sentences of ours, which can be translated."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from wtforms.fields.choices import SelectFieldBase
from wtforms.validators import InputRequired, Length

from tests.strict_client import StrictClient, text_of
from tracker.web.forms.fields import Form, Listed

MODULES = ("account", "feeds", "imports", "people", "sign_in", "subscriptions")


def forms() -> list[type[Form]]:
    found = [vars(import_module(f"tracker.web.forms.{name}")).values() for name in MODULES]
    return [one for values in found for one in values if isinstance(one, type) and issubclass(one, Form)]


def fields(app: Flask) -> Iterator[tuple[str, Any]]:
    with app.test_request_context():
        for form in forms():
            for field in form():
                yield f"{form.__name__}.{field.name}", field


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_check_of_a_form_says_its_own_sentence(app: Flask) -> None:
    checks = [
        (name, check)
        for name, field in fields(app)
        for check in field.validators
        if isinstance(check, (InputRequired, Length))
    ]
    assert len(checks) > 30
    assert [name for name, check in checks if not check.message] == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_choice_of_a_form_says_its_own_sentence(app: Flask) -> None:
    choices = [(name, field) for name, field in fields(app) if isinstance(field, SelectFieldBase)]
    assert len(choices) > 5
    assert [name for name, field in choices if not isinstance(field, Listed)] == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_is_too_long_to_sign_in_with_is_said_in_words_of_ours(client: StrictClient) -> None:
    said = text_of(client.submit("/sign-in", email="a" * 300 + "@example.org", password="x" * 201))
    # once in the summary, once beside the field
    assert said.count("Enter an address of at most 254 characters.") == 2
    assert said.count("A password has at most 200 characters.") == 2
