"""`manage.py demo`: build the demo data, run the journey, print the logins."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from courses.models import ProgramPage
from lms.demo.browser import StepFailedError
from lms.demo.by_hand import ByHandJourney
from lms.demo.certificates import certificate_template
from lms.demo.clips import make_clips
from lms.demo.code_attendance import CodeAttendanceJourney
from lms.demo.collecting import hand_out_certificates
from lms.demo.corrections import correct_a_mark
from lms.demo.desk import DeskJourney
from lms.demo.exam import ExamJourney
from lms.demo.figures import open_a_figure
from lms.demo.guide import last_screen
from lms.demo.imports import ImportJourney
from lms.demo.journal import Journal
from lms.demo.journey import Journey
from lms.demo.messages import MessagesJourney
from lms.demo.people import DemoPeople, build_people
from lms.demo.seats import SeatsJourney
from lms.demo.videos import caption_clips, upload_clips, wait_until_published
from lms.demo.watching import build_watching
from lms.demo.world import build_world


class Command(BaseCommand):
    help = "Build the demo data and run one trainee's journey on the site that runs at SITE_URL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="End with one line of JSON instead of the printed logins."
        )

    def handle(self, *, check: bool, **_options: Any) -> None:
        if settings.HTTPS_ONLY:
            raise CommandError(
                "This site is public: the demo's logins have known passwords. Nothing was changed."
            )
        journal = Journal(self._report)
        try:
            result = walk(journal)
        except StepFailedError as error:
            raise CommandError(f"The journey failed: {error}") from error
        if check:
            self._report(json.dumps(result, ensure_ascii=False))
        else:
            cast = build_people()
            for line in last_screen(cast, site=settings.SITE_URL, certificate=result["verify_url"]):
                self._report(line)
        if result["certificate"] != "valid":
            raise CommandError(f"The certificate is {result['certificate']}.")

    def _report(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def walk_the_office(site: str, journal: Journal, cast: DemoPeople, program: ProgramPage) -> None:
    """What a center does for people who come to it, or wait for it."""
    seats = SeatsJourney(site=site, journal=journal, cast=cast, program=program)
    with journal.step("waiting_list", "A seat that becomes free goes to the next in line"):
        seats.move_up()
    with journal.step("transfer", "A trainee goes on in another cohort"):
        seats.transfer()
    desk = DeskJourney(site=site, journal=journal, cast=cast, program=program)
    with journal.step("desk", "A center registers, enrolls and gives logins at its front desk"):
        desk.serve()
    lists = ImportJourney(site=site, journal=journal, cast=cast, program=program)
    with journal.step("import", "A center brings its trainees from a spreadsheet"):
        lists.bring_lists()
    code = CodeAttendanceJourney(site=site, journal=journal, cast=cast, program=program)
    with journal.step("code_attendance", "A trainee scans the code of a class in a room"):
        code.attend()
    messages = MessagesJourney(site=site, journal=journal, cast=cast)
    with journal.step("announcement", "A manager writes to a cohort, and a trainee reads it"):
        messages.announce()
    with journal.step("at_risk", "An instructor writes to those who fall behind"):
        messages.write_to_those_at_risk()
    with journal.step("correction", "An assessor corrects a mark"):
        correct_a_mark(site=site, journal=journal, cast=cast)
    with journal.step("figures", "An auditor opens a figure to its rows"):
        open_a_figure(site=site, journal=journal)


def walk_the_tests(site: str, journal: Journal, cast: DemoPeople, program: ProgramPage) -> None:
    exam = ExamJourney(site=site, journal=journal, cast=cast, program=program)
    by_hand = ByHandJourney(site=site, journal=journal, cast=cast, program=program)
    with journal.step(
        "exam", "A trainee takes a timed exam on a bad line, and people mark what others wrote"
    ):
        exam.take()
        by_hand.walk()


def walk(journal: Journal) -> dict[str, Any]:
    """Run every step of the journey; return what `make demo-check` prints."""
    folder = Path(settings.VAR_DIR) / "demo"
    site = settings.SITE_URL
    with journal.step("people", "Centers, staff and trainees"):
        cast = build_people()
    with journal.step("clips", "Lesson videos recorded"):
        clips = make_clips(folder / "clips", journal.report)
    with journal.step("upload", "Videos uploaded by the instructor"):
        videos = upload_clips(site, journal, cast, clips)
        caption_clips(cast, clips, videos)
    with journal.step("transcode", "Videos prepared by the worker"):
        wait_until_published(journal, videos)
    with journal.step("world", "Programs, cohorts and their history"):
        world = build_world(cast, videos, journal.report)
        build_watching(videos, journal.report)
        template = certificate_template(cast)
    journey = Journey(site=site, journal=journal, cast=cast, program=world.programs["electrical"])
    journey.open_cohort()
    with journal.step("catalog", "The trainee finds the program"):
        journey.find_program()
    with journal.step("sign_up", "The trainee signs up by phone number"):
        journey.sign_up()
    with journal.step("enroll", "The trainee takes a seat"):
        journey.enroll()
        journey.complete_the_record()
    with journal.step("learn", "The trainee watches, reads and passes the quiz"):
        journey.study()
    with journal.step("live", "The trainee attends a live class"):
        journey.attend()
    with journal.step("workshop", "The instructor signs the workshop day"):
        journey.workshop_day()
    with journal.step("complete", "The completion rule is met"):
        journey.complete()
    with journal.step("propose", "The center proposes the certificate"):
        journey.propose(template)
    with journal.step("approve", "Another person approves it"):
        journey.approve()
    with journal.step("paper", "The worker draws the certificate"):
        pdf = journey.download(folder)
    with journal.step("verify", "An employer verifies it"):
        certificate = journey.verify()
    walk_the_office(site, journal, cast, world.programs["electrical"])
    walk_the_tests(site, journal, cast, world.programs["networks"])
    with journal.step("collection", "Trainees collect their printed certificates"):
        hand_out_certificates(cast, journey.credential)
    return {
        "certificate": certificate,
        "steps": journal.steps,
        "pdf": str(pdf),
        "hls": str(journey.hls_file()),
        "verify_url": f"{site}/v/{journey.credential.code}",
    }
