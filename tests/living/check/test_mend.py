from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import OutputError
from rftsearch.living.check.check import check_list
from rftsearch.living.check.findings import Edit
from rftsearch.living.check.mend import apply_edits, mend_list
from support.checking import HEAD, entry

BAD = HEAD + entry(1, rest=" [[Code](htttps://example.org/\u00e9)]  ") + "\t\n" + entry(2)
GOOD = BAD.replace("htttps", "https")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", ["", "\n\n"], ids=["no last line end", "blank lines"])
def test_every_other_byte_stays(tmp_path, mark, end, last):
    path = tmp_path / "list.md"
    bad, good = ((text.rstrip("\n") + last).replace("\n", end) for text in (BAD, GOOD))
    path.write_bytes(mark + bad.encode())
    assert mend_list(path, check_list(path).findings) == 1
    assert path.read_bytes() == mark + good.encode()
    assert check_list(path).findings == ()
    assert mend_list(path, check_list(path).findings) == 0


def test_a_link_to_the_list_stays_and_so_do_permissions(tmp_path):
    path, link = tmp_path / "list.md", tmp_path / "README.md"
    path.write_text(BAD, "utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    assert mend_list(link, check_list(link).findings) == 1
    assert link.is_symlink()
    assert path.read_text("utf-8") == GOOD
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_list_that_changed_meanwhile_is_left_alone(tmp_path):
    path = tmp_path / "list.md"
    path.write_text(BAD, "utf-8")
    findings = check_list(path).findings
    path.write_text("# Something else\n" + BAD, "utf-8")
    with pytest.raises(OutputError, match="was changed while it was checked; nothing was written"):
        mend_list(path, findings)
    assert path.read_text("utf-8") == "# Something else\n" + BAD


def test_a_list_that_cannot_be_written_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "list.md"
    path.write_text(BAD, "utf-8")
    findings = check_list(path).findings
    full = OSError(28, "No space left on device")
    monkeypatch.setattr(
        "rftsearch.living.check.mend.replace_file", lambda *_: (_ for _ in ()).throw(full)
    )
    with pytest.raises(OutputError, match="No space left on device; nothing was changed"):
        mend_list(path, findings)
    assert path.read_text("utf-8") == BAD


@given(
    st.text(alphabet="ab\n", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=6),
)
def test_edits_change_what_they_cover_and_nothing_else(text, spans):
    edits = [
        Edit(start, min(start + size, len(text)), text[start : start + size], "X")
        for start, size in spans
        if start <= len(text)
    ]
    better, done = apply_edits(text, edits)
    assert better.count("X") == done
    covered = sorted(edits, key=lambda one: (one.start, one.end))
    kept, at = "", 0
    for edit in covered:
        if edit.start >= at:
            kept, at = kept + text[at : edit.start], edit.end
    assert better.replace("X", "") == kept + text[at:]
