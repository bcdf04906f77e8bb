"""Why a file is not read: one sentence for each reason, with what to do about it.

The child process names the reason by its key and gives the values; the sentences are on this side of the pipe.
"""

from tracker.refusal import N_, Refusal


class TableRefused(Refusal):
    """This file cannot be read as a table. `reason` is the key of the sentence."""

    def __init__(self, reason: str, **values: str | int) -> None:
        super().__init__(REASONS[reason], **values)
        self.reason = reason


class TableTooLarge(TableRefused):
    """It may be a table, but it breaks a limit: size, rows, columns, cells, memory or time."""


REASONS = {
    # of any file
    "missing": N_("The file is not there any more; upload it again."),
    "empty": N_("The file is empty; save the table again and check that the file has content."),
    "no_rows": N_("There is no row in the file; save the table again and check that it has content."),
    "no_table": N_("This file is no table (it looks like %(kind)s); save the table as CSV or .xlsx."),
    "damaged": N_("The file is damaged or incomplete (%(detail)s); save or download it again."),
    "broke_off": N_("Reading the file broke off; open it in a spreadsheet program and save it again as .xlsx or CSV."),
    # of workbooks
    "password": N_("The workbook is protected by a password; save it without a password."),
    "old_workbook": N_(
        "The file is a workbook of the kind %(kind)s; open it in a spreadsheet program and save it as .xlsx."
    ),
    "no_workbook": N_("The file is a ZIP archive, but no workbook; unpack it and choose the table in it."),
    "no_such_sheet": N_("There is no sheet “%(sheet)s” in the workbook; choose one of: %(sheets)s."),
    "no_sheet": N_("The workbook has no sheet with cells; save the table as .xlsx again."),
    "empty_sheet": N_("The sheet “%(sheet)s” is empty; choose another of: %(sheets)s."),
    # of CSV
    "no_text": N_(
        "This is no text (byte %(position)s is a character that no table has); save the table as CSV in UTF-8."
    ),
    "encoding": N_("The text is not valid %(encoding)s; save the table as CSV in UTF-8."),
    "quote": N_("Row %(row)s has a quotation mark that is not closed, or text after a closing one; correct it."),
    # limits
    "file_bytes": N_("The file has %(size)s MB and %(limit)s MB is the most; split it."),
    "unpacked_bytes": N_("Unpacked, the file is larger than %(limit)s MB; split the table."),
    "unpacked_ratio": N_(
        "The file claims to grow %(limit)s times and more when unpacked, as no table does; save it again."
    ),
    "rows": N_("The table has more than %(limit)s rows; split it."),
    "columns": N_("Row %(row)s has %(columns)s columns and %(limit)s is the most; remove what is not needed."),
    "cell_characters": N_(
        "A cell in row %(row)s has more than %(limit)s characters; shorten it, or close its quotation mark."
    ),
    "cell_characters_at": N_("Cell %(cell)s of sheet “%(sheet)s” has more than %(limit)s characters; shorten it."),
    "line_characters": N_("Row %(row)s has more than %(limit)s characters; check its line ends and quotation marks."),
    "memory": N_("The table needs too much memory to be read; split it, or save it as CSV."),
    "time": N_("The table takes too long to read; split it, or save it as CSV."),
}

_OF_SIZE = frozenset(
    {
        *("file_bytes", "unpacked_bytes", "unpacked_ratio", "rows", "columns"),
        *("cell_characters", "cell_characters_at", "line_characters", "memory", "time"),
    }
)


def refused(reason: str, **values: str | int) -> TableRefused:
    return (TableTooLarge if reason in _OF_SIZE else TableRefused)(reason, **values)
