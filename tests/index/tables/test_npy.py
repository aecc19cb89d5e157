"""Files of arrays: what is small is read, what is large is mapped, what is damaged is named."""

from __future__ import annotations

import os
import struct

import numpy as np
import pytest

from rftsearch.errors import IndexDamagedError
from rftsearch.index.tables.npy import ArrayWriter, open_array, save_array
from rftsearch.index.tables.rows import FileRows

RECORD = np.dtype([("id", np.int64), ("bits", np.uint8, (3,))])
ARRAYS = {
    "vectors": np.arange(12, dtype=np.float16).reshape(4, 3),
    "records": np.zeros(5, RECORD),
    "one number": np.array(2.5),
    "nothing": np.zeros((0, 3), np.float32),
}


@pytest.fixture(params=[1 << 20, 0], ids=["read", "mapped"])
def most_read(request) -> int:
    return request.param


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_an_array_is_opened_as_it_was_saved(tmp_path, array, most_read):
    save_array(tmp_path / "a.npy", array)
    found = open_array(tmp_path / "a.npy", array.dtype, array.shape, most_read=most_read)
    np.testing.assert_array_equal(found, array)
    assert found.dtype == array.dtype
    assert not (found.size and found.flags.writeable)


def test_what_was_read_outlives_its_file(tmp_path):
    save_array(tmp_path / "a.npy", np.arange(10_000))
    found = open_array(tmp_path / "a.npy")
    os.truncate(tmp_path / "a.npy", 0)
    assert found.sum() == 49_995_000


def test_what_is_written_in_portions_is_opened(tmp_path, most_read):
    with ArrayWriter(tmp_path / "a.npy", (5, 2), np.float32) as writer:
        writer.append(np.ones((3, 2)))
        writer.append(np.zeros((2, 2)))
    found = open_array(tmp_path / "a.npy", most_read=most_read)
    assert found.sum() == 6


def bomb(shape: str, descr: str = "'<f4'") -> bytes:
    """A file whose header promises an array that the file does not hold."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n" + b"\0" * 16


@pytest.mark.parametrize(
    "content",
    [
        bomb("(1000000000000,)"),
        bomb("(4611686018427387904, 4)"),
        bomb("(-4,)"),
        bomb("(3,)"),
        bomb("(5,)"),
        bomb("(2,)", "'|O'"),
        bomb("(4,)").replace(b"False", b"True "),
        bomb("(4,"),
        bomb("(4, 'x')"),
        bomb("[" * 500),
        bomb("(4,)").replace(b"\x01\x00", b"\x09\x00", 1),
        b"",
        b"\x93NUMPY",
        b"rows",
    ],
)
@pytest.mark.parametrize("open_file", [open_array, FileRows])
def test_a_header_that_is_not_that_of_its_bytes_is_damage(tmp_path, content, open_file):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"a\.npy .*--repair") as error:
        open_file(tmp_path / "a.npy")
    assert "\n" not in str(error.value)


@pytest.mark.filterwarnings("ignore:Reading `.npy`")
def test_any_bit_of_a_header_may_flip(tmp_path):
    save_array(tmp_path / "a.npy", np.arange(64))
    content = (tmp_path / "a.npy").read_bytes()
    refused = 0
    for place in range(128):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            (tmp_path / "b.npy").write_bytes(changed)
            try:
                assert open_array(tmp_path / "b.npy").nbytes <= len(content)
            except IndexDamagedError:
                refused += 1
    assert refused > 300  # The others are spaces, or another type of the same width.


@pytest.mark.parametrize(
    ("dtype", "shape"), [(np.float32, None), (None, (None,)), (None, (4, 2)), (None, ())]
)
def test_an_array_of_another_kind_is_refused(tmp_path, dtype, shape):
    save_array(tmp_path / "a.npy", ARRAYS["vectors"])
    with pytest.raises(IndexDamagedError, match="float16 of shape"):
        open_array(tmp_path / "a.npy", dtype, shape)


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(IndexDamagedError, match=r"cannot read .*a\.npy .*--repair"):
        open_array(tmp_path / "a.npy")
