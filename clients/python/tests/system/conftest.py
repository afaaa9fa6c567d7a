from __future__ import annotations

from typing import Iterator

import pytest
from moola_server import Moola


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moola]:
    server = Moola(tmp_path_factory.mktemp("data"))
    yield server
    server.stop()
