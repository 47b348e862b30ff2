"""The yardstick of bench/saving.py: sign-in, form token, one mark and one audit row a request.

It stands on the same libraries (Flask-Security, Flask-WTF, Flask-SQLAlchemy) and the same database
settings, and does nothing else: no rules, no versions, no roles, no state. What the real program
costs beyond it is the price of being right.
"""

from datetime import UTC, datetime

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from flask_security import Security, SQLAlchemyUserDatastore, current_user
from flask_security.core import RoleMixin
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    insert,
)
from sqlalchemy.dialects import postgresql, sqlite

from models.accounts import Account
from models.database import db, engine_options, write_lock
from models.encryption import keyring
from services.settings import Settings

METADATA = MetaData()
VALUE = Table(
    "skeleton_value",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sheet", Integer),
    Column("aspect", String(60)),
    Column("value", String(20)),
    UniqueConstraint("sheet", "aspect"),
)
RECORD = Table(
    "skeleton_record",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer),
    Column("at", DateTime(timezone=True)),
    Column("after", String(400)),
)


def create_skeleton() -> Flask:
    """Make the skeleton on the database that the environment names."""
    settings = Settings()
    app = Flask(__name__)
    app.config.update(settings.flask_config())
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    keyring.load(*settings.encryption_keys())
    db.init_app(app)
    CSRFProtect(app)
    Security(app, SQLAlchemyUserDatastore(db, Account, RoleMixin), register_blueprint=False)
    upsert = sqlite.insert if settings.database_url.startswith("sqlite") else postgresql.insert

    @app.get("/static/icons.svg", endpoint="ready")
    def ready() -> str:
        return "ready"

    @app.get("/sheets/<int:_sheet>")
    def show(_sheet: int) -> str:
        return f'<input name="csrf_token" value="{generate_csrf()}">'

    @app.post("/sheets/<int:sheet>/marks")
    def save(sheet: int) -> ResponseReturnValue:
        account_id = current_user.id
        key, value = next(item for item in request.form.items() if item[0].startswith("mark-"))
        db.session.rollback()
        with write_lock():
            row = upsert(VALUE).values(sheet=sheet, aspect=key[5:], value=value)
            columns, newer = [VALUE.c.sheet, VALUE.c.aspect], {"value": value}
            db.session.execute(row.on_conflict_do_update(index_elements=columns, set_=newer))
            record = {"account_id": account_id, "at": datetime.now(UTC), "after": f"{key} {value}"}
            db.session.execute(insert(RECORD), [record])
            db.session.commit()
        return jsonify(state="saved")

    return app


def make_tables(url: str) -> None:
    """Make the skeleton's own tables anew."""
    engine = create_engine(url, **engine_options(url))
    METADATA.drop_all(engine)
    METADATA.create_all(engine)
    engine.dispose()
