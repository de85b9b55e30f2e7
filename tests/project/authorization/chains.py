"""Acts over logins, roles, enrollments, content and certificates, as a browser posts them, and whom they are aimed at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, Membership, PasswordRecovery, Person, RoleRequest, User
from accounts.services.identity_documents import register_national_id
from certificates.drawing import design_digest
from certificates.models import Credential, Proposal
from courses.clauses import Clauses
from courses.models import Cohort, CoursePage, Enrollment, LessonPage
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll
from courses.services.reviews import submit_for_review
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory, UserFactory
from tests.factories.certificates import issued, proposed
from tests.factories.courses import CohortFactory
from tests.project.authorization.changes import same_session
from tests.project.authorization.forms import plausible_body
from tests.project.authorization.subjects import page_of


@dataclass
class Target:
    """Everything of one place that an act may be aimed at."""

    name: str
    center: Center
    staff: User
    trainee: User
    number: str
    person: Person
    membership: Membership
    recovery: PasswordRecovery
    role: RoleRequest
    cohort: Cohort
    enrollment: Enrollment
    page: LessonPage
    course: CoursePage
    review: int
    proposal: Proposal
    credential: Credential
    login: str = ""
    # Bodies of forms as they were before any act, by address.
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)


def target_at(name: str, center: Center, number: str, *, is_ministrys: bool = False) -> Target:
    """One of each at the center; staff, person, role and pages of the ministry where it `is_ministrys`."""
    place = {"center": None, "scope": "ministry"} if is_ministrys else {"center": center}
    role = RoleName.MINISTRY_OFFICER if is_ministrys else RoleName.REGISTRAR
    membership = MembershipFactory(role=role, **place)
    person = PersonFactory(registered_at=None if is_ministrys else center)
    trainee = TraineeFactory(person__registered_at=center)
    register_national_id(person_id=trainee.person.pk, number=number, by=UserFactory(is_superuser=True))
    cohort = CohortFactory(center=center)
    page, submitted = (page_of(None if is_ministrys else center) for _ in range(2))
    author = UserFactory()
    MembershipFactory(user=author, role=RoleName.MINISTRY_OFFICER, center=None, scope="ministry")
    set_completion_rule(program_id=page.get_parent().get_parent().pk, by=author, asks=Clauses(units=True))
    state = submit_for_review(page_id=submitted.pk, by=author)
    return Target(
        name=name,
        center=center,
        staff=membership.user,
        trainee=trainee,
        number=number,
        person=person,
        membership=membership,
        recovery=PasswordRecovery.objects.create(
            user=trainee, center=center, reason="x", asked_by=MembershipFactory(center=center).user
        ),
        role=RoleRequest.objects.create(
            user=membership.user,
            role=RoleName.CENTER_MANAGER,
            center=center,
            reason="x",
            asked_by=MembershipFactory(center=center, role=RoleName.CENTER_MANAGER).user,
        ),
        cohort=cohort,
        enrollment=enroll(person_id=trainee.person.pk, cohort_id=cohort.pk, by=author),
        page=page,
        course=page.get_parent().specific,
        review=state.current_task_state_id,
        proposal=proposed(CohortFactory(center=center)),
        credential=issued(CohortFactory(center=center)),
    )


class Post(NamedTuple):
    """What an act sends: the values that the actor chose go over those of the form."""

    address: str
    key: int | tuple[int, ...] | None
    values: dict[str, Any]


@dataclass(frozen=True)
class Act:
    name: str
    post: Callable[[Target, Center], Post]


def _give(
    whose: str, role: RoleName, *, here: bool, by: str = "membership:add"
) -> Callable[[Target, Center], Post]:
    def post(target: Target, own: Center) -> Post:
        center = own if here else target.center
        login = getattr(target, whose).username
        return Post(
            by,
            None,
            {
                "login": login,
                "role": role,
                "center": center.pk,
                "until": "",
                "scope": "center",
                "governorate": "",
                "reason": "x",
            },
        )

    return post


def _on(address: str, of: str, **values: Any) -> Callable[[Target, Center], Post]:
    """An act on the row of the target that is called `of`."""

    def post(target: Target, own: Center) -> Post:
        row = getattr(target, of)
        return Post(address, row.pk if isinstance(row, Model) else row, values)

    return post


def _add(address: str, **values: Callable[[Target, Center], Any]) -> Callable[[Target, Center], Post]:
    """An act that adds a row with these values."""

    def post(target: Target, own: Center) -> Post:
        return Post(address, None, {name: value(target, own) for name, value in values.items()})

    return post


def _merge(kept: Person | None, duplicate: Person | None) -> Post:
    assert kept is not None
    assert duplicate is not None
    return Post("person:merge", (kept.pk, duplicate.pk), {"reason": "x"})


def _take_out_number(target: Target, _own: Center) -> Post:
    person = target.trainee.person
    assert person is not None
    card = person.documents.first()
    keys = (person.pk, card.pk if card else 0)
    return Post("person:correct_number", keys, {"step": "take_out", "number": "", "reason": "x"})


def newest_recovery(target: Target) -> int:
    """What was asked last for the trainee, by whomever."""
    return int(PasswordRecovery.objects.filter(user=target.trainee).latest("pk").pk)


def newest_request(target: Target) -> int:
    """The role that was asked for last, by whomever."""
    return int(RoleRequest.objects.filter(user__in=(target.staff, target.role.user)).latest("pk").pk)


HELP = {"reason": "lost"}
LOGIN_FIELDS = {
    "display_name": lambda t, o: "محمد أحمد علي حسن",
    "number": lambda t, o: "29501010101288",
    "country": lambda t, o: "",
    "phone": lambda t, o: "01000000099",
    "role": lambda t, o: RoleName.REGISTRAR,
}

PERSON = {
    "full_name_ar": "محمد أحمد علي حسن",
    "birth_date": "1995-01-01",
    "language": "ar",
    **dict.fromkeys(("full_name_en", "national_number", "passport_number", "passport_country"), ""),
}

DRAFT = {"title": "changed", "go_live_at": "", "expire_at": ""}

ACTS: tuple[Act, ...] = (
    Act("give trainee's role here", _give("trainee", RoleName.TRAINEE, here=True)),
    Act(
        "ask for manager's role here",
        _give("staff", RoleName.CENTER_MANAGER, here=True, by="role_requests:add"),
    ),
    Act("give asked role", lambda t, own: Post("role_requests:give", newest_request(t), {})),
    Act("refuse asked role", lambda t, own: Post("role_requests:refuse", newest_request(t), {})),
    Act("give role there", _give("staff", RoleName.INSTRUCTOR, here=False)),
    Act("end role", _on("membership:edit", "membership", reason="over")),
    Act(
        "create login there",
        _add(
            "user:add",
            **LOGIN_FIELDS,
            username=lambda t, o: "newcomer",
            scope=lambda t, o: MembershipScope.CENTER,
            governorate=lambda t, o: "",
            center=lambda t, o: t.center.pk,
        ),
    ),
    Act("ask for password of staff", _on("user:edit", "staff", step="new_password", **HELP)),
    Act("ask for password of trainee", _on("user:edit", "trainee", step="new_password", **HELP)),
    Act("close login", _on("user:edit", "staff", step="close", **HELP)),
    Act(
        "register person there",
        _add(
            "person:add",
            registered_at=lambda t, o: t.center.pk,
            **{name: lambda t, o, value=value: value for name, value in PERSON.items()},
        ),
    ),
    Act("correct person", _on("person:edit", "person", **PERSON)),
    Act("take out number of trainee", _take_out_number),
    Act("merge person into trainee", lambda t, own: _merge(t.trainee.person, t.person)),
    Act("merge trainee into person", lambda t, own: _merge(t.person, t.trainee.person)),
    Act(
        "enroll there",
        _add("enrollment:add", person=lambda t, o: t.person.pk, cohort=lambda t, o: t.cohort.pk),
    ),
    Act("withdraw", _on("enrollment:edit", "enrollment", withdrawn_for="other", reason="gone")),
    Act(
        "ask for lost password here",
        _add(
            "lost_passwords:add",
            number=lambda t, o: t.number,
            center=lambda t, o: o.pk,
            country=lambda t, o: "",
        ),
    ),
    Act(
        "ask for lost password there",
        _add(
            "lost_passwords:add",
            number=lambda t, o: t.number,
            center=lambda t, o: t.center.pk,
            country=lambda t, o: "",
        ),
    ),
    Act("give lost password", lambda t, own: Post("lost_passwords:give", newest_recovery(t), {})),
    Act("refuse lost password", lambda t, own: Post("lost_passwords:refuse", newest_recovery(t), {})),
    Act("write page", _on("wagtailadmin_pages:edit", "page", **DRAFT)),
    Act("submit page", _on("wagtailadmin_pages:edit", "page", **DRAFT, **{"action-submit": "1"})),
    Act("publish", _on("content_review", "review", publish="", comment="")),
    Act("take offline", _on("content_offline", "page", reason="wrong")),
    Act("assign page", lambda t, own: Post("content_owner", t.course.pk, {"center": own.pk})),
    Act("delete page", _on("wagtailadmin_pages:delete", "page")),
    Act(
        "open cohort there",
        _add(
            "cohort:add",
            center=lambda t, o: t.center.pk,
            program=lambda t, o: t.course.get_parent().pk,
            code=lambda t, o: "NEW-1",
        ),
    ),
    Act("approve", lambda t, own: Post("proposals:approve", t.proposal.pk, approval_of(t.proposal))),
    Act("reject", _on("proposals:reject", "proposal", reason="wrong")),
    Act("revoke", _on("credentials:revoke", "credential", reason="fraud", note="x")),
)


def approval_of(proposal: Proposal) -> dict[str, Any]:
    """What the page of the decision sends: nothing left out, and the design that it showed."""
    return {"note": "", "shown_design": design_digest(proposal.template.design())}


def path_of(post: Post) -> str:
    keys = post.key if isinstance(post.key, tuple) else (post.key,)
    return reverse(post.address, args=[key for key in keys if key is not None])


def remember_forms(target: Target, own: Center, superuser: Client) -> None:
    """Read the forms of all acts as a superuser sees them, before anything is tried."""
    for act in ACTS:
        post = act.post(target, own)
        answer = superuser.get(path_of(post))
        target.bodies[act.name] = plausible_body(answer.content.decode()) if answer.status_code == 200 else {}


def do(act: Act, target: Target, own: Center, client: Client) -> str:
    """Let somebody try the act. Returns the page that they see then."""
    post = act.post(target, own)
    body = {**target.bodies[act.name], **post.values}
    # Buttons that were not pressed, and an empty list.
    for button in ("action-publish", "action-submit", "return", "left_out"):
        if button not in post.values:
            body.pop(button, None)
    with same_session(client):
        answer = client.post(path_of(post), body, follow=True)
    return answer.content.decode()
