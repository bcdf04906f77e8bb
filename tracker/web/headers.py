"""What every answer says to the browser, errors and files included."""

from pathlib import Path

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from tracker.web.fingerprints import fingerprint_of

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# Of a page that shows a mail, in a frame.
AROUND_A_MAIL = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
# Of the mail in that frame: its looks stand in itself, as mail programs want it; it can run nothing, send nothing and
# load nothing.
OF_A_MAIL = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
A_YEAR = "public, max-age=31536000, immutable"


def add_headers(app: Flask) -> None:
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    headers = response.headers
    # what shows a mail has said so
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static" and response.status_code == 200:
        headers["Cache-Control"] = A_YEAR if _never_goes_stale() else "no-cache"
    else:
        headers["Cache-Control"] = "no-store"
    return response


def _never_goes_stale() -> bool:
    """Its address carries the fingerprint of the very content that is sent; that of another version must not stick."""
    asked = request.args.get("v")
    file = Path(current_app.static_folder or "") / (request.view_args or {})["filename"]
    return asked is not None and asked == fingerprint_of(file)
