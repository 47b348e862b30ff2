"""The judge pool."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.judges.forms import JudgeForm, RelationForm
from blueprints.labels import label
from blueprints.web import attempt, page_number, sorting, today
from models.judges import Judge
from rules import access
from rules.acts import Act
from rules.judges import JudgeKind, is_barred
from services import judges, judges_relations
from services.judges import JudgeQuery

blueprint = Blueprint("judges", __name__)
SIZES = (25, 50, 100)


def within() -> frozenset[int] | None:
    """Return the contests to whose judges the reader is limited; None for all."""
    return access.contests_of(require_holder(), access.roles_of(Act.SEE_JUDGES))


def asked() -> JudgeQuery:
    """Return what the reader filters and sorts by."""
    sort, descending = sorting()
    kind, size = request.args.get("kind", ""), request.args.get("per_page", 50, type=int)
    return JudgeQuery(
        q=" ".join(request.args.get("q", "").split())[:60],
        kind=JudgeKind(kind) if kind in set(JudgeKind) else None,
        occupation=request.args.get("occupation", "")[:40],
        standing=request.args.get("standing", ""),
        sort=sort,
        descending=descending,
        page=page_number(),
        size=size if size in SIZES else 50,
    )


@blueprint.get("/judges")
@allows(Act.SEE_JUDGES)
def list_judges() -> ResponseReturnValue:
    """The pool, searched and filtered."""
    page = judges.list_judges(asked(), within(), today())
    return render_template(
        "judges/list_judges.html",
        page=page,
        seats=judges.count_seats([one.account_id for one in page.items]),
        kinds=[(one.value, label(one)) for one in JudgeKind],
        occupations=[(one, one) for one in judges.list_occupations()],
        kind_of=JudgeKind,
        employer_of=judges.employer_of,
        qualified=judges.qualified,
        barred=_barred,
    )


def _barred(judge: Judge) -> bool:
    return is_barred(judge.barred_until, today())


@blueprint.route("/judges/new", methods=["GET", "POST"])
@allows(Act.EDIT_JUDGE)
def new_judge() -> ResponseReturnValue:
    """Take an account into the pool."""
    form = JudgeForm()
    offered = judges.list_addable(within())
    form.offer(offered)
    if form.validate_on_submit():
        done = attempt(form, judges.add_judge, form.account_id.data or 0, form.typed(), within())
        if done:
            flash(gettext("The judge is in the pool."), "success")
            return redirect(url_for(".show_judge", judge_id=done.id), 303)
    if not form.is_submitted():
        form.kinds.data = [JudgeKind.SCORING.value]
    page = render_template("judges/edit_judge.html", form=form, judge=None, offered=offered)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/judges/<int:judge_id>")
@allows(Act.SEE_JUDGES)
def show_judge(judge_id: int) -> ResponseReturnValue:
    """One judge: qualification, relations, past panels."""
    return judge_page(judges.get_judge(judge_id), RelationForm(formdata=None, is_official=True))


def judge_page(judge: Judge, form: RelationForm) -> str:
    """Show one judge with the form for a further relation."""
    relations = judges_relations.list_relations(judge.account_id)
    return render_template(
        "judges/show_judge.html",
        judge=judge,
        form=form,
        employer=judges.employer_of(judge),
        qualified=judges.qualified(judge),
        barred=_barred(judge),
        kind_of=JudgeKind,
        relations=relations,
        namesakes=judges_relations.list_namesakes(relations),
        experience=judges.list_experience(judge.account_id),
    )


@blueprint.route("/judges/<int:judge_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_JUDGE)
def edit_judge(judge_id: int) -> ResponseReturnValue:
    """Change what the pool knows of a judge."""
    form = JudgeForm()
    if form.validate_on_submit() and attempt(
        form, judges.edit_judge, judge_id, form.typed(), form.base_version
    ):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".show_judge", judge_id=judge_id), 303)
    judge = judges.get_judge(judge_id)
    if not form.is_submitted():
        form.show(judge)
    page = render_template("judges/edit_judge.html", form=form, judge=judge, offered=())
    return page, 422 if form.is_submitted() else 200
