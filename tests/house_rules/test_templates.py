"""What every template must keep to: the content policy, escaping, and words that can be translated."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))

MOST_LINES = 120
# The one place where markup is let through: pictures, which escape all their text themselves.
MAY_SAY_SAFE = "components/picture.html"
TRANSLATING = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
READ_ATTRIBUTES = {"title", "alt", "aria-label", "aria-description", "placeholder", "label"}
SCRIPT_SCHEMES = ("javascript:", "vbscript:")

environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


class Page(HTMLParser):
    """The tags, attributes and words of a template, whatever Python would put between them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=False)
        self.words: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.scripts if self._inside in ("script", "style") else self.words).append(data)


def source_of(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def written(source: str) -> str:
    """The template's own text: a 0 stands for every value, and for every translated passage."""
    kept: list[str] = []
    block, translated = "", False
    for _line, kind, text in environment.lex(source):
        if kind == "block_begin":
            block = ""
        elif kind == "name" and not block:
            block = text
            translated = (translated or text == "trans") and text != "endtrans"
        elif kind == "variable_begin":
            kept.append("0")
        elif kind == "data" and not translated:
            kept.append(text)
    return "".join(kept)


@cache
def page(name: str) -> Page:
    return Page(written(source_of(name)))


def untranslated_words(markup: str) -> list[str]:
    found = Page(markup)
    attributes = [value for _tag, name, value in found.attributes if name in READ_ATTRIBUTES]
    return [text.strip() for text in found.words + attributes if re.search(r"[^\W\d_]", text)]


def untranslated_literals(source: str) -> list[str]:
    """Sentences and capitalised words handed to a component without having gone through gettext."""
    tree = environment.parse(source)
    translated = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING
        for constant in call.find_all(nodes.Const)
    }
    return [
        constant.value
        for constant in _constants(tree)
        if id(constant) not in translated
        and re.search(r"^[A-Z][a-z]{2,}|[a-z]{2,} [a-z]{2,} [a-z]{2,}", constant.value)
    ]


def lone_percent_signs(source: str) -> list[str]:
    """Jinja's gettext always fills in: a percent sign that is one must be written twice."""
    calls = environment.parse(source).find_all(nodes.Call)
    texts = (
        constant.value
        for call in calls
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING
        for constant in call.args
        if isinstance(constant, nodes.Const) and isinstance(constant.value, str)
    )
    return [text for text in texts if re.search(r"%(?!\(\w+\)[sd])", text.replace("%%", ""))]


def _constants(tree: nodes.Template) -> Iterator[nodes.Const]:
    # What is compared or looked up is never read by anyone.
    compared = {
        id(constant)
        for kind in (nodes.Compare, nodes.Getitem, nodes.Test)
        for node in tree.find_all(kind)
        for constant in node.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and id(constant) not in compared:
            yield constant


def wrong_in(find: Callable[[str], list[Any]], names: Sequence[str] = NAMES) -> dict[str, list[Any]]:
    """Each template in which something was found, with what it is. One question to all of them is one test: to give
    each its own takes longer than to read it.
    """
    assert names
    found = {name: find(name) for name in names}
    return {name: wrong for name, wrong in found.items() if wrong}


def test_a_template_has_no_style_attribute_and_no_event_attribute() -> None:
    def forbidden(name: str) -> list[tuple[str, str]]:
        attributes = [(tag, attribute) for tag, attribute, _value in page(name).attributes]
        return [found for found in attributes if found[1] == "style" or found[1].startswith("on")]

    assert wrong_in(forbidden) == {}


def test_a_template_has_no_script_or_style_of_its_own() -> None:
    assert wrong_in(lambda name: [text for text in page(name).scripts if text.strip()]) == {}


def test_a_template_leads_to_no_script_address() -> None:
    def leading_to_one(name: str) -> list[str]:
        values = [value.strip().lower() for _tag, _name, value in page(name).attributes]
        return [value for value in values if value.startswith(SCRIPT_SCHEMES)]

    assert wrong_in(leading_to_one) == {}


def test_every_word_of_a_template_goes_through_gettext() -> None:
    assert wrong_in(lambda name: untranslated_words(written(source_of(name)))) == {}


def test_every_sentence_handed_to_a_component_goes_through_gettext() -> None:
    assert wrong_in(lambda name: untranslated_literals(source_of(name))) == {}


def test_a_percent_sign_in_a_translated_text_is_written_twice() -> None:
    assert wrong_in(lambda name: lone_percent_signs(source_of(name))) == {}


def test_only_pictures_let_markup_through_unescaped() -> None:
    def letting_through(name: str) -> list[str]:
        tree = environment.parse(source_of(name))
        filters = [found.name for found in tree.find_all(nodes.Filter) if found.name == "safe"]
        return filters + [type(found).__name__ for found in tree.find_all(nodes.ScopedEvalContextModifier)]

    assert wrong_in(letting_through, [name for name in NAMES if name != MAY_SAY_SAFE]) == {}
    assert letting_through(MAY_SAY_SAFE) != []


def test_a_template_fits_on_a_screen_or_two() -> None:
    assert wrong_in(lambda name: source_of(name).splitlines()[MOST_LINES:]) == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>{{ _('Hello') }}</p>", []),
        ("<p>{% trans %}Hello{% endtrans %} 12 · –</p>", []),
        ("<p>{# Hello #}&nbsp;</p>", []),
        ('<p class="soft"{% if x %} id="hello"{% endif %}></p>', []),
        ("<p>{% if x %}Hello{% endif %}</p>", ["Hello"]),
        ("{% trans %}a{% endtrans %}<p>مرحبا</p>", ["مرحبا"]),
        ('<img alt="Hello">', ["Hello"]),
    ],
)
def test_bare_words_in_a_template_are_found(source: str, expected: list[str]) -> None:
    assert untranslated_words(written(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ button(_('Save')) }}", []),
        ("{{ button(x, kind='quiet', url='/people') }}", []),
        ("{% if control.type == 'BooleanField' %}{% endif %}", []),
        ("{{ button('Save') }}", ["Save"]),
        ("{% set words = 'nothing is recorded yet' %}", ["nothing is recorded yet"]),
    ],
)
def test_bare_sentences_in_an_expression_are_found(source: str, expected: list[str]) -> None:
    assert untranslated_literals(source) == expected


@pytest.mark.parametrize(
    ("text", "is_lone"), [("90 % sure", True), ("90 %% sure", False), ("%(count)s sure", False), ("100%", True)]
)
def test_a_lone_percent_sign_is_found(text: str, is_lone: bool) -> None:
    assert bool(lone_percent_signs("{{ _('" + text + "') }}")) is is_lone
