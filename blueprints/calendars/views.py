"""The working-day calendar: a year at a glance, holidays, make-up days."""

import calendar
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.calendars.forms import DayForm, DaysForm, SourceForm
from blueprints.forms import ActForm
from blueprints.web import attempt, today
from models.calendars import CalendarDay
from rules.acts import Act
from services import calendars

blueprint = Blueprint("calendars", __name__)


@blueprint.get("/calendar")
@allows(Act.EDIT_CALENDAR)
def show() -> ResponseReturnValue:
    """A year with its holidays and make-up days."""
    asked = request.args.get("year", type=int) or today().year
    return _page(min(max(asked, calendars.FIRST_YEAR), calendars.LAST_YEAR))


@blueprint.post("/calendar/<int:year>/days")
@allows(Act.EDIT_CALENDAR)
def add_days(year: int) -> ResponseReturnValue:
    """Enter a holiday or make-up days."""
    form = DaysForm()
    if form.validate_on_submit() and form.first.data:
        first, working = form.first.data, form.kind.data == "working"
        last, title = form.last.data or first, form.title.data or ""
        if attempt(form, calendars.add_days, year, first, last, working, title):
            flash(gettext("The days are entered."), "success")
            return redirect(url_for(".show", year=year), 303)
    return _page(_known(year), days_form=form), 422


@blueprint.post("/calendar/<int:year>/days/remove")
@allows(Act.EDIT_CALENDAR)
def remove_day(year: int) -> ResponseReturnValue:
    """Let a day follow the week's rule again."""
    form = DayForm()
    day = form.day.data if form.validate_on_submit() else None
    if day and attempt(form, calendars.remove_day, day):
        flash(gettext("The day is removed."), "success")
    _flash_errors(form)
    return redirect(url_for(".show", year=_known(year)), 303)


@blueprint.post("/calendar/<int:year>/confirm")
@allows(Act.EDIT_CALENDAR)
def confirm_year(year: int) -> ResponseReturnValue:
    """Mark a year as known, with its source."""
    form = SourceForm()
    source = (form.source.data or "") if form.validate_on_submit() else ""
    if source and attempt(form, calendars.confirm_year, year, source):
        flash(gettext("Notices can now run in %(year)s.", year=year), "success")
        return redirect(url_for(".show", year=year), 303)
    return _page(_known(year), source_form=form), 422


def _known(year: int) -> int:
    return min(max(year, calendars.FIRST_YEAR), calendars.LAST_YEAR)


def _flash_errors(form: ActForm) -> None:
    for messages in form.errors.values():
        for message in messages:
            flash(message, "danger")


def _page(
    year: int, days_form: DaysForm | None = None, source_form: SourceForm | None = None
) -> str:
    known = calendars.find_year(year)
    days = calendars.list_days(year)
    marked = {day.day: day for day in days}
    source = {"source": known.source} if known else {}
    return render_template(
        "calendars/show.html",
        year=year,
        known=known,
        days=days,
        months=[_month(year, month, marked) for month in range(1, 13)],
        years=calendars.list_years(),
        days_form=days_form or DaysForm(formdata=None),
        source_form=source_form or SourceForm(formdata=None, data=source),
    )


def _month(year: int, month: int, marked: dict[date, CalendarDay]) -> dict[str, Any]:
    """Return the weeks of a month; each day is None or (day, kind, title)."""
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return {
        "month": month,
        "weeks": [
            [_cell(day, marked.get(day)) if day.month == month else None for day in week]
            for week in weeks
        ],
    }


def _cell(day: date, row: CalendarDay | None) -> tuple[date, str, str]:
    if row is not None:
        return day, "working" if row.is_working else "off", row.title
    return day, "weekend" if day.weekday() >= calendar.SATURDAY else "", ""
