"""Zip files that are read by the names of their members and never unpacked to a disk. Independent of Django."""

import io
import stat
import zipfile
import zlib
from posixpath import normpath

from assessment.exchange.item import FaultCode, UnreadableFile

MEGABYTE = 1_000_000
MOST_BYTES = 100 * MEGABYTE
MOST_MEMBERS = 10_000
MOST_UNPACKED = 300 * MEGABYTE
MOST_DOCUMENTS = 100 * MEGABYTE
LARGEST_MEMBER = 25 * MEGABYTE
# Text shrinks to a twentieth; what shrinks to less than a two-hundredth is made to burst. Small members may.
_SMALLEST_RATIO = 200
_SMALL = MEGABYTE
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
ZIP = b"PK\x03\x04"
# When every package was made: two exports of the same questions are the same bytes.
_MADE = (1980, 1, 1, 0, 0, 0)


class Package:
    """A zip file. Raises UnreadableFile where it is hostile or broken as a whole."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MOST_BYTES:
            raise UnreadableFile(FaultCode.TOO_LARGE, detail=str(MOST_BYTES))
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            members = self._archive.infolist()
        except _BROKEN as error:
            raise UnreadableFile(FaultCode.NOT_A_PACKAGE, detail=str(error)[:100]) from error
        if len(members) > MOST_MEMBERS:
            raise UnreadableFile(FaultCode.TOO_MANY, detail=str(MOST_MEMBERS))
        for one in members:
            _refuse_hostile(one)
        documents = sum(one.file_size for one in members if one.filename.lower().endswith(".xml"))
        if sum(one.file_size for one in members) > MOST_UNPACKED or documents > MOST_DOCUMENTS:
            raise UnreadableFile(FaultCode.TOO_LARGE, detail=str(MOST_UNPACKED))
        self._members = {one.filename: one for one in members if not one.is_dir()}
        if len(self._members) < sum(not one.is_dir() for one in members):
            raise UnreadableFile(FaultCode.UNSAFE_NAME, detail="a name is there twice")

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """A member, no further than it declares. Raises UnreadableFile."""
        member = self._members[name]
        try:
            with self._archive.open(member) as file:
                data = file.read(member.file_size + 1)
        except _BROKEN as error:
            raise UnreadableFile(FaultCode.NOT_A_PACKAGE, detail=name[:100]) from error
        if len(data) != member.file_size:
            raise UnreadableFile(FaultCode.TOO_LARGE, detail=name[:100])
        return data


def _refuse_hostile(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if not is_safe(name) or stat.S_ISLNK(member.external_attr >> 16):
        raise UnreadableFile(FaultCode.UNSAFE_NAME, detail=name[:100])
    if member.flag_bits & 1:
        raise UnreadableFile(FaultCode.ENCRYPTED, detail=name[:100])
    is_bomb = member.file_size > _SMALL and member.file_size > member.compress_size * _SMALLEST_RATIO
    if is_bomb or (name.lower().endswith(".xml") and member.file_size > LARGEST_MEMBER):
        raise UnreadableFile(FaultCode.TOO_LARGE, detail=name[:100])


def is_safe(name: str) -> bool:
    """Whether a name stays inside the package, on every system."""
    parts = name.split("/")
    return (
        bool(name)
        and not name.startswith("/")
        and ".." not in parts
        and not any(sign in name for sign in "\\:\0")
        and normpath(name) not in {".", ""}
    )


def pack(members: dict[str, bytes]) -> bytes:
    """A zip file of members by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _MADE), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def packed_with(data: bytes, members: dict[str, bytes]) -> bytes:
    """A zip file of ours with more members."""
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in members.items():
            archive.writestr(zipfile.ZipInfo(name, _MADE), inside, zipfile.ZIP_DEFLATED)
    return file.getvalue()
