"""Errors about keys, seals and time stamps."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NoActiveKey(DomainError):
    message = _("There is no active key for: %(role)s. Make or import one: manage.py certificate_keys.")


class DemoKeyRefused(DomainError):
    message = _("%(key)s is a demo key, and this site may not use those. Import a real one.")


class CertificateNeeded(DomainError):
    message = _("A key for “%(role)s” needs a certificate of your authority: import it.")


class KeyRefused(DomainError):
    message = _("This key cannot be used: %(why)s")


class NotASigningProcess(KeyRefused):
    message = _(
        "This process holds no keys of certificates, so it signs nothing here. Pages and the worker of certificates do."
    )


class KeyAlreadyEnded(DomainError):
    message = _("Key %(key)s was ended before. Nothing was changed.")


class NoTimestampAuthority(DomainError):
    message = _("No timestamp authority is set, so nothing can be archived: see TIMESTAMP_AUTHORITY_URL.")


class RevocationListUnreadable(DomainError):
    message = _(
        "The revocation list %(name)s cannot be read, so nothing can be archived. Replace it, or take it out of"
        " SEALING_KEYS_DIR."
    )


# Signing is impossible at the moment: the API answers 503, and a later request may succeed.
NO_SIGNATURES = (NoActiveKey, DemoKeyRefused, KeyRefused)
