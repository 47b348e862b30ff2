"""Pages of mentorships: the list, one pair with its history and what comes next, one's own."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.forms import ActForm
from blueprints.mentorships.forms import (
    BreakForm,
    DayForm,
    EvidenceForm,
    MilestoneForm,
    PauseForm,
    ReasonForm,
    SignForm,
    WithdrawMonthForm,
)
from blueprints.mentorships.words import agreement_field
from blueprints.web import download, now, page_number, today
from models.accounts import Account
from models.mentorships import Mentorship
from rules.access import Role, contests_of
from rules.acts import Act
from rules.mentorships import MentorshipState, Party
from services import (
    accounts,
    mentorships,
    mentorships_acceptance,
    mentorships_amendments,
    mentorships_files,
    mentorships_lists,
    mentorships_papers,
    mentorships_parts,
)
from services.mentorships_lists import Wanted

blueprint = Blueprint("mentorships", __name__)
blueprint.add_app_template_filter(agreement_field, "agreement_field")
PDF = "application/pdf"


def own_account() -> Account:
    """Return the account of the reader."""
    return accounts.get_account(require_holder().account_id)


def employer_only() -> int | None:
    """Return the employer to which the reader is limited; None for the bureau."""
    holder = require_holder()
    if contests_of(holder, {Role.BUREAU_STAFF}) is None:
        return None
    return holder.employer_id or abort(404)


def check_bureau() -> None:
    """Let nobody of the bureau do for all mentorships what was granted for one contest."""
    if contests_of(require_holder(), {Role.BUREAU_STAFF}) is not None:
        abort(404)


def _wanted() -> Wanted:
    state = request.args.get("state", "")
    own = employer_only()
    return Wanted(
        q=request.args.get("q", "").strip()[:60],
        employer_id=request.args.get("employer", type=int) if own is None else own,
        state=MentorshipState(state) if state in set(MentorshipState) else None,
        year=request.args.get("year", type=int),
        occupation=request.args.get("occupation", "")[:60],
        workshop_id=request.args.get("workshop", type=int),
        class_id=request.args.get("class", type=int),
        imported=request.args.get("imported") == "1",
    )


@blueprint.get("/mentorships")
@allows(Act.SEE_MENTORSHIPS)
def list_pairs() -> ResponseReturnValue:
    """List the pairs within reach; persons and person-times are counted apart (R7.12)."""
    wanted, own = _wanted(), employer_only()
    return render_template(
        "mentorships/list_pairs.html",
        page=mentorships_lists.list_pairs(wanted, page_number()),
        totals=mentorships_lists.totals(wanted),
        states=MentorshipState,
        years=mentorships_lists.years(own),
        occupations=mentorships_lists.occupations(own),
    )


@blueprint.get("/mentorships/own")
@allows(Act.SEE_OWN_MENTORSHIPS)
def list_own() -> ResponseReturnValue:
    """Show a mentor's or apprentice's own pairs, and what waits in each."""
    person_id = require_holder().person_id
    pairs = [] if person_id is None else list(mentorships_lists.list_own(person_id))
    sides = {
        one.id: Party.MENTOR if one.mentor_id == person_id else Party.APPRENTICE for one in pairs
    }
    waiting = mentorships_lists.waiting_of(pairs, sides, today())
    return render_template("mentorships/list_own.html", pairs=pairs, sides=sides, waiting=waiting)


@blueprint.get("/mentorships/<int:mentorship_id>")
@allows(Act.SEE_MENTORSHIP)
def show_pair(mentorship_id: int) -> ResponseReturnValue:
    """Show a pair: its agreement, its history, and what comes next."""
    return pair_page(mentorship_id, {})


def pair_page(mentorship_id: int, forms: dict[str, ActForm]) -> str:
    """Render the page of a pair, with the forms that were refused."""
    row = mentorships_parts.get_pair(mentorship_id)
    account = own_account()
    parties = mentorships_parts.parties_of(account, row)
    staff = accounts.is_staff(account)
    if row.state is MentorshipState.DRAFT and not staff and Party.EMPLOYER not in parties:
        abort(404)
    signatures = mentorships_lists.list_signatures(mentorship_id)
    amendment = mentorships_amendments.open_amendment(mentorship_id)
    return render_template(
        "mentorships/show_pair.html",
        row=row,
        parties=[one for one in Party if one in parties],
        staff=staff,
        manages=staff or Party.EMPLOYER in parties,
        sides=[one for one in parties if one is not Party.EMPLOYER],
        party_names={one: mentorships.name_of(row, one) for one in Party},
        signatures=signatures,
        signed=_signed(signatures, 0),
        amendment=amendment,
        amendment_signed=_signed(signatures, amendment.number) if amendment else set(),
        forms=_forms() | forms,
        refused=forms,
        can_object=row.objection_until is not None and today() <= row.objection_until,
        now=now(),
        **_history(row),
    )


def _signed(signatures: Any, amendment: int) -> set[Party]:
    return {
        one.party for one in signatures if one.dropped_at is None and one.amendment == amendment
    }


def _history(row: Mentorship) -> dict[str, Any]:
    return {
        "months": mentorships_lists.list_months(row, today()),
        "milestones": mentorships_lists.list_milestones(row.id),
        "files": mentorships_files.list_files(row.id),
        "pauses": mentorships_lists.list_pauses(row.id),
        "amendments": mentorships_amendments.list_amendments(row.id),
        "acceptance": mentorships_acceptance.get_acceptance(row.id),
        "former": mentorships_lists.former_of(row.id),
    }


def _forms() -> dict[str, ActForm]:
    """Make one form for each act of the page; ids are told apart by their names."""
    kinds: dict[str, type[ActForm]] = {
        "sign": SignForm,
        "amendment_sign": SignForm,
        "cancel": ReasonForm,
        "object": ReasonForm,
        "pause": PauseForm,
        "resume": DayForm,
        "break": BreakForm,
        "withdraw_month": WithdrawMonthForm,
        "milestone": MilestoneForm,
        "evidence": EvidenceForm,
    }
    return {name: told_apart(kind(formdata=None), name) for name, kind in kinds.items()}


def told_apart(form: ActForm, name: str) -> ActForm:
    """Give the fields of one of several forms on a page ids of their own."""
    for field in form:
        field.id = f"{name}-{field.name}"
    return form


@blueprint.get("/mentorships/<int:mentorship_id>/agreement.pdf")
@allows(Act.SEE_MENTORSHIP)
def agreement_paper(mentorship_id: int) -> ResponseReturnValue:
    """Download the agreement with the record of its signatures."""
    row = mentorships_parts.get_pair(mentorship_id)
    account = own_account()
    own = mentorships_parts.parties_of(account, row)
    manages = accounts.is_staff(account) or Party.EMPLOYER in own
    if row.state is MentorshipState.DRAFT and not manages:
        abort(404)
    name = f"{gettext('Agreement')}-{row.number}.pdf"
    return download(mentorships_papers.agreement_pdf(mentorship_id), name, PDF)
