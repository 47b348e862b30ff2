"""Forms of the hall: layout, and the figures of a draw."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import IntegerField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.forms import ActForm, VersionedForm, one_line, tidy
from blueprints.labels import label
from models.halls import Hall
from rules.draws import MOST_FIGURES
from rules.halls import MOST_BATCHES, MOST_PAPERS, MOST_STATIONS, Batch, HallRules
from rules.states import TurnState
from services.acting import ZONE

_START = re.compile(r"^(.*?)\s+(\d{4}-\d{1,2}-\d{1,2})\s+(\d{1,2}:\d{2})$")
_RANGE = re.compile(r"^(\D{0,20})(\d{1,4})\s*[-~至—]\s*(\d{1,4})$")


def _lines(text: str) -> list[str]:
    return [line for line in (one_line(one) for one in text.splitlines()) if line]


def _expanded(line: str, most: int) -> list[str]:
    """Return the names of a line: A1-12 stands for twelve of them."""
    found = _RANGE.match(tidy(line))
    if found is None:
        return [line]
    head, first, last = found[1], int(found[2]), int(found[3])
    if not 0 <= last - first < most:
        raise ValueError(gettext("%(line)s is no range of names.", line=line))
    width = len(found[2]) if found[2].startswith("0") else 0
    return [f"{head}{number:0{width}d}" for number in range(first, last + 1)]


class NamesField(TextAreaField):
    """Names, one on each line; a line such as A1-12 stands for twelve names."""

    data: Any

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        lines = _lines(valuelist[0]) if valuelist else []
        names = [name for line in lines for name in _expanded(line, self.most)]
        if len(names) > self.most:
            raise ValueError(gettext("At most %(most)s names.", most=self.most))
        self.data = tuple(names)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(self.data or ())


class BatchesField(TextAreaField):
    """Batches, one on each line, with day and hour behind the name where they are known."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        self.data = tuple(_batch(line) for line in _lines(valuelist[0] if valuelist else ""))
        if len(self.data) > MOST_BATCHES:
            raise ValueError(gettext("At most %(most)s names.", most=MOST_BATCHES))

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(map(_said, self.data or ()))


def _batch(line: str) -> Batch:
    found = _START.match(tidy(line))
    title, starts_at = line, None
    if found is not None:
        try:
            naive = datetime.strptime(f"{found[2]} {found[3]}", "%Y-%m-%d %H:%M")  # noqa: DTZ007
        except ValueError:
            raise ValueError(gettext("%(line)s is no day and hour.", line=line)) from None
        title, starts_at = found[1], naive.replace(tzinfo=ZONE)
    if len(title) > 40:
        raise ValueError(gettext("Names have at most %(most)s characters.", most=40))
    return Batch(title=title, starts_at=starts_at)


def _said(batch: Batch) -> str:
    if batch.starts_at is None:
        return batch.title
    return f"{batch.title} {batch.starts_at.astimezone(ZONE):%Y-%m-%d %H:%M}"


class HallForm(VersionedForm):
    """The layout of a hall."""

    batches = BatchesField(
        lazy_gettext("Batches"),
        description=lazy_gettext(
            "One on each line, with day and hour if known, such as: Batch 1 2026-10-16 08:30. "
            "Empty: all compete at the same time."
        ),
    )
    stations = NamesField(
        lazy_gettext("Stations"),
        most=MOST_STATIONS,
        description=lazy_gettext(
            "One on each line, in the order in which they stand; A1-12 stands for twelve. "
            "Empty: no stations, only a starting order."
        ),
    )
    papers = NamesField(
        lazy_gettext("Task papers"),
        most=MOST_PAPERS,
        description=lazy_gettext("One on each line; one of them is drawn for each batch."),
    )
    minutes = IntegerField(
        lazy_gettext("Working time in minutes"),
        default=0,
        validators=[InputRequired(), NumberRange(0, 6000)],
        description=lazy_gettext("0: no limit, the clock only counts."),
    )

    def rules(self) -> HallRules:
        """Return the layout as typed."""
        return HallRules(
            batches=self.batches.data,
            stations=self.stations.data,
            papers=self.papers.data,
            minutes=self.minutes.data,
        )


def hall_values(stored: Hall | None) -> dict[str, Any]:
    """Return a layout as its form shows it."""
    rules = HallRules() if stored is None else HallRules.model_validate(stored.rules)
    return dict(rules) | {"version": stored.version if stored else 0}


class SpokenForm(ActForm):
    """The figures that the hall has said aloud."""

    spoken = StringField(
        lazy_gettext("Figures said aloud in the hall"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=4 * MOST_FIGURES)],
        description=lazy_gettext(
            "Let several people say figures, at least six in all, and type them in that order."
        ),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class StepForm(ActForm):
    """The next step of a contestant."""

    state = RadioField(lazy_gettext("Next step"))
    minutes = IntegerField(
        lazy_gettext("Minutes given back"),
        validators=[Optional()],
        description=lazy_gettext(
            "Empty: the whole interruption. 0 if it was the contestant's own fault."
        ),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    remark = TextAreaField(
        lazy_gettext("Reason or remark"),
        filters=[one_line],
        validators=[Length(max=400)],
        description=lazy_gettext(
            "Needed for absent, violation and interruption, and for what is taken back. For a "
            "violation also what proves it and who saw it."
        ),
    )

    evidence = FileField(
        lazy_gettext("Evidence"),
        description=lazy_gettext("A PDF file or a photo. It can only be saved, never shown here."),
    )

    def offer(self, states: Sequence[TurnState]) -> None:
        """Offer these steps."""
        self.state.choices = [(state.value, label(state)) for state in states]


class SeatForm(ActForm):
    """Another batch or station."""

    batch = SelectField(lazy_gettext("Batch"), coerce=int)
    station = SelectField(lazy_gettext("Station"))
    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )

    def offer(self, rules: HallRules) -> None:
        """Offer the batches and stations of a hall."""
        self.batch.choices = [
            (number, rules.title_of(number) or gettext("All"))
            for number in range(1, rules.batch_count + 1)
        ]
        self.station.choices = [("", gettext("none"))] + [(one, one) for one in rules.stations]


class CheckInForm(ActForm):
    """Who stands at the door: scanned, typed or chosen."""

    typed = StringField(
        lazy_gettext("Entry pass, entry number or name"),
        filters=[one_line],
        validators=[Length(max=80)],
        render_kw={"autocomplete": "off", "autofocus": True, "enterkeyhint": "go"},
    )
    entry_id = HiddenField()
    person_id = HiddenField()
    token = HiddenField(validators=[Length(max=40)])
    late_reason = StringField(
        lazy_gettext("Reason to let in all the same"),
        filters=[one_line],
        validators=[Length(max=400)],
    )

    @property
    def chosen(self) -> tuple[int, int] | None:
        """Return entry and person if somebody was chosen from a list."""
        ids = (self.entry_id.data or "", self.person_id.data or "")
        if not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in ids):
            return None
        return int(ids[0]), int(ids[1])


class PhotoForm(ActForm):
    """A photo of a pass, for browsers that cannot read codes themselves."""

    photo = FileField(lazy_gettext("Photo of the pass"), validators=[FileRequired()])
