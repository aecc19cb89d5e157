"""Start the process, and end it with one line and the right exit code, whatever goes wrong."""

from __future__ import annotations

import errno
import gc
import io
import os
import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NoReturn

from rftsearch.cli.terminal import complain
from rftsearch.errors import RftsearchError, UsageError

__all__ = ["answering_once", "explained"]

_FILES = 65_536
"""Open files that a server with many visitors may need."""


@contextmanager
def explained() -> Iterator[None]:
    """End the process with one line and the right code, whatever goes wrong.

    Exit codes: 1 for a failure, 2 for a mistake in what was asked, 130 for an interruption,
    143 for SIGTERM. If the reader of the output closes it early, the process ends quietly
    with 1.
    """
    _open_standard_streams()
    _raise_file_limit()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that the terminal lacks is printed as its code.
            stream.reconfigure(errors="backslashreplace")
    try:
        with _terminable(), _interruptions():
            try:
                yield
            except SystemExit:  # Help and the version are printed; a closed stdout is an error.
                sys.stdout.flush()
                raise
            sys.stdout.flush()
    except RftsearchError as error:
        _end(2 if isinstance(error, UsageError) else 1, str(error))
    except KeyboardInterrupt:
        _end(130)
    except BrokenPipeError:
        _end(1)
    except MemoryError:
        _end(1, "not enough memory; close other programs, or use a machine with more")
    except OSError as error:
        _end(1, _reason(error))
    except ImportError as error:
        # The loader of shared libraries gives the system's reason as text alone.
        if os.strerror(errno.EMFILE) not in str(error):
            raise
        _end(1, _CURES[errno.EMFILE])


@contextmanager
def answering_once() -> Iterator[None]:
    """Keep Python's garbage collector away from a process that answers one question and ends.

    An answer leaves next to nothing to collect, but the collector would walk through all
    the modules that it imports, some ten times, and once more at the end: a fifth of the
    processor time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # What is there now is left alone, also when the process ends.
        if collecting:
            gc.enable()


def _end(code: int, line: str | None = None) -> NoReturn:
    """End the process with an exit code, and with a line on stderr if there is one."""
    try:
        sys.stdout.flush()
    except OSError:
        # Python would try again at its end, and print an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if line is not None:
        with suppress(OSError):  # Nobody reads it.
            complain(line)
    sys.exit(code)


_CURES: Mapping[int | None, str] = {
    errno.ENOSPC: "the disk is full, so not everything was written; free some space",
    errno.EMFILE: "too many open files; allow more with `ulimit -n 1024`",
    errno.ENFILE: "too many open files on this machine; end other programs",
    errno.EBADF: "stdout is closed, so the results were not printed; open it, or write to a file",
}


def _reason(error: OSError) -> str:
    """Return the system's reason for an error, and the cure if there is one."""
    if cure := _CURES.get(error.errno):
        return cure
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename is not None else reason


def _open_standard_streams() -> None:
    """Put something in place of standard streams that are closed.

    Otherwise the next file that is opened, such as the store of the index, takes the number
    of a standard stream, and a library that prints would print into that file. What is put
    there refuses to be read or written, as the closed stream did; only stderr takes
    everything, since nobody reads it.
    """
    for number, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # The system gives the lowest free number: this one.
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _raise_file_limit() -> None:
    """Allow this process `_FILES` open files, or as many as the system lets it have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # A system may allow less than it says.
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the first process of a container; the system ignores it there.

    As anywhere else it ends the process at once: an index is published by one rename, so
    nothing is lost.
    """
    if os.getpid() != 1 or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def _interruptions() -> Iterator[None]:
    """Re-raise the KeyboardInterrupt that a C extension turned into its own error while imported.

    Raises:
        KeyboardInterrupt: If one is the cause of the error.
    """
    try:
        yield
    except Exception as error:
        behind: BaseException | None = error
        while behind is not None:
            if isinstance(behind, KeyboardInterrupt):
                raise behind from None
            behind = behind.__cause__ or behind.__context__
        raise
