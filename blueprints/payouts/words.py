"""The words of payment orders: what stands against a share, the fields of batch files."""

from flask_babel import gettext

from rules.payout_layouts import PayoutField
from rules.payout_returns import PAY_TEXTS, PayMatch
from rules.payouts import OBSTACLES, Obstacle
from rules.texts import N_

FIELDS = {
    PayoutField.SERIAL: N_("Number of the row"),
    PayoutField.REFERENCE: N_("Reference"),
    PayoutField.ACCOUNT: N_("Account number"),
    PayoutField.HOLDER: N_("Account holder"),
    PayoutField.BANK: N_("Bank"),
    PayoutField.BRANCH: N_("Branch"),
    PayoutField.BANK_CODE: N_("Code of the bank"),
    PayoutField.ACCOUNT_KIND: N_("Person or company"),
    PayoutField.AMOUNT: N_("Paid out"),
    PayoutField.PURPOSE: N_("Purpose"),
    PayoutField.PAYEE: N_("Payee"),
    PayoutField.UNIT: N_("Employer"),
    PayoutField.EVENT: N_("Event"),
    PayoutField.AWARD: N_("Award"),
    PayoutField.CONSTANT: N_("The same text in each row"),
}


def obstacle_text(obstacle: Obstacle) -> str:
    """Say what stands against a share, as the short text of a chip."""
    return str(gettext(OBSTACLES[obstacle])).rstrip(".。")


def pay_text(match: PayMatch) -> str:
    """Say how a row of the bank's answer fits."""
    return str(gettext(PAY_TEXTS[match]))


def pay_tone(match: PayMatch) -> str:
    """Return the tone of its chip."""
    tones = {PayMatch.PAID: "good", PayMatch.FAILED: "warn", PayMatch.MISSING: "warn"}
    return tones.get(match, "bad")
