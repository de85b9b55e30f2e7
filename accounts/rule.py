"""The table of permissions: who may do what to which row.

A row of the table is an object (the label of a model), a verb and the act that it needs. `accounts.roles` says which
roles hold the act, and the membership where: a role at a center reaches rows of that center (`center_path` of the model), one of
a governorate those of its centers, one of the ministry all. Rows that belong to no center are the ministry's.

`accounts.scoping.viewsets.CenterViewSet` and the policies of `accounts.scoping` read the table; `docs/reference/permissions.md`
is printed from it. Apps above are named by the labels of their models only: this app imports none of them.
"""

from collections.abc import Mapping

from accounts.enums import Act
from accounts.grants import Grant
from accounts.rule_of_certificates import OF_CERTIFICATES, OWN_CERTIFICATE

_REACH = "logins within reach only (`accounts.scoping.reach.reaches_login`); not one's own"
_ROLES = "local roles only, unless in the whole ministry; people whom the center knows; never oneself (`accounts.services.memberships`)"
_TWO = (
    "trainees who are registered at the center or used a seat there only, and colleagues whose login is within reach; not for oneself"
    " (`accounts.services.recoveries`)"
)
_MERGE = (
    "both records; at a center people who are registered there and used no seat elsewhere; not one's own; staff only with reach of their login"
    " (`accounts.services.merging`)"
)
_NUMBER = (
    "people who are registered there and used no seat elsewhere; not one's own; not while a second colleague decides about the person"
    " (`accounts.services.mistyped_numbers`)"
)
_VIEW_AS = (
    "trainees with an open login who work nowhere; not oneself; to read only, for 15 minutes, and told to the trainee"
    " (`accounts.services.view_as`)"
)
_LISTS = "and the act that each line needs by hand (`courses.services.imports.ACTS`)"
_WRITTEN_TO = (
    "trainees of one's cohorts by who teaches them; of a whole center, also by a program, and one person by who enrolls there, too;"
    " so many a day (`courses.services.announcements`)"
)
_ANSWERED = (
    "of cohorts one teaches; of the whole center by who manages its cohorts (`courses.queries.questions`)"
)
_COMPLAINT = "not about oneself, nor one's own (`courses.queries.complaints.hidden_from`)"
_REGRADED = (
    "in the whole ministry; not by who asked for it, took the test or taught those whose marks change"
    " (`assessment.services.regrades`)"
)
_LATE = "marked attempts with answers that arrived after the time; not one's own, nor of people one taught (`assessment.services.late`)"
_DECIDED = (
    "not about one's own attempt; void by another person than who held the result, and who did not teach its person"
    " (`assessment.services.decisions`)"
)
_ASSESSED = "not one's own work, nor that of a cohort one teaches or taught"
_MARKED = (
    "not one's own answer; not whose first mark is by one's own hand, nor where one teaches or taught and so does who gave the first mark; without knowing whose it is"
    " (`assessment.queries.marking`)"
)
_MODERATED = "not one's own answer, nor one that one marked; not who teaches or taught its person (`assessment.queries.marking`)"
_WRITTEN_BY_OTHERS = "neither its author nor who changed it last (`assessment.services.bank`)"
_FACTS = "in the whole ministry; not by who asked for the correction (`courses.services.facts`)"
_FOUR_EYES = "another user than its writers (`courses.models.reviews.may_review`)"

RULE: Mapping[str, Mapping[str, Grant]] = {
    "accounts.Center": {
        "view": Grant(Act.VIEW_PEOPLE),
        "add": Grant(Act.MANAGE_CENTERS),
        "change": Grant(Act.MANAGE_CENTERS),
        "first_cohort": Grant(Act.MANAGE_COHORTS),
    },
    "accounts.Person": {
        "view": Grant(Act.VIEW_PEOPLE),
        "add": Grant(Act.MANAGE_PEOPLE),
        "change": Grant(Act.MANAGE_PEOPLE, "not the own record"),
        "merge": Grant(Act.MANAGE_PEOPLE, _MERGE),
        "correct_number": Grant(Act.MANAGE_PEOPLE, _NUMBER),
        "note": Grant(Act.MANAGE_PEOPLE, "not about oneself"),
        "remove_photo": Grant(Act.MANAGE_PEOPLE),
        "view_as": Grant(Act.VIEW_AS_TRAINEE, _VIEW_AS),
        "tell_again": Grant(Act.MANAGE_PEOPLE, "what did not arrive (`accounts.services.resending`)"),
        "ask": Grant(Act.MANAGE_PEOPLE, "what the person asks at the desk; not for oneself"),
        "hold": Grant(Act.PROTECT_DATA, "in the whole ministry; not of oneself"),
    },
    "accounts.Membership": {
        "view": Grant(Act.MANAGE_MEMBERS),
        "add": Grant(Act.MANAGE_MEMBERS, _ROLES),
        "change": Grant(Act.MANAGE_MEMBERS, _ROLES),
    },
    # The holder of a role of a center names and ends its deputy, too, and the deputy ends it (`accounts.services.deputies`).
    "accounts.Deputy": {
        "view": Grant(Act.MANAGE_MEMBERS),
    },
    "accounts.RoleOffer": {
        "view": Grant(Act.MANAGE_MEMBERS),
        "add": Grant(Act.MANAGE_MEMBERS, "local roles only; the person accepts (`accounts.services.offers`)"),
        "withdraw": Grant(Act.MANAGE_MEMBERS),
    },
    "accounts.RoleRequest": {
        "view": Grant(Act.MANAGE_MEMBERS),
        "add": Grant(Act.MANAGE_MEMBERS, _ROLES),
        "give": Grant(Act.MANAGE_MEMBERS, _ROLES, second_to="asked for the role"),
        "refuse": Grant(Act.MANAGE_MEMBERS),
    },
    "accounts.User": {
        "view": Grant(Act.MANAGE_MEMBERS),
        "add": Grant(Act.MANAGE_MEMBERS),
        "change": Grant(Act.MANAGE_MEMBERS, _REACH),
        "confirm_card": Grant(
            Act.MANAGE_MEMBERS,
            "of staff (`accounts.services.hands`)",
            second_to="made the login or gave it a role or a password",
        ),
    },
    "accounts.VisualIdentity": {
        "change": Grant(Act.SET_RULES, "in the whole ministry"),
    },
    "accounts.AuditEntry": {
        "view": Grant(Act.VIEW_AUDIT),
    },
    "accounts.PasswordRecovery": {
        "view": Grant(Act.HELP_TRAINEES_IN),
        "add": Grant(Act.HELP_TRAINEES_IN, _TWO),
        "give": Grant(Act.HELP_TRAINEES_IN, _TWO, second_to="asked for the password"),
        "refuse": Grant(Act.HELP_TRAINEES_IN),
    },
    "accounts.DataRequest": {
        "view": Grant(Act.MANAGE_PEOPLE),
        "change": Grant(
            Act.MANAGE_PEOPLE,
            "not one's own request; erasure by two people who may protect data in the whole ministry (`accounts.services.data_requests`)",
        ),
    },
    "wagtailcore.Page": {
        "add": Grant(Act.EDIT_CONTENT),
        "change": Grant(Act.EDIT_CONTENT, "not while it is under review"),
        "read_keys": Grant(Act.EDIT_CONTENT, "or who may publish there"),
        "review": Grant(Act.PUBLISH_CONTENT, _FOUR_EYES, second_to="wrote it"),
        "take_offline": Grant(
            Act.PUBLISH_CONTENT, "by the ministry while cohorts learn from it; never the front page"
        ),
        "lock": Grant(Act.PUBLISH_CONTENT),
        "unlock": Grant(Act.PUBLISH_CONTENT),
        "assign": Grant(Act.ASSIGN_CONTENT, "in the whole ministry"),
        "correct": Grant(Act.CORRECT_CONTENT, "in the whole ministry"),
    },
    "wagtailimages.Image": {
        "choose": Grant(Act.EDIT_CONTENT, "also from the ministry's library"),
        "add": Grant(Act.EDIT_CONTENT),
        "change": Grant(Act.PUBLISH_CONTENT, "or what one added oneself"),
    },
    "wagtaildocs.Document": {
        "choose": Grant(Act.EDIT_CONTENT, "also from the ministry's library"),
        "add": Grant(Act.EDIT_CONTENT),
        "change": Grant(Act.PUBLISH_CONTENT, "or what one added oneself"),
    },
    "media_pipeline.Video": {
        "view": Grant(Act.MANAGE_MEDIA),
        "add": Grant(Act.MANAGE_MEDIA),
        "change": Grant(Act.MANAGE_MEDIA),
    },
    "media_pipeline.CaptionTrack": {
        "view": Grant(Act.MANAGE_MEDIA),
        "add": Grant(Act.MANAGE_MEDIA),
        "write": Grant(Act.MANAGE_MEDIA),
        "delete": Grant(Act.MANAGE_MEDIA),
    },
    "media_pipeline.Transcription": {
        "view": Grant(Act.MANAGE_MEDIA),
        "add": Grant(Act.MANAGE_MEDIA),
    },
    "media_pipeline.MediaQuota": {
        "view": Grant(Act.MANAGE_CENTERS),
        "add": Grant(Act.MANAGE_CENTERS),
        "change": Grant(Act.MANAGE_CENTERS),
        "delete": Grant(Act.MANAGE_CENTERS),
    },
    "courses.Cohort": {
        "view": Grant(Act.VIEW_COHORTS),
        "add": Grant(Act.MANAGE_COHORTS),
        "change": Grant(Act.MANAGE_COHORTS),
        "start": Grant(Act.MANAGE_COHORTS),
        "close": Grant(Act.MANAGE_COHORTS),
        "take_content": Grant(Act.MANAGE_COHORTS),
        "correct_facts": Grant(Act.SET_RULES, "in the whole ministry"),
        "decide_facts": Grant(Act.SET_RULES, _FACTS),
        "release": Grant(Act.SCHEDULE_CLASSES),
        # When tests may be started, and in which exams of the timetable (`assessment.viewsets.cohort_tests`).
        "plan_tests": Grant(Act.SCHEDULE_CLASSES),
        "further_attempt": Grant(
            Act.MANAGE_COHORTS,
            "for who has none left; not one's own, nor of people one taught (`assessment.services.further_attempts`)",
        ),
        # With the keys: who reads the bank of its center (`assessment.viewsets.figures`).
        "read_figures": Grant(Act.VIEW_QUESTIONS),
        "late_answers": Grant(Act.RECORD_ATTENDANCE),
        "write_to": Grant(Act.WRITE_TO_TRAINEES, _WRITTEN_TO),
        "questions": Grant(Act.ANSWER_QUESTIONS, _ANSWERED),
        "withdraw_many": Grant(Act.ENROLL),
        "propose_many": Grant(Act.PROPOSE_CERTIFICATES, OWN_CERTIFICATE),
        "transfer_many": Grant(Act.ENROLL, "into a cohort of the same program where one may enroll, too"),
        "enroll_many": Grant(Act.ENROLL, "into any cohort where one may enroll, too"),
        "assess_many": Grant(Act.ASSESS, _ASSESSED),
        "reopen": Grant(Act.MANAGE_COHORTS, "as long as no certificate was proposed since"),
    },
    "courses.Enrollment": {
        "view": Grant(Act.VIEW_COHORTS),
        "add": Grant(Act.ENROLL),
        "change": Grant(Act.ENROLL),
        "transfer": Grant(Act.ENROLL, "into a cohort of the same program where one may enroll, too"),
        "reinstate": Grant(Act.ENROLL, "not oneself"),
        "settle_given_back": Grant(Act.ENROLL),
        "correct": Grant(Act.ASSESS, "not one's own marks, nor those of a cohort one teaches or taught"),
        "confirm": Grant(
            Act.APPROVE_CERTIFICATES,
            "a completion in doubt: not by who changed its records or taught the cohort",
            second_to="changed a record",
        ),
        # Certificates in force that a corrected key touches (`assessment.viewsets.touched`).
        "review_touched": Grant(Act.APPROVE_CERTIFICATES, "not one's own"),
        # What the person would get (`certificates.viewsets.outlook`).
        "outlook": Grant(Act.VIEW_CERTIFICATES),
        "practice": Grant(Act.ASSESS, _ASSESSED),
        # What the person has in tests, and why (`assessment.viewsets.accommodations`).
        "accommodate": Grant(
            Act.MANAGE_PEOPLE, "active enrollments; not for oneself (`assessment.services.accommodations`)"
        ),
    },
    "assessment.Appeal": {
        "view": Grant(Act.ASSESS),
        "answer": Grant(Act.ASSESS, "not one's own, nor those of a cohort one teaches or taught"),
        # `assessment.viewsets.without_marker`
        "read_blind": Grant(
            Act.MANAGE_COHORTS,
            "those that no one at the center may answer, without whose they are; not one's own",
        ),
    },
    "assessment.Regrade": {
        "view": Grant(Act.CORRECT_CONTENT, "in the whole ministry"),
        "propose": Grant(Act.CORRECT_CONTENT, "in the whole ministry"),
        "start": Grant(Act.CORRECT_CONTENT, _REGRADED, second_to="asked for the correction"),
        "drop": Grant(Act.CORRECT_CONTENT, "in the whole ministry, before it is started"),
    },
    "courses.Announcement": {
        "view": Grant(
            Act.WRITE_TO_TRAINEES,
            "one's own, those to cohorts one teaches, and all where one enrolls, too (`courses.queries.announcements`)",
        ),
        "add": Grant(Act.WRITE_TO_TRAINEES, _WRITTEN_TO),
        "change": Grant(Act.WRITE_TO_TRAINEES, "drafts only"),
        "send": Grant(Act.WRITE_TO_TRAINEES, _WRITTEN_TO),
        "cancel": Grant(Act.WRITE_TO_TRAINEES),
    },
    "courses.Question": {
        "view": Grant(Act.ANSWER_QUESTIONS, _ANSWERED),
        "answer": Grant(Act.ANSWER_QUESTIONS, _ANSWERED),
        "moderate": Grant(Act.ANSWER_QUESTIONS, f"{_ANSWERED}; reports of one's own words by a colleague"),
    },
    "courses.SeatHold": {
        "view": Grant(Act.VIEW_COHORTS),
        "add": Grant(Act.ENROLL),
        "change": Grant(Act.ENROLL),
    },
    "courses.ImportRun": {
        "view": Grant(
            Act.IMPORT_LISTS,
            "one's own, and those whose lines one may enter by hand (`courses.services.imports.lists_of`)",
        ),
        "add": Grant(Act.IMPORT_LISTS, _LISTS),
        "start": Grant(Act.IMPORT_LISTS, _LISTS),
    },
    "courses.WaitingEntry": {
        "view": Grant(Act.VIEW_COHORTS),
        "add": Grant(Act.ENROLL),
        "change": Grant(Act.ENROLL),
    },
    "courses.ClassSession": {
        "view": Grant(Act.VIEW_COHORTS),
        "add": Grant(Act.MANAGE_COHORTS),
        "change": Grant(Act.MANAGE_COHORTS),
        "attend": Grant(
            Act.RECORD_ATTENDANCE, second_to="typed the sheet the first time, where it is one of paper"
        ),
    },
    "courses.Venue": {
        "view": Grant(Act.VIEW_COHORTS),
        "add": Grant(Act.MANAGE_COHORTS),
        "change": Grant(Act.MANAGE_COHORTS),
        "delete": Grant(Act.MANAGE_COHORTS),
    },
    "courses.Holiday": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
        "change": Grant(Act.SET_RULES),
        "delete": Grant(Act.SET_RULES),
    },
    "courses.CompletionRule": {
        "view": Grant(Act.VIEW_COHORTS),
        "add": Grant(Act.MANAGE_CENTERS),
    },
    "courses.Complaint": {
        "view": Grant(Act.VIEW_COMPLAINTS, _COMPLAINT),
        "enter": Grant(Act.MANAGE_PEOPLE, "for somebody at the desk, without seeing it afterwards"),
        "handle": Grant(Act.HANDLE_COMPLAINTS, _COMPLAINT),
    },
    "courses.CallBack": {
        "view": Grant(Act.MANAGE_PEOPLE),
        "answer": Grant(Act.MANAGE_PEOPLE, "not one's own request"),
        "count": Grant(Act.VIEW_AUDIT, "numbers alone"),
    },
    "courses.SkillLevel": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
        "change": Grant(Act.SET_RULES),
    },
    "courses.SynonymGroup": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
        "change": Grant(Act.SET_RULES),
        "delete": Grant(Act.SET_RULES),
    },
    "assessment.Question": {
        "view": Grant(
            Act.VIEW_QUESTIONS, "and what the ministry published (`assessment.queries.bank.bank_of`)"
        ),
        "take_out": Grant(
            Act.VIEW_QUESTIONS, "with the keys: what one reads (`assessment.queries.bank.bank_of`)"
        ),
        "add": Grant(Act.WRITE_QUESTIONS),
        "change": Grant(Act.WRITE_QUESTIONS, "not while it is under review, nor withdrawn"),
        "submit": Grant(Act.WRITE_QUESTIONS),
        "take_back": Grant(Act.WRITE_QUESTIONS, "before anyone decided"),
        "discard": Grant(Act.WRITE_QUESTIONS, "drafts next to a published version"),
        "publish": Grant(Act.PUBLISH_QUESTIONS, _WRITTEN_BY_OTHERS, second_to="wrote it"),
        "send_back": Grant(Act.PUBLISH_QUESTIONS, _WRITTEN_BY_OTHERS, second_to="wrote it"),
        "withdraw": Grant(Act.PUBLISH_QUESTIONS),
        "reinstate": Grant(Act.PUBLISH_QUESTIONS),
        "keep": Grant(
            Act.WRITE_QUESTIONS, "by its author or who changed it last (`assessment.services.figures`)"
        ),
    },
    "assessment.Attempt": {
        "decide_late": Grant(Act.RECORD_ATTENDANCE, _LATE),
        # `assessment.viewsets.decisions`
        "decide": Grant(Act.RECORD_ATTENDANCE, _DECIDED),
    },
    "assessment.QuestionImport": {
        "view": Grant(Act.WRITE_QUESTIONS),
        "add": Grant(Act.WRITE_QUESTIONS),
        "start": Grant(Act.WRITE_QUESTIONS, "one's own file alone"),
    },
    "assessment.Sitting": {
        "supervise": Grant(Act.RECORD_ATTENDANCE, "time is not given to oneself"),
        "cancel": Grant(Act.SCHEDULE_CLASSES, "before its code was told"),
        "compare": Grant(
            Act.MANAGE_COHORTS, "after it ended, not by who took it; each reading is in the audit trail"
        ),
    },
    "assessment.MarkingTask": {
        "mark": Grant(Act.MARK_ANSWERS, _MARKED, second_to="gave the first mark, where there are two"),
        "moderate": Grant(Act.MODERATE_MARKS, _MODERATED, second_to="gave one of the marks"),
        "compare": Grant(Act.MANAGE_COHORTS, "pairs of markers with enough answers in common"),
        # How many no one may mark (`assessment.viewsets.without_marker`).
        "count_missing": Grant(Act.MANAGE_COHORTS, "how many and what is missing, not whose they are"),
    },
    "live.LiveSession": {
        "view": Grant(Act.VIEW_COHORTS),
        "add": Grant(Act.SCHEDULE_CLASSES),
        "change": Grant(Act.SCHEDULE_CLASSES, "attendance by users who record it"),
    },
    "insights.FigureSnapshot": {
        "view": Grant(Act.VIEW_COHORTS),
    },
    "insights.EnrollmentSpan": {
        "view": Grant(Act.VIEW_PEOPLE, "and who may see the figures"),
    },
    **OF_CERTIFICATES,
}


def acts_of_two() -> dict[str, str]:
    """What the first person did of each act that needs two, by the label of the model and the verb."""
    return {
        f"{label}.{verb}": grant.second_to
        for label, verbs in RULE.items()
        for verb, grant in verbs.items()
        if grant.second_to
    }


def acts_on(label: str) -> dict[str, Act]:
    """The act that each verb needs on rows of the model called `label`. Raises `KeyError` for one without a row in the table."""
    return {verb: grant.act for verb, grant in RULE[label].items()}
