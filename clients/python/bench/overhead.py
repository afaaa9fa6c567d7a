"""What a call of `log_prediction` costs the program that calls it.

    python clients/python/bench/overhead.py [--calls 20000] [--rounds 15]

Against a server of this machine that accepts everything, in a process of its own. Blocks of calls alternate with blocks of
an empty function of the same parameters, so that what the machine does meanwhile hits both. Printed: processor time of the
calling thread and time on the clock (in which the sending thread takes its turns), the median of the rounds with the least
and the most; the processor time of the sending thread for each event; and how many calls took longer than 1 ms.
"""

from __future__ import annotations

import argparse
import http.server
import json
import multiprocessing
import os
import statistics
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Callable, List, Tuple

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import moola  # noqa: E402


class AcceptAll(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps({"accepted": 1, "refused": 0, "events": []}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def serve(address: Connection) -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), AcceptAll)
    address.send(server.server_address[1])
    server.serve_forever()


def nothing(
    model: str, *, version: str, input: str, class_: int, score: float, latency_ms: float, **more: Any
) -> None:
    pass


def microseconds(call: Callable[..., Any], calls: int, **more: Any) -> Tuple[float, float]:
    """A call, by processor time of this thread, and by the clock."""
    processor, clock = time.thread_time(), time.perf_counter()
    for _ in range(calls):
        call("churn", version="v7", input="user-4711", class_=1, score=0.93, latency_ms=12.5, **more)
    return (time.thread_time() - processor) / calls * 1e6, (time.perf_counter() - clock) / calls * 1e6


def report(name: str, rounds: List[Tuple[float, float]]) -> None:
    processor, clock = ([each[n] for each in rounds] for n in (0, 1))
    print(
        f"{name:<44} {statistics.median(processor):5.2f} µs ({min(processor):.2f} to {max(processor):.2f}), "
        f"by the clock {statistics.median(clock):.2f} µs"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000, help="in a block; the buffer holds as many")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()

    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    client = moola.Client(f"http://127.0.0.1:{ours.recv()}", capacity=2 * options.calls)
    features = {f"f{n}": n / 7 for n in range(10)}
    segments = {"country": "de"}

    empty: List[Tuple[float, float]] = []
    plain: List[Tuple[float, float]] = []
    rich: List[Tuple[float, float]] = []
    sending: List[float] = []
    for _ in range(options.rounds):
        empty.append(microseconds(nothing, options.calls))
        plain.append(microseconds(client.log_prediction, options.calls))
        before = time.process_time()
        assert client.flush(60)
        # The caller waits meanwhile: what the process does is what the thread does.
        sending.append((time.process_time() - before) / options.calls * 1e6)
        rich.append(microseconds(client.log_prediction, options.calls, features=features, segments=segments))
        assert client.flush(60)

    longest = []
    late = 0
    for n in range(options.calls):
        begin = time.perf_counter()
        client.log_prediction("churn", version="v7", input=f"user-{n}", class_=1, score=0.93, latency_ms=12.5)
        took = time.perf_counter() - begin
        longest.append(took)
        late += took > 0.001
        if n % 100 == 0:
            time.sleep(0.001)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {options.rounds} rounds of {options.calls} calls")
    report("an empty function of the same parameters", empty)
    report("log_prediction", plain)
    report("log_prediction, 10 features and a segment", rich)
    print(f"{'the sending thread, for each event':<44} {statistics.median(sending):5.2f} µs of processor time")
    print(f"{'calls that took longer than 1 ms':<44} {late} of {options.calls}; the longest {max(longest) * 1000:.2f} ms")
    assert client.stats.dropped == 0
    client.close()
    server.terminate()


if __name__ == "__main__":
    main()
