"""Uploads that are looked at and forgotten: in memory, never on the disk, never longer than what is useful."""

from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


class BoundedUploadHandler(FileUploadHandler):
    """Keeps the first `most` bytes of one file and one more, which says that there were too many.

    At a second file reading ends: the forms here have one, and the token against forgery stands before it.
    """

    def __init__(self, request: HttpRequest, *, most: int) -> None:
        super().__init__(request)
        self.most = most
        self.kept = bytearray()
        self.has_one = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.has_one:
            # The rest is not even read to be thrown away.
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **kwargs)
        self.has_one = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kept += raw_data[: self.most + 1 - len(self.kept)]

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        return SimpleUploadedFile(self.file_name or "file", bytes(self.kept), self.content_type or "")
