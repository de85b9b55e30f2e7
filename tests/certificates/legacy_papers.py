"""Rows of an index of paper certificates, as tests look at them."""

from pathlib import Path

from django.core.files.storage import storages

from accounts.models import Center, Person
from accounts.services.identity_documents import register_national_id
from certificates.models import LegacyPaper
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.certificates_legacy import USUAL

NATIONAL = "29001011234567"


def faults_of(paper: LegacyPaper) -> set[tuple[str, str]]:
    return {(fault["field"], fault["code"]) for fault in paper.faults}


def stored_files() -> list[Path]:
    folder = Path(storages["private"].path("legacy"))
    return [path for path in folder.rglob("*") if path.is_file()]


def known_person(name: str = USUAL["name_ar"], *, center: Center) -> Person:
    person = PersonFactory(full_name_ar=name, registered_at=center)
    register_national_id(person_id=person.pk, number=NATIONAL, by=UserFactory())
    return person
