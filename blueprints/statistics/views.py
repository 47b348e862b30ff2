"""Reports and pictures: editions, events, years, trends, comparisons; each as a file as well."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from blueprints.access import allows
from blueprints.labels import label, level_title
from blueprints.web import XLSX, attempt_button, download, today
from rules.acts import Act
from rules.editions import ContestLevel
from rules.statistics_sections import Report
from services import (
    contests,
    statistics_editions,
    statistics_exports,
    statistics_found,
    statistics_running,
    statistics_trends,
    statistics_years,
)
from services.statistics_charts import chart_svg
from services.statistics_exports import ReportFile
from services.statistics_found import Wanted
from services.statistics_words import Voice

blueprint = Blueprint("statistics", __name__)
TYPES = {
    ReportFile.PDF: "application/pdf",
    ReportFile.XLSX: XLSX,
    ReportFile.CSV: "text/csv; charset=utf-8",
}
LONGEST = 120


def _say(text: str, **values: Any) -> str:
    return str(gettext(text, **values))


VOICE = Voice(_say, level_title, label)


def _page(template: str, report: Report, **more: Any) -> str:
    pictures = {section.key: chart_svg(section) for section in report.sections}
    return render_template(
        template, report=report, pictures=pictures, shown=statistics_exports.shown, **more
    )


def _send(
    report: Report, kind: str, back: str, contest_id: int | None = None
) -> ResponseReturnValue:
    """Make a file of a report and record that it was taken out."""
    chosen = _kind(kind)
    language = "en" if str(get_locale()) == "en" else "zh-Hans-CN"
    data = statistics_exports.made(report, chosen, VOICE, today(), language)
    if attempt_button(statistics_exports.record_download, report, chosen, contest_id) is None:
        return redirect(back, 303)
    return _file(data, report, chosen)


def _kind(text: str) -> ReportFile:
    if text not in set(ReportFile):
        abort(404)
    return ReportFile(text)


def _file(data: bytes, report: Report, kind: ReportFile) -> Response:
    name = f"{report.about or report.title}-{report.title}-{today():%Y%m%d}.{kind.value}"
    return download(data, name, TYPES[kind])


@blueprint.get("/contests/<int:contest_id>/report")
@allows(Act.SEE_EDITION_REPORT)
def show_edition(contest_id: int) -> ResponseReturnValue:
    """The report of an edition."""
    contest = contests.get_outline(contest_id)
    report = statistics_editions.edition_report(contest, VOICE)
    return _page("statistics/show_edition.html", report, contest=contest)


@blueprint.post("/contests/<int:contest_id>/report.<kind>")
@allows(Act.SEE_EDITION_REPORT)
def export_edition(contest_id: int, kind: str) -> ResponseReturnValue:
    """Download the report of an edition, with the items of every event."""
    contest = contests.get_outline(contest_id)
    report = statistics_editions.edition_report(contest, VOICE, whole=True)
    return _send(report, kind, url_for(".show_edition", contest_id=contest_id), contest_id)


@blueprint.get("/contests/<int:contest_id>/dashboard")
@allows(Act.SEE_EDITION_REPORT)
def show_running(contest_id: int) -> ResponseReturnValue:
    """An edition at a glance, while it runs."""
    contest = contests.get_outline(contest_id)
    report = statistics_running.running_report(contest, VOICE)
    return _page("statistics/show_running.html", report, contest=contest)


@blueprint.get("/events/<int:event_id>/report")
@allows(Act.SEE_EVENT_REPORT)
def show_event(event_id: int) -> ResponseReturnValue:
    """The report of an event: marks, items, panels."""
    event = contests.get_event(event_id)
    report = statistics_editions.event_report(event, VOICE)
    return _page("statistics/show_event.html", report, event=event)


@blueprint.post("/events/<int:event_id>/report.<kind>")
@allows(Act.SEE_EVENT_REPORT)
def export_event(event_id: int, kind: str) -> ResponseReturnValue:
    """Download the report of an event."""
    event = contests.get_event(event_id)
    report = statistics_editions.event_report(event, VOICE)
    return _send(report, kind, url_for(".show_event", event_id=event_id), event.contest_id)


def _year(name: str) -> int | None:
    year = request.args.get(name, type=int)
    return year if year is not None and 1950 <= year <= 2200 else None


def _wanted() -> Wanted:
    level = request.args.get("level", "")
    return Wanted(
        _year("since"),
        _year("until"),
        level if level in set(ContestLevel) else "",
        request.args.get("series", "")[:LONGEST],
    )


def _series_page(report: Report, export: str) -> str:
    known = statistics_found.known()
    return _page(
        "statistics/show_series.html",
        report,
        export=f"statistics.{export}",
        years=known.years,
        series=known.series,
        levels=ContestLevel,
    )


@blueprint.get("/statistics")
@allows(Act.SEE_STATISTICS)
def show_year() -> ResponseReturnValue:
    """All of a year in pictures."""
    report = statistics_years.year_report(_year("year") or today().year, VOICE)
    return _page("statistics/show_year.html", report, years=statistics_found.known().years)


@blueprint.post("/statistics/year.<kind>")
@allows(Act.SEE_STATISTICS)
def export_year(kind: str) -> ResponseReturnValue:
    """Download a year."""
    report = statistics_years.year_report(_year("year") or today().year, VOICE)
    return _send(report, kind, url_for(".show_year"))


@blueprint.get("/statistics/trends")
@allows(Act.SEE_STATISTICS)
def show_trends() -> ResponseReturnValue:
    """How things went over the years."""
    report = statistics_trends.trends_report(_wanted(), VOICE)
    return _series_page(report, "export_trends")


@blueprint.post("/statistics/trends.<kind>")
@allows(Act.SEE_STATISTICS)
def export_trends(kind: str) -> ResponseReturnValue:
    """Download the trends."""
    report = statistics_trends.trends_report(_wanted(), VOICE)
    return _send(report, kind, url_for(".show_trends"))


@blueprint.get("/statistics/comparison")
@allows(Act.SEE_STATISTICS)
def show_comparison() -> ResponseReturnValue:
    """Districts and industries, compared."""
    report = statistics_trends.comparison_report(_wanted(), VOICE)
    return _series_page(report, "export_comparison")


@blueprint.post("/statistics/comparison.<kind>")
@allows(Act.SEE_STATISTICS)
def export_comparison(kind: str) -> ResponseReturnValue:
    """Download the comparison."""
    report = statistics_trends.comparison_report(_wanted(), VOICE)
    return _send(report, kind, url_for(".show_comparison"))
