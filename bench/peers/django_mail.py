"""The same mails with Django's EmailMultiAlternatives, run by bench/mail.py in an environment of its own.

python django_mail.py PORT HOW_MANY each|shared FOLDER

FOLDER has digest.txt, digest.html and map.png. `each`: send() of every message, as the documentation begins with;
`shared`: all over one connection that stays open. Prints the seconds that it took.
"""

import sys
import time
from email.mime.image import MIMEImage
from pathlib import Path

from django.conf import settings

PORT, HOW_MANY, WAY, FOLDER = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
settings.configure(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=PORT)

from django.core.mail import EmailMultiAlternatives, get_connection

text, html = (FOLDER / "digest.txt").read_text(), (FOLDER / "digest.html").read_text()
png = (FOLDER / "map.png").read_bytes()
connection = get_connection() if WAY == "shared" else None
if connection is not None:
    connection.open()
begun = time.perf_counter()
for number in range(HOW_MANY):
    mail = EmailMultiAlternatives(
        "What is new",
        text,
        "tracker@example.org",
        [f"reader{number}@example.org"],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    mail.mixed_subtype = "related"
    picture = MIMEImage(png, "png")
    picture.add_header("Content-ID", "<map>")
    mail.attach(picture)
    mail.send()
taken = time.perf_counter() - begun
if connection is not None:
    connection.close()
print(taken)
