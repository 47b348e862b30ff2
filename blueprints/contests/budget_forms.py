"""The form of an edition's budget lines, the bodies it was filed with, and employers' prizes."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from blueprints.contests.plan_award_forms import money, said
from blueprints.contests.plan_texts import EMPLOYER_TIES, MEASURES
from blueprints.fields import ExactField, RowForm, WholeField, one_line
from blueprints.forms import VersionedForm
from models.contests import Contest
from rules.data import plain
from rules.organisation_prizes import OrganisationPrize
from rules.plans import BudgetLine
from services.contests import rules_of
from services.contests_budget import Budget

_POINT = re.compile(r"(.+?)[\s:：]*([0-9]{1,6}(?:\.[0-9]{1,4})?)")
_APART = r"\s*[、,，;；]\s*"


class LineForm(RowForm):
    """One budget line."""

    new = HiddenField()
    code = StringField(
        lazy_gettext("Code"),
        filters=[one_line],
        validators=[
            DataRequired(),
            Length(max=20),
            Regexp(
                r"^[0-9A-Za-z._-]+$",
                message=lazy_gettext("Use letters A to Z, figures and hyphens only."),
            ),
        ],
    )
    title = StringField(
        lazy_gettext("Budget line"), filters=[one_line], validators=[DataRequired(), Length(max=60)]
    )
    ceiling = ExactField(
        lazy_gettext("Ceiling in yuan"),
        validators=money(),
        description=lazy_gettext("Tax included. Empty: no ceiling."),
    )

    def line(self) -> BudgetLine:
        """Return the line as typed."""
        return BudgetLine(
            code=self.code.data or "", title=self.title.data or "", ceiling=self.ceiling.data
        )


class PrizeForm(RowForm):
    """One prize for employers."""

    new = HiddenField()
    key = HiddenField(validators=[Length(max=40)])
    title = StringField(
        lazy_gettext("Prize"), filters=[one_line], validators=[DataRequired(), Length(max=60)]
    )
    measure = SelectField(lazy_gettext("Won by"), choices=said(MEASURES), default="entrants")
    winners = WholeField(
        lazy_gettext("Winners"), default=1, validators=[InputRequired(), NumberRange(1, 999)]
    )
    amount = ExactField(lazy_gettext("Amount in yuan"), validators=money())
    minimum = WholeField(
        lazy_gettext("At least so many"), default=1, validators=[Optional(), NumberRange(0, 99999)]
    )
    ties = SelectField(
        lazy_gettext("If employers are equal"), choices=said(EMPLOYER_TIES), default="share"
    )
    points = StringField(
        lazy_gettext("Points for awards"),
        filters=[one_line],
        validators=[Length(max=400)],
        description=lazy_gettext(
            "Only for the most points: names of awards with their points, such as "
            "First prize 5, Second prize 3."
        ),
    )
    budget_line = StringField(
        lazy_gettext("Paid from"),
        filters=[one_line],
        validators=[Length(max=20)],
        description=lazy_gettext("The code of a budget line, or nothing."),
    )

    def validate_points(self, field: StringField) -> None:
        """Refuse what is no list of names and points."""
        if any(_POINT.fullmatch(text) is None for text in _texts(field.data)):
            raise ValidationError(
                gettext("Type names and points, such as First prize 5, Second prize 3.")
            )
        if self.measure.data == "points" and not _texts(field.data):
            raise ValidationError(gettext("Say how many points each award brings."))

    def prize(self, key: str) -> OrganisationPrize:
        """Return the prize as typed."""
        found = (_POINT.fullmatch(text) for text in _texts(self.points.data))
        return OrganisationPrize(
            key=key,
            title=self.title.data or "",
            measure=self.measure.data,
            winners=self.winners.data or 1,
            amount=self.amount.data or Decimal(0),
            minimum=self.minimum.data or 0,
            ties=self.ties.data,
            points={match[1]: Decimal(match[2]) for match in found if match is not None},
            budget_line=self.budget_line.data or "",
        )


def _texts(text: str | None) -> list[str]:
    return [one for one in re.split(_APART, text or "") if one]


class BudgetForm(VersionedForm):
    """Budget lines, bodies and employers' prizes of an edition."""

    budget_lines = FieldList(FormField(LineForm), lazy_gettext("Budget lines"))
    filed_with = StringField(
        lazy_gettext("The contest was filed with"),
        filters=[one_line],
        validators=[Length(max=400)],
        description=lazy_gettext(
            "Bodies such as the youth league or the women's federation, with 、 between them. "
            "Honours that ask for it are given only then."
        ),
    )
    organisation_prizes = FieldList(FormField(PrizeForm), lazy_gettext("Prizes for employers"))
    reason = StringField(
        lazy_gettext("Reason of the amendment"), filters=[one_line], validators=[Length(max=400)]
    )

    def budget(self) -> Budget:
        """Return everything as typed."""
        bodies = (text for text in re.split(_APART, self.filed_with.data or "") if text)
        keys = {row.form.key.data for row in self.organisation_prizes}
        prizes = []
        for row in self.organisation_prizes:
            key = row.form.key.data
            if not key:
                key = next(k for k in (f"org{n}" for n in range(1, 1000)) if k not in keys)
                keys.add(key)
            prizes.append(row.form.prize(key))
        lines = [row.form.line() for row in self.budget_lines]
        return Budget(lines, tuple(dict.fromkeys(bodies)), prizes)


def budget_values(contest: Contest) -> dict[str, Any]:
    """Return what an edition says of money as its form shows it."""
    rules = rules_of(contest)
    return {
        "version": contest.version,
        "budget_lines": [dict(line) for line in rules.budget_lines],
        "filed_with": "、".join(rules.filed_with),
        "organisation_prizes": [_prize_values(prize) for prize in rules.organisation_prizes],
    }


def _prize_values(prize: OrganisationPrize) -> dict[str, Any]:
    points = "、".join(f"{name} {plain(worth)}" for name, worth in prize.points.items())
    return dict(prize) | {"points": points, "amount": prize.amount or None}
