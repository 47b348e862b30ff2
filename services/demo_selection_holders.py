"""A decided round of the demonstration: notice, money, certificates, reports and benefits."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from models.database import db
from models.people import Person
from models.selection_applications import SelectionApplication
from models.selection_holders import SelectionBenefit, SelectionHolder
from models.selection_reviews import SelectionLine, SelectionProposal
from models.selections import SelectionProgramme, SelectionRound
from rules.people import PersonFacts
from rules.selection_programmes import shipped_programmes
from rules.selection_rounds import After, Benefit, RoundRules
from rules.selections import (
    ApplicationState,
    BenefitKind,
    BenefitState,
    Channel,
    Post,
    ProposalState,
    RoundState,
    UnitKind,
)
from services import (
    audits,
    issuing_working,
    notices,
    payouts,
    payouts_batches,
    payouts_returns,
    people,
    selection_holders_benefits,
    selection_holders_reports,
    selections,
    selections_carriers,
    selections_decisions,
    selections_publishing,
)
from services.acting import ZONE, Actor, system
from services.demo_payouts import answer_all, enter_accounts, say_word
from services.demo_stages import CONTACT, Stage, know_years
from services.payouts_dues import read_dues
from services.selection_holders_reports import ReportFacts
from services.selections import ProgrammeFacts, RoundFacts
from services.transaction import transaction

CODE = "SLMJ"
CHOSEN = ("gold", "silver", "silver", "craftsman", "craftsman", "craftsman")
BENEFITS = (
    Benefit(key="cure", title="疗休养", kind=BenefitKind.REST_CURE, due_month=9),
    Benefit(key="check", title="健康体检", kind=BenefitKind.HEALTH_CHECK, due_month=12),
)
REPORT = "全年完成技术攻关三项，开办技能讲堂六次，带徒两人，其中一人晋升高级工。"


def add_titles(stage: Stage) -> None:
    """Bring a round of last year from its list to certificates, and its holders into their term."""
    round_id = _published(stage)
    proposal = _proposed(stage.by("bureau", -250), round_id, _known(stage))
    _approve(stage.by("bureau2", -249), proposal)
    row = selections.get_round(round_id)
    contest_id = row.contest_id or 0
    days = _noticed(stage, contest_id)
    by = stage.by("bureau", days + 1)
    selections_decisions.decide(
        by, round_id, row.version, document=f"慈人社发〔{row.year}〕58号", decided_on=by.today
    )
    _pay(stage, contest_id, days + 5)
    issuing_working.issue_all(stage.by("bureau", days + 8), contest_id, say_word)
    _live_on(stage, round_id)


def _published(stage: Stage) -> int:
    shipped = shipped_programmes()[CODE]
    programme_id = db.session.scalar(
        select(SelectionProgramme.id).where(SelectionProgramme.code == CODE)
    )
    if programme_id is None:
        facts = ProgrammeFacts(
            code=CODE,
            title=shipped.title,
            verb=shipped.verb,
            level=shipped.level,
            organiser="慈溪市人力资源和社会保障局",
            document="慈人社发〔2017〕31号",
        )
        programme_id = selections.create_programme(stage.by("bureau", -400), facts)
    changed: dict[str, Any] = {
        "opens_at": datetime.combine(stage.day(-330), time(9), ZONE),
        "closes_at": datetime.combine(stage.day(-300), time(17), ZONE),
        "counts_on": stage.day(-300),
        "after": After(term_years=3, report_due="01-31", benefits=BENEFITS).model_dump(),
    }
    rules = RoundRules.model_validate(shipped.rules.model_dump() | changed)
    year = stage.day(-330).year
    about = RoundFacts(f"{CODE}{year}W", year, f"{year}年慈溪市“上林名匠”遴选")
    round_id = selections.create_round(stage.by("bureau", -340), programme_id, about, rules)
    selections_publishing.publish(stage.by("bureau2", -335), round_id)
    return round_id


def _known(stage: Stage) -> list[tuple[PersonFacts, int]]:
    """Draw so many people, each of another unit."""
    found = stage.people.take(len(CHOSEN))
    return [(one, stage.employers[3 + place]) for place, one in enumerate(found)]


@transaction
def _proposed(by: Actor, round_id: int, known: list[tuple[PersonFacts, int]]) -> int:
    """Write down applications that went through all checks, and the list that follows."""
    row = selections.lock_round(round_id)
    row.state = RoundState.REVIEW
    ids = people.bulk_people(by, [(facts, unit) for facts, unit in known])
    own = [
        _application(by, row, place, person, unit)
        for place, (person, (_facts, unit)) in enumerate(zip(ids, known, strict=True), start=1)
    ]
    db.session.add_all(own)
    db.session.flush()
    proposal = SelectionProposal(
        round_id=round_id, number=1, digest="0" * 64, made_at=by.now, made_by_id=by.account_id
    )
    proposal.lines = [
        SelectionLine(application_id=one.id, position=place, rank=place, score=f"{95 - place}.5",
                      tier=tier)
        for place, (one, tier) in enumerate(zip(own, CHOSEN, strict=True), start=1)
    ]  # fmt: skip
    db.session.add(proposal)
    db.session.flush()
    audits.record(by, "propose", "selection_round", round_id, after={"awards": len(own)})
    return proposal.id


def _application(
    by: Actor, row: SelectionRound, number: int, person_id: int, employer_id: int
) -> SelectionApplication:
    return SelectionApplication(
        round_id=row.id,
        number=number,
        person_id=person_id,
        employer_id=employer_id,
        channel=Channel.EMPLOYER,
        post=Post.FRONT_LINE,
        unit_kind=UnitKind.COMPANY,
        answers={},
        state=ApplicationState.QUALIFIED,
        begun_at=row.opens_at,
        saved_at=row.opens_at,
        submitted_at=row.opens_at,
        qualified_at=by.now,
    )


@transaction
def _approve(by: Actor, proposal_id: int) -> int:
    """Approve the list, as the review does."""
    proposal = db.session.get_one(SelectionProposal, proposal_id)
    proposal.state, proposal.approved_at = ProposalState.APPROVED, by.now
    proposal.approved_by_id = by.account_id
    proposal.round.state = RoundState.PROPOSED
    for line in proposal.lines:
        line.application.state = ApplicationState.CHOSEN
    selections_carriers.carry(by, proposal)
    return proposal_id


def _noticed(stage: Stage, contest_id: int) -> int:
    """Put the list up and close its notice; return how many days ago that was."""
    by = stage.by("bureau", stage.weekday(-248), 9)
    know_years(by, by.today)
    notice_id = notices.post(
        by,
        contest_id,
        revision_ids=[one.id for one in notices.list_postable(contest_id)],
        title="“上林名匠”拟入选人员名单公示",
        body="经单位推荐、资格审核、专家评审，现将拟入选人员名单予以公示。如有异议，请实名反映。",
        contact=CONTACT,
        starts_on=by.today,
    )
    days = (notices.get_notice(notice_id).ends_on - stage.today).days + 1
    notices.close(stage.by("bureau", days, 9), notice_id)
    return days


def _pay(stage: Stage, contest_id: int, days: int) -> None:
    by = stage.by("payer", days, 9)
    enter_accounts(by, contest_id, read_dues(contest_id))
    order = payouts.submit(by, payouts.prepare(by, contest_id, note="名匠奖励"))
    payouts.approve(stage.by("approver", days, 11), order)
    payouts_batches.export(stage.by("payer", days, 14), order, None, "xlsx", say_word)
    answered = answer_all(stage.by("payer", days + 1, 10), order)
    payouts_returns.confirm(stage.by("payer", days + 1, 11), answered)


def _live_on(stage: Stage, round_id: int) -> None:
    """Lay benefits out year by year, give one, and let holders report."""
    selection_holders_benefits.lay_out_year(system(stage.now))
    query = select(SelectionHolder).where(SelectionHolder.round_id == round_id)
    holders = db.session.scalars(query.order_by(SelectionHolder.id)).all()
    own = [(one.id, one.person_id, one.starts_on.year) for one in holders[:2]]
    benefit = db.session.scalars(
        select(SelectionBenefit)
        .where(SelectionBenefit.holder_id == own[0][0], SelectionBenefit.key == "cure")
        .order_by(SelectionBenefit.year)
    ).first()
    by = stage.by("bureau", -20)
    if benefit is not None:
        selection_holders_benefits.record_benefit(
            by, benefit.id, benefit.version, BenefitState.GIVEN, given_on=by.today, note="莫干山"
        )
    for holder_id, person_id, year in own:
        db.session.get_one(Person, person_id)
        selection_holders_reports.write_report(
            stage.by("winner", -15), holder_id, person_id, year, ReportFacts(2, 3, 1, REPORT),
            submit=True,
        )  # fmt: skip
