"""Forms of workshops: applications, visits, changes, closing, rules."""

from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from blueprints.forms import ActForm, VersionedForm, one_line, options, strip, tidy
from blueprints.labels import LEVELS, label
from models.workshop_applications import WorkshopApplication
from models.workshops import Workshop
from rules.attachments import LARGEST
from rules.people import PersonFacts, read_resident
from rules.workshop_conditions import Apprentice
from rules.workshops import (
    MOST_PAPERS,
    ChangeKind,
    ClosedFor,
    HostKind,
    WorkshopLevel,
    WorkshopNaming,
)
from services.workshops_applications import TEXTS, SiteVisit, Wish
from services.workshops_requests import apprentices_of

MOST_LINES = 60
SITE_POINTS = ("room", "equipment", "own_rules", "agreements")


def _text(label_: Any, *, required: bool = False, most: int = 120, help_: Any = "") -> Any:
    validators: list[Any] = [DataRequired()] if required else []
    return StringField(
        label_, filters=[one_line], validators=[*validators, Length(max=most)], description=help_
    )


def _area(label_: Any, most: int = 4000, help_: Any = "") -> Any:
    return TextAreaField(label_, filters=[strip], validators=[Length(max=most)], description=help_)


def level_choices() -> list[Any]:
    """Return the skill levels to choose from, with none in front."""
    return [("", gettext("None")), *((str(key), gettext(text)) for key, text in LEVELS.items())]


def person_of(name: str, number: str, level: str, today: date) -> tuple[PersonFacts | None, str]:
    """Return the person who was typed, or what is wrong in words."""
    held = int(level) if level.isdecimal() else None
    facts, problems = read_resident(name, number, held, today)
    if facts is None or problems:
        said = [gettext(one.message, **one.params) for one in problems]
        return None, " ".join(said) or gettext("Check name and ID number.")
    return facts, ""


class ApplicationForm(VersionedForm):
    """What a host writes to apply for its leader."""

    title = _text(lazy_gettext("Name of the workshop"), required=True)
    level = SelectField(lazy_gettext("Level applied for"), validators=[InputRequired()])
    recognised_by = _text(lazy_gettext("Recognised by"), most=80)
    naming = SelectField(lazy_gettext("Named after"), validators=[InputRequired()])
    host_kind = SelectField(lazy_gettext("Kind of host"), validators=[InputRequired()])
    occupation = _text(lazy_gettext("Trade"), required=True, most=60)
    cluster = _text(lazy_gettext("Industry cluster"), most=60)
    district = _text(lazy_gettext("Town or district"), most=40)
    leader_name = _text(lazy_gettext("Leader"), most=60)
    leader_number = StringField(
        lazy_gettext("ID number of the leader"), filters=[tidy], validators=[Length(max=30)]
    )
    leader_level = SelectField(lazy_gettext("Skill level held"))
    local_renown = _text(
        lazy_gettext("Recognition in a local trade"),
        most=400,
        help_=lazy_gettext("Only where neither level nor title counts; with what proves it."),
    )
    masters = _area(
        lazy_gettext("Further masters"),
        help_=lazy_gettext("One a line: name, ID number, skill level 1 to 5."),
    )
    room = _text(lazy_gettext("Room"), most=400)
    equipment = _area(lazy_gettext("Workshop equipment"))
    own_rules = _area(lazy_gettext("Own rules"))
    plan = _area(lazy_gettext("Teaching plan"))
    apprentices = _area(
        lazy_gettext("Apprentices"),
        help_=lazy_gettext("One a line: name, day of the signed agreement (2026-05-01)."),
    )
    about = _area(
        lazy_gettext("About the workshop"), help_=lazy_gettext("For the public directory.")
    )

    def __init__(self, day: date, new: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day, self.is_new = day, new
        self.level.choices = options((one.value, label(one)) for one in WorkshopLevel)
        self.naming.choices = options((one.value, label(one)) for one in WorkshopNaming)
        self.host_kind.choices = options((one.value, label(one)) for one in HostKind)
        self.leader_level.choices = level_choices()
        self.leader: PersonFacts | None = None
        self.found_masters: list[PersonFacts] | None = None
        self.found_apprentices: list[Apprentice] = []

    def show(self, row: WorkshopApplication) -> None:
        """Fill in what is stored; numbers of people are not shown again."""
        for name in ("title", "recognised_by", "occupation", "cluster", "district", *TEXTS):
            self._fields[name].data = getattr(row, name)
        self.level.data, self.naming.data = row.level.value, row.naming.value
        self.host_kind.data, self.version.data = row.host_kind.value, str(row.version)
        self.apprentices.data = "\n".join(
            f"{one.name} {one.signed_on or ''}".strip() for one in apprentices_of(row)
        )

    def show_workshop(self, row: Workshop, level: WorkshopLevel) -> None:
        """Fill in what the register knows of a workshop that steps up."""
        for name in ("title", "recognised_by", "occupation", "cluster", "district", "about"):
            self._fields[name].data = getattr(row, name)
        self.level.data, self.naming.data = level.value, row.naming.value
        self.host_kind.data = row.host_kind.value

    def validate_leader_number(self, field: StringField) -> None:
        """Read the leader; on a change empty fields leave the leader as it is."""
        name, number = self.leader_name.data or "", field.data or ""
        if not name and not number and not self.is_new:
            return
        self.leader, problem = person_of(name, number, self.leader_level.data or "", self.day)
        if self.leader is None:
            raise ValidationError(problem)

    def validate_masters(self, field: TextAreaField) -> None:
        """Read the further masters, line by line."""
        lines = _lines(field.data)
        if not lines and not self.is_new:
            return
        self.found_masters = []
        for number, line in enumerate(lines, 1):
            parts = [*line.split(), "", ""]
            person, problem = person_of(parts[0], parts[1], parts[2], self.day)
            if person is None:
                raise ValidationError(gettext("Line %(number)s: %(problem)s", number=number,
                                              problem=problem))  # fmt: skip
            self.found_masters.append(person)

    def validate_apprentices(self, field: TextAreaField) -> None:
        """Read the apprentices with the days of their agreements, line by line."""
        self.found_apprentices = []
        for number, line in enumerate(_lines(field.data), 1):
            name, _, day = line.partition(" ")
            try:
                signed = date.fromisoformat(day.strip()) if day.strip() else None
            except ValueError:
                text = gettext("Write the day as 2026-05-01.")
                raise ValidationError(
                    gettext("Line %(number)s: %(problem)s", number=number, problem=text)
                ) from None
            self.found_apprentices.append(Apprentice(name[:60], signed))

    def wish(self) -> Wish:
        """Return what was typed, as plain values."""
        return Wish(
            title=self.title.data or "",
            level=WorkshopLevel(self.level.data),
            naming=WorkshopNaming(self.naming.data),
            host_kind=HostKind(self.host_kind.data),
            occupation=self.occupation.data or "",
            leader=self.leader,
            masters=self.found_masters,
            apprentices=self.found_apprentices,
            recognised_by=self.recognised_by.data or "",
            district=self.district.data or "",
            cluster=self.cluster.data or "",
            texts={name: self._fields[name].data or "" for name in TEXTS},
        )


def _lines(text: str | None) -> list[str]:
    lines = [
        tidy(line.replace("\u3000", " ").replace("，", " ")) for line in (text or "").split("\n")
    ]
    return [line for line in lines if line][:MOST_LINES]


class ReasonForm(ActForm):
    """Why something is sent back, stopped or refused."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[strip], validators=[DataRequired(), Length(max=400)]
    )


class SiteForm(ActForm):
    """What was found on the site."""

    held_on = DateField(lazy_gettext("Day of the visit"), validators=[InputRequired()])
    people = _text(lazy_gettext("Who was there"), required=True, most=200)
    room = BooleanField(lazy_gettext("The room is there"))
    equipment = BooleanField(lazy_gettext("The equipment is there"))
    own_rules = BooleanField(lazy_gettext("The own rules are there"))
    agreements = BooleanField(lazy_gettext("The agreements were seen"))
    note = _area(lazy_gettext("Record of the visit"))

    def visit(self) -> SiteVisit:
        """Return what was typed, as plain values."""
        found = {name: bool(self._fields[name].data) for name in SITE_POINTS}
        held_on = self.held_on.data or date.min
        return SiteVisit(held_on, self.people.data or "", found, self.note.data or "")


class NoticeForm(ActForm):
    """Where objections go while a notice stands."""

    contact = _text(lazy_gettext("Where objections go"), required=True, most=200)


class FoundForm(ActForm):
    """The plaque of a workshop that is founded."""

    plaque_number = _text(
        lazy_gettext("Plaque number"), most=40, help_=lazy_gettext("Empty: the next free one.")
    )


class CloseForm(ReasonForm):
    """Why a workshop is closed."""

    closed_for = SelectField(lazy_gettext("Closed for"), validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = (one for one in ClosedFor if one is not ClosedFor.FAILED)
        self.closed_for.choices = options((one.value, label(one)) for one in usual)


class ChangeForm(ActForm):
    """What happened to a leader."""

    kind = SelectField(lazy_gettext("What happened"), validators=[InputRequired()])
    happened_on = DateField(lazy_gettext("On which day"), validators=[InputRequired()])
    note = _text(lazy_gettext("Note"), most=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options((one.value, label(one)) for one in ChangeKind)


class SuccessorForm(ActForm):
    """Who follows as leader."""

    leader_name = _text(lazy_gettext("Successor"), required=True, most=60)
    leader_number = StringField(
        lazy_gettext("ID number of the successor"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=30)],
    )
    leader_level = SelectField(lazy_gettext("Skill level held"))
    renown = _text(lazy_gettext("Recognition in a local trade"), most=400)

    def __init__(self, day: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        self.leader_level.choices = level_choices()
        self.person: PersonFacts | None = None

    def validate_leader_number(self, field: StringField) -> None:
        """Read the successor."""
        name, level = self.leader_name.data or "", self.leader_level.data or ""
        self.person, problem = person_of(name, field.data or "", level, self.day)
        if self.person is None:
            raise ValidationError(problem)


class PolicyForm(ActForm):
    """Rules for workshops from a day on, as data."""

    title = _text(lazy_gettext("Name of the rules"), required=True)
    document = _text(lazy_gettext("Document"), most=160)
    starts_on = DateField(lazy_gettext("In force from"), validators=[InputRequired()])
    rules = TextAreaField(
        lazy_gettext("Rules as data (JSON)"),
        filters=[strip],
        validators=[DataRequired(), Length(max=60_000)],
    )


class FileForm(ActForm):
    """A file that shows what an application or a report says."""

    file = FileField(
        lazy_gettext("Supporting file"),
        validators=[FileRequired()],
        description=lazy_gettext(
            "Agreements, teaching plan, pictures of the room, receipts: PDF, JPEG or PNG, at most "
            "%(size)s MB each; up to %(count)s files in all. Pictures lose what the camera wrote "
            "into them.",
            size=LARGEST // 2**20,
            count=MOST_PAPERS,
        ),
    )
