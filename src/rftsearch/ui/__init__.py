"""The page and its API, on Gradio.

`page/` is what visitors see, `head/` what the page says of itself, `door/` what every
request must pass, `server/` what is answered to the page, to programs and to assistants.
"""

from __future__ import annotations

import os

# Gradio reads it when it is imported: no telemetry, no check for newer versions.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

# After the variable that Gradio must see:
from rftsearch.ui.page.build import build_page
from rftsearch.ui.page.tabs import Tab
from rftsearch.ui.server.serve import launch, serve

__all__ = ["Tab", "build_page", "launch", "serve"]
