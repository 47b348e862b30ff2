"""An application on its way through the chain: passed on, sent back, refused, taken up again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.database import db
from models.messages import Message
from models.selection_applications import SelectionEvidence
from rules.data import InvalidRules
from rules.refusals import Missing, Refused
from rules.selection_rounds import Step
from rules.selections import (
    ApplicationState,
    Body,
    Channel,
    EvidenceKind,
    EvidenceSource,
    StepState,
)
from services import (
    selection_applications_submitting,
    selection_checks_acting,
    selection_checks_lists,
    selection_checks_notices,
    selection_checks_overrides,
    selection_checks_ranks,
)
from services.selection_checks_acting import Found
from tests.builders import Builder
from tests.selection_checking import ALL, DISTRICT, Checking
from tests.selection_story import START


def problems_of(refusal: pytest.ExceptionInfo[InvalidRules]) -> str:
    return "\n".join(str(one) for one in refusal.value.problems)


def test_an_application_goes_through_the_chain_to_the_review(build: Builder) -> None:
    it = Checking(build)
    application = it.applied()
    assert it.step(application, "county").due_on == START + timedelta(days=4)
    it.passed(it.clerk, application, "county")
    with pytest.raises(InvalidRules) as refusal:
        it.passed(it.staff, application, "bureau", items=frozenset({"身份证核对"}))
    assert "证书核对" in problems_of(refusal)
    it.passed(it.staff, application, "bureau", **ALL)
    row = it.application(application)
    assert (row.state, row.qualified_at) == (ApplicationState.QUALIFIED, it.on(it.staff).now)


def test_each_body_is_told_how_much_waits_and_is_late(build: Builder) -> None:
    it = Checking(build)
    it.applied(), it.applied(district="掌起镇"), it.applied(Channel.EMPLOYER)
    counted = selection_checks_lists.count_waiting
    assert counted(it.clerk, date(2026, 3, 6)) == (1, 0)
    assert counted(it.clerk, date(2026, 3, 9)) == (1, 1)
    assert counted(it.unit, date(2026, 3, 6)) == (1, 0)
    assert counted(it.staff, date(2026, 3, 6)) == (0, 0)
    assert counted(build.account("judge"), date(2026, 3, 6)) == (0, 0)


def test_the_whole_chain_may_be_written_down_from_paper(build: Builder) -> None:
    it = Checking(build)
    application = it.applied()
    it.story.passed_chain(application)
    assert it.application(application).state is ApplicationState.QUALIFIED


def test_only_the_body_of_a_step_takes_it(build: Builder) -> None:
    it = Checking(build)
    application = it.applied()
    elsewhere = it.named("county", "掌起镇")
    for stranger in (elsewhere, it.unit):
        with pytest.raises(Missing):
            it.passed(stranger, application, "county")
    with pytest.raises(Refused, match="which paper"):
        it.passed(it.staff, application, "county")
    it.passed(it.staff, application, "county", note="浒山街道〔2026〕3号推荐函")
    assert it.step(application, "county").done_by_id == it.staff.id


def test_nobody_checks_oneself_or_what_one_wrote(build: Builder) -> None:
    it = Checking(build)
    clerk = it.named("county")
    written = it.applied(Channel.ASSOCIATION, account_id=clerk.id, nominators=["机械行业协会"])
    with pytest.raises(Refused, match="that one wrote"):
        it.passed(clerk, written, "county")
    it.passed(it.clerk, written, "county")
    person = build.person()
    own = build.account("bureau_staff", person_id=person.id)
    about_self = it.applied(person=person)
    it.passed(it.clerk, about_self, "county")
    with pytest.raises(Refused, match="for oneself"):
        it.passed(own, about_self, "bureau", **ALL)


def test_a_returned_application_has_a_deadline_and_its_writer_is_told(build: Builder) -> None:
    it = Checking(build)
    writer = build.account("contestant", email="chen@example.com")
    application = it.applied(account_id=writer.id)
    step = it.step(application, "county")
    with pytest.raises(Refused, match="reason"):
        selection_checks_acting.return_step(it.on(it.clerk), step.id, reason=" ")
    selection_checks_acting.return_step(it.on(it.clerk), step.id, reason="缺职业资格证书")
    row = it.application(application)
    assert (row.state, row.complete_until) == (ApplicationState.RETURNED, date(2026, 3, 13))
    (mail,) = db.session.scalars(select(Message).where(Message.about == "selection"))
    assert "2026年03月13日" in (mail.body or "") and "缺职业资格证书" in (mail.body or "")
    with pytest.raises(Refused, match="still time"):
        selection_checks_acting.refuse_step(it.on(it.clerk, 8), step.id, reason="未补正")
    selection_checks_acting.extend_completion(it.on(it.clerk, 8), step.id, date(2026, 3, 16))
    selection_checks_acting.refuse_step(it.on(it.clerk, 15), step.id, reason="逾期未补正")
    assert it.application(application).state is ApplicationState.REFUSED


def test_a_completed_one_goes_on_at_the_step_that_sent_it_back(build: Builder) -> None:
    it = Checking(build)
    person = build.person(employer_id=it.employer.id)
    writer = build.account("contestant", person_id=person.id)
    application = it.applied(person=person, account_id=writer.id, tier="gold", **COMPLETE)
    it.passed(it.clerk, application, "county")
    step = it.step(application, "bureau")
    selection_checks_acting.return_step(it.on(it.staff), step.id, reason="缺证书编号")
    selection_applications_submitting.submit(it.on(writer, 8), application)
    again = it.step(application, "bureau")
    assert (again.state, again.due_on) == (StepState.WAITING, date(2026, 3, 17))
    assert it.step(application, "county").state is StepState.PASSED
    it.passed(it.staff, application, "bureau", **ALL)
    row = it.application(application)
    assert (row.state, row.complete_until) == (ApplicationState.QUALIFIED, None)


COMPLETE = {
    "local_since": date(2015, 1, 1),
    "retires_on": date(2050, 1, 1),
    "support_percent": None,
}


def test_a_refused_one_is_taken_up_again_by_a_second_person(build: Builder) -> None:
    it = Checking(build)
    application = it.applied()
    it.passed(it.clerk, application, "county")
    step = it.step(application, "bureau")
    selection_checks_acting.refuse_step(it.on(it.staff), step.id, reason="年限不足")
    again = selection_checks_acting.take_up_again
    with pytest.raises(Refused, match="Somebody else"):
        again(it.on(it.staff), step.id, reason="核对有误")
    again(it.on(it.second), step.id, reason="核对有误")
    assert it.application(application).state is ApplicationState.CHECKING
    assert it.step(application, "bureau").state is StepState.WAITING


def test_a_clause_is_set_aside_by_two_people(build: Builder) -> None:
    it = Checking(build)
    application = it.applied(trade_since=date(2020, 7, 1))
    it.passed(it.clerk, application, "county")
    with pytest.raises(InvalidRules) as refusal:
        it.passed(it.staff, application, "bureau", **ALL)
    assert "从事本职业10年以上" in problems_of(refusal)
    propose = selection_checks_overrides.propose_override
    with pytest.raises(Refused, match="does not stand in the way"):
        propose(it.on(it.staff), application, "officials", reason="无此情形")
    found = propose(it.on(it.staff), application, "trade", reason="世赛金牌，局长办公会同意")
    with pytest.raises(Refused, match="Somebody else"):
        selection_checks_overrides.agree_override(it.on(it.staff), found)
    selection_checks_overrides.reject_override(it.on(it.second), found, reason="材料不全")
    again = propose(it.on(it.staff), application, "trade", reason="已补会议纪要")
    assert again == found
    selection_checks_overrides.agree_override(it.on(it.second), found)
    it.passed(it.staff, application, "bureau", **ALL)
    assert it.application(application).state is ApplicationState.QUALIFIED
    ((row, first, second),) = selection_checks_overrides.list_overrides(application)
    assert (row.reason, first, second) == ("已补会议纪要", it.staff.title, it.second.title)


def test_a_body_ranks_its_candidates_and_passes_no_more_than_its_quota(build: Builder) -> None:
    it = Checking(build)
    ids = [it.applied(Channel.EMPLOYER) for _ in range(3)]
    with pytest.raises(InvalidRules) as refusal:
        it.passed(it.unit, ids[0], "unit")
    assert "Rank the candidates first" in problems_of(refusal)
    steps = [it.step(one, "unit").id for one in ids]
    order = [steps[2], steps[0], steps[1]]
    selection_checks_ranks.save_ranks(it.on(it.unit), it.round_id, "unit", "", order)
    it.passed(it.unit, ids[2], "unit")
    assert it.application(ids[2]).rank_in_body == 1
    with pytest.raises(InvalidRules) as refusal:
        it.passed(it.unit, ids[1], "unit")
    assert "beyond the quota of 2" in problems_of(refusal)
    selection_checks_ranks.save_ranks(it.on(it.unit), it.round_id, "unit", "", [steps[1], steps[0]])
    it.passed(it.unit, ids[1], "unit")
    with pytest.raises(InvalidRules) as refusal:
        it.passed(it.unit, ids[0], "unit")
    assert "2 of 2 are passed on already" in problems_of(refusal)
    db.session.expire_all()
    ranking = selection_checks_ranks.get_ranking(it.unit, it.round_id, "unit")
    assert [row.application_id for row in ranking.rows] == [ids[2], ids[1], ids[0]]
    assert (ranking.places, ranking.passed) == (2, 2)
    with pytest.raises(Missing):
        selection_checks_ranks.get_ranking(it.clerk, it.round_id, "unit")


def test_who_applies_alone_is_ranked_with_the_others_of_the_unit(build: Builder) -> None:
    step = Step(key="unit", title="单位推荐", body=Body.EMPLOYER, ranks=True)
    it = Checking(build, (step,), {"unit_quota": 1})
    alone, other = it.applied(), it.applied(Channel.EMPLOYER)
    steps = [it.step(one, "unit").id for one in (alone, other)]
    selection_checks_ranks.save_ranks(it.on(it.unit), it.round_id, "unit", "", steps)
    it.passed(it.unit, alone, "unit")
    assert it.application(alone).state is ApplicationState.QUALIFIED
    with pytest.raises(InvalidRules) as refusal:
        it.passed(it.unit, other, "unit")
    assert "1 of 1 are passed on already" in problems_of(refusal)


def test_many_are_passed_on_where_nothing_is_to_be_ticked(build: Builder) -> None:
    it = Checking(build)
    ids = [it.applied() for _ in range(3)]
    steps = [it.step(one, "county").id for one in ids]
    assert selection_checks_acting.pass_many(it.on(it.clerk), steps) == 3
    bureau = [it.step(one, "bureau").id for one in ids]
    with pytest.raises(InvalidRules) as refusal:
        selection_checks_acting.pass_many(it.on(it.staff), bureau)
    assert "by itself" in problems_of(refusal)
    assert all(it.step(one, "bureau").state is StepState.WAITING for one in ids)


def test_the_own_notice_of_a_body_stands_its_working_days(build: Builder) -> None:
    chain = (
        Step(key="unit", title="单位推荐", body=Body.EMPLOYER, notice_days=5),
        Step(key="bureau", title="市局", body=Body.BUREAU),
    )
    it = Checking(build, chain)
    application = it.applied(Channel.EMPLOYER)
    step = it.step(application, "unit").id
    with pytest.raises(InvalidRules) as refusal:
        it.passed(it.unit, application, "unit")
    assert "Prove the internal notice" in problems_of(refusal)
    record = selection_checks_notices.record_notice
    by = it.on(it.unit, 14)
    with pytest.raises(Refused, match="4 working days; the call asks for 5"):
        record(by, step, date(2026, 3, 3), date(2026, 3, 8))
    with pytest.raises(Refused, match="not over yet"):
        record(by, step, date(2026, 3, 10), date(2026, 3, 16))
    record(by, step, date(2026, 3, 3), date(2026, 3, 9))
    passing = selection_checks_acting.pass_step
    with pytest.raises(InvalidRules) as refusal:
        passing(by, step, Found())
    assert "Add the file" in problems_of(refusal)
    it.proven(step)
    passing(by, step, Found())
    assert it.step(application, "unit").state is StepState.PASSED


def test_papers_are_verified_line_by_line(build: Builder) -> None:
    it = Checking(build)
    application = it.applied()
    lines = [
        build._kept(
            SelectionEvidence(
                application_id=application,
                kind=EvidenceKind.PATENT,
                source=source,
                title=f"专利{place}",
            )
        ).id
        for place, source in enumerate((EvidenceSource.TYPED, EvidenceSource.TYPED))
    ]
    step = it.step(application, "county").id
    save = selection_checks_acting.save_check
    save(it.on(it.clerk), step, Found(evidence=frozenset({lines[0]}), note="原件已核"))
    db.session.expire_all()
    first, second = (db.session.get_one(SelectionEvidence, one) for one in lines)
    assert (first.verified_by_id, second.verified_by_id) == (it.clerk.id, None)
    save(it.on(it.clerk), step, Found(evidence=frozenset({lines[1]})))
    db.session.expire_all()
    assert (first.verified_at, second.verified_by_id) == (None, it.clerk.id)
    assert it.application(application).district == DISTRICT
