"""Talks to a running node over its Unix socket."""

import re
from typing import Any, Final, Self

import click
import httpx

from popd.cli.called import command, start_words
from popd.cli.exit_codes import ExitCode, give_up
from popd.config import Home, home_at

TIMEOUT_S: Final = 20.0


class Client:
    """A connection to the node of one home."""

    def __init__(self, home: Home, timeout_s: float = TIMEOUT_S, network: str = "practice") -> None:
        """Nothing is sent yet."""
        self.home = home
        self.network = network
        transport = httpx.HTTPTransport(uds=str(home.socket))
        self._http = httpx.Client(
            transport=transport, base_url="http://localhost/api/v1", timeout=timeout_s
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, **query: str) -> Any:
        """What the node answers; ends the program with a sentence when it does not."""
        return self._answer("GET", path, params=query)

    def download(self, path: str) -> bytes:
        """A file that the node makes; ends the program with a sentence when it does not."""
        response = self._response("GET", path)
        if response.is_success:
            return response.content
        answer = response.json()
        give_up(_exit_code(response.status_code), refusal(answer) or f"{response.status_code}")

    def found(self, path: str) -> Any:
        """What the node answers, or None when it has no such thing (yet)."""
        response = self._http.get(path)
        return response.json() if response.is_success else None

    def post(self, path: str, body: Any = None) -> Any:
        """What the node answers; ends the program with a sentence when it does not."""
        return self._answer("POST", path, json=body if body is not None else {})

    def put(self, path: str, body: Any) -> Any:
        """What the node answers; ends the program with a sentence when it does not."""
        return self._answer("PUT", path, json=body)

    def delete(self, path: str) -> Any:
        """What the node answers; ends the program with a sentence when it does not."""
        return self._answer("DELETE", path)

    def _response(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **arguments)
        except (httpx.ConnectError, FileNotFoundError):
            give_up(
                ExitCode.NO_DAEMON,
                f"No node runs in {self.home.path}. "
                f"Start one with `{command(start_words(self.network), self.home)}`.",
            )
        except httpx.HTTPError as error:
            logs = command("logs", self.home)
            give_up(ExitCode.FAILED, f"The node did not answer ({error}). See `{logs}`.")

    def _answer(self, method: str, path: str, **arguments: Any) -> Any:
        response = self._response(method, path, **arguments)
        try:
            answer = response.json()
        except ValueError:
            give_up(ExitCode.FAILED, f"The node answered {response.status_code} without words.")
        if response.is_success:
            return answer
        give_up(_exit_code(response.status_code), refusal(answer) or f"{response.status_code}")


def refusal(answer: Any) -> str:
    """Why the node refused and what to do next, as sentences; empty where it said nothing."""
    if not isinstance(answer, dict):
        return ""
    why = str(answer.get("why") or answer.get("error", "").replace("_", " "))
    place_in_json = r" - at `\$[^`]*`"
    why = re.sub(place_in_json, "", why).strip()
    if why and why[-1] not in ".!?":
        why += "."
    return f"{why[:1].upper()}{why[1:]} {answer.get('next', '')}".strip()


def _exit_code(status: int) -> ExitCode:
    return {
        404: ExitCode.NOT_FOUND,
        409: ExitCode.REJECTED,
        400: ExitCode.USAGE,
        403: ExitCode.LOCKED,
        423: ExitCode.LOCKED,
    }.get(status, ExitCode.FAILED)


def home_options(command: Any) -> Any:
    """Adds --home and --network to a command."""
    command = click.option("--home", help="Folder of the node (or POPNODE_HOME).")(command)
    return click.option(
        "--network",
        type=click.Choice(["main", "practice"]),
        envvar="POPNODE_NETWORK",
        default="practice",
        show_default=True,
        help="Which ledger.",
    )(command)


def client_of(home: str | None, network: str, timeout_s: float = TIMEOUT_S) -> Client:
    """A client for the node that the options name."""
    return Client(home_at(home, network), timeout_s, network)
