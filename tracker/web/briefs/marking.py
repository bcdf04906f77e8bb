"""How far a brief may travel: the mark that a reader holds it to, and which part of it bears the mark that it has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import Principal
from tracker.handling import Mark, may_see
from tracker.refusal import N_, Refusal
from tracker.storage.conclusions import SituationEvent
from tracker.storage.country_attention import SituationStood
from tracker.storage.situations import assessments_in
from tracker.web.briefs.desk import Desk, dissent_in, measures_told
from tracker.web.words import day

# Of the parts that bear the mark; the others are counted.
MOST_NAMED = 4


class NoSuchMark(Refusal):
    pass


@dataclass(frozen=True)
class Bearer:
    name: str
    mark: Mark


def reader_up_to(reader: Principal, wanted: str) -> Principal:
    """As somebody of the same scope would see it who is cleared up to that mark. Empty: the reader themselves."""
    if not wanted:
        return reader
    mark = next((one for one in Mark if one.label.removeprefix("TLP:") == wanted.upper()), None)
    if mark is None or not may_see(reader.clearance, mark):
        raise NoSuchMark(
            N_("A brief is made up to a mark that you may see yourself: %(mark)s at most."), mark=reader.clearance.label
        )
    return replace(reader, clearance=mark)


def bearers(desk: Desk, *, scores: Mark, flags: Mark) -> list[Bearer]:
    """Everything that is told, with its mark; `scores` and `flags`: of what these rest on, and on nothing newer."""
    answers = [
        Bearer(one.indicator.name, answer.handling)
        for one in desk.page.evidence.measures.values()
        for answer in {one.newest_answer, one.newest.said}
    ]
    return [
        *(bearer for one in desk.stood for bearer in _of_situation(one)),
        *(Bearer(flag.title, Mark(flag.one.said.handling)) for flag in desk.page.attention.flags),
        *(Bearer(one.name, Mark(one.handling)) for one in desk.page.attention.coming),
        *(Bearer(one.title, Mark(one.handling)) for one in measures_told(desk)),
        *sorted(answers, key=lambda bearer: bearer.name),
        Bearer(str(_("what flags said before")), flags),
        Bearer(str(_("older evidence, on which the scores rest")), scores),
    ]


def highest(found: Sequence[Bearer]) -> Mark:
    return max(bearer.mark for bearer in found)


def reason(found: Sequence[Bearer], held_to: Mark | None) -> str:
    """Why it is marked as it is, and up to which mark it was asked for. None: up to whatever the reader may see."""
    mark = highest(found)
    said = [_("Marked %(mark)s for: %(names)s.", mark=mark.label, names=_named(found, mark))] if mark else []
    if held_to is not None:
        said.append(_("Made from what is marked %(mark)s at most.", mark=held_to.label))
    return " ".join(map(str, said))


def _named(found: Sequence[Bearer], mark: Mark) -> str:
    """What is told and the evidence behind it; what lies further back only where nothing else bears it."""
    told, behind = found[:-2], found[-2:]
    names = list(dict.fromkeys(one.name for one in told if one.mark is mark))
    names = names or [one.name for one in behind if one.mark is mark]
    left = len(names) - MOST_NAMED
    more = [ngettext("%(num)s more", "%(num)s more", left)] if left > 0 else []
    return "; ".join([*names[:MOST_NAMED], *more])


def _of_situation(one: SituationStood) -> list[Bearer]:
    part = one.situation.part
    name = _("the situation in “%(part)s”", part=part) if part else _("the situation")
    concluded = next(iter(assessments_in(one.events)), None)
    assessed = (
        [_said(str(_("the assessment of %(day)s", day=_on(concluded.event))), concluded.event)] if concluded else []
    )
    disagreed = [_said(str(_("the disagreement of %(day)s", day=_on(event))), event) for event in dissent_in(one)]
    return [Bearer(str(name), Mark(one.situation.handling)), *assessed, *disagreed]


def _said(name: str, event: SituationEvent) -> Bearer:
    return Bearer(name, Mark(event.handling))


def _on(event: SituationEvent) -> str:
    return day(event.at.date())
