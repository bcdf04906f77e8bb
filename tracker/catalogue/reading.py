"""The built-in criteria, indicators and published sources, read from reviewed files and refused if broken.

`criteria/<key>.toml` holds one criterion and its indicators, `sources.toml` who publishes the measured ones,
`terms.toml` what the words of the coded scales mean.
The catalogue decides what a score means, so nothing is guessed or skipped: one wrong key refuses all of it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tracker.catalogue.broken import CatalogueBroken
from tracker.catalogue.located import Table, read_tables
from tracker.criterion import Citation, Criterion, Dimension, Meeting
from tracker.indicator import (
    RISK_FACTORS,
    Cadence,
    Indicator,
    Level,
    PublishedSource,
    Term,
    Transform,
    Voice,
)

__all__ = ["Catalogue", "CatalogueBroken", "read_catalogue"]

_CRITERION_KEYS = ("key", "dimension", "name", "meaning", "weight", "leading", "citations")
_INDICATOR_KEYS = (
    *("key", "criterion", "name", "question", "voice", "best", "worst", "unit", "cadence", "fresh_for_days"),
    *("weight", "guidance", "risk_factors", "citations"),
)
_INDICATOR_EXTRAS = ("transform", "source", "code", "levels")
_SOURCE_KEYS = (
    *("key", "name", "publisher", "url", "licence", "attribution"),
    *("reliability", "credibility", "bundled"),
)
_KEY_SHAPE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Catalogue:
    """What is watched and by which measures.

    Criteria stand by dimension, the leading one first, then the heavier before the lighter, then by key;
    indicators by criterion, then as in the file; sources and terms as in their files.
    """

    criteria: tuple[Criterion, ...]
    indicators: tuple[Indicator, ...]
    sources: tuple[PublishedSource, ...]
    terms: tuple[Term, ...]

    def as_plain(self) -> dict[str, list[dict[str, Any]]]:
        """The whole catalogue in JSON's own types, always in the same order."""
        return {
            "criteria": [_plain(criterion) for criterion in self.criteria],
            "indicators": [_plain(indicator) for indicator in self.indicators],
            "sources": [_plain(source) for source in self.sources],
            "terms": [_plain(term) for term in self.terms],
        }

    def fingerprint(self) -> str:
        """Two catalogues have the same fingerprint exactly when they say the same."""
        canonical = json.dumps(self.as_plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def read_catalogue(folder: Path | None = None) -> Catalogue:
    """The catalogue of a folder, by default the built-in one; raises CatalogueBroken at the first fault."""
    folder = folder or Path(__file__).parent
    sources = _read_sources(folder)
    criteria: list[Criterion] = []
    indicators: dict[str, list[Indicator]] = {}
    found: dict[str, str] = {}
    for path in sorted((folder / "criteria").glob("*.toml")):
        criterion, its_indicators = _read_criterion(path, sources, found)
        criteria.append(criterion)
        indicators[criterion.key] = its_indicators
    if not criteria:
        raise CatalogueBroken("criteria", 1, "the folder holds no criterion; put the .toml files back.")
    criteria.sort(key=_place)
    ordered = [indicator for criterion in criteria for indicator in indicators[criterion.key]]
    return Catalogue(tuple(criteria), tuple(ordered), tuple(sources.values()), _read_terms(folder))


def _place(criterion: Criterion) -> tuple[int, bool, float, str]:
    return list(Dimension).index(criterion.dimension), not criterion.leading, -criterion.weight, criterion.key


def _read_sources(folder: Path) -> dict[str, PublishedSource]:
    sources: dict[str, PublishedSource] = {}
    for table in read_tables(folder / "sources.toml", "sources.toml", single=(), repeated=("source",)):
        table.require(_SOURCE_KEYS)
        key = key_of(table)
        if key in sources:
            raise table.broken(f"the source “{key}” is there twice; rename or remove one.", "key")
        sources[key] = _source(table, key)
    return sources


def _read_terms(folder: Path) -> tuple[Term, ...]:
    terms: dict[str, Term] = {}
    for table in read_tables(folder / "terms.toml", "terms.toml", single=(), repeated=("term",)):
        table.require(("key", "name", "meaning"))
        key = key_of(table)
        if key in terms:
            raise table.broken(f"the term “{key}” is there twice; rename or remove one.", "key")
        terms[key] = Term(key, table.text("name"), table.text("meaning"))
    return tuple(terms.values())


def _source(table: Table, key: str) -> PublishedSource:
    url = table.text("url")
    if not url.startswith(("https://", "http://")):
        raise table.broken(f"“{url}” is not a web address; begin it with https://.", "url")
    reliability = table.text("reliability")
    if reliability not in tuple("ABCDEF"):
        raise table.broken(f"the reliability “{reliability}” is unknown; give a letter from A to F.", "reliability")
    return PublishedSource(
        key=key,
        name=table.text("name"),
        publisher=table.text("publisher"),
        url=url,
        licence=table.text("licence"),
        attribution=table.text("attribution"),
        reliability=reliability,
        credibility=table.whole("credibility", 1, 6),
        bundled=table.yes_or_no("bundled"),
    )


def _read_criterion(
    path: Path, sources: Mapping[str, PublishedSource], found: dict[str, str]
) -> tuple[Criterion, list[Indicator]]:
    """`found` remembers, across files, which indicators and series are taken, and where."""
    tables = read_tables(path, f"criteria/{path.name}", single=("criterion",), repeated=("indicator",))
    criterion = next(_criterion(table, path.stem) for table in tables if table.name == "criterion")
    indicators = []
    for table in tables:
        if table.name == "indicator":
            indicator = _indicator(table, criterion.key, sources)
            _refuse_twice(table, "key", f"the indicator “{indicator.key}”", found)
            if indicator.source:
                _refuse_twice(table, "code", f"the series “{indicator.code}” of {indicator.source}", found)
            indicators.append(indicator)
    return criterion, indicators


def _refuse_twice(table: Table, key: str, what: str, found: dict[str, str]) -> None:
    if what in found:
        raise table.broken(f"{what} is already in {found[what]}; rename or remove one.", key)
    found[what] = f"{table.file}, line {table.key_lines.get(key, table.line)}"


def _criterion(table: Table, stem: str) -> Criterion:
    table.require(_CRITERION_KEYS)
    key = key_of(table)
    if key != stem:
        raise table.broken(f"the criterion is “{key}” but the file is {stem}.toml; give both one name.", "key")
    return Criterion(
        key=key,
        dimension=table.word("dimension", Dimension),
        name=table.text("name"),
        meaning=table.text("meaning"),
        weight=table.positive("weight"),
        leading=table.yes_or_no("leading"),
        citations=citations_of(table),
    )


def _indicator(table: Table, criterion: str, sources: Mapping[str, PublishedSource]) -> Indicator:
    table.require(_INDICATOR_KEYS, _INDICATOR_EXTRAS)
    if table.text("criterion") != criterion:
        stray = table.text("criterion")
        raise table.broken(f"“{stray}” is an unknown criterion in this file; write “{criterion}”.", "criterion")
    voice = table.word("voice", Voice)
    levels = _levels(table, voice)
    best, worst, transform = _goalposts(table, levels)
    source, code = _publication(table, voice, sources)
    return Indicator(
        key=key_of(table),
        criterion=criterion,
        name=table.text("name"),
        question=table.text("question"),
        voice=voice,
        best=best,
        worst=worst,
        unit=table.text("unit"),
        transform=transform,
        cadence=table.word("cadence", Cadence),
        fresh_for_days=table.whole("fresh_for_days", 1, 36_525),
        weight=table.positive("weight"),
        guidance=table.text("guidance"),
        risk_factors=_risk_factors(table),
        levels=levels,
        source=source,
        code=code,
        citations=citations_of(table),
    )


def _levels(table: Table, voice: Voice) -> tuple[Level, ...]:
    """Five steps for a graded question, two for yes or no; only a measured number may go without."""
    if "levels" not in table.values:
        if voice is Voice.CODED:
            raise table.broken(f"{table.title} is coded but lacks its levels; add [indicator.levels].")
        return ()
    steps = table.part("levels")
    if list(steps.values) not in (["0", "1", "2", "3", "4"], ["0", "1"]):
        given = ", ".join(steps.values) or "none"
        raise table.broken(f"{steps.title} are {given}; give exactly 0 to 4, or 0 and 1, in order.", "levels")
    return tuple(Level(int(value), steps.text(value)) for value in steps.values)


def _goalposts(table: Table, levels: tuple[Level, ...]) -> tuple[float, float, Transform]:
    best, worst = table.number("best"), table.number("worst")
    transform = table.word("transform", Transform) if "transform" in table.values else Transform.NONE
    if best == worst:
        raise table.broken(f"best and worst are both {best:g}; give the scale two different ends.", "worst")
    if transform is Transform.LOG and min(best, worst) <= 0:
        key = "best" if best <= 0 else "worst"
        raise table.broken(f"“{key}” must be above 0 on a logarithmic scale; raise it or drop the transform.", key)
    # A graded scale always worsens upwards, so that 4 means the same everywhere; yes may be good or bad news.
    if len(levels) == 5 and (best, worst) != (0, 4):
        raise table.broken("five levels run from best = 0 to worst = 4; write the goalposts so.", "best")
    if len(levels) == 2 and {best, worst} != {0, 1}:
        raise table.broken("two levels have 0 and 1 as best and worst; write the goalposts so.", "best")
    return best, worst, transform


def _publication(table: Table, voice: Voice, sources: Mapping[str, PublishedSource]) -> tuple[str | None, str | None]:
    """A published measure says who publishes it and under which code; a coded one has no publisher."""
    source, code = table.optional_text("source"), table.optional_text("code")
    if voice is Voice.CODED:
        for key in ("source", "code"):
            if key in table.values:
                raise table.broken(f"{table.title} is coded and yet has a {key}; remove it.", key)
        return None, None
    for key in ("source", "code"):
        if key not in table.values:
            raise table.broken(f"{table.title} is published but lacks the key “{key}”; add it.", "voice")
    if source not in sources:
        raise table.broken(f"“{source}” is an unknown source; add it to sources.toml or correct it.", "source")
    return source, code


def _risk_factors(table: Table) -> tuple[int, ...]:
    factors = table.entries("risk_factors")
    for factor in factors:
        if isinstance(factor, bool) or not isinstance(factor, int) or factor not in RISK_FACTORS:
            raise table.broken(f"{factor!r} is not a risk factor; give whole numbers from 1 to 14.", "risk_factors")
    if factors != sorted(set(factors)):
        raise table.broken("the risk factors repeat or are out of order; sort them.", "risk_factors")
    return tuple(factors)


def citations_of(table: Table) -> tuple[Citation, ...]:
    return tuple(_citation(table, entry) for entry in table.entries("citations"))


def _citation(table: Table, entry: object) -> Citation:
    if not isinstance(entry, dict) or set(entry) != {"meeting", "section"}:
        raise table.broken("a citation is unclear; write { meeting = …, section = … }.", "citations")
    year, section = entry["meeting"], entry["section"]
    if year not in tuple(Meeting):
        raise table.broken(f"“{year}” is an unknown meeting; use one of {', '.join(Meeting)}.", "citations")
    meeting = Meeting(year)
    if section not in meeting.sections:
        raise table.broken(
            f"“{section}” is not a section of the {year} meeting; copy its heading exactly.", "citations"
        )
    return Citation(meeting, section)


def key_of(table: Table) -> str:
    key = table.text("key")
    if not _KEY_SHAPE.fullmatch(key):
        raise table.broken(f"the key “{key}” is malformed; use small letters, digits and underscores.", "key")
    return key


def _plain(value: Criterion | Indicator | PublishedSource | Term) -> dict[str, Any]:
    """As JSON would give it back: words instead of enums, lists instead of tuples."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(value), ensure_ascii=False))
    return plain
