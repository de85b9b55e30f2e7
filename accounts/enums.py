"""The closed lists of the domain of people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CenterKind(models.TextChoices):
    FIXED = "fixed", _("fixed center")
    MOBILE = "mobile", _("mobile unit")
    OFFICE = "office", _("labor office")
    PRIVATE = "private", _("private center")


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")


class Language(models.TextChoices):
    """Each by its own name, for a reader who knows no other."""

    ARABIC = "ar", "العربية"
    ENGLISH = "en", "English"


class Digits(models.TextChoices):
    """Unicode's names of numbering systems."""

    ARABIC = "arab", "١٢٣"
    LATIN = "latn", "123"


class Education(models.TextChoices):
    NONE = "none", _("no certificate")
    PRIMARY = "primary", _("primary")
    PREPARATORY = "preparatory", _("preparatory")
    SECONDARY = "secondary", _("secondary or technical diploma")
    HIGHER = "higher", _("institute or university")


class DocumentKind(models.TextChoices):
    NATIONAL_ID = "national_id", _("national ID")
    PASSPORT = "passport", _("passport")


class ContactKind(models.TextChoices):
    PHONE = "phone", _("mobile number")
    EMAIL = "email", _("e-mail address")


class ContactProof(models.TextChoices):
    """How it is known that the person answers there. Nothing where it was only said."""

    DESK = "desk", _("shown at the desk")
    CODE = "code", _("by a code in a short message")


class MergedRecord(models.TextChoices):
    """Which of the two records of a merge a line of the audit trail is about."""

    KEPT = "kept", _("the record that is kept")
    DUPLICATE = "duplicate", _("the second record")


class SameContact(models.TextChoices):
    """What is true where two people give one number."""

    SHARED = "shared", _("Both use it")
    CHANGED_OWNER = "changed_owner", _("It belongs to this person alone now")


class CodePurpose(models.TextChoices):
    """What a code in a short message is for. It opens nothing else."""

    VERIFY = "verify", _("prove a number")
    RECOVER = "recover", _("choose a new password")


class DataRequestKind(models.TextChoices):
    CORRECT = "correct", _("correct my name or my facts")
    ERASE = "erase", _("erase my data")


class DataRequestState(models.TextChoices):
    OPEN = "open", _("waiting for an answer")
    # Of an erasure: one decided, and a second person has to.
    PROPOSED = "planned", _("waiting for a second decision")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class RoleName(models.TextChoices):
    TRAINEE = "trainee", _("trainee")
    INSTRUCTOR = "instructor", _("instructor")
    ASSESSOR = "assessor", _("assessor")
    REGISTRAR = "registrar", _("registrar")
    CENTER_MANAGER = "center_manager", _("center manager")
    CERTIFYING_OFFICER = "certifying_officer", _("certifying officer")
    MINISTRY_OFFICER = "ministry_officer", _("ministry officer")
    AUDITOR = "auditor", _("auditor")
    INSPECTOR = "inspector", _("inspector")


class MembershipScope(models.TextChoices):
    MINISTRY = "ministry", _("whole ministry")
    GOVERNORATE = "governorate", _("governorate")
    CENTER = "center", _("center")


class DeputyState(models.TextChoices):
    AHEAD = "ahead", _("not begun")
    IN_FORCE = "in_force", _("in force")
    OVER = "over", _("over")


class HandKind(models.TextChoices):
    """What was done to a login of staff (`accounts.models.LoginHand`)."""

    MADE = "made", _("made, or gave its password, before it had a role")
    ROLE = "role", _("gave a role")
    PASSWORD = "password", _("gave a password")
    # Who stood behind the one who did it.
    BEHIND = "behind", _("stood behind who did it")
    # Its holder worked here before cards were compared.
    BEFORE = "before", _("worked here before")
    CARD = "card", _("compared the identity card")

    @classmethod
    def behind(cls) -> "tuple[HandKind, ...]":
        """Those by which one person may use the login of another."""
        return cls.MADE, cls.ROLE, cls.PASSWORD, cls.BEHIND


class RecoveryState(models.TextChoices):
    ASKED = "asked", _("asked")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    LAPSED = "lapsed", _("lapsed")


class OfferState(models.TextChoices):
    WAITING = "waiting", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")
    LAPSED = "lapsed", _("not answered")


class LoginNoticeKind(models.TextChoices):
    NEW_PASSWORD = "new_password", _("new password")
    RECOVERED = "recovered", _("new password by a code")
    EMPTIED = "emptied", _("password and sessions ended")
    ROLE_OFFER = "role_offer", _("offered role")
    FACTOR_ADDED = "factor_added", _("second factor set up")
    FACTOR_REMOVED = "factor_gone", _("second factor removed")
    PROVIDER_LINKED = "linked", _("account of the identity provider linked")
    SESSIONS_ENDED = "sessions", _("sessions ended")
    REQUEST_ANSWERED = "answered", _("request about data answered")
    DEPUTY_BEGINS = "deputy", _("begin as a deputy")
    DEPUTY_ENDS = "deputy_gone", _("end as a deputy")
    LENDING_BEGINS = "lends", _("a deputy begins")
    LENDING_ENDS = "lends_gone", _("a deputy ends")
    WORK_TAKEN = "work_taken", _("work of a colleague")
    WORK_GIVEN = "work_given", _("work handed over")


class NoticeState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    # The person has no address; the notice is shown on the site.
    SHOWN = "shown", _("shown on the site")
    DROPPED = "dropped", _("no longer true")
    # The person switched it off (`accounts.models.DeclinedNotice`).
    NOT_WANTED = "unwanted", _("not wanted by the person")
    # It could not be sent, or the network reported that it was not delivered.
    FAILED = "failed", _("not delivered")
    # No login to read it with, no number and no address.
    UNREACHED = "unreached", _("no way to reach the person")


class DeliveryChannel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("short message")


class DeliveryPurpose(models.TextChoices):
    """What a message is for: beyond the monthly cap only the last two are sent, from the reserve."""

    NOTICE = "notice", _("notice")
    # What cannot wait: what was done to a login, a class that is off.
    URGENT = "urgent", _("urgent notice")
    CODE = "code", _("code")


class DeliveryState(models.TextChoices):
    """In the order in which a message goes through them; the last three are final."""

    HANDING_OVER = "handing", _("being handed over")
    # The gateway answered that it does not take it, or was not reached: nothing was sent.
    REFUSED = "refused", _("not taken by the gateway")
    # The worker or the connection ended before the gateway answered.
    UNKNOWN = "unknown", _("not known whether it was sent")
    HANDED_OVER = "handed_over", _("sent, no report yet")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("not delivered: number not reachable")
    EXPIRED = "expired", _("not delivered: phone not reached in time")


FINAL_DELIVERY_STATES = (DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.EXPIRED)


class Act(models.TextChoices):
    """What a person may do somewhere. Roles are sets of acts; the fence asks for one act at a time."""

    VIEW_PEOPLE = "view_people", _("see people")
    MANAGE_PEOPLE = "manage_people", _("register and correct people")
    VIEW_AS_TRAINEE = "view_as_trainee", _("see the pages of trainees as they see them")
    PROTECT_DATA = "protect_data", _("decide about erasure of personal data, and about legal holds")
    MANAGE_MEMBERS = "manage_members", _("give and end roles")
    HELP_TRAINEES_IN = (
        "help_trainees_in",
        _("help trainees who lost their password, together with a colleague"),
    )
    MANAGE_CENTERS = "manage_centers", _("open and change centers")
    VIEW_COHORTS = "view_cohorts", _("see cohorts")
    MANAGE_COHORTS = "manage_cohorts", _("open and change cohorts")
    ENROLL = "enroll", _("enroll and withdraw trainees")
    IMPORT_LISTS = "import_lists", _("import lists of what one may enter by hand")
    WRITE_TO_TRAINEES = "write_to_trainees", _("write messages to trainees")
    ANSWER_QUESTIONS = "answer_questions", _("answer questions of trainees, and hide what is out of place")
    VIEW_QUESTIONS = "view_questions", _("see the question bank, with the answers")
    WRITE_QUESTIONS = "write_questions", _("write questions of the bank")
    PUBLISH_QUESTIONS = "publish_questions", _("publish and withdraw questions of the bank")
    RECORD_ATTENDANCE = "record_attendance", _("record attendance")
    TEACH = "teach", _("teach live classes")
    SCHEDULE_CLASSES = "schedule_classes", _("plan live classes")
    INSPECT_CLASSES = "inspect_classes", _("watch live classes without taking part")
    EDIT_CONTENT = "edit_content", _("write lessons and quizzes")
    PUBLISH_CONTENT = "publish_content", _("publish lessons and quizzes")
    ASSIGN_CONTENT = "assign_content", _("decide which center writes a program or course")
    CORRECT_CONTENT = "correct_content", _("correct urgently what running cohorts study")
    MANAGE_MEDIA = "manage_media", _("upload videos")
    ASSESS = "assess", _("mark and sign off")
    MARK_ANSWERS = "mark_answers", _("mark answers of tests by hand")
    MODERATE_MARKS = "moderate_marks", _("decide where two marks of an answer are far apart")
    PROPOSE_CERTIFICATES = "propose_certificates", _("propose certificates")
    APPROVE_CERTIFICATES = "approve_certificates", _("approve certificates")
    VIEW_CERTIFICATES = "view_certificates", _("see certificates")
    REVOKE_CERTIFICATES = "revoke_certificates", _("revoke certificates")
    RECORD_FEES = "record_fees", _("record that fees of certificates were received")
    WAIVE_FEES = "waive_fees", _("waive fees of certificates")
    HAND_OUT_CERTIFICATES = "hand_out", _("record printed certificates and who collected them")
    ASSIGN_PAPER = "assign_paper", _("assign numbered security paper to centers")
    SET_RULES = "set_rules", _("set levels, kinds of certificates, terms, fees and the visual identity")
    VIEW_AUDIT = "view_audit", _("read the audit trail")
    VIEW_COMPLAINTS = "view_complaints", _("read complaints that are not about oneself")
    HANDLE_COMPLAINTS = "handle_complaints", _("answer complaints that are not about oneself")
