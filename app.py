"""Wire Skillstar together: settings, extensions, blueprints, error pages, commands."""

import gc
from typing import Any

from flask import Flask, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_security import RoleMixin, Security
from flask_security.datastore import SQLAlchemyUserDatastore
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import models.everything  # noqa: F401  (all tables must be known before the first query)
from blueprints import (
    accounts,
    appeals,
    audits,
    awards,
    boards,
    calendars,
    certificates,
    commands,
    contests,
    control,
    deliveries,
    designs,
    desks,
    directories,
    documents,
    entries,
    errors,
    halls,
    histories,
    honours,
    issuing,
    judges,
    judging,
    layers,
    levels,
    mentorships,
    messages,
    nominations,
    notices,
    objections,
    papers,
    payouts,
    people,
    provincial,
    quality,
    reports,
    results,
    selection_applications,
    selection_checks,
    selection_holders,
    selection_reviews,
    selection_reviews_meetings,
    selections,
    signoffs,
    statements,
    statistics,
    stipends,
    timelines,
    web,
    workshops,
)
from models.accounts import Account
from models.database import db, engine_options
from models.encryption import keyring
from services import clock, issuing_worker, jobs, logs, selection_files
from services.accounts import find_signed_in
from services.issuing_leases import Worker
from services.scans import LARGEST_UPLOAD
from services.settings import LANGUAGES, Mode, Settings

BLUEPRINTS = (
    desks.blueprint,
    accounts.blueprint,
    people.blueprint,
    provincial.blueprint,
    contests.blueprint,
    entries.blueprint,
    halls.blueprint,
    judging.blueprint,
    layers.blueprint,
    control.blueprint,
    papers.blueprint,
    judges.blueprint,
    results.blueprint,
    appeals.blueprint,
    signoffs.blueprint,
    awards.blueprint,
    payouts.blueprint,
    stipends.blueprint,
    levels.blueprint,
    boards.blueprint,
    notices.blueprint,
    objections.blueprint,
    certificates.blueprint,
    issuing.blueprint,
    deliveries.blueprint,
    statements.blueprint,
    documents.blueprint,
    designs.blueprint,
    honours.blueprint,
    mentorships.blueprint,
    timelines.blueprint,
    directories.blueprint,
    quality.blueprint,
    reports.blueprint,
    histories.blueprint,
    statistics.blueprint,
    calendars.blueprint,
    audits.blueprint,
    messages.blueprint,
    selections.blueprint,
    workshops.blueprint,
    nominations.blueprint,
    selection_reviews_meetings.blueprint,
    selection_holders.blueprint,
    selection_applications.blueprint,
    selection_checks.blueprint,
    selection_reviews.blueprint,
)
CONTENT_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def create_app(**settings: Any) -> Flask:
    """Build the application; keyword settings win over the environment."""
    chosen = Settings(**settings)
    logs.configure()
    app = Flask(__name__)
    app.session_interface = web.PageSessions()
    _configure(app, chosen)
    _extend(app, chosen)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    web.install(app)
    commands.install(app)
    errors.install(app)
    clock.start(app, chosen, jobs.timed_jobs(chosen))
    issuing_worker.start(app, chosen, Worker.new(web.utc_now, web.in_chinese, chosen))
    gc.freeze()  # all this stays: looking through it again cost some requests a tenth of a second
    return app


def _configure(app: Flask, chosen: Settings) -> None:
    app.config.update(chosen.flask_config())
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(chosen.database_url)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    keyring.load(*chosen.encryption_keys())
    app.extensions["skillstar_clock"] = web.utc_now
    if chosen.trusted_proxies:
        hops = chosen.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]


def _extend(app: Flask, chosen: Settings) -> None:
    production = chosen.skillstar_mode is Mode.PRODUCTION
    app.before_request(errors.name_request)  # first, so that every refusal carries the number
    app.before_request(_allow_scans)  # before the form of the request is read
    db.init_app(app)
    Migrate(app, db, directory="models/migrations", render_as_batch=True)
    Babel(app, locale_selector=_language)
    Bootstrap5(app)
    CSRFProtect(app)
    Security(app, SQLAlchemyUserDatastore(db, Account, RoleMixin), register_blueprint=False)
    app.login_manager.user_loader(find_signed_in)  # type: ignore[attr-defined]
    web.limiter.init_app(app)
    Talisman(
        app,
        force_https=False,  # the proxy in front does that; strict transport is announced below
        strict_transport_security=production,
        session_cookie_secure=production,
        content_security_policy=CONTENT_POLICY,
        referrer_policy="same-origin",
    )


def _language() -> str:
    chosen = request.cookies.get("language", "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _allow_scans() -> None:
    """Let scans and papers of applications be larger than other uploads."""
    if request.endpoint == "papers.upload":
        request.max_content_length = LARGEST_UPLOAD
    if request.endpoint == "selection_applications.attach_file":
        request.max_content_length = selection_files.LARGEST + 2**20
