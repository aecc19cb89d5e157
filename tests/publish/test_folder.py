"""Published folders: whole or not at all, and never over the files of somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch.errors import OutputError, UsageError
from rftsearch.publish.folder import MARKER, check_folder, write_folder
from rftsearch.publish.publish import publish

FILES = [("index.html", b"one"), ("data/words.bin", b"two")]


def test_a_folder_is_written_and_replaced(tmp_path):
    place = tmp_path / "deep" / "site"
    assert write_folder(place, FILES) == 6
    write_folder(place, [("index.html", b"new")])
    assert sorted(path.name for path in place.iterdir()) == [MARKER, "index.html"]
    assert (place / "index.html").read_bytes() == b"new"
    assert list(tmp_path.glob("deep/.*")) == []


ADDED = ["CNAME", ".git/config", "data/own.csv", "pictures/one/two.png"]


def test_what_others_added_stays(tmp_path):
    place = tmp_path / "site"
    write_folder(place, FILES)
    for name in ADDED:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(name, "ascii")
    for files in (FILES, [("index.html", b"new")], FILES):
        write_folder(place, files)
        assert {name: (place / name).read_text("ascii") for name in ADDED} == dict(
            zip(ADDED, ADDED, strict=True)
        )
        assert (place / "data/words.bin").exists() == (files is FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_others_added_is_not_replaced(tmp_path):
    place = tmp_path / "site"
    write_folder(place, FILES)
    (place / "robots.txt").write_text("mine", "ascii")
    with pytest.raises(OutputError, match=r"robots\.txt was not written by .*; move it away"):
        write_folder(place, [*FILES, ("robots.txt", b"ours")])
    assert (place / "robots.txt").read_text("ascii") == "mine"
    assert (place / "index.html").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("kind", ["file", "foreign", "link"])
def test_what_is_not_ours_stays(tmp_path, kind):
    place = tmp_path / "site"
    if kind == "file":
        place.write_text("mine", "ascii")
    elif kind == "link":
        place.symlink_to(tmp_path / "nowhere")
    else:
        place.mkdir()
        (place / "thesis.tex").write_text("mine", "ascii")
    with pytest.raises(OutputError) as caught:
        write_folder(place, FILES)
    assert "\n" not in str(caught.value)
    assert (
        place.is_symlink()
        or "mine" in (place if kind == "file" else place / "thesis.tex").read_text()
    )


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "site").mkdir()
    check_folder(tmp_path / "site")


def test_a_failure_leaves_what_was_there(tmp_path):
    write_folder(tmp_path / "site", FILES)

    def failing():
        yield "index.html", b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        write_folder(tmp_path / "site", failing())
    assert (tmp_path / "site" / "index.html").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_index_itself_is_not_written_over(index):
    before = sorted(path.name for path in index.iterdir())
    with pytest.raises(OutputError):
        publish(index, index)
    assert sorted(path.name for path in index.iterdir()) == before


def test_the_same_index_gives_the_same_files(index, folder, tmp_path):
    publish(index, tmp_path / "site")

    def content(place: Path) -> dict[str, bytes]:
        return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}

    assert content(tmp_path / "site") == content(folder)


@pytest.mark.parametrize(
    "address", ["example.org", "ftp://example.org", "https://example.org/?a=1"]
)
def test_an_address_that_is_none(index, tmp_path, address):
    with pytest.raises(UsageError, match="give a web address"):
        publish(index, tmp_path / "site", base_url=address)
    assert not (tmp_path / "site").exists()


def test_words_alone_have_no_table(index, tmp_path):
    done = publish(index, tmp_path / "site", base_url="https://example.org/list", meaning=False)
    names = {path.name for path in (tmp_path / "site" / "data").iterdir()}
    assert names == {"index.json", "papers.json", "texts.json", "words.bin"}
    assert not done.meaning
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://example.org/list/">' in page
