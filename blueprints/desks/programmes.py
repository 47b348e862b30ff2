"""How tasks of workshops, mentorships and stipends look on a desk, and where they lead."""

from collections.abc import Callable
from typing import Any

from flask import url_for

from blueprints.desks.looks import Look
from rules.mentorships import MentorshipState
from rules.texts import N_
from rules.workshops import ApplicationState
from services.desks_tasks import Task, Waiting

_SECOND = N_("They wait for a second person.")
LOOKS = {
    Task.CHECK_APPLICATION: Look(
        N_("Workshop applications to check"),
        N_("Handed in by their hosts."),
        N_("Review"),
        "warn",
        "clipboard-check",
    ),
    Task.VISIT_APPLICATION: Look(
        N_("Workshops to look at on site"),
        N_("Their conditions are checked."),
        N_("Look"),
        "info",
        "tools",
    ),
    Task.DECIDE_APPLICATION: Look(
        N_("Workshop applications to decide"),
        N_("The site has been looked at."),
        N_("Look"),
        "warn",
        "check2-square",
    ),
    Task.NOTIFY_APPLICATION: Look(
        N_("Workshops without notice"),
        N_("They are decided, and go in public notice next."),
        N_("Post a notice"),
        "warn",
        "megaphone",
    ),
    Task.FOUND_WORKSHOP: Look(
        N_("Workshops to found"),
        N_("Their public notice has ended."),
        N_("Open the list"),
        "good",
        "award",
    ),
    Task.WORKSHOPS_OVERDUE: Look(
        N_("Workshop dates overdue"),
        N_("The first was due on %(until)s."),
        N_("See the dates"),
        "bad",
        "calendar-check",
    ),
    Task.CHECK_REPORT: Look(
        N_("Yearly reports to look at"),
        N_("Handed in by their workshops."),
        N_("Look"),
        "warn",
        "file-earmark",
    ),
    Task.CONFIRM_ASSESSMENT: Look(
        N_("Assessments to confirm"), _SECOND, N_("Look"), "warn", "clipboard-check"
    ),
    Task.DECIDE_GRADES: Look(N_("Grades to decide"), _SECOND, N_("Look"), "warn", "mortarboard"),
    Task.APPROVE_POLICY: Look(
        N_("Rules for workshops to approve"), _SECOND, N_("Look"), "warn", "shield-check"
    ),
    Task.APPROVE_LIMITS: Look(
        N_("Limits of mentorships to approve"), _SECOND, N_("Look"), "warn", "shield-check"
    ),
    Task.APPROVE_SCALE: Look(
        N_("Stipend scales to approve"), _SECOND, N_("Look"), "warn", "shield-check"
    ),
    Task.CHECK_STIPENDS: Look(
        N_("Stipend runs to check"), _SECOND, N_("Look"), "warn", "calculator"
    ),
    Task.APPROVE_STIPENDS: Look(
        N_("Stipend runs to approve"),
        N_("They are checked."),
        N_("Look and approve"),
        "warn",
        "cash-coin",
    ),
    Task.ORDER_STIPENDS: Look(
        N_("Stipend runs to order"),
        N_("They are approved, and become a payment order next."),
        N_("Open the list"),
        "info",
        "cash-coin",
    ),
    Task.DECIDE_CASES: Look(
        N_("Mentorships broken off"),
        N_("What is left to the mentor is not agreed yet."),
        N_("Look"),
        "warn",
        "people",
    ),
    Task.MEND_APPLICATION: Look(
        N_("Workshop applications returned"),
        N_("Correct them and hand them in again."),
        N_("Correct"),
        "bad",
        "reply",
    ),
    Task.REPORT_WORKSHOP: Look(
        N_("Yearly reports due"),
        N_("The first is due on %(until)s."),
        N_("Write"),
        "warn",
        "file-earmark",
    ),
    Task.SIGN_PAIRS: Look(
        N_("Mentorship agreements to sign"),
        N_("They run once all three have signed."),
        N_("Read and sign"),
        "warn",
        "pencil",
    ),
    Task.SIGN_OWN_PAIRS: Look(
        N_("Mentorship agreements to sign"),
        N_("They run once all three have signed."),
        N_("Read and sign"),
        "warn",
        "pencil",
    ),
    Task.SIGN_AMENDMENTS: Look(
        N_("Amendments to sign"),
        N_("They hold once all three have signed."),
        N_("Read and sign"),
        "warn",
        "pencil",
    ),
    Task.SIGN_OWN_AMENDMENTS: Look(
        N_("Amendments to sign"),
        N_("They hold once all three have signed."),
        N_("Read and sign"),
        "warn",
        "pencil",
    ),
    Task.RECORD_ACCEPTANCES: Look(
        N_("Mentorships whose term is over"),
        N_("Their check at the end is not recorded yet."),
        N_("Record the check"),
        "warn",
        "calendar-check",
    ),
    Task.CONFIRM_ACCEPTANCES: Look(
        N_("Checks of mentorships to confirm"),
        N_("Their outcome stands once all three have confirmed it."),
        N_("Look and confirm"),
        "warn",
        "check2-square",
    ),
    Task.CONFIRM_OWN_ACCEPTANCES: Look(
        N_("Checks of mentorships to confirm"),
        N_("Their outcome stands once all three have confirmed it."),
        N_("Look and confirm"),
        "warn",
        "check2-square",
    ),
    Task.CONFIRM_MONTHS: Look(
        N_("Months of teaching to confirm"),
        N_("A month counts once mentor and apprentice have confirmed it."),
        N_("Confirm"),
        "warn",
        "calendar-check",
    ),
    Task.CONFIRM_MILESTONES: Look(
        N_("Milestones to confirm"),
        N_("They are due, or the other side has confirmed them."),
        N_("Confirm"),
        "info",
        "check2-square",
    ),
    Task.SEND_SELECTION: Look(
        N_("Applications to hand in"),
        N_("They are drafts until you hand them in."),
        N_("Open the list"),
        "warn",
        "pencil",
    ),
    Task.MEND_SELECTION: Look(
        N_("Applications to complete"),
        N_("They came back with a reason and a deadline."),
        N_("Complete"),
        "bad",
        "pencil",
    ),
    Task.MEND_TITLE_REPORT: Look(
        N_("Yearly reports to complete"),
        N_("Staff of the bureau gave them back."),
        N_("Complete"),
        "warn",
        "file-earmark-text",
    ),
    Task.DECIDE_SELECTION: Look(
        N_("Rounds of selections to decide"),
        N_("Their public notice has ended."),
        N_("Record the decision to confer"),
        "good",
        "patch-check",
    ),
    Task.CHECK_SELECTIONS: Look(
        N_("Applications in selections to check"),
        N_("It is the turn of your body."),
        N_("Open the list"),
        "info",
        "check2-square",
    ),
    Task.CHECKS_OVERDUE: Look(
        N_("Checks of applications that are overdue"),
        N_("Their deadline has passed."),
        N_("Open the list"),
        "bad",
        "exclamation-triangle",
    ),
    Task.SIGN_SELECTION_SHEETS: Look(
        N_("Panels with sheets to sign"),
        N_("Candidates of selections wait for your marks."),
        N_("Open the sheets"),
        "warn",
        "pencil",
    ),
    Task.VOTE_SELECTION: Look(
        N_("Ballots to vote in"),
        N_("They are open, and you have not voted yet."),
        N_("Vote"),
        "warn",
        "check2-square",
    ),
    Task.APPROVE_SELECTION: Look(
        N_("Proposals of selections"), _SECOND, N_("Look"), "warn", "file-earmark-text"
    ),
    Task.AGREE_AMENDMENT: Look(
        N_("Amendments of published rounds"), _SECOND, N_("Look"), "warn", "file-earmark-text"
    ),
    Task.CHECK_TITLE_REPORTS: Look(
        N_("Yearly reports of title holders"),
        N_("Handed in by the holders."),
        N_("Look"),
        "warn",
        "file-earmark-text",
    ),
    Task.AGREE_REVOCATION: Look(
        N_("Titles to be revoked"), _SECOND, N_("Look"), "bad", "exclamation-triangle"
    ),
    Task.GIVE_BENEFITS: Look(
        N_("Benefits of title holders"),
        N_("Due by the end of the next month."),
        N_("Open the list"),
        "info",
        "calendar-check",
    ),
    Task.ORDER_ALLOWANCES: Look(
        N_("Allowances to order"),
        N_("They are due to title holders."),
        N_("Open the series"),
        "info",
        "cash-coin",
    ),
    Task.AGREE_NAMING: Look(N_("Namings to agree to"), _SECOND, N_("Look"), "warn", "people"),
    Task.CONFIRM_PROVINCIAL: Look(
        N_("Results of higher contests"), _SECOND, N_("Look"), "warn", "trophy"
    ),
    Task.SEND_ENTRY_FORM: Look(
        N_("Entry forms to send"),
        N_("Their entries close within three weeks."),
        N_("Look"),
        "warn",
        "send",
    ),
    Task.TAKE_INTAKES: Look(
        N_("Entries of delegations"),
        N_("Their files are read, and wait to be taken over."),
        N_("Look"),
        "warn",
        "people",
    ),
    Task.OWN_PROVINCIAL: Look(
        N_("On the way to a higher contest"),
        N_("See what comes next, and by when."),
        N_("Look"),
        "info",
        "trophy",
        False,
    ),
}


def _plain(endpoint: str, **more: Any) -> Callable[[Waiting], str]:
    return lambda _waiting: url_for(endpoint, **more)


def _one(endpoint: str, argument: str, several: str, **more: Any) -> Callable[[Waiting], str]:
    """Return the address of a single thing; several lead to their list."""

    def address(waiting: Waiting) -> str:
        if waiting.key is None:
            return url_for(several, **more)
        place: dict[str, Any] = {argument: waiting.key}
        return url_for(endpoint, **place)

    return address


def _application(state: ApplicationState) -> Callable[[Waiting], str]:
    several = "workshops.list_applications"
    return _one("workshops.show_application", "workshop_application_id", several, state=state.value)


def _pair(several: str, **more: Any) -> Callable[[Waiting], str]:
    return _one("mentorships.show_pair", "mentorship_id", several, **more)


_RUN = _one("stipends.show_run", "stipend_run_id", "stipends.list_runs")
_OWN = _pair("mentorships.list_own")
_RUNNING = _pair("mentorships.list_pairs", state=MentorshipState.RUNNING.value)
_ABOVE = _one("provincial.show_contest", "provincial_contest_id", "provincial.list_contests")
URLS: dict[Task, Callable[[Waiting], str]] = {
    Task.AGREE_NAMING: _one(
        "provincial.show_event", "provincial_event_id", "provincial.list_contests"
    ),
    Task.CONFIRM_PROVINCIAL: _ABOVE,
    Task.SEND_ENTRY_FORM: _ABOVE,
    Task.TAKE_INTAKES: _one(
        "provincial.show_intake", "provincial_intake_id", "contests.list_contests"
    ),
    Task.OWN_PROVINCIAL: _plain("provincial.list_own"),
    Task.SEND_SELECTION: _plain("selection_applications.list_own"),
    Task.MEND_SELECTION: _plain("selection_applications.list_own"),
    Task.MEND_TITLE_REPORT: _plain("selection_holders.list_own"),
    Task.DECIDE_SELECTION: _one(
        "selection_holders.decide_round", "selection_round_id", "notices.list_notices"
    ),
    Task.CHECK_SELECTIONS: _plain("selection_checks.list_steps"),
    Task.CHECKS_OVERDUE: _plain("selection_checks.list_steps", overdue=1),
    Task.SIGN_SELECTION_SHEETS: _one(
        "selection_reviews.list_sheets", "selection_round_id", "selection_reviews.list_rounds"
    ),
    Task.VOTE_SELECTION: _one(
        "selection_reviews_meetings.show_ballot",
        "selection_ballot_id",
        "selection_reviews.list_rounds",
    ),
    Task.APPROVE_SELECTION: _one(
        "selection_reviews.show_proposal", "selection_proposal_id", "selections.list_programmes"
    ),
    Task.AGREE_AMENDMENT: _one(
        "selections.show_round", "selection_round_id", "selections.list_programmes"
    ),
    Task.CHECK_TITLE_REPORTS: _one(
        "selection_holders.show_report", "selection_report_id", "selection_holders.list_reports"
    ),
    Task.AGREE_REVOCATION: _one(
        "selection_holders.show_holder", "selection_holder_id", "selection_holders.list_holders"
    ),
    Task.GIVE_BENEFITS: _plain("selection_holders.list_benefits"),
    Task.ORDER_ALLOWANCES: _plain("payouts.list_series"),
    Task.CHECK_APPLICATION: _application(ApplicationState.SUBMITTED),
    Task.VISIT_APPLICATION: _application(ApplicationState.CHECKED),
    Task.DECIDE_APPLICATION: _application(ApplicationState.SITE_CHECKED),
    Task.NOTIFY_APPLICATION: _application(ApplicationState.DECIDED),
    Task.FOUND_WORKSHOP: _application(ApplicationState.NOTICE),
    Task.WORKSHOPS_OVERDUE: _plain("workshops.show_dues"),
    Task.CHECK_REPORT: _one("workshops.show_report", "workshop_report_id", "workshops.show_dues"),
    Task.CONFIRM_ASSESSMENT: _one(
        "workshops.show_assessment", "workshop_assessment_id", "workshops.show_dues"
    ),
    Task.DECIDE_GRADES: _one("workshops.show_round", "workshop_round_id", "workshops.list_rounds"),
    Task.APPROVE_POLICY: _one(
        "workshops.show_policy", "workshop_policy_id", "workshops.list_policies"
    ),
    Task.APPROVE_LIMITS: _plain("mentorships.list_rules"),
    Task.APPROVE_SCALE: _one("stipends.show_scale", "stipend_scale_id", "stipends.list_scales"),
    Task.CHECK_STIPENDS: _RUN,
    Task.APPROVE_STIPENDS: _RUN,
    Task.ORDER_STIPENDS: _RUN,
    Task.DECIDE_CASES: _plain("stipends.list_cases"),
    Task.MEND_APPLICATION: _one(
        "workshops.show_application", "workshop_application_id", "workshops.list_own"
    ),
    Task.REPORT_WORKSHOP: _plain("workshops.list_own"),
    Task.SIGN_PAIRS: _pair("mentorships.list_pairs", state=MentorshipState.SIGNING.value),
    Task.SIGN_AMENDMENTS: _RUNNING,
    Task.RECORD_ACCEPTANCES: _RUNNING,
    Task.CONFIRM_ACCEPTANCES: _RUNNING,
    Task.SIGN_OWN_PAIRS: _OWN,
    Task.SIGN_OWN_AMENDMENTS: _OWN,
    Task.CONFIRM_MONTHS: _OWN,
    Task.CONFIRM_MILESTONES: _OWN,
    Task.CONFIRM_OWN_ACCEPTANCES: _OWN,
}
