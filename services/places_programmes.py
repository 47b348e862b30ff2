"""Where the things of programmes belong: workshops, mentorships, stipends, selections, figures."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from models.database import db
from models.histories import HistoryImport
from models.mentorships import (
    Mentorship,
    MentorshipClass,
    MentorshipImport,
    MentorshipRules,
    Milestone,
    MilestoneFile,
)
from models.nominations import (
    Nomination,
    NominationCall,
    NominationFile,
    NominationForm,
    NominationNotice,
    NominationObjection,
    NominationSentFile,
)
from models.provincial import (
    ProvincialContest,
    ProvincialEvent,
    ProvincialImport,
    ProvincialLink,
    ProvincialNaming,
    ProvincialSlot,
)
from models.provincial_delegations import (
    ProvincialCamp,
    ProvincialFile,
    ProvincialForm,
    ProvincialLayout,
    ProvincialMember,
    ProvincialPaper,
    ProvincialPeer,
    ProvincialTask,
    ProvincialTest,
    ProvincialVehicle,
)
from models.reports import Figure, FrozenFigure, ReplyFigure, ReplyKit
from models.selection_applications import (
    SelectionApplication,
    SelectionEvidence,
    SelectionFile,
)
from models.selection_checks import (
    SelectionImport,
    SelectionOpinion,
    SelectionOverride,
    SelectionStep,
)
from models.selection_holders import SelectionBenefit, SelectionHolder, SelectionReport
from models.selection_reviews import SelectionProposal
from models.selections import SelectionClerk, SelectionProgramme, SelectionRound
from models.stipends import OtherTraining, StipendCase, StipendRun, StipendScale
from models.workshop_applications import WorkshopApplication
from models.workshop_files import WorkshopFile
from models.workshops import (
    Workshop,
    WorkshopAssessment,
    WorkshopChange,
    WorkshopGradeRound,
    WorkshopImport,
    WorkshopPolicy,
    WorkshopReport,
    WorkshopTerm,
)
from rules.access import Place
from rules.nominations import ProposedBy
from services.places_looking import first, known, of_city


def _mentorship(key: int) -> Place | None:
    """Place a pair: it belongs to its employer and to the two people, and to no contest."""
    columns = (Mentorship.employer_id, Mentorship.mentor_id, Mentorship.apprentice_id)
    row = first(*columns, where=Mentorship.id == key)
    return row and Place(owned=True, employers=known(row[0]), persons=frozenset({row[1], row[2]}))


def _milestone(key: int) -> Place | None:
    pair = db.session.scalar(select(Milestone.mentorship_id).where(Milestone.id == key))
    return None if pair is None else _mentorship(pair)


def _milestone_file(key: int) -> Place | None:
    milestone = db.session.scalar(select(MilestoneFile.milestone_id).where(MilestoneFile.id == key))
    return None if milestone is None else _milestone(milestone)


def _mentorship_class(key: int) -> Place | None:
    row = first(MentorshipClass.employer_id, where=MentorshipClass.id == key)
    return row and Place(owned=True, employers=known(row[0]))


def _mentorship_import(key: int) -> Place | None:
    row = first(MentorshipImport.id, where=MentorshipImport.id == key)
    return row and Place()


def _mentorship_rules(key: int) -> Place | None:
    row = first(MentorshipRules.id, where=MentorshipRules.id == key)
    return row and Place()


def _of_host(employer_id: int | None) -> Place | None:
    """Place what belongs to the host of a workshop; a workshop belongs to no contest."""
    if employer_id is None:
        return None
    return Place(owned=True, employers=frozenset({employer_id}))


def _workshop(key: int) -> Place | None:
    return _of_host(db.session.scalar(select(Workshop.employer_id).where(Workshop.id == key)))


def _workshop_application(key: int) -> Place | None:
    query = select(WorkshopApplication.employer_id).where(WorkshopApplication.id == key)
    return _of_host(db.session.scalar(query))


def _through(model: Any, key: int) -> Place | None:
    """Place what a workshop has: a report, a term, a change of leader."""
    query = select(Workshop.employer_id).join(model, model.workshop_id == Workshop.id)
    return _of_host(db.session.scalar(query.where(model.id == key)))


def _workshop_report(key: int) -> Place | None:
    return _through(WorkshopReport, key)


def _nomination(key: int) -> Place | None:
    """Return whose a nomination is: the employer's that proposed it, else the bureau's alone."""
    row = first(Nomination.proposed_by, Nomination.employer_id, where=Nomination.id == key)
    if row is None:
        return None
    employers = known(row[1]) if row[0] is ProposedBy.EMPLOYER else frozenset()
    return Place(owned=True, employers=employers)


def _nomination_file(key: int) -> Place | None:
    row = first(NominationFile.nomination_id, where=NominationFile.id == key)
    if row is None:
        return None
    return Place(owned=True) if row[0] is None else _nomination(row[0])


def _of_nominations(model: Any) -> Callable[[int], Place | None]:
    """Return a finder of things of nominations that belong to no employer."""

    def find(key: int) -> Place | None:
        return first(model.id, where=model.id == key) and Place()

    return find


def _workshop_file(key: int) -> Place | None:
    row = first(WorkshopFile.application_id, WorkshopFile.report_id, where=WorkshopFile.id == key)
    if row is None:
        return None
    application_id, report_id = row
    return _workshop_report(report_id) if report_id else _workshop_application(application_id)


def _workshop_term(key: int) -> Place | None:
    return _through(WorkshopTerm, key)


def _workshop_change(key: int) -> Place | None:
    return _through(WorkshopChange, key)


def _workshop_assessment(key: int) -> Place | None:
    query = select(WorkshopAssessment.term_id).where(WorkshopAssessment.id == key)
    term_id = db.session.scalar(query)
    return None if term_id is None else _workshop_term(term_id)


def _workshop_round(key: int) -> Place | None:
    row = first(WorkshopGradeRound.id, where=WorkshopGradeRound.id == key)
    return row and Place()


def _selection_programme(key: int) -> Place | None:
    """Place what belongs to the bureau: a programme belongs to no contest."""
    return first(SelectionProgramme.id, where=SelectionProgramme.id == key) and Place()


def _selection_round(key: int) -> Place | None:
    return first(SelectionRound.id, where=SelectionRound.id == key) and Place()


def _selection_step(key: int) -> Place | None:
    """Place a check: at the unit of its candidate, and with the clerks who are named for it."""
    rows = db.session.execute(
        select(SelectionApplication.employer_id, SelectionClerk.account_id)
        .join(SelectionStep, SelectionStep.application_id == SelectionApplication.id)
        .outerjoin(
            SelectionClerk,
            (SelectionClerk.round_id == SelectionApplication.round_id)
            & (SelectionClerk.step == SelectionStep.key),
        )
        .where(SelectionStep.id == key)
    ).all()
    if not rows:
        return None
    clerks = frozenset(row[1] for row in rows) - {None}
    return Place(owned=True, employers=known(rows[0][0]), accounts=clerks)


def _workshop_policy(key: int) -> Place | None:
    row = first(WorkshopPolicy.id, where=WorkshopPolicy.id == key)
    return row and Place()


def _workshop_import(key: int) -> Place | None:
    row = first(WorkshopImport.id, where=WorkshopImport.id == key)
    return row and Place()


def _selection_holder(key: int) -> Place | None:
    row = first(SelectionHolder.person_id, where=SelectionHolder.id == key)
    return row and Place(owned=True, persons=known(row[0]))


def _selection_report(key: int) -> Place | None:
    holder = db.session.scalar(select(SelectionReport.holder_id).where(SelectionReport.id == key))
    return None if holder is None else _selection_holder(holder)


def _selection_benefit(key: int) -> Place | None:
    row = first(SelectionBenefit.id, where=SelectionBenefit.id == key)
    return row and Place()


def _selection_list(key: int) -> Place | None:
    own = (SelectionImport.id == key) & SelectionImport.round_id.is_(None)
    row = first(SelectionImport.id, where=own)
    return row and Place()


def _provincial_import(key: int) -> Place | None:
    own = (ProvincialImport.id == key) & ProvincialImport.contest_id.is_(None)
    row = first(ProvincialImport.id, where=own)
    return row and Place()


def _provincial_intake(key: int) -> Place | None:
    own = (ProvincialImport.id == key) & ProvincialImport.contest_id.is_not(None)
    row = first(ProvincialImport.contest_id, where=own)
    return row and Place(contest_id=row[0])


FINDERS: Mapping[str, Callable[[int], Place | None]] = {
    "selection_holder": _selection_holder,
    "selection_report": _selection_report,
    "selection_benefit": _selection_benefit,
    "selection_list": _selection_list,
    "mentorship": _mentorship,
    "milestone": _milestone,
    "milestone_file": _milestone_file,
    "mentorship_class": _mentorship_class,
    "mentorship_import": _mentorship_import,
    "mentorship_rules": _mentorship_rules,
    "stipend_run": of_city(StipendRun),
    "stipend_scale": of_city(StipendScale),
    "stipend_case": of_city(StipendCase),
    "other_training": of_city(OtherTraining),
    "selection_application": of_city(SelectionApplication),
    "provincial_contest": of_city(ProvincialContest),
    "provincial_event": of_city(ProvincialEvent),
    "provincial_slot": of_city(ProvincialSlot),
    "provincial_naming": of_city(ProvincialNaming),
    "provincial_import": _provincial_import,
    "provincial_intake": _provincial_intake,
    "provincial_peer": of_city(ProvincialPeer),
    "history_import": of_city(HistoryImport),
    "provincial_form": of_city(ProvincialForm),
    "provincial_link": of_city(ProvincialLink),
    "provincial_camp": of_city(ProvincialCamp),
    "provincial_test": of_city(ProvincialTest),
    "provincial_member": of_city(ProvincialMember),
    "provincial_vehicle": of_city(ProvincialVehicle),
    "provincial_paper": of_city(ProvincialPaper),
    "provincial_task": of_city(ProvincialTask),
    "provincial_file": of_city(ProvincialFile),
    "provincial_layout": of_city(ProvincialLayout),
    "selection_evidence": of_city(SelectionEvidence),
    "selection_programme": _selection_programme,
    "selection_round": _selection_round,
    "selection_file": of_city(SelectionFile),
    "selection_import": of_city(SelectionImport),
    "selection_opinion": of_city(SelectionOpinion),
    "selection_override": of_city(SelectionOverride),
    "selection_step": _selection_step,
    "selection_proposal": of_city(SelectionProposal),
    "figure": of_city(Figure),
    "frozen": of_city(FrozenFigure),
    "reply": of_city(ReplyKit),
    "reply_figure": of_city(ReplyFigure),
    "workshop": _workshop,
    "nomination": _nomination,
    "nomination_call": _of_nominations(NominationCall),
    "nomination_file": _nomination_file,
    "nomination_form": _of_nominations(NominationForm),
    "nomination_notice": _of_nominations(NominationNotice),
    "nomination_objection": _of_nominations(NominationObjection),
    "nomination_sent_file": _of_nominations(NominationSentFile),
    "workshop_application": _workshop_application,
    "workshop_assessment": _workshop_assessment,
    "workshop_change": _workshop_change,
    "workshop_file": _workshop_file,
    "workshop_import": _workshop_import,
    "workshop_policy": _workshop_policy,
    "workshop_report": _workshop_report,
    "workshop_round": _workshop_round,
    "workshop_term": _workshop_term,
}
