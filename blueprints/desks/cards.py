"""How each kind of waiting task looks on a desk: words, tone, icon, and the page it leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from blueprints.desks import programmes
from blueprints.desks.looks import Look
from blueprints.web import may, translated, yuan
from rules.acts import Act
from rules.states import AccountState, EntryState
from rules.texts import N_
from services.desks_tasks import Task, Waiting

SHOWN_NOTES = 3


@dataclass(frozen=True)
class Card:
    """One card, ready to be shown; without a count only its words."""

    title: str
    text: str
    url: str
    tone: str
    icon: str
    action: str
    count: int | str | None
    done: int | None = None
    of: int | None = None
    notes: tuple[str, ...] = ()
    due: datetime | None = None


LOOKS = {
    Task.PUBLISH: Look(
        N_("Edition in draft"), "%(title)s", N_("Finish and publish"), "info", "pencil", False
    ),
    Task.REVIEW: Look(
        N_("Entries to review"), "%(title)s", N_("Review"), "warn", "clipboard-check"
    ),
    Task.DRAW: Look(N_("Ready for the draw"), "%(title)s", N_("Draw the codes"), "info", "shuffle"),
    Task.HALL: Look(N_("Contest day"), "%(title)s", N_("Open the hall"), "info", "people", False),
    Task.PAPER: Look(
        N_("Paper sheets"), "%(title)s", N_("Key and scan"), "neutral", "file-earmark", False
    ),
    Task.SEAT: Look(N_("Panels incomplete"), "%(title)s", N_("Seat judges"), "warn", "people"),
    Task.SEAL: Look(
        N_("Codes to seal"), "%(title)s", N_("See the layers"), "warn", "envelope", False
    ),
    Task.UNSEAL: Look(
        N_("Layers to open"), "%(title)s", N_("See the layers"), "warn", "unlock", False
    ),
    Task.OPEN_SCORING: Look(
        N_("Scoring can be opened"), "%(title)s", N_("Open scoring"), "info", "unlock"
    ),
    Task.COMPUTE: Look(N_("Results to compute"), "%(title)s", N_("Compute"), "info", "calculator"),
    Task.WATCH: Look(
        N_("Sheets not signed yet"), "%(title)s", N_("See the progress"), "warn", "activity"
    ),
    Task.CONFIRM: Look(
        N_("Marks to confirm"), "%(title)s", N_("Confirm the marks"), "good", "check2-square", False
    ),
    Task.SIT: Look(
        N_("Asked to sit on a panel"),
        N_("Please accept or decline."),
        N_("Answer"),
        "warn",
        "envelope",
    ),
    Task.MARK: Look(N_("Score sheets to fill"), "%(title)s", N_("Enter marks"), "warn", "pencil"),
    Task.SIGN: Look(
        N_("Results to sign"), "%(title)s", N_("Check and sign"), "warn", "shield-check", False
    ),
    Task.OVERSEE: Look(
        N_("Scoring under way"), "%(title)s", N_("See the progress"), "neutral", "eye"
    ),
    Task.ENTER: Look(
        N_("Events that take entries"),
        N_("%(title)s, until %(until)s"),
        N_("Enter"),
        "info",
        "person-plus",
    ),
    Task.MEND: Look(
        N_("Returned entries"),
        N_("Correct them and hand them in again."),
        N_("Correct"),
        "bad",
        "reply",
    ),
    Task.OWN_ENTRIES: Look(
        N_("My entries"),
        N_("Entries in contests that are not over."),
        N_("Look"),
        "neutral",
        "card-checklist",
    ),
    Task.DOWNLOAD: Look(
        N_("My certificates"), N_("Ready to download."), N_("Download"), "good", "award"
    ),
    Task.POST_NOTICE: Look(
        N_("Signed results without notice"), "%(title)s", N_("Post a notice"), "warn", "megaphone"
    ),
    Task.CLOSE_NOTICE: Look(
        N_("Notice has ended"),
        N_("%(title)s, ended on %(until)s"),
        N_("Close the notice"),
        "warn",
        "calendar-check",
        False,
    ),
    Task.WAIT_NOTICE: Look(
        N_("Notice is running"),
        N_("%(title)s, until %(until)s"),
        N_("Look"),
        "neutral",
        "hourglass-split",
        False,
    ),
    Task.ISSUE: Look(
        N_("Certificates to issue"), "%(title)s", N_("Issue certificates"), "info", "award"
    ),
    Task.PAY: Look(
        N_("Prizes of final results"),
        N_("%(count)s awards, ¥%(amount)s in all"),
        N_("Open the payment list"),
        "info",
        "cash-coin",
        False,
    ),
    Task.SUBMIT_PAYOUT: Look(
        N_("Payment order in draft"),
        N_("%(title)s, ¥%(amount)s"),
        N_("Check and hand in"),
        "info",
        "cash-coin",
        False,
    ),
    Task.APPROVE_PAYOUT: Look(
        N_("Payment order to approve"),
        N_("%(title)s, ¥%(amount)s"),
        N_("Look and approve"),
        "warn",
        "cash-coin",
        False,
    ),
    Task.SEND_PAYOUT: Look(
        N_("Payment order to send"),
        N_("%(title)s, ¥%(amount)s"),
        N_("Make the bank's file"),
        "info",
        "cash-coin",
        False,
    ),
    Task.RETURN_PAYOUT: Look(
        N_("The bank's answer awaited"),
        N_("%(title)s, ¥%(amount)s"),
        N_("Look"),
        "neutral",
        "cash-coin",
        False,
    ),
    Task.OBJECTIONS: Look(
        N_("Objections to answer"),
        N_("%(title)s, answer until %(until)s"),
        N_("Look"),
        "warn",
        "chat-left-text",
    ),
    Task.SETTLE_LEVELS: Look(
        N_("Level list in draft"),
        "%(title)s",
        N_("Settle and hand in"),
        "info",
        "mortarboard",
        False,
    ),
    Task.APPROVE_LEVELS: Look(
        N_("Level list to approve"),
        "%(title)s",
        N_("Look and approve"),
        "warn",
        "mortarboard",
        False,
    ),
    Task.SEND_LEVELS: Look(
        N_("Level list to send"), "%(title)s", N_("Export"), "info", "mortarboard", False
    ),
    Task.RETURN_LEVELS: Look(
        N_("Certificate numbers awaited"), "%(title)s", N_("Look"), "neutral", "mortarboard", False
    ),
    Task.ANSWER: Look(
        N_("Appeals to answer"), "%(title)s", N_("Open the appeals"), "warn", "chat-left-text"
    ),
    Task.CARRY_OUT: Look(
        N_("Rulings to carry out"), "%(title)s", N_("See the rulings"), "warn", "tools"
    ),
    Task.OWN_APPEALS: Look(
        N_("My appeals"),
        N_("They wait for the arbitration group."),
        N_("Look"),
        "neutral",
        "chat-left-text",
    ),
    Task.ACTIVATE: Look(
        N_("Accounts not activated"),
        N_("Their owners have not used the one-time link yet."),
        N_("Look"),
        "neutral",
        "person-badge",
    ),
    Task.UNLOCK: Look(
        N_("Locked accounts"), N_("Too many wrong passwords."), N_("Look"), "warn", "lock"
    ),
    **programmes.LOOKS,
}


def card_of(waiting: Waiting) -> Card:
    """Turn a waiting task into its card."""
    look = LOOKS[waiting.task]
    words = {
        "title": waiting.title,
        "until": waiting.until.isoformat() if waiting.until else "",
        "count": waiting.count,
        "amount": yuan(waiting.amount) if waiting.amount is not None else "",
    }
    text = gettext(look.text) % words if look.text != "%(title)s" else waiting.title
    return Card(
        gettext(look.title),
        text,
        _URLS[waiting.task](waiting),
        look.tone,
        look.icon,
        gettext(look.action),
        waiting.count if look.shows_count else None,
        waiting.key if waiting.of else None,
        waiting.of,
        _notes(waiting),
        waiting.due,
    )


def _notes(waiting: Waiting) -> tuple[str, ...]:
    """Say what a draft still needs, the first things in full."""
    if waiting.task is not Task.PUBLISH:
        return ()
    if not waiting.missing:
        return (gettext("Everything needed is there."),)
    shown = tuple(translated(problem) for problem in waiting.missing[:SHOWN_NOTES])
    left = len(waiting.missing) - len(shown)
    return (*shown, gettext("and %(count)s more", count=left)) if left else shown


def _of_event(endpoint: str) -> Callable[[Waiting], str]:
    """Return the address on an event; several events lead to their contest."""

    def address(waiting: Waiting) -> str:
        if waiting.event_id is None:
            return url_for("contests.show_contest", contest_id=waiting.contest_id)
        return url_for(endpoint, event_id=waiting.event_id)

    return address


def _of_contest(endpoint: str, **more: Any) -> Callable[[Waiting], str]:
    return lambda waiting: url_for(endpoint, contest_id=waiting.contest_id, **more)


def _plain(endpoint: str, **more: Any) -> Callable[[Waiting], str]:
    return lambda _waiting: url_for(endpoint, **more)


def _opening(waiting: Waiting) -> str:
    """Return the page with the button that opens scoring: each role has its own."""
    page = "judging.show_panel" if may(Act.SEAT_JUDGES) else "judging.progress"
    return _of_event(page)(waiting)


def _level_list(waiting: Waiting) -> str:
    return url_for("levels.show_list", level_list_id=waiting.key)


def _payout(waiting: Waiting) -> str:
    return url_for("payouts.show_order", payout_order_id=waiting.key)


_URLS: dict[Task, Callable[[Waiting], str]] = {
    Task.PUBLISH: _of_contest("contests.show_contest"),
    Task.REVIEW: _of_contest("entries.list_entries", state=EntryState.SUBMITTED.value),
    Task.DRAW: _of_event("judging.draw"),
    Task.HALL: _of_event("halls.show_hall"),
    Task.PAPER: _of_event("papers.show_papers"),
    Task.SEAT: _of_event("judging.show_panel"),
    Task.SEAL: _of_event("layers.show_codes"),
    Task.UNSEAL: _of_event("layers.show_codes"),
    Task.OPEN_SCORING: _opening,
    Task.COMPUTE: _of_event("results.show_results"),
    Task.WATCH: _of_event("judging.progress"),
    Task.CONFIRM: _of_event("judging.progress"),
    Task.SIT: _plain("judges.list_invitations"),
    Task.MARK: _of_event("judging.list_sheets"),
    Task.SIGN: lambda waiting: url_for("results.show_revision", revision_id=waiting.key),
    Task.OVERSEE: _of_event("control.show"),
    Task.ENTER: _plain("entries.list_open"),
    Task.MEND: _plain("entries.list_own", state=EntryState.RETURNED.value),
    Task.OWN_ENTRIES: _plain("entries.list_own"),
    Task.DOWNLOAD: _plain("certificates.list_certificates"),
    Task.POST_NOTICE: _of_contest("notices.new_notice"),
    Task.CLOSE_NOTICE: lambda waiting: url_for("notices.show_notice", notice_id=waiting.key),
    Task.WAIT_NOTICE: lambda waiting: url_for("notices.show_notice", notice_id=waiting.key),
    Task.ISSUE: lambda waiting: url_for(
        "certificates.list_certificates", contest=waiting.contest_id
    ),
    Task.OBJECTIONS: lambda waiting: url_for("objections.list_objections", notice_id=waiting.key),
    Task.SETTLE_LEVELS: _level_list,
    Task.APPROVE_LEVELS: _level_list,
    Task.SEND_LEVELS: _level_list,
    Task.RETURN_LEVELS: _level_list,
    Task.PAY: _plain("awards.list_payments"),
    Task.SUBMIT_PAYOUT: _payout,
    Task.APPROVE_PAYOUT: _payout,
    Task.SEND_PAYOUT: _payout,
    Task.RETURN_PAYOUT: _payout,
    Task.ANSWER: _of_event("appeals.list_appeals"),
    Task.CARRY_OUT: _of_event("appeals.list_rulings"),
    Task.OWN_APPEALS: _plain("appeals.list_own"),
    Task.ACTIVATE: _plain("accounts.list_accounts", state=AccountState.WAITING.value),
    Task.UNLOCK: _plain("accounts.list_accounts", state=AccountState.LOCKED.value),
    **programmes.URLS,
}
