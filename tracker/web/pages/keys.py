"""Which keys lead where? They are those of the rail, so the page needs nothing else."""

from flask import Blueprint, render_template

pages = Blueprint("keys", __name__, url_prefix="/keys")


@pages.get("", endpoint="keys")
def keys() -> str:
    return render_template("keys/keys.html")
