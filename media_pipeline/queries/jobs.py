"""The progress of the preparation of a video, as numbers and sentences."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Min, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.services.formatting import format_percent
from media_pipeline.enums import LIVE_JOB_STATES, JobState, StepKind, StepState
from media_pipeline.errors import DiskSpaceNeeded
from media_pipeline.models import TranscodeJob, TranscodeStep

# No estimate before this share of the work is done.
LEAST_MEASURED_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class JobProgress:
    """What the page of a video shows of its last job. The sentences are in the reader's language."""

    state: str
    label: str
    percent: int
    left: str
    hold: str
    phase: str
    # One sentence for each running step.
    running: list[str]
    steps_done: int
    steps_known: int
    is_live: bool


def job_progress(job: TranscodeJob, *, now: dt.datetime | None = None) -> JobProgress:
    """The progress of a job, in three queries."""
    by_state = dict(job.steps.values_list("state").annotate(Count("pk")))
    running = job.steps.filter(state=StepState.RUNNING).order_by("phase", "kind", "number")
    is_live = job.state in LIVE_JOB_STATES
    return JobProgress(
        state=job.state,
        label=str(job.get_state_display()),
        percent=job.percent,
        left=_left(job, now or timezone.now()) if job.state == JobState.RUNNING else "",
        hold=hold_sentence(job),
        phase=_phase(job) if is_live else "",
        running=[step_sentence(step) for step in running],
        steps_done=by_state.get(StepState.DONE, 0),
        steps_known=sum(by_state.values()),
        is_live=is_live,
    )


def steps_of(job: TranscodeJob) -> QuerySet[TranscodeStep]:
    """The steps of a job in the order of the work."""
    return job.steps.order_by("phase", F("started_at").asc(nulls_last=True), "kind", "number")


def seconds_left(job: TranscodeJob, *, now: dt.datetime) -> float | None:
    """Seconds to the end at the pace of this job so far; None while too little is done to estimate.

    The pace is work done over time passed since the encoding began, pauses included: it is what people see.
    """
    encoding = job.steps.filter(cost__gt=0)
    seen = encoding.aggregate(
        whole=Sum("cost"), done=Sum(F("cost") * F("progress") / 100.0), since=Min("started_at")
    )
    if not seen["whole"] or not seen["since"] or seen["done"] / seen["whole"] < LEAST_MEASURED_SHARE:
        return None
    return (now - seen["since"]).total_seconds() * (seen["whole"] - seen["done"]) / seen["done"]


def step_sentence(step: TranscodeStep) -> str:
    """Who does what, how far, and which attempt it is."""
    # Isolated: the name of a machine is Latin text inside Arabic.
    facts = {
        "what": step.what,
        "percent": format_percent(step.progress),
        "worker": f"\u2068{step.worker}\u2069",
    }
    sentence = _("%(what)s: %(percent)s, on %(worker)s") % facts
    if step.attempts > 1:
        sentence += " · " + _("attempt %(number)s") % {"number": step.attempts}
    return sentence


def hold_sentence(job: TranscodeJob) -> str:
    """What a held job waits for; empty for others."""
    if job.state != JobState.HELD or not job.hold:
        return ""
    facts = {name: -(-job.hold[name] // 1_000_000) for name in ("needed", "free")}
    return str(DiskSpaceNeeded(**facts)) + " " + _("The work goes on by itself as soon as there is room.")


def _phase(job: TranscodeJob) -> str:
    if not job.plan:
        return _("The file is being read.")
    if job.is_redo:
        return _("Viewers keep the version they have until the new one is whole.")
    if job.steps.filter(kind=StepKind.ASSEMBLE, phase=1, state=StepState.DONE).exists():
        return _("It can be watched already; the better qualities are being made.")
    return _("The qualities for slow connections and the sound come first.")


def _left(job: TranscodeJob, now: dt.datetime) -> str:
    seconds = seconds_left(job, now=now)
    if seconds is None:
        return ""
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return ngettext("about %(minutes)s minute left", "about %(minutes)s minutes left", minutes) % {
            "minutes": minutes
        }
    hours = round(minutes / 60)
    return ngettext("about %(hours)s hour left", "about %(hours)s hours left", hours) % {"hours": hours}
