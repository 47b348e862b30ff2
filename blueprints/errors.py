"""What is shown when a request fails, with the number under which the log knows it."""

import secrets
from typing import Any

import structlog
from flask import Flask, g, render_template, request
from werkzeug.exceptions import HTTPException, NotFound

from rules.refusals import Missing
from services import transaction


def install(app: Flask) -> None:
    """Answer failures with pages of our own."""
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(Missing, lambda _error: _error_page(NotFound()))
    app.register_error_handler(Exception, _failure)


def name_request() -> None:
    """Give a request the number that the log and an error page name."""
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _error_page(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code), error.code


def _failure(error: Exception) -> Any:
    transaction.give_up()
    structlog.get_logger().exception("request failed", path=request.path, kind=type(error).__name__)
    if request.environ.get("skillstar.raise"):
        raise error
    return _page(500), 500


def _page(code: int) -> str:
    return render_template("errors/error.html", code=code, request_id=g.get("request_id"))
