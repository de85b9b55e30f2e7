"""A private file as an answer."""

from django.core.files.storage import storages
from django.http import FileResponse, HttpResponse, HttpResponseBase

from certificates.models import Artifact, Credential, Passport
from certificates.services import passport_json


def pdf_of(credential: Credential, artifact: Artifact) -> HttpResponseBase:
    """The paper of a certificate or of one of its copies, under its number."""
    copy = f"-copy-{artifact.copy.number}" if artifact.copy else ""
    return FileResponse(
        storages["private"].open(artifact.path),
        content_type="application/pdf",
        filename=f"{credential.number.replace('/', '-')}{copy}.pdf",
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
