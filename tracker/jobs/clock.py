"""All workers go by the database's clock: by one that is wrong, a lease of another's would look as if it were over."""

from datetime import UTC, datetime, timedelta

from tracker.storage import server_clock
from tracker.storage.base import Database

# Asking takes its time: what is less than this is no difference.
AGREES_WITHIN = timedelta(seconds=1)


class DatabaseClock:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def set(self) -> None:
        """By the server's; a file has no clock of its own."""
        with self._database.reading() as session:
            shown = server_clock.now(session)
        ahead = timedelta() if shown is None else shown - datetime.now(UTC)
        self._ahead = ahead if abs(ahead) > AGREES_WITHIN else timedelta()
