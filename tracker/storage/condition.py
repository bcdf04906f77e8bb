"""Is the database whole? Asked by the doctor; none of it changes anything."""

from sqlalchemy import inspect, select, text

from tracker.storage.admitting import Person
from tracker.storage.base import Base, Session
from tracker.storage.feeding import Webhook
from tracker.storage.sharing import SigningKey

# Tables that only grow, and what keeps them so on each engine.
APPEND_ONLY = (
    *("audit_entries", "case_study_revisions", "delivery_events", "flag_events", "observations"),
    *("response_events", "situation_events"),
)
GUARDS = {
    "sqlite": ("forbid_update", "forbid_delete"),
    "postgresql": ("forbid_change", "forbid_truncate"),
}


def missing_tables(session: Session) -> list[str]:
    return sorted(set(Base.metadata.tables) - set(inspect(session.connection()).get_table_names()))


def missing_guards(session: Session) -> list[str]:
    """Triggers that should forbid changes and are not there."""
    engine = session.get_bind().dialect.name
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    found = set(session.scalars(text(query)))
    return sorted({f"{table}_{guard}" for table in APPEND_ONLY for guard in GUARDS[engine]} - found)


def damage(session: Session) -> list[str]:
    """What SQLite's own checks find; PostgreSQL checks its pages itself and has no such question."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    told = [str(line) for line in session.scalars(text("PRAGMA quick_check")) if line != "ok"]
    broken = session.execute(text("PRAGMA foreign_key_check")).all()
    return told + [f"a row of {row[0]} refers to nothing" for row in broken]


def sealed_codes(session: Session) -> list[str]:
    """The secrets of one-time codes, of all who have them, as they are kept: sealed."""
    return [sealed for sealed in session.scalars(select(Person.totp_secret)) if sealed is not None]


def sealed_webhooks(session: Session) -> list[str]:
    return list(session.scalars(select(Webhook.sealed)))


def sealed_signing_keys(session: Session) -> list[str]:
    """The one that signs now, if there is one: what former ones signed is known without their private halves."""
    return list(session.scalars(select(SigningKey.sealed).order_by(SigningKey.id.desc()).limit(1)))
