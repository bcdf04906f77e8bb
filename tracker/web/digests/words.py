"""A digest in words: the most important thing first, long lists cut with a number and a link."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from flask_babel import format_datetime, get_timezone, ngettext
from flask_babel import gettext as _

from tracker.digest import DeliveryKind
from tracker.news import Turn
from tracker.rule import Severity
from tracker.score import Level
from tracker.text import straight_line
from tracker.web.digests.content import MOST_COUNTED, Digest
from tracker.web.digests.headline import SEPARATOR, counted, headlines, nothing_is_new, subject_of
from tracker.web.digests.items import ItemWords, level_told
from tracker.web.digests.page import LONGEST_NAME, DigestPage, Item, Passage, Picture, Row
from tracker.web.digests.rows import RowWords
from tracker.web.installation import address_of
from tracker.web.words import figure

MOST_ITEMS, MOST_ROWS = 8, 6
_Told = TypeVar("_Told")
# Words and where they lead.
Link = tuple[str, str]


@dataclass(frozen=True)
class Edition:
    """What a reader wants to know of the digest itself."""

    # Where it can be changed and stopped.
    url: str
    # Empty: an urgent notice.
    name: str
    is_first: bool
    # Who subscribed them to it. Empty: they did so themselves.
    subscribed_by: str
    # One click there ends it. Empty: this is a look at what it would be.
    leave_url: str


@dataclass(frozen=True)
class MapWords:
    # None: no country is on the map.
    picture: Picture | None
    # Of the countries at each level, the worst first.
    counts: Mapping[Level | None, int]
    signs: Sequence[str]


def digest_page(digest: Digest, edition: Edition, items: ItemWords, rows: RowWords, on_map: MapWords) -> DigestPage:
    name = str(_("Urgent notice")) if digest.kind is DeliveryKind.URGENT else straight_line(edition.name, LONGEST_NAME)
    found, told = headlines(digest, items, rows, name), counted(digest)
    nothing = str(_("No flag was raised, grew, eased or was cleared, and no step became overdue."))
    is_urgent = digest.kind is DeliveryKind.URGENT
    return DigestPage(
        subject=subject_of(digest.handling.label, found, told),
        mark=digest.handling,
        name=name,
        since=_since(digest, edition),
        headline=found[0] if digest.is_news else nothing_is_new(digest),
        counts=SEPARATOR.join(told) or nothing,
        passages=[passage for passage in _passages(digest, items, rows) if passage is not None],
        standing=None if is_urgent else _standing(digest),
        map=on_map.picture,
        key=[(level, level_told(level)) for level, count in on_map.counts.items() if count],
        key_besides=on_map.signs,
        foot=_foot(digest),
        why=_why(edition),
        links=_links(edition),
    )


def _passages(digest: Digest, items: ItemWords, rows: RowWords) -> list[Passage | None]:
    queue, requests = address_of("situations.situations"), address_of("assistance.assistance")
    ledger, calendar = address_of("responses.responses"), (_("The calendar"), address_of("calendar.calendar"))
    return [
        _of_items(_("New"), digest.of(Turn.NEW), items.case, queue),
        _of_items(_("Worse"), digest.of(Turn.WORSENED), items.case, queue),
        _of_items(_("Given to you"), digest.given, items.given, queue),
        _of_items(_("Overdue"), digest.overdue, items.overdue, queue),
        _of_items(_("Eased"), digest.of(Turn.EASED), items.case, queue),
        _of_items(_("Cleared"), digest.of(Turn.CLEARED), items.case, queue),
        _of_rows(_("What was decided and done"), digest.measures.settled, rows.measure, (_("All measures"), ledger)),
        _of_rows(_("Help that States ask for"), digest.calls, rows.call, (_("All requests"), requests)),
        _of_rows(_("What is coming"), digest.days.marked, rows.coming_or_changed, calendar),
        _moves(digest, rows),
        _blind(digest, rows),
    ]


def _of_items(title: str, found: Sequence[_Told], words: Callable[[_Told], Item], url: str) -> Passage | None:
    if not found:
        return None
    more, more_url = _more(len(found) - MOST_ITEMS, ("", url))
    items = [words(one) for one in found[:MOST_ITEMS]]
    return Passage(str(title), len(found), items=items, more=more, more_url=more_url)


def _of_rows(title: str, found: Sequence[_Told], words: Callable[[_Told], Row], where: Link) -> Passage | None:
    if not found:
        return None
    more, more_url = _more(len(found) - MOST_ROWS, where)
    return Passage(str(title), rows=[words(one) for one in found[:MOST_ROWS]], more=more, more_url=more_url)


def _moves(digest: Digest, rows: RowWords) -> Passage | None:
    ranking = _("The ranking"), address_of("dashboard.dashboard")
    found = _of_rows(_("Scores that moved"), digest.moves, rows.move, ranking)
    return replace(found, sentences=[str(_("Each against what you were told of it last."))]) if found else None


def _blind(digest: Digest, rows: RowWords) -> Passage | None:
    found, due = digest.lost, rows.due()
    if not found and not due:
        return None
    known = (_("How much is known"), address_of("coverage.coverage"))
    more, more_url = _more(len(found) - MOST_ROWS, known if found else (_("What is due"), address_of("coverage.due")))
    title, sentences = str(_("Where we have gone blind")), [due] if due else []
    return Passage(
        title, rows=[rows.lost(one) for one in found[:MOST_ROWS]], sentences=sentences, more=more, more_url=more_url
    )


def _more(left: int, where: Link) -> Link:
    """How many are left out; else what stands there anyway."""
    words, url = where
    if left > 0:
        words = str(ngettext("And %(num)s more", "And %(num)s more", left))
    return (str(words), url) if words else ("", "")


def _standing(digest: Digest) -> Passage:
    """A week in which nothing was new leads to what waits, too."""
    title, number = str(_("Where things stand")), sum(digest.open_situations.values())
    if not number:
        return Passage(title, sentences=[str(_("No situation is open."))])
    every = str(_("All situations"))
    return Passage(title, sentences=_open(digest, number), more=every, more_url=address_of("situations.situations"))


def _open(digest: Digest, number: int) -> list[str]:
    kinds = [
        _severities(severity, count)
        for severity in reversed(Severity)
        if (count := digest.open_situations.get(severity))
    ]
    if kinds and (calm := number - sum(digest.open_situations.get(severity, 0) for severity in Severity)):
        kinds.append(str(ngettext("%(num)s without an open flag", "%(num)s without an open flag", calm)))
    open_ones = ngettext("%(num)s situation is open", "%(num)s situations are open", number)
    said = [
        str(
            _("%(open)s; by the worst flag of each: %(kinds)s.", open=open_ones, kinds=", ".join(kinds))
            if kinds
            else _("%(open)s.", open=open_ones)
        )
    ]
    if digest.late_before:
        said.append(
            str(
                ngettext(
                    "%(count)s step was overdue before and still is.",
                    "%(count)s steps were overdue before and still are.",
                    digest.late_before,
                    count=figure(digest.late_before, 0),
                )
            )
        )
    return said


def _severities(severity: Severity, number: int) -> str:
    words: dict[Severity, str] = {
        Severity.NOTICE: ngettext("%(num)s notice", "%(num)s notices", number),
        Severity.WARNING: ngettext("%(num)s warning", "%(num)s warnings", number),
        Severity.ALARM: ngettext("%(num)s alarm", "%(num)s alarms", number),
    }
    return words[severity]


def _since(digest: Digest, edition: Edition) -> str:
    told = {
        "moment": format_datetime(digest.span.since, format="EEEE d MMMM y, HH:mm"),
        "zone": str(get_timezone()),
    }
    if digest.kind is DeliveryKind.URGENT or edition.is_first:
        return str(_("Since %(moment)s (%(zone)s)", **told))
    return str(_("Since your last digest on %(moment)s (%(zone)s)", **told))


def _foot(digest: Digest) -> list[str]:
    number, head = digest.audit_head
    said = []
    if digest.kind is DeliveryKind.DIGEST:
        countries = ngettext("%(num)s country", "%(num)s countries", len(digest.countries))
        is_cut = digest.observations >= MOST_COUNTED
        recorded = (
            _("at least %(count)s observations recorded since", count=figure(MOST_COUNTED, 0))
            if is_cut
            else ngettext(
                "%(count)s observation recorded since",
                "%(count)s observations recorded since",
                digest.observations,
                count=figure(digest.observations, 0),
            )
        )
        said.append(f"{countries}{SEPARATOR}{recorded}")
    if digest.scores.method is not None:
        told = {"number": digest.scores.method[0]}
        said.append(
            str(
                _(
                    "Scores by version %(number)s of the method, 100 being worst; in brackets, 90 %% intervals.",
                    **told,
                )
            )
        )
    if digest.scores.is_other_method:
        said.append(str(_("Another version was in force before: what changed is told by this one for both times.")))
    said.append(str(_("Audit log at entry %(number)s: %(head)s", number=number, head=head)))
    return said


def _why(edition: Edition) -> str:
    if not edition.name:
        return str(_("You get this because you want to be told at once of what cannot wait."))
    if edition.subscribed_by:
        by = straight_line(edition.subscribed_by, LONGEST_NAME)
        return str(_("You get this because %(name)s subscribed you to it.", name=by))
    return str(_("You get this because you subscribed to it."))


def _links(edition: Edition) -> list[tuple[str, str]]:
    links = [(str(_("Change it or stop it")), edition.url)]
    return [*links, (str(_("Stop it with one click")), edition.leave_url)] if edition.leave_url else links
