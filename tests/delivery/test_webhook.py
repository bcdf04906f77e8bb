"""Programs are called with what they can check, and no machine is reached that must not be."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.programs import Program, program
from tests.delivery.relays import certificate, port_where_nobody_answers, server_context
from tracker.delivery.failures import NotHandedOver, RefusedForGood, RefusedForNow
from tracker.delivery.webhook import Message, call
from tracker.webhook import Reach, signature

HERE = Reach(this_machine=True)
MESSAGE = Message("digest-1", json.dumps({"text": "Mali ↗"}), "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw==", 1_773_662_400)


def test_a_program_gets_the_body_with_a_signature_that_it_can_check() -> None:
    with program(Program(status=204)) as chat:
        told = call(f"http://localhost:{chat.port}/hooks/abc?channel=r2p", MESSAGE, HERE)

    [(path, headers, body)] = chat.heard
    assert told == "localhost: 204 No Content"
    assert path == "/hooks/abc?channel=r2p"
    assert json.loads(body) == {"text": "Mali ↗"}
    assert (headers["host"], headers["webhook-id"]) == (f"localhost:{chat.port}", "digest-1")
    assert headers["content-type"].startswith("application/json")
    signed = signature(MESSAGE.secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
    assert headers["webhook-signature"] == signed


def test_a_call_is_encrypted_for_the_very_program_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with program(Program(), server_context(file)) as chat:
        assert call(f"https://127.0.0.1:{chat.port}/", MESSAGE, HERE) == "127.0.0.1: 200 OK"
        with pytest.raises(RefusedForNow, match="CERTIFICATE_VERIFY_FAILED"):
            call(f"https://localhost:{chat.port}/", MESSAGE, HERE)

    assert len(chat.heard) == 1


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, None), (299, None), (400, RefusedForNow), (404, RefusedForNow), (500, RefusedForNow), (410, RefusedForGood)],
)
def test_whatever_does_not_say_that_it_was_taken_is_a_refusal(
    status: int, expected: type[NotHandedOver] | None
) -> None:
    with program(Program(status=status)) as chat:
        if expected is None:
            assert str(status) in call(f"http://127.0.0.1:{chat.port}/", MESSAGE, HERE)
        else:
            with pytest.raises(expected, match=f"127.0.0.1 answered {status}"):
                call(f"http://127.0.0.1:{chat.port}/", MESSAGE, HERE)


def test_nobody_is_followed_elsewhere() -> None:
    with program(Program()) as elsewhere, program(Program(status=307)) as chat:
        chat.elsewhere = f"http://127.0.0.1:{elsewhere.port}/"
        with pytest.raises(RefusedForNow, match="answered 307"):
            call(f"http://127.0.0.1:{chat.port}/", MESSAGE, HERE)

    assert (len(chat.heard), elsewhere.heard) == (1, [])


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_reached_by_any_of_its_names(name: str) -> None:
    with program(Program()) as chat, pytest.raises(RefusedForNow, match="may not be called from here"):
        call(f"http://{name}:{chat.port}/", MESSAGE, Reach(inside=True))

    assert chat.heard == []


def test_a_name_is_asked_for_once_and_one_bad_address_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that says something else the second time gets nobody inside."""
    answers = [["127.0.0.1"], ["127.0.0.1", "10.0.0.1"]]

    def asked(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in answers.pop(0)]

    with program(Program()) as chat:
        # the connection itself is made to a number, of which nobody is asked anything
        monkeypatch.setattr("tracker.delivery.webhook.socket.getaddrinfo", _only_names(asked))
        address = f"http://chat.example.org:{chat.port}/"
        assert call(address, MESSAGE, HERE) == "chat.example.org: 200 OK"
        with pytest.raises(RefusedForNow, match="may not be called from here"):
            call(address, MESSAGE, HERE)

    assert [headers["host"] for _path, headers, _body in chat.heard] == [f"chat.example.org:{chat.port}"]


def test_a_program_that_answers_byte_by_byte_does_not_keep_the_worker() -> None:
    with program(Program(drips=0.05)) as chat, pytest.raises(RefusedForNow, match="could not be called"):
        call(f"http://127.0.0.1:{chat.port}/", MESSAGE, HERE, seconds=0.3)

    assert len(chat.heard) == 1


def test_a_program_that_is_away_is_called_again_later() -> None:
    with port_where_nobody_answers() as port, pytest.raises(RefusedForNow, match="ConnectionRefusedError"):
        call(f"http://127.0.0.1:{port}/", MESSAGE, HERE)


def _only_names(asked: Any) -> Any:
    really = socket.getaddrinfo

    def getaddrinfo(host: str, *arguments: Any, **named: Any) -> Any:
        return asked(host, *arguments, **named) if host == "chat.example.org" else really(host, *arguments, **named)

    return getaddrinfo
