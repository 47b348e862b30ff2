"""The page of taxes: what was withheld in a month, and the list for the tax office."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.labels import label
from blueprints.payouts.views import blueprint
from blueprints.web import XLSX, attempt_button, download, today
from rules.access import contests_of, roles_of
from rules.acts import Act
from rules.identity import IdKind
from rules.payouts import month_of, tax_due_on
from services import payouts_taxes


def _month(text: str) -> tuple[date, date]:
    """Return the month asked for, or this one."""
    found = month_of(text) or month_of(f"{today():%Y-%m}")
    assert found is not None
    return found


@blueprint.get("/payout-taxes")
@allows(Act.REPORT_TAXES)
def show_taxes() -> ResponseReturnValue:
    """Show what was withheld in a month and until when it must be reported."""
    limit = contests_of(require_holder(), roles_of(Act.REPORT_TAXES))
    first, last = _month(request.args.get("month", ""))
    return render_template(
        "payouts/show_taxes.html",
        month=payouts_taxes.month_rows(limit, first, last),
        first=first,
        due_on=tax_due_on(last),
    )


@blueprint.post("/payout-taxes/export")
@allows(Act.REPORT_TAXES)
def export_taxes() -> ResponseReturnValue:
    """Download the list of a month with identity numbers; the download is recorded."""
    limit = contests_of(require_holder(), roles_of(Act.REPORT_TAXES))
    first, last = _month(request.form.get("month", ""))
    done = attempt_button(
        payouts_taxes.export_taxes, limit, first, last, gettext, lambda kind: label(IdKind(kind))
    )
    if done is None or not isinstance(done.value, bytes):
        return redirect(url_for(".show_taxes", month=f"{first:%Y-%m}"), 303)
    return download(done.value, f"{gettext('Tax return list')}-{first:%Y%m}.xlsx", XLSX)
