"""Flags are raised and cleared in the transaction of the evidence, for each view of a country by itself."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.concluding import days_pass, noon, recorded
from tracker.access import Role
from tracker.actions.concluding import judge_everything
from tracker.actions.countries import watch
from tracker.actions.occasions import call_off, enter
from tracker.actions.situations.flagging import raise_flag
from tracker.flag import Change
from tracker.handling import Mark
from tracker.occasion import OccasionKind
from tracker.rule import Severity
from tracker.situation import Verdict
from tracker.storage import flags, rules
from tracker.storage.base import Session
from tracker.storage.conclusions import Flag, FlagEvent, Occasion, RuleVersion, Situation
from tracker.storage.flags import SeenFlag
from tracker.storage.principals import principal_of
from tracker.storage.watching import Country

RULE_OF_LAW = (
    *("independence_of_courts", "obedience_to_rulings", "emergency_powers", "limits_on_power", "elections_kept"),
    *("detention_and_fair_trial", "police_under_law"),
)
# Published: any one is enough.
ONE_OF_EACH_DIMENSION = ("wgi_rule_of_law", "wgi_political_stability", "wgi_voice_and_accountability")
DAY = date(2026, 3, 15)


def code(session: Session, level: float | None, *, on: date = DAY, at: datetime, **rest: object) -> None:
    for key in RULE_OF_LAW:
        recorded(session, key, level, on=on, at=at, **rest)


def seen(session: Session, clearance: Mark = Mark.RED, iso3: str = "MLI") -> dict[tuple[str, str], SeenFlag]:
    """By rule and subject: the newest flags that somebody of that clearance knows of."""
    found = {}
    for flag in session.scalars(select(Flag).where(Flag.iso3 == iso3).order_by(Flag.id)):
        one = flags.seen(session, flag, clearance)
        if one is not None:
            found[flag.rule_key, flag.subject] = one
    return found


def open_rules(session: Session, clearance: Mark = Mark.RED) -> set[str]:
    return {key for (key, _), one in seen(session, clearance).items() if one.is_open}


def changes(session: Session, rule: str) -> list[Change]:
    query = select(FlagEvent.kind).join(Flag, Flag.id == FlagEvent.flag_id).where(Flag.rule_key == rule)
    return list(session.scalars(query.order_by(FlagEvent.id)))


def test_a_score_at_its_line_raises_a_flag_and_opens_a_situation(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)

    flag = seen(session)["weak_rule_of_law", "rule_of_law"]
    situation = session.scalars(select(Situation)).one()
    assert flag.is_open
    assert flag.severity == 2
    assert flag.flag.situation_id == situation.id
    assert (situation.iso3, situation.state, situation.handling) == ("MLI", "new", Mark.CLEAR)


def test_a_flag_says_what_it_speaks_of_and_what_would_clear_it(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)

    said = seen(session)["weak_rule_of_law", "rule_of_law"].said.explanation
    assert said["sentence"] % said["values"] == (
        f"The score of rule_of_law was 75.0 on {now.date()}; the rule speaks at 60.0 or more."
    )
    assert said["clears"] % said["clears_values"] == "It clears when the score of rule_of_law falls below 55.0."
    assert [one["key"] for one in said["behind"]] == ["rule_of_law"]
    assert [one["now"] for one in said["quickest"]] == [75.0, 75.0]


def test_a_score_below_its_line_raises_nothing(session: Session, now: datetime) -> None:
    code(session, 2.0, at=now)

    assert "weak_rule_of_law" not in open_rules(session)


def test_what_is_raised_is_not_raised_again(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)
    code(session, 3.0, on=DAY + timedelta(days=1), at=now + timedelta(days=1))
    days_pass(session, now=now + timedelta(days=2))

    assert changes(session, "weak_rule_of_law") == [Change.RAISED]
    assert len(session.scalars(select(Situation)).all()) == 1


def test_a_flag_clears_when_its_score_falls_below_the_margin(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)
    code(session, 2.0, on=DAY + timedelta(days=1), at=now + timedelta(days=1))

    flag = seen(session)["weak_rule_of_law", "rule_of_law"]
    assert changes(session, "weak_rule_of_law") == [Change.RAISED, Change.CLEARED]
    assert not flag.is_open
    assert flag.flag.closed_at == now + timedelta(days=1)


def test_too_little_evidence_clears_nothing(session: Session, now: datetime) -> None:
    """Everything goes stale: that is no good news."""
    code(session, 3.0, at=now)
    days_pass(session, now=noon(DAY + timedelta(days=400)))

    assert "weak_rule_of_law" in open_rules(session)
    assert seen(session)["silence", "rule_of_law"].is_open


def test_a_notice_opens_no_situation(session: Session, now: datetime) -> None:
    recorded(session, RULE_OF_LAW[0], 1.0, on=DAY, at=now)
    days_pass(session, now=noon(DAY + timedelta(days=31 + 31)))

    assert open_rules(session) == {"silence"}
    assert session.scalars(select(Situation)).all() == []


@pytest.mark.parametrize(("days", "expected"), [(31 + 30, set()), (31 + 31, {"silence"})])
def test_an_answer_that_is_a_month_late_is_silence(
    session: Session, now: datetime, days: int, expected: set[str]
) -> None:
    recorded(session, RULE_OF_LAW[0], 1.0, on=DAY, at=now)
    days_pass(session, now=noon(DAY + timedelta(days=days)))

    assert open_rules(session) == expected


def test_a_notice_joins_the_situation_that_is_open(session: Session, now: datetime) -> None:
    recorded(session, "militias", 1.0, on=DAY - timedelta(days=70), at=now)
    assert seen(session)["silence", "security_sector"].flag.situation_id is None

    code(session, 3.0, at=now)

    situation = session.scalars(select(Situation)).one()
    assert seen(session)["silence", "security_sector"].flag.situation_id == situation.id


def test_a_country_that_nobody_watches_has_no_flags(session: Session, now: datetime) -> None:
    session.get_one(Country, "MLI").watched = False
    code(session, 4.0, at=now)

    assert seen(session) == {}


# ---- what some may not know ------------------------------------------------------------------------------------


def test_a_flag_that_rests_on_marked_evidence_is_unknown_below_the_mark(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now, handling=Mark.AMBER)

    assert "weak_rule_of_law" in open_rules(session, Mark.AMBER)
    assert seen(session, Mark.GREEN) == {}
    assert session.scalars(select(Situation)).one().handling == Mark.AMBER


def test_what_becomes_known_lower_down_is_the_same_flag(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now, handling=Mark.AMBER)
    later = now + timedelta(days=1)
    code(session, 3.0, on=DAY + timedelta(days=1), at=later)

    assert len(session.scalars(select(Flag).where(Flag.rule_key == "weak_rule_of_law")).all()) == 1
    assert "weak_rule_of_law" in open_rules(session, Mark.CLEAR)
    assert seen(session, Mark.CLEAR)["weak_rule_of_law", "rule_of_law"].said.at == later
    assert seen(session, Mark.AMBER)["weak_rule_of_law", "rule_of_law"].said.at == now
    assert session.scalars(select(Situation)).one().handling == Mark.CLEAR


def test_marked_evidence_can_clear_a_flag_for_those_who_may_see_it(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)
    code(session, 0.0, on=DAY + timedelta(days=1), at=now + timedelta(days=1), handling=Mark.RED)

    assert "weak_rule_of_law" in open_rules(session, Mark.CLEAR)
    assert "weak_rule_of_law" not in open_rules(session, Mark.RED)
    assert seen(session)["weak_rule_of_law", "rule_of_law"].flag.closed_at is None


# ---- coming back -----------------------------------------------------------------------------------------------


def discard(session: Session, flag: Flag, at: datetime) -> None:
    somebody = factories.person(session, created_at=at)
    flag.verdict, flag.verdict_by, flag.verdict_at = Verdict.DISCARDED, somebody.id, at
    flag.verdict_reason, flag.closed_at = "noise", at
    session.flush()


@pytest.mark.parametrize(("days", "expected"), [(89, 1), (90, 2)])
def test_what_was_discarded_stays_quiet_for_its_time(session: Session, now: datetime, days: int, expected: int) -> None:
    code(session, 3.0, at=now)
    discard(session, seen(session)["weak_rule_of_law", "rule_of_law"].flag, now)
    later = now + timedelta(days=days)
    code(session, 3.0, on=later.date(), at=later)

    assert len(session.scalars(select(Flag).where(Flag.rule_key == "weak_rule_of_law")).all()) == expected


# ---- kinds that ask the database --------------------------------------------------------------------------------


def test_fresh_answers_of_different_sources_that_lie_apart_contradict_each_other(
    session: Session, now: datetime
) -> None:
    recorded(session, RULE_OF_LAW[0], 0.0, on=DAY - timedelta(days=20), at=now, source_name="An embassy")
    recorded(session, RULE_OF_LAW[0], 2.0, on=DAY, at=now, source_name="A field office")

    found = seen(session)["voices_differ", RULE_OF_LAW[0]]
    assert found.is_open
    days = (found.said.explanation["values"][name] for name in ("newer_on", "older_on"))
    assert [*days] == [DAY.isoformat(), (DAY - timedelta(days=20)).isoformat()]


def test_voices_that_contradict_each_other_say_up_to_which_day_each_is_known(session: Session, now: datetime) -> None:
    published, newest = date(2024, 12, 31), DAY - timedelta(days=20)
    code(session, 4.0, on=newest - timedelta(days=20), at=now)
    code(session, 4.0, on=newest, at=now)
    recorded(session, "wgi_rule_of_law", 2.5, on=published, at=now, standard_error=0.1)

    values = seen(session)["voices_differ", "rule_of_law"].said.explanation["values"]

    assert (values["published_on"], values["coded_on"]) == (published.isoformat(), newest.isoformat())


@pytest.mark.parametrize(("days", "expected"), [(27, True), (28, False)])
def test_answers_of_different_periods_do_not_contradict_each_other(
    session: Session, now: datetime, days: int, expected: bool
) -> None:
    recorded(session, "hostilities", 0.0, on=DAY - timedelta(days=days), at=now, source_name="An embassy")
    recorded(session, "hostilities", 2.0, on=DAY, at=now, source_name="A field office")

    assert (("voices_differ", "hostilities") in seen(session)) is expected


@pytest.mark.parametrize(("older", "source"), [(1.0, "An embassy"), (0.0, "A field office")])
def test_what_lies_a_class_apart_or_comes_from_one_source_is_no_contradiction(
    session: Session, now: datetime, older: float, source: str
) -> None:
    recorded(session, "hostilities", older, on=DAY - timedelta(days=20), at=now, source_name=source)
    recorded(session, "hostilities", 2.0, on=DAY, at=now, source_name="A field office")

    assert ("voices_differ", "hostilities") not in seen(session)


def an_election(session: Session, now: datetime, day: date, handling: Mark = Mark.CLEAR) -> Occasion:
    made = Occasion(
        iso3="MLI",
        kind=OccasionKind.ELECTION,
        name="An election",
        day=day,
        handling=handling,
        entered_by=factories.person(session, created_at=now).id,
        entered_at=now,
        removed=False,
    )
    session.add(made)
    session.flush()
    return made


def high_risk(session: Session, now: datetime) -> None:
    for key, worst in (
        ("wgi_rule_of_law", -2.5),
        ("wgi_political_stability", -2.5),
        ("wgi_voice_and_accountability", -2.5),
    ):
        recorded(session, key, worst, on=date(2025, 12, 31), at=now)


@pytest.mark.parametrize(("ahead", "expected"), [(46, False), (45, True), (0, True)])
def test_an_occasion_near_by_speaks_where_the_risk_is_high(
    session: Session, now: datetime, ahead: int, expected: bool
) -> None:
    an_election(session, now, now.date() + timedelta(days=ahead))
    high_risk(session, now)

    assert ("occasion_ahead" in open_rules(session)) is expected


def test_an_occasion_that_comes_nearer_is_noticed_by_the_passing_of_days(session: Session, now: datetime) -> None:
    occasion = an_election(session, now, now.date() + timedelta(days=50))
    high_risk(session, now)
    assert "occasion_ahead" not in open_rules(session)

    days_pass(session, now=now + timedelta(days=5))

    assert seen(session)["occasion_ahead", str(occasion.id)].is_open


def test_a_flag_clears_when_its_occasion_is_over(session: Session, now: datetime) -> None:
    an_election(session, now, now.date() + timedelta(days=3))
    high_risk(session, now)
    days_pass(session, now=now + timedelta(days=4))

    assert changes(session, "occasion_ahead") == [Change.RAISED, Change.CLEARED]


def test_far_above_its_region_is_a_flag(session: Session, now: datetime) -> None:
    region = ("BEN", "BFA", "CIV", "GHA", "GIN", "SEN", "TGO")
    for number, iso3 in enumerate(region):
        for key in ONE_OF_EACH_DIMENSION:
            recorded(session, key, 1.0 + number / 10, on=date(2025, 12, 31), at=now, iso3=iso3)
    high_risk(session, now)

    assert seen(session)["worse_than_its_region", "risk"].is_open


def test_a_rule_that_is_switched_off_clears_its_flags(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)
    [rule] = [one for one in rules.newest_in_force(session) if one.key == "weak_rule_of_law"]
    silent = RuleVersion(
        key=rule.key,
        number=rule.number + 1,
        content=rule.content,
        speaks=False,
        reason="too loud",
        made_at=now,
        in_force_since=now,
    )
    session.add(silent)
    days_pass(session, now=now + timedelta(days=1))

    assert changes(session, "weak_rule_of_law") == [Change.RAISED, Change.CLEARED]
    assert "weak_rule_of_law" not in open_rules(session)


def test_what_a_rule_said_keeps_the_version_that_said_it(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)

    said = seen(session)["weak_rule_of_law", "rule_of_law"].said
    assert (said.rule_version, said.method_version, said.day) == (1, 1, now.date())


# ---- what a strict reader asked ---------------------------------------------------------------------------------


def test_what_a_person_raised_is_not_ended_by_evidence_or_by_a_night(session: Session, now: datetime) -> None:
    by = principal_of(session, factories.person(session, roles=[Role.ANALYST], clearance=Mark.RED, created_at=now))
    raise_flag(session, "MLI", "A curfew.", severity=Severity.WARNING, handling=Mark.AMBER, by=by, now=now)
    recorded(session, RULE_OF_LAW[0], 1.0, on=DAY, at=now)
    days_pass(session, now=now + timedelta(days=1))

    assert "manual" in open_rules(session, Mark.AMBER)
    assert "manual" not in open_rules(session, Mark.GREEN)


def test_an_occasion_marked_above_all_evidence_speaks_to_whoever_may_know_of_it(
    session: Session, now: datetime
) -> None:
    an_election(session, now, now.date() + timedelta(days=10), handling=Mark.AMBER)
    high_risk(session, now)

    assert "occasion_ahead" in open_rules(session, Mark.AMBER)
    assert "occasion_ahead" not in open_rules(session, Mark.GREEN)


def test_what_rests_on_nothing_any_more_is_over_and_starts_no_quiet_time(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)
    code(session, 3.0, at=now + timedelta(hours=1), revision=2, withdrawn=True, reason="the wrong country")
    assert "weak_rule_of_law" not in open_rules(session)

    code(session, 3.0, on=DAY + timedelta(days=1), at=now + timedelta(days=1))

    assert changes(session, "weak_rule_of_law") == [Change.RAISED, Change.CLEARED, Change.RAISED]


def test_marked_evidence_does_not_break_the_quiet_of_those_who_may_not_see_it(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)
    discard(session, seen(session)["weak_rule_of_law", "rule_of_law"].flag, now)
    for key in ("wgi_rule_of_law", "wgi_political_stability", "wgi_voice_and_accountability"):
        recorded(session, key, -2.5, on=date(2025, 12, 31), at=now + timedelta(days=2), handling=Mark.RED)

    assert "weak_rule_of_law" not in open_rules(session, Mark.CLEAR)
    assert changes(session, "weak_rule_of_law") == [Change.RAISED]


def test_whoever_answers_what_was_missing_raises_no_silence_by_it(session: Session, now: datetime) -> None:
    """The worker stood still for seventy days."""
    code(session, 1.0, at=now)
    later = now + timedelta(days=100)
    code(session, 1.0, on=later.date(), at=later)

    assert [key for key, _ in seen(session) if key == "silence"] == ["silence"]
    assert not seen(session)["silence", "rule_of_law"].is_open


def test_a_rule_that_is_switched_on_again_speaks_at_once(session: Session, now: datetime) -> None:
    code(session, 3.0, at=now)
    [rule] = [one for one in rules.newest_in_force(session) if one.key == "weak_rule_of_law"]
    for number, speaks in ((1, False), (2, True)):
        at = now + timedelta(hours=number)
        version = {"key": rule.key, "number": rule.number + number, "content": rule.content, "reason": "to try it"}
        session.add(RuleVersion(**version, speaks=speaks, made_at=at, in_force_since=at))
        judge_everything(session, now=at)

    assert "weak_rule_of_law" in open_rules(session)


def test_rules_judge_what_is_fresh_on_their_day(session: Session, now: datetime) -> None:
    """The worker stood still until the answers were stale; then a rule was switched on."""
    [rule] = [one for one in rules.newest_in_force(session) if one.key == "weak_rule_of_law"]
    silent, later = now - timedelta(hours=1), now + timedelta(days=200)
    for number, speaks, at in ((1, False, silent), (2, True, later)):
        version = {"key": rule.key, "number": rule.number + number, "content": rule.content, "reason": "to try it"}
        session.add(RuleVersion(**version, speaks=speaks, made_at=at, in_force_since=at if speaks is False else None))
    code(session, 3.0, at=now)
    session.query(RuleVersion).filter_by(key=rule.key, number=rule.number + 2).one().in_force_since = later

    judge_everything(session, now=later)

    assert "weak_rule_of_law" not in open_rules(session)


def test_a_country_is_judged_when_it_becomes_watched_and_its_flags_end_with_that(
    session: Session, now: datetime
) -> None:
    by = factories.person(session, created_at=now).id
    watch(session, "MLI", False, by=by, now=now)
    code(session, 3.0, at=now)
    assert open_rules(session) == set()

    watch(session, "MLI", True, by=by, now=now)
    assert "weak_rule_of_law" in open_rules(session)

    watch(session, "MLI", False, by=by, now=now)
    assert open_rules(session) == set()


def test_an_occasion_of_today_speaks_when_it_is_entered_and_not_when_it_is_called_off(
    session: Session, now: datetime
) -> None:
    high_risk(session, now)
    by = principal_of(session, factories.person(session, roles=[Role.ANALYST], clearance=Mark.RED, created_at=now))
    occasion = enter(session, "MLI", OccasionKind.VERDICT, "A verdict", now.date(), handling=Mark.CLEAR, by=by, now=now)
    assert "occasion_ahead" in open_rules(session)

    call_off(session, occasion.id, by=by, now=now)
    assert "occasion_ahead" not in open_rules(session)
