"""Forms of contests above the city's."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, DecimalField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from blueprints.forms import ActForm, one_line
from blueprints.labels import label
from rules.identity import IdKind, parse_id
from rules.people import tidy_name
from rules.provincial import EntrantStatus, EventFormat, Medal, ProvincialLevel
from services.attachments import Upload
from services.provincial import EventFacts, Facts
from services.provincial_results import ResultFacts

NONE = SelectChoice("", "–")


def _choices(kinds: Any) -> list[SelectChoice]:
    return [SelectChoice(one.value, label(one)) for one in kinds]


class ContestForm(ActForm):
    """A contest above the city's."""

    code = StringField(
        lazy_gettext("Code"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=20), Regexp(r"^[0-9A-Za-z-]+$")],
        description=lazy_gettext("Entries carry it; letters and digits."),
    )
    title = StringField(
        lazy_gettext("Title"), filters=[one_line], validators=[DataRequired(), Length(max=120)]
    )
    level = SelectField(lazy_gettext("Level"), validators=[InputRequired()])
    year = IntegerField(
        lazy_gettext("Year"), validators=[InputRequired(), NumberRange(min=1950, max=2100)]
    )
    organiser = StringField(
        lazy_gettext("Organiser"), filters=[one_line], validators=[DataRequired(), Length(max=200)]
    )
    delegation_title = StringField(
        lazy_gettext("Our delegation"), filters=[one_line], validators=[DataRequired(),
                                                                        Length(max=80)]
    )  # fmt: skip
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
        self.level.choices = _choices(ProvincialLevel)

    def facts(self) -> Facts:
        """Return what was typed."""
        given = {name: getattr(self, name).data for name in Facts.__dataclass_fields__
                 if hasattr(self, name)}  # fmt: skip
        return Facts(**(given | {"level": ProvincialLevel(self.level.data)}))


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

    def offer(self) -> None:
        """Offer formats and divisions."""
        self.format.choices = _choices(EventFormat)
        self.division.choices = [NONE, *_choices(EntrantStatus)]

    def facts(self) -> EventFacts:
        """Return what was typed."""
        division = EntrantStatus(self.division.data) if self.division.data else None
        return EventFacts(
            self.code.data or "", self.title.data or "", EventFormat(self.format.data),
            self.quota.data or 0, division,
        )  # fmt: skip


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
        self.status.choices = _choices(EntrantStatus)

    def numbers(self, today: Any) -> list[str]:
        """Return the numbers as they are stored; raise Refused for one that is none."""
        typed = tidy_name(self.id_numbers.data or "").split()
        return [parse_id(IdKind.RESIDENT, one, today).normalized for one in typed]


class ReasonForm(ActForm):
    """A reason that is kept."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )


class ResultForm(ActForm):
    """What the organiser's paper says of one entry."""

    rank = IntegerField(lazy_gettext("Rank"), validators=[Optional(), NumberRange(1, 999)])
    total = DecimalField(lazy_gettext("Total"), places=None, validators=[Optional()])
    medal = SelectField(lazy_gettext("Medal"), validators=[Optional()])
    prize = StringField(lazy_gettext("Prize"), filters=[one_line], validators=[Length(max=40)])
    document = StringField(
        lazy_gettext("Document"), filters=[one_line], validators=[DataRequired(), Length(max=160)]
    )
    announced_on = DateField(lazy_gettext("Announced on"), validators=[Optional()])

    def offer(self) -> None:
        """Offer the medals."""
        self.medal.choices = [NONE, *_choices(Medal)]

    def facts(self) -> ResultFacts:
        """Return what was typed."""
        medal = Medal(self.medal.data) if self.medal.data else None
        return ResultFacts(
            self.rank.data, self.total.data, medal, self.prize.data or "",
            self.document.data or "", self.announced_on.data,
        )  # fmt: skip


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
