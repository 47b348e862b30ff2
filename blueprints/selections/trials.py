"""The dry run of a round's rules."""

from decimal import Decimal
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from blueprints.access import allows
from blueprints.fields import RowForm, WholeField
from blueprints.forms import one_line, options
from blueprints.labels import LEVELS
from blueprints.rule_rows import coded
from blueprints.selections.rounds import round_crumbs
from blueprints.selections.views import blueprint
from blueprints.web import translated
from rules.acts import Act
from rules.selection_eligibility import Facts
from rules.selections import Post, UnitKind
from services import selections, selections_rounds, selections_trials


class ExampleForm(RowForm):
    """A made-up candidate; it is asked for, never stored."""

    birth_date = DateField(lazy_gettext("Birth date"), validators=[Optional()])
    trade_since = DateField(lazy_gettext("In the trade since"), validators=[Optional()])
    local_since = DateField(lazy_gettext("Works here since"), validators=[Optional()])
    retires_on = DateField(lazy_gettext("Statutory day of retirement"), validators=[Optional()])
    post = SelectField(lazy_gettext("Post"), choices=coded(Post))
    unit_kind = SelectField(lazy_gettext("Kind of unit"), choices=coded(UnitKind))
    level = SelectField(lazy_gettext("Skill level"))
    occupation = StringField(
        lazy_gettext("Occupation"), filters=[one_line], validators=[Length(max=60)]
    )
    support = WholeField(
        lazy_gettext("Percent of the staff"), validators=[Optional(), NumberRange(0, 100)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = ((str(number), gettext(text)) for number, text in LEVELS.items())
        self.level.choices = options([("", gettext("none")), *levels])

    def facts(self, programme: str) -> Facts:
        """Return the example as facts."""
        level = self.level.data or ""
        return Facts(
            programme=programme,
            birth_date=self.birth_date.data,
            trade_since=self.trade_since.data,
            local_since=self.local_since.data,
            retires_on=self.retires_on.data,
            post=Post(self.post.data),
            unit_kind=UnitKind(self.unit_kind.data),
            occupation=self.occupation.data or "",
            levels=(int(level),) if level else (),
            support_percent=None if self.support.data is None else Decimal(self.support.data),
        )


@blueprint.get("/selection-rounds/<int:selection_round_id>/trial")
@allows(Act.SEE_SELECTIONS)
def try_rules(selection_round_id: int) -> ResponseReturnValue:
    """Show what the rules say of last time's applicants, and of a typed example."""
    row = selections.get_round(selection_round_id)
    rules = selections_rounds.editable_rules(row)
    form = ExampleForm(request.args)
    asked = "post" in request.args and form.validate()
    example = selections_trials.try_one(rules, form.facts(row.programme.code)) if asked else None
    return render_template(
        "selections/try_rules.html",
        row=row,
        rules=rules,
        form=form,
        example=example,
        tried=selections_trials.try_on_last(row, rules),
        last=selections_trials.find_last(row),
        choice=selections_trials.choose_on_last(row, rules),
        quotas={one.key: one.title for one in rules.quotas},
        said=translated,
        worded=lambda text: gettext(text) if text else "",
        crumbs=round_crumbs(row),
    )
