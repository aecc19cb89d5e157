"""What a command of the command line is: a function, and the options that it takes.

    @command(Option("name", help="whom to greet"), Option("--loud", action="store_true"))
    def greet(name: str, loud: bool) -> None:
        '''Greet somebody.'''

The docstring is the help text. A line in `rftsearch.cli.app.COMMANDS` adds the command
to the program.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, Protocol

from rftsearch.cli.terminal import set_named_index
from rftsearch.errors import UsageError

__all__ = ["Command", "Option", "OptionGroup", "Parser", "command"]


Collect = Callable[[dict[str, Any]], None]
"""Replaces some of the values of a command line by one."""


class Option:
    """One argument or option of a command."""

    def __init__(self, *names: str, **settings: Any) -> None:  # noqa: ANN401 - as argparse has it
        """Take what `argparse.ArgumentParser.add_argument` takes."""
        self._names = names
        self._settings = settings

    def add_to(self, parser: _Takes) -> str:
        """Add it to a parser, or to a group of options; return the name of its value."""
        return parser.add_argument(*self._names, **self._settings).dest


class OptionGroup:
    """Options that become one value of a command, such as the filters."""

    def __init__(
        self, name: str, make: Callable[..., object], *options: Option, title: str | None = None
    ) -> None:
        """Join options.

        Args:
            name: The parameter of the command that takes the value.
            make: Called with the values of the options by name; returns the value.
            options: The options.
            title: A heading for them in the help text.
        """
        self._name = name
        self._make = make
        self._options = options
        self._title = title

    def add_to(self, parser: argparse.ArgumentParser) -> Collect:
        """Add the options to a parser.

        Returns:
            A function that replaces the values of the options, in a dictionary of the
            values of all, by the one that they make.
        """
        place = parser.add_argument_group(self._title) if self._title else parser
        names = dict.fromkeys(option.add_to(place) for option in self._options)

        def collect(values: dict[str, Any]) -> None:
            values[self._name] = self._make(**{name: values.pop(name) for name in names})

        return collect


class Command:
    """A command: call it with the words that follow its name."""

    def __init__(
        self, function: Callable[..., None], options: Sequence[Option | OptionGroup]
    ) -> None:
        """Make a command of a function and its options."""
        self._function = function
        self._options = options
        self.help = (function.__doc__ or "").strip()

    @property
    def summary(self) -> str:
        """Return the first line of the help text."""
        return self.help.partition("\n")[0]

    def parser(self, name: str) -> argparse.ArgumentParser:
        """Return the parser of its options.

        Args:
            name: What the command is called.
        """
        return self._parser(name)[0]

    def __call__(self, name: str, words: Sequence[str]) -> None:
        """Read the words and run the function.

        Raises:
            UsageError: If the words are not what the command takes.
            RftsearchError: As the function raises it.
        """
        values = self.read(name, words)
        set_named_index(values.get("index"))
        self._function(**values)

    def read(self, name: str, words: Sequence[str]) -> dict[str, Any]:
        """Return what the function is called with.

        Args:
            name: What the command is called.
            words: What follows the name on the command line.

        Raises:
            UsageError: If the words are not what the command takes.
        """
        parser, collects = self._parser(name)
        # Mixed with options, words after `--` would be read as options.
        read = parser.parse_args if "--" in words else parser.parse_intermixed_args
        values = vars(read(words))
        for collect in collects:
            collect(values)
        return values

    def _parser(self, name: str) -> tuple[argparse.ArgumentParser, list[Collect]]:
        parser = Parser(prog=f"rftsearch {name}", description=self.help, allow_abbrev=False)
        collects = []
        for option in self._options:
            if isinstance(option, OptionGroup):
                collects.append(option.add_to(parser))
            else:
                option.add_to(parser)
        return parser, collects


def command(*options: Option | OptionGroup) -> Callable[[Callable[..., None]], Command]:
    """Return a decorator that makes a function a command with these options."""
    return lambda function: Command(function, options)


class _Takes(Protocol):
    """A parser, or a group of its options."""

    def add_argument(self, *names: str, **settings: Any) -> argparse.Action:  # noqa: ANN401 - as argparse
        """Add one."""
        ...


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as all errors of the command line."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - as argparse has it
        """Take what `argparse.ArgumentParser` takes."""
        super().__init__(**settings)
        self.register("type", None, _readable)
        self.register("type", int, _whole_number)
        self.register("type", float, _number)

    def error(self, message: str) -> NoReturn:
        """Raise the error.

        Raises:
            UsageError: Always.
        """
        if meant := self._meant(message):
            raise UsageError(f"{message}; did you mean {meant}? `{self.prog} --help` lists all")
        raise UsageError(f"{message}; see `{self.prog} --help`")

    def _meant(self, message: str) -> str | None:
        """Return the option that is spelt like the first unknown one."""
        from difflib import get_close_matches

        _, unknown, words = message.partition("unrecognized arguments: ")
        wrong = next((word for word in words.split() if word.startswith("--")), "")
        if not unknown or not wrong:
            return None
        known = [name for name in self._option_string_actions if name.startswith("--")]
        wrong = wrong.partition("=")[0]
        begun = [name for name in known if len(wrong) > 3 and name.startswith(wrong)]
        return next(iter(begun or get_close_matches(wrong, known, 1)), None)


def _whole_number(word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{_readable(word)!r} is not a whole number") from None


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{_readable(word)!r} is not a number; write it like 0.3"
        ) from None


def _readable(word: str) -> str:
    """Return a word in UTF-8, with a mark for each byte that was not."""
    return word.encode(errors="surrogateescape").decode(errors="replace")
