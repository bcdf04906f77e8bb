"""How the risk of one country, or one criterion of it, went: drawn large, with its flags and every figure."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.access import Principal
from tracker.method import ROOT
from tracker.moment import Moment
from tracker.storage.base import Session
from tracker.storage.watching import Country
from tracker.web.chart_titles import score_title
from tracker.web.countries.course import first_shown, score_line
from tracker.web.countries.page import scored_country
from tracker.web.countries.scores import Node
from tracker.web.countries.situation import attention
from tracker.web.frame import Frame
from tracker.web.score_charts import ScorePicture, score_picture
from tracker.web.windows import Window, ends_of


@dataclass(frozen=True)
class CoursePage:
    country: Country
    moment: Moment
    window: Window
    # What is drawn, and what else can be: the risk, the dimensions, the criteria, by key.
    node: str
    nodes: Mapping[str, str]
    title: str
    picture: ScorePicture
    version: int


def course_page(
    session: Session, country: Country, node: str, reader: Principal, moment: Moment, window: Window, frame: Frame
) -> CoursePage | None:
    """None: nothing that the reader may see was scored by then. A node that is not there is the risk."""
    scored = scored_country(session, country.iso3, reader, moment, window, frame)
    if scored is None:
        return None
    nodes = {one.line.key: one.line.name for one in _drawable(scored.told.whole)}
    chosen = node if node in nodes else ROOT
    since = ends_of(window, moment.day)[0]
    marks = attention(session, country.iso3, reader, moment, frame=frame, since=since, points={}).marks
    about = _all_below(scored.told.by_key[chosen])
    line = score_line(scored.told.tree, scored.steps, chosen)
    title = score_title(line, moment.day, "" if chosen == ROOT else nodes[chosen])
    picture = score_picture(
        [line],
        identifier="course",
        title=title,
        first=first_shown(scored.steps, window, moment.day),
        until=moment.day,
        marks=[mark for subject, mark in marks if chosen == ROOT or subject in about],
    )
    return CoursePage(country, moment, window, chosen, nodes, title, picture, scored.told.version)


def _drawable(whole: Node) -> list[Node]:
    """The risk, and each dimension followed by its criteria."""
    return [whole, *(one for limb in whole.parts for one in (limb, *limb.parts))]


def _all_below(node: Node) -> set[str]:
    return {node.line.key}.union(*(_all_below(part) for part in node.parts))
