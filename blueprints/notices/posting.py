"""The page on which a notice is written, looked at and posted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import options
from blueprints.notices.forms import NoticeForm
from blueprints.notices.views import blueprint
from blueprints.web import attempt, today, translated
from models.contests import Contest
from models.results import Revision
from rules.acts import Act
from rules.documents_wordings import ordering_text
from rules.editions import ContestKind
from rules.notices import Ordering
from rules.texts import N_
from services import contests, notices, notices_chains, notices_previews
from services.notices_previews import Preview

NOTICE_BODY = N_(
    "The results of %(contest)s have been confirmed by the chief judges and signed by the "
    "supervisors. The proposed winners are hereby made public. Whoever objects may report it in "
    "writing within the period of this notice: persons under their real name with a way to reach "
    "them, units with their seal; the facts must be stated. Late objections are not accepted."
)
SELECTION_BODY = N_(
    "The applications for %(contest)s have been recommended, checked and reviewed by experts. The "
    "people proposed are hereby made public. Whoever objects may report it in writing within the "
    "period of this notice: persons under their real name with a way to reach them, units with "
    "their seal; the facts must be stated. Late objections are not accepted."
)
_FIELDS = ("revision_ids", "title", "body", "contact", "starts_on", "ordering")


@blueprint.route("/contests/<int:contest_id>/notices/new", methods=["GET", "POST"])
@allows(Act.POST_NOTICE)
def new_notice(contest_id: int) -> ResponseReturnValue:
    """Write a notice, look at it, and post it."""
    contest = contests.get_outline(contest_id)
    revisions, rules = notices.list_postable(contest_id), contests.rules_of(contest)
    form = NoticeForm(**_suggested(contest))
    form.ordering.choices = _orderings(form, contest)
    form.revision_ids.choices = [(one.id, one.event.title) for one in revisions]
    looked = "preview" in request.form
    if not form.is_submitted():
        form.revision_ids.data = notices_chains.ready(rules.notice_levels, revisions, today())
    elif not looked and form.validate() and _warned(form, contest, revisions):
        values = {name: form[name].data for name in _FIELDS}
        done = attempt(form, notices.post, contest_id, **values)
        if done:
            flash(gettext("The notice is posted."), "success")
            return redirect(url_for("notices.show_notice", notice_id=done.id), 303)
    shown = _preview(form, contest, revisions)
    form.seen.data = shown.key if shown else ""
    page = render_template(
        "notices/new_notice.html",
        contest=contest,
        form=form,
        revisions=revisions,
        rules=rules,
        shown=shown,
        problems=[translated(one) for one in shown.problems] if shown else [],
        warnings=[translated(one) for one in shown.warnings] if shown else [],
    )
    return page, 422 if form.is_submitted() and not looked else 200


def _orderings(form: NoticeForm, contest: Contest) -> Any:
    """Offer the orders of a list; one of a selection is in the order of its titles."""
    if contest.kind is not ContestKind.SELECTION:
        return form.ordering.choices
    return options((one, gettext(ordering_text(one, contest.kind))) for one in Ordering)


def _warned(form: NoticeForm, contest: Contest, revisions: Sequence[Revision]) -> bool:
    """Let a notice through whose warnings stood on the page from which it comes."""
    shown = _preview(form, contest, revisions)
    if shown is None or shown.problems or shown.key == (form.seen.data or ""):
        return True
    form.refuse(gettext("Read what stands below under the preview, then post the notice."), None)
    return False


def _preview(form: NoticeForm, contest: Contest, revisions: Sequence[Revision]) -> Preview | None:
    starts_on, chosen = form.starts_on.data, form.revision_ids.data or []
    if not isinstance(starts_on, date) or not revisions:
        return None
    if chosen or form.is_submitted():  # a first look at a chain that is not ready says why
        revisions = [one for one in revisions if one.id in chosen]
    rules = contests.rules_of(contest)
    return notices_previews.preview(rules, revisions, form.ordering.data, starts_on)


def _suggested(contest: Contest) -> dict[str, object]:
    title = gettext("Notice of the proposed winners of %(contest)s", contest=contest.title)
    body = NOTICE_BODY
    if contest.kind is ContestKind.SELECTION:
        title = gettext("Notice of the people proposed in %(contest)s", contest=contest.title)
        body = SELECTION_BODY
    return {
        "title": title[:160],
        "body": gettext(body, contest=contest.title),
        "starts_on": today(),
    }
