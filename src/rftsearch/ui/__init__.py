"""The page and its API, on Gradio.

`text` holds every word a reader sees, `templates/` the markup, `cards` what
stands on a card, `layout` the parts around the cards, `styles` with `page.css`
the looks, `handlers` what happens when something is asked, `api` the two public
endpoints, and `page.js` the gestures. `app` puts them together.
"""

from __future__ import annotations

import os

# Read by Gradio when it is imported: no telemetry, no check for newer versions.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from rftsearch.ui.app import build_page, launch, serve  # after the variable it must see

__all__ = ["build_page", "launch", "serve"]
