"""The form of a scale: every part of it can be left empty."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.forms import ActForm, CheckboxesField, one_line, options
from blueprints.labels import label
from rules.refusals import Refused
from rules.stipend_scales import (
    Achievement,
    Apprenticeship,
    BreakOff,
    Combination,
    Exclusions,
    Factor,
    Negatives,
    OncePer,
    Outcome,
    Part,
    Rounding,
    Scale,
    SubsidyKind,
    Success,
)
from rules.texts import N_

FACTORS = 3
LEVELS = (5, 4, 3, 2, 1)
_HALF_FACTOR = N_("A factor needs its value, its first and its last day.")
_PAID = (Part.MONTH, Part.SUCCESS, Part.SUBSIDY)


def _money(text: Any, least: str = "0") -> DecimalField:
    limits = NumberRange(min=Decimal(least), max=Decimal(10_000_000))
    return DecimalField(text, places=2, validators=[Optional(), limits])


class FactorForm(FlaskForm):
    """One factor with its days."""

    class Meta:
        """Part of another form, which carries the token."""

        csrf = False

    factor = DecimalField(
        lazy_gettext("Factor"),
        places=4,
        validators=[Optional(), NumberRange(min=Decimal("0.0001"), max=10)],
    )
    from_on = DateField(lazy_gettext("Valid from"), validators=[Optional()])
    to_on = DateField(lazy_gettext("Valid until"), validators=[Optional()])


class ScaleForm(ActForm):
    """A scale as its form shows it."""

    title = StringField(
        lazy_gettext("Title"), filters=[one_line], validators=[DataRequired(), Length(max=80)]
    )
    basis = StringField(
        lazy_gettext("Legal basis"), filters=[one_line], validators=[Length(max=400)]
    )
    starts_on = DateField(lazy_gettext("Valid from"), validators=[InputRequired()])
    ends_on = DateField(lazy_gettext("Valid until"), validators=[Optional()])
    monthly = _money(lazy_gettext("For each confirmed month (yuan)"), "0.01")
    success = _money(lazy_gettext("For a success of the apprentice (yuan)"), "0.01")
    counts = CheckboxesField(lazy_gettext("What counts as a success"))
    level = SelectField(lazy_gettext("Lowest level that counts"))
    within_years = IntegerField(
        lazy_gettext("Within so many years of signing"),
        validators=[Optional(), NumberRange(min=1, max=10)],
    )
    once_per = SelectField(lazy_gettext("A success is rewarded once per"))
    combine = SelectField(lazy_gettext("Months and success of a year"))
    factors = FieldList(FormField(FactorForm), min_entries=FACTORS, max_entries=FACTORS)
    mentor_year_cap = _money(lazy_gettext("Cap for a mentor and year (yuan)"))
    pair_cap = _money(lazy_gettext("Cap for a pair (yuan)"))
    advance = _money(lazy_gettext("Advance for a pair (yuan)"))
    subsidy_5 = _money(lazy_gettext("Subsidy a year, level 5 gained (yuan)"))
    subsidy_4 = _money(lazy_gettext("Subsidy a year, level 4 gained (yuan)"))
    subsidy_3 = _money(lazy_gettext("Subsidy a year, level 3 gained (yuan)"))
    subsidy_2 = _money(lazy_gettext("Subsidy a year, level 2 gained (yuan)"))
    subsidy_1 = _money(lazy_gettext("Subsidy a year, level 1 gained (yuan)"))
    without_certificate = _money(lazy_gettext("Subsidy a year without a certificate (yuan)"))
    subsidy_advance = _money(lazy_gettext("Advance of the subsidy (yuan)"))
    applies_to = CheckboxesField(lazy_gettext("Other subsidies stand against"))
    kinds = CheckboxesField(lazy_gettext("Excluding subsidies for the same time"))
    trainings_a_year = IntegerField(
        lazy_gettext("Subsidised trainings of a person and year, at most"),
        validators=[Optional(), NumberRange(min=1, max=20)],
    )
    same_level_once = BooleanField(lazy_gettext("The same occupation and level only once"))
    break_off = SelectField(lazy_gettext("After a break-off"))
    negatives = SelectField(lazy_gettext("A total below nothing"))
    rounding = SelectField(lazy_gettext("Amount times factor is rounded to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, kinds in (
            (self.counts, Achievement),
            (self.once_per, OncePer),
            (self.combine, Combination),
            (self.applies_to, _PAID),
            (self.kinds, SubsidyKind),
            (self.break_off, BreakOff),
            (self.negatives, Negatives),
            (self.rounding, Rounding),
        ):
            field.choices = options((one.value, label(one)) for one in kinds)
        self.level.choices = options((str(one), str(one)) for one in LEVELS)

    def scale(self) -> Scale:
        """Return the scale as typed; raise InvalidRules with every problem."""
        assert self.starts_on.data is not None
        return Scale(
            title=self.title.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            monthly=self.monthly.data,
            success=self._success(),
            factors=self._factors(),
            combine=Combination(self.combine.data),
            mentor_year_cap=self.mentor_year_cap.data,
            pair_cap=self.pair_cap.data,
            advance=self.advance.data or Decimal(0),
            exclusions=Exclusions(
                applies_to=tuple(Part(one) for one in self.applies_to.data or ()),
                trainings_a_year=self.trainings_a_year.data,
                same_level_once=bool(self.same_level_once.data),
                kinds=tuple(SubsidyKind(one) for one in self.kinds.data or ()),
            ),
            apprenticeship=self._apprenticeship(),
            break_off=BreakOff(self.break_off.data),
            negatives=Negatives(self.negatives.data),
            rounding=Rounding(self.rounding.data),
        )

    def _success(self) -> Success | None:
        if self.success.data is None:
            return None
        return Success(
            amount=self.success.data,
            counts=tuple(Achievement(one) for one in self.counts.data or ()),
            level=int(self.level.data or 2),
            within_years=self.within_years.data,
            once_per=OncePer(self.once_per.data),
        )

    def _factors(self) -> tuple[Factor, ...]:
        found = []
        for row in self.factors:
            parts = (row.form.factor.data, row.form.from_on.data, row.form.to_on.data)
            if all(one is not None for one in parts):
                found.append(Factor(factor=parts[0], from_on=parts[1], to_on=parts[2]))
            elif any(one is not None for one in parts):
                raise Refused(_HALF_FACTOR, field="factors")
        return tuple(found)

    def _apprenticeship(self) -> Apprenticeship | None:
        amounts = {level: self[f"subsidy_{level}"].data for level in LEVELS}
        outcomes = [
            Outcome(level=level, amount=amount)
            for level, amount in amounts.items()
            if amount is not None
        ]
        if not outcomes and self.without_certificate.data is None:
            return None
        return Apprenticeship(
            by_level=tuple(outcomes),
            without_certificate=self.without_certificate.data or Decimal(0),
            advance=self.subsidy_advance.data or Decimal(0),
        )


def scale_values(scale: Scale, basis: str) -> dict[str, Any]:
    """Return a scale as its form shows it."""
    values: dict[str, Any] = scale.model_dump() | {"basis": basis}
    success, subsidy, rule = scale.success, scale.apprenticeship, scale.exclusions
    values["success"] = success and success.amount
    if success is not None:
        values |= success.model_dump(include={"counts", "level", "within_years", "once_per"})
    if subsidy is not None:
        values |= {f"subsidy_{one.level}": one.amount for one in subsidy.by_level}
        values["without_certificate"] = subsidy.without_certificate
        values["subsidy_advance"] = subsidy.advance
    values |= rule.model_dump()
    values["counts"] = [one.value for one in success.counts] if success else []
    values["applies_to"] = [one.value for one in rule.applies_to]
    values["kinds"] = [one.value for one in rule.kinds]
    values["level"] = str(success.level if success else 2)
    return values
