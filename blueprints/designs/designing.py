"""The page on which a design is made: a plain form that a script turns into a designer."""

import base64
import string
import time
from collections.abc import Iterator
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import ValidationError

from blueprints.access import allows
from blueprints.designs.forms import DesignForm, form_values
from blueprints.designs.views import blueprint, said, sample_of
from blueprints.web import attempt, files_dir, translated
from models.designs import CertificateTemplate
from rules.acts import Act
from rules.certificate_layouts import MOST_LINES, MOST_TEXTS, CertificateField, DraftLayout
from rules.design_samples import CODE, MEANINGS, Sample, facts_of
from rules.refusals import Refused
from rules.states import DesignState
from rules.texts import N_
from services import certificates_backgrounds, designs, designs_previews, seals
from services.acting import Actor
from services.certificates_values import values_of
from services.designs import Saved, Stale

_LIMITS = N_("A value is beyond its limits: %(place)s.")
_JSON = "application/json"
_FREE = {"x": 60.0, "y": 20.0, "width": 80.0, "height": 12.0, "size": 16.0, "least": 8.0}


@blueprint.route(
    "/certificate-designs/<int:certificate_template_id>/design", methods=["GET", "POST"]
)
@allows(Act.DESIGN_CERTIFICATES)
def design(certificate_template_id: int) -> ResponseReturnValue:
    """Work on a design and save it."""
    found = designs.get_template(certificate_template_id)
    if found.state in (DesignState.SUBMITTED, DesignState.RETIRED):
        return redirect(url_for(".show_design", certificate_template_id=found.id), 303)
    draft = designs.draft_of(found)
    form = DesignForm(data=form_values(draft, found.kind, found.version))
    if not form.is_submitted():
        return _page(found, form, ())
    if request.form.get("act") in ("add_text", "add_line"):
        _add(form, request.form["act"])
        return _page(found, form, ())
    return _save(found, form)


def _save(found: CertificateTemplate, form: DesignForm) -> ResponseReturnValue:
    """Save what was sent; a script gets the new version as data, everybody else the page."""
    stale: list[Stale] = []

    def save(by: Actor, template_id: int, saved: Saved) -> int:
        try:
            return designs.save_draft(by, template_id, saved)
        except Stale as problem:
            stale.append(problem)
            raise

    template_id = found.id
    layout = _sent(form)
    if layout is not None:
        saved = Saved(_base(form), form.kind.data, layout)
        if attempt(form, save, template_id, saved):
            if _wants_data():
                return jsonify(version=designs.get_template(template_id).version)
            return redirect(url_for(".design", certificate_template_id=template_id), 303)
    if _wants_data():
        return jsonify(problems=list(_errors(form))), 422
    return _page(designs.get_template(template_id), form, stale), 422


def _base(form: DesignForm) -> int | None:
    """Return on which version the draft is based; who saw both may save over the newer one."""
    over = request.form.get("over", "")
    return int(over) if over.isdecimal() and len(over) < 10 else form.base_version


def _wants_data() -> bool:
    return request.accept_mimetypes.best == _JSON


def _sent(form: DesignForm) -> DraftLayout | None:
    """Return the look that was sent, its new background included; None when it cannot be read."""
    if not form.validate():
        return None
    content = form.plain()
    upload = form.picture.data
    try:
        if upload:
            kept = certificates_backgrounds.keep(upload.read(), files_dir())
            content["background"] = kept.model_dump()
        return DraftLayout.model_validate(content)
    except Refused as problem:
        form.refuse(translated(problem), problem.field)
    except ValidationError as error:
        for one in error.errors():
            place = " · ".join(str(part) for part in one["loc"])
            form.refuse(gettext(_LIMITS, place=place), None)
    return None


def _add(form: DesignForm, what: str) -> None:
    """Add an empty text or line, for those who work without a script."""
    if what == "add_text" and len(form.texts) < MOST_TEXTS:
        used = {str(one.form.key.data) for one in form.texts}
        form.texts.append_entry({**_new_text(), "key": free_key(used)})
    if what == "add_line" and len(form.lines) < MOST_LINES:
        form.lines.append_entry(_NEW_LINE)


_NEW_LINE = {"x1": 60, "y1": 60, "x2": 120, "y2": 60, "width": 0.3, "colour": "#b8872b"}


def _new_text() -> dict[str, Any]:
    more = {"colour": "#221a14", "leading": 1.5, "spacing": 0, "indent": 0, "most_lines": 12}
    words = [{"text": gettext("New text"), "typeface": ""}]
    return {**_FREE, **more, "typeface": "kai", "parts": words}


def free_key(used: set[str]) -> str:
    """Return a name for a text that no other one has."""
    names = (
        f"text_{one}{two}"
        for one in ("", *string.ascii_lowercase)
        for two in string.ascii_lowercase
    )
    return next(name for name in names if name not in used)


def _page(found: CertificateTemplate, form: DesignForm, stale: Any) -> str:
    return render_template(
        "designs/design.html",
        template=found,
        form=form,
        blank=_blank_form(),
        stale=[(one.version, [said(change) for change in one.theirs]) for one in stale],
        samples=list(Sample),
        fields=_fields(),
        bodies=seals.list_bodies(),
    )


def _blank_form() -> DesignForm:
    """Return a form with one new text and line, which a script copies."""
    values = {"texts": [{**_new_text(), "key": ""}], "lines": [_NEW_LINE]}
    return DesignForm(formdata=None, data=values)


def _fields() -> list[tuple[str, str, str, bool]]:
    """List the fields that a text can name: meaning, a sample, and whether that is English."""
    values = values_of(facts_of(Sample.SHORT), CODE)
    return [
        (f"{{{one}}}", MEANINGS.get(one, ""), values[one], values[one].isascii())
        for one in CertificateField
    ]


@blueprint.post("/certificate-designs/<int:certificate_template_id>/preview")
@allows(Act.DESIGN_CERTIFICATES)
def preview(certificate_template_id: int) -> ResponseReturnValue:
    """Answer with a picture of what is being worked on, and what is wrong with it, as data."""
    began = time.perf_counter()
    form = DesignForm()
    layout = _sent(form)
    if layout is None:
        return jsonify(problems=list(_errors(form))), 422
    sample = sample_of(request.form.get("sample", ""))
    made = designs_previews.preview_fast(layout, sample, files_dir())
    picture = base64.b64encode(made.picture).decode()
    return jsonify(
        picture=f"data:image/jpeg;base64,{picture}",
        problems=[{"key": one.key, "text": translated(one.problem)} for one in made.troubles],
        milliseconds=round((time.perf_counter() - began) * 1000),
    )


def _errors(form: DesignForm) -> Iterator[dict[str, str]]:
    """Say what cannot be read, with the field in which it stands."""
    for message in form.form_errors:
        yield {"key": "", "field": "", "text": str(message)}
    yield from _field_errors(form)


def _field_errors(form: Any) -> Iterator[dict[str, str]]:
    for field in form:
        if field.type == "FormField":
            yield from _field_errors(field.form)
        elif field.type == "FieldList":
            for entry in field.entries:
                yield from _field_errors(entry.form)
        else:
            for error in field.errors:
                text = gettext("%(label)s: %(error)s", label=field.label.text, error=error)
                yield {"key": "", "field": field.id, "text": text}


@blueprint.post("/certificate-designs/<int:certificate_template_id>/background")
@allows(Act.DESIGN_CERTIFICATES)
def background(certificate_template_id: int) -> ResponseReturnValue:
    """Take in a background picture, and answer with what the designer's form needs."""
    upload = request.files.get("picture")
    if upload is None:
        abort(400)
    try:
        kept = certificates_backgrounds.keep(upload.read(), files_dir())
    except Refused as problem:
        return jsonify(problems=[{"key": "", "field": "picture", "text": translated(problem)}]), 422
    return jsonify(kept.model_dump())
