"""What each address is tried with: rows of the own center, of its sibling and of the ministry, as arguments of the address."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import Model
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Locale, Site, Task, Workflow

from accounts.enums import MembershipScope
from accounts.models import Center, Person, User
from accounts.services.content import open_library
from accounts.services.identity_documents import register_national_id
from accounts.services.merging import merge_people
from assessment.models import Regrade
from courses.models import CoursePage, Enrollment, LessonPage
from courses.services.content import freeze_content
from courses.services.reviews import submit_for_review
from tests.accounts.people.numbers import national_number
from tests.factories import rows
from tests.factories.accommodations import accommodated
from tests.factories.accounts import MembershipFactory, PersonFactory, UserFactory, with_photo
from tests.factories.assessment import QuizPageFactory
from tests.factories.certificates import CertificateTemplateFactory, issued
from tests.factories.courses import CohortFactory, CoursePageFactory, LessonPageFactory, page_written_by
from tests.factories.rows import Visit
from tests.factories.sharing import holder_of
from tests.project.authorization.actors import World
from tests.project.authorization.places import MINISTRY, OF_THE_MINISTRY, Place
from tests.project.authorization.table import Address, Entry

rows.load()


@dataclass
class Subject:
    """Arguments of an address; `place` is that of the row they name, None where they name no row.

    `visit` is how the holder of the row opens it.
    """

    where: str = ""
    place: Place | None = None
    kwargs: dict[str, Any] = field(default_factory=dict)
    visit: Visit | None = None


# Arguments that name no row of a center.
ARGUMENTS: dict[str, Any] = {
    "content_type_app_name": "courses",
    "content_type_model_name": "lessonpage",
    "app_label": "courses",
    "model_name": "lessonpage",
    "app_name": "courses",
    "action": "delete",
    "object_id": "1",
    "session_id": 1,
    "action_name": "approve",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
    "filter_spec": "width-100",
    "uploaded_file_id": 1,
    "restriction_id": 1,
    "page_view_restriction_id": 1,
    "accent": "0a0a0a",
    "signal": "0b0b0b",
    "language": "ar",
    "code": "AAAA-AAAA-AAAA",
    "token": "a" * 22,
    "form": "pdf",
    "purpose": "revocation",
    "number": "0",
    "type_code": "completion",
    "program_code": "x",
    "unit": uuid.UUID(int=1),
    "public_id": uuid.UUID(int=1),
    "cohort": uuid.UUID(int=1),
    "uidb36": "1",
    "uidb64": "1",
    "key": "x",
    "path": "x",
    "expires": "1",
    "viewer": "0" * 16,
    "signature": "a" * 22,
    "name": "x",
    "slug": "home",
}

type Builder = Callable[[Center | None], Model]


def person(center: Center | None) -> Model:
    return with_photo(PersonFactory(registered_at=center))


def membership(center: Center | None) -> Model:
    return MembershipFactory(
        center=center, scope=MembershipScope.CENTER if center else MembershipScope.MINISTRY
    )


def login(center: Center | None) -> User:
    user: User = membership(center).user
    return user


def image(center: Center | None) -> Model:
    return get_image_model().objects.create(
        title="لوحة", file=get_test_image_file(), collection=_library(center)
    )


def document(center: Center | None) -> Model:
    return get_document_model().objects.create(
        title="دليل", file=ContentFile("safety first", "guide.txt"), collection=_library(center)
    )


def _library(center: Center | None) -> Collection:
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    return open_library(center=center) if center else root


def template(center: Center | None) -> Model:
    made = CertificateTemplateFactory()
    made.save_revision()
    return made


# Rows that may also belong to the ministry, or that no app registered for the walking tests.
BUILDERS: dict[str, Builder] = {
    "accounts.Person": person,
    "accounts.Membership": membership,
    "accounts.User": login,
    "wagtailimages.Image": image,
    "wagtaildocs.Document": document,
    "certificates.CertificateTemplate": template,
    # Wagtail names a setting by the key of its site.
    "accounts.VisualIdentity": lambda _center: Site.objects.get(),
}
# The arguments that say which setting it is.
OF_A_SETTING = {
    "accounts.VisualIdentity": {"app_name": "accounts", "model_name": "visualidentity"},
}


def arguments_of_people(kept: Person) -> dict[str, Any]:
    """A second record in the same place, a merge into this one, and its national number."""
    other, merged = (PersonFactory(registered_at=kept.registered_at) for _record in range(2))
    merge = merge_people(
        keep_id=kept.pk, duplicate_id=merged.pk, reason="x", by=UserFactory(is_superuser=True)
    )
    card = register_national_id(
        person_id=kept.pk,
        number=national_number(dt.date(1999, 4, 7), serial=kept.pk % 5000),
        by=UserFactory(is_superuser=True),
    )
    return {"other": other.pk, "merge": merge.pk, "card": card.pk}


def rows_of(label: str, world: World, wheres: tuple[str, ...]) -> Iterator[tuple[str, Place, Model]]:
    """A row of the model in each of the places where it can be."""
    if label in OF_THE_MINISTRY:
        build = BUILDERS.get(label) or rows.ROWS[apps.get_model(label)]
        yield "ministry", MINISTRY, build(world.center)
        return
    centers = {"own": world.center, "sibling": world.sibling}
    for where in wheres:
        if label in BUILDERS:
            yield where, world.places[where], BUILDERS[label](centers.get(where))
        elif where in centers:
            yield where, world.places[where], rows.ROWS[apps.get_model(label)](centers[where])


def page_of(center: Center | None) -> LessonPage:
    """A published lesson with a draft, written by the center or the ministry."""
    if center is not None:
        return page_written_by(center)
    lesson: LessonPage = LessonPageFactory(parent=CoursePageFactory())
    lesson.save_revision()
    return lesson


def arguments_of_page(page: LessonPage, review: Any) -> dict[str, Any]:
    """What addresses of a page call its key and those of its parent, its revision and its review."""
    parent = page.get_parent()
    return {
        **dict.fromkeys(("page_id", "pk", "page_to_move_id", "page_pk"), page.pk),
        **dict.fromkeys(("parent_page_id", "destination_id"), parent.pk),
        "revision_id": page.latest_revision_id,
        "task_state_id": review.pk,
        "task_id": review.task_id,
        "workflow_state_id": review.workflow_state_id,
    }


def taught(lesson: LessonPage) -> UUID:
    """The key of a lesson that a running cohort studies."""
    program = lesson.get_parent().get_parent().specific
    CohortFactory(program=program, content_version=freeze_content(program_id=program.pk, by=UserFactory()))
    key: UUID = lesson.translation_key
    return key


def pages(world: World, wheres: tuple[str, ...]) -> Iterator[tuple[str, Place, dict[str, dict[str, Any]]]]:
    """Arguments of pages in each place: of a lesson, of one that is under review, and of the course."""
    centers = {"own": world.center, "sibling": world.sibling}
    for where in wheres:
        lesson, submitted = page_of(centers.get(where)), page_of(centers.get(where))
        author = UserFactory(is_superuser=True)
        review = submit_for_review(page_id=submitted.pk, by=author).current_task_state
        course: CoursePage = lesson.get_parent().specific
        yield (
            where,
            world.places[where],
            {
                "lesson": arguments_of_page(lesson, review),
                "review": arguments_of_page(submitted, review),
                "content_review": {"pk": review.pk},
                "content_owner": {"pk": course.pk},
                "quiz_draft": {"pk": QuizPageFactory(parent=course).pk},
                "content_correct": {"unit_key": taught(lesson)},
            },
        )


def subjects_of_pages(
    group: list[tuple[Address, Entry]], world: World, wheres: tuple[str, ...]
) -> Iterator[tuple[Address, Entry, Subject]]:
    for where, place, found in pages(world, wheres):
        for address, entry in group:
            kind = "review" if "workflow" in address else "lesson"
            values = ARGUMENTS | found.get(str(address), found[kind])
            # Only the whole ministry says which center writes a page, and corrects what cohorts of all centers study.
            there = MINISTRY if address in ("content_owner", "content_correct") else place
            kwargs = {name: values[name] for name in address.arguments}
            is_row = any(
                name.endswith(("pk", "page_id", "_to_move_id", "unit_key")) for name in address.arguments
            )
            yield address, entry, Subject(where, there if is_row else None, kwargs)


def subjects_of_rows(
    group: list[tuple[Address, Entry]], world: World, wheres: tuple[str, ...]
) -> Iterator[tuple[Address, Entry, Subject]]:
    """Each address of one model with a row in each place."""
    label = group[0][1].row or group[0][1].label
    for where, place, row in rows_of(label, world, wheres):
        revision = getattr(row, "latest_revision_id", None)
        keys = dict.fromkeys(("pk", "image_id", "doc_id", "document_id"), row.pk)
        values = ARGUMENTS | keys | {"revision_id": revision} | OF_A_SETTING.get(label, {})
        if isinstance(row, Person):
            values |= arguments_of_people(row)
        if isinstance(row, Enrollment):
            values |= {"accommodation": accommodated(row.person).pk}
        if isinstance(row, Regrade):
            values |= {"version": row.version_id, "quiz_key": row.version.question.quiz_key}
        for address, entry in group:
            kwargs = {name: values[name] for name in address.arguments}
            yield (
                address,
                entry,
                Subject(where, None if "uploaded_file_id" in kwargs else place, kwargs),
            )


def visit_of(address: Address, center: Center) -> Visit:
    """Who opens an address of one row as its holder."""
    if address in {"api:credential", "api:proof"}:
        credential = issued(CohortFactory(center=center))
        user, kwargs = holder_of(credential), {"code": credential.code}
        # A credential is signed by the site, which has no keys here; nothing was asked for yet.
        return Visit(user, kwargs, status=200 if address == "api:credential" else 404)
    return rows.VISITS[address](center)


def subjects_of_holders(
    address: Address, entry: Entry, world: World, wheres: tuple[str, ...]
) -> Iterator[tuple[Address, Entry, Subject]]:
    centers = {"own": world.center, "sibling": world.sibling}
    for where in wheres:
        if where in centers:
            visit = visit_of(address, centers[where])
            yield address, entry, Subject(where, world.places[where], visit.kwargs, visit)


def _key_of_the_site(address: Address) -> Any:
    """The key of a row of Wagtail's own that superusers set up."""
    prefix = address.split(":")[0]
    model = {"wagtailsites": Site, "wagtaillocales": Locale, "wagtailadmin_collections": Collection}.get(
        prefix
    )
    if model is not None:
        return model.objects.first().pk
    return (Task if "task" in address else Workflow).objects.first().pk


def subject_without_row(address: Address, world: World) -> Subject:
    """Arguments that name no row of a center."""
    values = dict(ARGUMENTS)
    if set(address.arguments) & {
        "pk",
        "page_id",
        "parent_page_id",
        "collection_id",
        "workflow_pk",
        "page_pk",
    }:
        root = Site.objects.get().root_page_id
        values |= dict.fromkeys(("page_id", "parent_page_id", "page_pk"), root)
        values |= {"collection_id": Collection.objects.first().pk, "workflow_pk": Workflow.objects.first().pk}
        values |= {"pk": root if address.startswith("wagtailadmin_api") else _key_of_the_site(address)}
    values |= {"task_id": Task.objects.first().pk}
    return Subject("", None, {name: values[name] for name in address.arguments if name in values})
