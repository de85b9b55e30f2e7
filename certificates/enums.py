"""Enumerations of the certificates app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CredentialKind(models.TextChoices):
    COMPLETION = "completion", _("completion")
    SKILL_LEVEL = "skill_level", _("skill level")
    LICENSE = "licence", _("license to practice")
    SUPPLEMENT = "supplement", _("supplement")
    ATTENDANCE = "attendance", _("attendance")


# A supplement belongs to a certificate of any other kind.
WITHOUT_SUPPLEMENT = (CredentialKind.SUPPLEMENT, CredentialKind.ATTENDANCE)
# The kinds that certify a level as reached; on the others it is that of the program.
LEVEL_REACHED = (CredentialKind.SKILL_LEVEL, CredentialKind.LICENSE)


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("sent back to the center")
    WITHDRAWN = "withdrawn", _("taken back by the center")


class RowState(models.TextChoices):
    ELIGIBLE = "eligible", _("eligible")
    BLOCKED = "blocked", _("blocked")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("sent back")
    # When the others of its proposal were approved.
    UNPAID = "unpaid", _("sent back: fee not received")
    WITHDRAWN = "taken", _("taken back")


class BlockingReason(models.TextChoices):
    """Why a person of a proposal gets no certificate yet."""

    NOT_COMPLETED = "not_completed", _("has not completed the program")
    IN_DOUBT = "in_doubt", _("completed the program with records that were changed since")
    RESULT_HELD = "result_held", _("has a result of an exam that is held")
    ATTENDANCE = "attendance", _("attended less than the rule asks")
    SCORE = "score", _("scored less than the rule asks")
    HOURS = "hours", _("spent fewer hours in classes than the rule asks")
    PRACTICE = "practice", _("scored less in practical tasks than the rule asks")
    COHORT_RUNS = "cohort_runs", _("attends a cohort that is not closed")
    HELD = "held", _("holds one in force")
    WAITING = "waiting", _("waits in another proposal")
    NO_LATIN_NAME = "no_latin_name", _("has no name in Latin letters")
    NO_IDENTITY = "no_identity", _("has no identity document")
    CANNOT_BE_PRINTED = "cannot_be_printed", _("has a name or program that cannot be printed")
    DOES_NOT_FIT = "does_not_fit", _("has a text that does not fit the template")
    CODE_TOO_SMALL = (
        "code_too_small",
        _("has a QR code that phones could not read in the box of the template"),
    )
    NO_TITLE = "no_title", _("lacks the fact that is the title in the template")
    NO_PREREQUISITE = "no_basis", _("lacks the certificate that this one needs")
    PREREQUISITE_WITHDRAWN = "basis_withdrawn", _("is based on a certificate that is revoked or suspended")
    BASIS_IN_DOUBT = "basis_in_doubt", _("rests on a certificate that is in doubt")
    NO_RECORD = "no_record", _("has no record of units to list")


class CredentialState(models.TextChoices):
    """The state of a certificate. Expiry is not a state: it follows from the dates."""

    IN_FORCE = "in_force", _("in force")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")
    SUPERSEDED = "superseded", _("replaced by a corrected one")
    RENEWED = "renewed", _("renewed")


# An enrollment has at most one certificate of a kind in one of these states.
LIVE_STATES = (CredentialState.IN_FORCE, CredentialState.SUSPENDED)


# A certificate whose prerequisite is in one of these states cannot be renewed.
WITHDRAWN_STATES = (CredentialState.REVOKED, CredentialState.SUSPENDED)


class Status(models.TextChoices):
    ISSUED = "issued", _("issued")
    COPIED = "copied", _("copy issued")
    SUSPENDED = "suspended", _("suspended")
    REINSTATED = "reinstated", _("reinstated")
    REVOKED = "revoked", _("revoked")
    SUPERSEDED = "superseded", _("replaced by a corrected one")
    RENEWED = "renewed", _("renewed")


class Reason(models.TextChoices):
    """The reasons that the public page shows."""

    ISSUED_IN_ERROR = "issued_in_error", _("issued in error")
    NAME_CORRECTED = "name_corrected", _("the name had to be corrected")
    FACTS_CORRECTED = "facts_corrected", _("what it said had to be corrected")
    FRAUD = "fraud", _("obtained by fraud")
    WITHDRAWN_BY_AUTHORITY = "withdrawn_by_authority", _("withdrawn by the authority")
    COURT_ORDER = "court_order", _("by order of a court")
    UNDER_INVESTIGATION = "under_investigation", _("under investigation")
    CONDITIONS_NOT_MET = "conditions_not_met", _("its conditions are no longer met")
    PREREQUISITE_WITHDRAWN = "basis_withdrawn", _("the certificate it is based on was revoked or suspended")
    LOST = "lost", _("the paper was lost")
    DAMAGED = "damaged", _("the paper was damaged")


REVOCATION_REASONS = (
    Reason.ISSUED_IN_ERROR,
    Reason.FRAUD,
    Reason.WITHDRAWN_BY_AUTHORITY,
    Reason.COURT_ORDER,
    Reason.CONDITIONS_NOT_MET,
    Reason.PREREQUISITE_WITHDRAWN,
)
# Neutral: one person suspends before anything is decided.
SUSPENSION_REASONS = (Reason.UNDER_INVESTIGATION, Reason.COURT_ORDER)
CORRECTION_REASONS = (Reason.NAME_CORRECTED, Reason.FACTS_CORRECTED)
COPY_REASONS = (Reason.LOST, Reason.DAMAGED)


class DoubtCause(models.TextChoices):
    """Why it is not sure that a certificate in force says what is true. Each is lifted by itself."""

    COMPLETION = "completion", _("The completion behind it is in doubt: records were changed since.")
    RULE = "rule", _("The records no longer meet the rule under which it was issued.")
    FACTS = "facts", _("Facts of its cohort were corrected after it was issued.")
    PREREQUISITE_CORRECTED = (
        "corrected",
        _("The certificate it is based on was replaced by one that says otherwise."),
    )
    PREREQUISITE_WITHDRAWN = "withdrawn", _("The certificate it is based on is revoked or suspended.")
    EXAMINED = "examined", _("Its revocation is proposed.")


# What an officer of certificates looks at on the page of the certificate; others are decided where they come from.
CONFIRMED_CAUSES = (
    DoubtCause.RULE,
    DoubtCause.FACTS,
    DoubtCause.PREREQUISITE_CORRECTED,
    DoubtCause.PREREQUISITE_WITHDRAWN,
)


class ProceedingState(models.TextChoices):
    OPEN = "open", _("waits for a decision")
    REVOKED = "revoked", _("revoked")
    DROPPED = "dropped", _("not revoked")


class FeeFor(models.TextChoices):
    ISSUE = "issue", _("issue")
    COPY = "copy", _("copy")
    RENEWAL = "renewal", _("renewal")


class FeeMeans(models.TextChoices):
    """How a fee was settled."""

    CASH_DESK = "cash_desk", _("paid at the cash desk")
    ELECTRONIC = "electronic", _("electronic payment")
    WAIVER = "waiver", _("waived")


class SheetState(models.TextChoices):
    """The state of a sheet of security paper."""

    FREE = "free", _("in stock")
    USED = "used", _("used")
    SPOILED = "spoiled", _("spoiled")
    MISSING = "missing", _("missing")
    # Of a delivery that was recorded by mistake: the center never had it.
    MISTAKE = "mistake", _("recorded by mistake")

    @classmethod
    def ended(cls) -> tuple["SheetState", ...]:
        return (cls.SPOILED, cls.MISSING)


class FileKind(models.TextChoices):
    CERTIFICATE = "paper", _("certificate, A4")
    CARD = "card", _("card")
    ARCHIVE = "archive", _("certificate for the archive")
    SCAN = "scan", _("scan of the paper")


class KeyRole(models.TextChoices):
    """What a key signs. A key has one role, which limits the damage of a compromised key."""

    PDF_SEAL = "pdf_seal", _("seal of PDFs")
    CREDENTIAL = "credential", _("credentials, QR codes, status lists and API answers")
    DATA_INTEGRITY = "data_integrity", _("Data Integrity proofs")
    TIMESTAMP = "timestamp", _("time stamps")


class LookupResult(models.TextChoices):
    VALID = "valid", _("valid")
    IN_DOUBT = "in_doubt", _("valid, being checked")
    # In Arabic a certificate is feminine; a link and a passport, which expire too, are not.
    EXPIRED = "expired", pgettext_lazy("certificate", "expired")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")
    REPLACED = "replaced", _("replaced")
    UNKNOWN = "unknown", _("no such certificate")
    MALFORMED = "malformed", _("not a certificate code")
    # Results for files alone: their content is not trusted.
    ALTERED = "altered", _("changed after it was sealed")
    FOREIGN = "foreign", _("not a file of ours")


class BundleKind(models.TextChoices):
    ZIP = "zip", _("all files (ZIP)")
    PRINT = "print", _("print run")
    CARDS = "cards", _("print run of cards")


class NoticeKind(models.TextChoices):
    """The kinds of notices to holders."""

    ISSUED = "issued", _("issued")
    PRINTED = "printed", _("can be collected")
    COLLECTED = "collected", _("collected by a representative")
    EXAMINED = "examined", _("its revocation is proposed")
    DROPPED = "dropped", _("is not revoked")
    SUSPENDED = "suspended", _("suspended")
    REINSTATED = "reinstated", _("in force again")
    REVOKED = "revoked", _("revoked")
    REPLACED = "replaced", _("replaced by a corrected one")
    ENDS_IN_90 = "ends_90", _("ends in 90 days")
    ENDS_IN_30 = "ends_30", _("ends in 30 days")
    ENDS_IN_7 = "ends_7", _("ends in 7 days")


class ClientScope(models.TextChoices):
    """The scopes of an API client."""

    VERIFY = "verify", _("check certificates in bulk")
    CREDENTIALS = "credentials", _("fetch credentials, which hold names")


class Source(models.TextChoices):
    ISSUED = "issued", _("issued here")
    LEGACY = "legacy", _("entered from paper")


class BatchState(models.TextChoices):
    OPEN = "open", _("being checked")
    DONE = "done", _("in the register")


class PaperState(models.TextChoices):
    """The state of a paper certificate that is being entered into the register."""

    TYPED = "typed", _("typed, to be checked")
    RETURNED = "returned", _("sent back to be corrected")
    CHECKED = "checked", _("agrees with the scan")
    ENTERED = "entered", _("in the register")


class Fault(models.TextChoices):
    """Why a typed row cannot be checked yet."""

    MISSING = "missing", _("is missing")
    TOO_LONG = "too_long", _("is longer than the letters allowed:")
    FORMULA = "formula", _("began like a formula; compare what is left of it with the scan")
    BROKEN_LETTERS = "broken_letters", _("has letters that were lost when the file was saved")
    TOO_MANY_CELLS = "too_many_cells", _("the line has more cells than the first line has columns")
    NOT_A_NUMBER = "not_a_number", _("is not a number")
    NOT_ARABIC = "not_arabic", _("has no Arabic letters")
    NOT_LATIN = "not_latin", _("is not in Latin letters")
    NO_DATE = "no_date", _("is not a date; write day/month/year, e.g. 13/5/1998")
    DATE_OUT_OF_RANGE = "date_out_of_range", _("is a date that cannot be right")
    AFTER_ISSUE = "after_issue", _("is after the date of issue")
    BEFORE_ISSUE = "before_issue", _("is before the date of issue")
    NO_SUCH_LEVEL = "no_such_level", _("is not among the levels of skill")
    NATIONAL_NUMBER = "national_number", _("is neither a national number nor its last four digits")
    OTHER_NAME = "other_name", _("belongs to somebody registered under another name")
    OWN = "own", _("is about you; you cannot enter your own certificate")
    NO_SCAN = "no_scan", _("has not been uploaded")
    SCAN_SHARED = "scan_shared", _("is named by another line too:")
    TWICE_IN_BATCH = "twice_in_batch", _("is in another line of the same year:")
    IN_REGISTER = "in_register", _("is in the register already:")
    WAITS_ELSEWHERE = "waits_elsewhere", _("waits in another batch of this center:")


class LinkResult(models.TextChoices):
    """The result of opening a share link."""

    LIVE = "live", _("open")
    EXPIRED = "expired", _("expired")
    ENDED = "ended", _("ended by its holder")
    WITHDRAWN = "withdrawn", _("the skills passport was withdrawn")
    UNKNOWN = "unknown", _("no such link")


class LookupVia(models.TextChoices):
    """How a lookup was made."""

    CODE = "code", _("a code")
    FILE = "file", _("a file")
    LIST = "list", _("a list of codes")


class FileVerdict(models.TextChoices):
    """The verdict about an uploaded file. The status of the certificate is separate."""

    GENUINE = "genuine", _("sealed by us and unchanged")
    REGISTERED = "registered", _("in the register, from before papers were sealed")
    EXTENDED = "extended", _("sealed by us and unchanged, with something added that we do not know")
    PASSPORT = "passport", _("a skills passport of ours, unchanged")
    ALTERED = "altered", _("changed after it was sealed")
    CONTRADICTORY = "contradictory", _("its attached credential differs from the register")
    COMPROMISED = "compromised", _("sealed with a stolen key")
    UNREGISTERED = "unregistered", _("sealed by us but not in the register")
    FOREIGN = "foreign", _("sealed by somebody else")
    NOT_OURS = "not_ours", _("not in the register")
    PRINT_RUN = "print_run", _("a print run without seals")
    ENCRYPTED = "encrypted", _("locked with a password")
    UNREADABLE = "unreadable", _("not a PDF")
    TOO_LARGE = "too_large", _("too large")
