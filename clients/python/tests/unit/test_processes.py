"""Forks, and the end of a process: each story is a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import List

import pytest
from peer import LONG, Behaviour, Peer, hang, reset, status

SOURCE = Path(__file__).parents[2] / "src"


def run(program: str, url: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PYTHONPATH": str(SOURCE), "MOOLA_URL": url}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], env=env, capture_output=True, text=True, timeout=2 * LONG
    )


def inputs(peer: Peer) -> List[str]:
    return sorted(event["prediction"]["input"] for event in peer.events)


LOG = """
import os, sys, time
import moola
client = moola.Client(flush_interval=60, exit_timeout=float(os.environ.get("EXIT", "30")))
def log(name):
    client.log_prediction("churn", version="v7", input=name, class_=1)
"""


def test_what_is_left_is_sent_at_the_end() -> None:
    with Peer() as peer:
        done = run(LOG + "log('a'); log('b')", peer.url)
        assert (done.returncode, done.stderr) == (0, "")
        assert inputs(peer) == ["a", "b"]


def test_and_after_an_exception() -> None:
    with Peer() as peer:
        done = run(LOG + "log('a'); raise RuntimeError('the program fails')", peer.url)
        assert done.returncode == 1
        assert inputs(peer) == ["a"]


@pytest.mark.parametrize("trouble", [hang, status(503), status(401)])
def test_a_server_in_trouble_holds_up_the_end_no_longer_than_allowed(
    trouble: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXIT", "0.5")
    with Peer(then=trouble) as peer:
        begin = time.monotonic()
        done = run(LOG + "log('a')", peer.url)
        assert time.monotonic() - begin < LONG / 2
        assert done.returncode == 0
        assert "1 events were" in done.stderr and "Traceback" not in done.stderr


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


@needs_fork
def test_a_forked_process_sends_its_own_events_and_not_its_parent_s() -> None:
    program = """
log("parent-before")
for child in ("one", "two"):
    if os.fork() == 0:
        log(child)
        assert client.stats.buffered == 1, client.stats
        sys.exit(0)
while True:
    try:
        assert os.wait()[1] == 0
    except ChildProcessError:
        break
log("parent-after")
"""
    with Peer() as peer:
        done = run(LOG + program, peer.url)
        assert (done.returncode, done.stderr) == (0, "")
        assert inputs(peer) == ["one", "parent-after", "parent-before", "two"]
        assert len({event["id"] for event in peer.events}) == 4


@needs_fork
def test_a_fork_while_other_threads_log_and_send_blocks_nobody() -> None:
    program = """
import threading
client = moola.Client(flush_interval=0.001, capacity=500)
stop = threading.Event()
def busy():
    while not stop.is_set():
        log("busy")
threads = [threading.Thread(target=busy) for _ in range(3)]
for thread in threads:
    thread.start()
children = []
for n in range(20):
    child = os.fork()
    if child == 0:
        log(f"child-{n}")
        os._exit(0 if client.flush(50) else 3)
    children.append(child)
stop.set()
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
assert codes == [0] * 20, codes
"""
    with Peer() as peer:
        done = run(LOG + program, peer.url)
        # Of the parent's many some are dropped, and that is logged.
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
        sent = {name for name in inputs(peer) if name != "busy"}
        assert sent == {f"child-{n}" for n in range(20)}


def test_the_background_thread_imports_nothing() -> None:
    """A process that is forked while a thread imports a module can never import that module."""
    program = """
before = set(sys.modules)
log("a")
client.log_prediction("churn", version="v7", class_=1, error=ValueError("x"), segments={"a": 1}, features={"b": 1.5})
client.log_prediction("churn", version="v7", class_=0.5)
client.log_outcome("churn", input="i", truth=1)
client.log_deployment("churn", version="v7")
client.log_infrastructure("churn")
with client.training("churn", job="j") as job:
    job.step(loss=1.0)
assert client.flush(50)
print(sorted(set(sys.modules) - before))
"""
    with Peer(status(503, "", {"retry-after": "Sat, 31 Jan 2026 12:00:00 GMT"}), reset) as peer:
        done = run(LOG + program, peer.url)
        assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


@needs_fork
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_process_of_multiprocessing_sends_what_is_left_at_its_end(method: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        LOG
        + f"""
import multiprocessing
if __name__ == "__main__":
    log("parent")
    context = multiprocessing.get_context("{method}")
    processes = [context.Process(target=log, args=(f"child-{{n}}",)) for n in range(2)]
    for process in processes: process.start()
    for process in processes: process.join()
    assert [process.exitcode for process in processes] == [0, 0]
"""
    )
    with Peer() as peer:
        env = {**os.environ, "PYTHONPATH": str(SOURCE), "MOOLA_URL": peer.url}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(program)], env=env, capture_output=True, text=True, timeout=2 * LONG
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert inputs(peer) == ["child-0", "child-1", "parent"]


def test_a_signal_in_the_middle_of_a_call_blocks_nothing() -> None:
    program = """
import signal
seen = 0
def handler(number, frame):
    global seen
    seen += 1
    log(f"signal-{seen}")
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0005)
until = time.monotonic() + 60
while seen < 200 and time.monotonic() < until:
    log("loop")
signal.setitimer(signal.ITIMER_REAL, 0)
assert seen >= 200
signal.raise_signal(signal.SIGALRM)
last = f"signal-{seen}"
assert client.flush(50)
print(last)
"""
    with Peer() as peer:
        done = run(LOG.replace("flush_interval=60", "flush_interval=0.001, batch_size=50, capacity=500") + program, peer.url)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False)
        assert done.stdout.strip() in inputs(peer)
