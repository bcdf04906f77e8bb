"""The built-in rules are sound, and a broken file of rules is refused with its line, the reason and what to do."""

from pathlib import Path

import pytest

from tracker.catalogue.broken import CatalogueBroken
from tracker.catalogue.rules import built_in_rules, read_rules
from tracker.rule import CRITERIA, Kind, Rule, Severity, Subjects

SUBJECTS = Subjects(nodes=("courts", "risk"), indicators={"courts": ("obeyed", "free", "open")})

RULES = """\
[[rule]]
key = "high_risk"
kind = "level"
name = "High risk"
reason = \"\"\"
It is
high.
\"\"\"
nodes = ["risk"]
warning = 60
alarm = 80.5

[[rule]]
key = "breakdown"
kind = "breakdown"
name = "Breakdown"
reason = "They give way."
nodes = ["courts"]
months = 12
alarm = 3
margin = 2
quiet_days = 30

[[rule]]
key = "by_hand"
kind = "manual"
name = "By hand"
reason = "Somebody knows."
"""


def read(folder: Path, text: str = RULES) -> tuple[Rule, ...]:
    (folder / "rules.toml").write_text(text, encoding="utf-8")
    return read_rules(folder, SUBJECTS)


def test_rules_are_read_in_their_order_with_what_is_usual_filled_in(tmp_path: Path) -> None:
    first, second, third = read(tmp_path)
    assert first == Rule(
        key="high_risk",
        name="High risk",
        reason="It is high.",
        kind=Kind.LEVEL,
        lines={Severity.WARNING: 60, Severity.ALARM: 80.5},
        nodes=("risk",),
        margin=5,
        quiet_days=90,
    )
    assert (second.months, second.margin, second.quiet_days) == (12, 2, 30)
    assert (third.kind, third.lines) == (Kind.MANUAL, {})


@pytest.mark.parametrize(
    ("written", "instead", "line", "reason"),
    [
        ('key = "high_risk"', 'key = "High"', 2, "“key” is “High”; use small letters, digits and underscores"),
        ('key = "high_risk"\n', "", 1, "rule number 1 lacks the key “key”; add it."),
        ('key = "by_hand"', 'key = "high_risk"', 25, "the rule “high_risk” is there twice; rename or remove one."),
        ('kind = "level"', 'kind = "lavel"', 3, "“lavel” is an unknown kind; use one of level, rise, breakdown"),
        ('kind = "level"\n', "", 1, "rule “high_risk” lacks the key “kind”; add it."),
        ('name = "High risk"', 'name = " "', 4, "“name” is empty; write it out."),
        ('nodes = ["risk"]', 'nodes = ["rsik"]', 9, "“nodes” names “rsik”, which does not exist; correct it"),
        ('nodes = ["risk"]', 'nodes = "risk"', 9, "“nodes” must be a list; put it in square brackets."),
        ('nodes = ["risk"]', "nodes = [1]", 9, "“nodes” names 1, which is no text; put it in quotation marks."),
        ('nodes = ["risk"]\n', "", 1, "rule “high_risk” lacks the key “nodes”; add it."),
        ("warning = 60", "warnign = 60", 10, "rule “high_risk” has the unknown key “warnign”; use only key,"),
        ("warning = 60", "floor = 60", 10, "rule “high_risk” has the unknown key “floor”; use only key,"),
        ("warning = 60", 'warning = "60"', 10, "“warning” must be a number; write it without quotation marks."),
        ("warning = 60", "warning = 100.5", 10, "“warning” is 100.5; this rule reaches no further than 100."),
        ("warning = 60\nalarm = 80.5", "", 1, "There is no line; say from where on the rule gives a notice"),
        ("alarm = 80.5", "alarm = 60", 11, "“alarm” is 60; raise it above the line of the milder severity, 60."),
        ("alarm = 3", "alarm = 4", 20, "“alarm” is 4; this rule reaches no further than 3."),
        ("months = 12", "months = -1", 19, "“months” is -1; give a whole number from 1 to 600."),
        ("months = 12", "months = 1.5", 19, "“months” must be a whole number; write it without a point."),
        ("margin = 2", "margin = -1", 21, "“margin” is -1; give a number from 0 to 100."),
        ("margin = 2", "margin = 3", 21, "“margin” is 3; with that, nothing would ever clear: keep it below"),
        ("quiet_days = 30", "quiet_days = -1", 22, "“quiet_days” is -1; give a whole number from 0 to 3650."),
        ('kind = "manual"', 'kind = "manual"\nalarm = 1', 27, "rule “by_hand” has the unknown key “alarm”; use only"),
        ("[[rule]]", "[rule]", 13, "this is not valid TOML"),
    ],
)
def test_a_faulty_rule_is_refused_with_its_line(
    tmp_path: Path, written: str, instead: str, line: int, reason: str
) -> None:
    assert written in RULES
    with pytest.raises(CatalogueBroken) as caught:
        read(tmp_path, RULES.replace(written, instead, 1))
    assert caught.value.reason.startswith(reason)
    assert (caught.value.file, caught.value.line) == ("rules.toml", line)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueBroken, match=r"^rules.toml, line 1: the file is missing; put it back.$"):
        read_rules(tmp_path, SUBJECTS)


def built_in(kind: Kind) -> list[Rule]:
    return [rule for rule in built_in_rules() if rule.kind is kind]


@pytest.mark.parametrize("kind", Kind)
def test_there_is_a_built_in_rule_of_every_kind(kind: Kind) -> None:
    assert len(built_in(kind)) >= 1


def test_keys_of_built_in_rules_are_for_ever() -> None:
    assert {rule.key for rule in built_in_rules()} >= {
        "high_risk",
        "weak_rule_of_law",
        "rising_risk",
        "rising_criterion",
        "rule_of_law_breakdown",
        "worsening_together",
        "lasting_high_score",
        "new_high",
        "worse_than_its_region",
        "voices_differ",
        "silence",
        "occasion_ahead",
        "manual",
    }


def test_the_lines_of_the_built_in_rules_are_those_of_the_method() -> None:
    lines = {rule.key: {severity.word: line for severity, line in rule.lines.items()} for rule in built_in_rules()}
    assert lines["high_risk"] == {"alarm": 60}
    assert lines["weak_rule_of_law"] == {"warning": 60}
    assert lines["rule_of_law_breakdown"] == {"alarm": 3}
    assert lines["worsening_together"]["warning"] == 3
    assert lines["new_high"] == {"warning": 12, "alarm": 36}
    assert lines["voices_differ"] == {"notice": 25}
    assert lines["rising_risk"]["warning"] == lines["rising_criterion"]["notice"] == 10


def test_the_whole_is_watched_more_closely_than_its_parts() -> None:
    whole, parts = built_in(Kind.RISE)
    assert (whole.nodes, parts.nodes) == (("risk",), (CRITERIA,))
    assert max(parts.lines) < Severity.ALARM
