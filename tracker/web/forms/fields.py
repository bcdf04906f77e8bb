"""How forms of this product take text, and how a refusal gets to its field."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, RadioField, SelectField, SelectMultipleField, StringField, widgets
from wtforms.validators import ValidationError

from tracker.refusal import Refusal
from tracker.web.errors import in_words


class Form(FlaskForm):
    """Takes only the fields that it names: whatever else is sent does not exist."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators=extra_validators)
        for field in self:
            # said in the language of this request, once and for all
            field.errors = [str(message) for message in field.errors]
        return bool(valid)


class LineField(StringField):
    """One line, without characters that nobody sees and no database keeps."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0] if valuelist else ""
        self.data = "".join(letter for letter in typed if unicodedata.category(letter) not in ("Cc", "Cs")).strip()


class SecretField(PasswordField):
    """As typed: blanks belong to a password."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""


class Listed:
    """Whatever else is sent is refused in a sentence of ours, which is translated as all others are."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)  # type: ignore[misc]
        except ValueError:
            raise ValueError(_not_listed(valuelist[-1])) from None

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)  # type: ignore[misc]
        except ValidationError:
            raise ValidationError(_not_listed(self.data)) from None  # type: ignore[attr-defined]


class ChoiceField(Listed, SelectField):
    """One of a list."""


class OneOfFewField(Listed, RadioField):
    """One of a few, all in sight."""


class ChoicesField(Listed, SelectMultipleField):
    """Boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def _not_listed(chosen: Any) -> str:
    return str(_("Choose one.") if chosen in (None, "") else _("Choose only what is listed."))


def blame(field: Field, *refusals: Refusal | str) -> None:
    """Says beside the field why what was asked for cannot be done."""
    said = [in_words(refusal) if isinstance(refusal, Refusal) else refusal for refusal in refusals]
    field.errors = [*field.errors, *said]
