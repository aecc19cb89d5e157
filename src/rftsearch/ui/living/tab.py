"""The tab "New" itself."""

from __future__ import annotations

from rftsearch.look.scripts import script
from rftsearch.ui.living.curator import Curator
from rftsearch.ui.living.markup import panel
from rftsearch.ui.page.tabs import Tab

__all__ = ["new_tab"]


def new_tab(curator: Curator) -> Tab:
    """Return the tab for whoever keeps the list.

    Args:
        curator: Answers it, over the engine of the page.
    """
    return Tab(
        value="new",
        label="New",
        markup=panel(str(curator.file)),
        script=script(["new"]),
        functions=lambda _: curator.functions(),
    )
