"""The page and its API, on Gradio.

`view` is what the browser asks for, `asking` puts it to the engine, `handlers`
answers it part by part. `text` holds every word a reader sees, `templates/` the
markup, `cards` what stands on a card, `marking` its sentences with marked words,
`layout` the parts around the cards, `styles` with `css/` the looks, `scripts/` the
gestures, `policy` what the browser must not do, `api` the public endpoints, `plain` a route
for scripts, `inputs` what both make of what programs send, `guard` who may come in.
`app` puts them together.
"""

from __future__ import annotations

import os

# Read by Gradio when it is imported: no telemetry, no check for newer versions.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# For its monitoring page, which is off, Gradio keeps 10,000 calls and after each one
# sums all of them up, so that every search would slow down the next.
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000000"

# After the variables that Gradio must see:
from rftsearch.ui.page.build import build_page
from rftsearch.ui.page.tabs import Tab
from rftsearch.ui.server.serve import launch, serve

__all__ = ["Tab", "build_page", "launch", "serve"]
