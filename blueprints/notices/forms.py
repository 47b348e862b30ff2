"""Forms of notices."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.forms import ActForm, one_line, options, strip
from blueprints.labels import label
from rules.notices import Ordering


class NoticeForm(ActForm):
    """What a public notice says and which results it shows."""

    revision_ids = SelectMultipleField(
        lazy_gettext("Results to be posted"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    title = StringField(
        lazy_gettext("Title of the notice"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=160)],
    )
    body = TextAreaField(
        lazy_gettext("Text of the notice"),
        filters=[strip],
        validators=[DataRequired(), Length(max=4000)],
    )
    contact = StringField(
        lazy_gettext("Contact for objections"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=200)],
        description=lazy_gettext("Office, telephone and address; it is shown to the public."),
    )
    starts_on = DateField(
        lazy_gettext("First day"),
        validators=[InputRequired()],
        description=lazy_gettext("The last day follows from the rules of the contest."),
    )
    ordering = SelectField(
        lazy_gettext("Order of the list"),
        coerce=Ordering,
        default=Ordering.AWARD,
        description=lazy_gettext("The list says how it is ordered."),
    )
    seen = HiddenField(validators=[Length(max=4000)])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.ordering.choices = options((one, label(one)) for one in Ordering)


class ReasonForm(ActForm):
    """A reason that is kept in the audit record."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class ProofForm(ActForm):
    """The proof of a notice that another body has posted."""

    place = SelectField(lazy_gettext("Notice of"), validate_choice=True)
    revision_ids = SelectMultipleField(
        lazy_gettext("Results that it showed"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    starts_on = DateField(lazy_gettext("First day"), validators=[InputRequired()])
    ends_on = DateField(lazy_gettext("Last day"), validators=[InputRequired()])
    file = FileField(
        lazy_gettext("Proof"),
        validators=[FileRequired()],
        description=lazy_gettext("A scan of the notice with its stamp: PDF, JPEG or PNG."),
    )
