"""What people do on the site while something fails, and what was acknowledged to them.

Each kind of work goes on until it is stopped, tries again what failed, and notes what the site said was done. `lost()`
compares these notes with the database and the files.
"""

import asyncio
import itertools
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import httpx
from channels.db import database_sync_to_async
from django.db import Error as DatabaseError
from django.utils import timezone

from accounts.enums import RoleName
from accounts.errors import DomainError
from certificates.models import Artifact, Credential, RenderJob
from certificates.services.deciding import approve
from certificates.services.file_storage import private_path
from certificates.services.proposing import propose
from courses.models import UnitProgress
from jobs.enums import JobState
from live.models import Event
from media_pipeline.enums import UploadState, VideoState
from media_pipeline.models import PublishedVersion, Upload
from scripts.faults.sites import SiteInstance
from scripts.faults.world import TOKEN, World
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import CertificateTemplateFactory, completed_enrollment, credential_type
from tests.live.faults.phones import Phone

PIECE_BYTES = 200_000
TIMEOUT_SECONDS = 20
SPEAKERS = 6
# Between two acts of one kind.
LESSON_PAUSE, UPLOAD_PAUSE, CERTIFICATE_PAUSE, CHAT_PAUSE = 0.4, 6, 6, 2.5
TUS = {"Tus-Resumable": "1.0.0", "X-CSRFToken": TOKEN}


class Front:
    """The site as a phone picks it."""

    def __init__(self, place: SiteInstance) -> None:
        self.origin = place.url
        self.url = place.url.replace("http", "ws") + "/ws/live/"


class Work:
    """`acknowledged` counts acts by kind, `refused` failures by kind and reason, `last` has the time of the newest success."""

    def __init__(self, place: SiteInstance, world: World, film: Path) -> None:
        self.place, self.world = place, world
        self.film = film.read_bytes()
        self.acknowledged: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.last: dict[str, float] = {}
        self.is_over = asyncio.Event()
        self.done: list[str] = []
        self.offsets: dict[str, int] = {}
        self.shrunk: list[str] = []
        self.whole: list[str] = []
        self.credentials: list[int] = []
        self.messages: dict[str, tuple[int, str]] = {}
        self.phones = [
            Phone(login.cookies["sessionid"], world.ticket, lambda: Front(place))
            for login in world.trainees[:SPEAKERS]
        ]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        kinds: list[Callable[[], Awaitable[None]]] = [
            self.lessons,
            self.uploads,
            self.certificates,
            self.pages,
        ]
        self._tasks = [
            *(asyncio.create_task(phone.live()) for phone in self.phones),
            *(asyncio.ensure_future(kind()) for kind in kinds),
            *(asyncio.create_task(self.talk(number)) for number in range(SPEAKERS)),
        ]

    async def stop(self) -> None:
        self.is_over.set()
        await asyncio.wait(self._tasks, timeout=2 * TIMEOUT_SECONDS)
        for task in self._tasks:
            task.cancel()
        for result in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    def _acknowledge(self, kind: str) -> None:
        self.acknowledged[kind] += 1
        self.last[kind] = time.monotonic()

    def _client(self, cookies: dict[str, str]) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.place.url, cookies=cookies, timeout=TIMEOUT_SECONDS)

    async def _asked(
        self, kind: str, request: Awaitable[httpx.Response], *wanted: int
    ) -> httpx.Response | None:
        """The answer if it has a wanted status; else the reason is counted."""
        try:
            answer = await request
        except httpx.HTTPError as error:
            self.refused[f"{kind} {type(error).__name__}"] += 1
            return None
        if answer.status_code in wanted:
            return answer
        self.refused[f"{kind} {answer.status_code}"] += 1
        return None

    # --- Kinds of work ---------------------------------------------------------------------------------------

    async def pages(self) -> None:
        trainee = self.world.trainees[0]
        async with self._client(trainee.cookies) as client:
            while not self.is_over.is_set():
                if await self._asked("page", client.get(trainee.lesson), 200):
                    self._acknowledge("page")
                await asyncio.sleep(1)

    async def lessons(self) -> None:
        for login in itertools.cycle(self.world.trainees):
            if not login.done_paths:
                return
            path = login.done_paths.pop()
            async with self._client(login.cookies) as client:
                while not self.is_over.is_set():
                    if await self._asked("lesson done", client.post(path, headers=TUS), 302):
                        self._acknowledge("lesson done")
                        self.done.append(path)
                        break
                    await asyncio.sleep(1)
            if self.is_over.is_set():
                return
            await asyncio.sleep(LESSON_PAUSE)

    async def uploads(self) -> None:
        cookies = self.world.staff[0].cookies
        while not self.is_over.is_set():
            # A file of its own each time: the same one again would wait for a decision.
            film = self.film + (16).to_bytes(4, "big") + b"free" + os.urandom(8)
            async with self._client(cookies) as client:
                created = await self._asked(
                    "upload",
                    client.post("/media/uploads/", headers={**TUS, "Upload-Length": str(len(film))}),
                    201,
                )
                if created:
                    await self._send(client, created.headers["Location"], film)
            await asyncio.sleep(UPLOAD_PAUSE)

    async def _send(self, client: httpx.AsyncClient, url: str, film: bytes) -> None:
        offset = self.offsets[url] = 0
        while offset < len(film):
            headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            piece = film[offset : offset + PIECE_BYTES]
            answer = await self._asked("upload", client.patch(url, content=piece, headers=headers), 204)
            if answer is None:
                if self.is_over.is_set():
                    return
                await asyncio.sleep(1)
                answer = await self._asked("upload", client.head(url, headers=TUS), 200)
            if answer is not None:
                offset = int(answer.headers["Upload-Offset"])
                if offset < self.offsets[url]:
                    self.shrunk.append(f"{url}: {offset} after {self.offsets[url]}")
                self.offsets[url] = offset
                self.last["upload"] = time.monotonic()
        self._acknowledge("upload")
        self.whole.append(url)

    async def certificates(self) -> None:
        while not self.is_over.is_set():
            try:
                credential = await database_sync_to_async(self._approve, thread_sensitive=False)()
            except (DatabaseError, DomainError, OSError) as error:
                self.refused[f"certificate {type(error).__name__}"] += 1
            else:
                self._acknowledge("certificate")
                self.credentials.append(credential)
            await asyncio.sleep(CERTIFICATE_PAUSE)

    def _approve(self) -> int:
        completed_enrollment(self.world.cohort)
        manager, officer = (
            MembershipFactory(role=role, center=self.world.center).user
            for role in (RoleName.CENTER_MANAGER, RoleName.CERTIFYING_OFFICER)
        )
        proposal = propose(
            cohort_id=self.world.cohort.pk,
            type_id=credential_type("completion").pk,
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )
        return approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())[0].pk

    async def talk(self, number: int) -> None:
        phone = self.phones[number]
        for count in itertools.count():
            text = f"{number}: {count}"
            with suppress(TimeoutError):
                async with asyncio.timeout(2 * TIMEOUT_SECONDS if self.is_over.is_set() else None):
                    command_id, seq = await phone.say(text)
                    self.messages[command_id] = (seq, text)
                    self._acknowledge("message")
            if self.is_over.is_set():
                return
            await asyncio.sleep(CHAT_PAUSE)

    # --- Afterwards ------------------------------------------------------------------------------------------

    def produced(self) -> dict[str, int]:
        """How many videos workers have published, and how many certificates they have rendered."""
        return {"film": PublishedVersion.objects.count(), "drawing": Artifact.objects.count()}

    def unfinished(self) -> list[str]:
        """What was acknowledged and is still being worked on."""
        ids = [UUID(url.rpartition("/")[2]) for url in self.whole]
        open_uploads = Upload.objects.filter(public_id__in=ids).exclude(
            state=UploadState.DONE, video__state=VideoState.PUBLISHED
        )
        waiting = RenderJob.objects.filter(credential__in=self.credentials).exclude(state=JobState.DONE)
        return [
            *(f"upload {one.pk}: {one.state}, {one.video and one.video.state}" for one in open_uploads),
            *(f"drawing {job.pk}: {job.state}" for job in waiting),
        ]

    def lost(self) -> list[str]:
        """What was acknowledged and is not there."""
        found = list(self.shrunk)
        done = {
            (str(public_id), str(unit))
            for public_id, unit in UnitProgress.objects.filter(completed_at__isnull=False).values_list(
                "enrollment__public_id", "unit_key"
            )
        }
        found += [path for path in self.done if tuple(path.rstrip("/").split("/")[-2:]) not in done]
        for url in self.whole:
            upload = Upload.objects.filter(public_id=UUID(url.rpartition("/")[2])).first()
            video = upload and upload.video
            if not upload:
                found.append(f"{url}: no row")
            elif video and not Path(video.source.path).exists():
                found.append(f"{url}: no source")
        issued = set(Credential.objects.values_list("pk", flat=True))
        found += [f"certificate {pk}: no row" for pk in self.credentials if pk not in issued]
        files = Artifact.objects.filter(credential__in=self.credentials)
        found += [f"{row.path}: no file" for row in files if not private_path(row.path).exists()]
        log = {
            str(client_id): (seq, payload.get("text"))
            for client_id, seq, payload in Event.objects.filter(session=self.world.session).values_list(
                "client_id", "seq", "payload"
            )
        }
        found += [
            f"message {text}" for key, (seq, text) in self.messages.items() if log.get(key) != (seq, text)
        ]
        return found
