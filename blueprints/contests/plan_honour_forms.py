"""The rows of a plan's honours: who may bear which, granted by whom, on what conditions."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from blueprints.contests.plan_texts import GIVEN_TO, SEXES
from blueprints.fields import RowForm, WholeField, one_line
from blueprints.forms import CheckboxesField, options
from rules.allocation import AwardPlan, Tier
from rules.award_honours import ConditionalHonour

AND = "、"


class HonourForm(RowForm):
    """One honour beside the award papers."""

    new = HiddenField()
    title = StringField(
        lazy_gettext("Honour"), filters=[one_line], validators=[DataRequired(), Length(max=60)]
    )
    granted_by = StringField(
        lazy_gettext("Granted by"),
        filters=[one_line],
        validators=[Length(max=60)],
        description=lazy_gettext("The body whose seal the paper bears."),
    )
    given_to = SelectField(
        lazy_gettext("Given to"),
        choices=options((key, lazy_gettext(text)) for key, text in GIVEN_TO.items()),
        default="members",
    )
    tiers = StringField(
        lazy_gettext("Only with these awards"),
        filters=[one_line],
        validators=[Length(max=200)],
        description=lazy_gettext("Their names with 、 between them. Empty: with any award."),
    )
    top = WholeField(
        lazy_gettext("Only down to place"), validators=[Optional(), NumberRange(1, 9999)]
    )
    divisions = CheckboxesField(
        lazy_gettext("Only in these divisions"), description=lazy_gettext("None ticked: in all.")
    )
    sex = SelectField(
        lazy_gettext("Only for"),
        choices=options((key, lazy_gettext(text)) for key, text in SEXES.items()),
        default="",
    )
    oldest = WholeField(
        lazy_gettext("Not older than"), validators=[Optional(), NumberRange(0, 150)]
    )
    youngest = WholeField(
        lazy_gettext("Not younger than"), validators=[Optional(), NumberRange(0, 150)]
    )
    age_on = DateField(
        lazy_gettext("on"),
        validators=[Optional()],
        description=lazy_gettext("Empty: the day on which ages count in this edition."),
    )
    filed_with = SelectField(
        lazy_gettext("Only if the contest was filed with"),
        validate_choice=False,
        default="",
        description=lazy_gettext("The bodies stand with the edition, under budget and honours."),
    )

    def offer(
        self,
        divisions: Sequence[tuple[str, str]],
        bodies: Sequence[str],
        names: Sequence[str],
    ) -> None:
        """Offer the divisions, the bodies that the contest was filed with, and the awards."""
        kept = [(code, code) for code in self.divisions.data or () if code not in dict(divisions)]
        self.divisions.choices = [*divisions, *kept]
        own = self.filed_with.data or ""
        listed = dict.fromkeys(["", own, *bodies])
        self.filed_with.choices = [(body, body or gettext("(no condition)")) for body in listed]
        self._names = frozenset(names)

    def validate_tiers(self, field: StringField) -> None:
        """Refuse the name of an award that the plan does not have."""
        for name in _split(field.data):
            if name not in self._names:
                raise ValidationError(gettext("There is no award named %(name)s.", name=name))

    def honour(self, keys: dict[str, str]) -> ConditionalHonour:
        """Return the honour as typed; `keys` holds the keys of the awards by their names."""
        return ConditionalHonour(
            title=self.title.data or "",
            granted_by=self.granted_by.data or "",
            given_to=self.given_to.data,
            tiers=tuple(keys[name] for name in _split(self.tiers.data)),
            top=self.top.data,
            divisions=tuple(self.divisions.data or ()),
            sex=self.sex.data or "",
            oldest=self.oldest.data,
            youngest=self.youngest.data,
            age_on=self.age_on.data,
            filed_with=self.filed_with.data or "",
        )


def _split(text: str | None) -> list[str]:
    return [name for name in re.split(r"\s*[、;；]\s*", text or "") if name]


def honour_values(plan: AwardPlan) -> list[dict[str, Any]]:
    """Return the honours of a plan as their rows show them."""
    names = {tier.key: tier.name for tier in plan.tiers}
    return [
        dict(honour) | {"tiers": AND.join(names[key] for key in honour.tiers)}
        for honour in plan.honours
    ]


def tier_values(tier: Tier) -> dict[str, Any]:
    """Return a tier as its row shows it."""
    return dict(tier) | {
        "honours": AND.join(tier.honours),
        "minimum_field": tier.minimum_field or None,
        "coach_amount": tier.coach_amount or None,
    }
