"""The buffer, and the one thread that empties it.

What the caller's thread does is one append to a deque and two comparisons: no lock is taken there, so that a signal handler, a
finaliser or a fork in the middle of it can neither block nor break anything.
"""

from __future__ import annotations

import atexit
import gzip
import itertools
import json
import logging
import os
import random
import sys
import threading
import time
import weakref
from collections import deque
from dataclasses import dataclass
from typing import Any, Callable, Deque, List, Optional, Tuple
from urllib.parse import urlencode

from ._events import Context, Event
from ._http import Connection, Failures
from ._judge import Answered, NotCompressed, Refused, Retry, TooLarge, Unreadable, Verdict, judge, takes_gzip
from ._report import OnRefused, Refusal, Stats
from ._values import ValueProblem

log = logging.getLogger("moola")

#: What makes an event, and from what: made into JSON by the background thread.
Item = Tuple[Callable[..., Event], Tuple[Any, ...]]

#: Bytes of a body, before which one more event is added.
FULL_BODY = 2**20
#: Events after which the thread lets others run: making JSON of 500 would hold the interpreter for milliseconds.
TURN = 16
#: Refused events of one kind that are logged one by one; then every thousandth.
LOGGED_REFUSALS = 10
#: Smaller bodies gain nothing by compression.
WORTH_COMPRESSING = 1400
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0


@dataclass(frozen=True)
class SenderSettings:
    """Bounds of the buffer and the thread."""

    capacity: int
    batch_size: int
    interval: float
    exit_timeout: float


class _Counter:
    """Counts from any thread without a lock; only reading takes one."""

    def __init__(self) -> None:
        self._count = itertools.count()
        self._reads = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        next(self._count)

    @property
    def value(self) -> int:
        with self._lock:
            found = next(self._count) - self._reads
            self._reads += 1
            return found


class _Flush:
    def __init__(self) -> None:
        self.done = threading.Event()
        #: The thread ended before everything was sent.
        self.failed = False
        #: Events that must have left the buffer; ``None`` until the thread has seen it.
        self.target: Optional[int] = None


@dataclass
class _Encoded:
    event: Event
    body: bytes


class Sender:
    """Takes events from any thread, and sends them from one of its own."""

    def __init__(
        self,
        connection: Connection,
        context: Context,
        settings: SenderSettings,
        environment: Optional[str],
        on_refused: Optional[OnRefused],
    ) -> None:
        self._connection = connection
        self._context = context
        self._settings = settings
        self._capacity = settings.capacity
        self._on_refused = on_refused
        self._path = "/v1/events?" + urlencode(
            {"answers": "refused", **({} if environment is None else {"environment": environment})}
        )
        self._begin()
        _senders.add(self)

    def _begin(self) -> None:
        """The state of a process that has sent nothing yet."""
        self._queue: Deque[Item] = deque()
        self._wake_at = 1
        self._thread: Optional[threading.Thread] = None
        self._starting = threading.Lock()
        # Held: nobody has called. Released by whoever has something for the thread.
        self._alarm = threading.Lock()
        self._alarm.acquire()
        self._flushes: Deque[_Flush] = deque()
        self._stop_at: Optional[float] = None
        self._taken = 0
        self._in_hand = 0
        self._accepted = 0
        self._refused = _Counter()
        self._dropped = _Counter()
        self._reported_drops = 0
        self._gzip = False
        self._gzip_refused = False
        self._problem = ""
        self._drops_told_at = 0.0
        self._ended = False
        # Unique among all processes, so that an event that is sent twice counts once.
        self._prefix = os.urandom(8).hex() + "-"
        self._numbers = itertools.count(1)

    # The caller's side.

    def put(self, make: Callable[..., Event], values: Tuple[Any, ...]) -> None:
        """Never blocks, never raises. The oldest event gives way where the buffer is full."""
        queue = self._queue
        queue.append((make, values))
        buffered = len(queue)
        if buffered >= self._wake_at:
            self._wake()
        if buffered > self._capacity:
            self._drop_oldest()

    def next_id(self) -> str:
        return f"{self._prefix}{next(self._numbers)}"

    @property
    def buffered(self) -> int:
        return len(self._queue)

    @property
    def capacity(self) -> int:
        return self._capacity

    def stats(self) -> Stats:
        return Stats(self._accepted, self._refused.value, self._dropped.value, len(self._queue) + self._in_hand)

    def flush(self, timeout: Optional[float]) -> bool:
        """Waits until everything that was put before has been taken or refused; false where time ends before."""
        if threading.current_thread() is self._thread:
            return False
        if self._ended or (self._thread is None and not self._queue):
            return not self._queue
        flush = _Flush()
        self._flushes.append(flush)
        self._wake()
        if self._ended:
            self._answer_flushes()
        return flush.done.wait(timeout) and not flush.failed

    def close(self, timeout: float) -> bool:
        """Sends what there is, for at most so many seconds, and ends the thread. What comes later is dropped."""
        lost = self._dropped.value
        self.end_soon(timeout)
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            # One request may be in the air when the time is over.
            thread.join(timeout + 0.1)
        if thread is None and not self._ended:
            self._end()
        left = len(self._queue) + self._in_hand
        if left > 0:
            log.warning("Moola: %d events were not sent before the end", left)
        return self._ended and left == 0 and self._dropped.value == lost

    def end_soon(self, timeout: float) -> None:
        """Like :meth:`close`, without waiting."""
        if self._stop_at is None:
            self._stop_at = time.monotonic() + timeout
        if self._queue or self._thread is not None:
            self._wake()

    def _drop_oldest(self) -> None:
        try:
            self._queue.popleft()
        except IndexError:
            return
        self._dropped.add()

    def _drop_all(self) -> None:
        while self._queue:
            self._drop_oldest()

    def _wake(self) -> None:
        if self._thread is None:
            self._start()
        try:
            self._alarm.release()
        except RuntimeError:
            pass  # it has been called already

    def _start(self) -> None:
        # Somebody else who is starting it is enough; to wait for them could block a signal handler.
        if not self._starting.acquire(blocking=False):
            return
        try:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="moola-sender", daemon=True)
                thread.start()
                self._thread = thread
                _end_with_multiprocessing(self)
        except RuntimeError as problem:  # no more threads, or the interpreter ends: the next event tries again
            log.debug("Moola: the sending thread cannot be started: %s", problem)
        finally:
            self._starting.release()

    def after_fork(self) -> None:
        """In the child: what was buffered is the parent's to send, and the thread is not there."""
        self._connection.forget()
        ended = self._ended
        self._begin()
        if ended:
            self._end()

    # The thread's side.

    def _run(self) -> None:
        while True:
            try:
                self._wait_for_events()
                self._mark_flushes()
                batch = self._take()
                if batch:
                    self._deliver(batch)
                self._report_drops()
            except Exception:
                log.exception("Moola: sending failed unexpectedly: %d events are lost", self._in_hand)
                for _ in range(self._in_hand):
                    self._dropped.add()
            self._in_hand = 0
            self._answer_flushes()
            if self._stop_at is not None and (not self._queue or time.monotonic() >= self._stop_at):
                break
        self._connection.close()
        self._end()

    def _end(self) -> None:
        """What is put from now on is dropped, and counted."""
        self._capacity = 0
        self._wake_at = sys.maxsize
        self._drop_all()
        self._ended = True
        self._answer_flushes()
        self._drops_told_at = 0.0
        self._report_drops()

    def _wait_for_events(self) -> None:
        self._wake_at = 1
        while not self._queue and not self._is_called():
            self._alarm.acquire()
        deadline = time.monotonic() + self._settings.interval
        self._wake_at = self._settings.batch_size
        while len(self._queue) < self._settings.batch_size and not self._is_called():
            left = deadline - time.monotonic()
            if left <= 0:
                break
            self._alarm.acquire(timeout=left)
        self._wake_at = sys.maxsize

    def _is_called(self) -> bool:
        return bool(self._flushes) or self._stop_at is not None

    def _mark_flushes(self) -> None:
        for flush in list(self._flushes):
            if flush.target is None:
                flush.target = self._taken + len(self._queue)

    def _answer_flushes(self) -> None:
        for flush in list(self._flushes):
            settled = flush.target is not None and (self._taken >= flush.target or not self._queue)
            if settled or self._ended:
                flush.failed = not settled
                flush.done.set()
                try:
                    self._flushes.remove(flush)
                except ValueError:
                    pass  # the one who flushed has seen that the thread has ended

    def _take(self) -> List[_Encoded]:
        """As many events as make a body, as JSON. What cannot be sent is refused here."""
        batch: List[_Encoded] = []
        size = 0
        while len(batch) < self._settings.batch_size and size < FULL_BODY:
            try:
                make, values = self._queue.popleft()
            except IndexError:
                break
            self._taken += 1
            self._in_hand += 1
            encoded = self._encode(make, values)
            if encoded is None:
                continue
            batch.append(encoded)
            size += len(encoded.body)
            if len(batch) % TURN == 0:
                time.sleep(0)
        return batch

    def _encode(self, make: Callable[..., Event], values: Tuple[Any, ...]) -> Optional[_Encoded]:
        event: Event = {}
        try:
            event = make(self._context, *values)
            return _Encoded(event, json.dumps(event, separators=(",", ":"), allow_nan=False).encode("ascii"))
        except ValueProblem as problem:
            refused = Refusal("invalid-field", problem.field, problem.detail, _seen(make, values))
        except Exception as problem:  # a class of somebody's own, whose methods fail
            refused = Refusal("invalid-field", "", f"cannot be sent: {type(problem).__name__}", _seen(make, values))
        self._in_hand -= 1
        self.refuse(refused)
        return None

    def _deliver(self, batch: List[_Encoded]) -> None:
        """Sends events until each was taken, refused, or given up."""
        waiting = [batch]
        tries = 0
        while waiting:
            events = waiting.pop()
            flushes = len(self._flushes)
            verdict = self._send(events)
            if isinstance(verdict, Answered):
                tries = 0
                self._settle(events, verdict.refused)
            elif isinstance(verdict, NotCompressed):
                self._gzip_refused = True
                waiting.append(events)
            elif isinstance(verdict, Unreadable):
                # To send it again would hold up everything behind it for ever.
                self._settle(events, tuple(Refused(n, "malformed", "", verdict.detail) for n in range(len(events))))
            elif isinstance(verdict, TooLarge):
                if len(events) == 1:
                    self.refuse(Refusal("too-large", "", verdict.detail, events[0].event))
                    self._in_hand -= 1
                    continue
                middle = len(events) // 2
                waiting += [events[middle:], events[:middle]]
            else:
                tries += 1
                self._tell_problem(verdict)
                if not self._wait_to_retry(verdict, tries, flushes):
                    self._give_up([*waiting, events])
                    return
                waiting.append(events)

    def _send(self, events: List[_Encoded]) -> Verdict:
        body = b"[" + b",".join(each.body for each in events) + b"]"
        headers = {"content-type": "application/json"}
        compressed = self._gzip and len(body) >= WORTH_COMPRESSING
        if compressed:
            body = gzip.compress(body, 1)
            headers["content-encoding"] = "gzip"
        try:
            response = self._connection.post(self._path, body, headers)
        except Failures as problem:
            return Retry(f"the server cannot be reached: {type(problem).__name__}: {problem}")
        self._gzip = takes_gzip(response.headers) and not self._gzip_refused
        return judge(response, compressed, time.time())

    def _settle(self, events: List[_Encoded], refused: Tuple[Refused, ...]) -> None:
        named = [each for each in refused if 0 <= each.index < len(events)]
        self._accepted += len(events) - len(named)
        self._in_hand -= len(events)
        for each in named:
            self.refuse(Refusal(each.reason, each.field, each.detail, events[each.index].event))
        if self._problem:
            log.warning("Moola: the server takes events again")
            self._problem = ""

    def _give_up(self, batches: List[List[_Encoded]]) -> None:
        for batch in batches:
            self._in_hand -= len(batch)
            for _ in batch:
                self._dropped.add()

    def _wait_to_retry(self, retry: Retry, tries: int, flushes: int) -> bool:
        """Whether to try again: no longer when the end has come.

        :param flushes: how many waited when the last try began; one that came later gets a try at once.
        """
        stopping = self._stop_at is not None
        if retry.after is not None:
            wait = retry.after
        elif stopping:
            wait = FIRST_WAIT
        elif retry.settings:
            wait = LONGEST_WAIT
        else:
            # Jitter: many processes that lost one server do not come back at once.
            wait = random.uniform(0.5, 1.0) * min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries - 1, 10))
        until = time.monotonic() + wait
        while True:
            self._report_drops()
            if self._stop_at is not None and (retry.settings or until > self._stop_at):
                # Whoever ends while we are patient of our own accord gets one more try at once.
                return not (stopping or retry.settings or retry.after is not None)
            left = until - time.monotonic()
            # Who asks to flush does not wait for our own patience, but for the server's.
            if left <= 0 or (retry.after is None and len(self._flushes) > flushes):
                return True
            self._alarm.acquire(timeout=left)

    def _tell_problem(self, retry: Retry) -> None:
        """Once for each kind of trouble, not once for each try."""
        if retry.detail == self._problem:
            return
        self._problem = retry.detail
        level = logging.ERROR if retry.settings else logging.WARNING
        what = "no event is taken until this is put right" if retry.settings else "events are kept and sent again"
        log.log(level, "Moola: %s; %s (the buffer holds %d)", retry.detail, what, self._capacity)

    def _report_drops(self) -> None:
        """Not once for each event: at the first, then once a minute, and at the end."""
        new = self._dropped.value - self._reported_drops
        now = time.monotonic()
        if new == 0 or (self._drops_told_at > 0 and now - self._drops_told_at < 60):
            return
        self._drops_told_at = now
        self._reported_drops += new
        log.warning("Moola: %d events were dropped: the buffer was full, or the end had come", new)

    def refuse(self, refusal: Refusal) -> None:
        """Reports an event that will not be taken."""
        self._refused.add()
        count = self._refused.value
        if count <= LOGGED_REFUSALS or count % 1000 == 0:
            last = "; further refusals: every thousandth is logged" if count == LOGGED_REFUSALS else ""
            log.warning("Moola: event refused: %s%s", refusal, last)
        if self._on_refused is None:
            return
        try:
            self._on_refused(refusal)
        except Exception:
            log.exception("Moola: on_refused failed")


def _seen(make: Callable[..., Event], values: Tuple[Any, ...]) -> Event:
    """An event that could not be made, for the one who looks for its mistake."""
    code = getattr(make, "__code__")  # noqa: B009
    names = code.co_varnames[1 : code.co_argcount]
    return {make.__name__: {name: value for name, value in zip(names, values) if value is not None}}


_senders: "weakref.WeakSet[Sender]" = weakref.WeakSet()


def _after_fork() -> None:
    for sender in list(_senders):
        sender.after_fork()


def _at_exit() -> None:
    """All clients together take no longer than the longest of their bounds."""
    senders = list(_senders)
    for sender in senders:
        sender.end_soon(sender._settings.exit_timeout)
    for sender in senders:
        stop_at = sender._stop_at
        sender.close(0.0 if stop_at is None else max(0.0, stop_at - time.monotonic()))


def _end_with_multiprocessing(sender: Sender) -> None:
    """A forked process of multiprocessing ends without `atexit`: it has a way of its own."""
    process = sys.modules.get("multiprocessing.process")
    if process is None or process.parent_process() is None:
        return
    from multiprocessing.util import Finalize

    Finalize(None, sender.close, args=(sender._settings.exit_timeout,), exitpriority=1)


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
