class LeaseLost(Exception):
    """The job is no longer this worker's: its lease expired and another one took it, or it was ended."""


class NotOpen(Exception):
    """Only a job that waits or runs can be canceled."""


class NotFailed(Exception):
    """Only a job that failed can be tried again."""
