"""Files that people bring: what their columns mean, what is wrong with them, and what became of them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import Right
from tracker.actions.imports import bring, check, glancing, understand
from tracker.actions.imports import withdraw as withdrawing
from tracker.actions.imports.permission import NoSuchImport, is_owner, seen_by, sees
from tracker.exchange.tables.refused import TableRefused
from tracker.exchange.template_sheet import MAPPING
from tracker.mapping import MappingUnfit
from tracker.storage import imports, people
from tracker.storage.recording import Import
from tracker.web.clock import now
from tracker.web.country_choice import Wanted, within
from tracker.web.csv_file import csv_file
from tracker.web.database import reading, transaction
from tracker.web.errors import in_words
from tracker.web.forms.fields import blame
from tracker.web.forms.imports import BringForm, WithdrawForm
from tracker.web.frame import frame
from tracker.web.imports.columns import mapping_in, number_in
from tracker.web.imports.page import can_be_mapped, columns_form, form_of, glance_at, problems_as_csv, shown
from tracker.web.installation import settings
from tracker.web.moments import of_today
from tracker.web.session import asker

pages = Blueprint("imports", __name__)
Answer = str | AnyResponse | tuple[str, int]
ONE = "/imports/<int:import_id>"


@pages.get("/import")
def short_address() -> AnyResponse:
    """Where somebody looks who types an address."""
    return redirect(url_for("imports.imports"))


@pages.get("/imports", endpoint="imports")
def all_imports() -> str:
    reader, wanted = asker(), Wanted.read(request.args)
    rows = seen_by(reading(), reader, within(reader, wanted.group).scope if wanted.group else None)
    names = people.names(reading(), {row.brought_by for row in rows if row.brought_by is not None})
    words = {"wanted": wanted, "every_group": frame().groups, "may_bring": reader.may(Right.RECORD)}
    return render_template("imports/list.html", rows=rows, names=names, **words)


@pages.route("/imports/new", methods=["GET", "POST"])
def new() -> Answer:
    form = BringForm()
    if not form.validate_on_submit():
        return render_template("imports/new.html", form=form), 422 if form.is_submitted() else 200
    try:
        import_id = _bring(form.file.data)
    except (bring.FileEmpty, bring.FileTooLarge, TableRefused) as refused:
        blame(form.file, refused)
        return render_template("imports/new.html", form=form), 422
    return redirect(url_for("imports.one", import_id=import_id))


@pages.get(ONE)
def one(import_id: int) -> str:
    row, reader = _visible(import_id), asker()
    asks = not request.args.keys().isdisjoint({"columns", "sheet", "header_row", "like"})
    form, unreadable = None, ""
    if can_be_mapped(row, reader) and (asks or row.mapping is None or row.error):
        try:
            form = columns_form(reading(), row, reader, request.args)
        except (MappingUnfit, TableRefused) as refused:
            unreadable = in_words(refused)
    return render_template("imports/one.html", shown=shown(reading(), row, reader, form, unreadable))


@pages.post(f"{ONE}/columns")
def columns(import_id: int) -> Answer:
    """What the columns mean is decided, and every row is tried."""
    row, reader = _own(import_id), asker()
    names = understand.country_names(reading(), reader.scope)
    seen = glance_at(reading(), row, request.form)
    remembered = None if row.mapping else glancing.remembered_for(reading(), row, seen)
    guessed = glancing.mapping_for(row, remembered, seen)
    mapping = mapping_in(request.form, seen.headings, guessed)
    try:
        glancing.refuse_unfit(reading(), mapping, seen, names, on=now().date())
        with transaction() as session:
            check.choose_columns(
                session,
                import_id,
                mapping,
                sheet=seen.sheet,
                header=seen.header_fingerprint,
                source_id=_number("source_id"),
                knowingly=request.form.get("knowingly") == "yes",
                seen=_number("seen"),
                by=reader.person_id,
                now=now(),
            )
    except (MappingUnfit, check.BroughtBefore, check.NoSuchPublisher) as refused:
        form = form_of(reading(), row, reader, seen, mapping, remembered, refused)
        return render_template("imports/one.html", shown=shown(reading(), row, reader, form)), 422
    return redirect(url_for("imports.one", import_id=import_id))


@pages.post(f"{ONE}/record")
def record(import_id: int) -> Answer:
    """All that is right, and it is said how many rows are not."""
    _own(import_id)
    left_out = _number("leave_out") or 0
    with transaction() as session:
        by, seen = asker().person_id, _number("seen")
        check.ask_to_record(session, import_id, leave_out=left_out, seen=seen, by=by, now=now())
    return redirect(url_for("imports.one", import_id=import_id))


@pages.post(f"{ONE}/cancel")
def cancel(import_id: int) -> Answer:
    _own(import_id)
    with transaction() as session:
        bring.cancel(session, import_id, seen=None, by=asker().person_id, now=now())
    flash(_("Cancelled: nothing of the file was recorded, and it is not kept."))
    return redirect(url_for("imports.imports"))


@pages.route(f"{ONE}/withdraw", methods=["GET", "POST"])
def withdraw(import_id: int) -> Answer:
    row, form = _visible(import_id), WithdrawForm()
    if not withdrawing.may_withdraw(asker(), row):
        raise NoSuchImport
    if not form.is_submitted():
        form.seen.data = str(row.version)
    if not form.validate_on_submit():
        return _withdrawal(row, form)
    try:
        with transaction() as session:
            reason, seen = form.reason.data or "", _number("seen")
            withdrawing.withdraw(session, import_id, reason, seen=seen, by=asker(), now=now())
    except (withdrawing.BeyondScope, withdrawing.NeedsReviewer, withdrawing.NoReason) as refused:
        blame(form.reason, refused)
        return _withdrawal(row, form)
    flash(_("Everything that came from this file is taken back."))
    return redirect(url_for("imports.one", import_id=import_id))


@pages.get(f"{ONE}/problems.csv")
def problems_csv(import_id: int) -> Response:
    """With what stands in the cells: for whoever brought the file."""
    row = _own(import_id)
    return csv_file(problems_as_csv(reading(), row), f"problems-of-import-{import_id}", of_today())


def _withdrawal(row: Import, form: WithdrawForm) -> Answer:
    recorded = imports.how_many_recorded(reading(), row.id)
    page = render_template("imports/withdraw.html", form=form, row=row, recorded=recorded)
    return page, 422 if form.is_submitted() else 200


def _bring(sent: FileStorage) -> int:
    """Looked into before it is kept: what is no table is refused at once, and nothing of it stays."""
    folder = settings().data_folder / understand.FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=bring.FOLDER_PREFIX) as own_folder:
        path = Path(own_folder, "file")
        sent.save(path)
        file = bring.packed(path, sent.filename or "")
        seen = glancing.glance(reading(), path)
    with transaction() as session:
        by, header = asker().person_id, seen.header_fingerprint
        row = bring.bring(session, file, sheet=seen.sheet, header=header, by=by, now=now())
        if seen.is_our_sheet and check.brought_before(session, row) is None:
            # nobody has to say what its columns are
            check.choose_columns(
                session,
                row.id,
                MAPPING,
                sheet=seen.sheet,
                header=header,
                source_id=None,
                knowingly=False,
                seen=None,
                by=by,
                now=now(),
            )
        return row.id


def _visible(import_id: int) -> Import:
    row = imports.by_id(reading(), import_id)
    if row is None or not sees(reading(), asker(), row):
        raise NoSuchImport
    return row


def _own(import_id: int) -> Import:
    row = imports.by_id(reading(), import_id)
    if row is None or not is_owner(asker(), row):
        raise NoSuchImport
    return row


def _number(name: str) -> int | None:
    return number_in(request.form.get(name, ""))
