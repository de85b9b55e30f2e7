"""The index of the search follows every change of what it is made of."""

import io

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import CohortState
from courses.models import (
    CatalogPage,
    Cohort,
    ProgramPage,
    SearchWord,
    SkillLevel,
    StaleSearchEntry,
    SynonymGroup,
)
from courses.queries.search import find_programs, read_query
from courses.services.cohorts import start_cohort
from courses.services.search_index import index_all, index_programs, mark_programs
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.courses import (
    CatalogPageFactory,
    CohortFactory,
    CoursePageFactory,
    LessonPageFactory,
    ProgramPageFactory,
)


@pytest.fixture
def program(db: None) -> ProgramPage:
    page: ProgramPage = ProgramPageFactory(title="تمديدات", code="ELE-H2", occupation_code="7126")
    index_all()
    return page


@pytest.fixture
def ministry(client: Client, db: None) -> Client:
    client.force_login(staff_member(RoleName.MINISTRY_OFFICER))
    return client


def found(query: str) -> list[str]:
    """The titles of what a query finds once the task has run."""
    index_programs()
    reading = read_query(query)
    programs = ProgramPage.objects.live()
    keys = find_programs(programs, reading).programs if reading.terms else []
    return [programs.get(pk=key).title for key in keys]


def publish(page: ProgramPage, **texts: str) -> None:
    for name, text in texts.items():
        setattr(page, name, text)
    page.save_revision().publish()


@pytest.mark.parametrize("text", ["title", "summary", "skills", "body"])
def test_a_published_text_is_found_at_once(program: ProgramPage, text: str):
    publish(program, **{text: "نجارة الأرابيسك"})

    assert found("ارابيسك") == [program.title]


def test_a_text_that_was_taken_out_is_found_no_more(program: ProgramPage):
    publish(program, summary="نجارة الأرابيسك")
    assert found("ارابيسك") == [program.title]

    publish(program, summary="سقالات")

    assert found("ارابيسك") == []
    assert not SearchWord.objects.filter(word="ارابيسك").exists()


@pytest.mark.parametrize(
    "query", ["7126", "سباكون", "plumbers", "كهرباء", "electricity", "ماهر", "skilled", "eleh2"]
)
def test_a_program_is_found_by_its_occupation_sector_level_and_code(program: ProgramPage, query: str):
    assert found(query) == [program.title]


def test_a_unit_makes_its_program_found_while_it_is_published(program: ProgramPage):
    lesson = LessonPageFactory(parent=CoursePageFactory(parent=program), title="عصا السيلفي")
    lesson.save_revision().publish()
    assert found("السيلفي") == [program.title]

    lesson.unpublish()

    assert found("السيلفي") == []


def test_a_moved_course_is_indexed_under_its_new_program(program: ProgramPage):
    other = ProgramPageFactory(parent=program.get_parent().specific, title="أخرى")
    course = CoursePageFactory(parent=program, title="عصا السيلفي")
    mark_programs([program.translation_key])
    assert found("السيلفي") == [program.title]

    course.move(other, pos="last-child")

    assert found("السيلفي") == [other.title]


def test_both_languages_are_found_on_each_site(program: ProgramPage):
    english, _is_new = Locale.objects.get_or_create(language_code="en")
    catalog = CatalogPageFactory(locale=english)
    translated = ProgramPageFactory(
        parent=catalog, title="Macrame", locale=english, translation_key=program.translation_key
    )
    publish(translated)

    assert sorted(found("macrame")) == sorted(found("تمديدات")) == sorted([translated.title, program.title])


def test_a_draft_in_the_other_language_is_not_found(program: ProgramPage):
    english, _is_new = Locale.objects.get_or_create(language_code="en")
    catalog = CatalogPageFactory(locale=english)
    ProgramPageFactory(
        parent=catalog, title="Macrame", locale=english, translation_key=program.translation_key, live=False
    )
    mark_programs([program.translation_key])

    assert found("macrame") == []


def test_a_place_is_found_while_a_cohort_there_may_be_joined(program: ProgramPage, officer: User):
    cohort: Cohort = CohortFactory(program=program, center=CenterFactory(name_ar="مركز أبو تيج"))
    mark_programs([program.translation_key])
    assert found("تمديدات أبو تيج") == [program.title]

    start_cohort(cohort_id=cohort.pk, by=officer)

    assert found("تيج") == []


@pytest.fixture
def officer(db: None) -> User:
    return staff_member(RoleName.MINISTRY_OFFICER)


@pytest.mark.parametrize("town", ["المحلة الكبرى", "المحله", "طنطا", "Kafr El Zayat"])
def test_a_town_finds_the_programs_of_its_governorate(program: ProgramPage, town: str):
    CohortFactory(program=program, center__governorate__nid_code="16")
    mark_programs([program.translation_key])
    assert found(town) == found(f"تمديدات في {town}") == ["تمديدات"]


@pytest.mark.parametrize(
    "query", ["تمديدات مجانية", "تمديدات قريبة مني", "تمديدات ببلاش", "free تمديدات nearby"]
)
def test_words_that_are_true_of_every_program_do_not_hide_one(program: ProgramPage, query: str):
    assert found(query) == ["تمديدات"]
    assert not read_query(query).unknown


def test_a_cohort_that_ended_with_the_day_is_forgotten_by_the_nightly_run(program: ProgramPage):
    cohort: Cohort = CohortFactory(program=program, center=CenterFactory(name_ar="مركز أبو تيج"))
    index_all()
    assert found("تيج") == [program.title]
    Cohort.objects.filter(pk=cohort.pk).update(starts_on="2020-01-01", ends_on="2020-02-01")

    index_all()

    assert found("تيج") == []


def test_a_center_with_another_name_is_found_by_it(ministry: Client, program: ProgramPage):
    center: Center = CenterFactory(name_ar="مركز أبو تيج")
    CohortFactory(program=program, center=center, state=CohortState.OPEN)
    index_all()
    url = reverse("center:edit", args=[center.pk])
    form = {
        "code": center.code,
        "kind": center.kind,
        "governorate": center.governorate_id,
        "name_ar": "مركز أسيوط الجديدة",
        "name_en": center.name_en,
        "is_active": "on",
    }

    assert ministry.post(url, form).status_code == 302

    assert (found("تيج"), found("تمديدات أسيوط الجديدة")) == ([], [program.title])


def test_a_level_with_another_name_is_found_by_it(ministry: Client, program: ProgramPage):
    level = SkillLevel.objects.get(code=program.level_id)
    form = {"order": level.order, "name_ar": "أسطى", "name_en": level.name_en}

    assert ministry.post(reverse("skilllevel:edit", args=[level.pk]), form).status_code == 302

    assert found("اسطى") == [program.title]


def test_new_synonyms_find_each_other_at_once(ministry: Client, program: ProgramPage):
    assert found("زغلول") == []

    add = ministry.post(reverse("synonymgroup:add"), {"words": "تمديدات، زغلول"})
    assert add.status_code == 302
    assert found("الزغلول") == [program.title]

    group = SynonymGroup.objects.get(words__contains="زغلول")
    ministry.post(reverse("synonymgroup:delete", args=[group.pk]))
    assert found("زغلول") == []


def test_the_nightly_run_removes_words_of_deleted_programs(program: ProgramPage):
    assert SearchWord.objects.filter(word="تمديدات").exists()

    program.delete()
    index_all()

    assert not SearchWord.objects.exists()


def test_indexing_twice_changes_nothing_and_marks_are_used_up(program: ProgramPage):
    mark_programs([program.translation_key, program.translation_key])

    assert (index_programs(), index_programs()) == (1, 0)
    assert not StaleSearchEntry.objects.exists()


def test_the_command_prints_how_many_programs_it_indexed(program: ProgramPage):
    said = io.StringIO()

    call_command("index_programs", stdout=said)
    call_command("index_programs", changed=True, stdout=said)

    assert said.getvalue().splitlines() == ["1 programs indexed.", "0 programs indexed."]


def test_a_search_asks_the_database_as_often_for_many_words_and_programs_as_for_few(
    program: ProgramPage, django_assert_max_num_queries
):
    for number in range(3):
        ProgramPageFactory(parent=CatalogPage.objects.first(), title=f"لحام {number}")
    index_all()

    with django_assert_max_num_queries(4):
        find_programs(ProgramPage.objects.live(), read_query("تمدييات لحامم في طنطا وكهرباء منازل"))
