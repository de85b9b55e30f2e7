"""Documents that other apps issued for an enrollment; those apps register queries here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User
from courses.models import Enrollment


@dataclass(frozen=True)
class IssuedDocument:
    """One document as a page of the workplace lists it."""

    kind: str
    number: str
    state: str
    url: str


type DocumentSource = Callable[[Enrollment, User], list[IssuedDocument]]

_SOURCES: list[DocumentSource] = []


def register_issued_documents(source: DocumentSource) -> DocumentSource:
    """Ask this query, too, for the documents of an enrollment that a user may see. A decorator, for apps above this one."""
    _SOURCES.append(source)
    return source


def issued_documents_of(enrollment: Enrollment, *, user: User) -> list[IssuedDocument]:
    """The documents that were issued for an enrollment, as far as `user` may see them."""
    return [document for source in _SOURCES for document in source(enrollment, user)]


type HolderSource = Callable[[Iterable[int]], set[int]]

_HOLDERS: list[HolderSource] = []


def register_holders(source: HolderSource) -> HolderSource:
    """Ask this query, too, which enrollments, by their keys, have a document that is in force. A decorator, for apps above this one."""
    _HOLDERS.append(source)
    return source


def with_document_in_force(enrollments: Iterable[int]) -> set[int]:
    """The keys of those of the enrollments for which a document was issued that is in force. A query for each source."""
    keys = set(enrollments)
    return {key for source in _HOLDERS for key in source(keys)}
