"""A whole round of a shipped programme, through the acts of everybody who has a part in it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from models.accounts import Account
from models.contests import Contest
from models.database import db
from models.mentorships import Mentorship
from models.people import Employer, Person
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionProposal, SelectionReviewer
from rules.access import Role
from rules.mentorships import MentorshipState
from rules.people import IdKind, PersonFacts
from rules.selection_programmes import ShippedProgramme, shipped_programmes
from rules.selection_rounds import FileRule, RoundRules
from rules.selections import ApplicationState, Body, Channel, StepState
from services import (
    certificates,
    notices,
    payouts,
    payouts_batches,
    payouts_returns,
    selection_applications,
    selection_applications_submitting,
    selection_applications_writing,
    selection_checks,
    selection_checks_acting,
    selection_checks_notices,
    selection_checks_opinions,
    selection_checks_ranks,
    selection_files,
    selection_reviews,
    selection_reviews_ballots,
    selection_reviews_meetings,
    selection_reviews_pairs,
    selection_reviews_proposals,
    selection_reviews_sheets,
    selection_reviews_visits,
    selections,
    selections_bodies,
    selections_decisions,
    selections_publishing,
    selections_rounds,
)
from services.acting import Actor
from services.attachments import Kept
from services.demo_payouts import answer_all, enter_accounts, say_word
from services.files import StoredFile
from services.payouts_dues import read_dues
from services.selection_applications import Beginning
from services.selection_checks_acting import Found
from services.selection_checks_opinions import Letter
from services.selection_checks_opinions_lists import list_candidates
from services.selection_files import Looked
from services.selection_reviews_meetings import MeetingFacts
from services.selection_reviews_visits import VisitFacts
from services.selections import ProgrammeFacts
from tests.builders import Builder
from tests.selection_story import SelectionStory, at

DOCUMENT = "人社发〔2026〕58号"
DISTRICT, ASSOCIATION = "浒山街道", "慈溪市模具行业协会"
_DIGESTS = itertools.count(1)


@dataclass
class Candidate:
    """Somebody of the story, with the unit and how the application stands."""

    person: Person
    unit: Employer
    key: int = 0
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name."""
        return self.person.name


class WholeRound(SelectionStory):
    """A shipped programme taken over, and its first round from the call to the certificates."""

    def __init__(self, build: Builder, code: str) -> None:
        self.shipped: ShippedProgramme = shipped_programmes()[code]
        super().__init__(build, self.shipped.rules.opens_at.date(), range(2020, 2034))
        self.accounts: dict[str, Account] = {}
        self.proposal_id = 0

    @property
    def rules(self) -> RoundRules:
        """The rules of the round as they stand."""
        return selections.rules_of(self.round)

    @property
    def deadline(self) -> date:
        """The last day of the applications."""
        return self.rules.closes_at.date()

    def day(self, number: int) -> date:
        """A day after the deadline."""
        return self.deadline + timedelta(days=number)

    def known(self, code: str) -> int:
        """Another programme that ships, of which conditions speak; return the first round."""
        shipped = shipped_programmes()[code]
        by = self.first(self.start - timedelta(days=20))
        return selections_rounds.take_over(by, code, _facts(shipped), self.start.year)

    def called(self, **changes: Any) -> int:
        """Take the programme over, fit its first round, and let a second person publish it."""
        before = self.start - timedelta(days=10)
        by = self.first(before)
        self.round_id = selections_rounds.take_over(
            by, self.shipped.code, _facts(self.shipped), self.start.year
        )
        if changes:
            selections_rounds.edit_rules(by, self.round_id, self.round.digest, changes)
        for step in self.rules.chain:
            if step.body in selections_bodies.WITH_CLERKS:
                place = {Body.ASSOCIATION: ASSOCIATION, Body.DISTRICT: DISTRICT}.get(step.body, "")
                account = self.account(step.key, Role.SELECTION_CLERK)
                selections_bodies.name_clerk(by, self.round_id, account.username, step.key, place)
        selections_publishing.publish(self.second(before), self.round_id)
        return self.round_id

    def account(self, name: str, role: Role, **more: Any) -> Account:
        """The account of somebody with a part in the story, always the same one."""
        if name not in self.accounts:
            self.accounts[name] = self.build.account(role, **more)
        return self.accounts[name]

    def works(
        self, name: str, unit: Employer | None = None, born: int = 1980, level: int = 1, **more: Any
    ) -> Candidate:
        """Somebody who can apply: by the registers a technician, of a unit in the district."""
        unit = unit or self.build.employer(district=DISTRICT)
        person = self.build.person(
            name=name, employer_id=unit.id, birth_date=date(born, 1, 15), held_level=level, **more
        )
        return Candidate(person, unit)

    def taught(self, one: Candidate, passed: int, learning: int = 0) -> None:
        """Apprentices of the register."""
        for place in range(passed + learning):
            done = place < passed
            row = Mentorship(
                number=f"ST{self.build.number()}",
                mentor_id=one.person.id,
                apprentice_id=self.build.person(employer_id=one.unit.id).id,
                employer_id=one.unit.id,
                occupation="钳工",
                skill="模具装配",
                target="独立上岗",
                plan=[],
                starts_on=date(2023, 3, 1),
                ends_on=date(2025, 2, 28) if done else date(2027, 2, 28),
                ended_on=date(2025, 2, 28) if done else None,
                signed_on=date(2023, 3, 1),
                state=MentorshipState.ACCEPTED if done else MentorshipState.RUNNING,
                created_at=at(self.start),
            )
            db.session.add(row)
        db.session.commit()

    # Applications

    def writes(self, one: Candidate, channel: Channel, day: int = 2, **said: str) -> Candidate:
        """A draft by one of the channels, with all answers and the files that are asked for."""
        by = self.writer(one, channel, day)
        experts = ("王建国（浙江大学）", "李为民（宁波工程学院）")
        nominators = {Channel.ASSOCIATION: (ASSOCIATION,), Channel.EXPERT: experts}
        typed = None if channel in (Channel.PERSON, Channel.EMPLOYER) else _typed(one.person)
        beginning = Beginning(
            channel, one.person.id, typed, nominators.get(channel, ()), said.pop("tier", "")
        )
        one.key = selection_applications.start(by, self.round_id, beginning)
        answers = {
            "occupation": "模具工",
            "post": "technician",
            "unit_kind": "company",
            "trade_since": "2004-07-01",
            "local_since": "2010-03-01",
            "retires_on": "2045-01-31",
        }
        answers |= {f"answer_{row.key}": _answer(row.kind) for row in self.rules.form if row.needed}
        saved = selection_applications_writing.save(by, one.key, answers | said, {}, 1)
        assert (saved.problems, saved.conflicts) == ([], [])
        for rule in self.rules.files:
            if rule.needed:
                selection_files.add_file(by, "application", one.key, _paper(rule), rule.key)
        return one

    def writer(self, one: Candidate, channel: Channel, day: int = 2) -> Actor:
        """Who writes by a channel."""
        account = {
            Channel.PERSON: lambda: self.account(
                f"person{one.person.id}", Role.CONTESTANT, person_id=one.person.id
            ),
            Channel.EMPLOYER: lambda: self.unit_account(one),
            Channel.ASSOCIATION: lambda: self.account("association", Role.SELECTION_CLERK),
            Channel.EXPERT: lambda: self.account("expert", Role.REVIEWER),
        }[channel]()
        return Actor(account.id, at(self.start + timedelta(days=day)))

    def unit_account(self, one: Candidate) -> Account:
        """The account of a candidate's unit."""
        return self.account(f"unit{one.unit.id}", Role.EMPLOYER, employer_id=one.unit.id)

    def submits(self, one: Candidate, channel: Channel, day: int = 3) -> Candidate:
        """Submit what was written."""
        selection_applications_submitting.submit(self.writer(one, channel, day), one.key)
        return one

    def applies(self, one: Candidate, channel: Channel = Channel.PERSON, **said: str) -> Candidate:
        """Write an application and submit it."""
        return self.submits(self.writes(one, channel, **said), channel)

    def row(self, one: Candidate) -> SelectionApplication:
        """The application as it stands."""
        db.session.expire_all()
        return db.session.get_one(SelectionApplication, one.key)

    # Checks

    def checked(self, *group: Candidate, day: int = 16) -> None:
        """Every body of the chain takes its step for these, in their order, up to the review."""
        for offset in range(8):
            waiting = [
                (one, step) for one in group
                if (step := selection_checks.waiting_step(one.key)) is not None
            ]  # fmt: skip
            if not waiting:
                break
            for one, step in waiting:
                self._taken(one, step.id, day + offset)

    def _taken(self, one: Candidate, step_id: int, day: int) -> None:
        step = selection_checks.waiting_step(one.key)
        assert step is not None and step.id == step_id
        rule = selection_checks.rule_of(step)
        by = self.checker(one, rule.key, rule.body, day)
        if rule.ranks and step.rank is None:
            self._ranked(by, one, rule.key)
        if rule.notice_days:
            last = self.start + timedelta(days=day - 2)
            first = last - timedelta(days=2 * rule.notice_days)
            selection_checks_notices.record_notice(by, step_id, first, last)
            selection_files.add_file(by, "step", step_id, _paper(None))
        found = Found(frozenset(rule.checklist), frozenset(self._lines(one)))
        selection_checks_acting.pass_step(by, step_id, found)

    def checker(self, one: Candidate, key: str, body: Body, day: int = 16) -> Actor:
        """Who takes a step for a candidate."""
        if body is Body.BUREAU:
            return self.second(self.start + timedelta(days=day))
        account = self.unit_account(one) if body is Body.EMPLOYER else self.accounts[key]
        return Actor(account.id, at(self.start + timedelta(days=day)))

    def _lines(self, one: Candidate) -> list[int]:
        return [line.id for line in self.row(one).evidence]

    def _ranked(self, by: Actor, one: Candidate, key: str) -> None:
        account = db.session.get_one(Account, by.account_id)
        mine = selection_checks_ranks.get_ranking(account, self.round_id, key)
        order = [step.id for step in mine.rows if step.state is StepState.WAITING]
        selection_checks_ranks.save_ranks(by, self.round_id, key, "", order)

    def asked(self, day: int = 1) -> dict[str, int]:
        """Ask every body about whom the rules name; all answer that nothing is against them."""
        by = self.first(self.day(day))
        found = {}
        for place, opinion in enumerate(self.rules.opinions, 1):
            about = [
                one.application.id for one in list_candidates(self.round, opinion.key) if one.about
            ]
            found[opinion.key] = len(about)
            if about:
                number = f"人社函〔{self.start.year}〕{place}号"
                letter = Letter(opinion.key, number, by.today, by.today + timedelta(days=10))
                selection_checks_opinions.ask_opinions(by, self.round_id, letter, about)
                answering = self.first(self.day(day + 3))
                selection_checks_opinions.record_rest(
                    answering, self.round_id, opinion.key, number, answering.today
                )
        return found

    # Review

    def drawn(self, related: Candidate | None = None, day: int = 5) -> list[SelectionReviewer]:
        """Draw the panel among experts, one of whom works with a candidate; begin the review."""
        review = self.rules.review
        for _ in range(review.reviewers + review.reserves - (related is not None)):
            self.build.account(Role.REVIEWER)
        if related is not None:
            self.build.account(Role.REVIEWER, employer_id=related.unit.id)
        by = self.first(self.day(day))
        selection_reviews.draw_panel(by, self.round_id, f"{self.round.code} lot 0815")
        assert selection_reviews.is_true(selection_reviews.list_draws(self.round_id)[0])
        selection_reviews.start_review(by, self.round_id)
        for seat in self.panel_seats():
            selection_reviews.pledge(self.seated(seat), self.round_id)
        return self.panel_seats()

    def panel_seats(self) -> list[SelectionReviewer]:
        """Who has a vote."""
        return [one for one in selection_reviews.panel_of(self.round_id) if not one.reserve]

    def seated(self, seat: SelectionReviewer, day: int = 6) -> Actor:
        """A reviewer during the review."""
        return Actor(seat.account_id, at(self.day(day)))

    def marked(self, **totals: int) -> None:
        """All mark and sign by the lines of the sheet, at these parts of a hundred."""
        ids = {one.name: one.key for one in self.group}
        for seat in self.panel_seats():
            for name, percent in totals.items():
                if not selection_reviews_sheets.is_recused(seat.id, ids[name]):
                    marks = {
                        item.key: str(round(item.maximum * percent / 50) / 2)
                        for item in self.rules.review.sheet
                    }
                    selection_reviews_sheets.save_sheet(self.seated(seat), ids[name], marks)
            selection_reviews_sheets.sign_finished(self.seated(seat), self.round_id)

    group: Sequence[Candidate] = ()

    def compared(self, order: Sequence[Candidate]) -> int:
        """All compare all pairs that they may, and prefer who stands first here."""
        ids, said = [one.key for one in order], 0
        for seat in self.panel_seats():
            while (turn := selection_reviews_pairs.next_turn(seat, ids)).pair is not None:
                first, second = turn.pair
                better = 1 if ids.index(first) < ids.index(second) else -1
                selection_reviews_pairs.compare(
                    self.seated(seat), self.round_id, first, second, better
                )
                said += 1
        return said

    def voted(
        self, places: int, standing: Sequence[Candidate], *papers: Sequence[Candidate]
    ) -> int:
        """A ballot with papers in turn; who has a conflict with somebody leaves the name out."""
        ballot = selection_reviews_ballots.open_ballot(
            self.first(self.day(7)), self.round_id, tier="", places=places,
            application_ids=[one.key for one in standing],
        )  # fmt: skip
        return self._cast(ballot, papers)

    def run_off(self, ballot: int, *papers: Sequence[Candidate]) -> int:
        """The run-off for the places that a ballot left open."""
        run_off = selection_reviews_ballots.open_run_off(self.first(self.day(7)), ballot)
        return self._cast(run_off, papers)

    def _cast(self, ballot: int, papers: Sequence[Sequence[Candidate]]) -> int:
        for seat, paper in zip(self.panel_seats(), itertools.cycle(papers), strict=False):
            names = [
                one.key for one in paper
                if not selection_reviews_sheets.is_recused(seat.id, one.key)
            ]  # fmt: skip
            selection_reviews_ballots.vote(self.seated(seat, 7), ballot, names)
        return selection_reviews_ballots.count_ballot(self.first(self.day(7), 15), ballot)

    def visited(self, *group: Candidate) -> None:
        """Somebody went to see these at work, and found their applications true."""
        for one in group:
            facts = VisitFacts(self.day(8), "考察组2人", "现场核实岗位和业绩，情况属实", True)
            selection_reviews_visits.record_visit(self.first(self.day(8)), one.key, facts)

    def met(self, day: int = 9) -> int:
        """The committee met; a second person confirms the minutes."""
        facts = MeetingFacts(
            "评审委员会会议", self.day(day), "市人社局三楼会议室", "张主任", 9, 8, "委员8人",
            "听取评审情况汇报，审议并通过拟入选人员名单。",
        )  # fmt: skip
        meeting = selection_reviews_meetings.record_meeting(
            self.first(self.day(day)), self.round_id, facts
        )
        selection_reviews_meetings.confirm_meeting(self.second(self.day(day)), meeting)
        return meeting

    def proposed(self, meeting: int, day: int = 10, reason: str = "") -> dict[str, str]:
        """Make the proposal and let a second person approve it; return the tier of each name."""
        self.proposal_id = selection_reviews_proposals.make_proposal(
            self.first(self.day(day)), self.round_id, reason=reason
        )
        selection_reviews_proposals.approve(
            self.second(self.day(day)), self.proposal_id, meeting_id=meeting
        )
        return {one.name: one.tier for one in self.lines()}

    def lines(self) -> list[Any]:
        """The lines of the last proposal."""
        db.session.expire_all()
        proposal = db.session.get_one(SelectionProposal, self.proposal_id)
        return selection_reviews_proposals.lines_of(proposal)

    def why(self, name: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """Why a name stands where it does: the kinds, the rules named, the others named."""
        lines = {one.id: one for one in self.lines()}
        own = next(one for one in lines.values() if one.name == name)
        return [
            (why.kind, tuple(key for _, key in why.rules), tuple(lines[o].name for o in why.others))
            for why in own.reasons
        ]

    # Notice, decision, money, certificates

    @property
    def contest(self) -> Contest:
        """The edition that carries the list."""
        return db.session.get_one(Contest, self.round.contest_id)

    def noticed(self, day: int = 12) -> int:
        """Put the list up."""
        by = self.first(self.day(day))
        revisions = [one.id for one in notices.list_postable(self.contest.id)]
        return notices.post(
            by, self.contest.id, revision_ids=revisions, starts_on=by.today,
            title=f"{self.shipped.title}拟入选人员名单公示",
            body="经单位推荐、资格审查、专家评审、评审委员会审议，现将拟入选人员名单予以公示。",
            contact=self.rules.contact + " 0574-63000001",
        )  # fmt: skip

    def decided(self, notice_id: int) -> Actor:
        """Close the notice after its last day, and decide; return who did it, on that day."""
        after = notices.get_notice(notice_id).ends_on + timedelta(days=1)
        by = self.first(after)
        notices.close(by, notice_id)
        selections_decisions.decide(
            by, self.round_id, self.round.version, document=DOCUMENT, decided_on=by.today
        )
        return by

    def paid(self, decided: Actor) -> int:
        """Type the accounts, prepare, approve, send and confirm the order of all prizes."""
        payer = Actor(self.account("payer", Role.PAYER).id, decided.now + timedelta(days=3))
        approver = Actor(self.account("approver", Role.APPROVER).id, payer.now)
        enter_accounts(payer, self.contest.id, read_dues(self.contest.id))
        order = payouts.submit(payer, payouts.prepare(payer, self.contest.id))
        payouts.approve(approver, order)
        payouts_batches.export(payer, order, None, "xlsx", say_word)
        payouts_returns.confirm(payer, answer_all(payer, order))
        return order

    def certified(self, decided: Actor) -> int:
        """Issue the certificates; return how many."""
        by = Actor(decided.account_id, decided.now + timedelta(days=5))
        return certificates.issue(by, self.contest.id)


def _facts(shipped: ShippedProgramme) -> ProgrammeFacts:
    return ProgrammeFacts(
        code=shipped.code,
        title=shipped.title,
        verb=shipped.verb,
        level=shipped.level,
        organiser=shipped.organiser,
        document="人社发〔2025〕12号",
        basis=shipped.basis,
        cycle_years=shipped.cycle_years,
        scope=shipped.scope,
        most_people=shipped.most_people,
    )


def _typed(person: Person) -> PersonFacts:
    return PersonFacts(person.name, IdKind(person.id_kind), person.id_number)


def _answer(kind: str) -> str:
    return {"yes_no": "yes", "number": "3", "date": "2020-01-01"}.get(kind, "精于模具装配与调试")


def _paper(rule: FileRule | None) -> Looked:
    """A paper as it is kept, each with a digest of its own."""
    serial = next(_DIGESTS)
    digest = f"{serial:064x}"
    return Looked(Kept("材料.pdf", "pdf", digest, StoredFile(digest[-32:], digest, 4096)), 2)


def states_of(round_id: int) -> dict[str, ApplicationState]:
    """How the applications of a round stand, by name."""
    query = (
        select(Person.name, SelectionApplication.state)
        .join(SelectionApplication, SelectionApplication.person_id == Person.id)
        .where(SelectionApplication.round_id == round_id)
    )
    return {name: state for name, state in db.session.execute(query)}
