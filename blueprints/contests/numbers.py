"""The page of an edition's certificate numbers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.numbers_forms import NumbersForm, numbers_values
from blueprints.contests.overview import contest_crumbs
from blueprints.contests.views import blueprint
from blueprints.web import attempt, translated
from models.contests import Contest
from rules.acts import Act
from rules.data import InvalidRules
from rules.numbering_schemes import NumberFacts, NumberScheme
from services import certificates_numbers, contests, contests_numbers

# What an example is made of where an edition has no event yet.
_EVENT, _TIER, _KIND = "0301", "1", "A"


@blueprint.route("/contests/<int:contest_id>/certificate-numbers", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_numbers(contest_id: int) -> ResponseReturnValue:
    """Change how the certificates of an edition are numbered; a button only shows an example."""
    contest = contests.get_contest(contest_id)
    form = NumbersForm(data=numbers_values(contest))
    only_look = "example" in request.form
    scheme = _scheme(form) if form.validate_on_submit() else None
    if scheme is not None and not only_look:
        version, reason = form.base_version, form.reason.data or ""
        act, other = contests_numbers.edit_numbers, bool(form.sample_by_other.data)
        if attempt(form, act, contest_id, version, scheme, other, reason):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_contest", contest_id=contest_id), 303)
        contest = contests.get_contest(contest_id)
    shown = scheme or contests.rules_of(contest).certificate_numbers
    page = render_template(
        "contests/edit_numbers.html",
        form=form,
        contest=contest,
        crumbs=contest_crumbs(contest),
        examples=_examples(contest, shown),
    )
    return page, 422 if form.is_submitted() and (scheme is None or not only_look) else 200


def _scheme(form: NumbersForm) -> NumberScheme | None:
    try:
        return form.scheme()
    except InvalidRules as invalid:
        for problem in invalid.problems:
            form.refuse(translated(problem), "part_1")
        return None


def _examples(contest: Contest, scheme: NumberScheme) -> list[str]:
    """Return the first two numbers of an award, and the first of another one."""
    prefix = contests.rules_of(contest).certificate_prefix
    code = certificates_numbers.contest_code(contest)
    facts = NumberFacts(prefix, contest.year, code, _KIND, _EVENT, _TIER)
    other = facts._replace(tier="2")
    serial = 1 if scheme.series(other) != scheme.series(facts) else 3
    return [scheme.number(facts, 1), scheme.number(facts, 2), scheme.number(other, serial)]
