"""For any WSGI server, for example: gunicorn --threads 8 wsgi:app"""

import os

import config
from tracker.commands.preparing import refuse_unprepared
from tracker.commands.serve import leave_what_is_here_uncollected
from tracker.storage.base import Database
from tracker.web.app import create_app

settings = config.read(os.environ, must_be_there=True)
database = Database(settings.database_url)
refuse_unprepared(settings, database)
app = create_app(settings, database)
leave_what_is_here_uncollected()
