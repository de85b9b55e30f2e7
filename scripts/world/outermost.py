"""Acts of one transaction that may do what a transaction of its own does."""

from django.db import transaction


def as_outermost() -> transaction.Atomic:
    """A block in which one with `durable` may be, as Django lets tests do: a history is one transaction."""
    block = transaction.Atomic(using=None, savepoint=True, durable=False)
    block._from_testcase = True  # type: ignore[attr-defined]
    return block
