"""Forms of payment orders, bank accounts, and the columns of batch files."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
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
from wtforms.widgets import NumberInput

from blueprints.forms import ActForm, VersionedForm, one_line, strip
from blueprints.labels import label
from blueprints.payouts.words import FIELDS
from rules.level_layouts import MOST_COLUMNS
from rules.payees import AccountKind
from rules.payout_layouts import USUAL_HEADINGS, PayoutColumn, PayoutColumns, PayoutField
from rules.taxes import FEN
from services.payouts_accounts import KINDS, Payee, Typed

CONSTANTS = 3
STOP, WAGES = "stop", "wages"


class PrepareForm(ActForm):
    """A remark on a new order; its shares are the boxes of the page."""

    note = StringField(lazy_gettext("Remark"), filters=[one_line], validators=[Length(max=400)])


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


class ColumnForm(FlaskForm):
    """One column that a batch file can have; without a place it has not."""

    class Meta:
        csrf = False

    field = HiddenField()
    place = IntegerField(
        lazy_gettext("Column"),
        validators=[Optional(), NumberRange(1, MOST_COLUMNS)],
        widget=NumberInput(min=1, max=MOST_COLUMNS),
    )
    heading = StringField(lazy_gettext("Heading"), filters=[one_line], validators=[Length(max=40)])
    text = StringField(
        lazy_gettext("The same text in each row"), filters=[one_line], validators=[Length(max=100)]
    )

    @property
    def is_constant(self) -> bool:
        """Say whether the column holds the same text in each row."""
        return bool(self.field.data == PayoutField.CONSTANT.value)

    @property
    def holds(self) -> str:
        """Say what stands in the column; an unknown field is told by its error."""
        if self.field.data not in {one.value for one in PayoutField}:
            return "–"
        return str(gettext(FIELDS[PayoutField(self.field.data or "")]))

    def validate_heading(self, field: StringField) -> None:
        """Ask for the heading of a column that is used."""
        if self.place.data and not field.data:
            raise ValidationError(gettext("This column needs a heading."))

    def validate_field(self, field: HiddenField) -> None:
        """Refuse what no column can hold."""
        if field.data not in {one.value for one in PayoutField}:
            raise ValidationError(gettext("Not a valid choice."))


class LayoutForm(VersionedForm):
    """The columns that a bank wants: a place and a heading for each that is used."""

    title = StringField(
        lazy_gettext("Title"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=80)],
        description=lazy_gettext("The name of the bank, for example."),
    )
    columns = FieldList(FormField(ColumnForm), max_entries=MOST_COLUMNS)

    def layout(self) -> PayoutColumns:
        """Return the columns as typed, in their order; raise InvalidRules with every problem."""
        used = [row.form for row in self.columns if row.form.place.data]
        return PayoutColumns(
            columns=tuple(
                PayoutColumn(
                    field=PayoutField(one.field.data or ""),
                    heading=one.heading.data or "",
                    text=one.text.data or "",
                )
                for one in sorted(used, key=lambda one: one.place.data or 0)
            )
        )


def layout_values(title: str, layout: PayoutColumns, version: int | None) -> dict[str, Any]:
    """Return columns as their form shows them: those that are used, then all others."""
    used = [
        {"field": one.field.value, "place": place, "heading": one.heading, "text": one.text}
        for place, one in enumerate(layout.columns, start=1)
    ]
    names = [one.field for one in layout.columns]
    more = [
        {"field": one.value, "heading": USUAL_HEADINGS.get(one, "")}
        for one in PayoutField
        if one is not PayoutField.CONSTANT and one not in names
    ]
    left = max(0, CONSTANTS - names.count(PayoutField.CONSTANT))
    more += [{"field": PayoutField.CONSTANT.value} for _ in range(left)]
    return {"title": title, "version": version or "", "columns": used + more}
