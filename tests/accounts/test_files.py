"""Files are replaced atomically."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accounts.files import replace_file, sync


def test_a_file_is_written_and_replaced_and_nothing_is_left_of_the_way_there(tmp_path: Path):
    file = tmp_path / "list.m3u8"

    replace_file(file, "old")
    replace_file(file, "جديد")
    sync(file)
    sync(tmp_path)

    assert file.read_bytes() == "جديد".encode()
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_put_in_its_place_leaves_the_old_file_and_nothing_else(tmp_path: Path):
    folder = tmp_path / "list.m3u8"
    (folder / "inside").mkdir(parents=True)

    with pytest.raises(OSError):
        replace_file(folder, b"new")

    assert list(tmp_path.iterdir()) == [folder]


def test_writers_at_the_same_time_never_mix_their_bytes(tmp_path: Path):
    file = tmp_path / "state.json"
    contents = [bytes([65 + number]) * 100_000 for number in range(8)]

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda content: replace_file(file, content), contents))

    assert file.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [file]
