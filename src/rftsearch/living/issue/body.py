"""The body of the issue: candidates with two check boxes each, written and read back.

A candidate is an item of a list, and all that belongs to it is indented. Its boxes name it by
its id, so that they mean the same wherever they are moved to:

    - [A title](https://arxiv.org/abs/2506.00001) `2506.00001`
      - [x] accept `2506.00001` (noted)
      - [ ] dismiss `2506.00001`

A tick that was read is marked as noted. It counts again only if the file of decisions does
not know it: then what was written after it had been read was lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rftsearch.living.discovery.decisions import Verdict
from rftsearch.living.discovery.discover import Candidate, Discovery
from rftsearch.living.discovery.formats import facts_of, linked_title, plain_text, summary

__all__ = ["MARKER", "Ticks", "marked_as_noted", "read_ticks", "write_body"]

MARKER = "<!-- rftsearch discover -->"
"""How the issue is known; nobody sees it."""
_LONGEST = 60_000
"""Characters of a body; GitHub takes 65,536."""
_VERDICTS: Mapping[str, Verdict] = {"accept": "accepted", "dismiss": "dismissed"}
_NOTED = " (noted)"
_NOTHING: Mapping[str, Verdict] = MappingProxyType({})
_BOX = re.compile(
    r"^[ \t]*```.*?(?:^[ \t]*```[ \t]*\r?$|\Z)"  # What stands in code is no box.
    r"|^[ \t]*[-*+] \[(?P<tick>[ xX])\] (?P<verdict>accept|dismiss) `(?P<id>[^`\n]{1,200})`"
    r"(?P<noted> \(noted\))?[ \t]*\r?$",
    re.MULTILINE | re.DOTALL,
)
_HEAD = re.compile(r"^[-*+] .*`(?P<id>[^`\n]{1,200})`[ \t]*\r?$")


@dataclass(frozen=True)
class Ticks:
    """What is ticked."""

    verdicts: Mapping[str, Verdict]
    """By id of the paper."""
    unclear: tuple[str, ...]
    """Ids of papers of which both boxes are ticked: these do not count."""


def read_ticks(body: str, decided: Mapping[str, Verdict]) -> Ticks:
    """Read what is ticked and stands in no file yet.

    Args:
        body: Of the issue.
        decided: What the file of decisions says, by id.
    """
    found: dict[str, set[Verdict]] = {}
    for box in _BOX.finditer(body):
        if box["id"] is None or box["tick"] == " " or (box["noted"] and box["id"] in decided):
            continue
        verdict = _VERDICTS[box["verdict"]]
        if decided.get(box["id"]) != verdict:
            found.setdefault(box["id"], set()).add(verdict)
    clear = {paper_id: next(iter(each)) for paper_id, each in found.items() if len(each) == 1}
    return Ticks(clear, tuple(paper_id for paper_id in found if paper_id not in clear))


def marked_as_noted(body: str, noted: Mapping[str, Verdict]) -> str:
    """Return a body in which ticks are marked that stand in the file of decisions.

    Where somebody has ticked the other box since, the earlier tick is cleared.
    """

    def mark(box: re.Match[str]) -> str:
        if box["id"] is None or box["tick"] == " ":
            return box[0]
        line, verdict = box[0].rstrip(), noted.get(box["id"])
        if verdict == _VERDICTS[box["verdict"]]:
            return line if box["noted"] else line + _NOTED
        if box["noted"] and verdict is not None:
            return line.removesuffix(_NOTED).replace(f"[{box['tick']}]", "[ ]", 1)
        return line

    return _BOX.sub(mark, body)


def write_body(
    found: Discovery, file: str, before: str = "", decided: Mapping[str, Verdict] = _NOTHING
) -> str:
    """Write a body.

    Args:
        found: The candidates.
        file: Name of the file of decisions.
        before: The body that is replaced. What is ticked in it and stands in no file yet stays.
        decided: What the file of decisions says, by id.
    """
    ticks = read_ticks(before, decided)
    waiting = {**ticks.verdicts, **dict.fromkeys(ticks.unclear)}
    kept = [block for paper_id, block in _blocks(before) if paper_id in waiting]
    there = {paper_id for paper_id, _ in _blocks(before) if paper_id in waiting}
    head = [
        MARKER,
        f"{summary(found)}. Tick a box of each paper: the next run notes it in `{file}`, does not "
        "propose the paper again, and learns from it. The entry of a paper is ready to be copied "
        "into the list.",
        *(f"> {plain_text(note)}." for note in found.notes),
    ]
    if kept:
        head.append("\n".join(kept))
    blocks = [_block(one) for one in found.candidates if one.paper.id not in there]
    if not blocks:
        blocks = ["Nothing new seems to belong."]
    room = _LONGEST - sum(len(one) + 2 for one in head)
    written: list[str] = []
    for block in blocks:
        room -= len(block) + 2
        if room < 0:
            left = len(blocks) - len(written)
            written.append(f"{left} more have no room here; `rftsearch discover` names them.")
            break
        written.append(block)
    return "\n\n".join([*head, *written]) + "\n"


def _block(one: Candidate) -> str:
    paper_id = one.paper.id.replace("`", "'")
    facts = "\n".join(f"  - {each}" for each in facts_of(one))
    entry = one.line.replace("```", "").replace("\n", "\n  ")
    return (
        f"- {linked_title(one)} `{paper_id}`\n"
        f"  - [ ] accept `{paper_id}`\n"
        f"  - [ ] dismiss `{paper_id}`\n"
        f"{facts}\n\n  ```md\n  {entry}\n  ```"
    )


def _blocks(body: str) -> Iterator[tuple[str, str]]:
    """Yield the candidates of a body, each with its lines."""
    paper_id, lines = "", list[str]()
    for line in [*body.splitlines(), "."]:
        if line[:1].isspace() or not line:
            lines.append(line)
            continue
        if paper_id:
            yield paper_id, "\n".join(lines).rstrip()
        head = _HEAD.match(line)
        paper_id, lines = (head["id"] if head else ""), [line]
