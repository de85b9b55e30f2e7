"""For whom a deputy acted: which act an action in the audit trail needed.

An action that a deputy could do with a role of their own was not done for the lender. Apps above are named by their actions only.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from accounts.enums import Act
from accounts.rule import RULE

_EVERYONES: frozenset[Act] = frozenset()

# The beginning of an action -> the acts of which it needs one; the longest beginning counts. Empty: what people do for themselves, what
# no one is lent (`accounts.roles.NEVER_LENT`), and what the system does.
ACTED_BY: Mapping[str, frozenset[Act]] = {
    "accounts": _EVERYONES,
    "accounts.audit.export": frozenset({Act.VIEW_AUDIT}),
    "accounts.contact": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.content.assign": frozenset({Act.ASSIGN_CONTENT}),
    "accounts.data_request.decide": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.data_request.propose": frozenset({Act.PROTECT_DATA}),
    "accounts.identity_document": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.login.create": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.login.empty": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.login.give_first": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.membership.hand_over": frozenset({Act.MANAGE_COHORTS}),
    "accounts.notice.send_again": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.number.miss": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.person": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.person.choose_notices": _EVERYONES,
    "accounts.person.hold": frozenset({Act.PROTECT_DATA}),
    "accounts.person.read": frozenset({Act.VIEW_PEOPLE}),
    "accounts.person_note": frozenset({Act.MANAGE_PEOPLE}),
    "accounts.photo.remove": frozenset({Act.MANAGE_PEOPLE}),
    "assessment": _EVERYONES,
    "assessment.appeal.answer": frozenset({Act.ASSESS}),
    "assessment.attempt.correct": frozenset({Act.ASSESS, Act.RECORD_ATTENDANCE}),
    "assessment.correction.review": frozenset({Act.APPROVE_CERTIFICATES}),
    "assessment.accommodation": frozenset({Act.MANAGE_PEOPLE}),
    "assessment.accommodation.erase": _EVERYONES,
    "assessment.file.erase": _EVERYONES,
    "assessment.attempt.count_late": frozenset({Act.RECORD_ATTENDANCE}),
    "assessment.attempt.leave_late": frozenset({Act.RECORD_ATTENDANCE}),
    "assessment.bank.take_out": frozenset({Act.VIEW_QUESTIONS}),
    "assessment.mark": frozenset({Act.MARK_ANSWERS}),
    "assessment.mark.decide": frozenset({Act.MODERATE_MARKS}),
    "assessment.question": frozenset({Act.WRITE_QUESTIONS}),
    "assessment.question.publish": frozenset({Act.PUBLISH_QUESTIONS}),
    "assessment.question.reinstate": frozenset({Act.PUBLISH_QUESTIONS}),
    "assessment.question.send_back": frozenset({Act.PUBLISH_QUESTIONS}),
    "assessment.question.withdraw": frozenset({Act.PUBLISH_QUESTIONS}),
    "assessment.sitting.compare": frozenset({Act.MANAGE_COHORTS}),
    "assessment.question_import": frozenset({Act.WRITE_QUESTIONS}),
    "assessment.regrade": frozenset({Act.CORRECT_CONTENT}),
    "certificates.approve": frozenset({Act.APPROVE_CERTIFICATES}),
    "certificates.bundle": frozenset({Act.VIEW_CERTIFICATES}),
    "certificates.client": frozenset({Act.SET_RULES}),
    "certificates.copy": frozenset({Act.APPROVE_CERTIFICATES}),
    "certificates.collect": frozenset({Act.HAND_OUT_CERTIFICATES}),
    "certificates.fee": frozenset({Act.RECORD_FEES, Act.WAIVE_FEES}),
    "certificates.fee.record": frozenset({Act.RECORD_FEES}),
    "certificates.fee.waive": frozenset({Act.WAIVE_FEES}),
    "certificates.key": _EVERYONES,
    "certificates.legacy": frozenset({Act.PROPOSE_CERTIFICATES}),
    "certificates.legacy.check": frozenset({Act.APPROVE_CERTIFICATES}),
    "certificates.legacy.enter": frozenset({Act.APPROVE_CERTIFICATES}),
    "certificates.legacy.return": frozenset({Act.APPROVE_CERTIFICATES}),
    "certificates.link": _EVERYONES,
    "certificates.passport": _EVERYONES,
    "certificates.print": frozenset({Act.HAND_OUT_CERTIFICATES}),
    "certificates.propose": frozenset({Act.PROPOSE_CERTIFICATES}),
    "certificates.propose_revocation": frozenset({Act.REVOKE_CERTIFICATES}),
    "certificates.drop_revocation": frozenset({Act.REVOKE_CERTIFICATES}),
    "certificates.lift_doubt": frozenset({Act.APPROVE_CERTIFICATES}),
    "certificates.redraw": frozenset({Act.PROPOSE_CERTIFICATES, Act.APPROVE_CERTIFICATES}),
    "certificates.reinstate": frozenset({Act.REVOKE_CERTIFICATES}),
    "certificates.reject": frozenset({Act.APPROVE_CERTIFICATES}),
    "certificates.revoke": frozenset({Act.REVOKE_CERTIFICATES}),
    "certificates.rule": frozenset({Act.SET_RULES}),
    "certificates.sheets": frozenset({Act.ASSIGN_PAPER}),
    "certificates.sheets.end": frozenset({Act.HAND_OUT_CERTIFICATES, Act.ASSIGN_PAPER}),
    "certificates.spoil": frozenset({Act.HAND_OUT_CERTIFICATES}),
    "certificates.suspend": frozenset({Act.REVOKE_CERTIFICATES}),
    "certificates.tell_again": frozenset({Act.PROPOSE_CERTIFICATES, Act.APPROVE_CERTIFICATES}),
    "certificates.withdraw": frozenset({Act.PROPOSE_CERTIFICATES}),
    "certificates.webhook": frozenset({Act.SET_RULES}),
    "courses.announcement": frozenset({Act.WRITE_TO_TRAINEES}),
    "courses.attendance": frozenset({Act.RECORD_ATTENDANCE}),
    "courses.call_back": frozenset({Act.MANAGE_PEOPLE}),
    "courses.call_back.added": _EVERYONES,
    "courses.call_back.asked": _EVERYONES,
    "courses.cohort": frozenset({Act.MANAGE_COHORTS}),
    "courses.cohort.release_course": frozenset({Act.SCHEDULE_CLASSES}),
    "courses.cohort.release_unit": frozenset({Act.SCHEDULE_CLASSES}),
    "courses.complaint": frozenset({Act.VIEW_COMPLAINTS}),
    "courses.completion_rule": frozenset({Act.MANAGE_CENTERS}),
    "courses.content.correct": frozenset({Act.CORRECT_CONTENT}),
    "courses.content.freeze": frozenset({Act.MANAGE_COHORTS}),
    "courses.enrollment": frozenset({Act.ENROLL}),
    "courses.enrollment.complete": frozenset({Act.MANAGE_COHORTS, Act.RECORD_ATTENDANCE, Act.ASSESS}),
    "courses.enrollment.confirm": frozenset({Act.APPROVE_CERTIFICATES}),
    "courses.enrollment.fail": frozenset({Act.MANAGE_COHORTS}),
    "courses.enrollment.give_back": _EVERYONES,
    "courses.enrollment.yield": _EVERYONES,
    "courses.enrollment.reopen": frozenset({Act.MANAGE_COHORTS}),
    "courses.facts": frozenset({Act.SET_RULES}),
    "courses.facts.compare": frozenset({Act.APPROVE_CERTIFICATES}),
    "courses.hold": frozenset({Act.ENROLL}),
    "courses.import": frozenset({Act.IMPORT_LISTS}),
    "courses.page": frozenset({Act.PUBLISH_CONTENT}),
    "courses.practice": frozenset({Act.ASSESS}),
    "courses.progress": frozenset({Act.ASSESS}),
    "courses.progress.mark": _EVERYONES,
    "courses.question": frozenset({Act.ANSWER_QUESTIONS}),
    "courses.question.change": _EVERYONES,
    "courses.question.change_answer": _EVERYONES,
    "courses.question.erase": _EVERYONES,
    "courses.question.remove": _EVERYONES,
    "courses.session": frozenset({Act.MANAGE_COHORTS, Act.SCHEDULE_CLASSES}),
    "courses.waiting": frozenset({Act.ENROLL}),
    "live": frozenset({Act.TEACH}),
    "live.attendance": frozenset({Act.RECORD_ATTENDANCE}),
    "live.attendance.object": _EVERYONES,
    "live.session": frozenset({Act.SCHEDULE_CLASSES}),
    "live.session.checks": frozenset({Act.TEACH}),
    "live.session.end": frozenset({Act.TEACH}),
    "live.session.inspect": frozenset({Act.INSPECT_CLASSES}),
    "live.session.open": frozenset({Act.TEACH}),
    "lms": _EVERYONES,
    "media_pipeline": frozenset({Act.MANAGE_MEDIA}),
}


class RoleToday(Protocol):
    """A role as its holder has it today."""

    @property
    def acts(self) -> frozenset[Act]: ...

    @property
    def lender(self) -> int | None: ...


def acts_needed(action: str, *, label: str, data: Mapping[str, Any]) -> frozenset[Act]:
    """Of which acts the action needs one; `label` is of the model of the row. Raises `KeyError` for an action of an app without entries."""
    if action.startswith("wagtail."):
        return frozenset(grant.act for verb, grant in RULE.get(label, {}).items() if verb != "view")
    if action == "accounts.list.export":
        # Wagtail's own reports are of no model in the table.
        view = RULE.get(str(data.get("list")), {}).get("view")
        return frozenset({view.act}) if view else _EVERYONES
    beginning = action
    while beginning not in ACTED_BY:
        beginning = beginning.rpartition(".")[0]
        if not beginning:
            raise KeyError(action)
    return ACTED_BY[beginning]


def lender_behind[H: RoleToday](
    held: Iterable[H], needed: frozenset[Act], *, is_there: Callable[[H], bool]
) -> int | None:
    """The key of the login for whom a deputy acted; None for who acted in their own name. `is_there`: whether a role counts in the place."""
    able = [role for role in held if role.acts & needed and is_there(role)]
    if any(role.lender is None for role in able):
        return None
    return able[0].lender if able else None
