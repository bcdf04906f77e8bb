"""What time is it where the database is?"""

from datetime import datetime

from sqlalchemy import func, select

from tracker.storage.base import Instant, Session


def now(session: Session) -> datetime | None:
    """None: the database is a file, and has no clock."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    return session.scalar(select(func.clock_timestamp(type_=Instant())))
