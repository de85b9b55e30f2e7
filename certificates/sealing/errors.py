"""Errors of sealing. The messages describe the file or the key, for logs and the console."""


class SealingError(Exception):
    """The base class. Nothing was written."""


class UnsuitableKey(SealingError):
    """A key of the wrong kind or strength for its role."""


class KeyMismatch(SealingError):
    """A certificate that belongs to another key."""


class KeyUnreadable(SealingError):
    """A key file that is not there, is damaged or wants another passphrase."""


class TokenUnavailable(SealingError):
    """A hardware module that does not answer, even after a retry, or that lacks the key."""


class NoPlaceholder(SealingError):
    """A PDF without a placeholder for a seal: draw it with a signature field first."""


class SeveralPlaceholders(SealingError):
    """A PDF with more than one placeholder for a seal, or one that is sealed already."""


class PlaceholderTooSmall(SealingError):
    """A placeholder smaller than the certificates and the signature."""


class TimestampUnavailable(SealingError):
    """The timestamp authority did not answer, or its answer does not match the request."""


class NotArchivable(SealingError):
    """A file that is not sealed by us, or that its long-term additions did not leave valid."""
