"""No altered certificate is taken for a genuine one."""

import pytest

from services.certificates_checking import Finding, check
from tests.forgery.alterations import KINDS
from tests.forgery.forge import attempt
from tests.forgery.samples import Samples, samples

EACH = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return samples(tmp_path_factory.mktemp("forgery"))


def test_the_genuine_ones_are_genuine(made: Samples) -> None:
    found = [check(one, made.chains, made.stamps) for one in made.ours]
    assert {one.finding for one in found} == {Finding.GENUINE}
    assert {one.fingerprint for one in found} == {one.fingerprint for one in made.chains}
    assert all(check(one, made.chains).finding is Finding.FOREIGN for one in made.foreign)
    assert all(check(one, ()).finding is Finding.FOREIGN for one in made.ours)


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=list(KINDS))
def test_no_forgery_is_accepted(made: Samples, kind: int) -> None:
    tried = [attempt(made, kind + number * len(KINDS)) for number in range(EACH)]
    assert {passed for _, passed in tried} <= {False, None}
    assert [passed for _, passed in tried].count(False) > EACH // 2, "it forges something"
