from __future__ import annotations

from typing import Any, Callable, Iterator, List

import pytest

import moola
from moola import _sender

MakeClient = Callable[..., moola.Client]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOOLA_URL", "MOOLA_TOKEN", "MOOLA_ENVIRONMENT", "MOOLA_SOURCE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make_client(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeClient]:
    """Clients that lose patience soon, closed at the end."""
    monkeypatch.setattr(_sender, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(_sender, "LONGEST_WAIT", 0.05)
    clients: List[moola.Client] = []

    def make(url: str, **settings: Any) -> moola.Client:
        client = moola.Client(url, **{"flush_interval": 0.01, "exit_timeout": 1.0, **settings})
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close(0.5)
