"""The closed lists of the domain of certificates."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CredentialKind(models.TextChoices):
    COMPLETION = "completion", _("completion")


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class Status(models.TextChoices):
    ISSUED = "issued", _("issued")
    REVOKED = "revoked", _("revoked")


class RevocationReason(models.TextChoices):
    ISSUED_IN_ERROR = "issued_in_error", _("issued in error")
    NAME_CORRECTED = "name_corrected", _("the name had to be corrected")
    FRAUD = "fraud", _("obtained by fraud")
    WITHDRAWN_BY_AUTHORITY = "withdrawn_by_authority", _("withdrawn by the authority")


class RenderState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being drawn")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")


class KeyRole(models.TextChoices):
    """What a key signs. A key has one role, so that a stolen one spoils no more than that."""

    PDF_SEAL = "pdf_seal", _("seal of PDFs")
    CREDENTIAL = "credential", _("credentials, QR codes, status lists and API answers")
    DATA_INTEGRITY = "data_integrity", _("Data Integrity proofs")
    LOG = "log", _("checkpoints of the log")
    TIMESTAMP = "timestamp", _("time stamps")


class LookupResult(models.TextChoices):
    VALID = "valid", _("valid")
    REVOKED = "revoked", _("revoked")
    UNKNOWN = "unknown", _("no such certificate")
    MALFORMED = "malformed", _("not a certificate code")
