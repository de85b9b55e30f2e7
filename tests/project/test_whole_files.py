"""Files that are made anew while somebody reads them."""

from pathlib import Path

from scripts.whole_files import write_whole


def test_a_file_that_says_the_same_is_left_alone(tmp_path: Path):
    sheet = tmp_path / "site.css"
    sheet.write_text("a{}")
    before = sheet.stat()

    write_whole(sheet, "a{}")

    assert (sheet.stat().st_ino, sheet.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_whoever_reads_the_old_file_reads_it_to_its_end(tmp_path: Path):
    sheet = tmp_path / "site.css"
    sheet.write_text("old")

    with sheet.open() as reader:
        write_whole(sheet, "new")
        seen = reader.read()

    assert (seen, sheet.read_text()) == ("old", "new")
    assert [file.name for file in tmp_path.iterdir()] == ["site.css"]
