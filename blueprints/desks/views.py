"""The start page and each role's desk."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, current_holder, require_holder
from blueprints.desks.cards import card_of
from blueprints.web import now, today
from rules.access import Role
from rules.acts import Act
from rules.states import EventState, NoticeState
from rules.texts import N_
from services import audits, contests, desks, notices

blueprint = Blueprint("desks", __name__)
SHOWN_RECORDS = 8

# What an idle desk says, and where its owner goes next.
IDLE: dict[Role, tuple[str, str, str]] = {
    Role.ORGANIZER: (
        N_("Make a new edition, or copy the last one."),
        N_("Contests"),
        "contests.list_contests",
    ),
    Role.CHIEF_JUDGE: (N_("Your events appear here once their scoring is open."), "", ""),
    Role.JUDGE: (
        N_("Your score sheets appear here once scoring is open."),
        N_("Score sheets"),
        "judging.list_own",
    ),
    Role.ENTRY_CLERK: (
        N_("Your score sheets appear here once scoring is open."),
        N_("Score sheets"),
        "judging.list_own",
    ),
    Role.SEALER: (N_("Your envelopes appear here once codes are drawn."), "", ""),
    Role.HALL_CLERK: (N_("Your events appear here on the day of the contest."), "", ""),
    Role.SUPERVISOR: (
        N_("Computed results appear here to be checked and signed."),
        N_("Audit record"),
        "audits.list_records",
    ),
    Role.ARBITRATOR: (
        N_("Appeals appear here as soon as they are filed."),
        N_("Appeals"),
        "appeals.list_own",
    ),
    Role.SELECTION_CLERK: (
        N_("Applications appear here when it is your turn to check them."),
        "",
        "",
    ),
    Role.REVIEWER: (N_("Candidates appear here when you sit on a panel."), "", ""),
    Role.EMPLOYER: (
        N_("No event takes entries at present."),
        N_("My entries"),
        "entries.list_own",
    ),
    Role.CONTESTANT: (
        N_("No event takes entries at present."),
        N_("My entries"),
        "entries.list_own",
    ),
    Role.BUREAU_STAFF: (
        N_("Signed results appear here to be put in public notice."),
        N_("Contests"),
        "contests.list_contests",
    ),
    Role.PAYER: (
        N_("Prizes appear here once results are final."),
        N_("Payments"),
        "awards.list_payments",
    ),
    Role.APPROVER: (
        N_("Payment orders appear here to be approved."),
        N_("Payment orders"),
        "payouts.list_orders",
    ),
    Role.ADMINISTRATOR: (
        N_("All accounts are in use, and none is locked."),
        N_("Accounts"),
        "accounts.list_accounts",
    ),
}


@blueprint.get("/")
@allows(Act.READ_PUBLIC)
def home() -> ResponseReturnValue:
    """The public start page."""
    if current_holder() is not None:
        return redirect(url_for(".desk"), 303)
    shown = [
        contest
        for contest in contests.list_open_contests(today())
        if any(event.state is EventState.REGISTERING for event in contest.events)
    ]
    posted = notices.list_notices(today()).items
    return render_template(
        "desks/home.html",
        open_contests=shown,
        is_open=lambda event: event.state is EventState.REGISTERING,
        running=[notice for notice in posted if notice.state is NoticeState.POSTED],
        finished=notices.list_public_contests(),
    )


@blueprint.get("/desk")
@allows(Act.SEE_DESK)
def desk() -> ResponseReturnValue:
    """What waits for the reader today."""
    holder = require_holder()
    moment = now()
    found = desks.desk_of(holder, today(), moment)
    is_administrator = holder.has(Role.ADMINISTRATOR)
    sections = [
        (role, [card_of(waiting) for waiting in cards]) for role, cards in found.by_role.items()
    ]
    return render_template(
        "desks/desk.html",
        sections=sections,
        timed=any(card.due for _, cards in sections for card in cards),
        now=moment,
        hints={role: gettext(text) for role, (text, _title, _page) in IDLE.items()},
        next_pages={role: _next_page(role) for role in found.by_role},
        records=audits.list_latest(SHOWN_RECORDS) if is_administrator else [],
    )


def _next_page(role: Role) -> tuple[str, str] | None:
    _text, title, endpoint = IDLE[role]
    return (gettext(title), url_for(endpoint)) if endpoint else None
