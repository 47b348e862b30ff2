"""Who may do what: the one table that views, menu and tests read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from rules.acts import Act


class Role(StrEnum):
    """Roles of the field (R1.09); one person may hold several, each with its own scope."""

    ORGANIZER = "organizer"
    CHIEF_JUDGE = "chief_judge"
    JUDGE = "judge"
    ENTRY_CLERK = "entry_clerk"
    SEALER = "sealer"
    HALL_CLERK = "hall_clerk"
    SUPERVISOR = "supervisor"
    ARBITRATOR = "arbitrator"
    SELECTION_CLERK = "selection_clerk"
    REVIEWER = "reviewer"
    EMPLOYER = "employer"
    CONTESTANT = "contestant"
    BUREAU_STAFF = "bureau_staff"
    PAYER = "payer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


_ORGANIZER, _CHIEF, _JUDGE, _CLERK = (
    Role.ORGANIZER,
    Role.CHIEF_JUDGE,
    Role.JUDGE,
    Role.ENTRY_CLERK,
)
_SUPERVISOR, _EMPLOYER, _CONTESTANT = Role.SUPERVISOR, Role.EMPLOYER, Role.CONTESTANT
_ARBITRATOR, _HALL = Role.ARBITRATOR, Role.HALL_CLERK
_BUREAU, _PAYER, _ADMIN = Role.BUREAU_STAFF, Role.PAYER, Role.ADMINISTRATOR
_SEALER, _APPROVER = Role.SEALER, Role.APPROVER
_OFFICIALS = (_ORGANIZER, _CHIEF, _SUPERVISOR, _BUREAU)

ANYONE = frozenset(
    {
        Act.READ_PUBLIC,
        Act.SIGN_IN,
        Act.ACTIVATE_ACCOUNT,
        Act.CHOOSE_DISPLAY,
        Act.VERIFY_CERTIFICATE,
        Act.FILE_OBJECTION,
        Act.CLAIM_HONOURS,
    }
)
SIGNED_IN = frozenset({Act.SIGN_OUT, Act.SEE_DESK, Act.CHANGE_PASSWORD})

ALLOWED: dict[Act, frozenset[Role]] = {
    act: frozenset(roles)
    for act, roles in {
        Act.SEE_ACCOUNTS: (_ORGANIZER, _ADMIN),
        Act.SEE_PROVINCIAL: (_ORGANIZER, _BUREAU, _SUPERVISOR),
        Act.EDIT_PROVINCIAL: (_ORGANIZER, _BUREAU),
        Act.DECIDE_PROVINCIAL: (_BUREAU,),
        Act.SEE_PROVINCIAL_FORM: (_ORGANIZER, _BUREAU),
        Act.IMPORT_PROVINCIAL: (_BUREAU,),
        Act.IMPORT_HISTORIES: (_BUREAU,),
        Act.TAKE_INTAKES: (_ORGANIZER, _BUREAU),
        Act.SEE_OWN_PROVINCIAL: (_CONTESTANT,),
        Act.MANAGE_ACCOUNTS: (_ORGANIZER, _ADMIN),
        Act.SEE_AUDIT: (_SUPERVISOR, _ADMIN),
        Act.SEE_MESSAGES: (_ADMIN,),
        Act.FETCH_CERTIFICATES: (_EMPLOYER,),
        Act.MAIL_WINNERS: (_ORGANIZER, _BUREAU),
        Act.PRINT_CERTIFICATES: (_ORGANIZER, _BUREAU),
        Act.EDIT_CALENDAR: (_BUREAU, _ADMIN),
        Act.SEE_CONTESTS: (*_OFFICIALS, _PAYER, _APPROVER),
        Act.CREATE_CONTEST: (_ORGANIZER,),
        Act.EDIT_CONTEST: (_ORGANIZER,),
        Act.PUBLISH_CONTEST: (_ORGANIZER,),
        Act.REMOVE_CONTEST: (_ORGANIZER,),
        Act.SEE_EVENT: _OFFICIALS,
        Act.SEE_PEOPLE: (_ORGANIZER, _BUREAU),
        Act.EDIT_PERSON: (_ORGANIZER,),
        Act.SEE_TIMELINE: (_ORGANIZER, _BUREAU, _PAYER, _APPROVER),
        Act.SEE_OWN_TIMELINE: (_CONTESTANT,),
        Act.EDIT_MAP: (_BUREAU,),
        Act.SEE_QUALITY: (_BUREAU,),
        Act.SEE_FIGURES: (_BUREAU,),
        Act.SEE_STATISTICS: (_BUREAU,),
        Act.SEE_EDITION_REPORT: (_ORGANIZER, _BUREAU, _SUPERVISOR),
        Act.SEE_EVENT_REPORT: (_ORGANIZER, _BUREAU, _SUPERVISOR, _CHIEF),
        Act.EDIT_FIGURES: (_BUREAU,),
        Act.WRITE_REPLY: (_BUREAU,),
        Act.CREATE_EMPLOYER: (_ORGANIZER,),
        Act.SEE_EMPLOYER: (_ORGANIZER, _BUREAU, _EMPLOYER),
        Act.EDIT_EMPLOYER: (_ORGANIZER, _EMPLOYER),
        Act.ENTER: (_ORGANIZER, _EMPLOYER, _CONTESTANT),
        Act.SEE_OWN_ENTRIES: (_EMPLOYER, _CONTESTANT),
        Act.IMPORT_ENTRIES: (_ORGANIZER, _EMPLOYER),
        Act.SEE_ENTRIES: (_ORGANIZER, _BUREAU, _EMPLOYER, _CONTESTANT),
        Act.SEE_ENTRY: (_ORGANIZER, _BUREAU, _EMPLOYER, _CONTESTANT),
        Act.EDIT_ENTRY: (_ORGANIZER, _EMPLOYER, _CONTESTANT),
        Act.REVIEW_ENTRY: (_ORGANIZER,),
        Act.DRAW: (_ORGANIZER,),
        Act.RECORD_ATTENDANCE: (_ORGANIZER,),
        Act.EDIT_HALL: (_ORGANIZER,),
        Act.SEE_LOTS: (_ORGANIZER, Role.HALL_CLERK, _CHIEF, _SUPERVISOR),
        Act.DRAW_LOTS: (_ORGANIZER, Role.HALL_CLERK),
        Act.RESET_LOTS: (_CHIEF,),
        Act.RUN_HALL: (_ORGANIZER, Role.HALL_CLERK),
        Act.DOWNLOAD_PASS: (_ORGANIZER, Role.HALL_CLERK, _EMPLOYER, _CONTESTANT),
        Act.SEAT_JUDGES: (_ORGANIZER,),
        Act.SEE_JUDGES: (_ORGANIZER, _BUREAU),
        Act.EDIT_JUDGE: (_ORGANIZER, _BUREAU),
        Act.SEE_OWN_RELATIONS: (_JUDGE, _CLERK),
        Act.END_RELATION: (_ORGANIZER, _BUREAU, _JUDGE, _CLERK),
        Act.SEE_INVITATIONS: (_JUDGE, _CLERK),
        Act.ANSWER_SEAT: (_JUDGE, _CLERK),
        Act.SEE_CONFLICTS: (_ORGANIZER, _SUPERVISOR),
        Act.RECUSE_JUDGE: (_CHIEF,),
        Act.OPEN_SCORING: (_ORGANIZER, _CHIEF),
        Act.OPEN_STAGE: (_CHIEF,),
        Act.SEE_SHEETS: (_JUDGE, _CLERK),
        Act.ENTER_MARK: (_JUDGE, _CLERK),
        Act.SIGN_SHEET: (_JUDGE, _CLERK),
        Act.SEE_RECEIPTS: (_JUDGE, _CLERK, _CHIEF, _SUPERVISOR),
        Act.SEE_PROGRESS: (_CHIEF, _SUPERVISOR),
        Act.REOPEN_SHEET: (_CHIEF,),
        Act.DISMISS_ALARM: (_CHIEF,),
        Act.ASK_AGAIN: (_CHIEF,),
        Act.RECORD_VIOLATION: (_CHIEF,),
        Act.CONFIRM_MARKS: (_CHIEF,),
        Act.DECIDE_TIES: (_CHIEF,),
        Act.HOLD_KEY: (_SEALER, _SUPERVISOR),
        Act.SEE_CODES: (_ORGANIZER, _CHIEF, _SUPERVISOR, _SEALER),
        Act.SEAL_LAYER: (_SEALER,),
        Act.WITNESS_OPENING: (_ORGANIZER, _CHIEF, _SUPERVISOR),
        Act.OPEN_LAYER: (_SEALER, _SUPERVISOR),
        Act.RESET_CODES: (_CHIEF,),
        Act.FILE_APPEAL: (_ORGANIZER, _EMPLOYER, _CONTESTANT),
        Act.SEE_OWN_APPEALS: (_EMPLOYER, _CONTESTANT, _ARBITRATOR),
        Act.SEE_APPEALS: (_ORGANIZER, _SUPERVISOR, _ARBITRATOR),
        Act.SEE_APPEAL: (_ORGANIZER, _SUPERVISOR, _ARBITRATOR, _EMPLOYER, _CONTESTANT),
        Act.WITHDRAW_APPEAL: (_ORGANIZER, _EMPLOYER, _CONTESTANT),
        Act.DECIDE_APPEAL: (_ARBITRATOR,),
        Act.CARRY_OUT_RULING: (_ORGANIZER, _CHIEF),
        Act.END_EVENT: (_ORGANIZER,),
        Act.SEE_PAPERS: (_ORGANIZER, _CHIEF, _SUPERVISOR, _CLERK),
        Act.PRINT_PAPERS: (_ORGANIZER, _CHIEF, _CLERK),
        Act.KEY_PAPER: (_CLERK,),
        Act.COMPARE_PAPER: (_CHIEF, _SUPERVISOR, _CLERK),
        Act.RULE_PAPER: (_CHIEF,),
        Act.SCAN_PAPERS: (_CHIEF, _CLERK),
        Act.SEE_SCAN: (_CHIEF, _SUPERVISOR, _CLERK),
        Act.SEE_SIGNOFF: (_ORGANIZER, _CHIEF, _SUPERVISOR, _JUDGE, _CLERK),
        Act.SIGN_OFF: (_JUDGE, _CLERK, _CHIEF, _SUPERVISOR),
        Act.NAME_LEADER: (_ORGANIZER, _CHIEF),
        Act.SEE_SPOT_CHECK: (_CHIEF, _SUPERVISOR),
        Act.SPOT_CHECK: (_SUPERVISOR,),
        Act.REOPEN_MARKS: (_ORGANIZER, _CHIEF, _SUPERVISOR),
        Act.SEE_OWN_RESULT: (_EMPLOYER, _CONTESTANT),
        Act.SEE_CEREMONY: (_ORGANIZER, _BUREAU, _HALL),
        Act.NAME_PRESENTERS: (_ORGANIZER,),
        Act.SEE_RESULTS: _OFFICIALS,
        Act.COMPUTE_RESULTS: (_ORGANIZER,),
        Act.SIGN_RESULTS: (_SUPERVISOR,),
        Act.CORRECT_RESULTS: (_CHIEF,),
        Act.SEE_AWARDS: (*_OFFICIALS, _PAYER, _APPROVER),
        Act.HANDLE_OBJECTION: (_BUREAU,),
        Act.GIVE_PRIZES: (_ORGANIZER, _BUREAU),
        Act.SEE_MENTORSHIPS: (_BUREAU, _EMPLOYER),
        Act.SEE_MENTORSHIP: (_BUREAU, _EMPLOYER, _CONTESTANT),
        Act.SEE_OWN_MENTORSHIPS: (_CONTESTANT,),
        Act.EDIT_MENTORSHIP: (_BUREAU, _EMPLOYER),
        Act.SIGN_MENTORSHIP: (_EMPLOYER, _CONTESTANT),
        Act.CONFIRM_TEACHING: (_CONTESTANT,),
        Act.WITHDRAW_TEACHING: (_BUREAU, _CONTESTANT),
        Act.IMPORT_MENTORSHIPS: (_BUREAU,),
        Act.SEE_MENTORSHIP_RULES: (_BUREAU, _EMPLOYER),
        Act.EDIT_MENTORSHIP_RULES: (_BUREAU,),
        Act.SEE_HONOURS: (_BUREAU,),
        Act.SEE_OWN_HONOURS: (_CONTESTANT,),
        Act.RECORD_HONOUR: (_BUREAU,),
        Act.REVOKE_HONOUR: (_BUREAU,),
        Act.SEE_LEVEL_LISTS: (_ORGANIZER, _BUREAU),
        Act.PREPARE_LEVELS: (_ORGANIZER, _BUREAU),
        Act.APPROVE_LEVELS: (_BUREAU,),
        Act.EXPORT_LEVELS: (_BUREAU,),
        Act.EDIT_LAYOUTS: (_BUREAU, _ADMIN),
        Act.POST_NOTICE: (_BUREAU,),
        Act.CLOSE_NOTICE: (_BUREAU,),
        Act.SEE_CERTIFICATES: (_ORGANIZER, _BUREAU, _CONTESTANT, _JUDGE),
        Act.ISSUE_CERTIFICATE: (_BUREAU,),
        Act.REVOKE_CERTIFICATE: (_BUREAU,),
        Act.SEE_NUMBERS: (_ORGANIZER, _BUREAU),
        Act.SEE_SIGNERS: (_ORGANIZER, _BUREAU, _ADMIN),
        Act.REVOKE_SIGNER: (_BUREAU, _ADMIN),
        Act.DOWNLOAD_CERTIFICATE: (_ORGANIZER, _BUREAU, _CONTESTANT, _JUDGE),
        Act.DESIGN_CERTIFICATES: (_BUREAU,),
        Act.APPROVE_DESIGN: (_BUREAU,),
        Act.MANAGE_SEALS: (_BUREAU,),
        Act.APPROVE_SEAL: (_BUREAU,),
        Act.MANAGE_STATEMENT_KEYS: (_ADMIN,),
        # The kind of a document says more: payment orders are for payers, the others are not.
        Act.SEE_DOCUMENTS: (_ORGANIZER, _BUREAU, _PAYER, _APPROVER),
        Act.MAKE_DOCUMENT: (_BUREAU, _PAYER),
        Act.EDIT_TEMPLATES: (_BUREAU,),
        Act.APPROVE_TEMPLATE: (_BUREAU,),
        Act.SEE_PAYMENTS: (_PAYER, _APPROVER, _BUREAU),
        Act.EXPORT_PAYMENTS: (_PAYER, _BUREAU),
        Act.SEE_PAYOUTS: (_PAYER, _APPROVER, _BUREAU),
        Act.PREPARE_PAYOUT: (_PAYER,),
        Act.APPROVE_PAYOUT: (_APPROVER,),
        Act.SEND_PAYOUT: (_PAYER,),
        Act.EDIT_PAYEE: (_PAYER,),
        Act.REPORT_TAXES: (_PAYER,),
        Act.SEE_RECOVERIES: (_PAYER, _APPROVER, _BUREAU),
        Act.RECOVER_MONEY: (_PAYER,),
        Act.AGREE_WAIVER: (_APPROVER,),
        Act.EDIT_SERIES: (_PAYER,),
        Act.SEE_STIPENDS: (_BUREAU, _PAYER, _APPROVER),
        Act.DRAFT_SCALE: (_BUREAU,),
        Act.APPROVE_SCALE: (_BUREAU,),
        Act.PREPARE_STIPENDS: (_BUREAU,),
        Act.CHECK_STIPENDS: (_BUREAU,),
        Act.APPROVE_STIPENDS: (_APPROVER,),
        Act.ORDER_STIPENDS: (_PAYER,),
        Act.RECORD_TRAINING: (_BUREAU,),
        Act.DECIDE_CASE: (_BUREAU,),
        Act.SEE_OWN_STIPENDS: (_CONTESTANT,),
        Act.EDIT_PAYOUT_LAYOUTS: (_PAYER, _ADMIN),
        Act.SEE_OWN_ACCOUNT: (_EMPLOYER, _CONTESTANT),
        Act.SEE_SELECTIONS: (_BUREAU,),
        Act.EDIT_SELECTION: (_BUREAU,),
        Act.PUBLISH_SELECTION: (_BUREAU,),
        Act.SEE_WORKSHOPS: (_BUREAU,),
        Act.SEE_WORKSHOP: (_BUREAU, _EMPLOYER),
        Act.SEE_OWN_WORKSHOPS: (_EMPLOYER,),
        Act.APPLY_WORKSHOP: (_EMPLOYER,),
        Act.REPORT_WORKSHOP: (_EMPLOYER,),
        Act.EDIT_WORKSHOP_FILES: (_EMPLOYER,),
        Act.CHECK_WORKSHOP: (_BUREAU,),
        Act.DECIDE_WORKSHOP: (_BUREAU,),
        Act.IMPORT_WORKSHOPS: (_BUREAU,),
        Act.EDIT_WORKSHOP_POLICY: (_BUREAU,),
        Act.SEE_NOMINATIONS: (_BUREAU,),
        Act.SEE_NOMINATION: (_BUREAU, _EMPLOYER),
        Act.SEE_OWN_NOMINATIONS: (_EMPLOYER, _CONTESTANT),
        Act.PROPOSE_NOMINATION: (_EMPLOYER,),
        Act.EDIT_NOMINATION: (_BUREAU, _EMPLOYER),
        Act.MANAGE_NOMINATIONS: (_BUREAU,),
        Act.APPROVE_NOMINATIONS: (_BUREAU,),
        Act.SEE_BALLOTS: (_BUREAU, Role.REVIEWER),
        Act.HOLD_BALLOT: (_BUREAU,),
        Act.VOTE: (Role.REVIEWER,),
        Act.SEE_PAIRS: (_BUREAU, Role.REVIEWER),
        Act.COMPARE_PAIRS: (Role.REVIEWER,),
        Act.RECORD_VISIT: (_BUREAU, Role.REVIEWER),
        Act.SEE_MEETINGS: (_BUREAU, Role.REVIEWER),
        Act.HOLD_MEETING: (_BUREAU,),
        Act.SEE_TITLES: (_BUREAU,),
        Act.EDIT_TITLES: (_BUREAU,),
        Act.REVOKE_TITLE: (_BUREAU,),
        Act.IMPORT_TITLES: (_BUREAU,),
        Act.DECIDE_SELECTION: (_BUREAU,),
        Act.SEE_OWN_TITLES: (_CONTESTANT,),
        Act.WRITE_TITLE_REPORT: (_CONTESTANT,),
        Act.APPLY_SELECTION: (_CONTESTANT, _EMPLOYER, Role.SELECTION_CLERK, Role.REVIEWER),
        Act.SEE_SELECTION_APPLICATION: (
            _CONTESTANT,
            _EMPLOYER,
            Role.SELECTION_CLERK,
            Role.REVIEWER,
            _BUREAU,
        ),
        Act.SEE_SELECTION_CHECKS: (_BUREAU, _EMPLOYER, Role.SELECTION_CLERK),
        Act.CHECK_SELECTION: (_BUREAU, _EMPLOYER, Role.SELECTION_CLERK),
        Act.SET_CLAUSE_ASIDE: (_BUREAU,),
        Act.MERGE_APPLICATIONS: (_BUREAU,),
        Act.ASK_OPINIONS: (_BUREAU,),
        Act.IMPORT_APPLICATIONS: (_BUREAU,),
        Act.MARK_SELECTION: (Role.REVIEWER,),
        Act.MANAGE_SELECTION_REVIEW: (_BUREAU,),
        Act.APPROVE_SELECTION: (_BUREAU,),
    }.items()
}

# These roles act for themselves: where a thing has owners, they must be among them.
OWNING_ROLES = frozenset(
    {_EMPLOYER, _CONTESTANT, _JUDGE, _CLERK, Role.SELECTION_CLERK, Role.REVIEWER}
)


@dataclass(frozen=True)
class Grant:
    """One role of one account, for everything or for one contest or event only."""

    role: Role
    contest_id: int | None = None
    event_id: int | None = None


@dataclass(frozen=True)
class Holder:
    """A signed-in account as far as permission is concerned."""

    account_id: int
    grants: tuple[Grant, ...] = ()
    employer_id: int | None = None
    person_id: int | None = None

    def has(self, *roles: Role) -> bool:
        """Say whether the account holds any of these roles, whatever their scope."""
        return any(grant.role in roles for grant in self.grants)


@dataclass(frozen=True)
class Place:
    """Where a thing belongs: its contest, its event, and those who own it.

    ``contests`` holds the contests in which a person or employer takes part: these belong to none.
    """

    contest_id: int | None = None
    event_id: int | None = None
    owned: bool = False
    accounts: frozenset[int] = field(default_factory=frozenset)
    employers: frozenset[int] = field(default_factory=frozenset)
    persons: frozenset[int] = field(default_factory=frozenset)
    contests: frozenset[int] = field(default_factory=frozenset)


def may(act: Act, holder: Holder | None) -> bool:
    """Say whether the act is open to this account for at least some thing."""
    if act in ANYONE:
        return True
    if holder is None:
        return False
    return act in SIGNED_IN or holder.has(*ALLOWED.get(act, ()))


def allowed(act: Act, holder: Holder | None, place: Place) -> bool:
    """Say whether the act is open to this account for the thing at this place."""
    if act in ANYONE:
        return True
    if holder is None:
        return False
    if act in SIGNED_IN:
        return True
    roles = ALLOWED[act]
    return any(
        grant.role in roles and covers(grant, place) and _owns(grant.role, holder, place)
        for grant in holder.grants
    )


def covers(grant: Grant, place: Place) -> bool:
    """Say whether a grant's scope reaches the place."""
    if grant.event_id is not None:
        return grant.event_id == place.event_id
    return grant.contest_id in {None, place.contest_id} or grant.contest_id in place.contests


def _owns(role: Role, holder: Holder, place: Place) -> bool:
    if not place.owned or role not in OWNING_ROLES:
        return True
    if role is Role.EMPLOYER:
        return holder.employer_id is not None and holder.employer_id in place.employers
    if role is Role.CONTESTANT:
        return holder.person_id is not None and holder.person_id in place.persons
    return holder.account_id in place.accounts


def contests_of(holder: Holder, roles: Iterable[Role]) -> frozenset[int] | None:
    """Return the contests to which these roles of the account are limited; None means all."""
    wanted = frozenset(roles)
    limits: set[int] = set()
    for grant in holder.grants:
        if grant.role in wanted:
            if grant.contest_id is None:
                return None
            limits.add(grant.contest_id)
    return frozenset(limits)


def roles_of(act: Act) -> frozenset[Role]:
    """Return the roles to which the act is open."""
    return ALLOWED.get(act, frozenset())


def may_grant(holder: Holder, grant: Grant) -> bool:
    """Say whether the account may hand out this role: its own scope only, never administrator."""
    if holder.has(Role.ADMINISTRATOR):
        return True
    place = Place(contest_id=grant.contest_id, event_id=grant.event_id)
    return grant.role is not Role.ADMINISTRATOR and any(
        own.role is Role.ORGANIZER and covers(own, place) for own in holder.grants
    )


def may_manage(holder: Holder, grants: Iterable[Grant]) -> bool:
    """Say whether the account may open or close an account that holds these roles."""
    return all(may_grant(holder, grant) for grant in grants)
