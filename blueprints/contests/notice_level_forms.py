"""The form of an edition's chain of notices."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from blueprints.contests.plan_award_forms import said
from blueprints.contests.plan_texts import NOTICE_POSTED, NOTICE_PROOFS
from blueprints.fields import RowForm, WholeField, one_line
from blueprints.forms import VersionedForm
from models.contests import Contest
from rules.notice_chains import NoticeLevel
from services.contests import rules_of


class NoticeLevelForm(RowForm):
    """One level of the chain."""

    new = HiddenField()
    title = StringField(
        lazy_gettext("Name of the level"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=40)],
    )
    code = StringField(
        lazy_gettext("Code"),
        filters=[one_line],
        validators=[
            DataRequired(),
            Length(max=20),
            Regexp(
                r"^[0-9A-Za-z._-]+$",
                message=lazy_gettext("Use letters A to Z, figures and hyphens only."),
            ),
        ],
    )
    posted = SelectField(
        lazy_gettext("Where it is posted"), choices=said(NOTICE_POSTED), default="here"
    )
    working_days = WholeField(
        lazy_gettext("Working days"), default=5, validators=[InputRequired(), NumberRange(1, 60)]
    )
    count_first_day = BooleanField(lazy_gettext("The day of posting counts"))
    proof = SelectField(
        lazy_gettext("Proof if posted elsewhere"), choices=said(NOTICE_PROOFS), default="whole"
    )

    def level(self) -> NoticeLevel:
        """Return the level as typed."""
        return NoticeLevel(
            code=self.code.data or "",
            title=self.title.data or "",
            working_days=self.working_days.data or 1,
            count_first_day=bool(self.count_first_day.data),
            posted=self.posted.data,
            proof=self.proof.data,
        )


class NoticeLevelsForm(VersionedForm):
    """The chain of notices of an edition."""

    notice_levels = FieldList(FormField(NoticeLevelForm), lazy_gettext("Chain of notices"))
    reason = StringField(
        lazy_gettext("Reason of the amendment"), filters=[one_line], validators=[Length(max=400)]
    )

    def levels(self) -> list[NoticeLevel]:
        """Return all levels as typed."""
        return [row.form.level() for row in self.notice_levels]


def level_values(contest: Contest) -> dict[str, Any]:
    """Return the chain of an edition as its form shows it."""
    levels = [dict(level) for level in rules_of(contest).notice_levels]
    return {"version": contest.version, "notice_levels": levels}


def usual_levels() -> list[dict[str, Any]]:
    """Return the usual chain: own unit, county, city (R3.07)."""
    return [
        {
            "code": "unit",
            "title": gettext("Notice of the own unit"),
            "posted": "outside",
            "proof": "employer",
        },
        {
            "code": "county",
            "title": gettext("Notice of the county or district"),
            "posted": "outside",
            "proof": "district",
        },
        {"code": "city", "title": gettext("Notice of the city"), "posted": "here"},
    ]
