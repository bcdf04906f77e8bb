"""A peer is served as the product is: by the same server with as many threads, what is there left uncollected."""

import gc
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tracker.commands.checking import listen
from tracker.web.front import Front
from tracker.web.patience import server_for


def serve(app, port):
    gc.collect()
    gc.freeze()
    server_for(Front(app, largest_body=1_000_000), finishing_seconds=1).run(listen("127.0.0.1", port))
