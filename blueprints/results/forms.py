"""Forms about results: who stands before whom where no rule parts them."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import FieldList, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from blueprints.forms import ActForm, strip, tidy
from services.results_computing import OpenTie


class TieForm(ActForm):
    """The order of a few equal entries, why, and who decided."""

    order = FieldList(SelectField(lazy_gettext("Place")), lazy_gettext("Order, best first"))
    decided_by = StringField(
        lazy_gettext("Decided by"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=100)],
        description=lazy_gettext("The panel or the people who decided, such as: jury meeting"),
    )
    reason = TextAreaField(
        lazy_gettext("Reason"),
        filters=[strip],
        validators=[DataRequired(), Length(max=400)],
        description=lazy_gettext("It is printed with the results of these entries."),
    )

    @classmethod
    def for_tie(cls, tie: OpenTie) -> "TieForm":
        """Make the form of one tie; its name stays the same while the tie does."""
        form = cls(prefix=f"tie-{'-'.join(tie.codes)}-")
        while len(form.order) < len(tie.codes):
            form.order.append_entry("")
        for number, field in enumerate(form.order, start=1):
            field.label.text = gettext("Place %(number)s", number=number)
            field.choices = [("", "–"), *((code, code) for code in tie.codes)]
        return form

    def validate_order(self, field: Any) -> None:
        """Keep the order to each entry once."""
        chosen = [one.data for one in field]
        if "" in chosen or len(set(chosen)) < len(chosen):
            raise ValidationError(gettext("Choose each work code once."))

    def entries(self, tie: OpenTie) -> tuple[int, ...]:
        """Return the entries in the order chosen."""
        by_code = dict(zip(tie.codes, tie.entries, strict=True))
        return tuple(by_code[one.data] for one in self.order)


class WithdrawForm(ActForm):
    """Why a recorded decision no longer stands."""

    reason = TextAreaField(
        lazy_gettext("Reason"), filters=[strip], validators=[DataRequired(), Length(max=400)]
    )
