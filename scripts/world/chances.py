"""What the product draws by chance is drawn from the seed of a history, so that a history happens again the same way."""

import random
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def drawn_from(seed: int) -> Iterator[None]:
    """Codes, passwords, seeds of tests and public ids, inside the block. Only for a process that serves no one."""
    chance = random.Random(f"product {seed}")  # noqa: S311 - repeated from its seed
    with (
        patch.object(secrets, "randbits", chance.getrandbits),
        patch.object(secrets, "randbelow", chance.randrange),
        patch.object(secrets, "choice", chance.choice),
        patch.object(secrets, "token_hex", lambda nbytes=32: chance.randbytes(nbytes).hex()),
        patch.object(uuid, "uuid4", lambda: uuid.UUID(bytes=chance.randbytes(16), version=4)),
    ):
        yield
