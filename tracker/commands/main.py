"""Does a command, and says in one sentence why it cannot be done where that is known."""

import importlib
import sys
from argparse import Namespace

from tracker.catalogue.broken import CatalogueBroken
from tracker.commands.failure import CannotGoOn
from tracker.commands.register import Command
from tracker.exchange.published import PublishedFileBroken
from tracker.refusal import Refusal
from tracker.settings import Settings
from tracker.storage.migrating import DatabaseNewerThanCode, ReferencesBroken

FAILED = 1
TOLD_IN_A_SENTENCE = (
    CannotGoOn,
    CatalogueBroken,
    DatabaseNewerThanCode,
    PublishedFileBroken,
    ReferencesBroken,
    Refusal,
)


def perform_with(command: Command, arguments: Namespace, settings: Settings | None) -> int:
    module = importlib.import_module(command.module)
    try:
        status: int = module.run(arguments) if settings is None else module.run(arguments, settings)
    except TOLD_IN_A_SENTENCE as failure:
        print(failure, file=sys.stderr)
        return FAILED
    return status
