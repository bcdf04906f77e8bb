"""How case studies are put into words: their parts, where and when they were, and what was written otherwise."""

from collections.abc import Collection, Iterable, Mapping

from flask import Flask
from flask_babel import gettext as _

from tracker.answer import is_web_address
from tracker.case_study import Case, Difference, Part, Said, differences, edits
from tracker.text import one_line
from tracker.web.frame import frame
from tracker.web.situations.words import crime_word, stage_word
from tracker.web.toolbox.words import kind_word
from tracker.web.words import country_name, day, mark_word

LONGEST_QUOTE = 300


def teach(app: Flask) -> None:
    """Makes the words known to every template, each as a filter of its own name."""
    for word in (part_word, place_of, days_of, is_web_address):
        app.jinja_env.filters[word.__name__] = word


def part_words() -> dict[Part, str]:
    return {
        Part.SEEN: _("What was seen"),
        Part.KNOWN: _("When it was known"),
        Part.DECIDED: _("What was decided"),
        Part.DONE: _("What was done"),
        Part.FOLLOWED: _("What followed"),
        Part.LEARNT: _("What was learnt"),
    }


def part_word(value: Part) -> str:
    return part_words()[value]


def place_of(case: Case) -> str:
    if case.iso3:
        return country_name(frame().countries[case.iso3])
    return case.place or str(_("no country of today"))


def days_of(case: Case) -> str:
    if case.ended_on is None:
        return str(_("from %(day)s", day=day(case.began_on)))
    return str(_("%(first)s to %(last)s", first=day(case.began_on), last=day(case.ended_on)))


def criterion_names(keys: Iterable[str]) -> list[str]:
    """In the order of the catalogue; a retired one still has its name."""
    wanted = set(keys)
    return [one.name for one in frame().every_criterion if one.key in wanted]


def differences_told(before: Said, after: Said) -> list[str]:
    """Some sentences for each."""
    return [sentence for one in differences(before, after) for sentence in _told(one, before, after)]


def _told(difference: Difference, before: Said, after: Said) -> list[str]:
    old, new = before.case, after.case
    match difference:
        case Difference.WITHDRAWN:
            return [_("It was withdrawn.")]
        case Difference.PUT_BACK:
            return [_("It was put back.")]
        case Difference.TITLE:
            return [_became(_("The title"), old.title, new.title)]
        case Difference.PLACE:
            return [_became(_("The place"), place_of(old), place_of(new))]
        case Difference.DAYS:
            return [_became(_("The time"), days_of(old), days_of(new))]
        case Difference.STAGE:
            return [_became(_("The stage"), *(stage_word(one.stage) if one.stage else "" for one in (old, new)))]
        case Difference.CRIMES:
            return _ticked(*({one.value: crime_word(one) for one in said.crimes} for said in (old, new)))
        case Difference.CRITERIA:
            names = {one.key: one.name for one in frame().every_criterion}
            return _ticked(*({key: names.get(key, key) for key in said.criteria} for said in (old, new)))
        case Difference.KINDS:
            return _ticked(*({one.value: kind_word(one) for one in said.kinds} for said in (old, new)))
        case Difference.TEXTS:
            texts = [(words, old.text(part), new.text(part)) for part, words in part_words().items()]
            return [told for text in texts for told in _edited(*text)]
        case Difference.SOURCES:
            return _edited(_("Sources"), "\n".join(old.sources), "\n".join(new.sources))
        case Difference.MARK:
            return [_became(_("The mark"), mark_word(before.handling), mark_word(after.handling))]


def _became(what: str, before: str, after: str) -> str:
    told = {"what": what, "before": before or _("nothing"), "after": after or _("nothing")}
    return str(_("%(what)s “%(before)s” became “%(after)s”.", **told))


def _ticked(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    gone = [_("No longer named: %(what)s.", what=before[key]) for key in _in_order(before, after)]
    return gone + [_("Named now: %(what)s.", what=after[key]) for key in _in_order(after, before)]


def _in_order(these: Mapping[str, str], without: Collection[str]) -> list[str]:
    return [key for key in these if key not in without]


def _edited(where: str, before: str, after: str) -> list[str]:
    found = []
    for edit in edits(before, after):
        told = {"where": where, "out": one_line(edit.out, LONGEST_QUOTE), "into": one_line(edit.into, LONGEST_QUOTE)}
        if not edit.out:
            found.append(_("%(where)s: “%(into)s” was added.", **told))
        elif not edit.into:
            found.append(_("%(where)s: “%(out)s” was taken out.", **told))
        else:
            found.append(_("%(where)s: “%(out)s” became “%(into)s”.", **told))
    return found
