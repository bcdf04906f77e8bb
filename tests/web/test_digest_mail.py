"""A digest on its way: from the worker to the mail program, in the reader's language, whatever is written in it."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import update

from tests.situations import raised, somebody
from tests.web.conftest import TestClock
from tests.web.digests import ALARM, DAY, LEAVE, NOTICE, WARNING, WEEK, Reader, a_flag, a_week, reader_of
from tracker.access import Role
from tracker.actions.digests.telling import Made
from tracker.actions.occasions import enter
from tracker.actions.situations.gathering import open_situation
from tracker.delivery import letter
from tracker.delivery.message import LONGEST_LINE, compose
from tracker.handling import Mark
from tracker.jobs.runner import run_due_once
from tracker.occasion import OccasionKind
from tracker.settings import Settings
from tracker.storage.admitting import Person
from tracker.storage.base import Database, Session
from tracker.storage.conclusions import Occasion, Situation
from tracker.storage.mailing import Subscription
from tracker.web.app import create_app
from tracker.web.digests.headline import LONGEST_SUBJECT
from tracker.web.digests.looks import LOOKS
from tracker.web.digests.mail import teller_of, with_pictures_inside
from tracker.web.digests.text import WIDTH

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
# A line break into a header, markup, a template, a format, and what turns all that follows around.
HOSTILE = "Evil\r\nBcc: all@example.org\n<script>alert(1)</script> {{ 7*7 }} %(name)s \u202eturned\u2066 \x00"
ENDLESS = "Endless " + "a" * 10_000


def told(reader: Reader, now: datetime) -> Made:
    made = reader.told(now)
    assert made is not None
    return made


def parsed(made: Made) -> Any:
    return html.document_fromstring(made.html)


def sent(made: Made, now: datetime) -> bytes:
    return compose(
        sender="Tracker <tracker@example.org>",
        recipient="ana@example.org",
        subject=made.subject,
        body=made.text,
        html=made.html,
        images=made.images,
        leave_url=LEAVE,
        message_id="digest-1@example.org",
        written_at=now,
    ).as_bytes()


@pytest.fixture
def week(app: Flask, database: Database, now: datetime) -> Made:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        a_week(session, reader.person_id, now)
    return told(reader, now)


# From the worker to the mailbox


def test_the_worker_tells_it_and_the_week_after_nothing_of_it_again(
    app: Flask, database: Database, settings: Settings, now: datetime
) -> None:
    """On Mondays at seven in Berlin."""
    reader = reader_of(app, database, since=now - WEEK, also_when_nothing_is_new=False)
    with database.writing() as session:
        a_week(session, reader.person_id, now)

    run_due_once(settings, database, now, teller=teller_of(app))

    [file] = settings.outbox_folder.glob("*-digest*.eml")
    first = letter.read(file.read_bytes())
    assert first.subject == "[TLP:CLEAR] Mali: alarm. High risk: the risk as a whole · 3 new, 1 worse"
    assert sorted(first.images) == ["course-1", "course-2", "course-3", "map"]
    assert "NEW (3)" in first.text
    assert "<h1" in first.html
    run_due_once(settings, database, now + WEEK, teller=teller_of(app))
    [_, second] = sorted(settings.outbox_folder.glob("*-digest*.eml"))
    after = letter.read(second.read_bytes())
    assert "NEW (" not in after.text
    assert "OVERDUE (" in after.text
    assert "Since your last digest on Monday 16 March 2026, 13:00 (Europe/Berlin)" in after.text


def test_its_lines_are_short_enough_for_every_relay_and_its_text_for_every_screen(week: Made, now: datetime) -> None:
    message = sent(week, now)

    assert max(len(line) for line in message.split(b"\r\n")) <= 78 < LONGEST_LINE
    too_long = [line for line in week.text.split("\n") if len(line) > WIDTH and "http" not in line]
    assert [line for line in too_long if not re.fullmatch("[0-9a-f]{64}", line)] == []


def test_its_parts_are_text_and_beside_it_html_with_its_pictures(week: Made, now: datetime) -> None:
    mail = message_from_bytes(sent(week, now), policy=SMTP)

    kinds = [part.get_content_type() for part in mail.walk()]

    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", *["image/png"] * 4]
    read = letter.read(sent(week, now))
    assert (read.subject, read.text, read.html, read.images) == (week.subject, week.text, week.html, week.images)


# What it fetches, and how it looks


def test_nothing_is_fetched_and_every_picture_is_in_it_and_told_in_words(week: Made) -> None:
    page = parsed(week)

    sources = page.xpath("//@src")

    assert sorted(sources) == sorted(f"cid:{name}" for name in week.images)
    assert page.xpath("//link|//script|//iframe|//object|//form|//input|//@background|//@srcset") == []
    assert "url(" not in week.html
    assert "@import" not in week.html
    assert all(len(alternative) > 20 for alternative in page.xpath("//img/@alt"))
    assert len(page.xpath("//img/@alt")) == len(week.images)
    assert all(png.startswith(b"\x89PNG") for png in week.images.values())
    assert sum(map(len, week.images.values())) < 200_000


def test_every_look_is_written_into_its_element(week: Made) -> None:
    page = parsed(week)

    assert [one for one in page.xpath("//@class") if one not in LOOKS] == []
    assert page.xpath("//*[@class][not(@style)]") == []
    assert page.xpath("//*[@style][not(@class)]") == []
    assert "{" not in "".join(page.xpath("//@style"))
    side = re.compile(r"\b(?:left|right|float)\b")
    assert [look for look in LOOKS.values() if side.search(look)] == []


def test_in_the_dark_each_colour_is_another_one_but_on_the_white_of_pictures(week: Made) -> None:
    [rule] = re.findall(r"@media \(prefers-color-scheme:dark\)\{(.*)\}</style>", week.html)

    for name, look in LOOKS.items():
        assert (f".{name}{{" in rule) is ("{" in look), name
    assert all(
        declaration.endswith("!important")
        for block in re.findall(r"\{(.*?)\}", rule)
        for declaration in block.split(";")
    )
    assert ".chart-box{" not in rule


def test_in_a_browser_its_pictures_are_within_it(week: Made) -> None:
    shown = with_pictures_inside(week.html, week.images)

    assert "cid:" not in shown
    assert shown.count('src="data:image/png;base64,') == len(week.images)
    assert with_pictures_inside(week.html, {}) == week.html


# Whatever people write


def test_hostile_and_endless_words_are_harmless_and_the_digest_goes_out(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK, roles=[Role.REVIEWER])
    with database.writing() as session:
        by = somebody(session, Role.REVIEWER, name=ENDLESS, now=now)
        for number, words in enumerate((HOSTILE, ENDLESS)):
            said: dict[str, Any] = {"sentence": words, "values": {"name": HOSTILE}}
            raised(session, iso3=("MLI", "NER")[number], severity=ALARM, now=now - DAY, **said)
            situation = open_situation(
                session, "TCD", part=f"{number}", handling=Mark.CLEAR, by=None, now=now - 4 * DAY
            )
            situation.owner_id = by.person_id
            kind, day = OccasionKind.ELECTION, now.date() + DAY
            enter(session, "TCD", kind, f"{number}", day, handling=Mark.CLEAR, by=by, now=now - DAY)
        _written_by_somebody_who_knows_no_form(session, reader)

    made = told(reader, now)

    assert "\n" not in made.subject
    assert len(made.subject) <= LONGEST_SUBJECT
    message = sent(made, now)
    assert max(len(line) for line in message.split(b"\r\n")) <= LONGEST_LINE
    mail = message_from_bytes(message, policy=SMTP)
    assert mail["Bcc"] is None
    assert "<script>" not in made.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in made.html
    told_in_all = made.subject + made.text + made.html + "".join(map(repr, made.headlines))
    assert re.findall("[\u202a-\u202e\u2066-\u2069\x00]", told_in_all) == []
    assert "aaa…" in made.text
    assert max(map(len, made.text.split("\n"))) < 500
    assert len(made.html) < 60_000


def _written_by_somebody_who_knows_no_form(session: Session, reader: Reader) -> None:
    subscription = session.get_one(Subscription, reader.subscription_id)
    subscription.name = HOSTILE
    others = somebody(session, Role.ADMINISTRATOR, name=HOSTILE, now=reader.told_until)
    subscription.created_by = others.person_id
    for table, column in ((Situation, Situation.part), (Occasion, Occasion.name)):
        for number, words in enumerate((HOSTILE, ENDLESS)):
            session.execute(update(table).where(column == f"{number}").values({column.key: words}))


# Many of a kind


def test_a_long_list_is_cut_with_its_number_and_a_link(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    iso3s = ["MLI", "NER", "TCD", "CIV", "GHA", "SEN", "TGO", "BEN", "BFA", "NGA"]
    with database.writing() as session:
        for iso3 in iso3s:
            a_flag(session, iso3, ALARM if iso3 == "NGA" else NOTICE, now - DAY)
        by = somebody(session, Role.REVIEWER, now=now)
        for days in range(8):
            day = now.date() + days * DAY
            enter(session, "UGA", OccasionKind.SESSION, f"Day {days}", day, handling=Mark.CLEAR, by=by, now=now)

    made = told(reader, now)

    assert "NEW (10)" in made.text
    assert made.text.count("* ") == 8
    assert made.text.index("* Nigeria (alarm)") < made.text.index("* ", made.text.index("* Nigeria") + 1)
    assert "And 2 more:\n  http://localhost:8000/situations" in made.text
    assert "Day 5" in made.text
    assert "Day 6" not in made.text
    assert "And 2 more:\n  http://localhost:8000/calendar" in made.text
    assert len(made.headlines) == 10 + 8
    assert "[TLP:CLEAR] Nigeria: alarm" in made.subject


def test_several_flags_of_one_place_are_named_as_far_as_there_is_room(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    rules = ["high_risk", "weak_rule_of_law", "rising_risk", "rising_criterion", "silence", "voices_differ"]
    with database.writing() as session:
        for number, rule in enumerate(rules):
            severity = WARNING if number else ALARM
            a_flag(session, "MLI", severity, now - DAY - number * timedelta(minutes=1), rule=rule, subject="risk")

    made = told(reader, now)

    assert made.text.count("* Mali") == 1
    also = " ".join(made.text.split()).partition("Also: ")[2].partition(".")[0]
    assert also.count("(warning)") == 3
    assert also.endswith("; 2 more")


# The reader's own language and clocks


def test_it_speaks_the_language_of_the_digest_from_the_side_it_is_written_from(
    database: Database,
    settings: Settings,
    clock: TestClock,
    now: datetime,
    bracketed: Path,
) -> None:
    app = create_app(settings, database, clock=clock, translations=str(bracketed))
    reader = reader_of(app, database, since=now - WEEK, language="ar")
    with database.writing() as session:
        session.get_one(Subscription, reader.subscription_id).name = "⟦أسبوعي⟧"
        a_week(session, reader.person_id, now)
        for person in session.query(Person):
            person.name = "⟦Somebody⟧"

    made = told(reader, now)

    page = parsed(made)
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    texts = [" ".join(found.text_content().split()) for found in page.xpath("//h1|//h2|//p|//h3")]
    # what the flags of this week say was made up for it
    made_up = ("It clears when that is over.",)
    assert [text for text in texts if "⟦" not in text and re.search("[a-z]", text) and text not in made_up] == []
    assert all("⟦" in alternative for alternative in page.xpath("//img/@alt"))
    assert "مالي" in made.text


def test_without_a_translation_it_is_english_from_the_left_with_names_and_days_of_the_reader(
    app: Flask, database: Database, now: datetime
) -> None:
    reader = reader_of(app, database, since=now - WEEK, language="ar")
    with database.writing() as session:
        a_week(session, reader.person_id, now)

    made = told(reader, now)

    page = parsed(made)
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    assert page.xpath("//h3//bdi/text()")[0] == "مالي"
    for text in (made.html, made.text):
        assert "on \u206814 مارس 2026\u2069; the rule speaks at 60 or more" in " ".join(text.split())


@pytest.mark.parametrize(
    ("zone", "told_as"),
    [
        ("America/Caracas", "Monday 9 March 2026, 08:00 (America/Caracas)"),
        ("Pacific/Kiritimati", "Tuesday 10 March 2026, 02:00 (Pacific/Kiritimati)"),
        ("Mars/Phobos", "Monday 9 March 2026, 12:00 (UTC)"),
    ],
)
def test_times_are_those_of_the_digests_own_zone_which_is_named(
    app: Flask, database: Database, now: datetime, zone: str, told_as: str
) -> None:
    reader = reader_of(app, database, since=now - WEEK, time_zone="Asia/Tokyo")
    with database.writing() as session:
        session.get_one(Subscription, reader.subscription_id).zone = zone

    assert f"Since {told_as}" in told(reader, now).text


def test_a_language_that_nobody_knows_is_english(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    with database.writing() as session:
        session.get_one(Subscription, reader.subscription_id).language = "tlh"

    assert "Nothing is new" in told(reader, now).html


def test_who_was_subscribed_by_somebody_else_reads_by_whom(app: Flask, database: Database, now: datetime) -> None:
    reader = reader_of(app, database, since=now - WEEK)
    assert "You get this because you subscribed to it." in told(reader, now).text
    with database.writing() as session:
        by = somebody(session, Role.ADMINISTRATOR, name="Kofi", now=now)
        session.get_one(Subscription, reader.subscription_id).created_by = by.person_id

    text = told(reader, now).text

    assert "You get this because Kofi subscribed you to it." in text
    assert LEAVE in text
