"""Forms of judging."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from blueprints.forms import ActForm, options, strip
from blueprints.labels import label
from rules.judges import SeatDuty
from rules.ranking import EntryStatus
from rules.refusals import LONGEST_REASON
from services.panels_candidates import Candidate


class DrawForm(ActForm):
    """The draw of codes; before the end of the entry time the organizer must mean it."""

    early = BooleanField(lazy_gettext("Draw now although entries are still open"))


class SeatForm(ActForm):
    """Who takes a seat."""

    account_id = SelectField(lazy_gettext("Person"), coerce=int)
    duty = RadioField(lazy_gettext("Seated as"), default=SeatDuty.MEMBER.value)

    def offer_duties(self, duties: Sequence[SeatDuty]) -> None:
        """List what people can be seated as; the first is the usual one."""
        self.duty.choices = options((one.value, label(one)) for one in duties)
        if self.duty.data not in {one.value for one in duties}:
            self.duty.data = duties[0].value

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """List who can be chosen, with the reason to think twice."""
        self.account_id.choices = options(
            [("0", gettext("Please choose")), *map(_choice, candidates)]
        )
        self.account_id.validate_choice = False  # the act knows better who can be seated
        if not self.duty.choices:
            self.offer_duties([SeatDuty.MEMBER])


def _choice(candidate: Candidate) -> tuple[str, str]:
    words = [candidate.title, candidate.username, candidate.employer]
    if not candidate.is_free:
        words.append(gettext("cannot be seated"))
    elif candidate.conflict:
        words.append(gettext("own people have entries here"))
    return str(candidate.id), " · ".join(word for word in words if word)


class AttendanceForm(ActForm):
    """What became of the ticked entries."""

    status = RadioField(
        lazy_gettext("Status"),
        choices=options((status.value, status.value) for status in EntryStatus),
        default=EntryStatus.ABSENT.value,
    )
    reason = StringField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_REASON)]
    )

    def say(self) -> None:
        """Name the statuses in the reader's language."""
        self.status.choices = options((status.value, label(status)) for status in EntryStatus)


class ReasonForm(ActForm):
    """Why something is opened again."""

    reason = TextAreaField(
        lazy_gettext("Reason"), filters=[strip], validators=[Length(max=LONGEST_REASON)]
    )


class MarksForm(ActForm):
    """Marks are read from the request itself; this carries only the key of the act."""
