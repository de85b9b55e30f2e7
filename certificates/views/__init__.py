"""What people see of certificates: the public register, a holder's wallet, and what a holder shows to others."""

from certificates.views.register import check, scanned, verify_code

__all__ = ["check", "scanned", "verify_code"]
