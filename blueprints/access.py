"""The guard in front of every view: it reads the access table, nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from rules import access
from rules.access import Holder
from rules.acts import Act
from services import places

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def current_holder() -> Holder | None:
    """Return who is signed in, as far as permission is concerned.

    Read once a request: an act lets go of what was read before it, and asking again would load the
    account anew. Whoever signs in or out meanwhile is somebody else.
    """
    user = current_user._get_current_object()
    known = g.get("holder_of")
    if known is None or known[0] is not user:
        g.holder_of = known = (user, user.holder() if user.is_authenticated else None)
    holder: Holder | None = known[1]
    return holder


def require_holder() -> Holder:
    """Return who is signed in; 401 for nobody."""
    return current_holder() or abort(401)


def allows(act: Act) -> Callable[[View[P]], View[P]]:
    """Let a view run only for those to whom the access table opens the act at its place.

    Unknown things and foreign things answer 404 alike; a missing role answers 403.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            holder = current_holder()
            if not access.may(act, holder):
                return _sign_in() if holder is None else abort(403)
            _check_places(act, holder, kwargs)
            return view(*args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        return guarded

    return decorate


def _check_places(act: Act, holder: Holder | None, arguments: dict[str, Any]) -> None:
    for name, key in arguments.items():
        kind, _, suffix = name.rpartition("_")
        if suffix != "id":
            continue
        place = places.find_place(kind, key)
        if place is None or not access.allowed(act, holder, place):
            abort(404)


def _sign_in() -> ResponseReturnValue:
    if request.method not in {"GET", "HEAD"}:
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
