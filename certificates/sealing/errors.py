"""What sealing refuses. Every message is a fact about the file or the key, for logs and for the person at the console."""


class SealingError(Exception):
    """The base of all of them. Nothing was written."""


class UnsuitableKey(SealingError):
    """A key of the wrong kind or strength for its role."""


class KeyMismatch(SealingError):
    """A certificate that belongs to another key."""


class KeyUnreadable(SealingError):
    """A key file that is not there, is damaged or wants another passphrase."""


class TokenUnavailable(SealingError):
    """A hardware module that does not answer, also after it was asked anew, or that lacks the key."""


class NoPlaceholder(SealingError):
    """A PDF without room for a seal: draw it with a signature field first."""


class SeveralPlaceholders(SealingError):
    """A PDF with more than one place for a seal, or one that is sealed already."""


class PlaceholderTooSmall(SealingError):
    """Less room than the certificates and the signature take."""


class TimestampUnavailable(SealingError):
    """The timestamp authority did not answer, or answered something else than it was asked."""


class NotArchivable(SealingError):
    """A file that is not sealed by us, or that its long-term additions did not leave valid."""
