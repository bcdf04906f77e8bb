"""What the worker does, how often, and why so often. A job is done in the order of this list."""

from datetime import timedelta

from tracker.jobs.call_webhooks import anything_to_call, call_webhooks
from tracker.jobs.heartbeat import beat
from tracker.jobs.imports import anything_to_import, work_on_imports
from tracker.jobs.job import Job
from tracker.jobs.let_time_pass import has_time_passed, let_time_pass
from tracker.jobs.make_digests import anything_to_make, make_digests
from tracker.jobs.new_method import bring_into_force, is_on_its_way
from tracker.jobs.plan_digests import anything_due, plan_digests
from tracker.jobs.send_mail import anything_to_send, send_mail
from tracker.jobs.tidy import tidy

TIMETABLE: tuple[Job, ...] = (
    # First, so that a long job behind it does not make a worker look dead; once a minute, because each beat is a
    # write, and because nobody needs to know sooner that the worker is gone.
    Job("heartbeat", timedelta(minutes=1), beat),
    # People look at their clocks when their digest is due. Planned, made and sent in one tick.
    Job("plan_digests", timedelta(seconds=5), plan_digests, wanted=anything_due),
    Job("make_digests", timedelta(seconds=1), make_digests, wanted=anything_to_make),
    # Somebody who waits for a reset link looks at an empty mailbox for a few seconds, not for a minute.
    Job("send_mail", timedelta(seconds=5), send_mail, wanted=anything_to_send),
    # With the mail that it belongs to; a program that answers slowly keeps mail waiting for half a minute at most.
    Job("call_webhooks", timedelta(seconds=5), call_webhooks, wanted=anything_to_call),
    # Somebody who brought a file looks at its page: within two ticks there should be something to see. A large file
    # keeps mail waiting for a minute at most; the heartbeat goes on before and after it.
    Job("imports", timedelta(seconds=0.5), work_on_imports, wanted=anything_to_import),
    # Whoever switched a version on looks at the page that says how far it is: seconds for 200 countries and their
    # published figures, a minute beside a million answers.
    Job("new_method", timedelta(seconds=1), bring_into_force, wanted=is_on_its_way),
    # A day has begun for at most five minutes before its scores are right; until then there is nothing to do.
    Job("let_time_pass", timedelta(minutes=5), let_time_pass, wanted=has_time_passed),
    # The shortest that anything is kept is a day: an hour more or less does not matter.
    Job("tidy", timedelta(hours=1), tidy),
)
