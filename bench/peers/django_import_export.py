"""The same import with django-import-export, run by bench/imports.py in an environment of its own.

python django_import_export.py FILE default|tuned|lean

`default` is a resource as its documentation begins with. `tuned` uses what the documentation has for large files: bulk
writes, no row-by-row comparison, instances and foreign keys looked up in memory, one transaction. `lean` is that, with
less checked: each field by its validators, and no question to the database for each row.
"""

import csv
import sys
import tempfile
import time
from pathlib import Path

import django
from django.conf import settings

FOLDER = tempfile.mkdtemp()
settings.configure(
    INSTALLED_APPS=["import_export"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/peer.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

import tablib
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from import_export import fields, resources, widgets
from import_export.instance_loaders import CachedInstanceLoader


class Country(models.Model):
    iso3 = models.CharField(max_length=3, unique=True)

    class Meta:
        app_label = "import_export"


class Indicator(models.Model):
    key = models.CharField(max_length=60, unique=True)

    class Meta:
        app_label = "import_export"


class Observation(models.Model):
    natural_key = models.CharField(max_length=90, unique=True)
    date = models.DateField()
    iso3 = models.ForeignKey(Country, on_delete=models.PROTECT)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT)
    value = models.FloatField(validators=[MinValueValidator(-1e300), MaxValueValidator(1e300)])
    standard_error = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0)])

    class Meta:
        app_label = "import_export"


class InMemory(widgets.ForeignKeyWidget):
    """Looks a foreign key up once for all rows."""

    def __init__(self, model, field):
        super().__init__(model, field)
        self.known = None

    def clean(self, value, row=None, **options):
        if self.known is None:
            self.known = {getattr(one, self.field): one for one in self.model.objects.all()}
        return self.known[value]


def resource_of(kind):
    widget = widgets.ForeignKeyWidget if kind == "default" else InMemory

    class ObservationResource(resources.ModelResource):
        iso3 = fields.Field(attribute="iso3", column_name="iso3", widget=widget(Country, "iso3"))
        indicator = fields.Field(attribute="indicator", column_name="indicator", widget=widget(Indicator, "key"))

        def before_import_row(self, row, **options):
            row["natural_key"] = f"{row['date']}/{row['iso3']}/{row['indicator']}"

        def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
            if kind != "lean":
                super().validate_instance(instance, import_validation_errors, validate_unique)
            else:
                instance.clean_fields(exclude=("iso3", "indicator"))

        class Meta:
            model = Observation
            import_id_fields = ("natural_key",)
            fields = ("natural_key", "date", "iso3", "indicator", "value", "standard_error")
            clean_model_instances = True
            use_transactions = True
            if kind != "default":
                use_bulk = True
                batch_size = 5000
                skip_diff = True
                report_skipped = False
                instance_loader_class = CachedInstanceLoader

    return ObservationResource()


def main(path, kind):
    with connection.schema_editor() as editor:
        for model in (Country, Indicator, Observation):
            editor.create_model(model)
    with Path(path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    Country.objects.bulk_create(Country(iso3=iso3) for iso3 in sorted({row["iso3"] for row in rows}))
    Indicator.objects.bulk_create(Indicator(key=key) for key in sorted({row["indicator"] for row in rows}))
    begun = time.perf_counter()
    dataset = tablib.Dataset().load(Path(path).read_text(), format="csv")
    dataset.append_col([""] * len(dataset), header="natural_key")
    result = resource_of(kind).import_data(dataset, dry_run=False, raise_errors=True)
    taken = time.perf_counter() - begun
    assert not result.has_errors()
    assert Observation.objects.count() == len(rows), "every row is there"
    print(f"{taken:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
