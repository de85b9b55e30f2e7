"""Files of a certificate."""

from django.db.models import (
    Prefetch,
    QuerySet,
)

from certificates.enums import (
    FileKind,
)
from certificates.models import (
    Artifact,
    Credential,
    RenderJob,
)


def with_files(credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """The same certificates, each with `papers` and `drawings`: the file of the original (or its scan) and its job."""
    files = Artifact.objects.filter(kind__in=[FileKind.CERTIFICATE, FileKind.SCAN], copy=None)
    drawings = RenderJob.objects.filter(kind=FileKind.CERTIFICATE, copy=None)
    return credentials.prefetch_related(
        Prefetch("artifacts", files, to_attr="papers"),
        Prefetch("render_jobs", drawings, to_attr="drawings"),
    )


def original_of(credential: Credential) -> Artifact | None:
    """The file of a certificate's original; None until it is drawn."""
    return credential.artifacts.filter(kind=FileKind.CERTIFICATE, copy=None).first()


def card_of(credential: Credential) -> Artifact | None:
    """The card of a certificate's original; None if its design has none, or until it is drawn."""
    return credential.artifacts.filter(kind=FileKind.CARD, copy=None).first()


def scan_of(credential: Credential) -> Artifact | None:
    """The scan of a certificate that was entered from paper."""
    return credential.artifacts.filter(kind=FileKind.SCAN).first()


def copy_file_of(
    credential: Credential, number: int, kind: FileKind = FileKind.CERTIFICATE
) -> Artifact | None:
    """The file of a numbered copy, or its card; None until it is drawn, or where there is no such copy."""
    files = credential.artifacts.select_related("copy")
    return files.filter(kind=kind, copy__number=number).first()
