"""Which countries are looked at again when a day to come is entered, changed or called off.

Of one country it is that country. What concerns many is looked at where it can make a difference now: where the score
is high and the day near, and where it has set off a flag before. All others are looked at once a day anyway.
"""

from collections.abc import Collection, Iterable
from datetime import date

from tracker.handling import Mark
from tracker.occasion import MAY_SET_OFF, Draft
from tracker.rule import Kind, Rule
from tracker.storage import flag_states, methods, occasions, rules, scores, standings
from tracker.storage.base import Session
from tracker.workings import value_of


def countries_to_look_at(session: Session, drafts: Iterable[Draft], numbers: Collection[int], today: date) -> set[str]:
    """`numbers`: of the occasions that are not new; what is new has set off nothing."""
    found = set(flag_states.set_off_by(session, numbers)) if numbers else set[str]()
    of_many = list[Draft]()
    for one in drafts:
        if one.kind in MAY_SET_OFF and one.iso3 is not None:
            found.add(one.iso3)
        elif one.kind in MAY_SET_OFF:
            of_many.append(one)
    for rule in (one.rule for one in rules.in_force(session) if one.rule.kind is Kind.TRIGGER):
        near = [one for one in of_many if _is_near(one, rule, today)]
        concerned = {iso3 for one in near for iso3 in _concerned(session, one)}
        found |= _where_it_is_high(session, concerned, rule) if concerned else set()
    return found


def _is_near(one: Draft, rule: Rule, today: date) -> bool:
    day = one.next_day(today)
    return day is not None and (day - today).days <= rule.days


def _concerned(session: Session, one: Draft) -> Collection[str]:
    """Where nothing was ever recorded there is no score, and so nothing that could be set off."""
    scored = standings.countries(session)
    return scored if one.group_key is None else set(scored) & set(occasions.members_of(session, one.group_key))


def _where_it_is_high(session: Session, iso3s: set[str], rule: Rule) -> set[str]:
    """In any view of the country: what evidence up to one mark adds up to may be higher than what all of it does."""
    chosen, found = methods.in_force(session), set[str]()
    if chosen is None:
        return found
    number, method = chosen
    nodes = [node for node in rule.nodes if node in method.tree.positions]
    for mark in Mark:
        for iso3, view in scores.alone(session, number, method.tree, mark, iso3s).items():
            if any(value_of(method.tree, view, node) >= rule.lowest_line for node in nodes):
                found.add(iso3)
    return found
