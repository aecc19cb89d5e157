"""Start the server that is measured, with one more endpoint that does nothing.

    python server.py INDEX     # the page as `rftsearch app` serves it
    python server.py           # only that endpoint, on an unchanged Gradio

`load.py` runs it in a process of its own, so that server and clients do not wait for one
Python lock. It prints its address, and ends when its input ends.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr


def nothing(query: str) -> list[dict[str, Any]]:
    """Do nothing: the time that remains is Gradio's."""
    del query
    return []


@contextmanager
def page_over(index: str) -> Iterator[str]:
    """Serve an index, and return the address."""
    # Only here: importing rftsearch changes Gradio, which must be unchanged in the other case.
    from rftsearch import Engine  # noqa: PLC0415
    from rftsearch.ui import build_page, serve  # noqa: PLC0415

    with Engine.open(index) as engine:
        page = build_page(engine)
        with page:
            gr.api(nothing, api_name="nothing", queue=False)
        engine.search("loads the model", k=1)
        yield serve(page)
        page.close(verbose=False)


@contextmanager
def bare_gradio() -> Iterator[str]:
    """Serve only the endpoint, and return the address."""
    with gr.Blocks() as page:
        gr.api(nothing, api_name="nothing", queue=False)
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, ssr_mode=False)
    yield str(address)
    page.close(verbose=False)


if __name__ == "__main__":
    with page_over(sys.argv[1]) if len(sys.argv) > 1 else bare_gradio() as where:
        print(where, flush=True)
        sys.stdin.read()
