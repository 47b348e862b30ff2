"""Random histories, settled run by run, come out as a clerk's books say; many more by make."""

from tests.reference.stipend_histories import live_through


def test_random_histories_equal_the_books() -> None:
    lines = corrections = 0
    for seed in range(50_000, 50_300):
        differing, made, corrected = live_through(seed)
        assert differing == ""
        lines, corrections = lines + made, corrections + corrected
    # Histories in which nothing happens would prove nothing.
    assert lines > 1000
    assert corrections > 300
