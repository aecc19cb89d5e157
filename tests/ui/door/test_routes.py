"""Every route of the server, and what it asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from gradio.routes import App

from rftsearch.ui import build_page
from support.serving import in_a_loop, served

ACCOUNT = ("reader", "secret")
JSON = {"Content-Type": "application/json"}

PLAIN = {
    "/api/search", "/api/similar", "/api/recommend", "/api/paper", "/api/list", "/api/categories",
    "/api/export", "/api/search.atom", "/api/list.atom",
}  # fmt: skip
OPEN = {
    "GET": {
        *PLAIN, "/", "/config", "/theme.css", "/favicon.ico", "/robots.txt", "/assets/{path}",
        "/static/{path}", "/gradio_api/info", "/gradio_api/app_id", "/gradio_api/openapi.json",
        "/gradio_api/mcp", "/gradio_api/mcp/schema", "/login", "/logout",
        "/gradio_api/call/{api_name}/{event_id}", "/gradio_api/call/v2/{api_name}/{event_id}",
        "/gradio_api/queue/data",
    },
    "POST": {
        *PLAIN,
        "/gradio_api/run/{api_name}", "/gradio_api/api/{api_name}", "/gradio_api/call/{api_name}",
        "/gradio_api/call/v2/{api_name}", "/gradio_api/queue/join", "/gradio_api/cancel",
        "/gradio_api/component_server", "/gradio_api/mcp", "/login",
    },
    "HEAD": {*PLAIN, "/"},
}  # fmt: skip
"""The routes that are answered; every other one of Gradio's is 404 or 405."""


@pytest.fixture(scope="module")
def kept(engine):
    with served(engine, accounts=dict([ACCOUNT])) as address:
        yield address.rstrip("/")


@pytest.fixture(scope="module")
def gradios(engine) -> set[tuple[str, str]]:
    """Every route that Gradio has, with its methods."""

    async def make():
        return App.create_app(build_page(engine), mcp_server=True)

    return {
        (method, path)
        for path, methods in paths_of(in_a_loop(make))
        for method in methods or {"GET", "POST"}
    }


def paths_of(app) -> Iterator[tuple[str, set[str]]]:
    """The paths of an application's routes, those of included and mounted ones, too."""
    for route in app.routes:
        if hasattr(route, "original_router"):
            yield from paths_of(route.original_router)
        else:
            yield route.path, getattr(route, "methods", None)


def filled(path: str) -> str:
    """A path with something in its places."""
    names = ("path:path", "path_or_url:path", "url_path:path", "path", "api_name", "event_id")
    names += ("session_hash", "upload_id", "key", "size", "id", "environment", "type", "file_name")
    names += ("run", "component_id", "segment_id", "ext", "endpoint", "record_id", "asset_id")
    for name in names:
        path = path.replace("{" + name + "}", "1")
    return path


def plain(path: str) -> str:
    return path.rstrip("/").replace(":path}", "}") or "/"


def ask(method: str, url: str, **options) -> requests.Response:
    return requests.request(
        method, url, timeout=60, headers=JSON, allow_redirects=False, stream=True, **options
    )


def test_gradio_has_many_routes(gradios):
    assert len(gradios) > 50
    assert ("POST", "/gradio_api/upload") in gradios
    assert any("proxy=" in path for _, path in gradios)


def test_what_is_not_listed_is_not_there(kept, gradios):
    unlisted = {
        (method, path) for method, path in gradios if plain(path) not in OPEN.get(method, ())
    }
    assert len(unlisted) > 40
    for method, path in sorted(unlisted):
        with ask(method, kept + filled(path), auth=ACCOUNT, data="{}") as answer:
            assert answer.status_code in {404, 405}, (method, path)


@pytest.mark.parametrize("method", OPEN)
def test_what_is_listed_is_there_for_who_is_logged_in(kept, method):
    for path in sorted(OPEN[method] - {"/login", "/logout"}):
        with ask(method, kept + filled(path), auth=ACCOUNT, data="{}") as answer:
            missing = {"error": "there is nothing at this address"}
            assert answer.status_code != 405, path
            assert answer.status_code < 500, path
            if answer.status_code == 404 and method != "HEAD" and "json" in str(answer.headers):
                assert answer.json() != missing, path


def test_nothing_is_open_without_a_login(kept, gradios):
    listed = {(method, path) for method, paths in OPEN.items() for path in paths}
    for method, path in sorted(listed | gradios):
        if method == "POST" and plain(path) == "/login":
            continue
        with ask(method, kept + filled(path), data="{}") as answer:
            assert answer.status_code == 401, (method, path)


SPELLINGS = [
    "/config", "//config", "/config/", "/./config", "/x/../config", "/%63onfig", "/config%2f",
    "/papers/config", "/papers//config", "/papers/papers/config", "/papers%2fconfig", "/CONFIG",
    "/config?x", "/config;x", "/config%00", "/%2e%2e/config", "/gradio_api/../config",
    "/assets/../config", "/assets/..%2f..%2fconfig", "/static/%2e%2e/config",
    "/papers/../config", "/gradio_api//info", "/gradio_api/mcp//", "/gradio_api/mcp/../info",
    "/api/search/", "//api/search", "/papers/api/search?q=x", "/api%2fsearch?q=x", "/api/./search",
]  # fmt: skip


@pytest.mark.parametrize("root", [None, "/papers"])
def test_no_spelling_of_a_path_goes_round_the_login(engine, root):
    with served(engine, accounts=dict([ACCOUNT]), root_path=root) as address:
        session = requests.Session()
        for spelling in SPELLINGS:
            request = requests.Request("GET", address).prepare()
            request.url = address.rstrip("/") + spelling  # as it is: requests would tidy it
            answer = session.send(request, timeout=60, allow_redirects=False)
            assert answer.status_code in {400, 401}, spelling


FILES = ["/assets/../../app.py", "/static/..%2f..%2froutes.py", "/assets//etc/passwd"]
FILES += ["/static/%2e%2e/%2e%2e/routes.py", "/assets/..%5c..%5croutes.py", "/assets/%00"]


@pytest.mark.parametrize("path", FILES)
def test_no_file_but_those_of_the_page(address, path):
    request = requests.Request("GET", address).prepare()
    request.url = address.rstrip("/") + path
    answer = requests.Session().send(request, timeout=60)
    assert answer.status_code in {400, 403, 404}


def test_nothing_raw_reaches_the_log(address, capfd):
    raw = "%0AINFO:%20forged%1b[31m"
    for path in (f"gradio_api/custom_component/{raw}/client/x/y", f"{raw}", f"api/search?q={raw}"):
        requests.get(address + path, timeout=60)
    requests.post(f"{address}gradio_api/call/v2/{raw}", json={raw: 1}, timeout=60)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("root", ["/papers", "https://h.example/papers"])
def test_no_redirect_loses_the_root_path(engine, root):
    headers = {"Host": "h.example", "X-Forwarded-Proto": "https", "Accept": "application/json"}
    with served(engine, root_path=root, allowed_hosts=["h.example"]) as address:
        for path in ("gradio_api/mcp", "gradio_api/mcp/", "papers/gradio_api/mcp", "config/"):
            answer = requests.get(
                address + path, headers=headers, timeout=60, allow_redirects=False
            )
            assert answer.status_code == 200, path
        schema = requests.get(f"{address}gradio_api/mcp/schema", headers=headers, timeout=60).json()
        assert len(schema) == 7
        config = requests.get(f"{address}config", headers=headers, timeout=60).json()
        assert config["root"] == "https://h.example/papers"
