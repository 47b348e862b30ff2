"""The organizer's review of entries."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.entries.forms import ReviewForm
from blueprints.entries.standings import standing_at
from blueprints.entries.views import blueprint, entry_page
from blueprints.web import attempt, attempt_button
from rules.acts import Act
from rules.states import EntryState
from services import entries, entries_lists, entries_reviews


@blueprint.route("/entries/<int:entry_id>/review", methods=["GET", "POST"])
@allows(Act.REVIEW_ENTRY)
def review(entry_id: int) -> ResponseReturnValue:
    """Accept, return or reject one entry, then go on to the next."""
    form = ReviewForm()
    if form.validate_on_submit():
        done = attempt(
            form,
            entries_reviews.review,
            entry_id,
            form.base_version,
            EntryState(form.decision.data),
            form.reason.data or "",
            not form.out_of_competition.data,
        )
        if done:
            flash(gettext("The decision is saved."), "success")
            return redirect(_onwards(entry_id), 303)
    entry = entries.get_entry(entry_id)
    if not form.is_submitted():
        form.version.data = str(entry.version)
        form.out_of_competition.data = not entry.in_competition
        form.reason.data = entry.remark
    shown = entry_page(entry, standing_at(entry.event.contest_id, entry.event_id))
    page = render_template("entries/review.html", form=form, **shown)
    return page, 422 if form.is_submitted() else 200


def _onwards(entry_id: int) -> str:
    """Return the next entry that waits, else the list."""
    contest_id = entries.get_entry(entry_id).event.contest_id
    following = entries_lists.next_waiting(contest_id, entry_id)
    if following is not None:
        return url_for(".review", entry_id=following)
    return url_for(".list_entries", contest_id=contest_id)


@blueprint.post("/contests/<int:contest_id>/entries/accept")
@allows(Act.REVIEW_ENTRY)
def accept_entries(contest_id: int) -> ResponseReturnValue:
    """Accept the chosen entries of a list."""
    chosen = [int(key) for key in request.form.getlist("ids") if key.isdecimal() and len(key) < 10]
    if attempt_button(entries_reviews.accept_many, contest_id, chosen):
        flash(gettext("The chosen entries are accepted."), "success")
    query = request.query_string.decode()
    return redirect(url_for(".list_entries", contest_id=contest_id) + (query and f"?{query}"), 303)
