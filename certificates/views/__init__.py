"""Public pages of certificates: the register, a holder's wallet, and shared certificates."""

from certificates.views.register import check, scanned, verify_code

__all__ = ["check", "scanned", "verify_code"]
