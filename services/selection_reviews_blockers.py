"""What stands in the way of a proposal of a round, every reason at once."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from models.database import db
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from rules.data import InvalidRules
from rules.refusals import Refused
from rules.selection_reviews import MARKED
from rules.selection_rounds import RoundRules
from rules.selections import LIVING, ApplicationState, RoundState
from rules.texts import N_
from services import selections
from services.selection_checks_verdicts import objected
from services.selection_reviews_meetings import list_meetings
from services.selection_reviews_ranking import ranking_problems
from services.selection_reviews_sheets import Overview, overview
from services.selection_reviews_visits import missing_visits


class Blocked(InvalidRules):
    """What stands in the way of a proposal, with every reason at once."""

    def __init__(self, problems: Sequence[Refused]) -> None:
        super().__init__(problems)
        self.message = N_("The proposal cannot be made or approved yet.")


def problems_of(
    round_id: int, chosen: set[int] | None = None, found: Overview | None = None
) -> list[Refused]:
    """List what stands in the way of a new proposal, or of approving one with those chosen."""
    row = selections.get_round(round_id)
    rules = selections.rules_of(row)
    return [*find_problems(row, rules, found or overview(round_id), chosen)]


def find_problems(
    row: SelectionRound, rules: RoundRules, found: Overview, chosen: set[int] | None
) -> Iterator[Refused]:
    """Yield what stands in the way of a proposal, or of one that proposes those ``chosen``."""
    if row.state is not RoundState.REVIEW:
        yield Refused(N_("The round is not under review."))
    if not found.scored:
        yield Refused(N_("No application has qualified."))
    if rules.review.method in MARKED:
        yield from _sheet_problems(found)
    yield from ranking_problems(row, rules, found)
    ids = [one.id for one in found.scored]
    if open_letters := objected(ids):
        text = N_("An objection in an opinion letter is still open: %(numbers)s.")
        yield Refused(text, numbers=_numbers(found, open_letters))
    if doubles := _doubles(row.id):
        yield Refused(N_("%(count)s second applications wait to be merged."), count=doubles)
    if chosen is not None and rules.review.site_visit:
        missing = missing_visits(chosen)
        if missing:
            text = N_("No site visit has confirmed: %(numbers)s.")
            yield Refused(text, numbers=_numbers(found, missing))


def _sheet_problems(found: Overview) -> Iterator[Refused]:
    if found.open_sheets:
        yield Refused(N_("%(count)s sheets are not signed yet."), count=found.open_sheets)
    broken = {one.id for one in found.scored if one.total is None and one.signed == one.expected}
    if broken:
        text = N_("Too few reviewers may review these applications: %(numbers)s.")
        yield Refused(text, numbers=_numbers(found, broken))


def _numbers(found: Overview, ids: set[int]) -> str:
    return "、".join(str(one.number or one.id) for one in found.scored if one.id in ids)


def _doubles(round_id: int) -> int:
    query = select(func.count()).where(
        SelectionApplication.round_id == round_id,
        SelectionApplication.double,
        SelectionApplication.state.in_(LIVING),
        SelectionApplication.state != ApplicationState.DRAFT,
    )
    return db.session.scalar(query) or 0


def meeting_problems(round_id: int, meeting_id: int | None) -> Iterator[Refused]:
    """Yield why a proposal cannot be approved on a meeting."""
    meetings = {one.id: one for one in list_meetings(round_id)}
    if not meetings:
        return
    if meeting_id not in meetings:
        yield Refused(N_("Name the meeting that resolved this."), "meeting_id")
    elif meetings[meeting_id].confirmed_at is None:
        yield Refused(N_("The minutes of this meeting are not confirmed yet."), "meeting_id")
