"""One request to the server: on a connection that stays open, within a bound of time whatever the server does."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional

from ._settings import Address

# What looking up a host would import only then, in the background thread: a process that is forked in the middle of an import
# waits for ever for the thread that began it.
"localhost".encode("idna")

#: Bytes of a response that are read at most; the server's are far smaller.
MOST_BYTES = 16 * 2**20

#: What can go wrong on the way; ``HTTPException`` is a peer that does not speak HTTP.
Failures = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Response:
    """What the server sent back; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """Keeps one connection open between requests. Used by one thread."""

    def __init__(self, address: Address, token: Optional[str], timeout: float) -> None:
        self._address = address
        self._timeout = timeout
        self._headers = {"user-agent": "moola-python", "accept": "application/json"}
        if token is not None:
            self._headers["authorization"] = f"Bearer {token}"
        self._open: Optional[_Http] = None

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Sends a body and reads the response, in ``timeout`` seconds altogether.

        :raises OSError, http.client.HTTPException: no whole response came.
        """
        deadline = time.monotonic() + self._timeout
        reused = self._open is not None
        try:
            return self._exchange(path, body, headers, deadline)
        except (ConnectionError, http.client.RemoteDisconnected):
            self.close()
            if not reused:
                raise
        except BaseException:
            self.close()
            raise
        # The server has closed a connection that was idle: that says nothing of this request.
        try:
            return self._exchange(path, body, headers, deadline)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the connection; the next request opens another one."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def forget(self) -> None:
        """After a fork: the connection is the parent's."""
        self._open = None

    def _exchange(self, path: str, body: bytes, headers: Mapping[str, str], deadline: float) -> Response:
        connection = self._open
        if connection is None:
            connection = self._open = self._connect()
        connection.deadline = deadline
        if connection.sock is None:
            connection.timeout = _left(deadline)
            connection.connect()
        assert connection.sock is not None
        connection.sock.settimeout(_left(deadline))
        all_headers: Dict[str, str] = {**self._headers, **headers}
        connection.request("POST", self._address.prefix + path, body, all_headers)
        response = connection.getresponse()
        content = response.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise http.client.HTTPException(f"the response is larger than {MOST_BYTES} bytes")
        found = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return Response(response.status, found, content)

    def _connect(self) -> _Http:
        host, port = self._address.host, self._address.port
        if self._address.secure:
            return _Https(host, port, context=ssl.create_default_context())
        return _Http(host, port)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise socket.timeout("the server did not answer in time")
    return left


class _Response(http.client.HTTPResponse):
    """Reads no longer than until the deadline, even where the server sends a byte now and then."""

    def __init__(self, sock: socket.socket, deadline: float, method: Optional[str]) -> None:
        super().__init__(sock, method=method)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_Until(sock, raw, deadline))


class _Until(io.RawIOBase):
    def __init__(self, sock: socket.socket, raw: Any, deadline: float) -> None:
        self._sock = sock
        self._raw = raw
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Optional[int]:
        self._sock.settimeout(_left(self._deadline))
        count: Optional[int] = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Http(http.client.HTTPConnection):
    deadline: float = 0.0

    def response_class(self, sock: Any, *, method: Optional[str] = None, **_: Any) -> _Response:  # type: ignore[override]
        return _Response(sock, self.deadline, method)


class _Https(http.client.HTTPSConnection, _Http):
    pass
