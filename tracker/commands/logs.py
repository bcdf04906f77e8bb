"""Where a long-running command tells what happens: standard error, for a terminal or a service manager to keep."""

import logging


def log_to_standard_error() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # It tells of every look at the database's version.
    logging.getLogger("alembic").setLevel(logging.WARNING)
