"""The forms by which the sections of a round's rules are edited: what they share."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext
from wtforms import Field, FieldList, HiddenField, StringField
from wtforms.validators import Length, Regexp

from blueprints.forms import ActForm, one_line
from blueprints.rule_rows import read_rows
from rules.data import RuleData
from rules.selection_rounds import RoundRules


class SectionForm(ActForm):
    """One section of the rules; ``base`` is the digest of the rules it was opened with."""

    # Names of the fields that stand in the rules as they are.
    plain: ClassVar[tuple[str, ...]] = ()
    # Lists of rows: the name in the rules, and what rows of it are made of.
    rows: ClassVar[Mapping[str, type[RuleData]]] = {}

    base = HiddenField(validators=[Regexp(r"^[0-9a-f]{64}$")])
    reason = StringField(
        lazy_gettext("Reason of the amendment"), filters=[one_line], validators=[Length(max=400)]
    )

    @classmethod
    def values(cls, rules: RoundRules) -> dict[str, Any]:
        """Return the section as the form shows it."""
        found: dict[str, Any] = {name: getattr(rules, name) for name in cls.plain}
        for name in cls.rows:
            found[name] = [dict(one) for one in getattr(rules, name)]
        return found | {"base": rules.digest()}

    def changes(self, present: RoundRules) -> dict[str, Any]:
        """Return what the form changes in the rules."""
        found: dict[str, Any] = {name: self[name].data for name in self.plain}
        for name, made in self.rows.items():
            found[name] = read_rows(self[name], name, made, getattr(present, name))
        return found

    @property
    def lists(self) -> list[Any]:
        """Return the lists of rows of the form, in their order."""
        return [field for field in self if isinstance(field, FieldList)]

    @property
    def singles(self) -> list[Field]:
        """Return the fields that are no rows, nor hidden, nor the reason."""
        return [
            field
            for field in self
            if not isinstance(field, FieldList | HiddenField) and field.short_name != "reason"
        ]
