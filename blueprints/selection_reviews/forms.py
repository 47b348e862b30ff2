"""Forms of the review of a selection."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from blueprints.forms import ActForm, CheckboxesField, VersionedForm, one_line, strip
from rules.refusals import LONGEST_REASON
from rules.selection_rounds import Review
from services.selection_reviews_sheets import LONGEST_NOTE

MARK = "mark_"


class ReasonForm(ActForm):
    """A reason that must be given."""

    reason = StringField(
        lazy_gettext("Reason"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=LONGEST_REASON)],
    )


class StartForm(ActForm):
    """The start of the review; a reason only while applications are being checked."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[Length(max=LONGEST_REASON)]
    )


class DrawForm(ActForm):
    """The seed of a draw, such as the numbers of a public lottery."""

    seed = StringField(
        lazy_gettext("Seed"),
        description=lazy_gettext("Such as the numbers of a public lottery; empty: drawn now."),
        filters=[one_line],
        validators=[Length(max=64)],
    )


class PledgeForm(ActForm):
    """The promise of secrecy with the applications that the reviewer names himself."""

    conflicts = CheckboxesField(
        lazy_gettext("I have a relation to these candidates and step aside"), coerce=int
    )


class ProposeForm(ActForm):
    """A new proposal; where places are equal, the order that was decided."""

    reason = StringField(
        lazy_gettext("Reason of a correction"),
        filters=[one_line],
        validators=[Length(max=LONGEST_REASON)],
    )
    order = StringField(
        lazy_gettext("Decided order of equal places (numbers of the applications)"),
        filters=[one_line],
        validators=[Length(max=400)],
    )
    decided_by = StringField(
        lazy_gettext("Who decided it"), filters=[one_line], validators=[Length(max=60)]
    )
    why = StringField(
        lazy_gettext("Reason of the decision"),
        filters=[one_line],
        validators=[Length(max=LONGEST_REASON)],
    )


class ApproveForm(VersionedForm):
    """The approval of a proposal, on a meeting where there is one."""

    meeting_id = SelectField(lazy_gettext("Meeting"), coerce=str, validate_choice=False)


class SheetForm(VersionedForm):
    """The note of a sheet; the lines are added to it."""

    note = TextAreaField(
        lazy_gettext("Note"), filters=[strip], validators=[Length(max=LONGEST_NOTE)]
    )


def sheet_form(review: Review) -> type[SheetForm]:
    """Return the form of a sheet with a field for each line."""
    fields: dict[str, Any] = {
        MARK + item.key: StringField(
            item.title,
            description=item.help,
            filters=[one_line],
            validators=[Length(max=20)],
            render_kw={"inputmode": "decimal", "autocomplete": "off", "data-most": item.maximum},
        )
        for item in review.sheet
    }
    return type("FilledSheetForm", (SheetForm,), fields)
