"""Logs: one JSON line an event, with the number of the request and never a local variable."""

import structlog


def configure() -> None:
    """Write events as JSON lines; tracebacks name files and lines, not values."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
