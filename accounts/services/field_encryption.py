"""Encryption of single columns at rest: identity numbers, secrets of second factors."""

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def encrypt_field(text: str) -> bytes:
    """Encrypt with the newest key; the result is ASCII."""
    return _cipher().encrypt(text.encode())


def decrypt_field(sealed: bytes) -> str:
    """Decrypt what any of the keys encrypted. Raises `cryptography.fernet.InvalidToken`."""
    return _cipher().decrypt(sealed).decode()


def _cipher() -> MultiFernet:
    """The first key writes; every key reads, so that keys can be rotated."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
