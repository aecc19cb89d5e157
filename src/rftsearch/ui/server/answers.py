"""Answers to requests that compute: JSON, or one line of error with the right status."""

from __future__ import annotations

import json
import logging
from collections.abc import Coroutine
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.ui.server.places import BusyError, ClientGoneError, busy, while_connected

__all__ = ["FAILED", "answered", "json_object", "log_failure"]

FAILED = "the server failed on this request; its log says why"


def log_failure() -> None:
    """Write the error that is being handled into the server's log; called for errors of ours."""
    logging.getLogger("uvicorn.error").exception("a request failed")


async def json_object(request: Request) -> dict[str, Any]:
    """Return the JSON object that a request brings.

    Raises:
        UsageError: If it brings something else.
    """
    try:
        sent = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise UsageError("the body of the request is not JSON") from None
    except ClientDisconnect:
        raise UsageError("the body of the request is too large, or broke off") from None
    if not isinstance(sent, dict):
        raise UsageError("the body of the request must be a JSON object")
    return sent


async def answered(request: Request, work: Coroutine[Any, Any, Response]) -> Response:
    """Return what a coroutine answers, or the answer to its error.

    A mistake of the caller is a 400, a failure of the index or of arXiv a 503. When the
    client hangs up the coroutine is cancelled.
    """
    try:
        return await while_connected(request, work)
    except UsageError as error:
        return JSONResponse({"error": str(error)}, 400)
    except RftsearchError as error:
        return JSONResponse({"error": str(error)}, 503)
    except BusyError:
        return busy()
    except ClientGoneError:
        return Response(status_code=499)  # nobody reads it
    except Exception:  # noqa: BLE001 - whatever it is, the client gets one line
        log_failure()
        return JSONResponse({"error": FAILED}, 500)
