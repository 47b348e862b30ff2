"""Forms of payment orders, bank accounts, and the columns of batch files."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    FormField,
    RadioField,
    StringField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from blueprints.forms import (
    ActForm,
    ColumnForm,
    VersionedForm,
    chosen_columns,
    column_values,
    one_line,
    strip,
)
from blueprints.labels import label
from blueprints.payouts.words import FIELDS
from rules.level_layouts import MOST_COLUMNS
from rules.payees import AccountKind
from rules.payout_layouts import USUAL_HEADINGS, PayoutColumn, PayoutColumns, PayoutField
from rules.payouts import SeriesKind, Treatment
from rules.taxes import FEN
from services.payouts_accounts import KINDS, Payee, Typed

CONSTANTS = 3
STOP, WAGES = "stop", "wages"


class PrepareForm(ActForm):
    """A remark on a new order; its shares are the boxes of the page."""

    note = StringField(lazy_gettext("Remark"), filters=[one_line], validators=[Length(max=400)])


class SeriesForm(ActForm):
    """A payment series: what it pays, how that is taxed, and from which money."""

    title = StringField(
        lazy_gettext("Title"), filters=[one_line], validators=[DataRequired(), Length(max=80)]
    )
    code = StringField(
        lazy_gettext("Code on papers"), filters=[strip], validators=[DataRequired(), Length(max=20)]
    )
    kind = RadioField(lazy_gettext("What it pays"), validators=[InputRequired()])
    employer = StringField(
        lazy_gettext("Employer whose fund it is"),
        filters=[one_line],
        validators=[Length(max=120)],
        description=lazy_gettext("Empty if it is the city's money."),
    )
    treatment = RadioField(lazy_gettext("Tax of payments to persons"), validators=[InputRequired()])
    basis = StringField(
        lazy_gettext("Legal basis"), filters=[one_line], validators=[Length(max=400)]
    )
    budget_line = StringField(
        lazy_gettext("Budget line"), filters=[strip], validators=[Length(max=20)]
    )
    ceiling = DecimalField(
        lazy_gettext("Ceiling (yuan)"), places=2, validators=[Optional(), NumberRange(min=0)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(one.value, label(one)) for one in SeriesKind]
        offered = (Treatment.WITHHELD, Treatment.EXEMPT, Treatment.WAGES)
        self.treatment.choices = [(one.value, label(one)) for one in offered]


class ReasonForm(ActForm):
    """A reason that is kept in the audit record."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class LineForm(ReasonForm):
    """What becomes of a line before it goes to the bank."""

    change = RadioField(lazy_gettext("Change"), validators=[InputRequired()])

    def offer(self, may_be_wages: bool) -> None:
        """Offer what can be done with the line."""
        self.change.choices = [(STOP, gettext("Take it out of the order"))]
        if may_be_wages:
            text = gettext("The worker's own employer pays it as wages; no tax is withheld here")
            self.change.choices.append((WAGES, text))


class AccountForm(ActForm):
    """A bank account, its number typed twice."""

    kind = RadioField(lazy_gettext("Kind of account"), validators=[InputRequired()])
    holder = StringField(
        lazy_gettext("Account holder"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
    )
    number = StringField(
        lazy_gettext("Account number"),
        filters=[strip],
        validators=[DataRequired(), Length(max=60)],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"},
    )
    again = StringField(
        lazy_gettext("Account number once more"),
        filters=[strip],
        validators=[DataRequired(), Length(max=60)],
        description=lazy_gettext("Type it anew; do not copy it."),
        render_kw={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"},
    )
    bank = StringField(
        lazy_gettext("Bank"), filters=[one_line], validators=[DataRequired(), Length(max=80)]
    )
    branch = StringField(lazy_gettext("Branch"), filters=[one_line], validators=[Length(max=120)])
    bank_code = StringField(
        lazy_gettext("Code of the bank"),
        filters=[strip],
        validators=[Length(max=12)],
        description=lazy_gettext("Twelve digits, if you know them."),
    )

    def offer(self, payee: Payee) -> None:
        """Offer the kinds of account that such a payee has."""
        self.kind.choices = [(one.value, label(one)) for one in KINDS[payee.kind]]
        if not self.is_submitted():
            self.kind.data = KINDS[payee.kind][0].value
            self.holder.data = payee.name

    def typed(self) -> Typed:
        """Return the account as typed."""
        return Typed(
            AccountKind(self.kind.data),
            self.number.data or "",
            self.again.data or "",
            self.holder.data or "",
            self.bank.data or "",
            self.branch.data or "",
            self.bank_code.data or "",
        )

    def forget_numbers(self) -> None:
        """Send no number back to the page."""
        self.number.data = self.again.data = ""


class OwnAccountForm(AccountForm):
    """One's own account, with the consent to its use (R9.02)."""

    consent = BooleanField(lazy_gettext("I agree"), validators=[InputRequired()])


class PaperAccountForm(AccountForm):
    """An account that staff type from a paper."""

    paper = StringField(
        lazy_gettext("Source document"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
        description=lazy_gettext("The signed sheet that the account comes from, and its day."),
    )


class ReturnForm(ActForm):
    """The file that came back from the bank."""

    file = FileField(lazy_gettext("The bank's answer (.xlsx or .csv)"), validators=[FileRequired()])


class MoneyForm(VersionedForm):
    """Money that came back."""

    amount = DecimalField(
        lazy_gettext("Amount received"),
        places=2,
        validators=[InputRequired(), NumberRange(min=Decimal("0.01"))],
    )

    def validate_amount(self, field: DecimalField) -> None:
        """Refuse more than two places: there is nothing below the fen."""
        if field.data is not None and field.data != field.data.quantize(FEN):
            raise ValidationError(gettext("Amounts have at most two places."))


class PayoutColumnForm(ColumnForm):
    """One column that a batch file can have; without a place it has not."""

    holdings = FIELDS


class LayoutForm(VersionedForm):
    """The columns that a bank wants: a place and a heading for each that is used."""

    title = StringField(
        lazy_gettext("Title"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=80)],
        description=lazy_gettext("The name of the bank, for example."),
    )
    columns = FieldList(FormField(PayoutColumnForm), max_entries=MOST_COLUMNS)

    def layout(self) -> PayoutColumns:
        """Return the columns as typed, in their order; raise InvalidRules with every problem."""
        return PayoutColumns(
            columns=tuple(
                PayoutColumn(field=PayoutField(one.field), heading=one.heading, text=one.text)
                for one in chosen_columns(row.form for row in self.columns)
            )
        )


def layout_values(title: str, layout: PayoutColumns, version: int | None) -> dict[str, Any]:
    """Return columns as their form shows them: those that are used, then all others."""
    columns = column_values(layout.columns, PayoutField, USUAL_HEADINGS, CONSTANTS)
    return {"title": title, "version": version or "", "columns": columns}
