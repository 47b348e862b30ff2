"""What became of apprentices, how long pairs last, who teaches no more, which workshops lack."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.labels import label
from blueprints.web import XLSX, attempt_button, download, page_number, today
from rules.acts import Act
from rules.survival import median, sampled
from services import quality, quality_export
from services.pages import Page
from services.quality import Wanted
from services.quality_export import COUNTED, EVERY, REACHED, TITLES, Asked, Part

blueprint = Blueprint("quality", __name__)
USUAL_MONTHS, MOST_MONTHS, WORKSHOPS = 3, 36, 25


def _year(name: str) -> int | None:
    year = request.args.get(name, type=int)
    return year if year is not None and 1950 <= year <= 2200 else None


def _wanted() -> Wanted:
    return Wanted(_year("since"), _year("until"), request.args.get("occupation", "")[:60])


def _months() -> int:
    return max(1, min(request.args.get("months", USUAL_MONTHS, type=int), MOST_MONTHS))


@blueprint.get("/quality")
@allows(Act.SEE_QUALITY)
def show_quality() -> ResponseReturnValue:
    """What became of apprentices and how long pairs last, as pictures and tables."""
    wanted = _wanted()
    curve = quality.curve(wanted, today())
    return render_template(
        "quality/show_quality.html",
        wanted=wanted,
        became=quality.became(wanted),
        reached=REACHED,
        cohorts=quality.list_cohorts(wanted),
        curve=curve,
        samples=sampled(curve.steps, EVERY),
        half=median(curve.steps),
        occupations=quality.occupations_known(),
        parts=Part,
    )


@blueprint.get("/quality/mentors")
@allows(Act.SEE_QUALITY)
def list_mentors() -> ResponseReturnValue:
    """Mentors with running pairs and no confirmed month for long."""
    months = _months()
    page = quality.silent_mentors(today(), months, page_number())
    return render_template("quality/list_mentors.html", page=page, months=months, parts=Part)


@blueprint.get("/quality/workshops")
@allows(Act.SEE_QUALITY)
def list_workshops() -> ResponseReturnValue:
    """Workshops that lack something of their duties."""
    found = quality.below_duty(today())
    number = max(1, min(page_number(), -(-len(found) // WORKSHOPS) or 1))
    shown = found[(number - 1) * WORKSHOPS : number * WORKSHOPS]
    page = Page(shown, len(found), number, WORKSHOPS)
    return render_template("quality/list_workshops.html", page=page, counted=COUNTED, parts=Part)


@blueprint.post("/quality/<part>.xlsx")
@allows(Act.SEE_QUALITY)
def export(part: str) -> ResponseReturnValue:
    """Download one of the lists."""
    if part not in set(Part):
        abort(404)
    asked = Asked(Part(part), _wanted(), _months())
    done = attempt_button(quality_export.export, asked, gettext, label)
    if done is None or not isinstance(done.value, bytes):
        return redirect(url_for(".show_quality"), 303)
    name = gettext(TITLES[asked.part])
    return download(done.value, f"{name}-{today():%Y%m%d}.xlsx", XLSX)
