"""What a methodologist decides: weights and needs of the tree, the lines and parameters of a rule, and why."""

import math
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, HiddenField, TextAreaField, widgets
from wtforms.validators import InputRequired, Length, Optional

from tracker.actions.methods.editing import LONGEST_REASON
from tracker.method import Method
from tracker.rule import TAKES, Fault, Rule, Severity
from tracker.tree_fault import TreeFault
from tracker.web.forms.fields import ChoicesField, Form, blame
from tracker.web.method.words import Names, exact, line_words, parameter_words

WHOLE = ("months", "days", "peers", "quiet_days")
EVERYWHERE = ("margin", "quiet_days")


class NumberField(Field):
    """A number as people write it; None: nothing was written."""

    widget = widgets.TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data: float | None = None
        try:
            number = float(typed.replace(",", ".")) if typed else None
        except ValueError:
            raise ValueError(gettext("Enter a number, such as 1.5.")) from None
        if number is not None and not math.isfinite(number):
            raise ValueError(gettext("Enter a number, such as 1.5."))
        self.data = number

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else repr(self.data).removesuffix(".0")


class ReasonForm(Form):
    # What is in force, and what the change starts from: as the page showed them.
    shown = HiddenField()
    reason = TextAreaField(
        _("Why?"),
        [
            InputRequired(_("Say why: it stands beside the version, for whoever asks later.")),
            Length(max=LONGEST_REASON, message=_("Enter at most 500 characters.")),
        ],
        description=_("It stands beside the version and in the audit log."),
    )


class WeightsForm(ReasonForm):
    """One field for each weight and each need of a tree, numbered in the tree's order."""

    # Filled for each tree by `weights_form`.
    weight_names: Mapping[tuple[str, str], str]
    needs_names: Mapping[str, str]

    def weight(self, node: str, child: str) -> Field:
        field: Field = self[self.weight_names[node, child]]
        return field

    def needs(self, node: str) -> Field:
        field: Field = self[self.needs_names[node]]
        return field

    def show(self, method: Method) -> None:
        for branch in method.tree.branches:
            for child, weight in zip(branch.children, branch.weights, strict=True):
                if (branch.key, child) in self.weight_names:
                    self.weight(branch.key, child).data = weight
            if branch.key in self.needs_names:
                self.needs(branch.key).data = branch.needs

    def weights(self) -> dict[tuple[str, str], float]:
        return {place: self[name].data for place, name in self.weight_names.items()}

    def all_needs(self) -> dict[str, float]:
        return {node: self[name].data for node, name in self.needs_names.items()}

    def blame(self, faults: tuple[TreeFault, ...]) -> None:
        """Each at its field; what belongs to none is said at the reason, where the form ends."""
        for fault in faults:
            place = (fault.key, str(fault.values.get("child")))
            field = self.weight(*place) if place in self.weight_names else None
            field = field or (self.needs(fault.key) if fault.key in self.needs_names else self.reason)
            blame(field, gettext(fault.sentence, **fault.values))

    def has_errors(self, *nodes: str) -> bool:
        mine = [name for (node, _child), name in self.weight_names.items() if node in nodes]
        return any(self[name].errors for name in (*mine, *(self.needs_names[node] for node in nodes)))


def weights_form(method: Method, named: Names, *, as_sent: bool = True) -> WeightsForm:
    """`as_sent`: with what the request brought; otherwise it is to be filled."""
    weight_names: dict[tuple[str, str], str] = {}
    needs_names: dict[str, str] = {}
    fields: dict[str, Any] = {}
    # from the whole down, as people read it
    for branch in reversed(method.tree.branches):
        for child in branch.children:
            name = weight_names[branch.key, child] = f"weight-{len(weight_names)}"
            fields[name] = _number(named.get(child, child))
        name = needs_names[branch.key] = f"needs-{len(needs_names)}"
        fields[name] = _number(gettext("Share of these weights that must be there"))
    kind = type("ThisTree", (WeightsForm,), fields | {"weight_names": weight_names, "needs_names": needs_names})
    made: WeightsForm = kind() if as_sent else kind(formdata=None)
    return made


def _number(label: str) -> NumberField:
    return NumberField(label, [InputRequired(_("Enter a number, such as 1.5."))])


class RuleForm(ReasonForm):
    speaks = BooleanField(_("This rule speaks"), description=_("Without the tick it is silent, and its flags clear."))
    purpose = TextAreaField(
        _("Why is it there?"),
        [
            InputRequired(_("Say why the rule is there: whoever reads its flags wants to know.")),
            Length(max=LONGEST_REASON, message=_("Enter at most 500 characters.")),
        ],
        description=_("It stands beside the rule. Let it agree with the numbers below."),
    )
    notice, warning, alarm = (NumberField("", [Optional()]) for _severity in Severity)
    nodes = ChoicesField("")
    months, days, floor, peers, margin, quiet_days = (
        NumberField("", [InputRequired(_("Enter a number."))]) for _parameter in range(6)
    )

    def offer(self, rule: Rule, named: Names, nodes: tuple[str, ...]) -> None:
        """Only what a rule of its kind has; what is sent besides does not exist."""
        for severity in Severity:
            self[severity.word].label.text = line_words(severity)
        for parameter in ("nodes", "months", "days", "floor", "peers", *EVERYWHERE):
            if parameter not in (*TAKES[rule.kind], *EVERYWHERE):
                del self[parameter]
            else:
                self[parameter].label.text = parameter_words(parameter, rule.kind)
        if "nodes" in self:
            self.nodes.choices = [(node, named.get(node, node)) for node in nodes]

    def show(self, rule: Rule, speaks: bool) -> None:
        self.speaks.data, self.purpose.data = speaks, rule.reason
        for severity in Severity:
            self[severity.word].data = rule.lines.get(severity)
        for parameter in self.parameters():
            value = getattr(rule, parameter)
            self[parameter].data = list(value) if parameter == "nodes" else value

    def parameters(self) -> list[str]:
        return [one for one in ("nodes", "months", "days", "floor", "peers", *EVERYWHERE) if one in self]

    def changed(self, rule: Rule) -> Rule:
        """The rule as it is wanted; whether it is sound is for `tracker.rule.faults` to say."""
        lines = {severity: self[severity.word].data for severity in Severity}
        wanted: dict[str, Any] = {one: self._wanted(one) for one in self.parameters()}
        wanted["lines"] = {severity: line for severity, line in lines.items() if line is not None}
        # where lines break is no matter of the rule
        wanted["reason"] = " ".join((self.purpose.data or "").split())
        return Rule(**{name: getattr(rule, name) for name in Rule.__dataclass_fields__} | wanted)

    def blame(self, faults: tuple[Fault, ...]) -> None:
        for fault in faults:
            at = {"reason": "purpose"}.get(fault.parameter, fault.parameter)
            at = at if at in self else Severity.NOTICE.word
            values = {name: exact(one) if isinstance(one, float) else one for name, one in fault.values.items()}
            blame(self[at], gettext(fault.sentence, **values))

    def _wanted(self, parameter: str) -> Any:
        value = self[parameter].data
        if parameter == "nodes":
            return tuple(value or ())
        return int(value) if parameter in WHOLE and value == round(value) else value
