"""Builds all data of the demo except the journey."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from courses.models import Cohort, ProgramPage
from lms.demo.archive import build_archive
from lms.demo.bank import build_bank
from lms.demo.certificates import build_certificates, set_rules
from lms.demo.classes import build_classes
from lms.demo.cohorts import build_cohorts
from lms.demo.content import build_content
from lms.demo.identity import build_identity
from lms.demo.pending_work import build_pending_work
from lms.demo.people import DemoPeople
from lms.demo.questions import build_questions
from media_pipeline.models import Video


@dataclass(frozen=True)
class World:
    """Programs and cohorts by key."""

    programs: Mapping[str, ProgramPage]
    cohorts: Mapping[str, Cohort]


def _quiet(_line: str) -> None:
    """Say nothing."""


def build_world(
    cast: DemoPeople, videos: Mapping[str, Video], report: Callable[[str], None] = _quiet
) -> World:
    """Find or make everything; existing rows stay as visitors left them."""
    build_identity(cast)
    programs = build_content(cast, videos)
    cohorts = build_cohorts(cast, programs, report)
    set_rules(cast)
    build_certificates(cast, cohorts)
    build_archive(cast)
    build_classes(cast, cohorts["evening"], videos)
    build_pending_work(cast, cohorts["evening"])
    build_questions(cast, cohorts["evening"])
    build_bank(cast)
    return World(programs, cohorts)
