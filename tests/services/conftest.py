"""An application for tests in which several act at once."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from models.database import db
from tests.conftest import KEYS
from tests.services.test_races import own_database


@pytest.fixture(scope="module")
def committing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose commits are real, on an empty database of its own."""
    folder = tmp_path_factory.mktemp("races")
    app = create_app(
        skillstar_mode="testing", instance_dir=folder, database_url=own_database(folder), **KEYS
    )
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()
