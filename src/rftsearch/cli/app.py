"""The command line: `rftsearch COMMAND`. Choose the command, and import no other.

Results go to stdout; notes and progress go to stderr.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from rftsearch import __version__
from rftsearch.cli.command import Command, Parser
from rftsearch.cli.process import explained
from rftsearch.errors import UsageError

__all__ = ["COMMANDS", "find_command", "main"]

COMMANDS = {
    "build": "rftsearch.cli.build:build",
    "add": "rftsearch.cli.build:add",
    "remove": "rftsearch.cli.build:remove",
    "search": "rftsearch.cli.search:search",
    "similar": "rftsearch.cli.search:similar",
    "export": "rftsearch.cli.export:export",
    "show": "rftsearch.cli.browse:show",
    "list": "rftsearch.cli.browse:list_papers",
    "categories": "rftsearch.cli.browse:categories",
    "map": "rftsearch.cli.browse:map_papers",
    "timeline": "rftsearch.cli.browse:timeline",
    "status": "rftsearch.cli.browse:status",
    "sync": "rftsearch.cli.living.sync:sync",
    "log": "rftsearch.cli.living.history:log",
    "diff": "rftsearch.cli.living.history:diff",
    "news": "rftsearch.cli.living.history:news",
    "check": "rftsearch.cli.living.check:check",
    "classify": "rftsearch.cli.living.classify:classify",
    "discover": "rftsearch.cli.living.discover:discover",
    "accept": "rftsearch.cli.living.decide:accept",
    "dismiss": "rftsearch.cli.living.decide:dismiss",
    "issue": "rftsearch.cli.living.issue:issue",
    "evaluate": "rftsearch.cli.evaluate:evaluate",
    "app": "rftsearch.cli.serving.page:serve",
    "mcp": "rftsearch.cli.serving.mcp:mcp",
    "publish": "rftsearch.cli.serving.publish:publish",
}
"""Every command: its name, its module, and its name there. It is imported when it is chosen,
so a module of commands imports what takes long within its functions."""


def main() -> None:
    """Run the command line; the entry point of `rftsearch`.

    Exit codes: 0 for success, 1 for a failure, 2 for a mistake in what was asked, 130 for
    an interruption. If the reader of the output closes it early, it ends quietly with 1.
    """
    with explained():
        _run(sys.argv[1:])


def find_command(name: str) -> Command:
    """Return the command of a name.

    Raises:
        UsageError: If there is no such command.
    """
    if name not in COMMANDS:
        from difflib import get_close_matches

        close = get_close_matches(name, COMMANDS, 1)
        meant = f"did you mean {close[0]}? " if close else ""
        raise UsageError(
            f"no command is called {name!r}; {meant}`rftsearch --help` lists the commands"
        )
    module, _, attribute = COMMANDS[name].partition(":")
    found: Command = getattr(import_module(module), attribute)
    return found


def _run(words: Sequence[str]) -> None:
    if words and not words[0].startswith("-"):
        find_command(words[0])(words[0], words[1:])
        return
    parser = _parser()
    parser.parse_args(words)
    parser.print_help(sys.stderr)
    sys.exit(2)


def _parser() -> argparse.ArgumentParser:
    """Return the parser of a line without a command: help, or the version."""
    width = max(map(len, COMMANDS))
    lines = (f"  {name:{width}}  {find_command(name).summary}" for name in COMMANDS)
    parser = Parser(
        prog="rftsearch",
        usage="rftsearch COMMAND ...",
        description="Search a curated list of research papers, and find papers like one you know.",
        epilog="\n".join(("commands:", *lines, "", "`rftsearch COMMAND --help` explains one.")),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"rftsearch {__version__}")
    return parser
