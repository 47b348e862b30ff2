"""Forms of contests above the city's: the contest, its events, candidates."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from blueprints.forms import ActForm, CheckboxesField, VersionedForm, one_line
from blueprints.labels import label
from models.provincial import ProvincialCoach, ProvincialContest, ProvincialEvent
from rules.attachments import LARGEST
from rules.identity import IdKind, parse_id
from rules.people import tidy_name
from rules.provincial import EntrantStatus, EventFormat, ProvincialLevel
from services.attachments import Upload
from services.provincial import EventFacts, Facts

NONE = SelectChoice("", "–")


def choices_of(kinds: Any) -> list[SelectChoice]:
    """Offer coded values by their labels."""
    return [SelectChoice(one.value, label(one)) for one in kinds]


def file_field(title: Any, required: bool) -> FileField:
    """Make the field of a scan that is checked and kept."""
    return FileField(
        title,
        validators=[FileRequired()] if required else [],
        description=lazy_gettext(
            "PDF, JPEG or PNG, at most %(size)s MB. Pictures lose what the camera wrote into them.",
            size=LARGEST // 2**20,
        ),
    )


class FactsForm(VersionedForm):
    """What is known of a contest above the city's, but for its code."""

    title = StringField(
        lazy_gettext("Title"), filters=[one_line], validators=[DataRequired(), Length(max=120)]
    )
    level = SelectField(lazy_gettext("Level of the contest"), validators=[InputRequired()])
    class_title = StringField(
        lazy_gettext("Class of the contest"),
        filters=[one_line],
        validators=[Length(max=40)],
        description=lazy_gettext("As the organiser calls it, such as 一类."),
    )
    edition = StringField(lazy_gettext("Edition"), filters=[one_line], validators=[Length(max=40)])
    year = IntegerField(
        lazy_gettext("Year"), validators=[InputRequired(), NumberRange(min=1950, max=2100)]
    )
    organiser = StringField(
        lazy_gettext("Organiser"), filters=[one_line], validators=[DataRequired(), Length(max=200)]
    )
    delegation_title = StringField(
        lazy_gettext("Our delegation"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=80)],
    )
    place = StringField(
        lazy_gettext("Where it is held"), filters=[one_line], validators=[Length(max=120)]
    )
    document = StringField(
        lazy_gettext("Document number"), filters=[one_line], validators=[Length(max=160)]
    )
    entry_until = DateField(lazy_gettext("Entries until"), validators=[Optional()])
    starts_on = DateField(lazy_gettext("First day"), validators=[InputRequired()])
    ends_on = DateField(lazy_gettext("Last day"), validators=[InputRequired()])

    def offer(self) -> None:
        """Offer the levels."""
        self.level.choices = choices_of(ProvincialLevel)

    def facts(self, code: str, previous_id: int | None = None) -> Facts:
        """Return what was typed."""
        names = [one.name for one in fields(Facts)]
        given = {name: self[name].data for name in names if name in self}
        level = ProvincialLevel(self.level.data)
        return Facts(**(given | {"code": code, "level": level, "previous_id": previous_id}))


class ContestForm(FactsForm):
    """A new contest: with its code, and from which one rules and events are taken over."""

    code = StringField(
        lazy_gettext("Code"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=20), Regexp(r"^[0-9A-Za-z-]+$")],
        description=lazy_gettext("Entries carry it; letters and digits."),
    )
    previous_id = SelectField(
        lazy_gettext("Rules and events as in"),
        coerce=lambda value: int(value) if value else None,
        validators=[Optional()],
    )

    def offer_previous(self, contests: Iterable[ProvincialContest]) -> None:
        """Offer the contests that there were."""
        self.offer()
        known = [SelectChoice(str(one.id), one.title) for one in contests]
        self.previous_id.choices = [SelectChoice("", gettext("Begin anew")), *known]

    def new_facts(self) -> Facts:
        """Return what was typed."""
        return self.facts(self.code.data or "", self.previous_id.data)


class EventForm(ActForm):
    """An event of it."""

    code = StringField(
        lazy_gettext("Code"), filters=[one_line], validators=[DataRequired(), Length(max=10)]
    )
    title = StringField(
        lazy_gettext("Event"), filters=[one_line], validators=[DataRequired(), Length(max=60)]
    )
    format = SelectField(lazy_gettext("Format"), validators=[InputRequired()])
    division = SelectField(lazy_gettext("Division"), validators=[Optional()])
    quota = IntegerField(
        lazy_gettext("Our quota"), default=1, validators=[InputRequired(), NumberRange(0, 99)]
    )
    occupation = StringField(
        lazy_gettext("Occupation"), filters=[one_line], validators=[Length(max=60)]
    )
    is_demonstration = BooleanField(lazy_gettext("Demonstration event"))
    held_on = DateField(lazy_gettext("Held on"), validators=[Optional()])
    place = StringField(lazy_gettext("Venue"), filters=[one_line], validators=[Length(max=120)])
    field_size = IntegerField(
        lazy_gettext("Entries that started"), validators=[Optional(), NumberRange(0, 9999)]
    )
    teams = IntegerField(
        lazy_gettext("Delegations that took part"), validators=[Optional(), NumberRange(0, 9999)]
    )

    def offer(self) -> None:
        """Offer formats and divisions."""
        self.format.choices = choices_of(EventFormat)
        self.division.choices = [NONE, *choices_of(EntrantStatus)]

    def show(self, event: ProvincialEvent) -> None:
        """Show an event as it is."""
        for one in fields(EventFacts):
            self[one.name].data = getattr(event, one.name)

    def facts(self) -> EventFacts:
        """Return what was typed."""
        given = {one.name: self[one.name].data for one in fields(EventFacts)}
        texts = {name: given[name] or "" for name in ("occupation", "place")}
        division = EntrantStatus(self.division.data) if self.division.data else None
        return EventFacts(
            **(given | texts | {"format": EventFormat(self.format.data), "division": division})
        )


class LinkForm(ActForm):
    """A contest of the city that selects for an event."""

    selecting_id = SelectField(
        lazy_gettext("Selecting event"), coerce=int, validators=[InputRequired()]
    )
    division = StringField(
        lazy_gettext("Code of the division"), filters=[one_line], validators=[Length(max=10)]
    )
    top = IntegerField(
        lazy_gettext("First so many"), default=3, validators=[InputRequired(), NumberRange(1, 99)]
    )

    def offer(self, events: Sequence[tuple[int, str]]) -> None:
        """Offer the events that can select."""
        self.selecting_id.choices = [SelectChoice(key, title) for key, title in events]


class CandidateForm(ActForm):
    """Candidates who do not come from a selection; they are known by identity number."""

    id_numbers = StringField(
        lazy_gettext("Identity numbers"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=80)],
        description=lazy_gettext("Of a team all members, separated by spaces."),
    )
    coach_numbers = StringField(
        lazy_gettext("Identity numbers of coaches"),
        filters=[one_line],
        validators=[Length(max=200)],
        description=lazy_gettext("Separated by spaces."),
    )
    status = SelectField(lazy_gettext("Division"), validators=[InputRequired()])
    of_company = RadioField(
        lazy_gettext("Staff of a company"),
        choices=[
            SelectChoice("yes", lazy_gettext("Yes")),
            SelectChoice("no", lazy_gettext("No")),
        ],
        validators=[InputRequired()],
    )
    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )

    def offer(self) -> None:
        """Offer the divisions."""
        self.status.choices = choices_of(EntrantStatus)


def numbers_in(text: str | None, today: date) -> list[str]:
    """Return identity numbers as they are stored; raise Refused for one that is none."""
    typed = tidy_name(text or "").split()
    return [parse_id(IdKind.RESIDENT, one, today).normalized for one in typed]


class CoachForm(ActForm):
    """Who trains a candidate: those who stay, and others by identity number."""

    kept = CheckboxesField(lazy_gettext("Coaches who stay"), coerce=int, validators=[Optional()])
    coach_numbers = StringField(
        lazy_gettext("Identity numbers of further coaches"),
        filters=[one_line],
        validators=[Length(max=200)],
        description=lazy_gettext("Separated by spaces."),
    )

    def offer(self, coaches: Iterable[ProvincialCoach]) -> None:
        """Offer to keep the present coaches."""
        present = list(coaches)
        self.kept.choices = [SelectChoice(one.person_id, one.person.name) for one in present]
        if not self.is_submitted():
            self.kept.data = [one.person_id for one in present]


class ReasonForm(ActForm):
    """A reason that is kept."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class FileForm(ActForm):
    """A file to be read."""

    file = FileField(lazy_gettext("File"), validators=[FileRequired()])


class ResultsFileForm(ActForm):
    """Results of a superior: an exchange file, or a spreadsheet with the paper that proves it."""

    file = FileField(lazy_gettext("File with results"), validators=[FileRequired()])
    document = StringField(
        lazy_gettext("Document that announces the results"),
        filters=[one_line],
        validators=[Length(max=160)],
        description=lazy_gettext("For spreadsheets; an exchange file names it itself."),
    )
    proof = FileField(
        lazy_gettext("Scan of the document"),
        validators=[Optional()],
        description=lazy_gettext("For spreadsheets: PDF or picture."),
    )

    def scan(self) -> Upload | None:
        """Return the scan, if one was chosen."""
        given = self.proof.data
        return Upload(given.filename or "", given.read()) if given else None
