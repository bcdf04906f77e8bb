"""The page Method says what is in force: every number of it, and nothing that would stay behind when it changes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import nodes
from sqlalchemy import update

from tests import drafts
from tests.house_rules.test_templates import NAMES, TRANSLATING, environment, page, source_of
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.actions.methods import editing, switching
from tracker.catalogue.trees import Goalposts, read_index
from tracker.index import Branch
from tracker.method import Measure, Method, Trust
from tracker.rule import Kind, Rule, Severity
from tracker.score import CUT_OFFS
from tracker.situation import DAYS_FOR
from tracker.storage import catalogue, methods, rules
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import MethodVersion, RuleVersion
from tracker.web.method import page as method_page

TEMPLATES = [name for name in NAMES if name.startswith("method/")]


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.READER)


def as_written(value: float) -> str:
    """As the page writes it."""
    return f"{round(value, 6):,.6f}".rstrip("0").rstrip(".").replace("-", "−")


def share(value: float) -> str:
    return as_written(value * 100) + "%"


def rows(client: StrictClient, path: str = "/method") -> list[list[str]]:
    """Of all tables, each as its cells' texts."""
    found = parsed(client.get(path)).xpath("//main//tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in found]


def row_of(client: StrictClient, name: str) -> list[str]:
    [found] = [row for row in rows(client) if row[0] == name]
    return found


def in_force(database: Database) -> Method:
    with database.reading() as session:
        chosen = methods.in_force(session)
    assert chosen is not None
    return chosen[1]


def put_in_force(database: Database, method: Method, now: datetime) -> None:
    with database.writing() as session:
        session.add(
            MethodVersion(
                number=2,
                fingerprint=method.fingerprint,
                content=method.as_plain(),
                reason="Tried.",
                made_at=now,
                in_force_since=now + timedelta(seconds=1),
            )
        )


def put_rule_in_force(session: Session, rule: Rule, now: datetime) -> None:
    content = rule.as_plain()
    session.add(
        RuleVersion(
            key=rule.key, number=2, content=content, speaks=True, reason="Tried.", made_at=now, in_force_since=now
        )
    )


# ---- what is in force is what the page says ----


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_may_read_may_look(sign_in_as: SignInAs, role: Role) -> None:
    client = sign_in_as(role)
    assert client.get("/method").status_code == 200
    assert ("Change the weights" in text_of(client.get("/method"))) is (role is Role.METHODOLOGIST)


def test_every_weight_and_need_of_the_tree_is_on_the_page(reader: StrictClient, database: Database) -> None:
    tree, told = in_force(database).tree, rows(reader)
    with database.reading() as session:
        names = {row.key: row.name for row in catalogue.all_criteria(session)}
        names |= {row.key: row.name for row in catalogue.all_indicators(session)}
    for branch in tree.branches:
        for child, weight in zip(branch.children, branch.weights, strict=True):
            if child in names:
                expected = [names[child], as_written(weight)]
                assert any(row[:2] == expected for row in told), expected
    needs = {names[branch.key]: share(branch.needs) for branch in tree.branches if branch.key in names}
    assert {row[0]: row[3] for row in told if len(row) == 5 and row[0] in needs} == needs
    captions = [str(one) for one in parsed(reader.get("/method")).xpath("//caption/text()")]
    voices = [branch for branch in tree.branches if "." in branch.key]
    assert len(captions) == len(voices)
    for branch, parent in ((one, tree.branches[tree.positions[one.key.partition(".")[0]]]) for one in voices):
        weight = dict(zip(parent.children, parent.weights, strict=True))[branch.key]
        said = f"weight {as_written(weight)}, needs {share(branch.needs)}"
        assert any(caption.startswith(names[parent.key]) and said in caption for caption in captions), said


def test_every_indicator_is_there_with_its_scale_its_direction_and_its_freshness(
    reader: StrictClient, database: Database
) -> None:
    told = rows(reader)
    with database.reading() as session:
        names = {row.key: (row.name, row.unit) for row in catalogue.all_indicators(session)}
    for one in in_force(database).measures:
        direction = "bad" if one.worst > one.best else "good"
        expected = [as_written(one.best), as_written(one.worst), names[one.key][1], direction]
        [row] = [row for row in told if row[0] == names[one.key][0]]
        assert row[3:7] == expected
        assert row[-1] == as_written(one.fresh_for_days)


def test_every_cut_off_is_there(reader: StrictClient) -> None:
    levels = [row_of(reader, level) for level in ("low", "guarded", "elevated", "high", "critical")]
    assert [row[1] for row in levels] == ["0", *(as_written(one) for one in CUT_OFFS)]
    assert [row[2] for row in levels[:-1]] == [as_written(one) for one in CUT_OFFS]


def test_another_cut_off_changes_the_page(reader: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(method_page, "CUT_OFFS", (25.0, *CUT_OFFS[1:]))
    assert row_of(reader, "guarded") == ["guarded", "25", "40"]


def test_every_grade_is_there(reader: StrictClient, database: Database) -> None:
    deviations = in_force(database).trust.deviations
    for letter in "ABCDEF":
        assert row_of(reader, letter)[1:] == [as_written(deviations[f"{letter}{one}"]) for one in range(1, 7)]


def with_trust(method: Method, **differs: Any) -> Method:
    return replace(method, trust=replace(method.trust, **differs))


def with_branch(method: Method, key: str, change: Callable[[Branch], Branch]) -> Method:
    branches = tuple(change(one) if one.key == key else one for one in method.tree.branches)
    return replace(method, tree=replace(method.tree, branches=branches))


def with_measure(method: Method, change: Callable[[Measure], Measure]) -> Method:
    first, *others = method.measures
    return replace(method, measures=(change(first), *others))


CHANGES: dict[str, tuple[Callable[[Method], Method], str]] = {
    "weight": (
        lambda one: with_branch(one, "risk", lambda b: replace(b, weights=(7.125, *b.weights[1:]))),
        "7.125",
    ),
    "needs": (lambda one: with_branch(one, "pressure", lambda b: replace(b, needs=0.3125)), "31.25%"),
    "firm from": (lambda one: replace(one, firm_from=0.77), "77%"),
    "ageing": (lambda one: with_trust(one, ageing=13.75), "by 13.75 points"),
    "jitter": (lambda one: with_trust(one, jitter=0.3375), "33.75%"),
    "draws": (lambda one: with_trust(one, draws=1234), "1,234 times"),
    "grade": (lambda one: with_trust(one, deviations={**one.trust.deviations, "A1": 2.625}), "2.625"),
    "freshness": (lambda one: with_measure(one, lambda m: replace(m, fresh_for_days=777)), "777"),
    "worst value": (lambda one: with_measure(one, lambda m: replace(m, worst=m.worst * 3.0625)), "12.25"),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_another_configuration_changes_the_page(
    reader: StrictClient, database: Database, now: datetime, name: str
) -> None:
    change, told = CHANGES[name]
    assert told not in text_of(reader.get("/method"))
    put_in_force(database, change(in_force(database)), now)
    assert told in text_of(reader.get("/method"))


def test_nothing_of_the_trust_is_left_out() -> None:
    assert set(Trust.__dataclass_fields__) == {"deviations", "ageing", "jitter", "draws"}


def rule_on(client: StrictClient, key: str) -> Any:
    [found] = parsed(client.get("/method")).xpath(f"//article[@aria-labelledby='rule-{key}']")
    return found


def told_of(client: StrictClient, key: str) -> dict[str, str]:
    terms = rule_on(client, key).xpath(".//dl/div")
    return {one.findtext("dt"): " ".join(one.find("dd").text_content().split()) for one in terms}


LINES = {"Notice from": Severity.NOTICE, "Warning from": Severity.WARNING, "Alarm from": Severity.ALARM}


def test_every_rule_is_there_with_its_reason_its_lines_and_its_version(
    reader: StrictClient, database: Database
) -> None:
    with database.reading() as session:
        speaking = rules.in_force(session)
    assert len(speaking) > 10
    for one in speaking:
        text, told = " ".join(rule_on(reader, one.rule.key).text_content().split()), told_of(reader, one.rule.key)
        assert one.rule.name in text
        assert one.rule.reason in text
        assert f"Version {one.number}" in text
        lines = {severity: told[label] for label, severity in LINES.items() if label in told}
        assert lines == {severity: as_written(line) for severity, line in one.rule.lines.items()}


USUAL: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "months": ("rising_risk", {"months": 17}, "Window in months", "17"),
    "days": ("occasion_ahead", {"days": 33}, "Days before the occasion", "33"),
    "late": ("silence", {"days": 44}, "Late after days", "44"),
    "floor": ("new_high", {"floor": 41.5}, "Floor in points", "41.5"),
    "peers": ("worse_than_its_region", {"peers": 9}, "Other countries of the region that need a score", "9"),
    "margin": ("high_risk", {"margin": 2.25}, "Holds until so far below its line", "2.25"),
    "quiet": ("high_risk", {"quiet_days": 11}, "Days of quiet after its end", "11"),
    "nodes": ("high_risk", {"nodes": ("signs",)}, "Looks at", "Signs"),
    "line": ("high_risk", {"lines": {Severity.ALARM: 66.5}}, "Alarm from", "66.5"),
    "assessments": ("lasting_high_score", {"months": 5}, "Assessments looked at", "5"),
}


@pytest.mark.parametrize("name", USUAL)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_another_parameter_of_a_rule_changes_the_page(
    reader: StrictClient, database: Database, now: datetime, name: str
) -> None:
    key, differs, label, value = USUAL[name]
    with database.writing() as session:
        before = next(one.rule for one in rules.in_force(session) if one.rule.key == key)
        assert told_of(reader, key)[label] != value
        put_rule_in_force(session, replace(before, **differs), now)
    assert told_of(reader, key)[label] == value


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_kind_of_rule_is_explained(reader: StrictClient, database: Database, kind: Kind) -> None:
    with database.reading() as session:
        keys = [one.rule.key for one in rules.in_force(session) if one.rule.kind is kind]
    assert keys
    assert all(len(rule_on(reader, key).xpath(".//p[contains(@class, 'soft')]")[0].text_content()) > 30 for key in keys)


def test_a_rule_that_was_switched_off_says_that_it_is_silent(
    reader: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        session.execute(update(RuleVersion).where(RuleVersion.key == "silence").values(speaks=False))
    assert "silent" in rule_on(reader, "silence").xpath("string(.//h3)")
    assert "silent" not in rule_on(reader, "high_risk").xpath("string(.//h3)")


def test_the_life_of_a_situation_is_that_of_its_table(reader: StrictClient) -> None:
    states = ("new", "being verified", "assessed", "responding", "being monitored")
    told = [row_of(reader, state) for state in states]
    assert [row[1] for row in told] == [str(days) for days in DAYS_FOR.values()]
    assert told[0][2] == "being verified, closed"


def test_what_is_known_of_accuracy_has_its_source_and_promises_nothing(reader: StrictClient) -> None:
    section = parsed(reader.get("/method")).xpath("//section[@aria-labelledby='accuracy']")[0]
    text = " ".join(section.text_content().split())
    assert "A flag is never a prediction." in text
    facts = section.xpath(".//li[div]")
    assert len(facts) == 5
    assert all("Early Warning Project" in fact.xpath("string(.//p[2])") for fact in facts)


def test_without_a_method_the_page_says_what_to_do(reader: StrictClient, database: Database) -> None:
    with database.writing() as session:
        session.execute(update(MethodVersion).values(in_force_since=None))
    said = text_of(reader.get("/method"))
    assert "No method is in force" in said
    assert reader.get("/method/tree.toml").status_code == 404
    assert reader.get("/method/versions").status_code == 200


def literals(name: str) -> Iterator[str]:
    """The words of a template: those that are translated, and those that stand there bare."""
    yield from page(name).words
    for call in environment.parse(source_of(name)).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING:
            yield from (str(one.value) for one in call.find_all(nodes.Const))


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_number_is_written_into_the_templates_of_the_method(name: str) -> None:
    """A zero stands for whatever Python puts there; what is started is called python3."""
    found = [one for one in literals(name) if re.search(r"\d", one.replace("python3", "").replace("0", ""))]
    assert found == []


# ---- the tree as a file ----


def test_the_file_is_the_tree_that_is_in_force(reader: StrictClient, database: Database, tmp_path: Path) -> None:
    answer = reader.get("/method/tree.toml")
    path = tmp_path / "tree.toml"
    path.write_bytes(answer.get_data())
    index, method = read_index(path), in_force(database)

    assert index.tree == method.tree
    assert [leaf.goalposts for leaf in index.leaves] == [Goalposts(one.best, one.worst) for one in method.measures]
    assert [leaf.transform for leaf in index.leaves] == [one.transform for one in method.measures]
    assert 'filename="method-1.toml"' in answer.headers["Content-Disposition"]


# ---- versions ----


@pytest.fixture
def changed(database: Database, now: datetime, sign_in_as: SignInAs) -> StrictClient:
    """A methodologist; version 2 of the method is in force, version 3 is a draft."""
    client = sign_in_as(Role.METHODOLOGIST, name="Chidi")
    with database.writing() as session:
        drafts.a_draft(session, 1, now=now)
        switching.switch_on_method(session, 2, shown=1, by=1, now=now)
        switching.come_into_force(session, 2, {}, now=now + timedelta(seconds=1))
        shown = editing.shown_of_method(session)
        weights = {("risk", "signs"): 0.75}
        editing.save_method(session, weights, {}, "To be seen.", shown=shown, by=1, now=now)
    return client


@BOTH_ENGINES
def test_versions_say_who_when_and_why(changed: StrictClient) -> None:
    told = {row[0]: row[1:] for row in rows(changed, "/method/versions")}
    assert told["1"][:4] == ["was in force", "16 Mar 2026, 12:00 UTC", "the product", "It came with the product."]
    assert told["2"][:4] == ["in force", "16 Mar 2026, 12:00 UTC", "Chidi", "Tried on history."]
    assert told["2"][-1] == "Chidi"
    assert told["3"][:4] == ["draft", "16 Mar 2026, 12:00 UTC", "Chidi", "To be seen."]


def test_drafts_are_seen_by_those_who_make_them_alone(changed: StrictClient, reader: StrictClient) -> None:
    assert [row[0] for row in rows(reader, "/method/versions")] == ["Version", "2", "1"]
    assert "0.75" not in text_of(reader.get("/method/versions?old=2&new=3"))
    assert "0.75" in text_of(changed.get("/method/versions?old=2&new=3"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "From version 1 to version 2: Weight of Pressure in Risk: 0.4 → 0.6."),
        ("?old=2&new=1", "From version 2 to version 1: Weight of Pressure in Risk: 0.6 → 0.4."),
        ("?old=2&new=2", "Choose two different versions."),
        ("?old=nothing&new=99999999", "From version 1 to version 2:"),
    ],
)
def test_two_versions_are_compared_in_words(
    changed: StrictClient, reader: StrictClient, query: str, expected: str
) -> None:
    assert expected in text_of(reader.get(f"/method/versions{query}"))


def test_the_versions_of_a_rule_are_compared_in_words(
    reader: StrictClient, sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    sign_in_as(Role.METHODOLOGIST, name="Chidi")
    with database.writing() as session:
        drafts.a_draft(session, 2, now=now, of_rule="weak_rule_of_law")
        switching.switch_on_rule(session, "weak_rule_of_law", 2, shown=1, by=2, now=now)
    said = text_of(reader.get("/method/rules/weak_rule_of_law/versions"))
    assert "From version 1 to version 2: Line of a warning: 60 → 65." in said
    assert "Too many of them." in said


def test_a_rule_that_does_not_exist_has_no_versions(reader: StrictClient) -> None:
    assert reader.get("/method/rules/no_such_rule/versions").status_code == 404


def test_where_nothing_was_in_force_before_the_newest_draft_is_compared(
    sign_in_as: SignInAs, reader: StrictClient, database: Database, now: datetime
) -> None:
    client = sign_in_as(Role.METHODOLOGIST)
    with database.writing() as session:
        drafts.a_draft(session, 1, now=now)
    assert "From version 1 to version 2: Weight of Pressure" in text_of(client.get("/method/versions"))
    assert "What differs?" not in text_of(reader.get("/method/versions"))
