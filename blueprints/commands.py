"""Commands: flask --app app prepare | demo | demo-accounts | create-administrator | work-runs."""

import time
from datetime import datetime

import click
from flask import Flask, current_app
from flask_babel import force_locale
from flask_security.utils import hash_password

from blueprints.commands_score import delegations, score
from blueprints.labels import label
from blueprints.web import in_chinese
from rules.refusals import Refused
from services import calendars, demo
from services.accounts_granting import create_administrator
from services.acting import system
from services.demo_accounts import find_demo_accounts
from services.issuing_leases import Worker
from services.issuing_working import work_all
from services.settings import Mode, Settings

DEMO_PASSWORD = "skillstar-demo"


def install(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (prepare, build_demo, list_demo_accounts, add_administrator, work_runs):
        app.cli.add_command(command)
    for from_files in (score, delegations):
        app.cli.add_command(from_files)


@click.command("prepare")
def prepare() -> None:
    """Bring the database up to date and fill an empty one with the demonstration."""
    from flask_migrate import upgrade

    upgrade()
    calendars.seed(system(_now()))
    if _settings().skillstar_mode is Mode.LOCAL:
        if demo.is_empty():
            _build("small", demo.SEED)
        _print_accounts()


@click.command("demo")
@click.option("--size", type=click.Choice(["small", "full"]), default="small", show_default=True)
@click.option("--seed", type=int, default=demo.SEED, show_default=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds anything.")
def build_demo(size: demo.Size, seed: int, if_empty: bool) -> None:
    """Fill an empty database with made-up contests."""
    if _settings().skillstar_mode is Mode.PRODUCTION:
        raise click.ClickException("The demonstration has a known password: not in production.")
    if if_empty and not demo.is_empty():
        return
    _build(size, seed)
    _print_accounts()


def _build(size: demo.Size, seed: int) -> None:
    started, files = time.monotonic(), _settings().files_dir
    try:
        demo.build(size, _now(), hash_password(DEMO_PASSWORD), seed, click.echo, files)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Demonstration ({size}) built in {time.monotonic() - started:.1f} s.")


@click.command("demo-accounts")
def list_demo_accounts() -> None:
    """Print the accounts of the demonstration."""
    _print_accounts()


def _print_accounts() -> None:
    found = find_demo_accounts()
    if not found or _settings().skillstar_mode is Mode.PRODUCTION:
        return
    click.echo(f"Demo accounts (password of all: {DEMO_PASSWORD}):")
    with current_app.test_request_context(), force_locale("en"):
        english = {one.username: label(one.role) for one in found}
    with current_app.test_request_context(), force_locale("zh_Hans_CN"):
        for one in found:
            click.echo(f"  {one.username:<11} {english[one.username]:<15} {label(one.role)}")


@click.command("create-administrator")
@click.argument("name")
def add_administrator(name: str) -> None:
    """Create an administrator and print the one-time link that opens the account."""
    settings = _settings()
    try:
        link = create_administrator(system(_now()), name, settings.invitation_days)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    host = settings.server_name.rstrip("/") or "http://127.0.0.1:8000"
    if "://" not in host:
        host = f"https://{host}"
    click.echo(f"{host}/activate/{link.token}")
    click.echo(f"This link opens {link.username} once, until {link.expires_at:%Y-%m-%d %H:%M} UTC.")


@click.command("work-runs")
def work_runs() -> None:
    """Issue the certificates of all runs that are started; end when none is left."""
    number = work_all(Worker.new(_now, in_chinese, _settings()))
    click.echo(f"Runs worked: {number}.")


def _settings() -> Settings:
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen


def _now() -> datetime:
    now: datetime = current_app.extensions["skillstar_clock"]()
    return now
