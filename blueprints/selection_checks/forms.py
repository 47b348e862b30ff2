"""Forms of the checks: what was seen, reasons, days of notices, letters and answers."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.forms import ActForm, CheckboxesField, one_line, options, strip
from blueprints.labels import label
from rules.refusals import LONGEST_REASON
from rules.selections import OpinionAnswer, OpinionDealing
from services.selection_checks_acting import LONGEST_NOTE, Found
from services.selection_checks_lists import Dossier
from services.selection_checks_opinions import LONGEST_LETTER


class ReasonForm(ActForm):
    """An act with its reason."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        filters=[strip],
        validators=[DataRequired(), Length(max=LONGEST_REASON)],
    )


class CheckForm(ActForm):
    """What was seen at a step: the checklist, papers of the evidence, a note."""

    items = CheckboxesField(lazy_gettext("Checklist"))
    evidence = SelectMultipleField(lazy_gettext("Papers that were seen"), coerce=int)
    note = TextAreaField(
        lazy_gettext("Note"),
        filters=[strip],
        validators=[Length(max=LONGEST_NOTE)],
        description=lazy_gettext("For those who check after you; the applicant does not see it."),
    )

    def offer(self, dossier: Dossier) -> None:
        """Offer what the step asks for, with what is kept so far."""
        self.items.choices = options((one, one) for one in dossier.rule.checklist)
        self.evidence.choices = [(one.id, one.title) for one in dossier.evidence]
        if not self.is_submitted():
            self.items.data = list(dossier.step.checked)
            self.evidence.data = [one.id for one in dossier.evidence if one.verified_at]
            self.note.data = dossier.step.note

    def found(self) -> Found:
        """Return what was ticked and written."""
        return Found(
            frozenset(self.items.data or ()),
            frozenset(self.evidence.data or ()),
            self.note.data or "",
        )


class NoticeForm(ActForm):
    """The days of a body's own notice."""

    starts_on = DateField(lazy_gettext("First day of the notice"), validators=[InputRequired()])
    ends_on = DateField(lazy_gettext("Last day of the notice"), validators=[InputRequired()])


class ProofForm(ActForm):
    """A file."""

    file = FileField(
        lazy_gettext("File"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("PDF, JPG or PNG."),
    )


class UntilForm(ActForm):
    """A new deadline."""

    until = DateField(lazy_gettext("New deadline"), validators=[InputRequired()])


class OverrideForm(ReasonForm):
    """A clause that shall be set aside."""

    clause = SelectField(lazy_gettext("Clause"), validators=[InputRequired()])

    def offer(self, dossier: Dossier) -> None:
        """Offer the clauses that stand in the way."""
        found = dossier.verdict.blocking
        self.clause.choices = options(
            (one.key, f"{one.number} {gettext(one.text)}".strip()) for one in found
        )


class LetterForm(ActForm):
    """A letter to another body."""

    number = StringField(
        lazy_gettext("Number of the letter"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=LONGEST_LETTER)],
    )
    asked_on = DateField(lazy_gettext("Day of the letter"), validators=[InputRequired()])
    due_on = DateField(lazy_gettext("Answer due by"), validators=[InputRequired()])
    applications = SelectMultipleField(lazy_gettext("Candidates"), coerce=int)


class AnswerForm(ActForm):
    """What a body answered about one candidate."""

    answer = SelectField(lazy_gettext("Answer"), validators=[InputRequired()])
    answered_on = DateField(lazy_gettext("Day of the answer"), validators=[InputRequired()])
    note = TextAreaField(
        lazy_gettext("What it says"), filters=[strip], validators=[Length(max=LONGEST_NOTE)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = (OpinionAnswer.NO_OBJECTION, OpinionAnswer.OBJECTION)
        self.answer.choices = options((one.value, label(one)) for one in known)


class RestForm(ActForm):
    """The day on which a body had no objection to all others."""

    answered_on = DateField(lazy_gettext("Day of the answer"), validators=[InputRequired()])


class DealingForm(ReasonForm):
    """What becomes of an application after an objection."""

    dealing = SelectField(lazy_gettext("What becomes of it"), validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dealing.choices = options((one.value, label(one)) for one in OpinionDealing)


class ImportForm(ActForm):
    """A spreadsheet of a paper round."""

    file = FileField(
        lazy_gettext("Spreadsheet"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext(".xlsx or .csv with the columns of the template."),
    )
