"""Writing an application: a form that saves as it is typed, and by its button without scripts."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm, VersionedForm
from blueprints.selection_applications.forms import (
    FileForm,
    LineForm,
    fill,
    form_for,
    mark_needed,
)
from blueprints.selection_applications.views import blueprint, context_of, kept_days
from blueprints.web import acting, attempt, china_time, now, translated
from rules.acts import Act
from rules.selection_forms import title_of
from rules.selections import EvidenceKind
from services import selection_applications_evidence as evidence
from services import selection_applications_reading as reading
from services import selection_applications_writing as writing
from services import selections
from services.selection_applications_writing import Saved

WAS = "was."  # what names of the values before begin with


@blueprint.get("/applications/<int:selection_application_id>/edit")
@allows(Act.APPLY_SELECTION)
def edit(selection_application_id: int) -> ResponseReturnValue:
    """Show the form of an own application."""
    return edit_page(selection_application_id)


def edit_page(
    key: int,
    form: VersionedForm | None = None,
    line_form: LineForm | None = None,
    file_form: tuple[str, FileForm] | None = None,
) -> str:
    """Draw the form, with the clauses beside it and what was refused."""
    by = acting()
    row = reading.own_application(by, key)
    dossier = reading.dossier_for(row)
    if form is None:
        form = form_for(dossier.rules, row.channel)(formdata=None)
        fill(form, writing.values_of(row), row.version)
    mark_needed(form, dossier.rules)
    line = reading.line_of(by, row, kept_days())
    return render_template(
        "selection_applications/edit.html",
        row=row,
        dossier=dossier,
        form=form,
        line=line,
        next_words=translated(line.next.words),
        offers=evidence.offers_of(row),
        line_forms=_line_forms(dossier.rules.evidence, line_form),
        file_form=file_form,
        new_file_form=FileForm(formdata=None),
        **context_of(dossier.verdict),
    )


def _line_forms(rules: Any, refused: LineForm | None) -> dict[EvidenceKind, LineForm]:
    found = {
        one.kind: LineForm(one.kind, formdata=None, prefix=f"{one.kind.value}-") for one in rules
    }
    if refused is not None:
        found[EvidenceKind(refused.kind.data)] = refused
    return found


@blueprint.post("/applications/<int:selection_application_id>/save")
@allows(Act.APPLY_SELECTION)
def save(selection_application_id: int) -> ResponseReturnValue:
    """Save what was typed: all of the form, or for its script what has changed."""
    row = reading.own_application(acting(), selection_application_id)
    rules = selections.rules_of(row.round)
    form = form_for(rules, row.channel)()
    names = [name for name in form._fields if name in request.form]
    typed = {name: request.form[name] for name in names}
    was = {name: request.form[WAS + name] for name in names if WAS + name in request.form}
    for name in ("csrf_token", "request_key", "version"):
        typed.pop(name, None)
    base = form.base_version or 0
    if request.headers.get("X-Saves") == "1":
        return _save_quietly(selection_application_id, typed, was, base)
    if form.validate():
        done = attempt(form, writing.save, selection_application_id, typed, was, base)
        if done is not None and not _refused(form, done.value):
            flash(gettext("Saved."), "success")
            return redirect(
                url_for(".edit", selection_application_id=selection_application_id), 303
            )
    return edit_page(selection_application_id, form), 422


def _refused(form: VersionedForm, saved: object) -> bool:
    """Put at the fields what was not saved; say whether there was something."""
    if not isinstance(saved, Saved):
        return False
    for problem in saved.problems:
        form.refuse(translated(problem), problem.field)
    for one in saved.conflicts:
        text = gettext(
            "Somebody else has written here meanwhile: “%(stored)s”. Yours stays in the form; "
            "save again to let yours count.",
            stored=one.stored or "–",
        )
        form.refuse(text, one.name)
    form.version.data = str(saved.version)
    return bool(saved.problems or saved.conflicts)


def _save_quietly(
    key: int, typed: dict[str, str], was: dict[str, str], base: int
) -> ResponseReturnValue:
    """Save for the script, and tell it what came of each answer."""
    form = ActForm()
    form.request_key.data = ""  # the same answer saved twice is saved once anyhow
    if not form.validate():
        return jsonify({"problem": gettext("The page was open for too long.")}), 409
    done = attempt(form, writing.save, key, typed, was, base)
    if done is None:
        return jsonify({"problem": " ".join(form.form_errors)}), 409
    saved: Saved = done.value
    row = reading.own_application(acting(), key)
    dossier = reading.dossier_for(row)
    panel = render_template("selection_applications/clauses.html", **context_of(dossier.verdict))
    answer = {
        "version": saved.version,
        "saved": gettext("Saved at %(time)s", time=china_time(now())[11:]),
        "values": {name: saved.values.get(name, "") for name in typed},
        "problems": {one.field: translated(one) for one in saved.problems},
        "conflicts": [
            {
                "name": one.name,
                "title": gettext(title_of(dossier.rules, one.name)),
                "stored": one.stored,
                "typed": one.typed,
            }
            for one in saved.conflicts
        ],
        "clauses": panel,
        "state": row.state.value,
    }
    return jsonify(answer)
