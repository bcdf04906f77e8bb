"""A device with a passkey, in software: it signs whatever a site asks, as a phone or a security key would."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

USER_PRESENT, USER_VERIFIED, HAS_NEW_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """Says what it is told to say about where it is and whether it checked finger, face or PIN."""

    origin: str = "http://localhost:8000"
    host: str = "localhost"
    verifies_user: bool = True
    # Devices that do not count always say 0.
    counts: bool = True
    sign_count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def make(self, options: str) -> dict[str, Any]:
        """Answers the options of a registration."""
        asked = json.loads(options)
        statement = {"fmt": "none", "attStmt": {}, "authData": self._told(HAS_NEW_KEY) + self._new_key()}
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(cbor2.dumps(statement))})

    def sign(self, options: str) -> dict[str, Any]:
        """Answers the options of a sign-in."""
        asked = json.loads(options)
        self.sign_count += self.counts
        client, told = self._client("webauthn.get", asked["challenge"]), self._told()
        signature = self.key.sign(told + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            {"clientDataJSON": _text(client), "authenticatorData": _text(told), "signature": _text(signature)}
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _told(self, flags: int = 0) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.verifies_user else 0)
        host = hashlib.sha256(self.host.encode()).digest()
        return host + flags.to_bytes() + self.sign_count.to_bytes(4, "big")

    def _new_key(self) -> bytes:
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        return bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        name = _text(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


def _text(raw: bytes) -> str:
    return bytes_to_base64url(raw)
