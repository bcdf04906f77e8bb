import email
import stat
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.relays import Mood, certificate, only, port_where_nobody_answers, relay, server_context
from tests.smtp_sink import SmtpSink
from tracker.delivery.failures import (
    NobodyCanTell,
    NotHandedOver,
    RecipientRefused,
    RefusedForGood,
    RefusedForNow,
    RelayAway,
    TakenOver,
)
from tracker.delivery.mailbox import open_mailbox
from tracker.delivery.message import compose
from tracker.delivery.parcel import file_name, parcel_of
from tracker.settings import Relay, Settings

WRITTEN_AT = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


def a_mail(recipient: str = "ana@example.org", *, subject: str = "What is new", token: str = "1f3a") -> EmailMessage:
    return compose(
        sender="Early-warning tracker <tracker@example.org>",
        recipient=recipient,
        subject=subject,
        body="Où en sommes-nous ?\n.\nNulle part.\n",
        message_id=f"{token}@tracker.example.org",
        written_at=WRITTEN_AT,
    )


def with_relay(settings: Settings, port: int, **options: str | bool) -> Settings:
    return replace(settings, relay=replace(Relay("127.0.0.1", port), **options))  # type: ignore[arg-type]


def hand_over(settings: Settings, *messages: EmailMessage) -> None:
    with open_mailbox(settings) as mailbox:
        for message in messages:
            mailbox.hand_over(parcel_of(message))


# ---- the outbox ----------------------------------------------------------------------------------------------


def kept(settings: Settings) -> list[Path]:
    return sorted(settings.outbox_folder.iterdir())


def test_without_a_relay_a_mail_becomes_a_file_that_any_mail_program_opens(settings: Settings) -> None:
    hand_over(settings, a_mail(subject="Été à Zürich"))
    (file,) = kept(settings)
    opened = email.message_from_bytes(file.read_bytes(), policy=SMTP)
    assert isinstance(opened, EmailMessage)
    assert opened.defects == []
    assert (opened["To"], opened["Subject"]) == ("ana@example.org", "Été à Zürich")
    assert opened.get_content().splitlines() == ["Où en sommes-nous ?", ".", "Nulle part."]


def test_the_file_is_named_after_its_time_and_message() -> None:
    assert file_name(WRITTEN_AT, "<../../1f/3a\\:@tracker.example.org>") == "20260316T120000Z-1f3a.eml"


def test_the_same_mail_handed_over_twice_is_one_file(settings: Settings) -> None:
    hand_over(settings, a_mail(), a_mail())
    assert len(kept(settings)) == 1


def test_two_mails_of_the_same_second_are_two_files(settings: Settings) -> None:
    hand_over(settings, a_mail(token="1f3a"), a_mail(token="2b4c"))
    assert len(kept(settings)) == 2


def test_the_outbox_is_open_to_its_owner_alone(settings: Settings) -> None:
    settings.outbox_folder.mkdir(mode=0o755)
    hand_over(settings, a_mail())
    assert stat.S_IMODE(settings.outbox_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept(settings)[0].stat().st_mode) == 0o600


def test_a_mail_that_was_being_written_when_the_worker_died_is_written_whole_the_next_time(settings: Settings) -> None:
    settings.outbox_folder.mkdir()
    unfinished = settings.outbox_folder / f".{parcel_of(a_mail()).file_name}.part"
    unfinished.write_bytes(a_mail().as_bytes() * 2)
    hand_over(settings, a_mail())
    (file,) = kept(settings)
    assert file.read_bytes() == a_mail().as_bytes()


def test_an_outbox_that_cannot_be_written_is_tried_again_later(settings: Settings) -> None:
    settings.outbox_folder.write_text("a file where the folder should be")
    with pytest.raises(RefusedForNow, match="outbox cannot be written"):
        hand_over(settings, a_mail())


def test_while_the_disk_is_full_a_mail_waits_and_leaves_nothing_behind(settings: Settings) -> None:
    settings.outbox_folder.mkdir()
    unfinished = settings.outbox_folder / f".{parcel_of(a_mail()).file_name}.part"
    unfinished.symlink_to("/dev/full")  # which has no room for anything
    with pytest.raises(RefusedForNow, match="No space left on device"):
        hand_over(settings, a_mail())
    unfinished.unlink()
    hand_over(settings, a_mail())
    (file,) = kept(settings)
    assert file.read_bytes() == a_mail().as_bytes()


# ---- the relay -----------------------------------------------------------------------------------------------


def test_a_mail_arrives_at_the_relay_as_it_was_composed(settings: Settings, smtp_sink: SmtpSink) -> None:
    hand_over(replace(settings, relay=smtp_sink.relay), a_mail(subject="Été"))
    (message,) = smtp_sink.messages
    assert message.as_bytes() == a_mail(subject="Été").as_bytes()
    assert smtp_sink.recipients == [["ana@example.org"]]


def test_many_mails_go_over_one_connection(settings: Settings) -> None:
    mood = Mood()
    with relay(mood) as port:
        hand_over(with_relay(settings, port), a_mail(token="1"), a_mail(token="2"), a_mail(token="3"))
    assert len(mood.taken) == 3
    assert mood.connections == 1


def test_a_relay_that_hung_up_between_two_mails_is_called_again(settings: Settings) -> None:
    mood = Mood(hangs_up=True)
    with relay(mood) as port:
        hand_over(with_relay(settings, port), a_mail(token="1"), a_mail(token="2"))
    assert len(mood.taken) == 2
    assert mood.connections == 2


@pytest.mark.parametrize(
    ("mood", "expected"),
    [
        (Mood(to_recipient="550 5.1.1 No such person here"), RecipientRefused),
        (Mood(to_recipient="599 whatever"), RecipientRefused),
        (Mood(to_recipient="450 4.2.1 Try later"), RefusedForNow),
        (Mood(to_recipient="499 whatever"), RefusedForNow),
        (Mood(to_recipient="530 5.7.0 Sign in first"), RefusedForNow),
        (Mood(to_recipient="421 4.3.2 Closing down"), RefusedForNow),
        (Mood(to_text="554 5.7.1 This looks like spam"), RefusedForGood),
        (Mood(to_text="452 4.3.1 Disk full"), RefusedForNow),
        (Mood(to_sender="550 5.7.1 Not from you"), RefusedForNow),
    ],
)
def test_a_refusal_of_recipient_or_text_is_for_good_unless_it_says_that_it_will_pass(
    settings: Settings, mood: Mood, expected: type[NotHandedOver]
) -> None:
    with relay(mood) as port, pytest.raises(expected) as raised:
        hand_over(with_relay(settings, port), a_mail())
    assert type(raised.value) is expected


def test_a_refused_mail_does_not_stop_the_next_one(settings: Settings, smtp_sink: SmtpSink) -> None:
    smtp_sink.refused.add("gone@example.org")
    with open_mailbox(replace(settings, relay=smtp_sink.relay)) as mailbox:
        with pytest.raises(RefusedForGood, match="No such person here"):
            mailbox.hand_over(parcel_of(a_mail("gone@example.org")))
        mailbox.hand_over(parcel_of(a_mail("ana@example.org")))
    assert smtp_sink.recipients == [["ana@example.org"]]


def test_a_relay_that_does_not_answer_is_away(settings: Settings) -> None:
    with port_where_nobody_answers() as port, pytest.raises(RelayAway, match="ConnectionRefusedError"):
        hand_over(with_relay(settings, port), a_mail())


def test_an_address_beyond_ascii_is_refused_for_good_by_a_relay_that_does_not_know_them(settings: Settings) -> None:
    mood = Mood()
    with relay(mood, enable_SMTPUTF8=False) as port, pytest.raises(RefusedForGood, match="beyond ASCII"):
        hand_over(with_relay(settings, port), a_mail("jörg@example.org"))


def test_an_address_beyond_ascii_reaches_a_relay_that_knows_them(settings: Settings) -> None:
    mood = Mood()
    with relay(mood, enable_SMTPUTF8=True) as port:
        hand_over(with_relay(settings, port), a_mail("jörg@example.org"))
    assert "To: jörg@example.org".encode() in mood.taken[0]


# ---- letting go ----------------------------------------------------------------------------------------------


class Told:
    """Holds a mail until it is told otherwise, and remembers what it was asked."""

    def __init__(self, *, lets_go_at: str = "") -> None:
        self.lets_go_at = lets_go_at
        self.asked: list[str] = []

    def may_begin(self) -> bool:
        self.asked.append("begin")
        return self.lets_go_at != "begin"

    def may_end(self) -> bool:
        self.asked.append("end")
        return self.lets_go_at != "end"


@pytest.mark.parametrize("by_relay", [True, False])
@pytest.mark.parametrize("moment", ["begin", "end"])
def test_a_mail_that_is_let_go_at_either_moment_has_not_left(settings: Settings, moment: str, by_relay: bool) -> None:
    mood = Mood()
    with relay(mood) as port, open_mailbox(with_relay(settings, port) if by_relay else settings) as mailbox:
        with pytest.raises(TakenOver):
            mailbox.hand_over(parcel_of(a_mail(token="1")), Told(lets_go_at=moment))
        mailbox.hand_over(parcel_of(a_mail(token="2")))
    left = mood.taken if by_relay else [file.read_bytes() for file in kept(settings)]
    assert [b"Message-ID: <2@" in mail for mail in left] == [True]


def test_a_relay_that_refuses_is_not_given_the_text(settings: Settings) -> None:
    told = Told()
    with (
        relay(Mood(to_recipient="450 4.2.1 Try later")) as port,
        open_mailbox(with_relay(settings, port)) as mailbox,
        pytest.raises(RefusedForNow),
    ):
        mailbox.hand_over(parcel_of(a_mail()), told)
    assert told.asked == []


class HangsUp(Mood):
    """Takes all of a text and ends the conversation instead of an answer."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        server.transport.close()
        return "250 OK"


def test_of_a_relay_that_hangs_up_after_the_text_nobody_can_tell_what_it_took(settings: Settings) -> None:
    told = Told()
    with (
        relay(HangsUp()) as port,
        open_mailbox(with_relay(settings, port)) as mailbox,
        pytest.raises(NobodyCanTell),
    ):
        mailbox.hand_over(parcel_of(a_mail()), told)
    assert told.asked == ["begin", "end"]


def test_a_line_with_one_dot_ends_no_text(settings: Settings) -> None:
    mood = Mood()
    content = b".\r\nSubject: x\r\n\r\n.\r\n..\r\nlast"
    with relay(mood) as port, open_mailbox(with_relay(settings, port)) as mailbox:
        mailbox.hand_over(replace(parcel_of(a_mail()), content=content))
    assert mood.taken == [content + b"\r\n"]


def test_the_outbox_says_what_is_in_it_and_a_relay_cannot(settings: Settings) -> None:
    parcel = parcel_of(a_mail())
    with open_mailbox(settings) as outbox:
        assert outbox.has(parcel) is False
        outbox.hand_over(parcel)
        assert outbox.has(parcel) is True
    with relay(Mood()) as port, open_mailbox(with_relay(settings, port)) as mailbox:
        assert mailbox.has(parcel) is None


# ---- encryption and sign-in ----------------------------------------------------------------------------------


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for 127.0.0.1 that this machine trusts."""
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


def test_a_mail_goes_over_tls_to_a_relay_that_proves_who_it_is(settings: Settings, trusted: Path) -> None:
    mood = Mood()
    with relay(mood, ssl_context=server_context(trusted)) as port:
        hand_over(with_relay(settings, port, tls=True), a_mail())
    assert len(mood.taken) == 1


def test_a_mail_goes_over_starttls_to_a_relay_that_proves_who_it_is(settings: Settings, trusted: Path) -> None:
    mood = Mood()
    with relay(mood, tls_context=server_context(trusted), require_starttls=True) as port:
        hand_over(with_relay(settings, port, starttls=True), a_mail())
    assert len(mood.taken) == 1


@pytest.mark.parametrize("way", ["tls", "starttls"])
def test_a_relay_whose_certificate_nobody_signed_gets_no_mail(settings: Settings, tmp_path: Path, way: str) -> None:
    mood = Mood()
    context = server_context(certificate(tmp_path))
    options = {"ssl_context": context} if way == "tls" else {"tls_context": context}
    with relay(mood, **options) as port, pytest.raises(RelayAway, match="CERTIFICATE_VERIFY_FAILED"):
        hand_over(with_relay(settings, port, **{way: True}), a_mail())
    assert mood.taken == []


def test_a_relay_with_the_certificate_of_another_gets_no_mail(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, host="127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    mood = Mood()
    with (
        relay(mood, ssl_context=server_context(file)) as port,
        pytest.raises(RelayAway, match="IP address mismatch"),
    ):
        hand_over(with_relay(settings, port, tls=True), a_mail())
    assert mood.taken == []


def test_a_relay_that_cannot_encrypt_gets_no_mail_where_encryption_is_asked_for(settings: Settings) -> None:
    mood = Mood()
    with relay(mood) as port, pytest.raises(RelayAway, match="STARTTLS"):
        hand_over(with_relay(settings, port, starttls=True), a_mail())
    assert mood.taken == []


def test_the_relay_is_signed_in_to_where_a_username_is_set(settings: Settings, trusted: Path) -> None:
    mood = Mood()
    guard = {"authenticator": only(b"tracker", b"a password"), "auth_required": True}
    with relay(mood, tls_context=server_context(trusted), require_starttls=True, **guard) as port:
        known = with_relay(settings, port, starttls=True, username="tracker", password="a password")
        hand_over(known, a_mail())
    assert len(mood.taken) == 1


def test_a_wrong_password_is_the_relays_affair_and_not_the_recipients(settings: Settings, trusted: Path) -> None:
    mood = Mood()
    guard = {"authenticator": only(b"tracker", b"a password"), "auth_required": True}
    with relay(mood, tls_context=server_context(trusted), require_starttls=True, **guard) as port:
        wrong = with_relay(settings, port, starttls=True, username="tracker", password="another")
        with pytest.raises(RelayAway, match="SMTPAuthenticationError") as raised:
            hand_over(wrong, a_mail())
    assert "another" not in str(raised.value)
    assert mood.taken == []
