"""The forms of awards and tie-breaks, of which the form of a plan is made."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from blueprints.contests.plan_honour_forms import HonourForm, honour_values, tier_values
from blueprints.contests.plan_texts import (
    AT_CUT,
    BASIS,
    OVER_BUDGET,
    PAID_TO,
    PREFER,
    ROUNDING,
    SCALES,
)
from blueprints.fields import ExactField, RowForm, WholeField, one_line
from blueprints.forms import CheckboxesField, VersionedForm, options
from models.contests import Event
from rules.allocation import PORTION, AwardPlan, Tier, portion
from rules.award_honours import ConditionalHonour
from rules.plans import EditionRules
from rules.ranking import TieBreak

MOST_MONEY = 1_000_000_000
MOST_MARKS = 1_000_000


def said(texts: dict[str, str]) -> list[Any]:
    """Offer the choices of one rule in the reader's language."""
    return options((key, lazy_gettext(text)) for key, text in texts.items())


def money() -> list[Any]:
    """Return what an amount of money must be."""
    return [Optional(), NumberRange(0, MOST_MONEY), whole_cents]


def whole_cents(_form: Any, field: ExactField) -> None:
    """Keep amounts to whole cents."""
    if field.data is not None and field.data != round(field.data, 2):
        raise ValidationError(gettext("At most two decimal places."))


def part_of_field(_form: Any, field: StringField) -> None:
    """Take 1/12 or 30 %, nothing above the whole."""
    text = field.data or ""
    if not re.fullmatch(PORTION, text) or portion(text) > 1:
        raise ValidationError(gettext("Type a part of the field, such as 1/2 or 3/10."))


class TierForm(RowForm):
    """One row of the table of tiers."""

    must_choose = False
    new = HiddenField()
    key = HiddenField(validators=[Length(max=40)])
    name = StringField(
        lazy_gettext("Award"), filters=[one_line], validators=[DataRequired(), Length(max=60)]
    )
    places = WholeField(lazy_gettext("Places"), validators=[Optional(), NumberRange(0, 9999)])
    share = ExactField(
        lazy_gettext("Share of contestants in percent"),
        validators=[Optional(), NumberRange(0, 100)],
    )
    amount = ExactField(lazy_gettext("Amount in yuan"), validators=money())
    honours = StringField(
        lazy_gettext("Titles of honour"), filters=[one_line], validators=[Length(max=200)]
    )
    floor = ExactField(
        lazy_gettext("Lowest total"), validators=[Optional(), NumberRange(-MOST_MARKS, MOST_MARKS)]
    )
    minimum_field = WholeField(
        lazy_gettext("Given from so many contestants on"),
        validators=[Optional(), NumberRange(0, 9999)],
    )
    single = ExactField(
        lazy_gettext("Or for a single value of at least"),
        validators=[Optional(), NumberRange(-MOST_MARKS, MOST_MARKS)],
    )
    single_below = SelectField(lazy_gettext("directly below"), default="")
    down_to = StringField(
        lazy_gettext("Down to this part of the field"),
        filters=[one_line],
        description=lazy_gettext("1/2 or 3/10, with all better awards counted in."),
        validators=[Optional(), part_of_field],
    )
    at_most = WholeField(
        lazy_gettext("At most so many who are equal"),
        description=lazy_gettext("More than these need a decision."),
        validators=[Optional(), NumberRange(0, 9999)],
    )
    paid_to = SelectField(lazy_gettext("A team is paid"), choices=said(PAID_TO), default="split")
    coach_amount = ExactField(
        lazy_gettext("Amount for the coaches in yuan"),
        validators=money(),
        description=lazy_gettext("For all coaches of one entry together."),
    )
    points = ExactField(
        lazy_gettext("Points for the delegation"),
        validators=[Optional(), NumberRange(0, MOST_MARKS)],
    )

    @property
    def has_more(self) -> bool:
        """Say whether one of the rarer fields is filled or wrong."""
        rare = (
            self.minimum_field,
            self.down_to,
            self.single,
            self.points,
            self.at_most,
            self.coach_amount,
        )
        filled = any(field.data not in (None, "") for field in rare)
        filled = filled or self.paid_to.data != "split"
        return filled or any(field.errors for field in (*rare, self.single_below))

    def offer(self, branches: Sequence[tuple[str, str]]) -> None:
        """Offer the nodes whose single values can win the award."""
        own, known = self.single_below.data or "", dict(branches)
        self.single_below.choices = [*({own: own or gettext("(choose)")} | known).items()]
        self.must_choose = "" not in known

    def validate_single(self, field: ExactField) -> None:
        """Ask below which node the single value stands."""
        if field.data is not None and self.must_choose and not self.single_below.data:
            raise ValidationError(gettext("Choose where the single value stands."))

    def tier(self, key: str, present: Tier | None) -> Tier:
        """Return the tier as typed; titles nobody touched stay as they are."""
        typed = self.honours.data or ""
        honours = tuple(text for text in re.split(r"\s*[、;；]\s*", typed) if text)
        if present is not None and typed == "、".join(present.honours):
            honours = present.honours
        return Tier(
            key=key,
            name=self.name.data or "",
            amount=self.amount.data or Decimal(0),
            honours=honours,
            places=self.places.data,
            share=self.share.data,
            floor=self.floor.data,
            minimum_field=self.minimum_field.data or 0,
            single=self.single.data,
            single_below=self.single_below.data or "",
            down_to=self.down_to.data or None,
            at_most=self.at_most.data,
            paid_to=self.paid_to.data,
            coach_amount=self.coach_amount.data or Decimal(0),
        )


class StepForm(RowForm):
    """One step of the tie-break chain."""

    step = SelectField(lazy_gettext("Equal totals"))
    prefer = SelectField(lazy_gettext("Which value wins"), choices=said(PREFER), default="usual")

    def tie_break(self) -> TieBreak | None:
        """Return the step as chosen, or nothing."""
        kind, _, key = (self.step.data or "").partition(":")
        if not kind:
            return None
        return TieBreak.model_validate({"kind": kind, "key": key, "prefer": self.prefer.data})


class AwardsForm(VersionedForm):
    """The tiers and all that decides who gets which."""

    tiers = FieldList(FormField(TierForm), lazy_gettext("Awards of the event"))
    ties = RadioField(
        lazy_gettext("If several share the last place of a tier"), choices=said(AT_CUT)
    )
    share_rounding = SelectField(lazy_gettext("Shares are rounded"), choices=said(ROUNDING))
    split_rounding = SelectField(
        lazy_gettext("Shared money is rounded"),
        choices=said({key: ROUNDING[key] for key in ("floor", "half_up")}),
        default="floor",
        description=lazy_gettext("To the fen; only where money is shared."),
    )
    amount_basis = RadioField(lazy_gettext("Amounts are"), choices=said(BASIS))
    award_field = WholeField(
        lazy_gettext("Smallest field for awards alone"),
        validators=[Optional(), NumberRange(0, 9999)],
        description=lazy_gettext("Levels are given all the same. Empty: no limit of its own."),
    )
    tolerance = ExactField(
        lazy_gettext("Medals within a tolerance of"),
        validators=[Optional(), NumberRange(0, MOST_MARKS)],
        description=lazy_gettext(
            "The first three awards then have no number of places: whoever is so close to the "
            "best of a medal gets it too."
        ),
    )
    award_scale = SelectField(
        lazy_gettext("Lowest totals and tolerance count on"), choices=said(SCALES), default=""
    )
    highest_only = BooleanField(lazy_gettext("One prize a person: only the highest is paid"))
    award_needs = CheckboxesField(lazy_gettext("Only for those who passed"))
    budget = ExactField(
        lazy_gettext("Budget of the event in yuan"),
        validators=money(),
        description=lazy_gettext("Tax included, over all divisions. Empty: no ceiling."),
    )
    over_budget = SelectField(
        lazy_gettext("If the awards cost more"), choices=said(OVER_BUDGET), default="refuse"
    )

    honours = FieldList(FormField(HonourForm), lazy_gettext("Honours on conditions"))
    budget_line = SelectField(
        lazy_gettext("Paid from"),
        default="",
        validate_choice=False,
        description=lazy_gettext(
            "The budget lines stand with the edition, under budget and honours."
        ),
    )

    def offer_awards(
        self, branches: Sequence[tuple[str, str]], event: Event, rules: EditionRules
    ) -> None:
        """Offer what tiers and honours can name, and the budget lines of the edition."""
        for row in self.tiers:
            row.form.offer(branches)
        divisions = [(one.code, one.title) for one in event.divisions]
        names = [row.form.name.data or "" for row in self.tiers]
        for one in self.honours:
            one.form.offer(divisions, rules.filed_with, names)
        lines = {"": gettext("(no budget line)")} | {x.code: x.title for x in rules.budget_lines}
        own = self.budget_line.data or ""
        self.budget_line.choices = [*({own: own} | lines).items()]

    @property
    def has_rare_awards(self) -> bool:
        """Say whether one of the rarer rules of awards is in use or wrong."""
        fields = (self.award_field, self.tolerance, self.budget, self.award_needs)
        used = [field.data for field in fields] + [self.award_scale.data, self.highest_only.data]
        used += [self.split_rounding.data != "floor", self.over_budget.data == "reduce"]
        return any(used) or any(field.errors for field in fields)

    def award_plan(self, present: AwardPlan) -> AwardPlan:
        """Return the awards as typed."""
        names = ("ties", "share_rounding", "split_rounding", "amount_basis", "over_budget")
        return AwardPlan(
            tiers=self._tiers({tier.key: tier for tier in present.tiers}),
            minimum_field=self.award_field.data or 0,
            tolerance=self.tolerance.data,
            scale=self.award_scale.data or None,
            highest_only=bool(self.highest_only.data),
            budget=self.budget.data,
            needs=self._needs(present),
            honours=self._honours(),
            budget_line=self.budget_line.data or "",
            **{name: self[name].data for name in names},
        )

    def _honours(self) -> tuple[ConditionalHonour, ...]:
        named = zip(self.tiers, self.tier_keys(), strict=True)
        keys = {row.form.name.data or "": key for row, key in named}
        return tuple(row.form.honour(keys) for row in self.honours)

    def _needs(self, present: AwardPlan) -> tuple[str, ...]:
        needs = tuple(self.award_needs.data or ())
        return present.needs if set(needs) == set(present.needs) else needs

    def _tiers(self, present: dict[str, Tier]) -> tuple[Tier, ...]:
        return tuple(
            row.form.tier(key, present.get(key))
            for row, key in zip(self.tiers, self.tier_keys(), strict=True)
        )

    def tier_keys(self) -> list[str]:
        """Return the keys of the tiers; a new one gets the next that is free."""
        keys = {row.form.key.data for row in self.tiers}
        found = []
        for row in self.tiers:
            key = row.form.key.data
            if not key:
                key = next(k for k in (f"tier{n}" for n in range(1, 1000)) if k not in keys)
                keys.add(key)
            found.append(key)
        return found


def award_values(plan: AwardPlan) -> dict[str, Any]:
    """Return the awards of a plan as their form shows them."""
    return dict(plan) | {
        "tiers": [tier_values(tier) for tier in plan.tiers],
        "honours": honour_values(plan),
        "award_needs": list(plan.needs),
        "award_field": plan.minimum_field or None,
        "award_scale": plan.scale or "",
    }
