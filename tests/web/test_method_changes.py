"""A methodologist changes weights and rules: a draft first, tried on the past, then switched on by a second act."""

from datetime import date, datetime
from typing import Any

import pytest

from tests import drafts
from tests.concluding import recorded
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.browsing import token_on
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.actions.methods.built_in import load_method
from tracker.catalogue.reading import read_catalogue
from tracker.handling import Mark
from tracker.jobs.job import Shift
from tracker.jobs.new_method import bring_into_force
from tracker.rule import Rule, Severity
from tracker.settings import Settings
from tracker.storage import methods, rules, versions
from tracker.storage.base import Database
from tracker.storage.conclusions import MethodVersion, RuleVersion

WEIGHTS, RULE = "/method/weights", "/method/rules/weak_rule_of_law"
REASON = {"reason": "Tried on history."}


@pytest.fixture
def methodologist(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.METHODOLOGIST, name="Chidi")


def field_of(client: StrictClient, label: str, path: str = WEIGHTS) -> str:
    """The name of the first field that is called so."""
    page = parsed(client.get(path))
    return str(page.xpath(f"//label[normalize-space()='{label}']/@for")[0])


def drafts_in(database: Database) -> list[tuple[int, float]]:
    """Of the method: their numbers, and what pressure weighs in the risk."""
    with database.reading() as session:
        found = versions.drafts_of_method(session)
        return [(row.number, row.content["tree"]["branches"][-1]["weights"][0]) for row in found]


def rule_drafts(database: Database) -> list[RuleVersion]:
    with database.reading() as session:
        return list(versions.drafts_of_rules(session))


def error_at(answer: Any, name: str) -> str:
    return str(parsed(answer).xpath(f"string(//*[@id='{name}-error'])")).strip().removeprefix("Error:").strip()


# ---- who may ----


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.METHODOLOGIST])
def test_nobody_but_methodologists_changes_anything(
    sign_in_as: SignInAs, database: Database, now: datetime, role: Role
) -> None:
    stranger = sign_in_as(role)
    with database.writing() as session:
        drafts.a_draft(session, 1, now=now)
        drafts.a_draft(session, 1, now=now, of_rule="weak_rule_of_law")
    token = {"csrf_token": token_on(stranger, "/account"), "shown": "1"}
    of_rule = f"{RULE}/versions/2"
    for path in (WEIGHTS, RULE, "/method/versions/2", "/method/versions/2/preview", of_rule, f"{of_rule}/preview"):
        assert stranger.get(path).status_code == 403
    for path in (WEIGHTS, RULE, *(f"{one}/{act}" for one in ("/method/versions/2", of_rule) for act in ACTS)):
        assert stranger.post(path, data=token).status_code == 403
    assert drafts_in(database) == [(2, 0.6)]
    assert len(rule_drafts(database)) == 1


ACTS = ("switch-on", "discard")


# ---- weights ----


def test_a_changed_weight_is_saved_as_a_draft(methodologist: StrictClient, database: Database) -> None:
    answer = methodologist.submit(WEIGHTS, **{field_of(methodologist, "Pressure"): "0,6"}, **REASON)

    assert answer.headers["Location"] == "/method/versions/2"
    assert drafts_in(database) == [(2, 0.6)]
    said = text_of(methodologist.get("/method/versions/2"))
    assert "draft made by Chidi" in said
    assert "Tried on history. From version 1 to version 2: Weight of Pressure in Risk: 0.4 → 0.6." in said
    with database.reading() as session:
        assert methods.number_in_force(session) == 1


def test_the_form_shows_every_weight_and_need_of_the_tree(methodologist: StrictClient, database: Database) -> None:
    with database.reading() as session:
        chosen = methods.in_force(session)
    assert chosen is not None
    inputs = parsed(methodologist.get(WEIGHTS)).xpath("//form[@method='post']//input[@type='text']")
    branches = chosen[1].tree.branches
    assert len(inputs) == sum(len(branch.children) + 1 for branch in branches)
    expected = sorted(float(number) for branch in branches for number in (*branch.weights, branch.needs))
    assert sorted(float(one.get("value")) for one in inputs) == expected


@pytest.mark.parametrize(
    ("label", "typed", "problem"),
    [
        ("Pressure", "", "Enter a number, such as 1.5."),
        ("Pressure", "a lot", "Enter a number, such as 1.5."),
        ("Pressure", "1e999", "Enter a number, such as 1.5."),
        ("Pressure", "nan", "Enter a number, such as 1.5."),
        ("Pressure", "0", "make it a number above zero"),
        ("Share of these weights that must be there", "0", "make it a share above 0 and up to 1"),
        ("Share of these weights that must be there", "1.1", "make it a share from 0 to 1"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_is_wrong_is_said_at_the_field(
    methodologist: StrictClient, database: Database, label: str, typed: str, problem: str
) -> None:
    name = field_of(methodologist, label)
    answer = methodologist.submit(WEIGHTS, **{name: typed}, **REASON)

    assert answer.status_code == 422
    assert problem in error_at(answer, name)
    assert drafts_in(database) == []
    assert parsed(answer).xpath(f"//input[@name='{name}']/@value") == [typed]
    assert parsed(answer).xpath("//div[contains(@class, 'error-summary')]//a/@href") == [f"#{name}"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_is_wrong_within_a_criterion_is_in_sight(methodologist: StrictClient) -> None:
    name = field_of(methodologist, "Independence of the courts")
    assert parsed(methodologist.get(WEIGHTS)).xpath("//details[@open]") == []
    answer = methodologist.submit(WEIGHTS, **{name: "-1"}, **REASON)
    [opened] = parsed(answer).xpath("//details[@open]")
    assert opened.xpath(f".//input[@name='{name}']")


@pytest.mark.parametrize(("reason", "problem"), [("", "Say why"), (" \n ", "Say why"), ("a" * 501, "at most 500")])
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_no_draft_without_a_reason(methodologist: StrictClient, database: Database, reason: str, problem: str) -> None:
    answer = methodologist.submit(WEIGHTS, **{field_of(methodologist, "Pressure"): "0.6"}, reason=reason)
    assert answer.status_code == 422
    assert problem in error_at(answer, "reason")
    assert drafts_in(database) == []


def test_what_is_in_force_already_is_not_saved_again(methodologist: StrictClient, database: Database) -> None:
    answer = methodologist.submit(WEIGHTS, **REASON)
    assert answer.status_code == 422
    assert "This is what version 1 says" in error_at(answer, "reason")
    assert drafts_in(database) == []


@BOTH_ENGINES
def test_the_next_change_starts_from_the_draft_and_replaces_it(methodologist: StrictClient, database: Database) -> None:
    methodologist.submit(WEIGHTS, **{field_of(methodologist, "Pressure"): "0.6"}, **REASON)
    assert "You start from draft version 2 and replace it." in text_of(methodologist.get(WEIGHTS))
    methodologist.submit(WEIGHTS, **{field_of(methodologist, "Signs"): "0.5"}, **REASON)
    assert drafts_in(database) == [(3, 0.6)]
    assert "discarded" in text_of(methodologist.get("/method/versions/2"))


def test_one_can_go_back_to_any_version_in_a_draft(methodologist: StrictClient, database: Database) -> None:
    weight = field_of(methodologist, "Pressure")
    methodologist.submit(WEIGHTS, **{weight: "0.6"}, **REASON)
    methodologist.submit_form(methodologist.get("/method/versions/2"), action="/method/versions/2/discard")

    (address,) = parsed(methodologist.get("/method/versions/2")).xpath("//a[.='Go back to it in a draft']/@href")
    page = parsed(methodologist.get(address))

    assert page.xpath(f"//input[@name='{weight}']/@value") == ["0.6"]
    assert "It is filled in as version 2 had it." in text_of(methodologist.get(address))
    methodologist.submit(address, **REASON)
    assert drafts_in(database) == [(3, 0.6)]
    assert methodologist.get(f"{WEIGHTS}?like=9").status_code == 404


def test_one_can_go_back_to_any_version_of_a_rule(methodologist: StrictClient) -> None:
    methodologist.submit(RULE, warning="65", **REASON)
    (now_filled,) = parsed(methodologist.get(RULE)).xpath("//input[@name='warning']/@value")
    (as_before,) = parsed(methodologist.get(f"{RULE}?like=1")).xpath("//input[@name='warning']/@value")

    assert (now_filled, as_before) == ("65", "60")
    assert "It replaces draft version 2." in text_of(methodologist.get(f"{RULE}?like=1"))


@BOTH_ENGINES
def test_two_who_change_the_same_see_both_and_decide(
    methodologist: StrictClient, sign_in_as: SignInAs, database: Database
) -> None:
    other = sign_in_as(Role.METHODOLOGIST)
    opened = other.get(WEIGHTS)
    methodologist.submit(WEIGHTS, **{field_of(methodologist, "Pressure"): "0.6"}, **REASON)
    signs = field_of(other, "Signs")
    answer = other.submit_form(opened, action=None, **{signs: "0.7"}, reason="Another view.")

    assert answer.status_code == 409
    said = text_of(answer)
    assert "another draft was saved since you opened this" in said
    assert "Weight of Pressure in Risk: 0.6 → 0.4." in said
    assert "Weight of Signs in Risk: 0.4 → 0.7." in said
    assert drafts_in(database) == [(2, 0.6)]

    assert other.submit_form(answer, action=None).status_code == 302
    assert drafts_in(database) == [(3, 0.4)]


def test_a_form_of_another_tree_is_read_by_the_tree_it_showed(
    methodologist: StrictClient, database: Database, now: datetime
) -> None:
    """The product brought another catalogue meanwhile: fields have other numbers now, and none is mixed up."""
    opened, signs = methodologist.get(WEIGHTS), field_of(methodologist, "Signs")
    with database.writing() as session:
        row = session.get_one(MethodVersion, 1)
        row.made_by = 1  # so that what the product brings is a draft beside it
        session.flush()
        catalogue = read_catalogue()
        fewer = tuple(one for one in catalogue.indicators if one.key != "independence_of_courts")
        load_method(session, type(catalogue)(catalogue.criteria, fewer, catalogue.sources, catalogue.terms), now=now)
    answer = methodologist.submit_form(opened, action=None, **{signs: "0.7"}, **REASON)

    assert answer.status_code == 409
    differs = [str(one) for one in parsed(answer).xpath("//ul[@class='changes']/li/text()")]
    assert differs == ["Weight of Signs in Risk: 0.4 → 0.7."]


def test_nothing_is_mass_assigned(methodologist: StrictClient, database: Database) -> None:
    token = token_on(methodologist, WEIGHTS)
    sent = {**form_values(methodologist, WEIGHTS), field_of(methodologist, "Pressure"): "0.6", "csrf_token": token}
    more = {"number": "77", "made_by": "9", "in_force_since": "2026-03-16", "firm_from": "0.1", **REASON}
    methodologist.post(WEIGHTS, data=sent | more)
    with database.reading() as session:
        [row] = versions.drafts_of_method(session)
        assert (row.number, row.in_force_since, row.content["firm_from"]) == (2, None, 0.6)
        assert row.made_by != 9


def form_values(client: StrictClient, path: str) -> dict[str, str]:
    [form] = [one for one in parsed(client.get(path)).forms if one.get("action") == path]
    return dict(form.form_values())


# ---- rules ----


def test_a_changed_rule_is_saved_as_a_draft(methodologist: StrictClient, database: Database) -> None:
    answer = methodologist.submit(RULE, warning="65", alarm="85.5", quiet_days="30", **REASON)

    assert answer.headers["Location"] == f"{RULE}/versions/2"
    [row] = rule_drafts(database)
    rule = Rule.from_plain(row.content)
    assert (rule.lines, rule.quiet_days) == ({Severity.WARNING: 65, Severity.ALARM: 85.5}, 30)
    assert row.speaks
    said = text_of(methodologist.get(answer.headers["Location"]))
    assert "Line of a warning: 60 → 65. Line of an alarm: none → 85.5." in said


def test_what_nobody_touched_stays_as_it_was(methodologist: StrictClient, database: Database) -> None:
    with database.reading() as session:
        before = next(one.rule for one in rules.in_force(session) if one.rule.key == "rising_criterion")
    methodologist.submit("/method/rules/rising_criterion", months="6", **REASON)
    [row] = rule_drafts(database)
    assert Rule.from_plain(row.content).as_plain() == before.as_plain() | {"months": 6}


@pytest.mark.parametrize("rule", ["high_risk", "rising_criterion", "rule_of_law_breakdown", "worsening_together"])
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_rule_sent_back_as_it_was_is_no_change(methodologist: StrictClient, rule: str) -> None:
    answer = methodologist.submit(f"/method/rules/{rule}", **REASON)
    assert "This is what version 1 says" in error_at(answer, "reason")


def test_a_rule_can_be_made_silent(methodologist: StrictClient, database: Database) -> None:
    sent = form_values(methodologist, RULE) | REASON
    del sent["speaks"]
    methodologist.post(RULE, data=sent)
    [row] = rule_drafts(database)
    assert row.speaks is False
    assert "It speaks no more." in text_of(methodologist.get(f"{RULE}/versions/2"))


@pytest.mark.parametrize(
    ("sent", "at", "problem"),
    [
        ({"warning": "0"}, "warning", "a line must lie above 0"),
        ({"warning": "100.5"}, "warning", "reaches no further than 100"),
        ({"warning": "60", "notice": "70"}, "warning", "raise it above the line of the milder severity, 70"),
        ({"warning": ""}, "notice", "There is no line"),
        ({"warning": "x"}, "warning", "Enter a number, such as 1.5."),
        ({"margin": "60"}, "margin", "nothing would ever clear"),
        ({"margin": ""}, "margin", "Enter a number."),
        ({"quiet_days": "1.5"}, "quiet_days", "give a whole number from 0 to 3650"),
        ({"quiet_days": "3651"}, "quiet_days", "give a whole number from 0 to 3650"),
        ({"purpose": ""}, "purpose", "Say why the rule is there"),
        ({"purpose": " "}, "purpose", "write it out"),
        ({"reason": ""}, "reason", "Say why"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_is_wrong_with_a_rule_is_said_at_the_field(
    methodologist: StrictClient, database: Database, sent: dict[str, str], at: str, problem: str
) -> None:
    answer = methodologist.submit(RULE, **REASON | sent)
    assert answer.status_code == 422
    assert problem in error_at(answer, at)
    assert rule_drafts(database) == []


def test_a_rule_that_looks_at_nothing_is_refused(methodologist: StrictClient, database: Database) -> None:
    sent = form_values(methodologist, RULE) | REASON
    del sent["nodes"]
    answer = methodologist.post(RULE, data=sent)
    assert (answer.status_code, "name what the rule looks at" in text_of(answer)) == (422, True)
    assert methodologist.post(RULE, data=sent | {"nodes": "nowhere"}).status_code == 422
    assert rule_drafts(database) == []


def test_a_parameter_of_another_kind_does_not_exist(methodologist: StrictClient, database: Database) -> None:
    page = parsed(methodologist.get(RULE))
    assert page.xpath("//input[@name='months']") == []
    methodologist.post(RULE, data=form_values(methodologist, RULE) | REASON | {"warning": "65", "months": "7"})
    [row] = rule_drafts(database)
    assert row.content["months"] == 0


@BOTH_ENGINES
def test_two_who_change_the_same_rule_see_both_and_decide(
    methodologist: StrictClient, sign_in_as: SignInAs, database: Database
) -> None:
    other = sign_in_as(Role.METHODOLOGIST)
    opened = other.get(RULE)
    methodologist.submit(RULE, warning="65", **REASON)
    answer = other.submit_form(opened, action=None, warning="70", reason="Another view.")

    assert answer.status_code == 409
    assert "Line of a warning: 65 → 70." in text_of(answer)
    assert [Rule.from_plain(row.content).lowest_line for row in rule_drafts(database)] == [65]
    assert other.submit_form(answer, action=None).status_code == 302
    assert [Rule.from_plain(row.content).lowest_line for row in rule_drafts(database)] == [70]


@pytest.mark.parametrize(("key", "status"), [("manual", 409), ("no_such_rule", 404)])
def test_where_there_is_nothing_to_set_the_page_says_so(methodologist: StrictClient, key: str, status: int) -> None:
    assert methodologist.get(f"/method/rules/{key}").status_code == status


# ---- switching on ----


@pytest.fixture
def evidence(database: Database, now: datetime) -> None:
    with database.writing() as session:
        recorded(session, "militias", 3.0, on=date(2026, 3, 15), at=now)


@BOTH_ENGINES
@pytest.mark.usefixtures("evidence")
def test_a_version_is_on_its_way_and_then_in_force(
    methodologist: StrictClient, database: Database, settings: Settings, now: datetime
) -> None:
    methodologist.submit(WEIGHTS, **{field_of(methodologist, "Pressure"): "0.6"}, **REASON)
    draft = methodologist.get("/method/versions/2")
    answer = methodologist.submit_form(draft, action="/method/versions/2/switch-on")
    assert answer.headers["Location"] == "/method/versions/2"

    waiting = text_of(methodologist.get("/method/versions/2"))
    assert "Version 2 is being worked out Scores of 0 of 1 countries are there." in waiting
    assert "No worker is running" in waiting
    assert "Version 2 is being worked out" in text_of(methodologist.get("/method"))
    assert "Switch it on" not in waiting

    bring_into_force(Shift(settings, database, clock=lambda: now, stopping=lambda: False))
    done = text_of(methodologist.get("/method/versions/2"))
    assert "It is what is in force." in done
    assert "being worked out" not in done + text_of(methodologist.get("/method"))


@pytest.mark.usefixtures("evidence")
def test_what_is_on_its_way_can_be_called_off(methodologist: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        drafts.a_draft(session, 1, now=now)
    methodologist.submit_form(methodologist.get("/method/versions/2"), action="/method/versions/2/switch-on")
    page = methodologist.get("/method/versions/2")
    methodologist.submit_form(page, action="/method/versions/2/discard")
    assert "discarded" in text_of(methodologist.get("/method/versions/2"))
    assert "being worked out" not in text_of(methodologist.get("/method"))


def test_a_rule_is_in_force_at_once(methodologist: StrictClient, database: Database) -> None:
    methodologist.submit(RULE, warning="65", **REASON)
    draft = methodologist.get(f"{RULE}/versions/2")
    answer = methodologist.submit_form(draft, action=f"{RULE}/versions/2/switch-on")

    assert answer.headers["Location"] == f"{RULE}/versions"
    assert "It is in force, and every watched country was looked at." in text_of(methodologist.get(f"{RULE}/versions"))
    with database.reading() as session:
        assert next(one for one in rules.in_force(session) if one.rule.key == "weak_rule_of_law").number == 2


@BOTH_ENGINES
@pytest.mark.parametrize("path", ["/method/versions/2", f"{RULE}/versions/2"])
def test_what_is_in_force_has_changed_since_the_page_was_opened(
    methodologist: StrictClient, database: Database, now: datetime, path: str
) -> None:
    with database.writing() as session:
        drafts.a_draft(session, 1, now=now)
        drafts.a_draft(session, 1, now=now, of_rule="weak_rule_of_law")
    for shown in ("2", "0", "", "x", "99999999999"):
        token = {"csrf_token": token_on(methodologist, "/account"), "shown": shown}
        assert methodologist.post(f"{path}/switch-on", data=token).status_code == 409
    assert len(drafts_in(database)) == len(rule_drafts(database)) == 1


@pytest.mark.parametrize("path", ["/method/versions/2", f"{RULE}/versions/2"])
def test_a_draft_is_discarded_and_is_none_any_more(
    methodologist: StrictClient, database: Database, now: datetime, path: str
) -> None:
    with database.writing() as session:
        drafts.a_draft(session, 1, now=now)
        drafts.a_draft(session, 1, now=now, of_rule="weak_rule_of_law")
    opened = methodologist.get(path)
    assert methodologist.submit_form(opened, action=f"{path}/discard").status_code == 302
    assert "discarded" in text_of(methodologist.get(path))
    for act in ACTS:
        assert methodologist.submit_form(opened, action=f"{path}/{act}").status_code == 409


@pytest.mark.parametrize("path", ["/method/versions/9", f"{RULE}/versions/9", "/method/rules/none/versions/1"])
def test_a_version_that_does_not_exist_is_no_page(methodologist: StrictClient, path: str) -> None:
    token = {"csrf_token": token_on(methodologist, "/account"), "shown": "1"}
    assert [methodologist.get(path + rest).status_code for rest in ("", "/preview")] == [404, 404]
    assert [methodologist.post(f"{path}/{act}", data=token).status_code for act in ACTS] == [404, 404]


# ---- the preview ----


def history(database: Database, now: datetime, iso3: str, handling: Mark = Mark.CLEAR) -> None:
    """The rule of law went from good to bad within the last half year."""
    keys = ("independence_of_courts", "obedience_to_rulings", "emergency_powers", "limits_on_power", "elections_kept")
    with database.writing() as session:
        for key in keys:
            for on, level in ((date(2025, 12, 31), 1.0), (date(2026, 1, 31), 3.0), (date(2026, 2, 28), 3.0)):
                recorded(session, key, level, on=on, at=now, iso3=iso3, handling=handling)


def cells(client: StrictClient, path: str, section: str, first: str) -> list[str]:
    """Of the row of that section that begins so."""
    rows = parsed(client.get(path)).xpath(f"//section[@aria-labelledby='{section}']//tr[th[@scope='row']]")
    found = [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in rows]
    return next(row for row in found if row[0] == first)[1:]


@BOTH_ENGINES
def test_the_preview_sets_the_draft_beside_what_is_in_force(
    methodologist: StrictClient, database: Database, now: datetime
) -> None:
    history(database, now, "MLI")
    with database.writing() as session:
        drafts.a_draft(session, 1, now=now, of_rule="weak_rule_of_law", line=76)
    path = f"{RULE}/versions/2/preview"

    # in force: one warning, open today; with the draft: none
    assert cells(methodologist, path, "by-rule", "Weak rule of law") == ["0", "1", "0", "1", "0", "0", "0", "0"]
    assert cells(methodologist, path, "where", "Mali") == ["1", "0", "1", "0"]
    said = text_of(methodologist.get(path))
    assert "1 flags raised by what is in force 0 flags raised by the draft" in said
    assert "Shared among 1 analyst." in said
    assert "Intervals are approximated, not drawn." in said


def test_the_preview_of_a_method_names_whose_level_would_change(
    methodologist: StrictClient, database: Database, now: datetime
) -> None:
    history(database, now, "MLI")
    names = [field_of(methodologist, label) for label in ("Pressure", "Signs")]
    needs = [
        str(one) for one in parsed(methodologist.get(WEIGHTS)).xpath("//input[starts-with(@name, 'needs-')]/@name")
    ]
    typed = dict.fromkeys(needs[:4], "0.01") | {names[0]: "0.5"}
    methodologist.submit(WEIGHTS, **typed, **REASON)

    assert cells(methodologist, "/method/versions/2/preview", "moved", "Mali") == ["not enough evidence", "high"]


def test_the_preview_tells_nothing_of_what_its_reader_may_not_see(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    history(database, now, "MLI")
    history(database, now, "NER", handling=Mark.AMBER)
    everything = sign_in_as(Role.METHODOLOGIST, clearance=Mark.AMBER)
    with database.writing() as session:
        drafts.a_draft(session, 1, now=now, of_rule="weak_rule_of_law", line=76)
    path = f"{RULE}/versions/2/preview"
    said = {
        "all": text_of(everything.get(path)),
        "less": text_of(sign_in_as(Role.METHODOLOGIST, clearance=Mark.GREEN).get(path)),
        "elsewhere": text_of(sign_in_as(Role.METHODOLOGIST, clearance=Mark.RED, countries=["NER"]).get(path)),
    }
    assert {name: ("Mali" in text, "Niger" in text) for name, text in said.items()} == {
        "all": (True, True),
        "less": (True, False),
        "elsewhere": (False, True),
    }


def test_where_nothing_differs_the_preview_says_so(
    methodologist: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        drafts.a_draft(session, 1, now=now)
    said = text_of(methodologist.get("/method/versions/2/preview"))
    assert "In no country: the draft would have raised the same flags." in said
    assert "Nobody’s." in said
