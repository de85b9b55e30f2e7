"""Requests as players send them."""

import re
from pathlib import Path

from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.test import Client

from media_pipeline.folders import published_folder
from media_pipeline.models import Video
from media_pipeline.services.playback import sign_playback


def folder_of(video: Video) -> Path:
    return published_folder() / video.published.path


def get(address: str, **headers: str):
    answer = Client().get(address, headers=headers)
    return answer, async_to_sync(read)(answer) if answer.streaming else answer.content


async def read(answer: StreamingHttpResponse) -> bytes:
    return b"".join([block async for block in answer.streaming_content])


def addresses_in(playlist: str) -> set[str]:
    return set(re.findall(r"https?://[^\s\"]+", playlist))


def rendition_address(video: Video, name: str = "240p") -> str:
    playback = sign_playback(video=video, viewer="user-7")
    playlist = next(rendition.url for rendition in playback.renditions if rendition.name == name)
    [address] = addresses_in(get(playlist)[1].decode())
    return address
