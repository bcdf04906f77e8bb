"""Where a reader arrives."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> Response:
    return redirect(url_for("countries.countries"))
