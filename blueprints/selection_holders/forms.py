"""Forms of titles in their term."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.forms import ActForm, VersionedForm, one_line
from blueprints.labels import label
from rules.selections import BenefitState
from services.selection_holders_reports import ReportFacts


class ReasonForm(ActForm):
    """A reason that is kept."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class ReportForm(VersionedForm):
    """The yearly report of a holder."""

    apprentices = IntegerField(
        lazy_gettext("Apprentices taught"), default=0, validators=[NumberRange(0, 1000)]
    )
    projects = IntegerField(
        lazy_gettext("Technical projects"), default=0, validators=[NumberRange(0, 1000)]
    )
    patents = IntegerField(
        lazy_gettext("Patents and papers"), default=0, validators=[NumberRange(0, 1000)]
    )
    text = TextAreaField(
        lazy_gettext("What I did in the year"),
        validators=[Length(max=5000)],
        description=lazy_gettext("Projects, results, teaching. Staff of the bureau read it."),
    )

    def facts(self) -> ReportFacts:
        """Return the report as typed."""
        return ReportFacts(
            self.apprentices.data or 0,
            self.projects.data or 0,
            self.patents.data or 0,
            self.text.data or "",
        )


class BenefitForm(VersionedForm):
    """Whether a benefit was given or declined."""

    state = SelectField(lazy_gettext("What came of it"))
    given_on = DateField(lazy_gettext("Given on"), validators=[Optional()])
    note = StringField(lazy_gettext("Remark"), filters=[one_line], validators=[Length(max=400)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = (BenefitState.GIVEN, BenefitState.DECLINED, BenefitState.DUE)
        self.state.choices = [(one.value, label(one)) for one in known]


class ListForm(ActForm):
    """A spreadsheet with holders of past years, and their programme."""

    programme = SelectField(lazy_gettext("Programme"), coerce=int)
    file = FileField(
        lazy_gettext("Spreadsheet"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("An .xlsx or .csv file of at most 10 MB and 5,000 rows."),
    )


class DecisionForm(VersionedForm):
    """The document with which a round is decided."""

    document = StringField(
        lazy_gettext("Document of the decision"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=160)],
        description=lazy_gettext("Its number, as it stands on certificates and in the register."),
    )
    decided_on = DateField(lazy_gettext("Day of the decision"), validators=[InputRequired()])
