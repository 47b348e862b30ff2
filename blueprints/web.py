"""What every page needs: the actor, translated refusals, the menu, safe redirects."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, request, send_file, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import force_locale, get_locale, gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

from blueprints.access import current_holder
from blueprints.forms import ActForm
from blueprints.labels import LABELS, label, level_title, tone
from rules import access
from rules.acts import Act
from rules.data import InvalidRules
from rules.editions import ContestKind
from rules.refusals import Refused
from rules.texts import N_
from services.acting import ZONE, Actor
from services.audits_words import ACTIONS, SUBJECTS
from services.settings import Mode, Settings
from services.transaction import Repeated

P = ParamSpec("P")
T = TypeVar("T")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
limiter = Limiter(get_remote_address, storage_uri="memory://")


class PageSessions(SecureCookieSessionInterface):
    """Sign-ins that only pages renew.

    A style sheet or picture that arrives late must not bring back a sign-in that has ended
    meanwhile, and what is the same for everybody carries nobody's cookie.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Say whether this reply carries the cookie."""
        page = request.endpoint not in (None, "static")
        return page and super().should_set_cookie(app, session)


@dataclass(frozen=True)
class Outcome:
    """What an act gave back; ``id`` is the thing it made or changed."""

    value: Any

    @property
    def id(self) -> int:
        """Return the id of the thing made or changed."""
        return int(self.value)


@dataclass(frozen=True)
class MenuItem:
    """One line of the navigation."""

    title: str
    url: str
    active: bool
    icon: str
    group: str


CONTEST, REGISTERS, OFFICE = N_("Contest work"), N_("Registers"), N_("Administration")

# Endpoint, title, icon, group, and the act that opens it.
MENU: tuple[tuple[str, str, str, str, Act], ...] = (
    ("desks.desk", N_("Desk"), "grid", "", Act.SEE_DESK),
    ("contests.list_contests", N_("Contests"), "trophy", CONTEST, Act.SEE_CONTESTS),
    ("entries.list_own", N_("My entries"), "clipboard-check", CONTEST, Act.SEE_OWN_ENTRIES),
    ("judging.list_own", N_("Score sheets"), "list-check", CONTEST, Act.SEE_SHEETS),
    ("layers.show_keys", N_("My key"), "key", CONTEST, Act.HOLD_KEY),
    ("appeals.list_own", N_("Appeals"), "chat-left-text", CONTEST, Act.SEE_OWN_APPEALS),
    ("signoffs.list_own", N_("Sign-off"), "shield-check", CONTEST, Act.SIGN_OFF),
    ("judges.list_invitations", N_("Invitations"), "envelope", CONTEST, Act.SEE_INVITATIONS),
    ("judges.list_own_relations", N_("My relations"), "link-45deg", CONTEST, Act.SEE_OWN_RELATIONS),
    ("awards.list_payments", N_("Payments"), "award", CONTEST, Act.SEE_PAYMENTS),
    ("payouts.list_orders", N_("Payment orders"), "cash-coin", CONTEST, Act.SEE_PAYOUTS),
    ("payouts.own_account", N_("My bank account"), "cash-coin", CONTEST, Act.SEE_OWN_ACCOUNT),
    (
        "certificates.list_certificates",
        N_("Certificates"),
        "patch-check",
        CONTEST,
        Act.SEE_CERTIFICATES,
    ),
    ("honours.list_own", N_("My honours and certificates"), "award", CONTEST, Act.SEE_OWN_HONOURS),
    ("timelines.show_own", N_("My timeline"), "activity", CONTEST, Act.SEE_OWN_TIMELINE),
    (
        "deliveries.list_staff",
        N_("Certificates of our people"),
        "patch-check",
        CONTEST,
        Act.FETCH_CERTIFICATES,
    ),
    (
        "workshops.list_own",
        N_("Our master workshops"),
        "buildings",
        CONTEST,
        Act.SEE_OWN_WORKSHOPS,
    ),
    (
        "nominations.list_own",
        N_("Nominations upward"),
        "graph-up",
        CONTEST,
        Act.SEE_OWN_NOMINATIONS,
    ),
    (
        "selection_applications.list_own",
        N_("Applications for selections"),
        "award",
        CONTEST,
        Act.APPLY_SELECTION,
    ),
    (
        "mentorships.list_own",
        N_("Mentor and apprentice"),
        "people",
        CONTEST,
        Act.SEE_OWN_MENTORSHIPS,
    ),
    (
        "mentorships.list_pairs",
        N_("Mentorships"),
        "people",
        REGISTERS,
        Act.SEE_MENTORSHIPS,
    ),
    (
        "provincial.list_contests",
        N_("Contests above the city"),
        "trophy",
        REGISTERS,
        Act.SEE_PROVINCIAL,
    ),
    ("honours.list_honours", N_("Register of honours"), "award", REGISTERS, Act.SEE_HONOURS),
    (
        "selection_holders.list_holders",
        N_("Register of titles"),
        "patch-check",
        REGISTERS,
        Act.SEE_TITLES,
    ),
    (
        "provincial.list_own",
        N_("My contests above the city"),
        "trophy",
        CONTEST,
        Act.SEE_OWN_PROVINCIAL,
    ),
    ("selection_holders.list_own", N_("My titles"), "patch-check", CONTEST, Act.SEE_OWN_TITLES),
    (
        "workshops.list_workshops",
        N_("Master workshops"),
        "buildings",
        REGISTERS,
        Act.SEE_WORKSHOPS,
    ),
    (
        "nominations.list_calls",
        N_("Nominations upward"),
        "graph-up",
        REGISTERS,
        Act.SEE_NOMINATIONS,
    ),
    (
        "selections.list_programmes",
        N_("Selections"),
        "trophy",
        REGISTERS,
        Act.SEE_SELECTIONS,
    ),
    ("stipends.list_runs", N_("Mentor stipends"), "cash-coin", REGISTERS, Act.SEE_STIPENDS),
    ("stipends.list_own", N_("My mentor stipends"), "cash-coin", REGISTERS, Act.SEE_OWN_STIPENDS),
    (
        "selection_reviews.list_rounds",
        N_("Reviews of selections"),
        "award",
        REGISTERS,
        Act.MARK_SELECTION,
    ),
    (
        "selection_checks.list_steps",
        N_("Checks of applications"),
        "clipboard-check",
        REGISTERS,
        Act.SEE_SELECTION_CHECKS,
    ),
    ("people.list_people", N_("People"), "people", REGISTERS, Act.SEE_PEOPLE),
    ("judges.list_judges", N_("Judge pool"), "person-badge", REGISTERS, Act.SEE_JUDGES),
    ("reports.list_figures", N_("Figures"), "bar-chart", REGISTERS, Act.SEE_FIGURES),
    ("statistics.show_year", N_("Reports and pictures"), "graph-up", REGISTERS, Act.SEE_STATISTICS),
    (
        "histories.list_imports",
        N_("Lists of past years"),
        "clock-history",
        REGISTERS,
        Act.IMPORT_HISTORIES,
    ),
    ("quality.show_quality", N_("Quality of teaching"), "graph-up", REGISTERS, Act.SEE_QUALITY),
    (
        "directories.list_workshops",
        N_("Directory of workshops"),
        "geo-alt",
        REGISTERS,
        Act.EDIT_MAP,
    ),
    ("people.list_employers", N_("Employers"), "buildings", REGISTERS, Act.SEE_PEOPLE),
    ("accounts.list_accounts", N_("Accounts"), "key", OFFICE, Act.SEE_ACCOUNTS),
    (
        "statements.list_keys",
        N_("Keys of statements"),
        "key",
        OFFICE,
        Act.MANAGE_STATEMENT_KEYS,
    ),
    (
        "documents.list_templates",
        N_("Document templates"),
        "file-earmark-text",
        OFFICE,
        Act.EDIT_TEMPLATES,
    ),
    (
        "designs.list_designs",
        N_("Designs of certificates"),
        "award",
        OFFICE,
        Act.DESIGN_CERTIFICATES,
    ),
    ("designs.list_seals", N_("Seals"), "patch-check", OFFICE, Act.MANAGE_SEALS),
    ("calendars.show", N_("Calendar"), "calendar3", OFFICE, Act.EDIT_CALENDAR),
    ("messages.list_messages", N_("Outbox"), "envelope", OFFICE, Act.SEE_MESSAGES),
    ("audits.list_records", N_("Audit record"), "clock-history", OFFICE, Act.SEE_AUDIT),
)


def now() -> datetime:
    """Return the present instant, from the application's clock."""
    clock: Callable[[], datetime] = current_app.extensions["skillstar_clock"]
    return clock()


def today() -> date:
    """Return the present day in China."""
    return now().astimezone(ZONE).date()


def acting(form: ActForm | None = None) -> Actor:
    """Return who acts in this request."""
    account_id = current_user.id if current_user.is_authenticated else None
    key = form.request_key.data if form is not None else None
    return Actor(account_id, now(), g.get("request_id", ""), key or None)


def attempt(
    form: ActForm, act: Callable[Concatenate[Actor, P], T], *args: P.args, **kwargs: P.kwargs
) -> Outcome | None:
    """Do an act; a refusal lands at its field and gives None, a repeat counts as done."""
    try:
        return Outcome(act(acting(form), *args, **kwargs))
    except Repeated as repeat:
        return Outcome(repeat.subject_id)
    except InvalidRules as invalid:
        for problem in invalid.problems:
            form.refuse(translated(problem), problem.field)
        return None
    except Refused as refusal:
        form.refuse(translated(refusal), refusal.field)
        return None


def attempt_button(
    act: Callable[Concatenate[Actor, P], T], *args: P.args, **kwargs: P.kwargs
) -> Outcome | None:
    """Do an act for a form that is only a button; a refusal is shown as a message."""
    form = ActForm()
    if not form.validate():
        flash(gettext("The page was open for too long. Please try again."), "danger")
        return None
    done = attempt(form, act, *args, **kwargs)
    for message in form.form_errors:
        flash(message, "danger")
    return done


def translated(refusal: Refused) -> str:
    """Say a refusal in the reader's language, the usual titles (Theory, Practical) in it too."""
    params = {key: _said(value) for key, value in refusal.params.items()}
    return str(gettext(refusal.message, **params))


def _said(value: object) -> object:
    if isinstance(value, Refused):
        return translated(value)
    if isinstance(value, tuple):
        return gettext(", ").join(str(_said(one)) for one in value)
    if isinstance(value, Enum) and (type(value), value) in LABELS:
        return label(value)
    return gettext(value) if isinstance(value, str) and value else value


def base_url() -> str:
    """Return scheme and host of this program, without a slash; those we were told, if any."""
    chosen: Settings = current_app.config["SETTINGS"]
    name = chosen.server_name.strip().rstrip("/")
    if not name:
        return request.host_url.rstrip("/")
    if "://" in name:
        return name
    return ("https://" if chosen.skillstar_mode is Mode.PRODUCTION else "http://") + name


def check_url(code: str) -> str:
    """Return the address under which anybody checks the certificate of a code."""
    return url_for("certificates.check", code=code, _external=True)


def safe_next(target: str | None) -> str:
    """Return a local path to go to, never another site."""
    home: str = url_for("desks.desk")
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return home
    parts = urlsplit(target)
    return home if parts.scheme or parts.netloc or "\\" in target else target


def page_number() -> int:
    """Return the page asked for, 1 when unreadable."""
    return max(1, min(request.args.get("page", 1, type=int) or 1, 1_000_000))


def sorting(default: str = "") -> tuple[str, bool]:
    """Return the column to sort by and whether downwards."""
    return request.args.get("sort", default), request.args.get("dir") == "desc"


def menu() -> list[MenuItem]:
    """List the pages that the access table opens to the reader."""
    holder = current_holder()
    if holder is None:
        return []
    return [
        MenuItem(
            gettext(title),
            url_for(endpoint),
            endpoint == request.endpoint,
            icon,
            gettext(group) if group else "",
        )
        for endpoint, title, icon, group, act in MENU
        if endpoint in current_app.view_functions and access.may(act, holder)
    ]


def contest_crumbs(contest: Any) -> list[tuple[str, str]]:
    """Return the way back from a page of a contest, for those who may go it."""
    if not may(Act.SEE_CONTESTS):
        return []
    here = url_for("contests.show_contest", contest_id=contest.id)
    title, page, act = _SHELVES[contest.kind]
    shelf = [(gettext(title), url_for(page))] if may(act) else []
    return [*shelf, (contest.title, here)]


# Where editions of each kind are listed; what carries selections and contests above has no list.
_SHELVES = {
    ContestKind.CONTEST: (N_("Contests"), "contests.list_contests", Act.SEE_CONTESTS),
    ContestKind.SELECTION: (N_("Selections"), "selections.list_programmes", Act.SEE_SELECTIONS),
    ContestKind.EXTERNAL: (
        N_("Contests above the city"),
        "provincial.list_contests",
        Act.SEE_PROVINCIAL,
    ),
}


def may(act: str) -> bool:
    """Say in a template whether the reader may do an act somewhere."""
    return access.may(Act(act), current_holder())


def may_at(act: str, contest_id: int | None, event_id: int | None = None) -> bool:
    """Say in a template whether the reader may do an act for this contest or event."""
    place = access.Place(contest_id=contest_id, event_id=event_id)
    return access.allowed(Act(act), current_holder(), place)


def download(data: bytes, filename: str, mimetype: str) -> Response:
    """Send made bytes as a file to save, never to be shown inline."""
    response = send_file(
        io.BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=filename
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def files_dir() -> Path:
    """Return the one folder in which files are kept; what lies elsewhere no sweep would know."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.files_dir


def in_chinese(text: str) -> str:
    """Say a term of the usual plan in Chinese, as certificates do in a page of any language."""
    with force_locale("zh_Hans_CN"):
        return str(gettext(text))


def china_time(value: datetime | None) -> str:
    """Show an instant as date and time in China."""
    return "" if value is None else value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def yuan(value: Any) -> str:
    """Show an amount of money with separators, without empty cents."""
    text = f"{value:,.2f}"
    return text[:-3] if text.endswith(".00") else text


def action_title(action: str) -> str:
    """Say in the reader's language what an audit record says was done."""
    return str(gettext(ACTIONS.get(action, action)))


def subject_title(subject: str) -> str:
    """Say in the reader's language on what it was done."""
    return str(gettext(SUBJECTS.get(subject, subject)))


def install(app: Flask) -> None:
    """Give templates the shared functions and filters."""
    app.jinja_env.globals.update(
        may=may, may_at=may_at, action_form=ActForm, contest_crumbs=contest_crumbs
    )
    app.jinja_env.filters.update(
        china_time=china_time,
        yuan=yuan,
        label=label,
        tone=tone,
        level_title=level_title,
        refusal=translated,
        action_title=action_title,
        subject_title=subject_title,
    )
    app.context_processor(
        lambda: {
            "menu": menu(),
            "theme": _cookie("theme", ("light", "dark"), "auto"),
            "today": today(),
            "lang": "en" if str(get_locale()) == "en" else "zh-Hans-CN",
            "account": _account(),
            "sign_in_url": url_for("accounts.sign_in"),
        }
    )


def _cookie(name: str, known: tuple[str, ...], default: str) -> str:
    value = request.cookies.get(name, "")
    return value if value in known else default


def _account() -> dict[str, str] | None:
    """Say who is signed in, for the page header."""
    if not current_user.is_authenticated:
        return None
    roles = sorted({label(grant.role) for grant in current_user.grants})
    return {
        "id": str(current_user.id),
        "name": current_user.title,
        "role": gettext(", ").join(roles),
        "url": url_for("accounts.change_password"),
        "sign_out_url": url_for("accounts.sign_out"),
    }


def utc_now() -> datetime:
    """Return the clock of a running program."""
    return datetime.now(UTC)
