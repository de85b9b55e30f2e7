"""Archives from before a file could have several say of which file they are, and stay as they were."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from certificates.enums import FileKind
from certificates.models import Artifact
from certificates.services.keys import make_demo_keys
from tests.factories.certificates import drawn, issued
from tests.migrating import migrate_fully, migrate_to

pytestmark = pytest.mark.engines("replays the migrations of certificates")

APP = "certificates"
BEFORE = "0017_list_of_units"


@pytest.fixture
def todays_tables(keys_dir: object, transactional_db: None) -> Iterator[None]:
    yield
    migrate_fully()


def test_an_old_archive_says_of_which_file_it_is(todays_tables: None):
    make_demo_keys()
    paper = drawn(issued())
    old = migrate_to(APP, BEFORE).get_model(APP, "Artifact")
    archive = old.objects.create(
        credential_id=paper.credential_id, kind=FileKind.ARCHIVE, path="a.pdf", size=1, rendered_at=timezone.now()
    )  # fmt: skip

    migrate_fully()

    assert Artifact.objects.get(pk=archive.pk).archive_of == paper
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Artifact.objects.filter(pk=archive.pk).update(stamp_key_id="x")
