"""The two kinds of failure: the file is refused for good, or the work failed and may be tried again."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a file is not taken: codes that an application turns into sentences."""

    EMPTY = "empty"
    TEXT = "text"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    NO_STREAMS = "no_streams"
    TOO_MANY_STREAMS = "too_many_streams"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    TOO_LARGE_PICTURE = "too_large_picture"
    STRETCHED = "stretched"
    TRUNCATED = "truncated"
    HDR = "hdr"


class TranscodingFailed(Exception):
    """The work went wrong, not necessarily because of the file: another attempt may succeed."""


class Refused(Exception):
    """The file breaks the policy, and trying again will not help.

    `facts` are numbers and short texts that fill the sentence, for example `{"seconds": 7.6, "declared": 20.0}`.
    """

    def __init__(self, reason: Reason, **facts: float | str) -> None:
        super().__init__(f"{reason.value} {facts}" if facts else reason.value)
        self.reason = reason
        self.facts = facts
