"""What somebody's other programs may fetch for them: a feed reader what is new, a calendar what is coming.

Its address is the secret, and whoever learns the address reads along: so a feed has titles and links and nothing else,
and of nothing that is marked higher than a community may pass on.
"""

from datetime import timedelta
from enum import StrEnum

from tracker.handling import Mark

HIGHEST_MARK = Mark.GREEN
MOST_OF_ONE_PERSON = 10
# What a program that looks every few minutes has not fetched by then, it does not miss.
NEWS_BACK = timedelta(days=30)
MOST_NEWS = 100
DAYS_AHEAD, DAYS_BACK = timedelta(days=365), timedelta(days=92)
MOST_DAYS = 1000
# That a feed was used is written down at most so often: looking at it must not keep the database busy.
NOTED_AT_MOST_EVERY = timedelta(hours=1)


class FeedKind(StrEnum):
    NEWS = "news"
    CALENDAR = "calendar"
