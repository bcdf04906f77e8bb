from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from tracker.delivery.letter import Letter, read
from tracker.delivery.message import LONGEST_LINE, compose

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
LEAVE = "https://early-warning.tracker.example.org/leave/digest-123456-" + "f" * 40


def digest(**changed: Any) -> bytes:
    arguments: dict[str, Any] = {
        "sender": "Early-warning tracker <tracker@example.org>",
        "recipient": "ana@example.org",
        "subject": "Ce qui est nouveau au Niger – et ailleurs",
        "body": "Le score a monté.\n.\nC’est tout.\n",
        "html": '<p>Le score a monté.</p><img src="cid:map" alt="Carte">',
        "images": {"map": PNG, "niger": PNG[::-1]},
        "leave_url": LEAVE,
        "message_id": "digest-1f3a@tracker.example.org",
        "written_at": datetime(2026, 3, 16, 7, tzinfo=UTC),
    }
    return compose(**(arguments | changed)).as_bytes()


def test_a_digest_is_read_back_as_it_was_written() -> None:
    assert read(digest()) == Letter(
        subject="Ce qui est nouveau au Niger – et ailleurs",
        text="Le score a monté.\n.\nC’est tout.\n",
        html='<p>Le score a monté.</p><img src="cid:map" alt="Carte">\n',
        images={"map": PNG, "niger": PNG[::-1]},
    )


def test_a_letter_without_html_has_none() -> None:
    found = read(digest(html="", images={}))
    assert (found.text, found.html, found.images) == ("Le score a monté.\n.\nC’est tout.\n", "", {})


def test_the_same_digest_is_the_same_bytes() -> None:
    assert digest() == digest()


def test_the_address_for_leaving_stands_in_one_piece() -> None:
    """Folded or encoded, mail programs do not know it any more."""
    lines = digest().split(b"\r\n")
    assert f"List-Unsubscribe: <{LEAVE}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


@pytest.mark.parametrize(
    "words", ["x" * 5000, "é" * 5000, "\r\n.\r\n" * 50, "\x00\ud800\u2028", "--=_alternative_digest1f3a"]
)
def test_whatever_a_digest_says_its_lines_are_short_and_its_parts_stay_apart(words: str) -> None:
    message = digest(body=words, html=f"<p>{words}</p>")
    assert max(len(line) for line in message.split(b"\r\n")) <= LONGEST_LINE
    assert b"\n" not in message.replace(b"\r\n", b"")
    assert message.isascii()
    received = message_from_bytes(message, policy=SMTP)
    assert isinstance(received, EmailMessage)
    assert [part.get_content_type() for part in received.walk()] == [
        *("multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "image/png")
    ]
    assert [part.defects for part in received.walk()] == [[]] * 6
