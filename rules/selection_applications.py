"""Until when an application is submitted, and what comes next for it, in every state (R5.01)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.refusals import Refused
from rules.selections import ApplicationState, Body, RoundState
from rules.texts import N_

# In these its writer may change it; saving is possible whatever the time.
EDITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})
# From these its writer may withdraw it; later the bureau does.
WITHDRAWABLE = EDITABLE | {ApplicationState.CHECKING, ApplicationState.QUALIFIED}


@dataclass(frozen=True, slots=True)
class Window:
    """What decides whether an application may be submitted now."""

    state: ApplicationState
    round_state: RoundState
    opens_at: datetime
    closes_at: datetime
    grace_minutes: int = 0
    begun_at: datetime | None = None
    complete_until: date | None = None

    @property
    def grace_ends_at(self) -> datetime:
        """Return until when somebody may submit who began to before the deadline."""
        return self.closes_at + timedelta(minutes=self.grace_minutes)

    @property
    def has_grace(self) -> bool:
        """Say whether submitting began before the deadline."""
        return self.begun_at is not None and self.begun_at <= self.closes_at

    def problem(self, now: datetime, today: date) -> Refused | None:
        """Say why it cannot be submitted now; the draft stays in any case."""
        if self.state is ApplicationState.RETURNED:
            return self._returned_problem(today)
        if self.state is not ApplicationState.DRAFT:
            return Refused(N_("This application is submitted already."))
        if self.round_state is not RoundState.OPEN or now < self.opens_at:
            return Refused(N_("This round takes no applications now."))
        last = self.grace_ends_at if self.has_grace else self.closes_at
        if now <= last:
            return None
        if self.has_grace:
            text = N_("The minutes after the deadline have passed too; the draft stays readable.")
            return Refused(text)
        return Refused(N_("The deadline of this round has passed; the draft stays readable."))

    def _returned_problem(self, today: date) -> Refused | None:
        if self.round_state not in (RoundState.OPEN, RoundState.REVIEW):
            return Refused(N_("This round takes no applications now."))
        if self.complete_until is not None and today > self.complete_until:
            text = N_("The time to complete it ended on %(day)s. Ask the bureau.")
            return Refused(text, day=self.complete_until.isoformat())
        return None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The step of the chain that an application waits at."""

    title: str
    body: Body
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is public of the outcome: the notice and its last day, the decision, the title."""

    title: str = ""
    notice_ends_on: date | None = None
    decided_on: date | None = None
    document: str = ""
    term_ends_on: date | None = None
    kept_until: date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """All that says what comes next for an application."""

    window: Window
    double: bool = False
    reason: str = ""
    waiting: Waiting | None = None
    outcome: Outcome = Outcome()
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is next, in words, until when, and whether it is the applicant's turn."""

    words: Refused
    own_turn: bool = False
    until: datetime | date | None = None


def next_step(progress: Progress, now: datetime, today: date) -> NextStep:
    """Say what is next for an application and by when; there is an answer in every state."""
    if progress.window.round_state is RoundState.CANCELLED:
        return NextStep(Refused(N_("The round was cancelled. Nothing more is to be done.")))
    return _NEXT[progress.window.state](progress, now, today)


def _draft(progress: Progress, now: datetime, today: date) -> NextStep:
    window = progress.window
    if window.problem(now, today) is None:
        if now > window.closes_at:
            text = N_("Submit it at once: you began before the deadline and have minutes left.")
            return NextStep(Refused(text), True, window.grace_ends_at)
        return NextStep(Refused(N_("Complete it and submit it.")), True, window.closes_at)
    text = N_("The deadline has passed. This draft was not submitted; it stays readable.")
    return NextStep(Refused(text))


def _checking(progress: Progress, now: datetime, today: date) -> NextStep:
    if progress.double:
        text = N_("There are two applications for this person. The bureau puts them together.")
        return NextStep(Refused(text))
    step = progress.waiting
    if step is None:
        return NextStep(Refused(N_("It is being checked.")))
    params: dict[str, object] = {"step": step.title, "body": step.body}
    if step.due_on is not None and today > step.due_on:
        text = N_("“%(step)s” (%(body)s) is overdue; the bureau sees it and asks for it.")
        return NextStep(Refused(text, None, **params), until=step.due_on)
    text = N_("“%(step)s” is being checked (%(body)s).")
    return NextStep(Refused(text, None, **params), until=step.due_on)


def _returned(progress: Progress, now: datetime, today: date) -> NextStep:
    problem = progress.window.problem(now, today)
    if problem is not None:
        return NextStep(problem, until=progress.window.complete_until)
    text = N_("Complete it and submit it again: %(reason)s")
    words = Refused(text, reason=progress.reason or "–")
    return NextStep(words, True, progress.window.complete_until)


def _qualified(progress: Progress, now: datetime, today: date) -> NextStep:
    window = progress.window
    if progress.double:
        return _checking(progress, now, today)
    if window.round_state is RoundState.OPEN:
        text = N_("All checks are passed. The review begins once the round is closed.")
        return NextStep(Refused(text), until=window.closes_at)
    return NextStep(_in_review(progress))


def _in_review(progress: Progress) -> Refused:
    if progress.window.round_state is RoundState.REVIEW:
        return Refused(N_("The panel reviews it. A public notice shows the proposed list."))
    return Refused(N_("The review is done. A public notice shows the proposed list."))


def _refused(progress: Progress, now: datetime, today: date) -> NextStep:
    text = N_("It was not accepted: %(reason)s Whoever disagrees asks the bureau.")
    return NextStep(Refused(text, reason=progress.reason or "–"))


def _withdrawn(progress: Progress, now: datetime, today: date) -> NextStep:
    return NextStep(Refused(N_("It was withdrawn. Nothing more is to be done.")))


def _merged(progress: Progress, now: datetime, today: date) -> NextStep:
    if progress.merged_into is None:
        return NextStep(Refused(N_("It goes on in another application for the same person.")))
    text = N_("It goes on in application no. %(number)s for the same person.")
    return NextStep(Refused(text, number=progress.merged_into))


def _chosen(progress: Progress, now: datetime, today: date) -> NextStep:
    outcome = progress.outcome
    if outcome.decided_on is not None and progress.window.round_state is RoundState.DECIDED:
        params: dict[str, object] = {
            "title": outcome.title,
            "day": outcome.decided_on.isoformat(),
            "document": outcome.document or "–",
        }
        text = N_("“%(title)s” was conferred on %(day)s (%(document)s).")
        if outcome.term_ends_on is not None:
            text = N_(
                "“%(title)s” was conferred on %(day)s (%(document)s). "
                "The term runs; a report is due each year."
            )
        return NextStep(Refused(text, None, **params), until=outcome.term_ends_on)
    if outcome.notice_ends_on is None:
        return NextStep(_in_review(progress))
    if today <= outcome.notice_ends_on:
        text = N_("Proposed for “%(title)s”. The public notice runs; the decision follows.")
    else:
        text = N_("Proposed for “%(title)s”. The public notice has ended; the decision follows.")
    return NextStep(Refused(text, title=outcome.title), until=outcome.notice_ends_on)


def _not_chosen(progress: Progress, now: datetime, today: date) -> NextStep:
    outcome = progress.outcome
    if progress.window.round_state is RoundState.DECIDED:
        text = N_("Not chosen this time. What was written and the files are kept, then forgotten.")
        return NextStep(Refused(text), until=outcome.kept_until)
    if outcome.notice_ends_on is None:
        return NextStep(_in_review(progress))
    text = N_("Not on the proposed list. The public notice says who is; the decision follows.")
    return NextStep(Refused(text), until=outcome.notice_ends_on)


_NEXT: dict[ApplicationState, Callable[[Progress, datetime, date], NextStep]] = {
    ApplicationState.DRAFT: _draft,
    ApplicationState.CHECKING: _checking,
    ApplicationState.RETURNED: _returned,
    ApplicationState.QUALIFIED: _qualified,
    ApplicationState.REFUSED: _refused,
    ApplicationState.WITHDRAWN: _withdrawn,
    ApplicationState.MERGED: _merged,
    ApplicationState.CHOSEN: _chosen,
    ApplicationState.NOT_CHOSEN: _not_chosen,
}
