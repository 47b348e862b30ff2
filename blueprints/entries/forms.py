"""Forms of entries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from blueprints.forms import ActForm, VersionedForm, strip, tidy
from blueprints.labels import LEVELS, label
from models.entries import Entry
from models.people import Person
from rules.identity import IdKind
from rules.people import TypedPerson, read_person
from rules.states import EntryState
from services.entries import Draft, Standing
from services.entries_coaches import MOST_COACHES


def _number(text: Any) -> int | None:
    value = str(text or "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


class MemberForm(Form):
    """One person of an entry; rules and services judge what was chosen."""

    name = StringField(
        lazy_gettext("Name"),
        filters=[tidy],
        validators=[Length(max=60)],
        description=lazy_gettext("As on the identity document."),
    )
    id_kind = SelectField(
        lazy_gettext("Kind of document"), default=IdKind.RESIDENT.value, validate_choice=False
    )
    id_number = StringField(lazy_gettext("ID number"), filters=[strip], validators=[Length(max=40)])
    birth_date = DateField(lazy_gettext("Birth date"), validators=[Optional()])
    sex = SelectField(lazy_gettext("Sex"), validate_choice=False)
    phone = StringField(lazy_gettext("Phone"), filters=[tidy], validators=[Length(max=30)])
    held_level = SelectField(lazy_gettext("Skill level held"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.id_kind.choices = [(kind.value, label(kind)) for kind in IdKind]
        self.sex.choices = [("", "–"), ("M", gettext("Male")), ("F", gettext("Female"))]
        none = ("", gettext("None"))
        self.held_level.choices = [none, *((str(k), gettext(text)) for k, text in LEVELS.items())]

    def typed(self) -> TypedPerson:
        """Return what was typed, as plain values."""
        return TypedPerson(
            name=self.name.data or "",
            id_kind=self.id_kind.data or "",
            id_number=self.id_number.data or "",
            phone=self.phone.data or "",
            held_level=_number(self.held_level.data),
            birth_date=self.birth_date.data,
            sex=self.sex.data or None,
        )

    def show(self, person: Person) -> None:
        """Fill in what is stored of a person, but never the number."""
        self.name.data = person.name
        self.id_kind.data = person.id_kind
        self.phone.data = person.phone
        self.held_level.data = str(person.held_level or "")


class CoachForm(Form):
    """One coach of an entry."""

    name = StringField(lazy_gettext("Name"), filters=[tidy], validators=[Length(max=60)])
    id_number = StringField(lazy_gettext("ID number"), filters=[strip], validators=[Length(max=40)])

    def typed(self) -> TypedPerson:
        """Return what was typed, as plain values."""
        return TypedPerson(name=self.name.data or "", id_number=self.id_number.data or "")


class EntryForm(VersionedForm):
    """An entry: division, employer, members and coaches."""

    division_id = SelectField(lazy_gettext("Division"), validate_choice=False)
    employer_id = SelectField(lazy_gettext("Employer"), validate_choice=False)
    members = FieldList(FormField(MemberForm))
    coaches = FieldList(FormField(CoachForm), max_entries=MOST_COACHES)

    def offer(
        self,
        divisions: Sequence[tuple[int, str]],
        employers: Sequence[tuple[int, str]],
        team_size: int,
        stored: int = 0,
    ) -> None:
        """Fill the lists to choose from, and give every member of a team a place.

        The first ``stored`` members are known: their numbers need not be typed again.
        """
        first = [] if len(divisions) == 1 else [("", gettext("Please choose"))]
        self.division_id.choices = [*first, *((str(key), title) for key, title in divisions)]
        individual = ("", gettext("None (individual)"))
        self.employer_id.choices = [individual, *((str(k), title) for k, title in employers)]
        del self.members.entries[team_size:]
        while len(self.members) < team_size:
            self.members.append_entry()
        while len(self.coaches) < MOST_COACHES:
            self.coaches.append_entry()
        self._require(stored)

    def _require(self, stored: int) -> None:
        """Mark what must be filled in; rules and services check it."""
        self.division_id.flags.required = True
        for number, place in enumerate(self.members):
            for name in ("name", "phone", *(("id_number",) if number >= stored else ())):
                place.form._fields[name].flags.required = True

    def show(self, entry: Entry) -> None:
        """Fill in what is stored of an entry."""
        self.division_id.data = str(entry.division_id)
        self.employer_id.data = str(entry.employer_id or "")
        self.version.data = str(entry.version)
        for place, member in zip(self.members, entry.members, strict=False):
            place.form.show(member.person)
        for row, coach in zip(self.coaches, entry.coaches, strict=False):
            row.form.name.data = coach.person.name

    @property
    def has_coaches(self) -> bool:
        """Say whether a coach is named, or something about one is wrong."""
        fields = [field for row in self.coaches for field in row.form]
        return any(field.data or field.errors for field in fields)

    def draft(self) -> Draft:
        """Return what was typed, as plain values."""
        members = tuple(place.form.typed() for place in self.members)
        coaches = tuple(place.form.typed() for place in self.coaches)
        division_id, employer_id = _number(self.division_id.data), _number(self.employer_id.data)
        return Draft(division_id, members, employer_id, coaches)

    def check_people(self, today: date, known: Sequence[Person | None]) -> bool:
        """Mark everything that is wrong at once; stored numbers need no check."""
        offered = {value for value, *_ in self.division_id.iter_choices()} - {""}
        if self.division_id.data not in offered:
            self.refuse(gettext("Choose a division."), "division_id")
        for place, (member, person) in enumerate(zip(self.members, known, strict=True)):
            typed = member.form.typed()
            is_kept = person is not None and not typed.id_number
            about_number = {"id_number", "birth_date", "id_kind"} if is_kept else set()
            for problem in read_person(typed, today)[1]:
                if problem.field not in about_number and not (is_kept and problem.field == "name"):
                    text = gettext(problem.message, **problem.params)
                    self.refuse(text, f"members-{place}-{problem.field}")
        return not self.errors

    def refuse(self, message: str, field: str | None) -> None:
        """Put a refusal at its field, be it one of a member or a coach."""
        parts = (field or "").split("-")
        lists: dict[str, Any] = {"members": self.members, "coaches": self.coaches}
        rows = lists.get(parts[0])
        if rows is not None and len(parts) == 3 and parts[1].isdecimal():
            place = rows[int(parts[1])] if int(parts[1]) < len(rows) else None
            target = None if place is None else place.form._fields.get(parts[2])
            if target is not None:
                target.errors = [*target.errors, message]
                rows.errors = [row.errors for row in rows]
                return
        super().refuse(message, field)


def known_people(
    entry: Entry | None, standing: Standing, own: Person | None, size: int
) -> list[Person | None]:
    """Return who stands at each place of a form already."""
    people: list[Person | None] = [] if entry is None else [m.person for m in entry.members]
    if entry is None and standing.is_contestant:
        people = [own]
    return [*people, *[None] * size][:size]


class ReviewForm(VersionedForm):
    """The decision about an entry."""

    decision = RadioField(lazy_gettext("Decision"))
    reason = TextAreaField(
        lazy_gettext("Reason"),
        filters=[strip],
        validators=[Length(max=400)],
        description=lazy_gettext("Needed to return or reject; whoever entered reads it."),
    )
    out_of_competition = BooleanField(
        lazy_gettext("Out of competition"),
        description=lazy_gettext(
            "A former winner who may start but takes no award; those behind move up."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = [
            (EntryState.ACCEPTED.value, gettext("Accept")),
            (EntryState.RETURNED.value, gettext("Return for correction")),
            (EntryState.REJECTED.value, gettext("Reject for good")),
        ]


class ImportForm(ActForm):
    """A spreadsheet of entries."""

    file = FileField(
        lazy_gettext("Spreadsheet"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("An .xlsx or .csv file of at most 10 MB and 5,000 rows."),
    )
