"""A table to take away, under the name that the browser shall keep it by."""

from flask import Response


def csv_file(text: str, name: str) -> Response:
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})
