"""What is to be handed to others: looked through first, then made, signed and kept as it left."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tracker.access import Principal
from tracker.actions import audit
from tracker.actions.bundles.keys import private_key, public_key
from tracker.actions.sealing import Seal
from tracker.answer import LONGEST_LINE, LONGEST_TEXT, is_web_address
from tracker.bundle import (
    LONGEST_NAME,
    MOST_ROWS,
    BundleDirection,
    BundlePart,
    Contents,
    Shared,
    SharedAssessment,
    SharedFlag,
    SharedObservation,
    SharedWithdrawal,
    Unshared,
    counts_of,
    refuse_ceiling,
    why_unshared,
)
from tracker.exchange.bundles import canonical, fingerprint_of, signed, unsealed
from tracker.handling import Mark
from tracker.refusal import N_, NotThere, OutOfTurn, Refusal
from tracker.storage import audit_entries, bundles, rules, shareable
from tracker.storage.base import Session
from tracker.storage.flags import MANUAL, SeenFlag, seen_up_to
from tracker.storage.shareable import Asked, Assessed, ToShare
from tracker.storage.sharing import Bundle
from tracker.text import one_line, straight_line, tidy

RAISED_BY_A_PERSON = "Raised by a person"
# What is sent again later is meant: a partner who took the first one back cannot bring it a second time.
SENT_TWICE_WITHIN = timedelta(minutes=10)


class NoCountry(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose at least one country."))


class NothingChosen(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Choose what is to be shared."))


class DaysReversed(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("The last day comes before the first: exchange them."))


class BeyondScope(NotThere):
    def __init__(self) -> None:
        super().__init__(N_("There is no such country."))


class TooMuch(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("That is more than %(most)s rows: choose fewer countries or days."),
            most=MOST_ROWS,
        )


class NothingToShare(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("There is nothing to share: all that was chosen stays behind, or nothing is recorded."))


class NoRecipient(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("Say for whom it is."))


class NotAsShown(OutOfTurn):
    """Something was recorded, or marked otherwise, since the page was opened."""

    def __init__(self) -> None:
        super().__init__(N_("What would leave has changed since you looked at it, so nothing was made. Look again."))


@dataclass(frozen=True)
class Wish:
    countries: frozenset[str]
    since: date
    until: date
    parts: frozenset[BundlePart]
    ceiling: Mark


@dataclass(frozen=True)
class Look:
    """Exactly what would leave, and how much would not."""

    observations: tuple[SharedObservation, ...] = ()
    withdrawn: tuple[SharedWithdrawal, ...] = ()
    flags: tuple[SharedFlag, ...] = ()
    assessments: tuple[SharedAssessment, ...] = ()
    # Only counted, and only what whoever asks may know of.
    behind: Mapping[Unshared, Counter[BundlePart]] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[Shared, ...]:
        return (*self.observations, *self.withdrawn, *self.flags, *self.assessments)

    @property
    def without_source(self) -> int:
        return sum(not row.attributable for row in self.observations)

    def contents(self, recipient: str, now: datetime) -> Contents:
        return Contents(now, recipient, self.observations, self.withdrawn, self.flags, self.assessments)

    def fingerprint(self) -> str:
        """Another one, and it is not what was looked at."""
        plain = self.contents("", datetime.min.replace(tzinfo=UTC)).as_plain()
        return hashlib.sha256(canonical(plain)).hexdigest()


def look(session: Session, wish: Wish, *, by: Principal) -> Look:
    """Nothing leaves by it, and nothing is written."""
    _refuse_wish(wish, by)
    partners = shareable.sources_of_partners(session) if wish.ceiling >= Mark.AMBER else ()
    asked = Asked(wish.countries, wish.since, wish.until, wish.ceiling, partners)
    sorting = _Sorting(wish.ceiling)
    observations: tuple[SharedObservation, ...] = ()
    withdrawn: tuple[SharedWithdrawal, ...] = ()
    flags: tuple[SharedFlag, ...] = ()
    assessments: tuple[SharedAssessment, ...] = ()
    if BundlePart.OBSERVATIONS in wish.parts:
        observations, withdrawn = _observations(session, asked, sorting, by.clearance)
    if BundlePart.FLAGS in wish.parts:
        flags = _flags(session, asked, sorting, by.clearance)
    if BundlePart.ASSESSMENTS in wish.parts:
        made = shareable.assessments_to_share(session, asked, by.clearance)
        assessments = tuple(_assessment(one) for one in made if sorting.goes(BundlePart.ASSESSMENTS, one.handling))
    found = Look(observations, withdrawn, flags, assessments, sorting.behind)
    if len(found.rows) > MOST_ROWS:
        raise TooMuch
    return found


class _Sorting:
    """What goes, and how much of what stays behind, and why."""

    def __init__(self, ceiling: Mark) -> None:
        self._ceiling = ceiling
        self.behind: dict[Unshared, Counter[BundlePart]] = {why: Counter() for why in Unshared}

    def goes(self, part: BundlePart, mark: Mark, number: int = 1) -> bool:
        why = why_unshared(mark, self._ceiling)
        if why is not None:
            self.behind[why][part] += number
        return why is None


def make(
    session: Session, wish: Wish, recipient: str, seal: Seal, *, shown: str, by: Principal, now: datetime
) -> Bundle:
    """`shown`: the fingerprint of what the person has looked through. Anything else does not leave.

    The same wish once more within minutes, for the same recipient and with the same key, is the bundle that was made.
    """
    recipient = straight_line(recipient, LONGEST_NAME)
    if not recipient:
        raise NoRecipient
    found = look(session, wish, by=by)
    if found.fingerprint() != shown:
        raise NotAsShown
    if not found.rows:
        raise NothingToShare
    audit_entries.locked_head(session)
    told = {
        "countries": sorted(wish.countries),
        "since": wish.since.isoformat(),
        "until": wish.until.isoformat(),
        "ceiling": int(wish.ceiling),
        "counts": counts_of(found.rows),
        "shown": shown,
        "key": fingerprint_of(public_key(session)),
    }
    made = bundles.newest_sent(session, recipient)
    if made is not None and made.summary == told and now - made.at < SENT_TWICE_WITHIN:
        return made
    contents = found.contents(recipient, now)
    file = signed(contents, private_key(session, seal))
    made = Bundle(
        direction=BundleDirection.SENT,
        recipient=recipient,
        fingerprint=unsealed(file).fingerprint,
        content=zlib.compress(file),
        handling=contents.highest,
        summary=told,
        at=now,
        by_id=by.person_id,
    )
    session.add(made)
    session.flush()
    after = {"recipient": recipient, "fingerprint": made.fingerprint, **made.summary}
    audit.record(session, "bundle made", f"bundle {made.id}", by=by.person_id, now=now, after=after)
    return made


def _refuse_wish(wish: Wish, by: Principal) -> None:
    refuse_ceiling(wish.ceiling, by.clearance)
    if not wish.countries:
        raise NoCountry
    if not all(by.reaches(iso3) for iso3 in wish.countries):
        raise BeyondScope
    if not wish.parts:
        raise NothingChosen
    if wish.until < wish.since:
        raise DaysReversed


def _observation(row: ToShare) -> SharedObservation:
    """Whose word it is stays behind where it may not be told, and the link that would tell it."""
    named, note = row.attributable, tidy(row.note)[:LONGEST_TEXT] if row.note else None
    if not named and note and row.source.casefold() in note.casefold():
        # a note that names them would tell it all the same
        note = None
    link = row.evidence_url if named and row.evidence_url and is_web_address(row.evidence_url) else None
    return SharedObservation(
        country=row.iso3,
        indicator=row.indicator,
        day=row.observed_on,
        value=row.value,
        standard_error=row.standard_error,
        reliability=row.reliability,
        credibility=row.credibility,
        mark=Mark(row.handling),
        attributable=named,
        source=one_line(row.source, LONGEST_LINE) if named else None,
        note=note,
        evidence=link,
    )


def _withdrawal(row: ToShare) -> SharedWithdrawal:
    return SharedWithdrawal(row.iso3, row.indicator, row.observed_on, Mark(row.handling))


def _observations(
    session: Session, asked: Asked, sorting: _Sorting, clearance: Mark
) -> tuple[tuple[SharedObservation, ...], tuple[SharedWithdrawal, ...]]:
    """Nothing above the chosen mark is read; one more than a bundle holds, so that too many are noticed."""
    part = BundlePart.OBSERVATIONS
    for mark, number in shareable.observations_staying_behind(session, asked, clearance).items():
        if sorting.goes(part, mark, number):
            sorting.behind[Unshared.OF_A_PARTNER][part] += number
    found = shareable.observations_to_share(session, asked, most=MOST_ROWS + 1)
    observations = tuple(_observation(row) for row in found if not row.withdrawn)
    return observations, tuple(_withdrawal(row) for row in found if row.withdrawn)


def _flags(session: Session, asked: Asked, sorting: _Sorting, clearance: Mark) -> tuple[SharedFlag, ...]:
    """As they stand for somebody who may see up to the chosen mark and nothing above it."""
    known = shareable.flags_to_share(session, asked, clearance)
    found = [one for one in known if sorting.goes(BundlePart.FLAGS, one.lowest_mark)]
    names = {row.key: str(row.content.get("name", row.key)) for row in rules.newest_in_force(session)} if found else {}
    return tuple(_flag(seen_up_to(one, asked.ceiling), names) for one in found)


def _flag(seen: SeenFlag, names: Mapping[str, str]) -> SharedFlag:
    flag, said, first = seen.flag, seen.said, min(event.at for event in seen.events)
    # an occasion and a person's own flag have numbers that mean something here alone
    subject = "" if flag.subject.isdecimal() else flag.subject
    name = RAISED_BY_A_PERSON if flag.rule_key == MANUAL else names.get(flag.rule_key, flag.rule_key)
    return SharedFlag(
        country=flag.iso3,
        rule=flag.rule_key,
        rule_name=one_line(name, LONGEST_LINE),
        subject=subject,
        opened_on=min(event.day for event in seen.events),
        day=said.day,
        severity=said.severity,
        is_open=seen.is_open,
        # one that was given when the flag spoke above this mark alone tells of what is above it
        verdict=flag.verdict if flag.verdict_at is not None and flag.verdict_at >= first else None,
        mark=Mark(max(event.handling for event in seen.events)),
    )


def _assessment(one: Assessed) -> SharedAssessment:
    said = one.said
    return SharedAssessment(
        country=one.iso3,
        part=one_line(one.part, LONGEST_LINE),
        day=one.day,
        crimes=said.crimes,
        out_of_scope=tidy(said.out_of_scope),
        likelihood=said.likelihood,
        consequence=said.consequence,
        stage=said.stage,
        population=tidy(said.population),
        summary=tidy(said.summary),
        mark=one.handling,
    )
