"""What is kept, and every question that is asked of it.

The schema stands on several pages, a file each, so that whoever reads about people need not read about evidence. Their
tables refer to each other: whoever opens one has opened all.

Rows of people and of the catalogue change in place and carry a version or an archived text; evidence and the audit
log only ever grow. Every rule that must always hold is a constraint with a name. What a row refers to is loaded with
it by the question that asks for it, or not at all: no page runs a query for each of its lines.
"""

from tracker.storage import admitting as admitting
from tracker.storage import conclusions as conclusions
from tracker.storage import feeding as feeding
from tracker.storage import mailing as mailing
from tracker.storage import readers as readers
from tracker.storage import recording as recording
from tracker.storage import responding as responding
from tracker.storage import running as running
from tracker.storage import sharing as sharing
from tracker.storage import watching as watching
