"""A clerk's pages: find a sheet, key it, go on to the next."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.papers.forms import FindForm, KeyForm
from blueprints.papers.views import blueprint, crumbs
from blueprints.web import acting, translated
from rules.acts import Act
from rules.papers import read_reference
from rules.refusals import Refused
from rules.states import EventState
from services import contests, papers, papers_keying
from services.marks import RefusedMarks
from services.papers import Paper, match
from services.papers_keying import Pile
from services.papers_lines import written
from services.scans import list_pages
from services.transaction import Repeated

SHOWN = 24
LONGEST_TEXT = 40


@blueprint.route("/events/<int:event_id>/keying", methods=["GET", "POST"])
@allows(Act.KEY_PAPER)
def find_paper(event_id: int) -> ResponseReturnValue:
    """Type or scan the code of the sheet in hand; or take the next of the pile."""
    event = contests.get_event(event_id)
    pile = papers_keying.get_pile(event, contests.scheme_of(event), require_holder().account_id)
    form = FindForm()
    found: list[Paper] = []
    if form.validate_on_submit():
        found = _find(form, pile)
        if len(found) == 1:
            return redirect(url_for(".key_paper", paper_id=found[0].sheet_id), 303)
    page = render_template(
        "papers/find_paper.html",
        form=form,
        event=event,
        pile=pile,
        found=found,
        shown=SHOWN,
        open=event.state is EventState.SCORING,
        crumbs=crumbs(event),
    )
    return page, 422 if form.errors else 200


def _find(form: FindForm, pile: Pile) -> list[Paper]:
    """Find what was typed; of the sheets of one work those that wait for this clerk come first."""
    typed = read_reference(form.sheet.data or "")
    found = [] if typed is None else match(pile.papers, typed)
    if not found:
        form.refuse(gettext("There is no such sheet in this event."), "sheet")
    waiting = [one for one in found if one in pile.waiting]
    return waiting if len(waiting) == 1 else found


@blueprint.route("/papers/<int:paper_id>/key", methods=["GET", "POST"])
@allows(Act.KEY_PAPER)
def key_paper(paper_id: int) -> ResponseReturnValue:
    """Key one paper sheet from top to bottom."""
    event, scheme, paper = papers.get_paper(paper_id)
    event_id, form, problems = event.id, KeyForm(), {}
    if form.is_submitted():
        problems = _key(form, paper)
        if not problems and not form.errors:
            return _go_on(event_id, paper.reference)
        event, scheme, paper = papers.get_paper(paper_id)
    pile = papers_keying.get_pile(event, scheme, require_holder().account_id)
    page = render_template(
        "papers/key_paper.html",
        form=form,
        event=event,
        paper=paper,
        blocks=[
            (block.titles, [written(one, gettext) for one in block.lines])
            for block in paper.layout.blocks
        ],
        typed=request.form,
        problems=problems,
        waiting=paper in pile.waiting and event.state is EventState.SCORING,
        pages=list_pages(paper_id),
        crumbs=[*crumbs(event), (gettext("Keying"), url_for(".find_paper", event_id=event.id))],
    )
    return page, 422 if form.is_submitted() else 200


def _key(form: KeyForm, paper: Paper) -> dict[str, str]:
    """Do the act; return the problem of each line."""
    if not form.validate():
        return {}
    typed = {
        name.removeprefix("mark-"): text[:LONGEST_TEXT]
        for name, text in request.form.items()
        if name.startswith("mark-")
    }
    try:
        papers_keying.key_sheet(acting(form), paper.sheet_id, typed)
    except Repeated:
        pass
    except RefusedMarks as refused:
        form.refuse(translated(refused), None)
        return {key: translated(problem) for (_, key), problem in refused.problems.items()}
    except Refused as refusal:
        form.refuse(translated(refusal), None)
    return {}


def _go_on(event_id: int, reference: str) -> ResponseReturnValue:
    flash(gettext("%(sheet)s is keyed. Take the next sheet.", sheet=reference), "success")
    return redirect(url_for(".find_paper", event_id=event_id), 303)
