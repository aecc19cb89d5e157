"""The door for people: the page that asks for a login, logging in and out."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Scope

from rftsearch.look import strings
from rftsearch.ui.door.auth import Accounts, Brake, Logins

__all__ = ["LoginDoor"]

_PAGE = Path(__file__).with_name("login.html")
_LONGEST_FIELD = 1000
_ADDRESS = re.compile(r"[\w.~%&=+*'()!:@,;/?$-]*", re.ASCII)
"""What the part of an address after its `?` may be made of."""


class LoginDoor:
    """Logs visitors in and out, and knows who is logged in."""

    def __init__(self, accounts: Accounts, cookie: str, path: str) -> None:
        """Keep a door.

        Args:
            accounts: Who may log in.
            cookie: The name of the cookie.
            path: Where a proxy shows the page, `/papers`; or nothing.
        """
        self._accounts = accounts
        self._cookie = cookie
        self._path = path
        self._logins = Logins()
        self.brake = Brake()

    def is_logged_in(self, headers: Headers) -> bool:
        """Return whether a request brings the cookie of a login."""
        token = cookie_parser(headers.get("cookie", "")).get(self._cookie)
        return token is not None and self._logins.is_known(token)

    def ask(self, scope: Scope, problem: str = "", status: int = 401) -> Response:
        """Return the page that asks for name and password.

        In a frame of another site it is a link to the page instead: browsers send no cookie
        of a login there.
        """
        framed = _is_framed_elsewhere(Headers(scope=scope))
        query = scope.get("query_string", b"").decode("ascii", "replace")
        page = (
            _PAGE.read_text("utf-8")
            .replace("{{ name }}", escape(strings.NAME))
            .replace("{{ problem }}", escape(problem))
            .replace("{{ hide_link }}", "" if framed else "hidden")
            .replace("{{ hide_form }}", "hidden" if framed else "")
            .replace("{{ back }}", escape(query if _ADDRESS.fullmatch(query) else ""))
        )
        return HTMLResponse(page, status, headers={"Cache-Control": "no-store"})

    async def log_in(self, request: Request) -> Response:
        """Answer `POST /login`: a form of `username` and `password`.

        Browsers are sent back to the page; programs get JSON. Both get a cookie.
        """
        fields = await _fields(request)
        if fields is None:
            return JSONResponse({"error": "send a form with username and password"}, 400)
        name, password = fields["username"].strip().encode(), fields["password"].encode()
        browser = "text/html" in request.headers.get("accept", "")
        back = fields["back"] if _ADDRESS.fullmatch(fields["back"]) else ""
        scope = {**request.scope, "query_string": back.encode()}
        address = request.client.host if request.client else ""
        if wait := self.brake.wait(address, name):
            problem = f"too many wrong passwords; try again in {wait} seconds"
            answer = self.ask(scope, problem, 429) if browser else _error(problem, 429)
            answer.headers["Retry-After"] = str(wait)
            return answer
        if not self._accounts.has(name, password):
            self.brake.count(address, name)
            problem = "name or password is wrong"
            # Gradio's clients know 401 alone as wrong credentials.
            return self.ask(scope, problem) if browser else _error(problem, 401)
        if browser:
            answer = RedirectResponse(f"./?{back}" if back else "./", 303)
        else:
            answer = JSONResponse({"success": True})
        answer.set_cookie(
            self._cookie,
            self._logins.begin(),
            path=f"{self._path}/",
            secure=_is_encrypted(request),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def log_out(self, request: Request) -> Response:
        """Answer `/logout`: end the login of this cookie and show the page, which asks again."""
        self._logins.end(request.cookies.get(self._cookie, ""))
        # Relative, so that no header of a request has a say in where it leads.
        answer = RedirectResponse("./", 303)
        answer.delete_cookie(self._cookie, path=f"{self._path}/", httponly=True, samesite="lax")
        return answer


def _is_framed_elsewhere(headers: Headers) -> bool:
    return (
        headers.get("sec-fetch-dest") in {"iframe", "frame"}
        and headers.get("sec-fetch-site") == "cross-site"
    )


def _error(problem: str, status: int) -> JSONResponse:
    return JSONResponse({"error": problem}, status)


def _is_encrypted(request: Request) -> bool:
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))


async def _fields(request: Request) -> dict[str, str] | None:
    """Return the fields of the form; None if something else was sent."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    names = ("username", "password", "back")
    if kind == "multipart/form-data":
        try:
            async with request.form(max_files=0, max_fields=5) as form:
                fields = {name: str(form.get(name, "")) for name in names}
        except Exception:  # noqa: BLE001 - whatever its parser makes of a malformed form
            return None
    elif kind == "application/x-www-form-urlencoded":
        try:
            sent = parse_qs(
                (await request.body()).decode(), keep_blank_values=True, max_num_fields=5
            )
        except ValueError:
            return None
        fields = {name: sent.get(name, [""])[0] for name in names}
    else:
        return None
    return fields if all(len(text) <= _LONGEST_FIELD for text in fields.values()) else None
