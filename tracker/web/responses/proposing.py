"""What the form for a measure starts from: what suits the situation, and why; or the measure that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.catalogue.measures import measures
from tracker.measure import Circumstances, Measure, MeasureKind, Suggestion, suggestions
from tracker.storage import responses
from tracker.web.frame import frame
from tracker.web.situations.page import SituationPage

# So many are enough to think about; the toolbox has them all.
MOST_SUGGESTED = 6
OWN_WORDS = "own"


@dataclass(frozen=True)
class Toolbox:
    """By kind, for whoever looks for something else."""

    kind: MeasureKind
    measures: Sequence[Measure]


def suggested(page: SituationPage) -> list[Suggestion]:
    return suggestions(measures(), circumstances_of(page))


def circumstances_of(page: SituationPage) -> Circumstances:
    """As far as the reader may see."""
    newest = page.assessments[0].said if page.assessments else None
    points = page.points
    return Circumstances(
        criteria={one.key: points.get(one.key) for one in frame().criteria},
        stage=newest.stage if newest else None,
        crimes=newest.crimes if newest else (),
        tried=responses.tried_in(page.responses),
        flagged=_flagged(page),
    )


def whole_toolbox() -> list[Toolbox]:
    found = [Toolbox(kind, [one for one in measures() if one.kind is kind]) for kind in MeasureKind]
    return [one for one in found if one.measures]


def chosen_measure(key: str) -> Measure | None:
    """None: in one's own words."""
    return next((one for one in measures() if one.key == key), None)


def _flagged(page: SituationPage) -> set[str]:
    """Criteria of which a flag is open, their own or one of their indicators."""
    criterion_of = {one.key: one.criterion_key for one in frame().every_indicator}
    subjects = [one.flag.subject for one in page.seen_flags if one.is_open and not one.is_manual]
    return {criterion_of.get(subject, subject) for subject in subjects}
