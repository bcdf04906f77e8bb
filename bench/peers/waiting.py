"""A peer is served as the product is: by waitress with as many threads, and what is there is left uncollected.

It is spared the line that waitress logs wherever a request waits for a thread.
"""

import gc
import logging

import waitress

THREADS = 8


def serve(app, port):
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    gc.collect()
    gc.freeze()
    waitress.serve(app, host="127.0.0.1", port=port, threads=THREADS, ident=None, asyncore_use_poll=True, _quiet=True)
