"""Files that markers send back: kept privately, under names that say nothing of a person."""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from accounts.files import replace_file, sync
from assessment.files.rewriting import Rewritten
from assessment.models import FeedbackFile, Mark
from assessment.services.answer_files import path_of

_FOLDER = "feedback"


@contextmanager
def kept_feedback(mark: Mark, files: Sequence[Rewritten]) -> Iterator[None]:
    """Keep files with a mark. They go again where what is done with the mark fails. Needs a transaction."""
    written: list[Path] = []
    try:
        for made in files:
            public_id = uuid.uuid4()
            name = f"{_FOLDER}/{mark.task.code}/{public_id}.{made.extension}"
            path = path_of(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, made.data)
            written.append(path)
            sync(path)
            sync(path.parent)
            FeedbackFile.objects.create(
                public_id=public_id,
                mark=mark,
                kind=made.kind,
                pages=made.pages,
                size=len(made.data),
                sha256=hashlib.sha256(made.data).hexdigest(),
                path=name,
            )
        yield
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
