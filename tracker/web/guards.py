"""Every route and whom it lets in, on one page.

A route that is not named here does not start: nothing is open by being forgotten. A route with a country in its
address lets in only those whose scope reaches that country; for the others it does not exist.
"""

from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.access import Right
from tracker.web import parking
from tracker.web.session import principal


@dataclass(frozen=True)
class Policy:
    """Anybody, or whoever is signed in, or whoever is signed in and has the right."""

    needs_sign_in: bool = True
    right: Right | None = None


ANYBODY = Policy(needs_sign_in=False)
SIGNED_IN = Policy()
READ = Policy(right=Right.READ)
MANAGE_COUNTRIES = Policy(right=Right.MANAGE_COUNTRIES)
MANAGE_PEOPLE = Policy(right=Right.MANAGE_PEOPLE)
RECORD = Policy(right=Right.RECORD)
REVIEW = Policy(right=Right.REVIEW)
READ_AUDIT = Policy(right=Right.READ_AUDIT)
RUN_SYSTEM = Policy(right=Right.RUN_SYSTEM)
SHAPE_METHOD = Policy(right=Right.SHAPE_METHOD)
SEE_IMPORTS = Policy(right=Right.SEE_IMPORTS)
WORK_ON_SITUATIONS = Policy(right=Right.WORK_ON_SITUATIONS)
ASK_FOR_HELP = Policy(right=Right.ASK_FOR_HELP)
KEEP_NETWORK = Policy(right=Right.KEEP_NETWORK)
SHARE = Policy(right=Right.SHARE)

POLICY: dict[str, Policy] = {
    "static": ANYBODY,
    "health.health": ANYBODY,
    "dashboard.start": READ,
    "dashboard.dashboard": READ,
    "dashboard.dashboard_csv": READ,
    "dashboard.news": READ,
    "own.own": READ,
    "own.countries": READ,
    "own.country": READ,
    "own.views": READ,
    "own.start": READ,
    "own.no_start": READ,
    "own.remove": READ,
    "own.seen": READ,
    "own.nothing_new": READ,
    "own.new_again": READ,
    "countries.countries": READ,
    "countries.countries_csv": READ,
    "countries.country": READ,
    "countries.country_csv": READ,
    "countries.course": READ,
    "countries.measure": READ,
    "countries.series_csv": READ,
    "briefs.brief": READ,
    "countries.watch": MANAGE_COUNTRIES,
    "situations.situations": READ,
    "situations.situations_csv": READ,
    "situations.situation": READ,
    "situations.follow": READ,
    "situations.raise_flag": WORK_ON_SITUATIONS,
    "situation_acts.note": WORK_ON_SITUATIONS,
    "situation_acts.disagree": WORK_ON_SITUATIONS,
    "situation_acts.assign": WORK_ON_SITUATIONS,
    # whoever raised the flag, or a reviewer: the action knows
    "situation_acts.clear": WORK_ON_SITUATIONS,
    "situation_acts.move": REVIEW,
    "situation_acts.close": REVIEW,
    "situation_acts.verdicts": REVIEW,
    "situation_acts.assess": REVIEW,
    "situation_acts.split": REVIEW,
    "responses.responses": READ,
    "responses.responses_csv": READ,
    "responses.response": READ,
    "response_acts.propose": WORK_ON_SITUATIONS,
    "response_acts.start": WORK_ON_SITUATIONS,
    "response_acts.report": WORK_ON_SITUATIONS,
    "response_acts.change": WORK_ON_SITUATIONS,
    "response_acts.decide": REVIEW,
    "response_acts.decline": REVIEW,
    "response_acts.done": REVIEW,
    "response_acts.abandon": REVIEW,
    "response_times.response_times": READ,
    "response_times.response_times_csv": READ,
    "consistency.consistency": READ,
    "consistency.consistency_csv": READ,
    "consistency.statement": READ,
    "consistency.pair": READ,
    "consistency.note": WORK_ON_SITUATIONS,
    "regions.regions": READ,
    "regions.regions_csv": READ,
    "regions.desk": READ,
    "network.network": READ,
    "network.network_csv": READ,
    "network.one": READ,
    "network.desk": READ,
    "network_acts.appoint": KEEP_NETWORK,
    "network_acts.change": KEEP_NETWORK,
    "network_acts.end": KEEP_NETWORK,
    "network_acts.hand_in": RECORD,
    "network_acts.invite": MANAGE_PEOPLE,
    "network_acts.link": MANAGE_PEOPLE,
    "network_acts.unlink": MANAGE_PEOPLE,
    "assistance.assistance": READ,
    "assistance.assistance_csv": READ,
    "assistance.one": READ,
    "assistance.ask": ASK_FOR_HELP,
    "assistance.settle": REVIEW,
    # whoever asked: the page knows
    "assistance.withdraw": ASK_FOR_HELP,
    # each keeps what they typed themselves
    "unsent.keep": SIGNED_IN,
    "digests.digests": READ,
    "digests.everybody": MANAGE_PEOPLE,
    # for oneself; for others whoever looks after people: the action knows
    "digests.new": READ,
    "digests.change": READ,
    "digests.pause": READ,
    "digests.resume": READ,
    "digests.end": READ,
    "digests.take_up_again": READ,
    "digests.preview": READ,
    "digests.preview_mail": READ,
    "digests.preview_text": READ,
    "digests.urgent": READ,
    # each sees their own alone: the page knows
    "deliveries.told": READ,
    "deliveries.told_csv": READ,
    "deliveries.one": READ,
    "deliveries.mail": READ,
    "deliveries.log": RUN_SYSTEM,
    "deliveries.log_csv": RUN_SYSTEM,
    "deliveries.of_one": RUN_SYSTEM,
    "deliveries.requeue": RUN_SYSTEM,
    "deliveries.take_as_sent": RUN_SYSTEM,
    "deliveries.mail_again": RUN_SYSTEM,
    "feeds.feeds": READ,
    "feeds.revoke": READ,
    # programs sign in nowhere: the address is the secret
    "feeds.news": ANYBODY,
    "feeds.calendar": ANYBODY,
    "webhooks.webhook": READ,
    "webhooks.try_out": READ,
    "webhooks.remove": READ,
    # whoever holds the link from the mail may end what it came from
    "leaving.leave": ANYBODY,
    "occasions.occasions": READ,
    "occasions.enter": WORK_ON_SITUATIONS,
    "council_acts.council_acts": READ,
    "council_acts.enter": WORK_ON_SITUATIONS,
    "council_acts.remove": WORK_ON_SITUATIONS,
    "compare.compare": READ,
    "compare.compare_csv": READ,
    "search.search": READ,
    "keys.keys": SIGNED_IN,
    "coverage.coverage": READ,
    "coverage.coverage_csv": READ,
    "coverage.due": READ,
    "coverage.due_csv": READ,
    "calendar.calendar": READ,
    "calendar.calendar_csv": READ,
    "calendar.calendar_ics": READ,
    "calendar.occasion": READ,
    # who works on every country that it concerns: the action knows
    "calendar.enter": WORK_ON_SITUATIONS,
    "calendar.bring": WORK_ON_SITUATIONS,
    "calendar.change": WORK_ON_SITUATIONS,
    "calendar.call_off": WORK_ON_SITUATIONS,
    "calendar.bring_back": WORK_ON_SITUATIONS,
    "criteria.criteria": READ,
    "criteria.criterion": READ,
    "toolbox.toolbox": READ,
    "toolbox.toolbox_csv": READ,
    "toolbox.measure": READ,
    "practice.practice": READ,
    "practice.practice_csv": READ,
    "practice.case_study": READ,
    "practice.write": REVIEW,
    "practice.tell": REVIEW,
    "practice.change": REVIEW,
    "practice.withdraw": REVIEW,
    "practice.put_back": REVIEW,
    "method.method": READ,
    "method.tree_toml": READ,
    "method.method_versions": READ,
    "method.rule_versions": READ,
    "method_editing.weights": SHAPE_METHOD,
    "method_editing.rule": SHAPE_METHOD,
    "method_switching.draft_of_method": SHAPE_METHOD,
    "method_switching.preview_of_method": SHAPE_METHOD,
    "method_switching.switch_on_method": SHAPE_METHOD,
    "method_switching.discard_method": SHAPE_METHOD,
    "method_switching.draft_of_rule": SHAPE_METHOD,
    "method_switching.preview_of_rule": SHAPE_METHOD,
    "method_switching.switch_on_rule": SHAPE_METHOD,
    "method_switching.discard_rule": SHAPE_METHOD,
    "enter.enter": RECORD,
    "enter.go": RECORD,
    "enter.sheet": RECORD,
    "enter.grid": RECORD,
    "enter.save": RECORD,
    "enter.cell": RECORD,
    "enter.take_back": RECORD,
    "review.review": REVIEW,
    "review.country": REVIEW,
    "review.settle": REVIEW,
    # the action knows which countries its reviewer works on
    "review.settle_anywhere": REVIEW,
    "observations.observation": READ,
    "observations.correct": RECORD,
    "observations.withdraw": RECORD,
    "observations.take_back": RECORD,
    "imports.short_address": SEE_IMPORTS,
    "imports.imports": SEE_IMPORTS,
    "imports.one": SEE_IMPORTS,
    # whoever brought the file, or a reviewer: the page knows
    "imports.withdraw": SEE_IMPORTS,
    "imports.new": RECORD,
    "imports.columns": RECORD,
    "imports.record": RECORD,
    "imports.cancel": RECORD,
    "imports.problems_csv": RECORD,
    "sharing.sharing": SHARE,
    "sharing.make_key": SHARE,
    "sharing.add_partner": SHARE,
    "sharing.revoke_partner": SHARE,
    "sharing.new": SHARE,
    "sharing.make": SHARE,
    "sharing.receive": SHARE,
    "sharing.one": SHARE,
    "sharing.download": SHARE,
    "sharing.take_in": SHARE,
    "sharing.leave": SHARE,
    "sharing.take_back": SHARE,
    "people.people": MANAGE_PEOPLE,
    "people.invite": MANAGE_PEOPLE,
    "people.person": MANAGE_PEOPLE,
    "people_acts.rename": MANAGE_PEOPLE,
    "people_acts.deactivate": MANAGE_PEOPLE,
    "people_acts.reactivate": MANAGE_PEOPLE,
    "people_acts.invite_again": MANAGE_PEOPLE,
    "people_acts.end_sessions": MANAGE_PEOPLE,
    "people_acts.codes_off": MANAGE_PEOPLE,
    "people_acts.remove_passkey": MANAGE_PEOPLE,
    "audit.audit": READ_AUDIT,
    "audit.audit_csv": READ_AUDIT,
    "audit.verification": READ_AUDIT,
    "system.system": RUN_SYSTEM,
    "system.own_acceptance": RUN_SYSTEM,
    "system.jobs": RUN_SYSTEM,
    "system.run_job": RUN_SYSTEM,
    "sign_in.sign_in": ANYBODY,
    "sign_in.code": ANYBODY,
    "sign_in.passkey_options": ANYBODY,
    "sign_in.passkey": ANYBODY,
    "sign_in.sign_out": ANYBODY,
    "joining.accept": ANYBODY,
    "joining.first_administrator": ANYBODY,
    "reset.ask": ANYBODY,
    "reset.choose": ANYBODY,
    # whoever holds the link from the mail may confirm the address
    "account.confirm_address": ANYBODY,
    "account.account": SIGNED_IN,
    "account.password": SIGNED_IN,
    "account.address": SIGNED_IN,
    "account.end_session": SIGNED_IN,
    "account.end_other_sessions": SIGNED_IN,
    "second_factor.switch_on": SIGNED_IN,
    "second_factor.switch_off": SIGNED_IN,
    "second_factor.renew": SIGNED_IN,
    "passkeys.passkeys": SIGNED_IN,
    "passkeys.options": SIGNED_IN,
    "passkeys.add": SIGNED_IN,
    "passkeys.rename": SIGNED_IN,
    "passkeys.remove": SIGNED_IN,
}


class RouteUndeclared(Exception):
    """A route exists for which nobody has said whom it lets in."""


def guard(app: Flask) -> None:
    """Refuses to start with a route that has no policy, or a policy that has no route."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    if endpoints != POLICY.keys():
        undeclared, gone = sorted(endpoints - POLICY.keys()), sorted(POLICY.keys() - endpoints)
        raise RouteUndeclared(f"without a policy: {undeclared}; without a route: {gone}")
    app.before_request(_in_capitals)
    app.before_request(check)


def _in_capitals() -> Response | None:
    """A country's code is typed in small letters, too: the page stands at one address all the same."""
    iso3 = (request.view_args or {}).get("iso3", "")
    if iso3 == iso3.upper() or request.method not in ("GET", "HEAD"):
        return None
    there = url_for(request.endpoint or "", **{**(request.view_args or {}), "iso3": iso3.upper()})
    query = request.query_string.decode("latin-1")
    return redirect(f"{there}?{query}" if query else there, 308)


def check() -> Response | None:
    if request.endpoint is None:
        return None  # no such page, or not by this method: Flask says so itself
    policy = POLICY[request.endpoint]
    if not policy.needs_sign_in:
        return None
    asking = principal()
    if asking is None:
        return _to_sign_in()
    if policy.right and not asking.may(policy.right):
        abort(403)
    iso3 = (request.view_args or {}).get("iso3")
    if iso3 is not None and not asking.reaches(iso3):
        abort(404)
    return None


def _to_sign_in() -> Response:
    if request.method in ("GET", "HEAD"):
        wanted = request.full_path.rstrip("?")
        return redirect("/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted)}")
    if parking.park():
        flash(_("You were signed out. What you typed is kept: sign in, and it is there again."), "error")
        return redirect(f"/sign-in?next={quote(parking.page_of_form())}")
    flash(_("You were signed out, so nothing was changed. Sign in and try again."), "error")
    return redirect("/sign-in")
