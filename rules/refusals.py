"""Refusals: what a person did cannot be accepted, and why, in words that the person reads."""

from rules.texts import N_

# As many characters as the columns of reasons hold.
LONGEST_REASON = 400


class Refused(Exception):
    """A refused act or value: an English message id (see ``N_``), its parameters, its field."""

    def __init__(self, message: str, field: str | None = None, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class Missing(Exception):
    """What was asked for is not there, or not for this person; the answer never says which."""


def check_reason(reason: str) -> None:
    """Refuse an act whose reason is missing or too long."""
    if not reason.strip():
        raise Refused(N_("Write the reason."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(N_("The reason is too long."), field="reason")
