"""Who gets in where, found out by trying: every route, every method, as everybody.

docs/access.md holds what was found, so that a change of any cell is seen in review; the tests compare the two.
`python -m tests.web.access_matrix` writes the file anew.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import factories
from tests.bundles import kept_bundle
from tests.case_studies import written
from tests.council_acts import council_act
from tests.deliveries import delivered
from tests.digests import subscribed
from tests.focal_points import appointed, asked
from tests.importing import kept_import
from tests.situations import Case, case
from tracker.access import PersonStatus, Role
from tracker.actions import feeds
from tracker.actions.digests.leaving import leave_token
from tracker.actions.reading import save_view
from tracker.actions.stocking import stock
from tracker.digest import DeliveryKind, DeliveryState
from tracker.feed import FeedKind
from tracker.handling import Mark
from tracker.settings import Mode, Settings
from tracker.storage import accepting, catalogue
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.feeding import Feed, Webhook
from tracker.storage.migrating import upgrade
from tracker.storage.running import JobRun
from tracker.storage.sharing import Bundle
from tracker.web.app import create_app

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "access.md"

# The country that the sample addresses speak of.
COUNTRY = "MLI"
INDICATOR = "independence_of_courts"
OBSERVED = date(2026, 2, 28)
NEVER_TRIED = {"HEAD", "OPTIONS"}

IN, SIGN_IN, NO, NOT_THERE = "in", "sign in", "no", "not there"


@dataclass(frozen=True)
class Asker:
    """Somebody of the cast."""

    name: str
    # None: not signed in.
    roles: tuple[Role, ...] | None
    countries: tuple[str, ...] | None = None
    status: PersonStatus = PersonStatus.ACTIVE


CAST = (
    Asker("anonymous", None),
    Asker("reader", (Role.READER,)),
    Asker("analyst", (Role.ANALYST,)),
    Asker("reviewer", (Role.REVIEWER,)),
    Asker("methodologist", (Role.METHODOLOGIST,)),
    Asker("administrator", (Role.ADMINISTRATOR,)),
    Asker("focal point of Mali", (Role.FOCAL_POINT,), countries=("MLI",)),
    Asker("analyst of another region", (Role.ANALYST,), countries=("PRY", "URY")),
    Asker("administrator of another region", (Role.ADMINISTRATOR,), countries=("PRY", "URY")),
    Asker("deactivated", (Role.ADMINISTRATOR,), status=PersonStatus.DEACTIVATED),
)

# What asks for a bundle of another kind than one that waits.
OF_A_KIND = ("", "sharing.take_back", "sharing.download")

TARGET = Asker("target", (Role.READER,))


@dataclass(frozen=True)
class Somebody:
    """A person in the database, and what is theirs."""

    person_id: int
    key: str
    # Another session of theirs, not the one that asks.
    sign_in_id: int
    passkey_id: int
    # Of a file that they brought.
    import_id: int
    # That they saved.
    view_id: int
    # A digest of theirs that also goes to a chat, one of its mails, which was given up, and their feeds by kind.
    subscription_id: int
    delivery_id: int
    feed_id: int
    feed_tokens: dict[FeedKind, str]
    # What a council did about the country.
    act_id: int
    # That they wrote down: who is a focal point of the country, and what it asked for.
    focal_point_id: int
    request_id: int
    # That was written of the country.
    case_study_id: int
    # Of partners of their own: one that waits, one that was taken in, one that was made here; by what can be done.
    bundles: dict[str, Bundle]


@dataclass(frozen=True)
class Sample:
    """What the addresses of one try speak of: the asker's own things, and somebody else."""

    asker: Somebody
    target: Somebody
    signed_in: bool
    # What is shared by all of them.
    case: Case


HEADING = """# Who gets in where

Found out by asking for every route, by every method, as everybody of the cast. A test asks again and compares.
Written by `python -m tests.web.access_matrix`; read every changed cell before you commit it.

- **in**: the guard lets the request through (what the page then answers is its own affair)
- **sign in**: sent to the sign-in page
- **no**: 403, the roles do not allow it
- **not there**: 404, as if it did not exist: it lies outside the asker's countries
"""


def tries(app: Flask) -> Iterator[tuple[Rule, str]]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    for rule in rules:
        for method in sorted((rule.methods or set()) - NEVER_TRIED):
            yield rule, method


def answered(app: Flask, rule: Rule, method: str, sample: Sample, now: datetime) -> TestResponse:
    """One request by one asker."""
    client = FlaskClient(app)
    if sample.signed_in:
        with client.session_transaction() as cookie:
            cookie.update(key=sample.asker.key, seen=now.timestamp())
    answer = client.open(address_of(app, rule, sample), method=method)
    answer.close()
    return answer


def outcome(answer: TestResponse) -> str:
    if answer.status_code in (302, 303) and answer.headers["Location"].startswith("/sign-in"):
        return SIGN_IN
    return {403: NO, 404: NOT_THERE}.get(answer.status_code, IN)


def sample_for(database: Database, asker: Asker, now: datetime) -> Sample:
    _observe(database, now)
    with database.writing() as session:
        shared = case(session, iso3=COUNTRY, now=now)
    who, target = _somebody(database, asker, now), _somebody(database, TARGET, now)
    return Sample(who, target, asker.roles is not None, shared)


def address_of(app: Flask, rule: Rule, sample: Sample) -> str:
    """A real thing for each part of the address, so that only the guard can keep somebody out."""
    known: dict[str, Any] = {
        "filename": "look.css",
        "iso3": COUNTRY,
        "key": INDICATOR if "iso3" in rule.arguments else "rule_of_law",
        "group_key": "african_union",
        "year": OBSERVED.year,
        "other_iso3": "NER",
        # of the toolbox
        "measure_key": "quiet_talks",
        "day": OBSERVED.isoformat(),
        "person_id": sample.target.person_id,
        "passkey_id": (sample.target if "person_id" in rule.arguments else sample.asker).passkey_id,
        "import_id": sample.asker.import_id,
        "view_id": sample.asker.view_id,
        "sign_in_id": sample.asker.sign_in_id,
        "situation_id": sample.case.situation_id,
        "case_study_id": sample.asker.case_study_id,
        "flag_id": sample.case.flag_id,
        "event_id": sample.case.assessment_id,
        "target": "responding",
        "response_id": sample.case.response_id,
        "occasion_id": sample.case.occasion_id,
        "rule_key": "high_risk",
        "number": 1,
        "subscription_id": sample.asker.subscription_id,
        "delivery_id": sample.asker.delivery_id,
        "feed_id": sample.asker.feed_id,
        "focal_point_id": sample.asker.focal_point_id,
        "request_id": sample.asker.request_id,
        "act_id": sample.asker.act_id,
        **_of_bundles(sample.asker.bundles, rule.endpoint),
        "job": "tidy",
        "token": _token(app, rule.endpoint, sample.target),
    }
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})


def _of_bundles(bundles: dict[str, Bundle], endpoint: str) -> dict[str, int | None]:
    return {"bundle_id": bundles.get(endpoint, bundles[""]).id, "partner_id": bundles[""].partner_id}


def _token(app: Flask, endpoint: str, owner: Somebody) -> str:
    """A program's or a mail's works for whoever has it; those for people are unknown."""
    if endpoint == "leaving.leave":
        return leave_token(app.extensions["settings"].secret, DeliveryKind.DIGEST, owner.subscription_id)
    kinds = {"feeds.news": FeedKind.NEWS, "feeds.calendar": FeedKind.CALENDAR}
    return owner.feed_tokens[kinds[endpoint]] if endpoint in kinds else secrets.token_urlsafe(32)


def _observe(database: Database, now: datetime) -> None:
    """Once: an observation is never removed."""
    with database.writing() as session:
        indicator_id = catalogue.indicator_ids(session)[INDICATOR]
        if accepting.said_before(session, COUNTRY, indicator_id, OBSERVED) is None:
            factories.observation(
                session, indicator=INDICATOR, iso3=COUNTRY, on=OBSERVED, value=2, handling=Mark.GREEN, recorded_at=now
            )


def _somebody(database: Database, asker: Asker, now: datetime) -> Somebody:
    """Signed in twice, and with a passkey."""
    with database.writing() as session:
        person = factories.person(
            session,
            roles=asker.roles or (),
            countries=asker.countries,
            status=asker.status,
            created_at=now,
        )
        key = factories.sign_in(session, person, now=now)
        other = factories.sign_in(session, person, now=now)
        digest = subscribed(session, person=person, now=now)
        session.add(Webhook(subscription_id=digest.id, host="chat.example.org", sealed="sealed", made_at=now))
        given_up = delivered(session, person, subscription=digest, state=DeliveryState.DEAD, now=now)
        feed_tokens = {kind: feeds.make(session, person.id, kind, "A program", now=now) for kind in FeedKind}
        own_feeds = session.query(Feed).filter_by(person_id=person.id).order_by(Feed.id).all()
        for feed in own_feeds:
            # within the hour it is not written down again: fetching it changes nothing
            feed.last_used_at = now
        if session.get(JobRun, "tidy") is None:
            session.add(JobRun(job="tidy", started_at=now))
        of_each = {one: kept_bundle(session, person, one, now=now) for one in OF_A_KIND}
        return Somebody(
            person_id=person.id,
            key=key,
            sign_in_id=factories.sign_in_id(session, other),
            passkey_id=factories.passkey(session, person, now=now).id,
            import_id=kept_import(session, person, now=now).id,
            view_id=save_view(session, person.id, "A view", "/?who=all", is_start=False).id,
            subscription_id=digest.id,
            delivery_id=given_up.id,
            feed_id=own_feeds[0].id,
            feed_tokens=feed_tokens,
            act_id=council_act(session, person.id, iso3=COUNTRY, now=now).id,
            focal_point_id=appointed(session, now=now, office=f"Office {person.id}").id,
            request_id=_asked_by(session, person, now),
            bundles=of_each,
            case_study_id=written(session, iso3=COUNTRY, now=now).id,
        )


def _asked_by(session: Session, person: Person, now: datetime) -> int:
    """In their name, whatever their roles and their countries."""
    made = asked(session, now=now, title=f"Trainers {person.id}")
    made.asked_by = person.id
    return made.id


class Attempts:
    """Each finds everything as it was before the first: what one used up is there again."""

    def __init__(self, app: Flask, database: Database, askers: Iterable[Asker], now: datetime) -> None:
        self._app, self._database, self._now = app, database, now
        self._samples = {asker: sample_for(database, asker, now) for asker in askers}
        database.dispose()  # which leaves nothing in the log beside the file
        self._file = Path(database.engine.url.database or "")
        self._kept = self._file.with_name(f"{self._file.name}-kept")
        copyfile(self._file, self._kept)

    def outcome(self, rule: Rule, method: str, asker: Asker) -> str:
        answer = answered(self._app, rule, method, self._samples[asker], self._now)
        if method != "GET" and answer.status_code < 400:
            self._database.dispose()
            copyfile(self._kept, self._file)
        return outcome(answer)


def matrix(app: Flask, database: Database, now: datetime) -> dict[str, str]:
    """The lines of the document, by what they are about."""
    attempts, rows = Attempts(app, database, CAST, now), {}
    for rule, method in tries(app):
        cells = [attempts.outcome(rule, method, asker) for asker in CAST]
        rows[f"{method} {rule.rule}"] = f"| `{method} {rule.rule}` | {' | '.join(cells)} |"
    return rows


def written_rows() -> dict[str, str]:
    """The lines of the document, by what they are about."""
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    return {line.split("|")[1].strip(" `"): line for line in lines}


def write(app: Flask, database: Database, now: datetime) -> None:
    names = " | ".join(asker.name for asker in CAST)
    lines = [f"| | {names} |", "|---" * (len(CAST) + 1) + "|"]
    lines += matrix(app, database, now).values()
    DOCUMENT.write_text(HEADING + "\n" + "\n".join(lines) + "\n")


def main() -> None:
    now = datetime(2026, 3, 16, 12, tzinfo=UTC)
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/matrix.sqlite3"
        upgrade(url)
        database = Database(url)
        with database.writing() as session:
            stock(session, now=now, with_published=False)
        settings = Settings(Mode.LOCAL, Path(folder), url, "s" * 40, "http://localhost:8000", None, "t@localhost")
        app = create_app(settings, database, clock=lambda: now)
        app.config["WTF_CSRF_ENABLED"] = False
        write(app, database, now)
        database.dispose()


if __name__ == "__main__":
    main()
