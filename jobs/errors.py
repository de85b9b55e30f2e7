class LeaseLost(Exception):
    """This worker no longer holds the job: its lease expired and another worker took it, or the job ended."""


class NotOpen(Exception):
    """Only a job that waits or runs can be canceled."""


class NotFailed(Exception):
    """Only a job that failed can be tried again."""
