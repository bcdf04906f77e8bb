"""Is like treated alike? The pairs, the notes that say why not, and the statement of the year."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import select

from tests import situations
from tests.responses import Hand
from tests.strict_client import StrictClient, form_on, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage import methods, scores
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Situation
from tracker.storage.responding import ConsistencyNote
from tracker.workings import Scores

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PAIR = "/consistency/2026/MLI/NER"
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


def _score(session: Session, iso3: str, now: datetime) -> None:
    """Of both the same, so that nobody could tell them apart."""
    found = methods.in_force(session)
    assert found is not None
    number, method = found
    leaves, branches = len(method.tree.leaves), len(method.tree.branches)
    made = Scores(np.full(leaves, 50.0), *(np.full(branches, value) for value in (50.0, 0.6, 40.0, 60.0)))
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
