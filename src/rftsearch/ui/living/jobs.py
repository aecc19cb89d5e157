"""One long task at a time, in a thread of its own: looking for papers, or synchronising."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from rftsearch.errors import RftsearchError
from rftsearch.types import Progress

__all__ = ["Jobs"]

_STAGES = {
    "read": "Reading the lists",
    "snapshot": "Reading the file",
    "search": "Asking arXiv",
    "fetch": "Asking arXiv for abstracts",
    "learn": "Making the static model",
    "export": "Exporting the model",
    "embed": "Encoding papers",
    "encode": "Encoding papers",
    "store": "Storing",
    "write": "Writing the index",
    "publish": "Publishing",
    "clean": "Tidying up",
    "upload": "Publishing on the server",
}
_FAILED = "this failed for a reason that nobody thought of; the log of the server has it"


@dataclass(frozen=True, slots=True)
class _Stage:
    """How far a task is."""

    name: str = ""
    done: int = 0
    total: int = 0

    def __str__(self) -> str:
        """Say it in words: `Encoding papers: 64 of 200`."""
        words = _STAGES.get(self.name, "Working")
        if self.name == "snapshot" or not self.total:  # Bytes tell nobody much.
            return words
        return f"{words}: {self.done:,} of {self.total:,}"


class Jobs:
    """Runs one task at a time."""

    def __init__(self) -> None:
        """Be idle."""
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stage = _Stage()
        self.trouble = ""
        """Why the last task failed, in one line; empty if it did not."""

    @property
    def words(self) -> str:
        """Return how far the task is that runs; empty if none does."""
        with self._lock:
            running = self._thread is not None and self._thread.is_alive()
            return str(self._stage) if running else ""

    def start(self, task: Callable[[Progress], None]) -> bool:
        """Start a task, unless one is running; return whether it was started.

        Args:
            task: Gets what it has to tell how far it is.
        """
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return False
            self._stage, self.trouble = _Stage(), ""
            self._thread = threading.Thread(
                target=self._run, args=(task,), name="rftsearch-curating", daemon=True
            )
            self._thread.start()
            return True

    def wait(self) -> None:
        """Wait until no task is running."""
        if (thread := self._thread) is not None:
            thread.join()

    def _run(self, task: Callable[[Progress], None]) -> None:
        try:
            task(self._tell)
        except RftsearchError as error:
            self.trouble = str(error)
        except Exception:
            logging.getLogger("uvicorn.error").exception("a task of the curator failed")
            self.trouble = _FAILED

    def _tell(self, stage: str, done: int, total: int) -> None:
        self._stage = _Stage(stage, done, total)
