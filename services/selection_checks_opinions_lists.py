"""Letters to other bodies: who can be asked about, what was answered, what is late (R5.09)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from models.accounts import Account
from models.database import db
from models.people import Employer, Person
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionOpinion
from models.selections import SelectionRound
from rules.refusals import Missing
from rules.selection_eligibility import holds
from rules.selection_rounds import Opinion
from rules.selections import LIVING, OpinionAnswer, OpinionDealing
from services import selections
from services.selection_applications_facts import facts_of
from services.selection_checks_opinions import ASKABLE, opinion_of


@dataclass(frozen=True)
class Doing:
    """What waits in a round beside the chain: second applications, letters, objections."""

    round: SelectionRound
    doubles: int = 0
    unanswered: int = 0
    objections: int = 0


def list_doings(rounds: Sequence[SelectionRound]) -> list[Doing]:
    """Count by round what waits beside the chain, in two statements."""
    ids = [one.id for one in rounds]
    doubles = _counted(
        select(SelectionApplication.round_id, func.count())
        .where(
            SelectionApplication.round_id.in_(ids),
            SelectionApplication.double,
            SelectionApplication.state.in_(LIVING),
        )
        .group_by(SelectionApplication.round_id)
    )
    query = (
        select(
            SelectionApplication.round_id,
            func.count().filter(SelectionOpinion.answer == OpinionAnswer.NONE),
            func.count().filter(
                SelectionOpinion.answer == OpinionAnswer.OBJECTION,
                SelectionOpinion.agreed_by_id.is_(None),
            ),
        )
        .join(SelectionOpinion.application)
        .where(SelectionApplication.round_id.in_(ids))
        .group_by(SelectionApplication.round_id)
    )
    letters = {key: (open_, against) for key, open_, against in db.session.execute(query)}
    return [Doing(one, doubles.get(one.id, 0), *letters.get(one.id, (0, 0))) for one in rounds]


def _counted(query: object) -> dict[int, int]:
    return {key: number for key, number in db.session.execute(query)}  # type: ignore[call-overload]


@dataclass(frozen=True)
class LetterLine:
    """One letter: to whom, when, and how far it is answered."""

    opinion: Opinion
    number: str
    asked_on: date
    due_on: date
    asked: int
    unanswered: int
    objections: int

    def is_overdue(self, today: date) -> bool:
        """Say whether an answer is late."""
        return bool(self.unanswered) and self.due_on < today


def list_letters(round_: SelectionRound) -> list[LetterLine]:
    """List the letters of a round, what is due first on top."""
    row = SelectionOpinion
    query = (
        select(
            row.body,
            row.letter,
            func.min(row.asked_on),
            func.max(row.due_on),
            func.count(),
            func.count().filter(row.answer == OpinionAnswer.NONE),
            func.count().filter(row.answer == OpinionAnswer.OBJECTION),
        )
        .join(row.application)
        .where(SelectionApplication.round_id == round_.id)
        .group_by(row.body, row.letter)
        .order_by(func.max(row.due_on), row.body, row.letter)
    )
    known = {one.key: one for one in selections.rules_of(round_).opinions}
    return [
        LetterLine(known[body], letter, asked_on, due_on, asked, unanswered, objections)
        for body, letter, asked_on, due_on, asked, unanswered, objections in db.session.execute(
            query
        )
        if body in known
    ]


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be asked about; ``about`` says whether the rule means this one."""

    application: SelectionApplication
    about: bool | None


def list_candidates(round_: SelectionRound, body: str) -> list[Candidate]:
    """List whom a body was not asked about yet; who may fall under the rule is chosen."""
    opinion = opinion_of(selections.rules_of(round_), body)
    asked = select(SelectionOpinion.application_id).where(SelectionOpinion.body == body)
    query = (
        select(SelectionApplication)
        .join(SelectionApplication.person)
        .options(
            load_only(
                SelectionApplication.number,
                SelectionApplication.state,
                SelectionApplication.tier,
                SelectionApplication.district,
            ),
            contains_eager(SelectionApplication.person).load_only(Person.name),
            joinedload(SelectionApplication.employer).load_only(Employer.title),
        )
        .where(
            SelectionApplication.round_id == round_.id,
            SelectionApplication.state.in_(ASKABLE),
            SelectionApplication.id.not_in(asked),
        )
        .order_by(SelectionApplication.number)
    )
    rows = db.session.scalars(query).unique().all()
    facts = facts_of([row.id for row in rows]) if opinion.about else {}
    day = selections.rules_of(round_).counts_on
    found = []
    for row in rows:
        answers = [holds(one, facts[row.id], day) for one in opinion.about]
        about = False if False in answers else (None if None in answers else True)
        found.append(Candidate(row, about))
    return found


@dataclass(frozen=True)
class Letter:
    """One letter with all that was asked and answered."""

    round: SelectionRound
    opinion: Opinion
    number: str
    rows: Sequence[SelectionOpinion]

    @property
    def due_on(self) -> date:
        """Return until when it is to be answered."""
        return max(row.due_on for row in self.rows)

    @property
    def asked_on(self) -> date:
        """Return the day of the letter."""
        return min(row.asked_on for row in self.rows)

    @property
    def unanswered(self) -> int:
        """Return how many are not answered yet."""
        return sum(row.answer is OpinionAnswer.NONE for row in self.rows)

    @property
    def is_untouched(self) -> bool:
        """Say whether nothing is answered yet."""
        return self.unanswered == len(self.rows)


def get_letter(round_id: int, body: str, number: str, with_ids: bool = False) -> Letter:
    """Return a letter with its candidates, with their identity numbers only where asked for."""
    round_ = selections.get_round(round_id)
    opinion = opinion_of(selections.rules_of(round_), body)
    person = (Person.name, Person.id_number) if with_ids else (Person.name,)
    query = (
        select(SelectionOpinion)
        .join(SelectionOpinion.application)
        .join(SelectionApplication.person)
        .options(
            contains_eager(SelectionOpinion.application).options(
                load_only(
                    SelectionApplication.number,
                    SelectionApplication.round_id,
                    SelectionApplication.state,
                    SelectionApplication.tier,
                ),
                contains_eager(SelectionApplication.person).load_only(*person),
                joinedload(SelectionApplication.employer).load_only(Employer.title),
            )
        )
        .where(
            SelectionApplication.round_id == round_id,
            SelectionOpinion.body == body,
            SelectionOpinion.letter == number,
        )
        .order_by(SelectionApplication.number)
    )
    rows = db.session.scalars(query).unique().all()
    if not rows:
        raise Missing(round_id)
    return Letter(round_, opinion, number, rows)


def get_opinion(opinion_id: int) -> SelectionOpinion:
    """Return one opinion with its candidate; raise Missing."""
    query = (
        select(SelectionOpinion)
        .join(SelectionOpinion.application)
        .options(
            contains_eager(SelectionOpinion.application).options(
                joinedload(SelectionApplication.round),
                joinedload(SelectionApplication.person).load_only(Person.name),
                joinedload(SelectionApplication.employer).load_only(Employer.title),
            )
        )
        .where(SelectionOpinion.id == opinion_id)
    )
    row = db.session.scalars(query).unique().one_or_none()
    if row is None:
        raise Missing(opinion_id)
    return row


def names_of(row: SelectionOpinion) -> dict[int, str]:
    """Return the names of the accounts that had a part in an opinion."""
    ids = {row.asked_by_id, row.recorded_by_id, row.dealt_by_id, row.agreed_by_id} - {None}
    query = select(Account.id, Account.title).where(Account.id.in_(ids))
    return {key: title for key, title in db.session.execute(query)}


def standing(application_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Count by application unanswered letters and objections that are not cleared."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    cleared = SelectionOpinion.agreed_by_id.is_not(None) & (
        SelectionOpinion.dealing == OpinionDealing.GO_ON
    )
    query = (
        select(
            SelectionOpinion.application_id,
            func.count().filter(SelectionOpinion.answer == OpinionAnswer.NONE),
            func.count().filter(SelectionOpinion.answer == OpinionAnswer.OBJECTION, ~cleared),
        )
        .where(SelectionOpinion.application_id.in_(application_ids))
        .group_by(SelectionOpinion.application_id)
    )
    for key, unanswered, objections in db.session.execute(query):
        found[key] = (unanswered, objections)
    return found
