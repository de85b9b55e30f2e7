"""Which page of the manual is about which page of the workplace. The first pattern that the name of the address matches decides.

What has no page of its own in the manual has that of its list, and the last pattern leads to the contents.
"""

from collections.abc import Collection
from fnmatch import fnmatchcase
from functools import cache

from accounts.enums import RoleName

# The home page leads who has one of these roles alone to the day's work of the role.
DAYS: dict[RoleName, str] = {
    RoleName.REGISTRAR: "day-of-registrar",
    RoleName.INSTRUCTOR: "day-of-instructor",
    RoleName.CENTER_MANAGER: "day-of-center-manager",
    RoleName.ASSESSOR: "day-of-assessor",
    RoleName.CERTIFYING_OFFICER: "day-of-certifying-officer",
}

# The name of an address, with * for any part of it: the slug, with the anchor of a section where one is about it.
REFERENCES: dict[str, str] = {
    "wagtailadmin_home": "home",
    "work": "home",
    "find": "home#find",
    "list_views": "lists#saved-views-and-columns",
    "list_columns": "lists#saved-views-and-columns",
    "membership:*": "roles",
    "role_offers:*": "roles",
    "user:*": "roles#who-does-what",
    "lost_passwords:*": "roles#two-people",
    "center:index*": "lists",
    "center:*": "first-cohort#center",
    "first_cohort": "first-cohort",
    "cohort:add": "first-cohort#cohort",
    "person:merge*": "people#merge-two-records",
    "person:correct_number": "people#a-mistyped-national-number",
    "person:note": "people#notes",
    "person:view_as": "help#see-what-the-trainee-sees",
    "person:index*": "lists",
    "person:*": "people",
    "desk": "front-desk",
    "name_deputy": "deputies",
    "end_deputy": "deputies",
    "deputies": "deputies",
    "deputy:*": "deputies",
    "hand_over": "deputies#hand-open-work-over",
    "audit:*": "audit",
    "data_requests:*": "audit#erasing-a-persons-data",
    "cohort:unit*": "releases",
    "cohort:questions": "questions",
    "cohort:index*": "lists",
    "cohort:start": "day-of-center-manager#cohorts",
    "cohort:close": "day-of-center-manager#cohorts",
    "cohort:reopen": "day-of-center-manager#cohorts",
    "cohort:risks": "cohort-workspace#at-risk",
    "cohort:write_to": "messages",
    "cohort:messages": "messages",
    "cohort:*_many": "cohort-workspace#act-on-many",
    "cohort:print_*": "attendance#to-print",
    "cohort:tests": "exams",
    "cohort:*": "cohort-workspace",
    "announcement:*": "messages",
    "classsession:series": "attendance#recurring-sessions",
    "classsession:code": "attendance#by-code",
    "classsession:paper": "attendance#from-paper",
    "classsession:print": "attendance#to-print",
    "classsession:*": "attendance",
    "venue:*": "first-cohort#rooms",
    "holiday:*": "attendance#holidays",
    "livesession:*": "live-obs",
    "question:*": "questions",
    "bank:take_out": "question-files#take-questions-out",
    "question_imports:*": "question-files",
    "bank:drafts": "question-bank#review",
    "bank:send_back": "question-bank#review",
    "bank:withdraw": "question-bank#withdraw",
    "bank:figures": "question-figures",
    "bank:keep": "question-figures#negative",
    "bank:*": "question-bank",
    "complaints:*": "complaints",
    "complaint_desk": "complaints#how-a-complaint-comes",
    "call_backs:*": "help#requests-for-a-call",
    "enrollment:practice": "completion-rules",
    "enrollment:correct": "completion-rules",
    "enrollment:confirm": "completion-rules",
    "enrollment:index*": "lists",
    "enrollment:*": "cohort-workspace",
    "completionrule:*": "completion-rules",
    "imports:*": "import",
    "figure*": "figures",
    "credentials:*issue_copy": "certificates-at-the-desk",
    "credentials:*fee*": "certificates-at-the-desk#record-receipts",
    "credentials:hand_out": "certificates-at-the-desk#hand-out",
    "credentials:printed": "certificates-at-the-desk#printed-certificates",
    "proposals:*fees": "certificates-at-the-desk#record-receipts",
    "proposals:printed": "certificates-at-the-desk#printed-certificates",
    "proposals:print_run": "certificates-at-the-desk#printed-certificates",
    "proposals:*": "certificates-issuing",
    "propose_many": "certificates-issuing#many-renewals-many-licenses",
    "outlook": "completion-rules",
    "exam_window": "exams#plan",
    "plan_sitting": "exams#plan",
    "cancel_sitting": "exams#plan",
    "sitting_time": "exams#time",
    "sitting_incident": "exams#incidents",
    "sitting_similarity": "exams#alike",
    "sitting*": "exams#room",
    "quiz_draft": "question-bank#quiz-drafts",
    "test_figures": "question-figures",
    "late_a*": "exams#late",
    "end_sitting": "exams#room",
    "appeals:*": "day-of-assessor#appeals",
    "marking_decide*": "marking-by-hand#decide",
    "marking_decisions": "marking-by-hand#decide",
    "marking_next_decision": "marking-by-hand#decide",
    "marking_agreement": "marking-by-hand#agreement",
    "marking_without_marker": "marking-by-hand#missing",
    "marking*": "marking-by-hand",
    "touched_certificate": "corrected-keys#certificates",
    "regrade:inspect": "corrected-keys#decide",
    "regrade:*": "corrected-keys#count-what-changes",
    "accommodation": "accommodations#give",
    "end_accommodation": "accommodations#end",
    "credentials:*": "certificates-issuing",
    "sheet_deliveries:*": "certificates-at-the-desk#security-paper",
    "sheets:*": "certificates-at-the-desk#security-paper",
    "printouts:*": "certificates-at-the-desk#printed-certificates",
    "collected:*": "certificates-at-the-desk#hand-out",
    "settled_fees:*": "certificates-at-the-desk#waive-cancel",
    "fees:*": "certificates-at-the-desk#record-receipts",
    "legacy_batches:*": "certificates-legacy",
    "legacy_papers:*": "certificates-legacy",
    "credential_types:*": "certificates-issuing",
    "issuing_rules:*": "certificates-issuing",
    "terms:*": "certificates-issuing#validity-period",
    "api_clients:*": "certificates-verification",
    "webhook*": "certificates-verification",
    "wagtailsnippets_certificates_*": "certificates-designer",
    "content_*": "day-of-center-manager#lessons",
    "wagtailadmin_explore*": "day-of-instructor#lessons",
    "wagtailadmin_pages:*": "day-of-instructor#lessons",
    "video:index*": "lists",
    "video*": "day-of-instructor#lessons",
    "captions:*": "day-of-instructor#lessons",
    "seathold:*": "cohort-workspace#about-and-history",
    "waitingentry:*": "cohort-workspace#about-and-history",
    "*:index*": "lists",
    "*": "",
}


@cache
def reference_for(name: str) -> tuple[str, str]:
    """The slug and the anchor for the page of an address, both empty where the contents are the place to look."""
    target = next(target for pattern, target in REFERENCES.items() if fnmatchcase(name, pattern))
    slug, _sign, anchor = target.partition("#")
    return slug, anchor


def reference_for_home(roles: Collection[RoleName]) -> str:
    """The slug for the home page of somebody with `roles`."""
    days = [DAYS[role] for role in roles if role in DAYS]
    return days[0] if len(days) == 1 else "home"
