"""The audit log can be read, searched, exported and verified, by administrators."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests import factories
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Role
from tracker.actions.audit import record
from tracker.storage import audit_entries
from tracker.storage.base import Database
from tracker.web.audit_list import changes_of


@pytest.fixture
def administrator(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.ADMINISTRATOR, name="Kofi", time_zone="Africa/Nairobi")


@pytest.fixture
def log(database: Database, now: datetime) -> None:
    """Four entries of three days, the first of them about Ana, by Émile."""
    with database.writing() as session:
        ana = factories.person(session, name="Ana", email="lima@example.org", created_at=now)
        emile = factories.person(session, name="Émile Zola", email="ez@example.org", created_at=now)
        roles = {"roles": ["reader"], "clearance": "TLP:GREEN"}
        subject, after = f"person {ana.id}", roles | {"roles": []}
        record(session, "access changed", subject, by=emile.id, now=now, before=roles, after=after)
        record(session, "country watched", "country MLI", by=None, now=now + timedelta(days=1), reason="=1+1")
        record(session, "country watched", "country NER", by=None, now=now + timedelta(days=1))
        late = datetime(2026, 3, 17, 21, 30, tzinfo=UTC)  # on the 18th in Nairobi
        record(session, "person renamed", "person 999", by=None, now=late, before={"name": "A"}, after={"name": "B"})


def shown(client: StrictClient, query: str = "") -> list[str]:
    """Action and subject of each entry on the page."""
    rows = parsed(client.get(f"/audit?{query}")).xpath("//main//tbody/tr")
    return [f"{row.findtext('th')}: {row.xpath('string(td[4])').split(' (')[0]}" for row in rows]


@BOTH_ENGINES
def test_the_newest_stands_first(administrator: StrictClient, log: None) -> None:
    assert shown(administrator)[:4] == [
        "person renamed: person 999",
        "country watched: country NER",
        "country watched: country MLI",
        "access changed: Ana",
    ]


@BOTH_ENGINES
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=mli", ["country watched: country MLI"]),
        ("q=Ana", ["access changed: Ana"]),
        ("q=lima@", ["access changed: Ana"]),
        ("q=zola", ["access changed: Ana"]),
        ("q=EMILE", ["access changed: Ana"]),
        ("q=%C3%A9mile", ["access changed: Ana"]),
        ("q=EZ@example", ["access changed: Ana"]),
        ("q=%3D1", ["country watched: country MLI"]),
        ("action=country+watched", ["country watched: country NER", "country watched: country MLI"]),
        ("from=2026-03-18", ["person renamed: person 999"]),
        ("from=2026-03-17&to=2026-03-17", ["country watched: country NER", "country watched: country MLI"]),
        ("action=country+watched&q=NER", ["country watched: country NER"]),
        ("q=no+such+words", []),
    ],
)
def test_the_log_can_be_searched_by_words_action_and_days_of_the_reader(
    administrator: StrictClient, log: None, query: str, expected: list[str]
) -> None:
    assert shown(administrator, query) == expected


@BOTH_ENGINES
def test_words_find_what_was_done_about_somebody_whose_name_has_accents(
    administrator: StrictClient, database: Database, log: None, now: datetime
) -> None:
    with database.writing() as session:
        ines = factories.person(session, name="Inês Łukasz-Ørsted", created_at=now)
        record(session, "person deactivated", f"person {ines.id}", by=None, now=now)
    for query in ("ines", "lukasz-orsted", "INÊS"):
        assert shown(administrator, f"q={query}") == ["person deactivated: Inês Łukasz-Ørsted"]


@BOTH_ENGINES
def test_who_did_it_cannot_pass_for_another_of_the_same_name(
    administrator: StrictClient, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        both = [factories.person(session, name="Kofi Annan", created_at=now) for _ in range(2)]
        for kofi in both:
            record(session, "counted", "number 1", by=kofi.id, now=now)
    rows = parsed(administrator.get("/audit?action=counted")).xpath("//main//tbody/tr/td[3]")
    told = [" ".join(row.text_content().split()) for row in rows]
    assert told == [f"Kofi Annan (person {kofi.id}) {kofi.email}" for kofi in reversed(both)]


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=" + "9" * 40, "from=yesterday", "to=9999-12-31", "from=0001-01-01", "q=" + "%25" * 200],
)
def test_what_cannot_be_understood_narrows_nothing_and_breaks_nothing(
    administrator: StrictClient, log: None, query: str
) -> None:
    assert administrator.get(f"/audit?{query}").status_code == 200


@BOTH_ENGINES
def test_fifty_entries_stand_on_a_page(administrator: StrictClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for number in range(120):
            record(session, "counted", f"number {number}", by=None, now=now)
    pages = [shown(administrator, f"action=counted&page={page}") for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert len({entry for page in pages for entry in page}) == 120
    first = administrator.get("/audit?action=counted")
    assert "1 to 50 of 120" in text_of(first)
    assert not parsed(first).xpath("//a[@rel='prev']")
    [following] = parsed(first).xpath("//a[@rel='next']/@href")
    assert "51 to 100 of 120" in text_of(administrator.get(str(following)))


def test_only_what_differs_is_told() -> None:
    before = {"name": "A", "roles": ["reader"], "sees_all": True, "same": 1}
    after = {"name": "B", "roles": [], "sees_all": False, "same": 1, "new": {"a": 1}}
    told = [(change.what, change.before, change.after) for change in changes_of(before, after)]
    assert told == [
        ("name", "A", "B"),
        ("roles", "reader", "none"),
        ("sees all", "yes", "no"),
        ("new", "", '{"a": 1}'),
    ]
    assert [(change.before, change.after) for change in changes_of(None, {"name": "A"})] == [("", "A")]
    assert [(change.before, change.after) for change in changes_of({"name": "A"}, None)] == [("A", "")]


def test_a_difference_is_marked_as_removed_and_added(administrator: StrictClient, log: None) -> None:
    [row] = parsed(administrator.get("/audit?action=person+renamed")).xpath("//main//tbody/tr")
    assert (row.xpath("string(.//del)"), row.xpath("string(.//ins)")) == ("A", "B")


def test_the_export_holds_what_was_searched_and_runs_nothing(administrator: StrictClient, log: None) -> None:
    answer = administrator.get("/audit.csv?action=country+watched")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [row["subject"] for row in rows] == ["country NER", "country MLI"]
    assert rows[1]["reason"] == "'=1+1"
    assert len(rows[0]["hash"]) == 64
    assert "by_person" in rows[0]


@BOTH_ENGINES
def test_the_page_says_whether_the_chain_is_sound(administrator: StrictClient, database: Database, log: None) -> None:
    page = text_of(administrator.get("/audit/verification"))
    with database.reading() as session:
        number, head = audit_entries.head(session)
    assert f"{number} entries were checked: the chain is sound." in page
    assert head in page
    assert head in text_of(administrator.get("/audit"))


@BOTH_ENGINES
def test_the_page_names_the_first_altered_entry(administrator: StrictClient, database: Database, log: None) -> None:
    triggers = {
        "sqlite": "DROP TRIGGER audit_entries_forbid_update",
        "postgresql": "DROP TRIGGER audit_entries_forbid_change ON audit_entries",
    }
    with database.writing() as session:
        session.execute(text(triggers[database.engine.dialect.name]))
        session.execute(text("UPDATE audit_entries SET reason = 'another' WHERE subject = 'country NER'"))
        altered = session.scalar(text("SELECT number FROM audit_entries WHERE subject = 'country NER'"))
    assert f"Entry {altered} is not as it was written." in text_of(administrator.get("/audit/verification"))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_administrators_reads_the_log(sign_in_as: SignInAs, log: None, role: Role) -> None:
    stranger = sign_in_as(role)
    for path in ("/audit", "/audit.csv", "/audit/verification"):
        assert stranger.get(path).status_code == 403
