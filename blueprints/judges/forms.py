"""Forms of the judge pool."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.forms import ActForm, VersionedForm, one_line, options, strip, tidy
from blueprints.labels import LEVELS, label
from models.judges import Judge
from rules.conflicts import ConflictKind
from rules.judges import JudgeKind, TitleGrade
from rules.refusals import LONGEST_REASON
from services.judges import LONGEST_REMARK, PoolFacts
from services.judges_recusals import SeatOnPanel
from services.judges_relations import DECLARABLE, LONGEST_NAME, About, RelationFacts
from services.judges_relations import LONGEST_REMARK as LONGEST_NOTE
from services.panels_drawing import MOST_RESERVES

_BETWEEN = re.compile(r"[、,，;；\n]+")


class JudgeForm(VersionedForm):
    """What the pool knows of a judge."""

    account_id = SelectField(lazy_gettext("Account"), coerce=int, validate_choice=False)
    employer = StringField(
        lazy_gettext("Works for"),
        filters=[one_line],
        validators=[Length(max=120)],
        description=lazy_gettext("As registered. Left empty, that of the account counts."),
    )
    grade = SelectField(lazy_gettext("Professional title"))
    held_level = SelectField(lazy_gettext("Skill level held"))
    licence = StringField(
        lazy_gettext("Judge's licence number"), filters=[tidy], validators=[Length(max=40)]
    )
    kinds = SelectMultipleField(
        lazy_gettext("Kinds"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    occupations = StringField(
        lazy_gettext("Occupations"),
        validators=[Length(max=400)],
        description=lazy_gettext("Several ones with commas between them."),
    )
    remark = TextAreaField(
        lazy_gettext("Remark"), filters=[strip], validators=[Length(max=LONGEST_REMARK)]
    )
    barred_until = DateField(
        lazy_gettext("Barred until"),
        validators=[Optional()],
        description=lazy_gettext("Until this day the judge cannot be seated."),
    )
    bar_reason = TextAreaField(
        lazy_gettext("Reason for the bar"),
        filters=[strip],
        validators=[Length(max=LONGEST_REMARK)],
        description=lazy_gettext("Read only by the organizer and the bureau."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grade.choices = options((one.value, label(one)) for one in TitleGrade)
        levels = ((str(level), gettext(text)) for level, text in LEVELS.items())
        self.held_level.choices = options([("", gettext("None")), *levels])
        self.kinds.choices = options((one.value, label(one)) for one in JudgeKind)

    def offer(self, accounts: Sequence[tuple[int, str, str]]) -> None:
        """List the accounts that can come into the pool."""
        named = ((key, f"{title} · {username}") for key, title, username in accounts)
        self.account_id.choices = options(
            [("0", gettext("Please choose")), *((str(key), text) for key, text in named)]
        )

    def show(self, judge: Judge) -> None:
        """Fill in what is stored."""
        self.version.data = str(judge.version)
        self.employer.data = judge.employer.title if judge.employer else ""
        self.grade.data, self.held_level.data = judge.grade.value, str(judge.held_level or "")
        self.kinds.data, self.occupations.data = judge.kinds, "、".join(judge.occupations)
        for name in ("licence", "remark", "barred_until", "bar_reason"):
            self._fields[name].data = getattr(judge, name)

    def typed(self) -> PoolFacts:
        """Return what was typed, as plain values."""
        return PoolFacts(
            employer=self.employer.data or "",
            grade=TitleGrade(self.grade.data),
            held_level=int(self.held_level.data) if self.held_level.data else None,
            licence=self.licence.data or "",
            kinds=tuple(JudgeKind(one) for one in self.kinds.data or ()),
            occupations=tuple(_BETWEEN.split(self.occupations.data or "")),
            remark=self.remark.data or "",
            barred_until=self.barred_until.data,
            bar_reason=self.bar_reason.data or "",
        )


class RelationForm(ActForm):
    """What binds a judge to somebody; only officials know the numbers of entries."""

    kind = SelectField(lazy_gettext("Relation"))
    about = RadioField(lazy_gettext("To whom"))
    name = StringField(
        lazy_gettext("Name"), filters=[one_line], validators=[Length(max=LONGEST_NAME)]
    )
    remark = StringField(
        lazy_gettext("Remark"), filters=[one_line], validators=[Length(max=LONGEST_NOTE)]
    )

    def __init__(self, *args: Any, is_official: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options((one.value, label(one)) for one in DECLARABLE)
        targets = [("person", gettext("A person")), ("employer", gettext("An employer"))]
        if is_official:
            targets.append(("entry", gettext("An entry, by its number")))
        self.about.choices = options(targets)
        if self.about.data is None:
            self.about.data = "person"

    def typed(self) -> RelationFacts:
        """Return what was typed, as plain values."""
        kinds: dict[str, About] = {"person": "person", "employer": "employer", "entry": "entry"}
        return RelationFacts(
            ConflictKind(self.kind.data),
            kinds[self.about.data],
            self.name.data or "",
            self.remark.data or "",
        )


class AnswerForm(ActForm):
    """Why somebody declines a seat."""

    reason = StringField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_REASON)]
    )


class PanelDrawForm(ActForm):
    """How the panels are drawn."""

    seed = StringField(
        lazy_gettext("Public seed"),
        filters=[one_line],
        validators=[Length(max=64)],
        description=lazy_gettext(
            "For example the winning numbers of today's public lottery. Left empty, one is made."
        ),
    )
    reserves = IntegerField(
        lazy_gettext("Reserve judges for each part"),
        default=0,
        validators=[NumberRange(0, MOST_RESERVES)],
    )
    pool_only = BooleanField(lazy_gettext("Draw judges only from the judge pool"), default=True)


class RecusalForm(ActForm):
    """Why a judge is excused, and from what."""

    sheet_id = SelectField(lazy_gettext("Excused from"), coerce=int, validate_choice=False)
    reason = TextAreaField(
        lazy_gettext("Reason"),
        filters=[strip],
        validators=[Length(max=LONGEST_REASON)],
        description=lazy_gettext("Read only by the organizer and the supervisor."),
    )
    with_reserve = BooleanField(lazy_gettext("Call the next reserve judge"))

    def offer(self, found: SeatOnPanel) -> None:
        """List the works from which the judge can be excused."""
        codes = [(str(key), gettext("Work %(code)s only", code=code)) for key, code in found.sheets]
        self.sheet_id.choices = options([("0", gettext("The whole event")), *codes])


class PoolFileForm(ActForm):
    """A spreadsheet of judges."""

    file = FileField(lazy_gettext("File (.xlsx or .csv)"), validators=[FileRequired()])
