"""Where in its file does a key stand, and is its value of the kind that is asked for?

`tomllib` forgets line numbers. The catalogue is edited by people, who need them, so the lines of table
headers and keys are found by a scan of the text. It knows only the TOML that the catalogue uses: one key per
line, `[table]` and `[[table]]` headers, and triple-quoted prose, inside which nothing is a key.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from tracker.catalogue.broken import CatalogueBroken
from tracker.notation import LARGEST

Word = TypeVar("Word", bound=StrEnum)

# (table, how many of that name came before) -> key -> line; the key "" is the header itself.
_Lines = Mapping[tuple[str, int], Mapping[str, int]]

_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*\"?([\w.-]+)\"?\s*=")
_PLACE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class Table:
    """One table of a file, whose every complaint names the line."""

    name: str
    file: str
    title: str
    values: Mapping[str, Any]
    line: int
    key_lines: Mapping[str, int]
    inner: Mapping[str, "Table"] = field(default_factory=dict)

    def broken(self, reason: str, key: str | None = None) -> CatalogueBroken:
        if key is None:
            return CatalogueBroken(self.file, self.line, reason)
        if key in self.inner:
            return CatalogueBroken(self.file, self.inner[key].line, reason)
        return CatalogueBroken(self.file, self.key_lines.get(key, self.line), reason)

    def require(self, required: Collection[str], optional: Collection[str] = ()) -> None:
        """Nothing is missing and nothing is unknown: a misspelt key must not be silently ignored."""
        known = [*required, *optional]
        for key in self.values:
            if key not in known:
                raise self.broken(f"{self.title} has the unknown key “{key}”; use only {', '.join(known)}.", key)
        for key in required:
            if key not in self.values:
                raise self.broken(f"{self.title} lacks the key “{key}”; add it.")

    def text(self, key: str) -> str:
        """Words, with line breaks and runs of blanks read as one blank, so that prose can be wrapped."""
        value = self.values[key]
        if not isinstance(value, str):
            raise self.broken(f"“{key}” must be text; put it in quotation marks.", key)
        words = " ".join(value.split())
        if not words:
            raise self.broken(f"“{key}” is empty; write it out.", key)
        return words

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self.values else None

    def word(self, key: str, vocabulary: type[Word]) -> Word:
        value = self.text(key)
        try:
            return vocabulary(value)
        except ValueError:
            known = ", ".join(vocabulary)
            raise self.broken(f"“{value}” is an unknown {key}; use one of {known}.", key) from None

    def number(self, key: str) -> float:
        value = self.values[key]
        # A bool is an int to Python, not to a reader of the file.
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.broken(f"“{key}” must be a number; write it without quotation marks.", key)
        if not -LARGEST <= value <= LARGEST:
            shown = str(value)[:20]
            raise self.broken(f"“{key}” is {shown}, which is not a usable number; give one below {LARGEST:g}.", key)
        return float(value)

    def positive(self, key: str) -> float:
        value = self.number(key)
        if value <= 0:
            raise self.broken(f"“{key}” is {value:g}; give a number above 0.", key)
        return value

    def share(self, key: str) -> float:
        value = self.number(key)
        if not 0 <= value <= 1:
            raise self.broken(f"“{key}” is {value:g}; give a share from 0 to 1.", key)
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.broken(f"“{key}” must be a whole number; write it without a point.", key)
        if not least <= value <= most:
            raise self.broken(f"“{key}” is {value}; give a whole number from {least} to {most}.", key)
        return value

    def yes_or_no(self, key: str) -> bool:
        value = self.values[key]
        if not isinstance(value, bool):
            raise self.broken(f"“{key}” must be true or false; write it without quotation marks.", key)
        return value

    def part(self, key: str) -> "Table":
        if key not in self.inner:
            raise self.broken(f"“{key}” must be a table; head it with [{self.name}.{key}].", key)
        return self.inner[key]

    def entries(self, key: str) -> list[Any]:
        value = self.values[key]
        if not isinstance(value, list):
            raise self.broken(f"“{key}” must be a list; put it in square brackets.", key)
        if not value:
            raise self.broken(f"“{key}” is an empty list; give at least one entry.", key)
        return value


def read_tables(path: Path, file: str, single: Collection[str], repeated: Collection[str]) -> list[Table]:
    """The tables of a file, in order; `file` is the name by which complaints call it.

    A `[single]` table must be there once, a `[[repeated]]` one at least once; nothing else may stand outside.
    """
    text = _text_of(path, file)
    content = _parsed(text, file)
    lines = _lines_of(text)
    top = Table("", file, "the file", content, 1, lines["", 0])
    top.require([*single, *repeated])
    tables: list[Table] = []
    for name, value in content.items():
        entries = value if name in repeated else [value]
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            shape = f"[[{name}]]" if name in repeated else f"[{name}]"
            raise top.broken(f"“{name}” must be a table; head it with {shape}.", name)
        for index, entry in enumerate(entries):
            number = f" number {index + 1}" if name in repeated else ""
            title = f"{name} “{entry['key']}”" if isinstance(entry.get("key"), str) else f"{name}{number}"
            tables.append(_outer_table(file, name, index, entry, title, lines))
    return tables


def _outer_table(file: str, name: str, index: int, entry: dict[str, Any], title: str, lines: _Lines) -> Table:
    own = lines.get((name, index), {})
    line = own.get("", 1)
    inner = {}
    for key, value in entry.items():
        if isinstance(value, dict):
            under = lines.get((f"{name}.{key}", index), {})
            at = under.get("", own.get(key, line))
            inner[key] = Table(key, file, f"the {key} of {title}", value, at, under)
    return Table(name, file, title, entry, line, own, inner)


def _text_of(path: Path, file: str) -> str:
    try:
        # Some editors begin a file with a mark that says that it is UTF-8.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise CatalogueBroken(file, 1, "the file is missing; put it back.") from None
    except OSError as error:
        raise CatalogueBroken(file, 1, f"the file cannot be read ({error.strerror}); choose one that can.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CatalogueBroken(file, line, "this is not UTF-8 text; save the file as UTF-8.") from None


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else max(1, text.count("\n"))
        raise CatalogueBroken(file, line, f"this is not valid TOML ({error}); correct it.") from None
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits, or brackets within brackets without end: tomllib does not say where.
        raise CatalogueBroken(file, 1, f"this cannot be read as TOML ({error}); simplify it.") from None


def _lines_of(text: str) -> _Lines:
    lines: dict[tuple[str, int], dict[str, int]] = {("", 0): {}}
    outer_index: dict[str, int] = {}
    here = ("", 0)
    in_prose = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not in_prose and (header := _HEADER.match(line)):
            name = header[1]
            outer = name.split(".")[0]
            if "." not in name:
                outer_index[name] = outer_index.get(name, -1) + 1
                lines["", 0].setdefault(name, number)
            here = (name, outer_index.get(outer, 0))
            lines[here] = {"": number}
        elif not in_prose and (key := _KEY.match(line)):
            lines[here].setdefault(key[1], number)
        if line.count('"""') % 2:
            in_prose = not in_prose
    return lines
