"""The ranked list of a body: ordered with buttons or numbers, printed to be stamped (R5.06)."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.labels import label
from blueprints.selection_checks.views import blueprint, own_account
from blueprints.web import XLSX, attempt, download, today
from rules.acts import Act
from rules.selection_checks import shifted
from rules.selections import StepState
from services import selection_checks_papers, selection_checks_ranks, selections
from services.selection_checks_ranks import Ranking

PDF = "application/pdf"


def _ranking(round_id: int, key: str) -> Ranking:
    place = request.args.get("place", "")[:120]
    return selection_checks_ranks.get_ranking(own_account(), round_id, key, place)


@blueprint.get("/selection-checks/rounds/<int:selection_round_id>/ranks/<key>")
@allows(Act.SEE_SELECTION_CHECKS)
def show_ranking(selection_round_id: int, key: str) -> ResponseReturnValue:
    """Show a ranked list of the reader's body."""
    return _page(_ranking(selection_round_id, key), ActForm(formdata=None))


def _page(ranking: Ranking, form: ActForm) -> str:
    rules = selections.rules_of(ranking.round)
    return render_template(
        "selection_checks/show_ranking.html",
        it=ranking,
        form=form,
        tiers={one.key: one.title for one in rules.tiers},
    )


@blueprint.post("/selection-checks/rounds/<int:selection_round_id>/ranks/<key>")
@allows(Act.CHECK_SELECTION)
def save_ranks(selection_round_id: int, key: str) -> ResponseReturnValue:
    """Keep a new order: one moved by a button, or all by their numbers."""
    form, ranking = ActForm(), _ranking(selection_round_id, key)
    place = ranking.duty.place
    waiting = [row.id for row in ranking.rows if row.state is StepState.WAITING]
    order = _typed_order(waiting)
    if form.validate():
        act = selection_checks_ranks.save_ranks
        if attempt(form, act, selection_round_id, key, place, order):
            flash(gettext("The order is kept."), "success")
            address = url_for(
                ".show_ranking", selection_round_id=selection_round_id, key=key, place=place
            )
            return redirect(address, 303)
    return _page(ranking, form), 422


def _typed_order(waiting: Sequence[int]) -> list[int]:
    """Return the order that was asked for; equal numbers keep the order they stand in."""
    step, _, by = request.form.get("move", "").partition(":")
    if step.isdecimal() and int(step) in waiting and by in ("-1", "1"):
        return shifted(waiting, int(step), int(by))
    numbers = {one: request.form.get(f"rank-{one}", type=int) for one in waiting}
    return sorted(waiting, key=lambda one: (numbers[one] is None, numbers[one] or 0))


@blueprint.get("/selection-checks/rounds/<int:selection_round_id>/ranks/<key>/list.pdf")
@allows(Act.SEE_SELECTION_CHECKS)
def ranking_paper(selection_round_id: int, key: str) -> ResponseReturnValue:
    """Download the ranked list to be stamped."""
    ranking = _ranking(selection_round_id, key)
    data = selection_checks_papers.ranking_pdf(ranking, label, today())
    return download(data, f"{gettext('Ranked list')}.pdf", PDF)


@blueprint.get("/selection-checks/rounds/<int:selection_round_id>/ranks/<key>/list.xlsx")
@allows(Act.SEE_SELECTION_CHECKS)
def ranking_table(selection_round_id: int, key: str) -> ResponseReturnValue:
    """Download the ranked list as a spreadsheet."""
    ranking = _ranking(selection_round_id, key)
    data = selection_checks_papers.ranking_xlsx(ranking, label)
    return download(data, f"{gettext('Ranked list')}.xlsx", XLSX)
