"""Settings come from arguments, else from the environment; what is wrong is said at once."""

from __future__ import annotations

import ast
import re
from datetime import timezone
from pathlib import Path
from typing import Any, Dict

import pytest
from conftest import MakeClient
from peer import LONG, Peer

import moola


def test_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer() as peer:
        monkeypatch.setenv("MOOLA_URL", peer.url + "/moola/")
        monkeypatch.setenv("MOOLA_TOKEN", " t0ken\n")
        monkeypatch.setenv("MOOLA_ENVIRONMENT", "staging")
        monkeypatch.setenv("MOOLA_SOURCE", "shop")
        with moola.Client() as client:
            client.log_outcome("churn", input="i", truth=1)
            assert client.flush(LONG)
        assert peer.requests[0].path == "/moola/v1/events?answers=refused&environment=staging"
        assert peer.requests[0].headers["authorization"] == "Bearer t0ken"
        assert peer.events[0]["source"] == "shop"


def test_arguments_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOOLA_URL", "MOOLA_TOKEN", "MOOLA_ENVIRONMENT", "MOOLA_SOURCE"):
        monkeypatch.setenv(name, "other")
    with Peer() as peer, moola.Client(peer.url, token="mine", environment="live", source="me") as client:
        client.log_outcome("churn", input="i", truth=1)
        assert client.flush(LONG)
        assert "environment=live" in peer.requests[0].path
        assert peer.requests[0].headers["authorization"] == "Bearer mine"
        assert peer.events[0]["source"] == "me"


def test_without_any_it_is_a_server_of_this_machine(make_client: MakeClient) -> None:
    client = moola.Client()
    assert client._address.url == "http://localhost:8080"
    assert (client._token, client._environment) == (None, None)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"url": "moola.example.com"}, 'url is \'moola.example.com\': expected an address such as "https://'),
        ({"url": "ftp://moola.example.com"}, "expected an address"),
        ({"url": "http://user:secret@moola.example.com"}, "holds more than an address"),
        ({"url": "http://moola.example.com?a=1"}, "holds more than an address"),
        ({"url": "http://moola.example.com:port"}, "url is no address"),
        ({"url": ""}, "expected an address"),
        ({"token": "a\nb"}, "token holds characters that no token has"),
        ({"naive_times": "Europe/Bärlin"}, "naive_times is 'Europe/Bärlin': expected a zone"),
        ({"capacity": 0}, "capacity is 0: expected a number above 0"),
        ({"batch_size": -1}, "batch_size is -1"),
        ({"flush_interval": 0}, "flush_interval is 0"),
        ({"timeout": "soon"}, "timeout is 'soon'"),
    ],
)
def test_what_is_wrong_is_said_at_once(settings: Dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as problem:
        moola.Client(**settings)
    assert "secret" not in str(problem.value)


def test_zones() -> None:
    assert moola.Client(naive_times="utc")._context.naive is timezone.utc
    assert str(moola.Client(naive_times="Europe/Berlin")._context.naive) == "Europe/Berlin"


def test_the_sources_are_of_the_oldest_python_that_is_promised() -> None:
    sources = list((Path(__file__).parents[2] / "src/moola").glob("*.py"))
    assert len(sources) > 10
    for source in sources:
        ast.parse(source.read_text(encoding="utf-8"), feature_version=(3, 9))
