"""Forms of what was sent and what came back: files, changes, results, the table."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from blueprints.fields import ExactField, RowForm, WholeField
from blueprints.forms import ActForm, one_line
from blueprints.provincial.forms import NONE, choices_of, file_field
from models.provincial import ProvincialResult, ProvincialSlot
from models.provincial_delegations import ProvincialFile
from rules.provincial import ChangeKind, FilePurpose, Medal
from services.provincial_delegations_changes import Wish
from services.provincial_results import Line, ResultFacts


class AttachForm(ActForm):
    """A paper of the contest."""

    purpose = SelectField(lazy_gettext("What the file is"), validators=[InputRequired()])
    file = file_field(lazy_gettext("File"), required=True)

    def offer(self) -> None:
        """Offer what a file can be; proof of a change comes with the change alone."""
        kinds = (FilePurpose.CALL, FilePurpose.PAPER, FilePurpose.RESULT)
        self.purpose.choices = choices_of(kinds)


class ChangeForm(ActForm):
    """A change of an entry that was sent."""

    kind = SelectField(lazy_gettext("Kind of change"), validators=[InputRequired()])
    replacement = SelectField(
        lazy_gettext("Who takes the place"), validators=[Optional()], validate_choice=False
    )
    reason = StringField(
        lazy_gettext("Reason"), filters=[one_line], validators=[DataRequired(), Length(max=400)]
    )
    proof = file_field(lazy_gettext("Proof of the reason"), required=False)

    def offer(self, reserves: Iterable[ProvincialSlot]) -> None:
        """Offer both kinds, and the reserves in their order."""
        self.kind.choices = choices_of(ChangeKind)
        known = [SelectChoice(str(one.id), f"{one.place or ''} {one.title}") for one in reserves]
        self.replacement.choices = [NONE, *known]

    def wish(self, slot_id: int) -> Wish:
        """Return what was typed; who gives a place back names nobody for it."""
        kind = ChangeKind(self.kind.data)
        chosen = self.replacement.data or ""
        taken = int(chosen) if kind is ChangeKind.REPLACE and chosen.isdecimal() else None
        return Wish(kind, slot_id, self.reason.data or "", taken)


class ResultForm(ActForm):
    """What the organiser's paper says of one entry, and its scan."""

    rank = WholeField(lazy_gettext("Rank"), validators=[Optional(), NumberRange(1, 999)])
    total = ExactField(lazy_gettext("Total"), validators=[Optional()])
    medal = SelectField(lazy_gettext("Medal"), validators=[Optional()])
    prize = StringField(lazy_gettext("Prize"), filters=[one_line], validators=[Length(max=40)])
    document = StringField(
        lazy_gettext("Document that proves it"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=160)],
    )
    announced_on = DateField(lazy_gettext("Announced on"), validators=[Optional()])
    proof_id = SelectField(lazy_gettext("Scan that is kept"), validators=[Optional()])
    proof = file_field(lazy_gettext("New scan"), required=False)

    def offer(self, scans: Sequence[ProvincialFile]) -> None:
        """Offer the medals and the scans."""
        self.medal.choices = [NONE, *choices_of(Medal)]
        self.proof_id.choices = [NONE, *(SelectChoice(str(one.id), one.title) for one in scans)]
        if not self.is_submitted() and scans:
            self.proof_id.data = str(scans[-1].id)

    def show(self, row: ProvincialResult | None) -> None:
        """Show a result as it was recorded."""
        if row is None or self.is_submitted():
            return
        for name in ("rank", "total", "prize", "document", "announced_on"):
            self[name].data = getattr(row, name)
        self.medal.data = row.medal.value if row.medal else ""
        if row.proof_id:
            self.proof_id.data = str(row.proof_id)

    def facts(self) -> ResultFacts:
        """Return what was typed."""
        return ResultFacts(
            self.rank.data,
            self.total.data,
            Medal(self.medal.data) if self.medal.data else None,
            self.prize.data or "",
            self.document.data or "",
            self.announced_on.data,
            int(self.proof_id.data) if self.proof_id.data else None,
        )


COUNTED = ("events", "gold", "silver", "bronze", "medallion")


def _count(title: Any) -> WholeField:
    return WholeField(title, validators=[Optional(), NumberRange(0, 999)])


class LineForm(RowForm):
    """A line of the organiser's table of delegations."""

    new = HiddenField()
    delegation = StringField(
        lazy_gettext("Delegation"), filters=[one_line], validators=[DataRequired(), Length(max=80)]
    )
    events = _count(lazy_gettext("Events"))
    gold = _count(lazy_gettext("Gold medal"))
    silver = _count(lazy_gettext("Silver medal"))
    bronze = _count(lazy_gettext("Bronze medal"))
    medallion = _count(lazy_gettext("Medallion of excellence"))
    given_rank = WholeField(
        lazy_gettext("Place as announced"), validators=[Optional(), NumberRange(1, 999)]
    )


class StandingsForm(ActForm):
    """The organiser's table of delegations, or the own place alone."""

    own_rank = WholeField(lazy_gettext("Our place"), validators=[Optional(), NumberRange(1, 999)])
    teams = WholeField(
        lazy_gettext("Number of delegations"), validators=[Optional(), NumberRange(1, 999)]
    )
    lines = FieldList(FormField(LineForm), lazy_gettext("Table of delegations"))

    def read(self, own: str) -> list[Line]:
        """Return the lines as typed; ours is the one that bears our name."""
        found = []
        for row in self.lines:
            given = {one.short_name: one.data for one in row.form if one.short_name != "new"}
            # An empty field of the table counts nothing; without a place none was announced.
            counts = {name: given[name] or 0 for name in COUNTED}
            found.append(Line(**(given | counts), is_own=given["delegation"] == own))
        return found

    def check_own(self, own: str) -> bool:
        """Ask for our own line where there is a table."""
        if not self.lines or any(one.is_own for one in self.read(own)):
            return True
        text = gettext("One of the lines must bear the name of our delegation: %(name)s.", name=own)
        self.refuse(text, None)
        return False
