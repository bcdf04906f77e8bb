import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from tracker.delivery.failures import RefusedForGood
from tracker.delivery.message import LONGEST_LINE, LONGEST_SUBJECT, compose, host_of
from tracker.text import one_line, plain_text

WRITTEN_AT = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}
HOSTILE = [
    "Good news\r\nBcc: everybody@example.org",
    "Good news\nBcc: everybody@example.org",
    "Good news\rBcc: everybody@example.org",
    "Good news\x00\x0b\x0c\x1c\x85Bcc: everybody@example.org",
    "Good news\u2028Bcc: everybody@example.org",
    "=?utf-8?q?Good_news=0D=0ABcc:_everybody=40example.org?=",
    "=?utf-8?b?R29vZCBuZXdzDQpCY2M6IGV2ZXJ5Ym9keUBleGFtcGxlLm9yZw==?=",
    "Good news \ud800 Bcc: everybody@example.org",
    "Good news =?utf-8?q?=0D=0A?= Bcc: everybody@example.org" * 20,
]


def composed(**changed: Any) -> EmailMessage:
    arguments: dict[str, Any] = {
        "sender": "Early-warning tracker <tracker@example.org>",
        "recipient": "ana@example.org",
        "subject": "What is new",
        "body": "Nothing.\n",
        "message_id": "1f3a@tracker.example.org",
    }
    return compose(**(arguments | changed), written_at=WRITTEN_AT)


def as_received(message: EmailMessage) -> EmailMessage:
    received = email.message_from_bytes(message.as_bytes(), policy=SMTP)
    assert isinstance(received, EmailMessage)
    assert received.defects == []
    return received


def test_a_mail_says_who_writes_to_whom_when_and_that_nobody_need_answer() -> None:
    received = as_received(composed())
    assert {name: str(received[name]) for name in HEADERS} == {
        "From": "Early-warning tracker <tracker@example.org>",
        "To": "ana@example.org",
        "Subject": "What is new",
        "Date": "Mon, 16 Mar 2026 12:00:00 +0000",
        "Message-ID": "<1f3a@tracker.example.org>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
    }


def test_the_same_mail_composed_twice_is_the_same_bytes() -> None:
    assert composed(subject="Été", body="Où ?").as_bytes() == composed(subject="Été", body="Où ?").as_bytes()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_title_adds_no_header(hostile: str) -> None:
    assert set(as_received(composed(subject=hostile)).keys()) == HEADERS


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_adds_no_header_and_changes_no_address(hostile: str) -> None:
    received = as_received(composed(sender=f"{hostile} <tracker@example.org>"))
    assert set(received.keys()) == HEADERS
    assert [sender.addr_spec for sender in received["From"].addresses] == ["tracker@example.org"]


def test_line_breaks_and_control_characters_in_a_subject_become_blanks() -> None:
    assert composed(subject="Raised\r\n in\x00two\tcountries")["Subject"] == "Raised in two countries"


def test_a_subject_of_ten_thousand_characters_is_cut() -> None:
    subject = as_received(composed(subject="x" * 10_000))["Subject"]
    assert subject == "x" * (LONGEST_SUBJECT - 1) + "…"


def test_a_subject_of_the_longest_length_stays_whole() -> None:
    assert as_received(composed(subject="é" * LONGEST_SUBJECT))["Subject"] == "é" * LONGEST_SUBJECT


@pytest.mark.parametrize("before_the_sign", range(56, 70))
def test_a_subject_arrives_as_written_wherever_its_line_is_broken(before_the_sign: int) -> None:
    words = ("a risk as a whole " * 5)[:before_the_sign].strip()
    assert as_received(composed(subject=f"{words} · 104 new"))["Subject"] == f"{words} · 104 new"


@pytest.mark.parametrize("subject", ["Évènement à Zürich", "تحذير مبكر", "\U0001f54a️ peace", 'a, <b>; "c" (d)'])
def test_a_subject_in_any_language_arrives_as_it_was_written(subject: str) -> None:
    assert as_received(composed(subject=subject))["Subject"] == subject


def test_a_sender_of_any_name_keeps_its_address() -> None:
    sender = as_received(composed(sender='"Früh, Warnung" <tracker@example.org>'))["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Früh, Warnung", "tracker@example.org")


@pytest.mark.parametrize(
    "body", ["short\n", "é" * 5000 + "\n", "x" * 5000 + "\n", "x" * LONGEST_LINE + "\n", ".\nFrom here\n"]
)
def test_no_line_is_longer_than_mail_allows_and_the_text_arrives_whole(body: str) -> None:
    message = composed(subject="wörd " * 60, body=body)
    lines = message.as_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= LONGEST_LINE
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert as_received(message).get_content().replace("\r\n", "\n") == body


def test_a_link_in_a_plain_text_stays_in_one_piece() -> None:
    link = "https://tracker.example.org/reset/" + "a" * 120
    assert link.encode() in composed(body=f"Follow this:\n{link}\n").as_bytes()


def test_control_characters_in_a_text_become_blanks_and_its_lines_stay() -> None:
    assert plain_text("a\x00b\r\nc\rd\te\x1b[0m\ud800") == "a b\nc\nd\te [0m "


@pytest.mark.parametrize(("longest", "expected"), [(5, "abcde"), (4, "abc…")])
def test_a_line_is_cut_only_where_it_is_too_long(longest: int, expected: str) -> None:
    assert one_line("abcde", longest) == expected


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "nobody",
        "@example.org",
        "ana@",
        "ana@example.org\r\nBcc: everybody@example.org",
        "ana@example.org, everybody@example.org",
        "ana <ana@example.org>",
        "ana@exam ple.org",
        "a..b@example.org",
        "ana@example..org",
        "ana@[192.0.2.1]",
        "ana\u202e\u2028@example.org",
        "a" * 65 + "@example.org",
    ],
)
def test_what_is_not_one_address_is_refused_for_good(recipient: str) -> None:
    with pytest.raises(RefusedForGood, match="not an address"):
        composed(recipient=recipient)


@pytest.mark.parametrize("recipient", ["o'brien+r2p@example.org", "ana@localhost", "ana.b@sub.example.org"])
def test_an_ordinary_address_is_kept_as_it_is(recipient: str) -> None:
    assert composed(recipient=recipient)["To"].addresses[0].addr_spec == recipient


def test_a_domain_in_any_script_is_written_as_the_network_knows_it() -> None:
    assert composed(recipient="ana@bücher.example")["To"].addresses[0].addr_spec == "ana@xn--bcher-kva.example"


def test_a_sender_that_is_no_address_is_not_held_against_the_recipient() -> None:
    with pytest.raises(ValueError, match="cannot be sent from"):
        composed(sender="nobody")


@pytest.mark.parametrize(
    ("public_url", "host"),
    [
        ("https://tracker.example.org", "tracker.example.org"),
        ("http://localhost:8000", "localhost"),
        ("http://[::1]:8000", "localhost"),
        ("https://bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_the_product_is_called_by_the_host_of_its_address(public_url: str, host: str) -> None:
    assert host_of(public_url) == host
