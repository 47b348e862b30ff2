"""What the clock does by itself, each safe to do twice."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from rules.messages import MessageChannel
from services import (
    attachments,
def warn_of_signers(settings: Settings, now: datetime) -> None:
    """Warn before the certificate ends with which certificates are signed."""
    signatures.warn_of_end(source_of(settings, now), now)


    claims,
