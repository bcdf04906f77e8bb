"""A test client that judges every page it fetches, in any test.

A page that a person could not use, or that the content security policy would break, fails the test that met it.
"""

import gzip
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import etree
from lxml.html import HtmlElement, document_fromstring
from werkzeug.test import TestResponse

from tests.markup import problems_of
from tracker.web.headers import OF_A_MAIL

REQUIRED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]*')
UNLABELLED_TYPES = {"hidden", "submit", "button"}
REFERRING_ATTRIBUTES = ("aria-describedby", "aria-labelledby", "aria-controls", "for")


def asked(path: str, *, with_origin: bool = False) -> Any:
    """A question to every page, put together once. What it finds knows where it stands only where somebody asks."""
    return etree.XPath(path, smart_strings=with_origin)


REFERRING: dict[str, Any] = {attribute: asked(f"//@{attribute}") for attribute in REFERRING_ATTRIBUTES}
TOPS, HEADINGS = asked("//h1"), asked("//h1|//h2|//h3|//h4|//h5|//h6")
WORDS = asked("string()")
IDS, LINKS_WITHIN = asked("//@id"), asked("//a[starts-with(@href, '#')]/@href")
LABELLED, FIELDS, BUTTONS = asked("//label/@for"), asked("//input|//select|//textarea"), asked("//button")
IMAGES, TOKENS = asked("//img"), asked(".//input[@name='csrf_token']")
POSTING_FORMS = asked("//form[translate(@method, 'POST', 'post')='post']")
STYLED, STYLES, SCRIPTS = asked("//*[@style]"), asked("//style"), asked("//script")
HANDLERS = asked("//@*[starts-with(name(), 'on')]", with_origin=True)
ADDRESSES = asked("//@href|//@src|//@action")


class BadPage(AssertionError):
    """A page that must not be shown to anybody."""


class StrictClient(FlaskClient):
    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        options.setdefault("buffered", True)  # files are read to their end, and closed
        response = super().open(*arguments, **options)
        judge(response)
        return response

    def submit(self, url: str, **fields: Any) -> TestResponse:
        """Opens the page, fills in its form and sends it as a browser would, hidden fields included."""
        return self.submit_form(self.get(url), action=None, **fields)

    def submit_form(self, page: TestResponse, *, action: str | None, **fields: Any) -> TestResponse:
        """Sends the form with that action (None: the first one that posts to the page itself)."""
        form = form_on(page, action)
        values: dict[str, Any] = dict(form.form_values())
        many: dict[str, list[str]] = {}
        for name, value in form.form_values():
            many.setdefault(name, []).append(value)
        values = {name: found if len(found) > 1 else found[0] for name, found in many.items()}
        unknown = fields.keys() - set(form.inputs.keys())
        assert not unknown, f"the form has no field named {sorted(unknown)}"
        target = form.get("action") or page.request.path
        return self.post(target, data=values | fields)


def parsed(response: TestResponse) -> HtmlElement:
    return document_fromstring(response.get_data(as_text=True))


def form_on(page: TestResponse, action: str | None) -> Any:
    forms = [form for form in parsed(page).forms if form.method == "POST"]
    if action is not None:
        chosen = [form for form in forms if form.get("action") == action]
    else:
        chosen = [form for form in forms if form.get("action", "") in ("", page.request.path)]
    assert chosen, f"no form for {action or page.request.path}; there are {[form.get('action') for form in forms]}"
    return chosen[0]


def text_of(response: TestResponse) -> str:
    """What a person reads on the page, white space folded."""
    page = parsed(response)
    return " ".join(page.text_content().split())


def judge(response: TestResponse) -> None:
    policy = response.headers.get("Content-Security-Policy", "")
    is_mail = policy == OF_A_MAIL
    is_strict = "default-src 'none'" in policy and "unsafe" not in policy
    _require(is_strict or is_mail, "the content security policy is weak")
    for name, value in REQUIRED_HEADERS.items():
        _require(response.headers.get(name) == value, f"{name} is missing")
    if is_mail and response.mimetype == "text/html":
        _judge_mail(document_fromstring(response.get_data(as_text=True)))
    elif response.mimetype == "text/html" and response.get_data():
        is_packed = response.headers.get("Content-Encoding") == "gzip"
        judge_page((gzip.decompress(response.get_data()) if is_packed else response.get_data()).decode())


def _judge_mail(mail: HtmlElement) -> None:
    """It has its looks in itself, and that is all that it may bring along."""
    active = mail.xpath(
        "//script|//iframe|//form|//object|//embed|//link|//meta[@http-equiv]|//@*[starts-with(name(), 'on')]"
    )
    _require(not active, f"a mail does more than be looked at: {active}")
    foreign = [str(source) for source in mail.xpath("//@src") if not str(source).startswith("data:image/")]
    _require(not foreign, f"a mail fetches something: {foreign}")


def judge_page(text: str) -> None:
    """Nothing that is judged depends on the token, by which alone many pages differ from one that was good already."""
    _judge_text(TOKEN.sub("", text))


@lru_cache(maxsize=300)
def _judge_text(text: str) -> None:
    _judge_syntax(text)
    # plain elements: those of lxml.html, which know of forms, take as long to make as all the rest
    page = etree.fromstring(text, etree.HTMLParser())
    if page.find(".//main") is None and "Redirecting" in text:
        return  # the short answer that comes with a redirect; nobody reads it
    _judge_outline(page)
    _judge_references(page)
    _judge_fields(page)
    _judge_policy(page)


def _judge_syntax(text: str) -> None:
    problems = problems_of(text)
    _require(not problems, f"invalid HTML: {problems[:5]}")


def _judge_outline(page: etree._Element) -> None:
    headings = TOPS(page)
    _require(len(headings) == 1, f"a page has one h1, this has {len(headings)}")
    _require(bool(WORDS(headings[0]).strip()), "the h1 is empty")
    _require(bool(page.get("lang")), "the page does not say its language")
    _require(page.get("dir") in ("ltr", "rtl"), "the page does not say its direction")
    _require(bool(page.findtext(".//title", "").strip()), "the page has no title")
    levels = [int(heading.tag[1]) for heading in HEADINGS(page)]
    jumps = [(above, below) for above, below in pairwise(levels) if below > above + 1]
    _require(not jumps, f"headings skip a level: {jumps}")


def _judge_references(page: etree._Element) -> None:
    ids = Counter(IDS(page))
    doubled = {found for found, times in ids.items() if times > 1}
    _require(not doubled, f"ids stand twice: {doubled}")
    there = set(ids)  # taking its keys away from a set would look at each of them, each time
    for attribute in REFERRING_ATTRIBUTES:
        for value in REFERRING[attribute](page):
            missing = set(value.split()) - there
            _require(not missing, f"{attribute} points at nothing: {missing}")
    for link in LINKS_WITHIN(page):
        _require(link[1:] in ids or link == "#", f"a link leads nowhere: {link}")


def _judge_fields(page: etree._Element) -> None:
    labelled = set(LABELLED(page))
    for field in FIELDS(page):
        if field.get("type", "text") in UNLABELLED_TYPES:
            continue
        named = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        inside = next(field.iterancestors("label"), None)
        _require(bool(named) or inside is not None, f"a field without a label: {field.get('name')}")
    for button in BUTTONS(page):
        _require(bool(WORDS(button).strip() or button.get("aria-label")), "a button without words")
    for image in IMAGES(page):
        _require(image.get("alt") is not None, f"an image without an alternative: {image.get('src')}")
    for form in POSTING_FORMS(page):
        _require(bool(TOKENS(form)), f"a form without its token: {form.get('action')}")


def _judge_policy(page: etree._Element) -> None:
    _require(not STYLED(page), "a style attribute: the policy forbids it")
    _require(not STYLES(page), "a style element: the policy forbids it")
    for script in SCRIPTS(page):
        own = (script.get("src") or "").startswith("/static/")
        _require(own or script.get("type") == "application/json", "an inline or foreign script")
    handlers = [value.attrname for value in HANDLERS(page)]
    _require(not handlers, f"an event attribute: {handlers}")
    for address in ADDRESSES(page):
        _require(_is_harmless(address), f"a link that could run something: {address}")


@lru_cache(maxsize=10_000)
def _is_harmless(address: str) -> bool:
    return urlsplit(address.strip()).scheme in ("", "http", "https", "mailto", "data")


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise BadPage(sentence)


__all__ = ["BadPage", "StrictClient", "form_on", "judge_page", "parsed", "text_of"]
