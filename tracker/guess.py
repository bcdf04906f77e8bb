"""What could the columns of this file mean? A first guess, for a person to correct.

A guess is made from the headings and a few rows below them. What is not recognised is listed, never dropped in silence.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.country import without_accents
from tracker.day import day_of
from tracker.mapping import Cell, Feedable, Mapping, Part, Shape, as_word, by_word, headings, unmapped, written
from tracker.naming import CountryNames

Row = tuple[int, Sequence[Cell]]

# Headings in English, French and Spanish, the likeliest first: where several columns could be meant, it is taken.
_WORDS: dict[Part, str] = {
    Part.COUNTRY: (
        "iso3|iso 3|iso3c|iso a3|alpha 3|iso3 code|iso code|country iso3|country code iso3|countrycode|country code|"
        "iso|code pays|codigo pais|iso2|iso 2|iso2c|alpha 2|ref area|code|country|country name|countryname|pays|pais|"
        "country or area|country or territory|nation|state|territory|economy|location|geo|geographic area|entity|"
        "nom du pays|nombre del pais|wb code|iso numeric|m49|un code"
    ),
    Part.DATE: (
        "observed on|date observed|observation date|date|time period|period|day|as of|reference date|fecha|jour|"
        "date d observation|fecha de observacion|periode|periodo|time"
    ),
    Part.YEAR: "year|annee|ano|anio|yr|reference year|jahr|time code",
    Part.MONTH: "month|mois|mes",
    Part.INDICATOR: (
        "indicator key|indicator|indicator code|indicator id|series code|series|variable|variable code|measure|"
        "indicator name|series name|indicateur|indicador|question"
    ),
    Part.VALUE: "value|obs value|estimate|score|level|answer|valeur|valor|observation|coding|figure|niveau|nivel",
    Part.STANDARD_ERROR: (
        "standard error|std error|stderr|std err|se|stddev|std dev|standard deviation|erreur type|error estandar"
    ),
    Part.SOURCE: "source|sources|data source|fuente|source name",
    Part.RELIABILITY: "reliability|source reliability|fiabilite|fiabilidad",
    Part.CREDIBILITY: "credibility|information credibility|credibilite|credibilidad",
    Part.GRADE: "grade|admiralty code|admiralty grade|source grade|evidence grade",
    Part.HANDLING: "handling|handling mark|tlp|marking|tlp marking",
    Part.ATTRIBUTION: "attribution|attributable|may be named",
    Part.NOTE: "note|notes|comment|comments|remark|remarks|commentaire|commentaires|nota|notas|observaciones",
    Part.EVIDENCE: (
        "evidence|evidence url|evidence link|evidence address|url|link|web address|lien|enlace|source url|source link"
    ),
}
_RANKS = {part: {word: rank for rank, word in enumerate(words.split("|"))} for part, words in _WORDS.items()}

# What the columns of a table of that shape do not say, whatever their headings.
_WITHOUT: dict[Shape, tuple[Part, ...]] = {
    Shape.LONG: (),
    Shape.WIDE_INDICATORS: (Part.VALUE, Part.INDICATOR, Part.STANDARD_ERROR),
    Shape.WIDE_YEARS: (Part.VALUE, Part.DATE, Part.YEAR, Part.MONTH),
}

_HEADER_ROWS = 30
_LEAST_COUNTRIES = 0.6  # so many of a column's cells must be countries for it to be taken as the column of countries
_COMMA_DECIMAL = re.compile(r"-?\d+,(?:\d{1,2}|\d{4,})|-?0,\d+")
_POINT_DECIMAL = re.compile(r"-?\d*\.\d+")
# A word behind an indicator's name or code by which files mark the column of its standard error.
_ERROR_ENDINGS = (" se", " stderr", " std err", " std error", " standard error", " sd")
_ESTIMATE = re.compile(r" est(?:imate)?$")
# What the World Bank writes out where its file of all years has a short name.
_WRITTEN_OUT = {
    "control of corruption": "cc",
    "government effectiveness": "ge",
    "political stability and absence of violence/terrorism": "pv",
    "regulatory quality": "rq",
    "rule of law": "rl",
    "voice and accountability": "va",
}
_FAR_AHEAD = date(2199, 12, 31)


@dataclass(frozen=True)
class Guess:
    mapping: Mapping
    unmapped: tuple[str, ...]  # headings that feed nothing
    unresolved: tuple[str, ...]  # words in the column of indicators that mean none, as far as the sample goes
    knows_an_indicator: bool = False  # whether any heading, or any word in the column of indicators, means one


def guess_mapping(
    first_rows: Sequence[Row],
    indicators: Sequence[Feedable],
    countries: CountryNames,
    *,
    header_row: int | None = None,  # None: the row that looks most like headings
) -> Guess:
    """The likeliest mapping; some fifty rows are enough. It may lack what the file does not say."""
    filled = [(number, cells) for number, cells in first_rows if any(written(cell).strip() for cell in cells)]
    words = by_word(indicators)
    if not filled:
        return Guess(Mapping(Shape.LONG), (), ())
    if header_row is None:
        header_row = max(filled[:_HEADER_ROWS], key=lambda row: (_recognised(row[1], words), -row[0]))[0]
    header = next((cells for number, cells in first_rows if number == header_row), [])
    below = [cells for number, cells in filled if number > header_row]
    return _Guesser(header_row, header, below, words, countries, indicators).guess()


def _recognised(cells: Sequence[Cell], words: dict[str, str]) -> float:
    """How much this row looks like headings. Cells with text count a little: a title has one, headings have many."""
    texts = [written(cell) for cell in cells]
    known = sum(_is_known(text, words) for text in texts)
    filled = sum(1 for text in texts if text.strip() and not _is_number(text))
    return known + (filled / (len(texts) + 1) if known else 0)


def _is_known(text: str, words: dict[str, str]) -> bool:
    word = as_word(text)
    return word in words or any(word in ranks for ranks in _RANKS.values()) or _is_day(text)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+\d.,\s]+", text))


def _is_day(text: str) -> bool:
    return bool(re.search(r"(?:19|20)\d{2}", text)) and isinstance(day_of(text, None, _FAR_AHEAD), date)


class _Guesser:
    def __init__(
        self,
        header_row: int,
        header: Sequence[Cell],
        rows: Sequence[Sequence[Cell]],
        words: dict[str, str],
        countries: CountryNames,
        indicators: Sequence[Feedable],
    ) -> None:
        self._header_row, self._header, self._rows = header_row, header, rows
        self._words, self._countries, self._indicators = words, countries, indicators
        self._headings = headings(header)
        self._by_word = [as_word(heading) for heading in self._headings]

    def guess(self) -> Guess:
        columns = self._columns()
        feeding = self._feeding(set(columns.values()))
        days = tuple(heading for heading in self._headings if _is_day(heading))
        if len(days) >= 2:
            shape = Shape.WIDE_YEARS
        elif feeding and not (Part.INDICATOR in columns and Part.VALUE in columns):
            shape = Shape.WIDE_INDICATORS
        else:
            shape = Shape.LONG
        columns = {part: heading for part, heading in columns.items() if part not in _WITHOUT[shape]}
        texts = self._indicator_texts(columns)
        mapping = Mapping(
            shape=shape,
            columns=columns,
            indicators=feeding if shape is Shape.WIDE_INDICATORS else self._choices(texts),
            standard_errors=self._errors(feeding) if shape is Shape.WIDE_INDICATORS else {},
            days=days if shape is Shape.WIDE_YEARS else (),
            header_row=self._header_row,
            decimal_sign=self._decimal_sign(),
        )
        known = self._words.keys() | {as_word(text) for text in mapping.indicators}
        return Guess(
            mapping,
            (*unmapped(mapping, self._header), *self._unnamed_columns(mapping)),
            tuple(text for text in texts if as_word(text) not in known),
            bool(mapping.indicators) or any(as_word(text) in known for text in texts),
        )

    def _feeding(self, taken: set[str]) -> dict[str, str]:
        """The headings that are indicators, with the indicator's key."""
        known = {heading: self._words[word] for heading, word in self._named() if word in self._words}
        known = known or self._by_ending(self._headings, least=2)
        return {heading: key for heading, key in known.items() if heading not in taken}

    def _named(self) -> list[tuple[str, str]]:
        return list(zip(self._headings, self._by_word, strict=True))

    def _columns(self) -> dict[Part, str]:
        found: dict[Part, str] = {}
        for part, ranks in _RANKS.items():
            fitting = [heading for heading, word in self._named() if word in ranks and heading not in found.values()]
            fitting.sort(key=lambda heading: ranks[as_word(heading)])
            if part is Part.COUNTRY:
                fitting = self._most(fitting or self._headings, self._is_country)
            if fitting:
                found[part] = fitting[0]
        if Part.DATE in found and Part.YEAR in found and not self._most([found[Part.DATE]], self._is_date):
            del found[Part.DATE]
        return found

    def _most(self, fitting: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
        """Of these columns the ones whose cells fit, the best first; as good ones stay in their order."""
        shares = {heading: self._share(heading, fits) for heading in fitting}
        good = [heading for heading in fitting if shares[heading] >= _LEAST_COUNTRIES]
        return sorted(good, key=lambda heading: -round(shares[heading], 1))

    def _share(self, heading: str, fits: Callable[[str], bool]) -> float:
        column = self._headings.index(heading)
        texts = [written(cells[column]).strip() for cells in self._rows if column < len(cells)]
        texts = [text for text in texts if text]
        return sum(map(fits, texts)) / len(texts) if texts else 0.0

    def _is_country(self, text: str) -> bool:
        # Any small number is somebody's numeric code.
        return not text.isdigit() and bool(self._countries.meant_by(text).candidates)

    def _is_date(self, text: str) -> bool:
        return isinstance(day_of(text, None, _FAR_AHEAD), date)

    def _indicator_texts(self, columns: dict[Part, str]) -> list[str]:
        if Part.INDICATOR not in columns:
            return []
        column = self._headings.index(columns[Part.INDICATOR])
        texts = (" ".join(written(cells[column]).split()) for cells in self._rows if column < len(cells))
        return sorted({text for text in texts if text})

    def _choices(self, texts: Sequence[str]) -> dict[str, str]:
        unknown = [text for text in texts if as_word(text) not in self._words]
        return self._by_ending(unknown, least=1, rest=True)

    def _by_ending(self, texts: Sequence[str], least: int, rest: bool = False) -> dict[str, str]:
        """Where the catalogue has “wgi_rl”, the publisher's own file says “rl”: words that are the ends of codes.

        So many of one publisher must be there. `rest`: then its others are chosen too, as they may stand further down.
        """
        publishers: dict[str, dict[str, str]] = {}
        for indicator in self._indicators:
            publisher, _, ending = (indicator.code or "").casefold().partition("_")
            if ending:
                publishers.setdefault(publisher, {})[ending] = indicator.key
        found: dict[str, str] = {}
        for endings in publishers.values():
            its = {text: endings[_ending(text)] for text in texts if _ending(text) in endings}
            if len(its) >= least:
                seen = {_ending(text) for text in its}
                others = {ending: key for ending, key in endings.items() if rest and ending not in seen}
                found |= others | its
        return found

    def _errors(self, feeding: dict[str, str]) -> dict[str, str]:
        found: dict[str, str] = {}
        keys = {_ESTIMATE.sub("", as_word(heading)): key for heading, key in feeding.items()}
        for heading, word in self._named():
            for ending in _ERROR_ENDINGS:
                key = keys.get(word.removesuffix(ending)) if word.endswith(ending) else None
                if key and heading not in feeding:
                    found[heading] = key
        return found

    def _decimal_sign(self) -> str | None:
        texts = [cell.strip() for cells in self._rows for cell in cells if isinstance(cell, str)]
        commas = any(_COMMA_DECIMAL.fullmatch(text) for text in texts)
        points = any(_POINT_DECIMAL.fullmatch(text) for text in texts)
        if commas == points:
            return None
        return "," if commas else "."

    def _unnamed_columns(self, mapping: Mapping) -> list[str]:
        """Columns without a heading in which something stands."""
        used = set(mapping.columns.values())
        return [
            heading
            for column, heading in enumerate(self._headings)
            if not written(self._header[column]).strip() and heading not in used
            if any(column < len(cells) and written(cells[column]).strip() for cells in self._rows)
        ]


def _ending(text: str) -> str:
    """“RL.EST”, “GOV_WGI_RL.EST” and “Rule of Law: Estimate” are what the World Bank called “rl” before."""
    word = without_accents(text)
    if word.endswith(": estimate"):
        return _WRITTEN_OUT.get(word.removesuffix(": estimate"), word)
    return word.removesuffix(".est").rpartition("_")[2]
