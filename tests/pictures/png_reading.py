"""Reads a PNG back, as far as resvg writes them: eight bits each of red, green, blue and opacity."""

import struct
import zlib

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pixels(png: bytes) -> Pixels:
    """Height, width, and the four parts of a colour."""
    assert png.startswith(SIGNATURE)
    chunks, at = {b"IHDR": b"", b"IDAT": b""}, len(SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        name = png[at + 4 : at + 8]
        chunks[name] = chunks.get(name, b"") + png[at + 8 : at + 8 + size]
        at += 12 + size
    width, height, *kind = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert kind == [8, 6, 0, 0, 0]
    rows, length = zlib.decompress(chunks[b"IDAT"]), 4 * width
    drawn = [bytes(length)]
    for start in range(0, len(rows), length + 1):
        drawn.append(_unfiltered(rows[start], rows[start + 1 : start + 1 + length], drawn[-1]))
    return np.frombuffer(b"".join(drawn[1:]), dtype=np.uint8).reshape(height, width, 4)


def _unfiltered(way: int, raw: bytes, above: bytes) -> bytes:
    """Each byte was written as what it differs by from a guess that its neighbours allow."""
    row = bytearray(4)
    over = bytes(4) + above
    for at, byte in enumerate(raw):
        left, up, corner = row[at], over[at + 4], over[at]
        if way == 4:
            away = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
            guess = (left, up, corner)[away.index(min(away))]
        else:
            guess = (0, left, up, (left + up) // 2)[way]
        row.append((byte + guess) & 255)
    return bytes(row[4:])


def colour(pixel: Pixels) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in pixel[:3])


def colours(of: Pixels) -> set[str]:
    packed = np.unique(of.reshape(-1, 4).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1, 0], dtype=np.uint32))
    return {f"#{number:06x}" for number in packed.tolist()}
