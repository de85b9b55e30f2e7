"""Responses with private files."""

import re
from pathlib import PurePosixPath

from django.core.files.storage import storages
from django.http import FileResponse, HttpResponse, HttpResponseBase

from certificates.enums import FileKind
from certificates.models import Artifact, Credential, Passport
from certificates.services.passports import passport_json

_CONTENT_TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}


def file_of(credential: Credential, artifact: Artifact) -> HttpResponseBase:
    """The PDF of a certificate, its card, one of its copies or its scan, with its number as file name."""
    copy = f"-copy-{artifact.copy.number}" if artifact.copy else ""
    card = "-card" if artifact.kind == FileKind.CARD else ""
    extension = PurePosixPath(artifact.path).suffix
    return FileResponse(
        storages["private"].open(artifact.path),
        # A scan is an uploaded file: it is downloaded, never displayed on our origin.
        as_attachment=artifact.kind == FileKind.SCAN,
        content_type=_CONTENT_TYPES[extension],
        filename=re.sub(r"[/:]", "-", credential.number) + copy + card + extension,
    )


def pdf_of_passport(passport: Passport) -> HttpResponseBase:
    return FileResponse(
        storages["private"].open(passport.path),
        content_type="application/pdf",
        filename=f"skills-passport-{passport.made_at.date().isoformat()}.pdf",
    )


def json_of_passport(passport: Passport) -> HttpResponse:
    name = f"skills-passport-{passport.made_at.date().isoformat()}.json"
    return HttpResponse(
        passport_json(passport),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
