"""A ListView of the countries as its documentation has it, run by bench/dashboard.py in an environment of its own.

python django_list.py DATABASE PORT bare|site

`site` has the middleware with which a project begins, and shows the list to those who are signed in: /enter lets
whoever asks in. `bare` is spared both. Either keeps its connection to the database open and its templates compiled, as
they are wherever DEBUG is off. /save/ISO3 gives that country another score, by the model's own save().
"""

import random
import sys

import django
from django.conf import settings
from django.http import HttpResponse
from waiting import serve

DATABASE, PORT, IS_SITE = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "site"

ROWS = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Countries</title></head><body><h1>Countries</h1>
<table><thead><tr><th>Country</th><th>Score</th><th>A month ago</th><th>A year ago</th><th>Trend</th><th>Flags</th></tr>
</thead><tbody>
{% for row in object_list %}
<tr><th scope="row"><a href="/countries/{{ row.iso3 }}">{{ row.name }}</a></th>
<td>{{ row.score|floatformat:1 }}</td><td>{{ row.month_ago|floatformat:1 }}</td>
<td>{{ row.year_ago|floatformat:1 }}</td>
<td>{{ row.trend }}</td><td>{{ row.flags }}</td></tr>
{% endfor %}
</tbody></table></body></html>
"""

settings.configure(
    DEBUG=False,
    SECRET_KEY="a key for this run alone",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages")],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ]
    if IS_SITE
    else [],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE, "CONN_MAX_AGE": None}},
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {"countries.html": ROWS})],
                    )
                ]
            },
        }
    ],
)
django.setup()

from django.contrib.auth import login
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.urls import path
from django.views.generic import ListView


class Country(models.Model):
    iso3 = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=100)
    score = models.FloatField(null=True)
    month_ago = models.FloatField(null=True)
    year_ago = models.FloatField(null=True)
    trend = models.CharField(max_length=10)
    flags = models.IntegerField()

    class Meta:
        app_label = "peer"
        db_table = "countries"
        ordering = ("-score", "name")
        managed = False


class Countries(ListView):
    model = Country
    template_name = "countries.html"


class CountriesOfASite(LoginRequiredMixin, Countries):
    pass


def enter(request):
    login(request, User.objects.get_or_create(username="reader")[0])
    return HttpResponse("signed in")


def save(request, iso3):
    country = Country.objects.get(iso3=iso3)
    country.score = random.uniform(0, 100)
    country.save()
    return HttpResponse("saved")


shown = CountriesOfASite if IS_SITE else Countries
urlpatterns = [path("", shown.as_view()), path("enter", enter), path("save/<iso3>", save)]

if __name__ == "__main__":
    if IS_SITE:
        call_command("migrate", verbosity=0)
    serve(get_wsgi_application(), PORT)
