"""What the clock does by itself, each safe to do twice."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from rules.messages import MessageChannel
from services import (
    attachments,
    certificates_files,
    claims,
    documents_making,
    documents_templates,
    entries_imports,
    files,
    halls_turns,
    histories,
    mentorships_files,
    mentorships_reminders,
    messages,
    messages_mail,
    messages_sending,
    nominations_files,
    nominations_forms,
    nominations_sending,
    notices_proofs,
    objections_files,
    payouts_accounts,
    provincial_delegations_changes,
    provincial_delegations_files,
    provincial_delegations_forms,
    provincial_delegations_layouts,
    provincial_reminders,
    reports_replies,
    scans,
    seals,
    selection_applications_forgetting,
    selection_checks_imports,
    selection_files,
    selection_holders_benefits,
    selections_reminders,
    signatures,
    statistics,
    violations,
    workshops_dues,
    workshops_files,
    workshops_imports,
    workshops_letters,
)
from services.acting import system
from services.certificates_identity import source_of
from services.clock import Timed
from services.settings import Settings

PREVIEW_KEPT = timedelta(days=7)
# Longer than any upload takes: a file is put before the row that knows it.
ORPHANS_KEPT = timedelta(days=1)


def forget_previews(now: datetime) -> None:
    """Forget spreadsheets that nobody confirmed within a week (R9.01)."""
    entries_imports.forget_stale(system(now), now - PREVIEW_KEPT)
    workshops_imports.forget_registers(system(now), now - PREVIEW_KEPT)
    selection_checks_imports.forget_papers(system(now), now - PREVIEW_KEPT)
    histories.forget_stale(system(now), now - PREVIEW_KEPT)


def forget_accounts(days: int, now: datetime) -> None:
    """Forget bank accounts so many days after their last payment was settled (R9.01)."""
    payouts_accounts.forget_accounts(system(now), payouts_accounts.purge_before(now, days))


def remind_hosts(now: datetime) -> None:
    """Remind hosts of workshops of what is due, once for each step before the day (R6.06)."""
    workshops_dues.remind(system(now), workshops_letters.SUBJECT, workshops_letters.reminder)


def remind_parties(now: datetime) -> None:
    """Remind the parties of mentorships of what waits for them, each time once (R7)."""
    mentorships_reminders.remind(system(now))


def remind_selections(now: datetime) -> None:
    """Remind of deadlines, checks, sheets, reports and benefits of selections, each time once."""
    selections_reminders.remind(system(now))


def remind_delegations(now: datetime) -> None:
    """Remind of entries, trainings, contests and papers of delegations, each time once (R1.27)."""
    provincial_reminders.remind(system(now))


def turn_terms(now: datetime) -> None:
    """End the terms of titles that are over, and write down the benefits of the year (R5.17)."""
    selection_holders_benefits.lay_out_year(system(now))


def forget_applications(days: int, folder: Path, now: datetime) -> None:
    """Forget what was written for those who were not chosen, so many days later (R9.01, R9.06)."""
    selection_applications_forgetting.forget_applications(system(now), days, folder)


def sweep_files(folder: Path, now: datetime) -> None:
    """Forget files that no row knows, such as those of a request that was cut off."""
    keepers = (
        attachments,
        certificates_files,
        documents_making,
        documents_templates,
        halls_turns,
        mentorships_files,
        nominations_files,
        nominations_forms,
        nominations_sending,
        notices_proofs,
        objections_files,
        provincial_delegations_changes,
        provincial_delegations_files,
        provincial_delegations_forms,
        provincial_delegations_layouts,
        reports_replies,
        scans,
        seals,
        selection_files,
        violations,
        workshops_files,
    )
    known = set[str]().union(*(one.list_keys() for one in keepers))
    files.sweep(folder, known, now - ORPHANS_KEPT)


def warn_of_signers(settings: Settings, now: datetime) -> None:
    """Warn before the certificate ends with which certificates are signed."""
    signatures.warn_of_end(source_of(settings, now), now)


def count_editions(now: datetime) -> None:
    """Count the editions anew whose entries or results changed."""
    statistics.count_editions(system(now))


def forget_messages(days: int, now: datetime) -> None:
    """Forget what was sent to whom so many days after it ended, and old claims (R9.01)."""
    messages.forget_texts(system(now), now - timedelta(days=days))
    claims.forget_old(system(now))


SOON = 20  # seconds; somebody waits for a code with the page before him


def timed_jobs(settings: Settings) -> dict[str, Timed]:
    """Return all jobs, with what the settings say about them."""
    mail, sms = messages_mail.mail_sender(settings), messages_mail.sms_sender(settings)
    send = messages_sending.send_due
    return {
        "forget_previews": Timed(forget_previews),
        "remind_hosts": Timed(remind_hosts),
        "remind_parties": Timed(remind_parties),
        "remind_selections": Timed(remind_selections),
        "remind_delegations": Timed(remind_delegations),
        "turn_terms": Timed(turn_terms),
        "sweep_files": Timed(partial(sweep_files, settings.files_dir)),
        "forget_accounts": Timed(partial(forget_accounts, settings.account_days)),
        "forget_applications": Timed(
            partial(forget_applications, settings.selection_days, settings.files_dir)
        ),
        "warn_of_signers": Timed(partial(warn_of_signers, settings)),
        "forget_messages": Timed(partial(forget_messages, settings.message_days)),
        "count_editions": Timed(count_editions, 300),
        "send_mails": Timed(partial(send, MessageChannel.MAIL, mail), 60),
        "send_texts": Timed(partial(send, MessageChannel.SMS, sms), SOON),
    }
