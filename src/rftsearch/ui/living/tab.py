"""The tab "New" itself."""

from __future__ import annotations

from pathlib import Path

from rftsearch.ui.living.curator import Curator
from rftsearch.ui.living.markup import panel
from rftsearch.ui.page import build
from rftsearch.ui.page.tabs import Tab

__all__ = ["new_tab"]

_SCRIPT = Path(build.__file__).with_name("scripts") / "new.js"


def new_tab(curator: Curator) -> Tab:
    """Return the tab for whoever keeps the list.

    Args:
        curator: Answers it, over the engine of the page.
    """
    return Tab(
        value="new",
        label="New",
        markup=panel(str(curator.file)),
        script=_SCRIPT.read_text("utf-8"),
        functions=lambda _: curator.functions(),
    )
