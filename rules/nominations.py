"""Nominations to the province and the nation (向上推荐): states and the moves between (R8)."""

from enum import StrEnum


class CallState(StrEnum):
    """A call of a superior body: written by one, opened by another, closed at its end."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


CALL_MOVES: dict[CallState, set[CallState]] = {
    CallState.DRAFT: {CallState.OPEN, CallState.CANCELLED},
    CallState.OPEN: {CallState.CLOSED, CallState.CANCELLED},
    CallState.CLOSED: {CallState.OPEN},
    CallState.CANCELLED: set(),
}


class Nominee(StrEnum):
    """Who stands in a list: people, or employers (突出贡献单位, R8.01)."""

    PERSON = "person"
    EMPLOYER = "employer"


class ProposedBy(StrEnum):
    """Who put a candidate forward."""

    BUREAU = "bureau"
    EMPLOYER = "employer"


class NominationState(StrEnum):
    """A nomination between the first word and the superior's answer (R8.04).

    ``proposed`` means that an employer handed it in; ``declined`` that the bureau does not put it
    forward, because there are better ones than places.
    """

    DRAFT = "draft"
    PROPOSED = "proposed"
    RETURNED = "returned"
    CHECKED = "checked"
    RANKED = "ranked"
    NOTICE = "notice"
    APPROVED = "approved"
    SENT = "sent"
    GRANTED = "granted"
    NOT_GRANTED = "not_granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_State = NominationState
_OUT = {_State.DECLINED, _State.WITHDRAWN}
NOMINATION_MOVES: dict[NominationState, set[NominationState]] = {
    _State.DRAFT: {_State.PROPOSED, _State.CHECKED} | _OUT,
    _State.PROPOSED: {_State.RETURNED, _State.CHECKED} | _OUT,
    _State.RETURNED: {_State.PROPOSED, _State.CHECKED} | _OUT,
    _State.CHECKED: {_State.RANKED, _State.RETURNED} | _OUT,
    _State.RANKED: {_State.CHECKED, _State.NOTICE} | _OUT,
    # What an objection brings up is checked again, or ends it.
    _State.NOTICE: {_State.CHECKED, _State.APPROVED} | _OUT,
    # The superior asks for another paper: it is put in, and approved again.
    _State.APPROVED: {_State.CHECKED, _State.NOTICE, _State.SENT} | _OUT,
    _State.SENT: {_State.NOTICE, _State.GRANTED, _State.NOT_GRANTED, _State.WITHDRAWN},
    # An answer that was entered wrongly is taken back before a second person confirmed it.
    _State.GRANTED: {_State.SENT},
    _State.NOT_GRANTED: {_State.SENT},
    _State.DECLINED: {_State.CHECKED},
    _State.WITHDRAWN: set(),
}
# Of these a candidate has at most one in a superior's round (R8.04: one route).
UNDER_WAY = (
    _State.DRAFT,
    _State.PROPOSED,
    _State.RETURNED,
    _State.CHECKED,
    _State.RANKED,
    _State.NOTICE,
    _State.APPROVED,
    _State.SENT,
)
EDITABLE = frozenset({_State.DRAFT, _State.RETURNED})
# What the bureau still completes; what stands in a notice are name, unit and list alone.
COMPLETABLE = frozenset(
    {
        _State.DRAFT,
        _State.PROPOSED,
        _State.RETURNED,
        _State.CHECKED,
        _State.RANKED,
        _State.NOTICE,
    }
)
# Those of a list that have a place in its order, until they are sent.
ORDERED = (_State.RANKED, _State.NOTICE, _State.APPROVED)
IN_PLACES = (_State.RANKED, _State.NOTICE, _State.APPROVED, _State.SENT, _State.GRANTED)


class FilePurpose(StrEnum):
    """What a kept file is for: the superior's call, a material of a pack, proof of an outcome."""

    CALL = "call"
    MATERIAL = "material"
    PROOF = "proof"


class SentKind(StrEnum):
    """One file of a sending."""

    PACK = "pack"
    FORM = "form"
    LIST = "list"


class NominationObjectionState(StrEnum):
    """An objection against a name in a notice."""

    OPEN = "open"
    DISMISSED = "dismissed"
    UPHELD = "upheld"
