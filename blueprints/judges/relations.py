"""Relations of judges, invitations to panels, and the conflicts that follow."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.judges.forms import AnswerForm, RelationForm
from blueprints.judges.views import blueprint, judge_page
from blueprints.web import attempt, attempt_button, may
from rules.acts import Act
from rules.judges import SeatAnswer
from services import (
    contests,
    judges,
    judges_recusals,
    judges_relations,
    panels,
    panels_answers,
    panels_conflicts,
)


@blueprint.route("/relations", methods=["GET", "POST"])
@allows(Act.SEE_OWN_RELATIONS)
def list_own_relations() -> ResponseReturnValue:
    """One's own relations, and the form to declare one."""
    form, account_id = RelationForm(), require_holder().account_id
    if form.validate_on_submit() and attempt(
        form, judges_relations.declare_relation, account_id, form.typed()
    ):
        flash(gettext("Declared. The organizer takes it into account."), "success")
        return redirect(url_for(".list_own_relations"), 303)
    relations = judges_relations.list_relations(account_id)
    page = render_template("judges/list_own_relations.html", form=form, relations=relations)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/judges/<int:judge_id>/relations", methods=["GET", "POST"])
@allows(Act.EDIT_JUDGE)
def declare_relation(judge_id: int) -> ResponseReturnValue:
    """Declare a relation of somebody else."""
    if request.method != "POST":  # a refused page that is loaded again
        return redirect(url_for(".show_judge", judge_id=judge_id), 303)
    form, judge = RelationForm(is_official=True), judges.get_judge(judge_id)
    if form.validate() and attempt(
        form, judges_relations.declare_relation, judge.account_id, form.typed()
    ):
        flash(gettext("Declared."), "success")
        return redirect(url_for(".show_judge", judge_id=judge_id), 303)
    return judge_page(judges.get_judge(judge_id), form), 422


@blueprint.post("/relations/<int:relation_id>/end")
@allows(Act.END_RELATION)
def end_relation(relation_id: int) -> ResponseReturnValue:
    """End a relation."""
    account_id = judges_relations.get_relation(relation_id).account_id
    if attempt_button(judges_relations.end_relation, relation_id):
        flash(gettext("The relation is ended; it stays on record."), "success")
    return redirect(_back(account_id), 303)


@blueprint.post("/relations/<int:relation_id>/person/<int:person>")
@allows(Act.EDIT_JUDGE)
def name_person(relation_id: int, person: int) -> ResponseReturnValue:
    """Say which of several people is meant."""
    account_id = judges_relations.get_relation(relation_id).account_id
    if attempt_button(judges_relations.name_person, relation_id, person):
        flash(gettext("Saved."), "success")
    return redirect(_back(account_id), 303)


def _back(account_id: int) -> str:
    """Return the page of the pool's judge for officials, one's own page for others."""
    judge = judges.find_judges([account_id]).get(account_id) if may(Act.SEE_JUDGES) else None
    if judge is None:
        return url_for(".list_own_relations")
    return url_for(".show_judge", judge_id=judge.id)


@blueprint.get("/invitations")
@allows(Act.SEE_INVITATIONS)
def list_invitations() -> ResponseReturnValue:
    """The panels on which the reader is asked to sit."""
    return render_template(
        "judges/list_invitations.html",
        invitations=panels_answers.list_invitations(require_holder().account_id),
        answers=SeatAnswer,
    )


@blueprint.post("/seats/<int:seat_id>/accept")
@allows(Act.ANSWER_SEAT)
def accept_seat(seat_id: int) -> ResponseReturnValue:
    """Accept a seat."""
    if attempt_button(panels_answers.answer_seat, seat_id, True):
        flash(gettext("You have accepted the seat."), "success")
    return redirect(url_for(".list_invitations"), 303)


@blueprint.route("/seats/<int:seat_id>/decline", methods=["GET", "POST"])
@allows(Act.ANSWER_SEAT)
def decline_seat(seat_id: int) -> ResponseReturnValue:
    """Decline a seat, with the reason."""
    form = AnswerForm()
    if form.validate_on_submit() and attempt(
        form, panels_answers.answer_seat, seat_id, False, form.reason.data or ""
    ):
        flash(gettext("You have declined the seat; the organizer sees it."), "success")
        return redirect(url_for(".list_invitations"), 303)
    taken = panels.get_seat(seat_id)
    page = render_template(
        "judges/decline_seat.html",
        form=form,
        seat=taken,
        event=contests.get_event(taken.event_id),
        crumbs=[(gettext("Invitations"), url_for(".list_invitations"))],
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/seats/<int:seat_id>/step-in")
@allows(Act.SEAT_JUDGES)
def step_in(seat_id: int) -> ResponseReturnValue:
    """Give a declined seat to the next reserve judge."""
    event_id = panels.get_seat(seat_id).event_id
    if attempt_button(panels_answers.step_in, seat_id):
        flash(gettext("The reserve judge has the seat."), "success")
    return redirect(url_for("judging.show_panel", event_id=event_id), 303)


@blueprint.get("/events/<int:event_id>/conflicts")
@allows(Act.SEE_CONFLICTS)
def show_conflicts(event_id: int) -> ResponseReturnValue:
    """Who on the panels has own people here, and what that means for the marks."""
    event = contests.get_event(event_id)
    return render_template(
        "judges/show_conflicts.html",
        event=event,
        found=panels_conflicts.get_conflicts(event),
        recusals=judges_recusals.list_recusals(event),
        crumbs=[
            (gettext("Contests"), url_for("contests.list_contests")),
            (event.contest.title, url_for("contests.show_contest", contest_id=event.contest_id)),
            (event.title, url_for("contests.show_event", event_id=event_id)),
        ],
    )
