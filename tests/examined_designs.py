"""Certificate designs are examined once in a process.

Approving a proposal renders its design with every sample, which takes longer than most tests that only need a certificate.
The findings depend on the samples alone.
"""

import pickle
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest

from certificates.drawing import CertificateData, Findings, find_problems
from certificates.models import designs


@contextmanager
def examined_once() -> Iterator[None]:
    known: dict[bytes, Findings] = {}

    def find_once(papers: Iterable[tuple[str, CertificateData]]) -> Findings:
        drawn = list(papers)
        key = sha256(pickle.dumps(drawn)).digest()
        if key not in known:
            known[key] = find_problems(drawn)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(designs, "find_problems", find_once)
        yield
