"""A build in a process of its own, which dies or waits at a stage on request.

Run as `python -m support.child_build INDEX LIST ACTION STAGE [MODEL]`: at the first word
of that stage the process kills itself (`kill`), fails to write from then on
(`full`), or says so and waits until its standard input closes (`wait`). The stage `exported` is
the moment when a model is exported and has no name yet.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from pathlib import Path

from rftsearch import files
from rftsearch.encoders import onnx_export
from rftsearch.index.build.build import build_index
from rftsearch.index.generations import models
from rftsearch.index.generations.manifest import Manifest
from support.encoder import WordEncoder


def disk_full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def main(index: str, source: str, action: str, at: str, model: str | None = None) -> None:
    def tell(stage: str, done: int, total: int) -> None:
        if stage != at:
            return
        if action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if action == "wait":
            print(stage, flush=True)
            sys.stdin.read()
        if action == "full":
            # The system calls of a full disk: no file can be flushed any more.
            files.os.fsync = disk_full
            Manifest.publish = disk_full

    if at == "exported":
        # Whatever a model is exported to: nothing will ever read it.
        onnx_export.export_model = lambda _, folder: (folder / "model.onnx").write_bytes(b"model")
    if action == "kill" and at == "exported":
        models._keep = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    if action == "full" and at == "exported":
        models.flush = disk_full
    encoder = None if model else WordEncoder()
    build_index(
        Path(index), [Path(source)], model=model, encoder=encoder, offline=True, progress=tell
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
