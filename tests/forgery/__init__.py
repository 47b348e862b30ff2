"""Alterations of signed certificates, none of which may be accepted."""
