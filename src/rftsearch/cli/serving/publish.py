"""`rftsearch publish`: the whole search as a folder of static files."""

from __future__ import annotations

from pathlib import Path

from rftsearch.cli.command import Option, command
from rftsearch.cli.options import INDEX
from rftsearch.cli.progress import progress
from rftsearch.cli.serving.page import ABOUT
from rftsearch.cli.terminal import note, say
from rftsearch.papers.about import ListAbout
from rftsearch.settings import expanded, index_place
from rftsearch.text.plural import plural

__all__ = ["publish"]

_MEGABYTE = 1_000_000


@command(
    Option(
        "folder",
        type=Path,
        metavar="DIR",
        help="where to: a new or empty folder, or one that was published before; files that you "
        "added to it stay",
    ),
    Option(
        "--base-url",
        default="",
        metavar="ADDRESS",
        help="web address at which the page will be read, for search engines and previews; the "
        "page works at any address without it",
    ),
    Option(
        "--no-meaning",
        action="store_true",
        help="search by words alone: no table of a model is written, which has 8 MB, and no "
        "static model is made",
    ),
    ABOUT,
    INDEX,
)
def publish(
    *, folder: Path, base_url: str, no_meaning: bool, about: ListAbout, index: Path | None
) -> None:
    """Write the whole search as a folder of static files, for GitHub Pages and the like.

    The page in the folder searches in the browser of its reader and needs no server. A browser
    can run a static model only: if the index has another one, a static model is made from its
    papers first, which takes some minutes; the index itself stays as it is.
    """
    from rftsearch.publish.publish import publish as write

    with progress() as tell:
        done = write(
            index_place(index),
            expanded(folder),
            about=about,
            base_url=base_url,
            meaning=not no_meaning,
            progress=tell,
        )
    first, whole = done.first / _MEGABYTE, done.size / _MEGABYTE
    say(
        f"Published {plural(done.papers, 'paper')} in {done.folder}: {whole:.1f} MB, "
        f"{first:.1f} MB before the first answer."
    )
    if done.converted:
        note(
            "the page uses a static model made from these papers; its order differs a little "
            "from that of this index"
        )
    if not done.meaning:
        note("the page searches by words alone; without --no-meaning it compares meaning too")
