from __future__ import annotations

import io
import os
import random
import threading
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import SourceError
from rftsearch.sources import jsonl
from rftsearch.sources.jsonl import LineError, LineReader, load_object
from support.snapshot import PACKERS

CONTENT = b"".join(b'{"line": %d}\n' % (number * 7919 % 100_003) for number in range(5_000))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A folder for examples without number, which follow each other."""
    return tmp_path_factory.mktemp("scratch")


def read(path):
    with LineReader(path) as reader:
        return list(reader)


@pytest.mark.parametrize("suffix", PACKERS)
class TestEachForm:
    def test_is_known_by_its_bytes_and_not_by_its_name(self, tmp_path, suffix):
        for name in ("file.json", "file.gz", "file.xz", "file.zst"):
            path = tmp_path / name
            path.write_bytes(PACKERS[suffix](CONTENT))
            assert b"".join(read(path)) == CONTENT

    def test_may_be_of_several_parts(self, tmp_path, suffix):
        path = tmp_path / "file"
        path.write_bytes(PACKERS[suffix](CONTENT[:1000]) + PACKERS[suffix](CONTENT[1000:]))
        assert b"".join(read(path)) == CONTENT

    def test_says_how_far_it_is(self, tmp_path, suffix):
        path = tmp_path / "file"
        noise = random.Random(1).randbytes(400_000).hex(" ", 20).replace(" ", "\n").encode()  # noqa: S311 - noise
        path.write_bytes(PACKERS[suffix](noise + b"\n"))
        with LineReader(path) as reader:
            lines = iter(reader)
            next(lines)
            early = reader.position
            assert sum(1 for _ in lines) == 19_999
            assert 0 < early < reader.position == reader.size == path.stat().st_size
            assert reader.line == 20_000

    def test_comes_through_a_pipe(self, suffix):
        out, into = os.pipe()

        def feed():
            with os.fdopen(into, "wb") as pipe:
                pipe.write(PACKERS[suffix](CONTENT))

        feeder = threading.Thread(target=feed)
        feeder.start()
        try:
            with LineReader(Path(f"/dev/fd/{out}")) as reader:
                assert b"".join(reader) == CONTENT
                assert (reader.position, reader.size) == (0, 0)
        finally:
            os.close(out)
            feeder.join()

    def test_a_line_without_end_does_not_fill_the_memory(self, tmp_path, suffix, monkeypatch):
        monkeypatch.setattr(jsonl, "LONGEST_LINE", 10)
        path = tmp_path / "file"
        lines = [b"x" * 9 + b"\n", b"x" * 10 + b"\n", b"x" * 1000 + b"\n", b"short\n", b"y" * 35]
        path.write_bytes(PACKERS[suffix](b"".join(lines)))
        with LineReader(path) as reader:
            assert [line[:11] for line in reader] == [line[:11] for line in lines]
            assert reader.line == 5


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
class TestWhatIsBroken:
    @given(where=st.floats(0.01, 0.99))
    def test_cut_short_is_named(self, scratch, suffix, where):
        path = scratch / "file"
        packed = PACKERS[suffix](CONTENT)
        path.write_bytes(packed[: max(8, int(len(packed) * where))])
        with pytest.raises(SourceError, match=r"ends too soon, after line \d+: .*once more$"):
            read(path)

    def test_damage_is_named(self, tmp_path, suffix):
        path = tmp_path / "file"
        packed = bytearray(PACKERS[suffix](CONTENT))
        packed[40:80] = bytes(40)
        path.write_bytes(packed)
        with pytest.raises(SourceError, match=r"cannot unpack .* after line \d+ \(.+\); get it"):
            read(path)


def test_what_parallel_compressors_write_is_zstandard(tmp_path):
    path = tmp_path / "file"
    skipped = b"\x50\x2a\x4d\x18\x04\x00\x00\x00\x01\x02\x03\x04"
    path.write_bytes(skipped + zstd.compress(CONTENT))
    assert b"".join(read(path)) == CONTENT


def test_a_zip_archive_is_an_error_with_the_cure(tmp_path):
    path = tmp_path / "archive.zip"
    path.write_bytes(b"PK\x03\x04" + bytes(60))
    with pytest.raises(SourceError, match="is a zip archive; unpack it"):
        LineReader(path)


@pytest.mark.parametrize(
    ("make", "message"),
    [(lambda path: None, "there is no file"), (lambda path: path.mkdir(), "cannot read .*folder")],
    ids=["missing", "folder"],
)
def test_a_file_that_cannot_be_opened_is_an_error(tmp_path, make, message):
    path = tmp_path / "folder"
    make(path)
    with pytest.raises(SourceError, match=message):
        LineReader(path)


@given(st.binary())
def test_plain_lines_are_those_of_python(scratch, content):
    path = scratch / "file"
    path.write_bytes(b"{" + content)
    assert read(path) == list(io.BytesIO(b"{" + content))


def test_a_line_without_end_does_not_take_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 10)
    monkeypatch.setattr(jsonl, "LONGEST_GAP", 1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(PACKERS[".gz"](b"{}\n" + bytes(2 << 20)))
    with pytest.raises(SourceError, match=r"line 2 of .* is longer than 1 MiB; give a file of one"):
        read(path)


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbf{}\n\xef\xbb\xbf{}\n")
    assert read(path) == [b"{}\n", b"\xef\xbb\xbf{}\n"]


@pytest.mark.parametrize(
    ("line", "record"),
    [
        (b'{"a": 1}\r\n', {"a": 1}),
        (b'{"a": "\\ud800"}', {"a": "\ud800"}),
        (b'{"a": Infinity}', {"a": float("inf")}),
    ],
)
def test_what_python_writes_as_json_is_read(line, record):
    assert load_object(line) == record


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON in UTF-8"),
        (b"[" * 100_000, "not JSON in UTF-8"),
        (b'{"a": "\xff"}', "not JSON in UTF-8"),
        (b"[]", "not a JSON object"),
        (b'{"a": "' + b"x" * (1 << 24) + b'"}', "longer than 16 MiB"),
    ],
    ids=["cut", "deep", "latin", "list", "long"],
)
def test_what_is_no_object_is_named(line, reason):
    with pytest.raises(LineError, match=reason):
        load_object(line)
