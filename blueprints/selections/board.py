"""The bureau's board of a round."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.access import allows
from blueprints.selections.rounds import round_crumbs
from blueprints.selections.texts import DATES, FUNNEL
from blueprints.selections.views import blueprint
from blueprints.web import china_time, now, today
from rules.acts import Act
from services import selections, selections_board


@blueprint.get("/selection-rounds/<int:selection_round_id>/board")
@allows(Act.SEE_SELECTIONS)
def show_board(selection_round_id: int) -> ResponseReturnValue:
    """Show how many are where, what is overdue, and who has how much to do."""
    row = selections.get_round(selection_round_id)
    moment, day = now(), today()
    times = (("opens", row.opens_at), ("closes", row.closes_at))
    dates: list[tuple[str, object]] = [(name, china_time(at)) for name, at in times if at > moment]
    return render_template(
        "selections/show_board.html",
        row=row,
        board=selections_board.board_of(row, day),
        said=FUNNEL,
        dates=[*dates, *selections_board.next_dates(row, day)],
        date_words=DATES,
        crumbs=round_crumbs(row),
    )
