from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from tracker.exchange.atom import ATOM, Entry, Feed, atom

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
NAMES = {"a": ATOM}
FEED = Feed("tag:a", "News", "Of a month", "The tracker", "fr", "https://t.example.org/news", ())


def test_news_are_told_with_the_newest_moment_as_that_of_the_feed() -> None:
    entries = [
        Entry("tag:a/2", "Second", "https://t.example.org/2", NOON),
        Entry("tag:a/1", "First", "https://t/1", NOON),
    ]

    root = ElementTree.fromstring(atom(Feed(**(vars(FEED) | {"entries": entries})), NOON + timedelta(days=1)))

    assert root.findtext("a:updated", namespaces=NAMES) == "2026-03-16T12:00:00Z"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert [entry.findtext("a:title", namespaces=NAMES) for entry in root.findall("a:entry", NAMES)] == [
        "Second",
        "First",
    ]
    assert [link.get("href") for link in root.findall("a:entry/a:link", NAMES)] == [
        "https://t.example.org/2",
        "https://t/1",
    ]


def test_a_feed_without_news_is_a_feed() -> None:
    root = ElementTree.fromstring(atom(FEED, NOON))

    assert root.findtext("a:updated", namespaces=NAMES) == "2026-03-16T12:00:00Z"
    assert root.findall("a:entry", NAMES) == []


def test_no_title_breaks_out_of_the_feed() -> None:
    hostile = "</title><script>\x00\ufffe\n& " + "a" * 10_000

    root = ElementTree.fromstring(
        atom(Feed(**(vars(FEED) | {"entries": [Entry("i", hostile, "https://t/", NOON)]})), NOON)
    )

    title = root.findtext("a:entry/a:title", namespaces=NAMES) or ""
    assert title.startswith("</title><script> & aaa")
    assert len(title) == 300
