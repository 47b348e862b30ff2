"""Tell winners by mail where their certificates are."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.deliveries.views import blueprint
from blueprints.web import attempt_button
from rules.acts import Act
from services import certificates_mailing, contests

TEXT = """{name}：

您在“{edition}”中的证书已经签发。

没有账号的，请凭证件号码、登记的手机号码和短信验证码领取：
{claim}

已有账号的，请登录后下载：
{sign_in}

本邮件由系统自动发送，请勿回复。任何人都不会通过邮件向您索取验证码或证件号码。
"""


@blueprint.get("/contests/<int:contest_id>/certificates/mail")
@allows(Act.MAIL_WINNERS)
def mail(contest_id: int) -> ResponseReturnValue:
    """Show whom a mail would reach, and what it says."""
    contest = contests.get_contest(contest_id)
    return render_template(
        "deliveries/mail.html",
        contest=contest,
        mailing=certificates_mailing.look(contest_id),
        subject=certificates_mailing.SUBJECT,
        text=_text(contest.title, gettext("(name)")),
    )


@blueprint.post("/contests/<int:contest_id>/certificates/mail")
@allows(Act.MAIL_WINNERS)
def send_mail(contest_id: int) -> ResponseReturnValue:
    """Write the mails; the clock sends them."""
    contest = contests.get_contest(contest_id)
    wording = partial(_text, contest.title)
    if attempt_button(certificates_mailing.send, contest_id, wording):
        flash(gettext("The mails are in the outbox and go out within minutes."), "success")
    return redirect(url_for(".mail", contest_id=contest_id), 303)


def _text(edition: str, name: str) -> str:
    claim = url_for(".begin", _external=True)
    sign_in = url_for("accounts.sign_in", next=url_for(".lifetime"), _external=True)
    return TEXT.format(name=name, edition=edition, claim=claim, sign_in=sign_in)
