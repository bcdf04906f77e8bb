"""A list of news for feed readers, as Atom (RFC 4287)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from tracker.text import one_line, tidy

ATOM = "http://www.w3.org/2005/Atom"
LONGEST_TITLE = 300


@dataclass(frozen=True)
class Entry:
    # The same for as long as it is the same news.
    id: str
    title: str
    url: str
    at: datetime


@dataclass(frozen=True)
class Feed:
    id: str
    title: str
    subtitle: str
    # Of whom the news are.
    author: str
    language: str
    # Where people read the same.
    home: str
    # The newest first.
    entries: Sequence[Entry]


def atom(feed: Feed, now: datetime) -> bytes:
    """`now`: of an empty feed."""
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(ElementTree.SubElement(root, "author"), "name", feed.author)
    ElementTree.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.home})
    _text(root, "updated", _instant(max((entry.at for entry in feed.entries), default=now)))
    for one in feed.entries:
        entry = ElementTree.SubElement(root, "entry")
        _text(entry, "id", one.id)
        _text(entry, "title", one.title)
        _text(entry, "updated", _instant(one.at))
        ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": one.url})
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _text(parent: ElementTree.Element, name: str, words: str) -> None:
    ElementTree.SubElement(parent, name).text = one_line(tidy(words), LONGEST_TITLE)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
