"""What a publisher of indicators says about a country, before anything is recorded from it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PublishedValue:
    """One value as published, in the publisher's own unit."""

    iso3: str
    indicator: str  # the indicator's key in the catalogue
    observed_on: date
    value: float
    standard_error: float | None  # None: the publisher gives none for this value


class PublishedFileBroken(Exception):
    """A file of published values is refused as a whole: a part of it would look like countries fallen silent."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason
