"""One-time links as people see them: an address under our own name, shown once."""

import base64
from collections.abc import Sequence

from flask import current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.web import XLSX, base_url, china_time
from services.accounts_granting import Link
from services.accounts_workbooks import links_of, links_workbook
from services.settings import Settings

SHOWN = 100


def link_days() -> int:
    """Return for how many days a new link works."""
    return settings().invitation_days


def settings() -> Settings:
    """Return the settings of the running program."""
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen


def link_url(token: str) -> str:
    """Return the address of a link; its host is the one we were told, if we were told one."""
    path: str = url_for("accounts.activate", token=token)
    return base_url() + path


def show_links(links: Sequence[Link], back_url: str) -> ResponseReturnValue:
    """Show new links, and the file with all of them, in a page that nobody keeps."""
    rows = links_of(
        links,
        [link_url(link.token) for link in links],
        [china_time(link.expires_at) for link in links],
    )
    file = base64.b64encode(links_workbook(rows)).decode()
    page = render_template(
        "accounts/links.html",
        rows=rows[:SHOWN],
        total=len(rows),
        file_url=f"data:{XLSX};base64,{file}",
        back_url=back_url,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
