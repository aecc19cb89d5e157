"""What was found, as text, as annotations of GitHub, and as SARIF for other programs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rftsearch import __version__
from rftsearch.living.check.findings import RULES, CheckReport, Finding
from rftsearch.text.plural import plural

__all__ = ["github_annotations", "sarif", "summary"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_ORDER = ("error", "warning", "note")


def summary(report: CheckReport) -> str:
    """Return one line about a report: `1 error and 3 notes in 301 entries`."""
    found = [plural(count, name) for name, count in report.counts.items() if count]
    what = " and ".join((", ".join(found[:-1]), found[-1])) if found[1:] else "".join(found)
    where = plural(report.entries, "entry", "entries")
    fixable = sum(finding.edit is not None for finding in report.findings)
    mends = f"; --fix mends {fixable}" if fixable else ""
    return f"{what or 'Nothing was found'} in {where}{mends}"


# --- GitHub ------------------------------------------------------------------------

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github_annotations(report: CheckReport) -> Iterator[str]:
    """Yield workflow commands that GitHub shows beside the lines, the worst first.

    GitHub shows ten of each kind for one step.
    """
    for finding in sorted(report.findings, key=lambda one: _ORDER.index(one.severity)):
        place = {
            "file": _relative(finding.source),
            "line": str(finding.line),
            "endLine": str(finding.end_line),
            "col": str(finding.column),
            "title": f"rftsearch {finding.code}",
        }
        if finding.end_line == finding.line:
            place["endColumn"] = str(finding.end_column)
        properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
        yield f"::{_COMMANDS[finding.severity]} {properties}::{_data(finding.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _relative(source: str) -> str:
    """Return a path as a repository knows it: from the current folder, with slashes."""
    path = Path(source)
    with suppress(OSError, ValueError):
        path = path.resolve().relative_to(Path.cwd()) if path.is_absolute() else path
    return path.as_posix()


# --- SARIF --------------------------------------------------------------------------


def sarif(report: CheckReport) -> dict[str, Any]:
    """Return a report as a SARIF 2.1.0 log.

    See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
    """
    rules = [
        {
            "id": rule.code,
            "shortDescription": {"text": rule.summary},
            "defaultConfiguration": {"level": rule.severity},
        }
        for rule in RULES.values()
    ]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "rftsearch", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in report.findings],
    }
    if report.not_checked:
        notices = [
            {"level": "note", "message": {"text": sentence}} for sentence in report.not_checked
        ]
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notices}]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding) -> dict[str, Any]:
    uri = quote(_relative(finding.source))
    artifact = {"uri": uri}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": list(RULES).index(finding.code),
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {
                        "startLine": finding.line,
                        "startColumn": finding.column,
                        "endLine": finding.end_line,
                        "endColumn": finding.end_column,
                    },
                }
            }
        ],
        # What stays when lines move: a finding that was dismissed is known again.
        "partialFingerprints": {
            "entry/v1": hashlib.sha256(
                f"{finding.code}\n{finding.text}\n{finding.message}".encode()
            ).hexdigest()
        },
    }
    if finding.edit is not None:
        region = {
            "charOffset": finding.edit.start,
            "charLength": finding.edit.end - finding.edit.start,
        }
        replacement = {"deletedRegion": region, "insertedContent": {"text": finding.edit.text}}
        changes = [{"artifactLocation": artifact, "replacements": [replacement]}]
        result["fixes"] = [{"description": {"text": "Mend it."}, "artifactChanges": changes}]
    return result
