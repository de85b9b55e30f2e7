"""Upload handlers for files that are checked and not stored: in memory, with a size limit."""

from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


class BoundedUploadHandler(FileUploadHandler):
    """Keeps the first `most` bytes of one file and one more, which says that there were too many.

    Reading ends at a second file: the forms here have one, and the CSRF token comes before it.
    """

    def __init__(self, request: HttpRequest, *, most: int) -> None:
        super().__init__(request)
        self.most = most
        self.kept = bytearray()
        self.has_one = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.has_one:
            # The rest of the request is not read.
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **kwargs)
        self.has_one = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kept += raw_data[: self.most + 1 - len(self.kept)]

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        return SimpleUploadedFile(self.file_name or "file", bytes(self.kept), self.content_type or "")
