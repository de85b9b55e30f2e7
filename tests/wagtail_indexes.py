"""What Wagtail's signals write at each save of a page, a video or a design, and hardly any test reads.

The search index is off in the settings of the tests, and each save asked for its row all the same. The index of references
was a tenth of the statements of a test: those that read it use the fixture `references_kept`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models.signals import post_delete, post_migrate, post_save
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_delete_signal_handler, post_save_signal_handler
from wagtail.signal_handlers import (
    connect_reference_index_signal_handlers,
    disconnect_reference_index_signal_handlers,
)


@contextmanager
def no_indexes() -> Iterator[None]:
    """Nothing of Wagtail's indexes is written while this is open."""
    for model in get_indexed_models():
        post_save.disconnect(post_save_signal_handler, sender=model)
        post_delete.disconnect(post_delete_signal_handler, sender=model)
    # A database that is made for the tests is migrated, and a flushed one says so: either connects them again.
    post_migrate.disconnect(connect_reference_index_signal_handlers)
    disconnect_reference_index_signal_handlers()
    yield
    post_migrate.connect(connect_reference_index_signal_handlers)
    connect_reference_index_signal_handlers()


@contextmanager
def references_written() -> Iterator[None]:
    connect_reference_index_signal_handlers()
    yield
    disconnect_reference_index_signal_handlers()
