"""Pages on which accounts are created, given roles, closed and unlocked."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.accounts.forms import GrantForm, NewAccountForm
from blueprints.accounts.links import link_days, show_links
from blueprints.accounts.views import blueprint
from blueprints.labels import label
from blueprints.web import attempt, attempt_button, now, page_number, sorting, translated
from rules.access import Role, may_manage
from rules.acts import Act
from rules.refusals import Refused
from rules.states import AccountState
from services import (
    accounts,
    accounts_granting,
    accounts_inviting,
    accounts_lists,
    audits,
    contests,
)
from services.accounts_granting import Link, NewAccount, grant_of
from services.accounts_lists import Wanted


@blueprint.get("/accounts")
@allows(Act.SEE_ACCOUNTS)
def list_accounts() -> ResponseReturnValue:
    """List accounts with filters."""
    holder, instant = require_holder(), now()
    sort, descending = sorting()
    page = accounts_lists.list_accounts(holder, instant, _wanted(), page_number(), sort, descending)
    return render_template(
        "accounts/list.html",
        page=page,
        titles=accounts_lists.titles_of(list(page.items)),
        contests=[contest for contest, _events in accounts_lists.list_scopes(holder)],
        roles=[(role.value, label(role)) for role in Role],
        states=[(state.value, label(state)) for state in AccountState],
        state_of=lambda account: accounts.state_of(account, instant),
    )


def _wanted() -> Wanted:
    asked = request.args
    return Wanted(
        text=asked.get("q", "").strip()[:60],
        role=_chosen(Role, asked.get("role", "")),
        contest_id=asked.get("contest", type=int),
        state=_chosen(AccountState, asked.get("state", "")),
    )


def _chosen(kind: Any, text: str) -> Any:
    return kind(text) if text in {item.value for item in kind} else None


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@allows(Act.MANAGE_ACCOUNTS)
def new_account() -> ResponseReturnValue:
    """Create one account and show its one-time link."""
    form = NewAccountForm()
    form.offer([("", "–"), *_roles()], _scopes())
    if form.validate_on_submit():
        done = _create(form)
        if done is not None:
            return _answer(done)
    page = render_template(
        "accounts/new.html", form=form, employers=accounts_lists.list_employer_titles()
    )
    return page, 422 if form.is_submitted() else 200


def _create(form: NewAccountForm) -> Any:
    try:
        grants = tuple(grant_of(Role(role), scope) for role, scope in form.chosen())
    except Refused as refusal:
        form.refuse(translated(refusal), None)
        return None
    new = NewAccount(
        form.username.data or "",
        form.title.data or "",
        grants,
        form.email.data or "",
        form.phone.data or "",
        form.employer.data or "",
        form.id_number.data or "",
    )
    return attempt(form, accounts_granting.create, new, link_days())


def _answer(done: Any) -> ResponseReturnValue:
    """Show the link that was made; after a repeat it cannot be shown again."""
    if isinstance(done.value, Link):
        back = url_for(".show_account", account_id=done.value.account_id)
        return show_links([done.value], back)
    flash(gettext("The link was shown already. Make a new one if it is lost."), "warning")
    return redirect(url_for(".show_account", account_id=done.id), 303)


def _roles() -> list[tuple[str, str]]:
    administrates = require_holder().has(Role.ADMINISTRATOR)
    return [
        (role.value, label(role))
        for role in Role
        if administrates or role is not Role.ADMINISTRATOR
    ]


def _scopes() -> list[tuple[str, str]]:
    """List where a role may hold: everywhere, in a contest, in an event."""
    offered = [("all", gettext("All contests"))]
    for contest, events in accounts_lists.list_scopes(require_holder()):
        offered.append((f"c:{contest.id}", contest.title))
        offered += [(f"e:{event.id}", f"{contest.title} · {event.title}") for event in events]
    return offered


@blueprint.get("/accounts/<int:account_id>")
@allows(Act.SEE_ACCOUNTS)
def show_account(account_id: int) -> ResponseReturnValue:
    """Show an account: its roles, its state, what was done with it."""
    return _account_page(account_id, _grant_form())


def _grant_form() -> GrantForm:
    form = GrantForm()
    form.role.choices, form.scope.choices = _roles(), _scopes()
    return form


def _account_page(account_id: int, form: GrantForm) -> str:
    account = accounts_lists.get_with_links(account_id)
    instant = now()
    return render_template(
        "accounts/show.html",
        shown=account,
        form=form,
        state=accounts.state_of(account, instant),
        link_until=accounts_lists.open_link_until(account_id, instant),
        titles=accounts_lists.titles_of([account]),
        manageable=may_manage(require_holder(), account.holder().grants),
        records=audits.list_latest(10, "account", account_id),
    )


@blueprint.post("/accounts/<int:account_id>/roles")
@allows(Act.MANAGE_ACCOUNTS)
def grant(account_id: int) -> ResponseReturnValue:
    """Hand out one more role."""
    form = _grant_form()
    if form.validate():
        role, scope = Role(form.role.data), form.scope.data
        if attempt(form, accounts_granting.grant, account_id, role, scope):
            flash(gettext("The role is granted."), "success")
            return redirect(url_for(".show_account", account_id=account_id), 303)
    return _account_page(account_id, form), 422


@blueprint.post("/accounts/<int:account_id>/roles/<int:grant_number>/revoke")
@allows(Act.MANAGE_ACCOUNTS)
def revoke(account_id: int, grant_number: int) -> ResponseReturnValue:
    """Take a role back."""
    if attempt_button(accounts_granting.revoke, account_id, grant_number):
        flash(gettext("The role is taken back."), "success")
    return redirect(url_for(".show_account", account_id=account_id), 303)


@blueprint.post("/accounts/<int:account_id>/close")
@allows(Act.MANAGE_ACCOUNTS)
def close(account_id: int) -> ResponseReturnValue:
    """Close an account and end its sessions."""
    if attempt_button(accounts_granting.close, account_id):
        flash(gettext("The account is closed and signed out everywhere."), "success")
    return redirect(url_for(".show_account", account_id=account_id), 303)


@blueprint.post("/accounts/<int:account_id>/unlock")
@allows(Act.MANAGE_ACCOUNTS)
def unlock(account_id: int) -> ResponseReturnValue:
    """Let a locked account sign in again."""
    if attempt_button(accounts_granting.unlock, account_id):
        flash(gettext("The account can sign in again."), "success")
    return redirect(url_for(".show_account", account_id=account_id), 303)


@blueprint.post("/accounts/<int:account_id>/link")
@allows(Act.MANAGE_ACCOUNTS)
def renew_link(account_id: int) -> ResponseReturnValue:
    """Make a new one-time link and show it once."""
    done = attempt_button(accounts_granting.renew_link, account_id, link_days())
    if done is None:
        return redirect(url_for(".show_account", account_id=account_id), 303)
    return _answer(done)


@blueprint.get("/contests/<int:contest_id>/accounts")
@allows(Act.MANAGE_ACCOUNTS)
def contestant_links(contest_id: int) -> ResponseReturnValue:
    """Say how many contestants of a contest have no account yet."""
    return render_template(
        "accounts/contestants.html",
        edition=contests.get_contest(contest_id),
        count=accounts_inviting.count_without_account(contest_id),
    )


@blueprint.post("/contests/<int:contest_id>/accounts")
@allows(Act.MANAGE_ACCOUNTS)
def invite_contestants(contest_id: int) -> ResponseReturnValue:
    """Make accounts for all contestants and give the list of their links once."""
    done = attempt_button(accounts_inviting.invite_contestants, contest_id, link_days())
    here = url_for(".contestant_links", contest_id=contest_id)
    if done is None:
        return redirect(here, 303)
    if not isinstance(done.value, list):
        flash(gettext("The list was shown already. Make new links account by account."), "warning")
        return redirect(here, 303)
    return show_links(done.value, url_for(".list_accounts", contest=contest_id))
