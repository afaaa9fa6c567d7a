"""A server that misbehaves on demand: what the client meets when things go wrong."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Type

#: Long enough for a busy machine; reached only where a test fails.
LONG = 60.0

Json = Dict[str, Any]


class Request(NamedTuple):
    path: str
    headers: Mapping[str, str]
    #: As JSON; ``None`` where it is none.
    body: Any


Behaviour = Callable[["Handler", Request], None]


class Peer:
    """Answers as its script says, request by request, and with ``then`` when that has ended."""

    def __init__(self, *script: Behaviour, then: Optional[Behaviour] = None) -> None:
        self.script = list(script)
        self.then = then or accept
        self.requests: List[Request] = []
        #: Hanging answers go on when it is set.
        self.released = threading.Event()
        self._heard = threading.Condition()
        handler = type("PeerHandler", (Handler,), {"peer": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def next(self, request: Request) -> Behaviour:
        with self._heard:
            self.requests.append(request)
            self._heard.notify_all()
            return self.script.pop(0) if self.script else self.then

    def wait_for(self, count: int) -> List[Request]:
        """The requests, as soon as there are so many."""
        with self._heard:
            assert self._heard.wait_for(lambda: len(self.requests) >= count, LONG), f"{len(self.requests)} of {count}"
            return list(self.requests)

    @property
    def events(self) -> List[Json]:
        """Of all requests, repetitions included."""
        return [event for request in self.requests for event in request.body]

    def __enter__(self) -> Peer:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Many processes may come at once.
    request_queue_size = 128


class Handler(BaseHTTPRequestHandler):
    peer: Peer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            if self.headers.get("content-encoding") == "gzip":
                raw = gzip.decompress(raw)
            body = json.loads(raw)
        except ValueError:
            body = None
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.path, headers, body)
        self.peer.next(request)(self, request)

    def answer(self, status: int, body: Any, headers: Optional[Mapping[str, str]] = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def accept(handler: Handler, request: Request) -> None:
    handler.answer(200, {"accepted": len(request.body), "refused": 0, "events": []})


def accept_with(headers: Mapping[str, str]) -> Behaviour:
    return lambda handler, request: handler.answer(200, {"accepted": 1, "refused": 0, "events": []}, headers)


def refuse(*indexes: int) -> Behaviour:
    """Refuses these events of a body."""

    def behave(handler: Handler, request: Request) -> None:
        refused = [
            {"index": index, "accepted": False, "reason": "invalid-field", "field": "prediction.latencyMs",
             "detail": "is -1: it must be from 0 to 86,400,000 milliseconds (one day)"}
            for index in indexes
        ]  # fmt: skip
        taken = len(request.body) - len(refused)
        handler.answer(207 if taken else 400, {"accepted": taken, "refused": len(refused), "events": refused})

    return behave


def status(code: int, message: str = "", headers: Optional[Mapping[str, str]] = None) -> Behaviour:
    body = {"statusCode": code, "error": "it says so", "message": message}
    return lambda handler, request: handler.answer(code, body, headers)


def text(code: int, content: bytes) -> Behaviour:
    """What somebody else's server says."""
    return lambda handler, request: handler.answer(code, content)


def hang(handler: Handler, request: Request) -> None:
    handler.peer.released.wait(LONG)
    handler.close_connection = True


def reset(handler: Handler, request: Request) -> None:
    """The connection is reset, not closed."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def close_unanswered(handler: Handler, request: Request) -> None:
    handler.close_connection = True


def close_after(handler: Handler, request: Request) -> None:
    """Answers, and closes the connection without a word of it, as a server does with one that is idle."""
    accept(handler, request)
    handler.close_connection = True


def drip(handler: Handler, request: Request) -> None:
    """A byte now and then, for ever: no single read takes long."""
    try:
        for byte in b"HTTP/1.1 200 OK\r\nx: " + b"y" * 10_000:
            if handler.peer.released.is_set():
                break
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        pass
    handler.close_connection = True


def break_off(handler: Handler, request: Request) -> None:
    """Half a body."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
    handler.close_connection = True


def nonsense(handler: Handler, request: Request) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    handler.close_connection = True


def at_most(count: int) -> Behaviour:
    """Takes bodies of so many events."""

    def behave(handler: Handler, request: Request) -> None:
        if len(request.body) <= count:
            accept(handler, request)
        else:
            status(413, "the body is too large: send smaller batches")(handler, request)

    return behave
