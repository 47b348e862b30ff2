"""The section of money, notice and certificates: by these the result goes its way."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from blueprints.fields import ExactField, WholeField
from blueprints.forms import one_line, tidy
from blueprints.rule_rows import RuleRowForm, rows_of, said
from blueprints.selections.section_forms import SectionForm
from blueprints.selections.texts import BASIS, POSTED, PROOFS, RESTARTS
from rules.notice_chains import NoticeLevel
from rules.plans import BudgetLine
from rules.selection_rounds import RoundRules

_EDITION = (
    "notice_working_days",
    "count_first_day",
    "objection_days",
    "restart_notice",
    "tax_exempt",
    "tax_basis",
    "certificate_prefix",
)


class NoticeRow(RuleRowForm):
    """A level of the chain of notices."""

    code = StringField(
        lazy_gettext("Code"),
        filters=[tidy],
        validators=[DataRequired(), Regexp(r"^[0-9A-Za-z._-]{1,20}$")],
    )
    title = StringField(
        lazy_gettext("Notice of"), filters=[one_line], validators=[DataRequired(), Length(max=40)]
    )
    working_days = WholeField(
        lazy_gettext("Working days"), validators=[InputRequired(), NumberRange(1, 60)], default=5
    )
    posted = SelectField(lazy_gettext("Posted"), choices=said(POSTED))
    proof = SelectField(lazy_gettext("Proof by"), choices=said(PROOFS))


class MoneyForm(SectionForm):
    """Amounts and their purse, the notice, certificates."""

    amount_basis = SelectField(lazy_gettext("Amounts are"), choices=said(BASIS))
    line_code = StringField(
        lazy_gettext("Code of the budget line"),
        filters=[tidy],
        validators=[Optional(), Regexp(r"^[0-9A-Za-z._-]{1,20}$")],
    )
    line_title = StringField(
        lazy_gettext("Budget line"), filters=[one_line], validators=[Length(max=60)]
    )
    line_ceiling = ExactField(
        lazy_gettext("Ceiling in yuan"), validators=[Optional(), NumberRange(0, 1_000_000_000)]
    )
    tax_exempt = BooleanField(lazy_gettext("The prizes are free of tax"))
    tax_basis = StringField(
        lazy_gettext("Legal basis of the exemption"),
        filters=[one_line],
        validators=[Length(max=200)],
    )
    notice_working_days = WholeField(
        lazy_gettext("Working days of the notice"),
        validators=[InputRequired(), NumberRange(1, 60)],
    )
    count_first_day = BooleanField(lazy_gettext("The first day of the notice counts"))
    objection_days = WholeField(
        lazy_gettext("Working days to answer an objection"),
        validators=[InputRequired(), NumberRange(1, 60)],
    )
    restart_notice = SelectField(
        lazy_gettext("The notice begins anew after an objection"), choices=said(RESTARTS)
    )
    certificate_prefix = StringField(
        lazy_gettext("Certificate numbers begin with"),
        filters=[tidy],
        validators=[DataRequired(), Regexp(r"^[0-9A-Z]{1,6}$")],
    )
    notice_levels = rows_of(NoticeRow, lazy_gettext("Chain of notices"))

    @classmethod
    def values(cls, rules: RoundRules) -> dict[str, Any]:
        """Show the subset of the edition's rules that a selection uses."""
        line = rules.edition.line(rules.budget_line)
        return {
            **{name: getattr(rules.edition, name) for name in _EDITION},
            "amount_basis": rules.amount_basis,
            "line_code": rules.budget_line,
            "line_title": line.title if line else "",
            "line_ceiling": line.ceiling if line else None,
            "notice_levels": [dict(one) for one in rules.edition.notice_levels],
            "base": rules.digest(),
        }

    def changes(self, present: RoundRules) -> dict[str, Any]:
        """Read the subset; all other rules of the edition stay."""
        code, title = self.line_code.data or "", self.line_title.data or ""
        line = (
            BudgetLine(code=code, title=title or code, ceiling=self.line_ceiling.data)
            if code
            else None
        )
        levels = [NoticeLevel.model_validate(row.form.values()) for row in self.notice_levels]
        edition = dict(present.edition) | {name: self[name].data for name in _EDITION}
        edition["tax_basis"] = self.tax_basis.data or ""
        edition["notice_levels"] = tuple(levels)
        edition["budget_lines"] = (line,) if line else ()
        return {
            "amount_basis": self.amount_basis.data,
            "budget_line": code,
            "edition": edition,
        }
