"""The paper sheets of an event, and their printing."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.papers.forms import PrintForm
from blueprints.web import contest_crumbs, download, may, page_number, translated
from models.contests import Event
from rules.acts import Act
from rules.refusals import Refused
from rules.schemes import Scheme
from rules.seats import benches
from services import contests, papers, papers_comparing, papers_keying, papers_printing
from services.papers_lines import said
from services.papers_printing import PRINTING, Wanted

blueprint = Blueprint("papers", __name__)
SIZE = 50
SHOWN = ("keying", "scan", "differ")


def crumbs(event: Event, inside: bool = True) -> list[tuple[str, str]]:
    """Return the way back from a page about paper."""
    found = contest_crumbs(event.contest)
    if may(Act.SEE_EVENT):
        found.append((event.title, url_for("contests.show_event", event_id=event.id)))
    if inside:
        here = url_for("papers.show_papers", event_id=event.id)
        found.append((gettext("Paper sheets") if len(found) > 1 else event.title, here))
    return found


@blueprint.get("/events/<int:event_id>/papers")
@allows(Act.SEE_PAPERS)
def show_papers(event_id: int) -> ResponseReturnValue:
    """How far each paper sheet is: scanned, keyed, the same as the screen."""
    event = contests.get_event(event_id)
    scheme = contests.scheme_of(event)
    show = request.args.get("show", "")
    found = papers_comparing.get_overview(
        event,
        scheme,
        page_number(),
        SIZE,
        request.args.get("q", "").strip().upper()[:20],
        show if show in SHOWN else "",
    )
    return render_template(
        "papers/show_papers.html",
        event=event,
        found=found,
        own=papers_keying.keyed_by(event_id, require_holder().account_id),
        page=page_number(),
        size=SIZE,
        tray=papers.count_tray(event_id),
        blockers=[translated(one) for one in papers.list_blockers(event, scheme)],
        printing=event.state in PRINTING,
        crumbs=crumbs(event, inside=False),
    )


@blueprint.route("/events/<int:event_id>/papers/print", methods=["GET", "POST"])
@allows(Act.PRINT_PAPERS)
def print_papers(event_id: int) -> ResponseReturnValue:
    """Choose sheets and get them as PDF."""
    event = contests.get_event(event_id)
    scheme = contests.scheme_of(event)
    form = PrintForm()
    form.offer(_seats(scheme))
    if form.validate_on_submit():
        wanted = Wanted(*form.place(), (form.code.data or "").upper(), form.reserves.data or 0)
        try:
            made = papers_printing.print_sheets(event, scheme, wanted, gettext)
        except Refused as refusal:
            form.refuse(translated(refusal), refusal.field)
        else:
            return download(made, f"{event.code}-{gettext('sheets')}.pdf", "application/pdf")
    page = render_template(
        "papers/print_papers.html",
        form=form,
        event=event,
        printing=event.state in PRINTING,
        most=papers_printing.MOST_PAGES,
        crumbs=crumbs(event),
    )
    return page, 422 if form.is_submitted() else 200


def _seats(scheme: Scheme) -> list[tuple[str, str]]:
    found = []
    for place, bench in enumerate(benches(scheme), start=1):
        title = said(bench.title, gettext)
        for seat in bench.seats:
            name = gettext("seat %(number)s", number=seat) if seat else gettext("recorder")
            found.append((f"{place}-{seat}", f"{title} · {name}"))
    return found
