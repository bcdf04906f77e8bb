"""A form on a page of its own, which comes back filled where something speaks against it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from tracker.storage.base import Session
from tracker.web.forms.situations import ActForm
from tracker.web.sending import refused
from tracker.web.session import asker

Answer = Response | tuple[str, int]
# A term, and what it is.
Pair = tuple[str, str]


@dataclass(frozen=True)
class FormPage:
    """What the page says around the form."""

    title: str
    button: str
    # Where it belongs, and where whoever cancels goes.
    back_url: str
    back: str
    lede: str = ""
    kind: str = "primary"
    # What is more than one question after the other has a template of its own, with what it needs besides.
    template: str = "forms/one.html"
    besides: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    sentence: str
    url: str


def carried_out(
    form: ActForm,
    page: FormPage,
    carry_out: Callable[[Session], Done],
    *,
    stands: Callable[[], Sequence[Pair]] = tuple,
) -> Answer:
    """`stands`: asked where somebody was quicker, how things stand now; sending it again, knowing that, is a
    decision."""
    if not form.is_submitted():
        return _shown(form, page, 200)
    done: list[Done] = []
    problem = refused(form, asker(), lambda session: done.append(carry_out(session)))
    if problem:
        status, words = problem
        return _shown(form, page, status, words, stands() if status == 409 else ())
    flash(done[0].sentence)
    return redirect(done[0].url)


def _shown(form: ActForm, page: FormPage, status: int, problem: str = "", stands: Sequence[Pair] = ()) -> Answer:
    words = {"form": form, "page": page, "problem": problem, "stands": stands, **page.besides}
    return render_template(page.template, **words), status
