"""A bundle as a file: one JSON object, whose signature is made over the very bytes that stand in it.

    {"bundle":CONTENT,"public_key":"64 hexadecimal digits","signature":"128 hexadecimal digits"}

followed by a line feed. CONTENT is canonical JSON (UTF-8, keys sorted, no blanks), and the Ed25519 signature (RFC
8032) is over exactly its bytes. What stands around it has a fixed length: so nobody need write a number again, in the
way of another program, to check a signature.
"""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tracker.bundle import Contents
from tracker.exchange.bundle_schema import NOT_A_BUNDLE, BundleUnfit, contents_of, refuse_schema
from tracker.refusal import N_, Refusal

LARGEST_BYTES = 20_000_000
# As deep as the schema goes, and no deeper: the object, its list, a row, a list in it.
DEEPEST = 6
LONGEST_NUMBER = 40
_BEFORE = b'{"bundle":'
_AFTER = re.compile(rb'\A,"public_key":"([0-9a-f]{64})","signature":"([0-9a-f]{128})"\}\n\Z')
_LENGTH_AFTER = len(b',"public_key":"","signature":""}\n') + 64 + 128
# Never taken back what was matched: so the time is that of one reading, whatever quotes stand in it.
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")


class BundleTooLarge(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("A bundle has at most %(megabytes)s MB: choose fewer countries or days."),
            megabytes=LARGEST_BYTES // 1_000_000,
        )


class BrokenSignature(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("The signature does not belong to what the file says: it was changed on its way. Have it sent again.")
        )


@dataclass(frozen=True)
class Sealed:
    """A file in the right wrapping. Whether its signature is right is another question, and comes before reading it."""

    public_key: str
    signature: bytes
    # The bytes that were signed.
    content: bytes

    @property
    def fingerprint(self) -> str:
        """Of what was signed: the same bundle in another wrapping is the same bundle."""
        return hashlib.sha256(self.content).hexdigest()

    def contents(self) -> Contents:
        """Refuses what is deeper than a bundle can be, does not keep to the schema, or is of a newer one."""
        plain = _strict(self.content)
        refuse_schema(plain)
        return contents_of(plain)


def canonical(plain: object) -> bytes:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def signed(contents: Contents, private_key: str) -> bytes:
    """The whole file. The key as `new_key` gives it."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private_key))
    content = canonical(contents.as_plain())
    public, signature = key.public_key().public_bytes_raw().hex(), key.sign(content).hex()
    file = _BEFORE + content + f',"public_key":"{public}","signature":"{signature}"}}\n'.encode()
    if len(file) > LARGEST_BYTES:
        raise BundleTooLarge
    return file


def unsealed(file: bytes) -> Sealed:
    """Refuses what is no bundle or larger than one can be. Nothing that a stranger wrote is read any further."""
    if len(file) > LARGEST_BYTES:
        raise BundleTooLarge
    content, end = file[len(_BEFORE) : -_LENGTH_AFTER], _AFTER.match(file[-_LENGTH_AFTER:])
    if not file.startswith(_BEFORE) or end is None or not content:
        raise BundleUnfit(NOT_A_BUNDLE)
    return Sealed(end[1].decode(), bytes.fromhex(end[2].decode()), content)


def refuse_broken(sealed: Sealed) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(sealed.public_key)).verify(sealed.signature, sealed.content)
    except (InvalidSignature, ValueError):
        raise BrokenSignature from None


# ---- keys -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeyPair:
    private: str
    public: str


def new_key() -> KeyPair:
    key = Ed25519PrivateKey.generate()
    return KeyPair(key.private_bytes_raw().hex(), key.public_key().public_bytes_raw().hex())


def is_public_key(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def fingerprint_of(public_key: str) -> str:
    """For people to compare, over another way than the key came: eight groups of four."""
    digits = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:32]
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


# ---- JSON without surprises -------------------------------------------------------------------------------------


def _strict(content: bytes) -> dict[str, Any]:
    """No key twice, no NaN, no number that is none, nothing deep, nothing that cannot be kept as text."""
    if _depth(content) > DEEPEST:
        raise BundleUnfit(NOT_A_BUNDLE)
    try:
        plain = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_short,
        )
    except (ValueError, RecursionError):
        raise BundleUnfit(NOT_A_BUNDLE) from None
    if not isinstance(plain, dict):
        raise BundleUnfit(NOT_A_BUNDLE)
    return plain


def _depth(content: bytes) -> int:
    """Counted before anything is built of it."""
    deepest = depth = 0
    for sign in _BRACKETS.finditer(_STRINGS.sub(b"", content)):
        depth += 1 if sign[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("no number that can be counted with")
    return number


def _short(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("no number that can be counted with")
    return int(digits)
