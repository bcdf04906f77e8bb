"""What the desk concludes and does, what is to come, and who says so: of a brief, the parts that people write."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import RIGHTS_OF, Right, Role
from tracker.assessment import Assessment
from tracker.exchange.brief.content import Entry, Row, Section
from tracker.handling import Mark
from tracker.situation import Circumstances, SituationAct, is_overdue
from tracker.situation import next_words as next_of
from tracker.storage.conclusions import SituationEvent
from tracker.storage.country_attention import SituationStood
from tracker.storage.country_evidence import Recorded
from tracker.storage.occasions import Occurrence
from tracker.storage.responding import Response
from tracker.storage.situations import Concluded, assessments_in
from tracker.web.briefs.sections import entries, rows, words
from tracker.web.countries.page import CountryPage
from tracker.web.countries.situation import OpenFlag
from tracker.web.flag_words import FlagNames, severity_word
from tracker.web.responses.words import response_state_word, response_step_word
from tracker.web.situations.words import crime_word, occasion_word, stage_word, state_word, step_word
from tracker.web.words import day, role_word

# The others are counted: a country in more parts than that is read on its page.
MOST_SITUATIONS = 2
# Of a list of names in a sentence.
MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Desk:
    page: CountryPage
    # The newest first.
    stood: Sequence[SituationStood]
    # By person: of those in charge.
    roles: Mapping[int, frozenset[Role]]
    names: FlagNames

    @cached_property
    def answers(self) -> list[Recorded]:
        """What the scores rest on, and what was known before it went stale."""
        measures = self.page.evidence.measures.values()
        return [answer for one in measures for answer in {one.newest_answer, one.newest.said}]


def foremost(desk: Desk) -> list[Section]:
    """For the first page: what is concluded of the situation that was opened last."""
    if not desk.stood:
        none = _("No situation is open that you may know of.")
        return [rows(_("Situation"), [], note=none)]
    return _of_situation(desk, desk.stood[0])


def other_situations(desk: Desk) -> list[Section]:
    """And who disagrees with what is concluded."""
    sections = [section for one in desk.stood[:1] for section in _disagreed(one)]
    for one in desk.stood[1:MOST_SITUATIONS]:
        sections += [*_of_situation(desk, one), *_disagreed(one)]
    others = len(desk.stood) - MOST_SITUATIONS
    if others > 0:
        more = ngettext("%(num)s more situation is open.", "%(num)s more situations are open.", others)
        sections.append(rows(_("Other situations"), [], note=str(more)))
    return sections


def flags_open(desk: Desk) -> Section:
    """By rule, the most severe first: of many that say the same of different subjects one is told, and all named."""
    by_rule: dict[str, list[OpenFlag]] = defaultdict(list)
    for flag in sorted(desk.page.attention.flags, key=lambda flag: -flag.one.severity):
        alone = str(flag.one.flag.id) if flag.one.is_manual else ""
        by_rule[f"{flag.one.flag.rule_key} {alone}"].append(flag)
    none = _("No flag is open that you may know of.")
    told = [_flag(desk, flags) for flags in by_rule.values()]
    return entries(_("Open flags"), told, note="" if told else none)


def next_steps(desk: Desk) -> Section:
    """What is due; the nearest first. And what is proposed or under way about it."""
    heading = str(_("What is due next, and what is done"))
    if not desk.stood:
        return rows(heading, [], note=_("Nothing is due: no situation is open."))
    steps = sorted((one for one in desk.stood if one.due_on), key=lambda one: (one.due_on, one.situation.id))
    measures = measures_told(desk)
    nothing = (
        "" if measures or not desk.page.moment.is_now else _("No measure that you may see is under way or proposed.")
    )
    return rows(
        heading, [*(_step(desk, one) for one in steps), *(_measure(desk, one) for one in measures)], note=nothing
    )


def measures_told(desk: Desk) -> list[Response]:
    """What goes on today; of a past day there is none."""
    return [one for stood in desk.stood for one in stood.measures]


def coming(desk: Desk) -> Section:
    days = [Row(one.name, day(one.day), _about_day(one)) for one in desk.page.attention.coming]
    none = _("No day is entered on which things may come to a head.")
    return rows(_("What is coming"), days, note="" if days else none)


def _about_day(one: Occurrence) -> str:
    called_off = [str(_("called off since"))] if one.removed else []
    return " · ".join([occasion_word(one.kind), *called_off, Mark(one.handling).label])


def known(page: CountryPage) -> Section:
    """Where the desk is blind, too."""
    evidence = page.evidence
    counts = [
        (_("fresh"), evidence.fresh),
        (_("stale: counts no more"), evidence.stale),
        (_("looked at, and nobody could tell"), evidence.unknown),
        (_("nothing recorded that you may see"), evidence.missing),
    ]
    heading = _("How much is known: %(count)s indicators are asked", count=evidence.indicators)
    return rows(heading, [Row(name, str(count)) for name, count in counts if count], least=len(counts))


def sources(desk: Desk) -> Section:
    """By handling mark: who is behind the answers, as far as that may be told."""
    by_mark: dict[Mark, list[Recorded]] = defaultdict(list)
    for answer in desk.answers:
        by_mark[answer.handling].append(answer)
    told = [_who(mark, by_mark[mark]) for mark in sorted(by_mark)]
    note = _("In brackets: how many of the newest answers. Who is not for attribution is named nowhere.")
    return entries(_("Sources, by how far they may travel"), told, note=note if told else _("There are none."))


def _of_situation(desk: Desk, one: SituationStood) -> list[Section]:
    told = {"part": one.situation.part, "state": state_word(one.state)}
    heading = (
        _("Situation in “%(part)s”: %(state)s", **told) if one.situation.part else _("Situation: %(state)s", **told)
    )
    concluded = next(iter(assessments_in(one.events)), None)
    facts = [Row(_("Since"), day(one.since.date())), Row(_("In charge"), _office(desk, one))]
    found = rows(heading, [*(_assessed(concluded.said) if concluded else []), *facts], least=2)
    if concluded is None:
        return [found, rows(_("Assessment"), [], note=_("It is not assessed yet."))]
    whole = concluded.said.summary or concluded.said.out_of_scope
    about = _("Assessment of %(day)s", day=_on(concluded))
    return [found, words(about, whole, rest=_rest(), note=_label(concluded.event))]


def _disagreed(one: SituationStood) -> list[Section]:
    return [
        words(
            _("Somebody disagrees (%(day)s)", day=day(event.at.date())), event.words, rest=_rest(), note=_label(event)
        )
        for event in dissent_in(one)
    ]


def _rest() -> str:
    return str(_("The rest stands on the situation’s page."))


def _assessed(said: Assessment) -> list[Row]:
    if not said.is_in_scope:
        return [Row(_("Out of scope"), _("none of the four crimes is at risk"), said.out_of_scope)]
    found = [Row(_("At risk"), ", ".join(crime_word(crime) for crime in said.crimes), is_strong=True)]
    for name, step in ((_("How likely"), said.likelihood), (_("How grave"), said.consequence)):
        found += [Row(name, step_word(step))] if step else []
    found += [Row(_("Stage"), stage_word(said.stage))] if said.stage else []
    return [*found, Row(_("Who would suffer"), "", said.population)] if said.population else found


def _office(desk: Desk, one: SituationStood) -> str:
    """The office, not the person: a brief travels further than its reader."""
    if one.owner_id is None:
        return str(_("nobody yet"))
    roles = desk.roles.get(one.owner_id, frozenset())
    working = [role for role in Role if role in roles and Right.WORK_ON_SITUATIONS in RIGHTS_OF[role]]
    return ", ".join(role_word(role) for role in working) or str(_("somebody of another office"))


def _step(desk: Desk, one: SituationStood) -> Row:
    assert one.due_on is not None, "it is asked where there is one"
    late = is_overdue(one.due_on, desk.page.moment.day)
    due = _("%(day)s, overdue", day=day(one.due_on)) if late else day(one.due_on)
    part = one.situation.part
    name = _("Next step in “%(part)s”", part=part) if part else _("Next step")
    return Row(str(name), str(due), _next_words(desk, one), is_strong=late)


def _measure(desk: Desk, one: Response) -> Row:
    """Who sees to it is not told: a brief travels further than its reader."""
    label = Mark(one.handling).label
    if one.due_on is None:
        return Row(one.title, response_state_word(one.state), label)
    late = is_overdue(one.due_on, desk.page.moment.day)
    due = _("%(step)s by %(day)s", step=response_step_word(one.state), day=day(one.due_on))
    state = _("%(state)s, overdue", state=response_state_word(one.state)) if late else response_state_word(one.state)
    return Row(one.title, str(state), f"{due} · {label}", is_strong=late)


def _next_words(desk: Desk, one: SituationStood) -> str:
    mine = [flag for flag in desk.page.attention.flags if flag.one.flag.situation_id == one.situation.id]
    newest = next(iter(assessments_in(one.events)), None)
    found = Circumstances(
        state=one.state,
        flags_waiting=sum(flag.verdict is None for flag in mine),
        is_assessed_anew=newest is not None and newest.event.at >= one.since,
    )
    return str(_(next_of(found)))


def _flag(desk: Desk, flags: Sequence[OpenFlag]) -> Entry:
    """Of one rule, the most severe first."""
    first, others = flags[0], [desk.names.subject(flag.one.flag.subject) for flag in flags[1:]]
    sentences = [first.told.sentence] if first.told.sentence else []
    if others:
        sentences.append(_("The same rule speaks of: %(names)s.", names=_listed(others)))
    about = [first.told.clears, first.told.quickest, _standing(flags)]
    severity = first.one.severity
    words = " ".join(part for part in about if part)
    return Entry(first.title, severity_word(severity), int(severity), tuple(sentences), words)


def _listed(names: Sequence[str]) -> str:
    """As many as a sentence holds, and how many it does not."""
    told, room = list[str](), MOST_CHARACTERS
    for name in names:
        room -= len(name) + 2
        if told and room < 0:
            left = len(names) - len(told)
            told.append(str(ngettext("%(num)s other", "%(num)s others", left)))
            break
        told.append(name)
    return ", ".join(told)


def _standing(flags: Sequence[OpenFlag]) -> str:
    """Since when, and what was found."""
    since = day(min(flag.one.events[0].day for flag in flags))
    mark = max(Mark(flag.one.said.handling) for flag in flags).label
    waiting = sum(flag.verdict is None for flag in flags)
    if not waiting:
        return str(_("Since %(day)s; confirmed; %(mark)s.", day=since, mark=mark))
    verdict = ngettext("%(num)s has no verdict yet", "%(num)s have no verdict yet", waiting)
    if len(flags) == 1:
        verdict = _("without a verdict")
    return str(_("Since %(day)s; %(verdict)s; %(mark)s.", day=since, verdict=verdict, mark=mark))


def _who(mark: Mark, answers: Sequence[Recorded]) -> Entry:
    named = Counter(answer.source for answer in answers if answer.source is not None)
    unnamed = sum(answer.source is None for answer in answers)
    told = _listed([f"{name} ({count})" for name, count in named.most_common()])
    hidden = ngettext("%(num)s answer is not for attribution.", "%(num)s answers are not for attribution.", unnamed)
    return Entry(mark.label, sentences=(told,) if told else (), about=str(hidden) if unnamed else "")


def _assessment(one: SituationStood) -> SituationEvent | None:
    concluded = next(iter(assessments_in(one.events)), None)
    return concluded.event if concluded else None


def dissent_in(one: SituationStood) -> list[SituationEvent]:
    """From the newest assessment, the newest first."""
    newest = _assessment(one)
    found = [event for event in one.events if event.act is SituationAct.DISSENTED]
    return [event for event in reversed(found) if newest and event.details["assessment"] == newest.id]


def _on(concluded: Concluded) -> str:
    return day(concluded.event.at.date())


def _label(event: SituationEvent) -> str:
    return Mark(event.handling).label
