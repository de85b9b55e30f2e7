"""What each role may do: one class for each role.

*Where* it may do it is the membership's scope; `accounts.scoping` reads both from the same row.
"""

from collections.abc import Iterable
from typing import ClassVar

from accounts.enums import Act, RoleName


class Role:
    name: ClassVar[RoleName]
    acts: ClassVar[frozenset[Act]] = frozenset()
    works_in_admin: ClassVar[bool] = True
    # Whether someone who manages members of one center may give it there.
    is_local: ClassVar[bool] = True
    # Whether a password alone is too little for it, where the settings ask for second factors.
    needs_second_factor: ClassVar[bool] = False


class Trainee(Role):
    """Learns. Acts only on records of their own, so holds no act over others' rows."""

    name = RoleName.TRAINEE
    works_in_admin = False


class Instructor(Role):
    name = RoleName.INSTRUCTOR
    acts = frozenset(
        {
            Act.VIEW_COHORTS,
            Act.WRITE_TO_TRAINEES,
            Act.ANSWER_QUESTIONS,
            Act.RECORD_ATTENDANCE,
            Act.TEACH,
            Act.SCHEDULE_CLASSES,
            Act.EDIT_CONTENT,
            Act.VIEW_QUESTIONS,
            Act.WRITE_QUESTIONS,
            Act.MARK_ANSWERS,
            Act.MANAGE_MEDIA,
            Act.VIEW_PEOPLE,
        }
    )


class Assessor(Role):
    """Independent of the instructor: marks, never teaches or issues."""

    name = RoleName.ASSESSOR
    acts = frozenset(
        {
            Act.VIEW_COHORTS,
            Act.ASSESS,
            Act.MARK_ANSWERS,
            Act.MODERATE_MARKS,
            Act.VIEW_PEOPLE,
            Act.IMPORT_LISTS,
            Act.VIEW_QUESTIONS,
            Act.PUBLISH_QUESTIONS,
        }
    )


class Registrar(Role):
    name = RoleName.REGISTRAR
    acts = frozenset(
        {
            Act.VIEW_PEOPLE,
            Act.MANAGE_PEOPLE,
            Act.VIEW_AS_TRAINEE,
            Act.IMPORT_LISTS,
            Act.HELP_TRAINEES_IN,
            Act.VIEW_COHORTS,
            Act.WRITE_TO_TRAINEES,
            Act.ENROLL,
            Act.RECORD_ATTENDANCE,
            Act.VIEW_CERTIFICATES,
            Act.RECORD_FEES,
            Act.HAND_OUT_CERTIFICATES,
        }
    )


class CenterManager(Role):
    name = RoleName.CENTER_MANAGER
    acts = frozenset(
        {
            Act.VIEW_PEOPLE,
            Act.MANAGE_PEOPLE,
            Act.VIEW_AS_TRAINEE,
            Act.IMPORT_LISTS,
            Act.MANAGE_MEMBERS,
            Act.HELP_TRAINEES_IN,
            Act.VIEW_COHORTS,
            Act.WRITE_TO_TRAINEES,
            Act.ANSWER_QUESTIONS,
            Act.MANAGE_COHORTS,
            Act.SCHEDULE_CLASSES,
            Act.ENROLL,
            Act.RECORD_ATTENDANCE,
            Act.EDIT_CONTENT,
            Act.PUBLISH_CONTENT,
            Act.VIEW_QUESTIONS,
            Act.WRITE_QUESTIONS,
            Act.PUBLISH_QUESTIONS,
            Act.MODERATE_MARKS,
            Act.MANAGE_MEDIA,
            Act.PROPOSE_CERTIFICATES,
            Act.VIEW_CERTIFICATES,
            Act.RECORD_FEES,
            Act.HAND_OUT_CERTIFICATES,
            Act.VIEW_COMPLAINTS,
            Act.HANDLE_COMPLAINTS,
        }
    )


class CertifyingOfficer(Role):
    """Approves what others proposed; never proposes."""

    name = RoleName.CERTIFYING_OFFICER
    is_local = False
    needs_second_factor = True
    acts = frozenset(
        {
            Act.VIEW_PEOPLE,
            Act.VIEW_COHORTS,
            Act.APPROVE_CERTIFICATES,
            Act.VIEW_CERTIFICATES,
            Act.REVOKE_CERTIFICATES,
        }
    )


class MinistryOfficer(Role):
    """Runs programs, rules and templates for the whole ministry; approves nothing. Waives fees, so records none."""

    name = RoleName.MINISTRY_OFFICER
    is_local = False
    needs_second_factor = True
    acts = frozenset(
        set(Act)
        - {
            Act.APPROVE_CERTIFICATES,
            Act.PROPOSE_CERTIFICATES,
            Act.ASSESS,
            Act.MARK_ANSWERS,
            Act.MODERATE_MARKS,
            Act.TEACH,
            Act.INSPECT_CLASSES,
            Act.RECORD_FEES,
            Act.HAND_OUT_CERTIFICATES,
        }
    )


class Auditor(Role):
    """Reads everything, changes nothing."""

    name = RoleName.AUDITOR
    is_local = False
    acts = frozenset(
        {Act.VIEW_PEOPLE, Act.VIEW_COHORTS, Act.VIEW_CERTIFICATES, Act.VIEW_AUDIT, Act.VIEW_COMPLAINTS}
    )


class Inspector(Role):
    """Watches live classes and their attendance; cannot take part or change anything, and is not in attendance or counts."""

    name = RoleName.INSPECTOR
    is_local = False
    acts = frozenset({Act.VIEW_COHORTS, Act.INSPECT_CLASSES})


ROLES: dict[RoleName, type[Role]] = {role.name: role for role in Role.__subclasses__()}


def roles_with(act: Act) -> list[RoleName]:
    """Name the roles that may do `act`."""
    return [name for name, role in ROLES.items() if act in role.acts]


def gives_roles(role: RoleName) -> bool:
    """Whether its holder gives roles to others: two people give it (`accounts.services.role_requests`)."""
    return Act.MANAGE_MEMBERS in ROLES[role].acts


# What a deputy does not get with a role: it leads to the logins of other people, or gives what the lender cannot take back with it.
NEVER_LENT: frozenset[Act] = frozenset({Act.MANAGE_MEMBERS, Act.HELP_TRAINEES_IN})


def acts_lent(role: RoleName) -> frozenset[Act]:
    """What a deputy may do with `role`."""
    return ROLES[role].acts - NEVER_LENT


# Pairs of roles that break the separation of duties when one person has both in one place: teaching and assessing,
# proposing and approving, changing and auditing.
CONFLICTS: frozenset[frozenset[RoleName]] = frozenset(
    frozenset(pair)
    for pair in (
        (RoleName.INSTRUCTOR, RoleName.ASSESSOR),
        (RoleName.CENTER_MANAGER, RoleName.CERTIFYING_OFFICER),
        (RoleName.MINISTRY_OFFICER, RoleName.CERTIFYING_OFFICER),
        *(
            (RoleName.AUDITOR, other)
            for other in RoleName
            if other not in {RoleName.AUDITOR, RoleName.TRAINEE}
        ),
    )
)


def conflicting(role: RoleName, held: Iterable[str]) -> list[RoleName]:
    """Those of the roles held that conflict with `role`."""
    return sorted({RoleName(name) for name in held if frozenset({role, RoleName(name)}) in CONFLICTS})
