"""Forms of events."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from blueprints.contests.forms import CODE
from blueprints.contests.wording import division_title
from blueprints.fields import one_line
from blueprints.forms import CheckboxesField, VersionedForm, tidy
from blueprints.labels import LEVELS
from models.contests import Contest, Event
from rules.occupations import ALL_OCCUPATIONS
from services.events import USUAL_DIVISIONS, DivisionFacts, EventFacts

LARGEST_TEAM = 9
MOST_LINES = 60


def lines_of(text: str | None) -> list[str]:
    """Return the lines of a text area, tidied, each once."""
    lines = (one_line(line) for line in (text or "").splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def team_name(size: int) -> str:
    """Say how many people make one entry."""
    names = {1: gettext("Single person"), 2: gettext("Pair"), 3: gettext("Team of three")}
    return str(names.get(size) or gettext("Team of %(size)s", size=size))


class DividedForm(VersionedForm):
    """The divisions of one or several events."""

    divisions = CheckboxesField(
        lazy_gettext("Divisions"),
        description=lazy_gettext("Each division is ranked and awarded apart."),
    )
    own_divisions = TextAreaField(
        lazy_gettext("Other divisions"),
        validators=[Length(max=400)],
        description=lazy_gettext("One on each line, if the usual ones do not fit."),
    )
    standard_level = SelectField(
        lazy_gettext("Standard level"),
        coerce=int,
        default=3,
        description=lazy_gettext("The level of the national standard on which the tasks rest."),
    )
    team_size = SelectField(lazy_gettext("People in one entry"), coerce=int, default=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.divisions.choices = [(code, gettext(text)) for code, text in USUAL_DIVISIONS.items()]
        self.standard_level.choices = [(level, gettext(text)) for level, text in LEVELS.items()]
        self.team_size.choices = [(n, team_name(n)) for n in range(1, LARGEST_TEAM + 1)]

    def validate_own_divisions(self, field: TextAreaField) -> None:
        """Refuse titles that are too long."""
        if any(len(line) > 40 for line in lines_of(field.data)):
            raise ValidationError(gettext("A name of a division has at most 40 characters."))

    def division_facts(self, event: Event | None = None) -> tuple[DivisionFacts, ...]:
        """Return the divisions as typed; those that are there keep their titles."""
        titles = {d.code: d.title for d in event.divisions} if event else {}
        usual = [
            DivisionFacts(titles.get(code) or division_title(code), code)
            for code in USUAL_DIVISIONS
            if code in (self.divisions.data or ())
        ]
        own = [DivisionFacts(line) for line in lines_of(self.own_divisions.data)]
        return (*usual, *own)


class EventForm(DividedForm):
    """An event with its divisions."""

    code = StringField(
        lazy_gettext("Code"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=10), CODE],
        description=lazy_gettext("Stands at the front of entry numbers, such as 01."),
    )
    title = StringField(
        lazy_gettext("Name of the event"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
    )
    occupation = StringField(
        lazy_gettext("Occupation"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
        description=lazy_gettext("As in the national list of occupations."),
    )
    venue = StringField(lazy_gettext("Venue"), filters=[one_line], validators=[Length(max=120)])
    held_on = DateField(lazy_gettext("Day of the event"), validators=[Optional()])
    start_from = SelectField(
        lazy_gettext("Marking scheme and award plan"),
        coerce=int,
        default=0,
        description=lazy_gettext("A start that you change afterwards."),
    )

    def offer_starts(self, contest: Contest) -> None:
        """Offer the rules of the other events as a start."""
        self.start_from.choices = starts_of(contest)

    def facts(self, event: Event | None = None) -> EventFacts:
        """Return the event as typed."""
        return EventFacts(
            code=self.code.data or "",
            title=self.title.data or "",
            occupation=self.occupation.data or "",
            divisions=self.division_facts(event),
            standard_level=self.standard_level.data,
            team_size=self.team_size.data,
            venue=self.venue.data or "",
            held_on=self.held_on.data,
        )


def starts_of(contest: Contest) -> list[tuple[int, str]]:
    """List with which rules a new event can begin."""
    usual = gettext("The usual: theory 20, practical 80 percent; prizes for places 1 to 6")
    others = [(event.id, gettext("Like %(event)s", event=event.title)) for event in contest.events]
    return [(0, usual), *others]


class EventsForm(DividedForm):
    """Several events at once, by their occupations."""

    occupations = CheckboxesField(lazy_gettext("Usual occupations"))
    others = TextAreaField(
        lazy_gettext("Other occupations"),
        validators=[Length(max=4000)],
        description=lazy_gettext("One on each line."),
    )
    start_from = SelectField(lazy_gettext("Marking scheme and award plan"), coerce=int, default=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occupations.choices = [(title, title) for title in ALL_OCCUPATIONS]

    def offer_starts(self, contest: Contest) -> None:
        """Offer the rules of the other events as a start."""
        self.start_from.choices = starts_of(contest)

    def validate_others(self, field: TextAreaField) -> None:
        """Refuse names that are too long, and too many."""
        lines = lines_of(field.data)
        if len(lines) > MOST_LINES or any(len(line) > 60 for line in lines):
            raise ValidationError(gettext("At most 60 lines of at most 60 characters."))

    def facts(self) -> list[EventFacts]:
        """Return the events as chosen."""
        chosen = [*(self.occupations.data or ()), *lines_of(self.others.data)]
        return [
            EventFacts(
                code="",
                title=title,
                occupation=title,
                divisions=self.division_facts(),
                standard_level=self.standard_level.data,
                team_size=self.team_size.data,
            )
            for title in dict.fromkeys(chosen)
        ]


def event_values(event: Event) -> dict[str, Any]:
    """Return an event as its form shows it."""
    names = ("code", "title", "occupation", "standard_level", "team_size", "venue", "held_on")
    own = [d.title for d in event.divisions if d.code not in USUAL_DIVISIONS]
    return {name: getattr(event, name) for name in (*names, "version")} | {
        "divisions": [d.code for d in event.divisions if d.code in USUAL_DIVISIONS],
        "own_divisions": "\n".join(own),
    }
