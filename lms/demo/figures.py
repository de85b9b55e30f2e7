"""The figures of yesterday: recorded by the worker, and a number opened to the people whom it counts."""

import html
import re
import time

from django.urls import reverse

from insights.models import Snapshot
from insights.services.snapshots import request_snapshot
from jobs.enums import JobState
from lms.demo.browser import Browser, StepFailedError
from lms.demo.journal import Journal
from lms.demo.people import PASSWORD

PATIENCE_SECONDS = 120
ROWS_ON_A_PAGE = 50
NUMBER = re.compile(r'<a href="(?P<rows>[^"]*/figures/rows/[^"]*)">(?P<number>[0-9]+)</a>')
# A row of the list, by the page of its enrollment.
ROW = re.compile(r'href="[^"]*/enrollment/inspect/[0-9]+/"')


def open_a_figure(*, site: str, journal: Journal) -> None:
    """As an auditor: the first number of the page has as many rows as it says."""
    snapshot = _recorded()
    auditor = Browser(site)
    auditor.log_in("auditor", PASSWORD)
    page = auditor.get(reverse("figures"))
    first = NUMBER.search(page.text)
    if first is None:
        raise StepFailedError(f"no number leads to its rows: {page.main_text()}")
    rows, number = html.unescape(first["rows"]), int(first["number"])
    pages = range(1, 2 + (number - 1) // ROWS_ON_A_PAGE)
    seen = sum(len(ROW.findall(auditor.get(f"{rows}&p={page_number}").text)) for page_number in pages)
    if seen != number:
        raise StepFailedError(f"the figure says {number}, and {seen} rows are behind it")
    journal.report(f"{seen} enrollments at the end of {snapshot.day}, each a row")


def _recorded() -> Snapshot:
    """The figures of yesterday, once the worker has recorded them."""
    snapshot = request_snapshot()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while snapshot.state != JobState.DONE:
        if not snapshot.is_open or time.monotonic() > deadline:
            raise StepFailedError(f"the figures of {snapshot.day} are {snapshot.state}: {snapshot.error}")
        time.sleep(0.5)
        snapshot.refresh_from_db()
    return snapshot
