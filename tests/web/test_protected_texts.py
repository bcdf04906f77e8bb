"""What must not be told is told nowhere: unique words in every protected field, and every page as everybody."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import case_studies, factories, focal_points, situations
from tests.bundles import Office, wish
from tests.council_acts import council_act
from tests.deliveries import delivered
from tests.digests import subscribed
from tests.responses import Hand
from tests.situations import IN_SCOPE
from tests.strict_client import StrictClient, parsed
from tests.web.access_matrix import CAST, Asker
from tests.web.browsing import browser_of, somebody, token_on
from tests.web.conftest import BOTH_ENGINES, SignInAs
from tracker.access import Principal, Role
from tracker.actions import case_studies as telling
from tracker.actions.bundles import keys, receiving
from tracker.actions.codings import correcting
from tracker.actions.occasions import enter
from tracker.actions.situations.assessing import disagree
from tracker.actions.situations.attending import note
from tracker.actions.situations.dividing import split
from tracker.actions.situations.flagging import clear_flag, raise_flag
from tracker.assessment import Crime
from tracker.bundle import Contents, SharedAssessment
from tracker.case_study import Case, Part
from tracker.coding import CodingState
from tracker.exchange.brief.content import Brief
from tracker.exchange.brief.typesetting import given
from tracker.exchange.bundles import new_key, signed
from tracker.feed import FeedKind
from tracker.handling import Mark
from tracker.measure import FORCE_QUESTIONS, ForceTests, MeasureKind, Misgiving, Sphere
from tracker.occasion import OccasionKind
from tracker.rule import Severity
from tracker.situation import SituationState
from tracker.storage import catalogue, flags
from tracker.storage import situations as stored
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Situation
from tracker.storage.feeding import Webhook
from tracker.storage.principals import principal_of
from tracker.storage.readers import Visit
from tracker.storage.recording import Coding, Observation
from tracker.storage.responding import ConsistencyNote
from tracker.storage.revisions import Observed
from tracker.storage.watching import Source
from tracker.web.pages import briefs

LAST_MONTH = date(2026, 2, 28)
UNATTRIBUTABLE, RED_SOURCE, AMBER_SOURCE = "CANARYWHO", "CANARYRED", "CANARYAMBER"
# What another organisation concluded.
AMBER_TOLD = "CANARYTHEIRS"
# Whoever may see a value reads its note; a link would tell whose word it is.
NOTE, EVIDENCE = "CANARYNOTE", "CANARYLINK"
RED_NOTE, RED_REASON = "CANARYDEEPNOTE", "CANARYDEEPREASON"
RED_VALUE = "3.17"  # levels are whole numbers, so that no other figure looks like it
# Of what is on its way, and of what was set aside.
WAITING_WHO, WAITING_LINK, WAITING_RED = "CANARYSECOND", "CANARYPATH", "CANARYSECRET"
DISSENT_WHO, DISSENT_RED = "CANARYTHIRD", "CANARYQUIET"
# What somebody else was told, and where else they are told it.
MAIL_OF_ANOTHER, HOST_OF_ANOTHER = "CANARYMAIL", "canaryhost.example.org"
# What is said of a situation, of its flags and of the days to come, above its own mark.
SITUATION_RED = tuple(
    f"CANARY{where}"
    for where in (
        "REASON",
        "NOTED",
        "SUMMARY",
        "PEOPLE",
        "DISSENT",
        "VERDICT",
        "RAISED",
        "CLEARED",
        "PART",
        "DAY",
        "MOVE",
        "COUNCIL",
    )
)
# What is said of a measure, and who takes it, above the mark of its situation.
MEASURE_RED = tuple(
    f"CANARY{where}" for where in ("TITLE", "PROPOSAL", "DECIDER", "OWNER", "BUREAU", "REPORT", "LASTRESORT")
)
# Who holds the office of a focal point, and what a State asked for, above the reader's clearance.
NETWORK_RED = tuple(f"CANARY{where}" for where in ("HOLDER", "CONTACT", "NAMED", "ASKED", "NEEDED", "BEHALF"))
OFFICE = "Officeforall"
# What was told of a case above the reader's clearance, where it was written and why it was changed.
CASE_RED = tuple(f"CANARY{where}" for where in ("STUDY", "SEEN", "KNOWN", "LEARNT", "CITED", "ELSEWHERE", "REVISED"))
# Where a case of the past happened that no country of today stands for: it lies in everybody's scope.
OF_NO_COUNTRY = "CANARYELSEWHERE"
# Why two countries were not treated alike.
COMPARED_RED = "CANARYCOMPARED"
NEVER_TOLD = (UNATTRIBUTABLE, EVIDENCE, WAITING_WHO, WAITING_LINK, DISSENT_WHO, MAIL_OF_ANOTHER, HOST_OF_ANOTHER)
ONLY_RED = (
    RED_SOURCE,
    RED_VALUE,
    RED_NOTE,
    RED_REASON,
    WAITING_RED,
    DISSENT_RED,
    *SITUATION_RED,
    *MEASURE_RED,
    *NETWORK_RED,
    *CASE_RED,
    COMPARED_RED,
)
Reading = Callable[[Asker, Mark], str]
ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def canaries(database: Database, now: datetime) -> None:
    with database.writing() as session:
        common = {"on": LAST_MONTH, "recorded_at": now, "iso3": "MLI"}
        _unattributable(session, LAST_MONTH, now)
        factories.observation(
            session,
            indicator="emergency_powers",
            value=float(RED_VALUE),
            source_name=RED_SOURCE,
            handling=Mark.RED,
            note=RED_NOTE,
            reason=RED_REASON,
            evidence_url="https://example.org/CANARYDEEPLINK",
            **common,  # type: ignore[arg-type]
        )
        factories.observation(
            session,
            indicator="militias",
            value=1,
            source_name=AMBER_SOURCE,
            handling=Mark.AMBER,
            **common,  # type: ignore[arg-type]
        )
        _on_the_way(session, now)
        _done_about(session, now)
        _told_to_another(session, now)
        _in_the_network(session, now)
        _told_as_cases(session, now)
        _told_by_a_partner(session, now)


def _unattributable(session: Session, day: date, now: datetime) -> None:
    factories.observation(
        session,
        indicator="independence_of_courts",
        iso3="MLI",
        on=day,
        recorded_at=now,
        value=2,
        source_name=UNATTRIBUTABLE,
        attributable=False,
        handling=Mark.CLEAR,
        note=NOTE,
        evidence_url=f"https://example.org/{EVIDENCE}",
    )


def _told_by_a_partner(session: Session, now: datetime) -> None:
    by, pair = situations.somebody(session, Role.ADMINISTRATOR, now=now), new_key()
    keys.add_partner(session, "Desk A", pair.public, by=by, now=now)
    assessment = SharedAssessment(
        *("MLI", "", LAST_MONTH, (Crime.GENOCIDE,), "", 3, 3, None, "", AMBER_TOLD), mark=Mark.AMBER
    )
    file = signed(Contents(now, "Desk B", assessments=(assessment,)), pair.private)
    receiving.enter(session, receiving.bring(session, file, by=by, now=now).id, replace=False, by=by, now=now)


def _told_as_cases(session: Session, now: datetime) -> None:
    """One of a country, changed since; and one of no country of today."""
    title, seen, known, learnt, cited, elsewhere, revised = CASE_RED
    hidden: dict[str, Any] = {"handling": Mark.RED, "now": now}
    texts = {Part.SEEN: seen, Part.KNOWN: known, Part.LEARNT: learnt}
    link = f"https://example.org/{cited}"
    by = situations.somebody(session, Role.REVIEWER, now=now)
    made = case_studies.written(session, by=by, title=title, texts=texts, sources=(link,), **hidden)
    case_studies.written(session, by=by, title="Of the past", iso3=None, place=elsewhere, **hidden)
    again = replace(Case.read(made.content), title="Told anew")
    telling.change(session, made.id, again, reason=revised, seen=made.version, by=by, **hidden)


def _in_the_network(session: Session, now: datetime) -> None:
    """An office that everybody may know of, held by somebody whom only some may."""
    holder, contact, named, asked, needed, behalf = NETWORK_RED
    hidden: dict[str, Any] = {"handling": Mark.RED, "now": now}
    focal_points.appointed(
        session, office=OFFICE, name=holder, contact=contact, link=f"https://example.org/{named}", **hidden
    )
    focal_points.asked(session, title=asked, words=needed, on_behalf_of=behalf, **hidden)
    by = factories.person(session, clearance=Mark.RED, created_at=now).id
    pair: dict[str, Any] = {"iso3": "MLI", "other_iso3": "NER", "year": now.year, "words": COMPARED_RED}
    session.add(ConsistencyNote(**pair, handling=int(Mark.RED), at=now, by_id=by))


def _told_to_another(session: Session, now: datetime) -> None:
    other = factories.person(session, clearance=Mark.RED, created_at=now)
    digest = subscribed(session, person=other, now=now)
    session.add(Webhook(subscription_id=digest.id, host=HOST_OF_ANOTHER, sealed=MAIL_OF_ANOTHER, made_at=now))
    texts = {"subject": MAIL_OF_ANOTHER, "words": MAIL_OF_ANOTHER, "subscription": digest}
    delivered(session, other, now=now, handling=Mark.CLEAR, **texts)  # type: ignore[arg-type]


def _done_about(session: Session, now: datetime) -> None:
    """A situation that everybody may know of, with a part and with words of every kind that only some may read."""
    reason, noted, summary, population, dissent, verdict, raised, cleared, part, day, moved, acted = SITUATION_RED
    rita = situations.somebody(session, Role.REVIEWER, now=now)
    desk, marked = situations.Desk(session, rita, now), {"handling": Mark.RED, "by": rita, "now": now}
    flag, situation = situations.raised(session, now=now)
    desk.bring(flag, situation, SituationState.VERIFYING)
    hidden: dict[str, Any] = {"severity": Severity.ALARM, **marked}
    for words in (raised, cleared, reason):
        raise_flag(session, "MLI", words, **hidden)
    seen = {one.flag.id: one for one in flags.in_situation(session, situation.id, Mark.RED) if one.is_manual}
    first, second, third = sorted(seen)
    desk.judge(seen[first].flag, words=verdict)
    clear_flag(session, situation.id, second, cleared, by=rita, now=now)
    newest = situations.newest(session, situation, rita)
    north = split(session, situation.id, part, [third], seen=newest, by=rita, now=now)
    desk.move(north, SituationState.VERIFYING)
    desk.judge(seen[third].flag)
    desk.assess(north)
    desk.move(north, SituationState.MONITORING, words=moved)
    desk.judge(flag)
    concluded = replace(IN_SCOPE, summary=summary, population=population)
    desk.assess(situation, assessment=concluded, handling=Mark.RED)
    [assessment] = stored.assessments_in(stored.events(session, situation.id, Mark.RED))
    disagree(session, situation.id, assessment.event.id, dissent, **marked)  # type: ignore[arg-type]
    note(session, situation.id, noted, **marked)  # type: ignore[arg-type]
    enter(session, "MLI", OccasionKind.ELECTION, day, now.date(), **marked)  # type: ignore[arg-type]
    council_act(session, rita.person_id, words=acted, now=now).handling = Mark.RED
    _measure(session, situation, rita, now)


def _measure(session: Session, situation: Situation, by: Principal, now: datetime) -> None:
    """Force, under way and overdue: everything that can be said of a measure is said."""
    title, proposed, decider, owner, bureau, reported, last_resort = MEASURE_RED
    tests = ForceTests(**dict.fromkeys(FORCE_QUESTIONS, last_resort * 4), crimes=(Crime.GENOCIDE,))
    hand = Hand(session, by, now)
    force = {"kind": MeasureKind.FORCE, "sphere": Sphere.UNITED_NATIONS, "tests": tests, "noted": tuple(Misgiving)}
    one = hand.propose(situation, Mark.RED, title=title, words=proposed, **force)
    hand.start(hand.decide(one, decided_by=decider), owner=owner, organisation=bureau, owner_id=by.person_id)
    hand.report(one, now.date(), words=reported)
    one.due_on = now.date() - timedelta(days=1)


def _on_the_way(session: Session, now: datetime) -> None:
    """Answers that wait, one that was set aside, and a correction of what may not be attributed."""
    ana, ben = (factories.person(session, roles=[Role.ANALYST], clearance=Mark.RED, created_at=now) for _ in range(2))
    unnamed: dict[str, Any] = {"attributable": False, "handling": Mark.CLEAR, "now": now}
    link = f"https://example.org/{WAITING_LINK}"
    factories.coding(
        session, ana, indicator="limits_on_power", value=2, source=WAITING_WHO, evidence_url=link, **unnamed
    )
    red: dict[str, Any] = {"handling": Mark.RED, "now": now, "value": 2}
    for name in ("source", "note", "reason"):
        waiting: dict[str, Any] = red | {name: WAITING_RED + name}
        factories.coding(session, ben, indicator=RED_CODINGS[name], **waiting)
    for by, differing in ((ana, unnamed | {"source": DISSENT_WHO}), (ben, red | {"note": DISSENT_RED})):
        aside = factories.coding(session, by, indicator="independence_of_courts", **({"value": 4} | differing))
        aside.state, aside.settled_at, aside.settled_by = CodingState.SET_ASIDE, now, ana.id
    courts = Observed("MLI", catalogue.indicator_ids(session)["independence_of_courts"], LAST_MONTH)
    by_ana = principal_of(session, ana)
    kept = correcting.answer_before(session, correcting.newest_seen(session, courts, by_ana), by_ana)
    corrected = replace(kept, typed="1", source=WAITING_WHO, reason="Read again.")
    correcting.correct(session, courts, corrected, based_on=1, by=by_ana, now=now)


RED_CODINGS = {"source": "obedience_to_rulings", "note": "police_under_law", "reason": "corruption_in_justice"}
SHARED_UP_TO = (
    "/sharing/new?countries=MLI&since=2020-01-01&until=2026-03-16"
    "&parts=observations&parts=flags&parts=assessments&ceiling={}"
)
# Whoever knows an address need not follow a link to it.
KNOWN_ADDRESSES = (
    *("/", "/countries?who=all", "/no-such-page", "/healthz", "/audit.csv", "/system", "/review", "/review/MLI"),
    *(
        "/digests",
        "/digests/everybody",
        "/digests/deliveries",
        "/digests/deliveries.csv",
        "/digests/told",
        "/digests/1",
    ),
    *("/digests/told/1", "/digests/told/1/mail", "/digests/1/preview", "/digests/deliveries/1", "/system/jobs"),
    *("/search?q=canary", "/countries/MLI/brief.pdf", "/news", "/?who=all", "/dashboard.csv?who=all"),
    *(
        f"/countries/MLI/{key}/2026-02-28{act}"
        for key in ("independence_of_courts", "emergency_powers", "militias")
        for act in ("", "/correct", "/withdraw")
    ),
    *("/countries/MLI.csv", "/countries/MLI?window=all", "/compare?with=MLI&with=NER", "/compare.csv?with=MLI"),
    *(f"/countries/MLI/{key}" for key in ("independence_of_courts", "emergency_powers", "militias")),
    *(f"/countries/MLI/{key}.csv" for key in ("independence_of_courts", "emergency_powers", "militias")),
    *(f"/countries/list.csv?measure={key}" for key in ("independence_of_courts", "emergency_powers", "militias")),
    *("/sharing", "/sharing/1", "/sharing/1/bundle.json", SHARED_UP_TO.format(1), SHARED_UP_TO.format(2)),
    *("/network", "/network/list.csv", "/network/1", "/network/country/MLI", "/network/1/change", "/search?q=office"),
    *("/consistency?who=all", "/consistency/pairs.csv?who=all", "/consistency/2026", "/consistency/2026/MLI/NER"),
    *("/response-times?who=all", "/response-times.csv?who=all", "/regions?who=all", "/regions/african_union"),
    *("/assistance", "/assistance/list.csv", "/assistance/1", "/assistance/1/settle"),
    *("/responses", "/responses/1", "/responses/1/change", "/responses/list.csv"),
    *(
        "/practice?show=withdrawn",
        "/practice.csv",
        "/practice?q=canary",
        "/practice/1",
        "/practice/1/change",
        "/practice/2",
    ),
    *("/situations/list.csv", "/situations?state=closed", "/countries/MLI/occasions", "/countries/MLI/council-acts"),
    *("/calendar.ics", "/calendar/days/1", "/calendar/days/1/change"),
    *(f"/situations/{number}{act}" for number in (1, 2) for act in ("", "/assess", "/close", "/note", "/split")),
    *(f"/countries?measure={key}" for key in ("independence_of_courts", "emergency_powers", "militias")),
)


def everything(client: StrictClient, *also: str) -> Iterator[tuple[str, str]]:
    """Every page that can be reached by links, as address and text."""
    waiting, seen = [*KNOWN_ADDRESSES, *also], set[str]()
    most = len(waiting) + 10
    while waiting and len(seen) < most:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        answer = client.get(url, follow_redirects=True)
        yield url, answer.text
        if answer.mimetype == "text/html":
            links = [str(link) for link in parsed(answer).xpath("//a/@href")]
            # one country stands for all: the others differ only in having nothing recorded
            waiting += [link for link in links if link.startswith("/") and _is_worth_a_visit(link)]


def _is_worth_a_visit(link: str) -> bool:
    if link.startswith("/countries"):
        return link.startswith("/countries/MLI") or ("list.csv" in link and "group=" not in link)
    return not link.startswith("/static")


@pytest.fixture(autouse=True)
def briefs_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that a brief is set from: in the file itself it is packed."""

    def as_text(brief: Brief, *, fonts: Path, now: datetime) -> bytes:
        assert now
        return given(brief, fonts)["brief"].encode()

    monkeypatch.setattr(briefs, "brief_pdf", as_text)


@pytest.fixture
def texts(sign_in_as: SignInAs, database: Database, canaries: None, now: datetime) -> Reading:
    def read(asker: Asker, clearance: Mark) -> str:
        client = sign_in_as(*(asker.roles or ()), countries=asker.countries, clearance=clearance)
        _looked_last_a_day_ago(database, now)
        found = dict(everything(client))
        assert len(found) >= 10, "the crawl went nowhere"
        feeds = [_feed(client, kind) for kind in FeedKind]
        of_mali = asker.countries is None or "MLI" in asker.countries
        assert ("Raised by a person" in found["/news"]) == (clearance is Mark.RED and of_mali)
        # whatever a clearance opens, a feed tells none of it
        assert [canary for canary in (*ONLY_RED, AMBER_SOURCE, AMBER_TOLD) for feed in feeds if canary in feed] == []
        return "\n".join((*found.values(), *feeds))

    return read


def _feed(client: StrictClient, kind: FeedKind) -> str:
    made = client.submit("/digests/feeds", kind=kind.value, name="A program")
    [address] = parsed(made).xpath("//p[@class='shown-once']/code/text()")
    return client.get(str(address).removeprefix("http://localhost:8000")).text


def _looked_last_a_day_ago(database: Database, now: datetime) -> None:
    """Everybody: so all that happened is new to them."""
    with database.writing() as session:
        for person_id in session.scalars(select(Person.id)):
            session.add(Visit(person_id=person_id, new_since=now - timedelta(days=1)))


def _scope(asker: Asker) -> frozenset[str] | None:
    return None if asker.countries is None else frozenset(asker.countries)


@ONE_ENGINE
@pytest.mark.parametrize("asker", [asker for asker in CAST if asker.roles and asker.status == "active"], ids=str)
def test_no_role_reads_what_lies_above_its_clearance(texts: Reading, asker: Asker) -> None:
    read = texts(asker, Mark.GREEN)

    for canary in (*NEVER_TOLD, *ONLY_RED, AMBER_SOURCE, AMBER_TOLD):
        assert canary not in read
    # what is marked for everybody is there, or the crawl has seen nothing
    assert (
        (NOTE in read)
        == (OFFICE in read)
        == Principal(0, "", frozenset(asker.roles or ()), _scope(asker), Mark.GREEN).reaches("MLI")
    )


@ONE_ENGINE
def test_a_focal_point_reads_nothing_of_another_country_whatever_their_clearance(texts: Reading) -> None:
    read = texts(Asker("focal point of Niger", (Role.FOCAL_POINT,), countries=("NER",)), Mark.RED)

    assert {
        canary for canary in (NOTE, OFFICE, AMBER_SOURCE, AMBER_TOLD, *NEVER_TOLD, *ONLY_RED) if canary in read
    } == {OF_NO_COUNTRY}
    assert "Niger" in read


@BOTH_ENGINES
def test_a_clearance_opens_what_is_marked_at_it_and_nothing_above(texts: Reading) -> None:
    read = texts(CAST[2], Mark.AMBER)

    assert AMBER_SOURCE in read
    assert AMBER_TOLD in read
    for canary in (*NEVER_TOLD, *ONLY_RED):
        assert canary not in read


@ONE_ENGINE
def test_the_highest_clearance_still_does_not_name_who_must_not_be_named(texts: Reading) -> None:
    read = texts(Asker("every role", tuple(Role)), Mark.RED)

    for canary in ONLY_RED:
        assert canary in read
    for canary in NEVER_TOLD:
        assert canary not in read


@ONE_ENGINE
@pytest.mark.parametrize(("ceiling", "is_there"), [(Mark.GREEN, False), (Mark.AMBER, True)], ids=["green", "amber"])
def test_no_bundle_holds_what_its_marks_keep_here(
    database: Database, canaries: None, now: datetime, ceiling: Mark, is_there: bool
) -> None:
    """Whatever its maker may see."""
    file = Office.of(database, now, clearance=Mark.RED).sends(wish("MLI", "NER", ceiling=ceiling)).decode()

    for canary in (*NEVER_TOLD, *ONLY_RED, *NETWORK_RED, AMBER_TOLD):
        assert canary not in file
    assert NOTE in file
    assert (AMBER_SOURCE in file) is is_there


@ONE_ENGINE
def test_whoever_says_what_columns_mean_is_offered_publishers_and_nobody_else(
    sign_in_as: SignInAs, canaries: None
) -> None:
    """The table of sources also holds whom analysts named."""
    client = sign_in_as(Role.ANALYST)
    file = (io.BytesIO(b"iso3,date,indicator,value\nMLI,2024,wgi_rule_of_law,0.1\n"), "figures.csv")
    page = client.submit("/imports/new", file=file).headers["Location"]
    offered = client.get(page)

    assert parsed(offered).xpath("count(//select[@name='source_id']/option)") > 1
    for canary in (*NEVER_TOLD, *ONLY_RED, AMBER_SOURCE):
        assert canary not in offered.text


@ONE_ENGINE
def test_a_correction_does_not_show_what_was_marked_higher_after_it_was_proposed(
    sign_in_as: SignInAs, database: Database, canaries: None, now: datetime
) -> None:
    """Neither in the queue nor in its counts."""
    with database.writing() as session:
        ana = factories.person(session, name="Ana", roles=[Role.ANALYST], created_at=now)
        revised: dict[str, Any] = {"indicator": "hostilities", "on": LAST_MONTH, "iso3": "NER", "recorded_at": now}
        seen = factories.observation(session, value=1, **revised)
        hostilities = Observed(seen.iso3, seen.indicator_id, seen.observed_on)
        by_ana = principal_of(session, ana)
        correcting.withdraw(session, hostilities, "Another country.", based_on=1, by=by_ana, now=now)
        factories.observation(
            session, value=float(RED_VALUE), source_name=RED_SOURCE, revision=2, handling=Mark.RED, **revised
        )
    reviewer, cleared = (sign_in_as(Role.REVIEWER, clearance=mark) for mark in (Mark.GREEN, Mark.RED))

    assert "Nothing waits for this country" in reviewer.get("/review/NER").text
    assert "Niger" not in reviewer.get("/review").text
    assert RED_VALUE in cleared.get("/review/NER").text


@ONE_ENGINE
def test_no_proposal_brings_a_link_to_whoever_may_not_know_whose_word_it_is(
    app: Flask, sign_in_as: SignInAs, database: Database, canaries: None, now: datetime
) -> None:
    """Not while it waits, nor when it was returned, nor once it is accepted."""
    proposed: dict[date, tuple[str, dict[str, str]]] = {
        LAST_MONTH: ("withdraw", {}),
        date(2026, 1, 31): ("correct", {"value": "4", "source": ""}),
        date(2025, 12, 31): ("correct", {"value": "4", "source": "Somebody else"}),
    }
    with database.writing() as session:
        for day in [*proposed][1:]:
            _unattributable(session, day, now)
    cleo = somebody(database, now, name="Cleo", roles=[Role.ANALYST, Role.REVIEWER])
    client, rita = browser_of(app, database, cleo, now), sign_in_as(Role.REVIEWER, clearance=Mark.RED)
    addresses = {day: f"/countries/MLI/independence_of_courts/{day}" for day in proposed}
    also = [f"{address}{form}" for address in addresses.values() for form in ("", "/correct", "/withdraw")]
    read = []
    for answered in ("return", "accept"):
        for day, (act, words) in proposed.items():
            assert client.submit(f"{addresses[day]}/{act}", reason="Read again.", **words).status_code == 302
        if answered == "return":  # that it waits for the second time looks no different
            read += [text for _, text in everything(client, *also)]
        with database.reading() as session:
            waiting = {one.id: one.cell_version for one in session.scalars(select(Coding).filter_by(author_id=cleo.id))}
        assert len(waiting) == len(proposed)
        sent = {"act": answered, "pick": [*waiting], "shown": [f"{one}.{waiting[one]}" for one in waiting]}
        token = token_on(rita, "/account")
        answer = rita.post("/review/MLI", data=sent | {"reason": "No.", "csrf_token": token})
        assert answer.status_code == 302
        read += [text for _, text in everything(client, *also)]

    assert NOTE in "\n".join(read), "the crawl has seen nothing"
    assert EVIDENCE not in "\n".join(read)
    with database.reading() as session:
        revised = select(Observation.observed_on, Observation.evidence_url).where(Observation.revision == 2)
        kept = {row.observed_on: row.evidence_url for row in session.execute(revised)}
    link = f"https://example.org/{EVIDENCE}"
    assert kept == {day: None if words.get("source") else link for day, (_, words) in proposed.items()}


@BOTH_ENGINES
def test_errors_and_logs_hold_none_of_it(
    app: Flask, database: Database, sign_in_as: SignInAs, canaries: None, caplog: pytest.LogCaptureFixture
) -> None:
    """The database refuses a row that carries a canary, half-way through a request."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    whole = app.view_functions["countries.country"]

    def fail(iso3: str) -> str:
        with database.writing() as session:
            session.add(Source(key="x", name=RED_SOURCE, publisher=NOTE, url=EVIDENCE, reliability="Z", credibility=1))
        return str(whole(iso3))

    app.view_functions["countries.country"] = fail
    try:
        answer = sign_in_as(Role.READER, clearance=Mark.RED).get("/countries/MLI")
    finally:
        app.view_functions["countries.country"] = whole

    assert answer.status_code == 500
    assert "IntegrityError" in caplog.text
    assert "CANARY" not in answer.text + caplog.text
