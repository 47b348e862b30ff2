"""Damage to kept bytes, as a failing disk or a hand does it."""


def altered(data: bytes) -> bytes:
    """Return these bytes with the last one changed, whatever it was."""
    return data[:-1] + bytes([data[-1] ^ 1])
