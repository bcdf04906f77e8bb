"""Every mail that pages send, word for word."""

from pathlib import Path

import pytest
from flask import Flask

from tracker.actions.letters import Letter
from tracker.storage.admitting import Person
from tracker.web import messages

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "messages"
ANA = Person(name="Ana", email="ana@example.org", language="en")
HEAD = (42, "5e0c6c8f" * 8)
TOKEN = "a-token-of-43-letters-as-they-are-made-here"


def letters() -> dict[str, Letter]:
    return {
        "invitation": messages.invitation(name="Ana", invited_by="Kofi", language="en")(TOKEN),
        "invitation_by_a_script": messages.invitation(name="Ana", invited_by=None, language="en")(TOKEN),
        "reset": messages.reset(language="en")(TOKEN),
        "address_change": messages.address_change(ANA)(TOKEN),
        "address_note": messages.address_note(ANA, "lima@example.org"),
        "password_changed": messages.note(ANA, messages.PASSWORD_CHANGED),
        "password_reset": messages.note(ANA, messages.PASSWORD_RESET, passkeys=["office laptop", "phone"]),
        "codes_on": messages.note(ANA, messages.CODES_ON),
        "codes_off": messages.note(ANA, messages.CODES_OFF),
        "passkey_added": messages.note(ANA, messages.PASSKEY_ADDED, passkeys=["office laptop"]),
        "passkey_removed": messages.note(ANA, messages.PASSKEY_REMOVED, passkeys=["office laptop"]),
    }


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_mail_says_exactly_this(app: Flask) -> None:
    with app.test_request_context():
        written = {name: f"Subject: {letter.subject}\n\n{letter.text(*HEAD)}\n" for name, letter in letters().items()}
    expected = {file.stem: file.read_text() for file in GOLDEN.glob("*.txt")}
    assert written.keys() == expected.keys()
    for name, text in written.items():
        assert text == expected[name], f"{name} reads differently now"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_hostile_name_stays_a_name(app: Flask) -> None:
    with app.test_request_context():
        letter = messages.invitation(name="<b>{{ 7*7 }}</b>", invited_by="%(link)s", language="en")(TOKEN)
    assert "Hello <b>{{ 7*7 }}</b>," in letter.body
    assert "%(link)s invites you" in letter.body
