"""`manage.py demo`: fill a believable world, walk the whole road, print the logins last."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from certificates.services.logbook import seal_checkpoint
from lms.demo.browser import RoadBlockedError
from lms.demo.certificates import certificate_template
from lms.demo.clips import make_clips
from lms.demo.guide import last_screen
from lms.demo.journal import Journal
from lms.demo.people import build_people
from lms.demo.road import Road
from lms.demo.videos import caption_clips, upload_clips, wait_until_published
from lms.demo.watching import build_watching
from lms.demo.world import build_world


class Command(BaseCommand):
    help = "Fill a believable world and walk one trainee's whole road on the site that runs at SITE_URL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="End with one line of JSON instead of the printed logins."
        )

    def handle(self, *, check: bool, **_options: Any) -> None:
        if settings.HTTPS_ONLY:
            raise CommandError(
                "This site is public: the demo's logins have known passwords. Nothing was changed."
            )
        journal = Journal(self._say)
        try:
            result = walk(journal)
        except RoadBlockedError as error:
            raise CommandError(f"The road is blocked: {error}") from error
        if check:
            self._say(json.dumps(result, ensure_ascii=False))
        else:
            cast = build_people()
            for line in last_screen(cast, site=settings.SITE_URL, certificate=result["verify_url"]):
                self._say(line)
        if result["certificate"] != "valid":
            raise CommandError(f"The certificate is {result['certificate']}.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def walk(journal: Journal) -> dict[str, Any]:
    """Walk every step; return what `make demo-check` prints."""
    folder = Path(settings.VAR_DIR) / "demo"
    site = settings.SITE_URL
    with journal.step("people", "Centers, staff and trainees"):
        cast = build_people()
    with journal.step("clips", "Lesson videos recorded"):
        clips = make_clips(folder / "clips", journal.say)
    with journal.step("upload", "Videos uploaded by the instructor"):
        videos = upload_clips(site, journal, cast, clips)
        caption_clips(cast, clips, videos)
    with journal.step("transcode", "Videos prepared by the worker"):
        wait_until_published(journal, videos)
    with journal.step("world", "Programs, cohorts and their history"):
        world = build_world(cast, videos, journal.say)
        build_watching(videos, journal.say)
        template = certificate_template(cast)
    road = Road(site=site, journal=journal, cast=cast, program=world.programs["electrical"])
    road.open_cohort()
    with journal.step("catalog", "The trainee finds the program"):
        road.find_program()
    with journal.step("sign_up", "The trainee signs up by phone number"):
        road.sign_up()
    with journal.step("enroll", "The trainee takes a seat"):
        road.enroll()
        road.complete_the_record()
    with journal.step("learn", "The trainee watches, reads and passes the quiz"):
        road.study()
    with journal.step("live", "The trainee attends a live class"):
        road.attend()
    with journal.step("workshop", "The trainer signs the workshop day"):
        road.workshop_day()
    with journal.step("complete", "The completion rule is met"):
        road.complete()
    with journal.step("propose", "The center proposes the certificate"):
        road.propose(template)
    with journal.step("approve", "Another person approves it"):
        road.approve()
    with journal.step("paper", "The worker draws the certificate"):
        pdf = road.download(folder)
    with journal.step("verify", "An employer verifies it"):
        certificate = road.verify()
    with journal.step("checkpoint", "The register of certificates is sealed for today"):
        seal_checkpoint()
    return {
        "certificate": certificate,
        "steps": journal.steps,
        "pdf": str(pdf),
        "hls": str(road.hls_file()),
        "verify_url": f"{site}/v/{road.credential.code}",
    }
