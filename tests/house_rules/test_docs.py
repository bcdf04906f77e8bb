"""The documents keep up with the code: commands, settings, words, tests and links are those that there are."""

import re
from functools import cache
from pathlib import Path

import pytest

from tracker.commands.register import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
OPERATING = ROOT / "docs" / "operating.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
# Made by tools or kept by an installation: nobody writes documents there.
NOT_OURS = {"data", "screenshots"}


def documents() -> list[Path]:
    tops = [folder for folder in ROOT.iterdir() if folder.is_dir() and folder.name not in NOT_OURS]
    ours = [folder for folder in tops if not folder.name.startswith(".")]
    return sorted([*ROOT.glob("*.md"), *(path for folder in ours for path in folder.rglob("*.md"))])


NAMES = [path.relative_to(ROOT).as_posix() for path in documents()]
each_document = pytest.mark.parametrize("name", NAMES)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    """What a reader sees as text: what stands in code leads nowhere."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def links_in(text: str) -> list[str]:
    """Those that should lead to a place within this repository."""
    found = re.findall(r"\]\(<?([^)>\s]+)>?\)", without_code(text))
    return [link for link in found if not re.match(r"[a-z][a-z+.-]*:", link)]


def anchors_of(text: str) -> set[str]:
    """What a heading is called in an address, as the usual viewers of Markdown make it."""
    headings = re.findall(r"^#+ +(.+?) *$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(link: str, document: Path) -> bool:
    path, _, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.exists() or not target.is_relative_to(ROOT):
        return True
    return bool(anchor) and anchor not in anchors_of(target.read_text(encoding="utf-8"))


def commands_in(text: str) -> set[str]:
    return set(re.findall(r"manage\.py ([a-z][a-z-]*)", text))


def settings_read() -> set[str]:
    """The names of environment variables in config.py: capitals with an underscore, in quotation marks."""
    return set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', (ROOT / "config.py").read_text()))


def words_explained() -> list[str]:
    return re.findall(r"^\*\*(.+?)\*\*", GLOSSARY.read_text(encoding="utf-8"), flags=re.MULTILINE)


@cache
def names_of_tests() -> frozenset[str]:
    texts = (path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    return frozenset(name for text in texts for name in re.findall(r"def (test_\w+)", text))


@each_document
def test_every_link_leads_somewhere(name: str) -> None:
    assert [link for link in links_in(text_of(name)) if leads_nowhere(link, ROOT / name)] == []


@each_document
def test_no_document_names_a_command_that_does_not_exist(name: str) -> None:
    assert commands_in(text_of(name)) - {command.name for command in COMMANDS} == set()


@each_document
def test_every_test_that_a_document_names_exists(name: str) -> None:
    files = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    named = set(re.findall(r"\btest_\w+", text_of(name)))
    assert named - names_of_tests() - files == set()


@each_document
def test_no_document_names_a_setting_that_is_not_read(name: str) -> None:
    named = set(re.findall(r"\bTRACKER_[A-Z]+(?:_[A-Z]+)*", text_of(name)))
    assert named - settings_read() == set()


def test_every_command_is_explained_to_those_who_operate_it() -> None:
    assert {command.name for command in COMMANDS} - commands_in(OPERATING.read_text()) == set()


def test_every_setting_is_explained_to_those_who_operate_it() -> None:
    assert len(settings_read()) >= 8
    assert [name for name in sorted(settings_read()) if f"`{name}`" not in OPERATING.read_text()] == []


def test_every_noun_of_the_domain_is_explained() -> None:
    modules = {path.stem.replace("_", " ") for path in (ROOT / "tracker").glob("[!_]*.py")}
    assert len(modules) >= 10
    assert modules - set(words_explained()) == set()


def test_words_are_explained_once_and_stand_in_order() -> None:
    assert words_explained() == sorted(set(words_explained()), key=str.casefold)


@pytest.mark.parametrize("link", ["nowhere.md", "#no-such-heading", "docs/operating.md#no-such-heading", "../../.."])
def test_a_link_that_leads_nowhere_is_found(link: str) -> None:
    assert links_in(f"See [this]({link}) and `[not](this)`.") == [link]
    assert leads_nowhere(link, ROOT / "README.md")


@pytest.mark.parametrize("link", ["README.md", "docs/operating.md#settings", "docs/decisions"])
def test_a_link_that_leads_somewhere_is_let_be(link: str) -> None:
    assert not leads_nowhere(link, ROOT / "README.md")


def test_a_link_to_another_site_is_not_followed() -> None:
    assert links_in("[there](https://example.org/a.md) <https://example.org> [mail](mailto:ana@example.org)") == []


def test_a_command_that_does_not_exist_is_found() -> None:
    assert commands_in("`python3 manage.py rnu --port 1`, then manage.py COMMAND") == {"rnu"}
