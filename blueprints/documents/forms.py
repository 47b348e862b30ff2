"""Forms of documents and of their templates."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.forms import ActForm, one_line, strip
from services.documents_making import LONGEST_NUMBER, LONGEST_TITLE

LONGEST_TEXT = 4000


def _text(label: str, description: str = "") -> TextAreaField:
    return TextAreaField(
        label, filters=[strip], validators=[Length(max=LONGEST_TEXT)], description=description
    )


class DocumentForm(ActForm):
    """What a new document is about, and the words around its lists."""

    sources = SelectMultipleField(
        lazy_gettext("Comes from"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    number = StringField(
        lazy_gettext("Document number"),
        filters=[one_line],
        validators=[Length(max=LONGEST_NUMBER)],
        description=lazy_gettext("As the office registers it; it may stay empty."),
    )
    title = StringField(
        lazy_gettext("Heading of the document"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=LONGEST_TITLE)],
    )
    addressee = StringField(
        lazy_gettext("Addressees"), filters=[one_line], validators=[Length(max=200)]
    )
    opening = _text(lazy_gettext("Text before the lists"), lazy_gettext("Each line a paragraph."))
    closing = _text(lazy_gettext("Text after the lists"))
    issuers = TextAreaField(
        lazy_gettext("Issuing bodies"),
        filters=[strip],
        validators=[DataRequired(), Length(max=400)],
        description=lazy_gettext("One a line, as they stand above the date."),
    )
    dated = DateField(lazy_gettext("Date of the document"), validators=[InputRequired()])
    replaces = SelectField(
        lazy_gettext("In place of"),
        coerce=int,
        description=lazy_gettext("The older document is marked as superseded."),
    )


class ReasonForm(ActForm):
    """A reason that is kept in the audit record."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class TemplateForm(ActForm):
    """An edited Word file."""

    file = FileField(
        lazy_gettext("Edited Word file (.docx)"),
        validators=[FileRequired()],
        description=lazy_gettext("Without macros, links, comments and tracked changes."),
    )
    contest = SelectField(lazy_gettext("Holds for"), coerce=int)
    note = StringField(
        lazy_gettext("What has changed"), filters=[one_line], validators=[Length(max=200)]
    )
