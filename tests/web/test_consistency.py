"""Is like treated alike? The pairs, the notes that say why not, and the statement of the year."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import situations
from tests.responses import Hand
from tests.strict_client import StrictClient, form_on, parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.situation import CloseReason, SituationState, Verdict
from tracker.storage import methods, scores
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Flag, Situation
from tracker.storage.responding import ConsistencyNote
from tracker.workings import Scores

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PAIR = "/consistency/2026/MLI/NER"
LINK = "/consistency?who=all&kind=coverage"
WORDS = "The court in Niamey sat at once; in Bamako it had been dissolved."


@pytest.fixture
def told(database: Database, now: datetime) -> None:
    """Mali and Niger cannot be told apart; for Mali a measure was decided, and another declined, for Niger nothing."""
    with database.writing() as session:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        for iso3 in ("MLI", "NER"):
            _score(session, iso3, now)
        _flag, mali = situations.raised(session, iso3="MLI", now=now - timedelta(days=20))
        situations.raised(session, iso3="NER", now=now - timedelta(days=19))
        hand = Hand(session, by, now - timedelta(days=15))
        hand.decide(hand.propose(mali))
        hand.decline(hand.propose(mali, title="Sanctions against the junta"), words="They would close the border.")


@pytest.fixture
def three(told: None, database: Database, now: datetime) -> None:
    """Chad is like Mali and Niger. The same flag was confirmed for Mali, and discarded for Niger."""
    with database.writing() as session:
        _score(session, "TCD", now)
        situations.raised(session, iso3="TCD", now=now - timedelta(days=18))
        desk = situations.Desk(session, situations.somebody(session, Role.REVIEWER, now=now), now - timedelta(days=9))
        for iso3, verdict in (("MLI", Verdict.CONFIRMED), ("NER", Verdict.DISCARDED)):
            [flag] = session.scalars(select(Flag).where(Flag.iso3 == iso3))
            desk.move(session.get_one(Situation, flag.situation_id), SituationState.VERIFYING)
            desk.judge(flag, verdict, words=f"What was seen in {iso3}.")


def _score(session: Session, iso3: str, now: datetime, *, coverage: float = 0.6) -> None:
    """Of both the same, so that nobody could tell them apart."""
    found = methods.in_force(session)
    assert found is not None
    number, method = found
    leaves, branches = len(method.tree.leaves), len(method.tree.branches)
    made = Scores(np.full(leaves, 50.0), *(np.full(branches, value) for value in (50.0, coverage, 40.0, 60.0)))
    draws = np.random.default_rng(len(iso3)).normal(50, 5, method.trust.draws)
    scores.keep(session, number, iso3, Mark.CLEAR, scores.Now(Mark.CLEAR, now.date(), made, draws, None, None))


@pytest.mark.usefixtures("told")
def test_a_pair_is_told_in_a_sentence_with_what_was_written_then(sign_in_as: SignInAs) -> None:
    said = text_of(sign_in_as(Role.READER).get("/consistency?who=all"))

    assert "For Mali 1 measure was decided; for Niger none was even proposed." in said
    assert "Mali, declined: Sanctions against the junta: They would close the border." in said


@pytest.mark.parametrize(("iso3", "reasons"), [("MLI", 0), ("NER", 1)])
def test_why_a_measure_was_declined_is_the_reason_where_none_was_decided_alone(
    told: None, sign_in_as: SignInAs, database: Database, now: datetime, iso3: str, reasons: int
) -> None:
    with database.writing() as session:
        by = situations.somebody(session, Role.REVIEWER, now=now)
        [found] = session.scalars(select(Situation).where(Situation.iso3 == iso3))
        hand = Hand(session, by, now - timedelta(days=1))
        hand.decline(hand.propose(found, title="Talks"), words="They would not come.")
    said = text_of(sign_in_as(Role.READER).get("/consistency?who=all"))
    assert ("1 of them without a written reason" in said) is (reasons == 0)


@pytest.mark.parametrize("query", ["?group=asean&who=all", "?kind=coverage&who=all", "?year=2024&who=all"])
@pytest.mark.usefixtures("told")
def test_pairs_are_narrowed_by_the_address(sign_in_as: SignInAs, query: str) -> None:
    assert "Mali and Niger" not in text_of(sign_in_as(Role.READER).get(f"/consistency{query}"))


@pytest.mark.usefixtures("told")
def test_why_is_written_down_once_and_stands_in_the_statement(sign_in_as: SignInAs, database: Database) -> None:
    analyst = sign_in_as(Role.ANALYST)
    page = analyst.get(PAIR)

    for _twice in range(2):
        analyst.submit_form(page, action=PAIR, words=WORDS)

    reader = sign_in_as(Role.READER)
    for address in (PAIR, "/consistency/2026/NER/MLI", "/consistency?who=all", "/consistency/2026?who=all"):
        assert WORDS in text_of(reader.get(address)), address
    assert WORDS in reader.get("/consistency/pairs.csv?who=all").get_data(as_text=True)
    with database.reading() as session:
        assert len(session.scalars(select(ConsistencyNote)).all()) == 1


@pytest.mark.usefixtures("told")
def test_an_empty_note_comes_back(sign_in_as: SignInAs) -> None:
    answer = sign_in_as(Role.ANALYST).submit(PAIR, words="  ")

    assert answer.status_code == 422
    assert "Say why they were not treated alike" in text_of(answer)


@pytest.mark.usefixtures("told")
def test_a_note_of_a_higher_mark_leaves_no_trace_below_it(sign_in_as: SignInAs) -> None:
    reader = sign_in_as(Role.READER, clearance=Mark.AMBER)
    pages = (PAIR, "/consistency?who=all", "/consistency/2026?who=all")
    before = {page: text_of(reader.get(page)) for page in pages}

    sign_in_as(Role.ANALYST, clearance=Mark.RED).submit(PAIR, words=WORDS, handling=str(int(Mark.RED)))

    assert {page: text_of(reader.get(page)) for page in pages} == before


@pytest.mark.usefixtures("told")
def test_a_pair_with_a_country_of_others_does_not_exist(sign_in_as: SignInAs) -> None:
    desk = sign_in_as(Role.ANALYST, countries=["MLI"])

    for address in (PAIR, "/consistency/2026/NER/MLI", "/consistency/2026/MLI/XXX", "/consistency/2026/MLI/MLI"):
        assert desk.get(address).status_code == 404, address
    assert "Niger" not in text_of(desk.get("/consistency?who=all"))
    assert "Niger" not in text_of(desk.get("/consistency/2026?who=all"))


@pytest.mark.usefixtures("told")
def test_who_may_only_read_is_offered_no_form_and_sends_none(sign_in_as: SignInAs) -> None:
    reader = sign_in_as(Role.READER)

    assert "Write down why" not in text_of(reader.get(PAIR))
    assert reader.get("/consistency/2027").status_code == 404


@pytest.mark.usefixtures("told")
def test_what_was_typed_when_a_session_ended_is_there_again(sign_in_as: SignInAs, now: datetime) -> None:
    analyst: StrictClient = sign_in_as(Role.ANALYST)
    page = analyst.get(PAIR)
    with analyst.session_transaction() as cookie:
        cookie["seen"] = now.timestamp() - 100_000
    analyst.submit_form(page, action=PAIR, words=WORDS)
    with analyst.session_transaction() as cookie:
        cookie["seen"] = now.timestamp()

    assert form_on(analyst.get(PAIR), PAIR).fields["words"].strip() == WORDS


@pytest.mark.usefixtures("told")
def test_the_statement_says_what_was_not_decided_and_how_soon_the_rest_was(sign_in_as: SignInAs) -> None:
    said = " ".join(text_of(sign_in_as(Role.READER).get("/consistency/2026?who=all")).split())

    assert "For 1 situation nothing was decided or declined: Niger" in said
    assert "Western Africa" in said


def in_a_line(answer: TestResponse) -> str:
    return " ".join(text_of(answer).split())


@pytest.mark.usefixtures("three")
def test_several_that_are_alike_stand_side_by_side(sign_in_as: SignInAs) -> None:
    page = sign_in_as(Role.READER).get("/consistency?who=all&as=groups")

    said = in_a_line(page)
    assert "3 countries with a risk of 50 to 50" in said
    assert "was confirmed for Mali and discarded for Niger." in said
    rows = {
        row.xpath("string(th)"): [" ".join(cell.text_content().split()) for cell in row.xpath("td/div")]
        for row in parsed(page).xpath("//table//tbody/tr")
    }
    # of its two measures one was decided, and one declined
    assert rows["Mali"] == ["50 (40 to 60)", "1", "0", "5 days", "2", "1", "60%", "2 of 2 others"]
    assert rows["Niger"][1:3] == ["0", "1"]
    assert rows["Chad"][3:6] == ["18 days or more", "0", "0"]


@pytest.mark.usefixtures("three")
def test_of_a_group_a_desk_is_told_of_its_own_countries_alone(sign_in_as: SignInAs) -> None:
    desk = sign_in_as(Role.READER, countries=["NER", "TCD"])

    for address in ("/consistency?who=all&as=groups", "/consistency/2026?who=all"):
        said = in_a_line(desk.get(address))
        assert "Mali" not in said, address
        assert "countries with a risk of" not in said, address
    assert "1 pair of countries calls for attention" in in_a_line(desk.get("/consistency?who=all&as=groups"))


@pytest.mark.usefixtures("three")
def test_why_a_flag_was_discarded_explains_the_verdicts_alone(sign_in_as: SignInAs) -> None:
    said = in_a_line(sign_in_as(Role.READER).get(PAIR))

    assert "Niger, discarded:" in said
    assert "What was seen in NER." in said
    assert "no reason is written for: Measures, Days to a decision" in said


@pytest.mark.usefixtures("three")
def test_the_statement_is_of_everything_whatever_the_list_is_narrowed_to(sign_in_as: SignInAs) -> None:
    reader = sign_in_as(Role.READER)

    whole = in_a_line(reader.get("/consistency/2026?who=all"))
    assert "Verdicts 1" in whole
    assert "Side by side" not in whole
    assert "3 countries with a risk of 50 to 50" in whole
    for narrower in ("kind=coverage", "only=unexplained", "as=groups"):
        assert in_a_line(reader.get(f"/consistency/2026?who=all&{narrower}")) == whole, narrower


@pytest.mark.usefixtures("three")
def test_a_narrowed_list_does_not_say_that_there_are_fewer(sign_in_as: SignInAs) -> None:
    page = sign_in_as(Role.READER).get("/consistency?who=all&kind=verdicts")

    assert "2 were not treated alike, 2 of them without a written reason" in in_a_line(page)
    assert [name.text_content().strip() for name in parsed(page).xpath("//ol[@class='pairs']//h3")] == [
        "Mali and Niger"
    ]


def test_a_situation_that_was_closed_before_any_decision_is_not_called_none(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for iso3 in ("MLI", "NER"):
            _score(session, iso3, now)
        _flag, mali = situations.raised(session, iso3="MLI", now=now - timedelta(days=20))
        mali.state, mali.closed_at, mali.due_on = SituationState.CLOSED, now - timedelta(days=2), None
        mali.close_reason = CloseReason.RESOLVED

    said = in_a_line(sign_in_as(Role.READER).get(PAIR))

    assert "Days to a decisionclosed before anyno situation" in said


def test_countries_that_are_unlike_in_nothing_but_what_is_known_are_counted_and_told_when_asked_for(
    sign_in_as: SignInAs, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for iso3, coverage in (("MLI", 0.9), ("NER", 0.3), ("TCD", 0.2)):
            _score(session, iso3, now, coverage=coverage)
    reader = sign_in_as(Role.READER)

    page = reader.get("/consistency?who=all")

    assert "2 pairs are unlike in nothing but how much is known:" in in_a_line(page)
    assert "Mali 90% is known; of 2 like it 30% at most" in in_a_line(page)
    assert "Known unevenly" in in_a_line(reader.get("/consistency/2026?who=all"))
    for address, told in (("/consistency?who=all", []), (LINK, ["Mali and Chad", "Mali and Niger"])):
        names = parsed(reader.get(address)).xpath("//ol[@class='pairs']//h3")
        assert [name.text_content().strip() for name in names] == told, address
    assert f'href="{LINK.replace("&", "&amp;")}"' in page.text
