"""What the form for a measure starts from: what suits the situation, and why; or the measure that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.catalogue.measures import measures
from tracker.measure import Circumstances, Measure, MeasureKind, Sphere, Suggestion, suggestions
from tracker.response import ResponseState
from tracker.storage import responses
from tracker.web.frame import frame
from tracker.web.situations.page import SituationPage

OWN_WORDS = "own"


@dataclass(frozen=True)
class Toolbox:
    """By kind, for whoever looks for something else."""

    kind: MeasureKind
    measures: Sequence[Measure]


def suggested(page: SituationPage, *, is_asked_for: bool = False) -> list[Suggestion]:
    """What waits for a decision is not suggested once more; to a State that asks for help, only what others can do."""
    waiting = {one.measure_key for one in page.responses if one.state is ResponseState.PROPOSED}
    possible = [one for one in measures() if one.key not in waiting]
    if is_asked_for:
        possible = [one for one in possible if set(one.spheres) != {Sphere.NATIONAL}]
    return suggestions(possible, circumstances_of(page))


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


def whole_toolbox(asked_for: MeasureKind | None = None) -> list[Toolbox]:
    """The kind of help that is asked for comes first."""
    found = [Toolbox(kind, [one for one in measures() if one.kind is kind]) for kind in MeasureKind]
    return sorted((one for one in found if one.measures), key=lambda one: one.kind is not asked_for)


def chosen_measure(key: str) -> Measure | None:
    """None: in one's own words."""
    return next((one for one in measures() if one.key == key), None)


def _flagged(page: SituationPage) -> set[str]:
    """Criteria of which a flag is open, their own or one of their indicators."""
    criterion_of = {one.key: one.criterion_key for one in frame().every_indicator}
    subjects = [one.flag.subject for one in page.seen_flags if one.is_open and not one.is_manual]
    return {criterion_of.get(subject, subject) for subject in subjects}
