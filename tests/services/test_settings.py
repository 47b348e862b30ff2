"""Settings: production refuses dangerous keys, a local start makes its own."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.settings import Settings

GOOD = "k9-Zr3bW7xQ2mN8vT5yL1pJ6hG4fD0sA"


@pytest.mark.parametrize("bad", ["", "dev", "changeme", "short-but-random-3f9c", "a" * 64])
@pytest.mark.parametrize("name", ["secret_key", "data_key"])
def test_production_refuses_a_missing_known_or_short_key(
    tmp_path: Path, name: str, bad: str
) -> None:
    keys = {"secret_key": GOOD, "data_key": GOOD[::-1]} | {name: bad}
    with pytest.raises(ValidationError, match=name.upper()):
        Settings(skillstar_mode="production", instance_dir=tmp_path, **keys)


def test_production_starts_with_good_keys(tmp_path: Path) -> None:
    Settings(
        skillstar_mode="production", instance_dir=tmp_path, secret_key=GOOD, data_key=GOOD[::-1]
    )


def test_a_refused_key_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as error:
        Settings(
            skillstar_mode="production",
            instance_dir=tmp_path,
            secret_key="hunter2-hunter2",
            data_key=GOOD,
        )
    assert "hunter2" not in str(error.value)


def test_a_local_start_makes_keys_once_and_keeps_them_to_itself(tmp_path: Path) -> None:
    first = Settings(skillstar_mode="local", instance_dir=tmp_path)
    second = Settings(skillstar_mode="local", instance_dir=tmp_path)
    assert first.secret_key == second.secret_key != first.data_key
    assert len(first.secret_key.get_secret_value()) >= 48
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_plain_postgresql_addresses_get_the_driver(tmp_path: Path) -> None:
    url = "postgresql://somebody@localhost/skillstar"
    settings = Settings(skillstar_mode="testing", instance_dir=tmp_path, database_url=url)
    assert settings.database_url == "postgresql+psycopg://somebody@localhost/skillstar"


@pytest.mark.parametrize("mode", ["production", "local"])
def test_passwords_are_hashed_quickly_in_tests_only(tmp_path: Path, mode: str) -> None:
    keys = {"secret_key": GOOD, "data_key": GOOD[::-1]}
    option = "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"
    real = Settings(skillstar_mode=mode, instance_dir=tmp_path, **keys).flask_config()
    test = Settings(skillstar_mode="testing", instance_dir=tmp_path, **keys).flask_config()
    assert real[option] == {} and test[option]["argon2__rounds"] == 1
