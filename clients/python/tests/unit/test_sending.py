"""Events reach a server that misbehaves, once each, and the caller notices nothing."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Callable, List

import pytest
from conftest import MakeClient
from peer import (
    LONG,
    Behaviour,
    Peer,
    accept,
    accept_with,
    at_most,
    break_off,
    close_after,
    close_unanswered,
    drip,
    hang,
    nonsense,
    refuse,
    reset,
    status,
    text,
)

import moola
from moola import _judge, _sender


def log(client: moola.Client, count: int = 1, begin: int = 0) -> None:
    for n in range(begin, begin + count):
        client.log_prediction("churn", version="v7", input=f"user-{n}", class_=1, latency_ms=12)


def inputs(peer: Peer) -> List[str]:
    return [event["prediction"]["input"] for event in peer.events]


def test_samples_of_the_infrastructure(make_client: MakeClient) -> None:
    refused: List[Any] = []
    with Peer() as peer:
        client = make_client(peer.url, on_refused=refused.append)
        client.log_infrastructure(
            "churn",
            instance="pod-7",
            cpu_ratio=0.42,
            memory_bytes=3e9,
            memory_limit_bytes=4e9,
            memory_ratio=0.75,
            gpu_ratio=0.9,
            gpu_memory_ratio=0.7,
            disk_ratio=0.55,
            network_bytes_per_second=120_000,
            time=1769860800,
        )
        client.log_infrastructure("churn", instance="pod-7", gpu_ratio=float("nan"), disk_ratio=0.5)
        client.log_infrastructure("churn", gpu_memory_ratio="70 %")  # type: ignore[arg-type]
        assert client.flush(LONG)
        full, sparse = (event["infrastructureSample"] for event in peer.events)
        assert full == {
            "model": "churn",
            "instance": "pod-7",
            "time": "2026-01-31T12:00:00.000Z",
            "cpuRatio": 0.42,
            "memoryBytes": 3e9,
            "memoryLimitBytes": 4e9,
            "memoryRatio": 0.75,
            "gpuRatio": 0.9,
            "gpuMemoryRatio": 0.7,
            "diskRatio": 0.55,
            "networkBytesPerSecond": 120_000,
        }
        assert sparse.keys() == {"model", "instance", "time", "diskRatio"}
        assert [refusal.field for refusal in refused] == ["infrastructureSample.gpuMemoryRatio"]


def test_measurements(make_client: MakeClient) -> None:
    refused: List[Any] = []
    with Peer() as peer:
        client = make_client(peer.url, on_refused=refused.append)
        client.log_measurement(
            "churn", name="revenue", value=-129.5, unit="USD", time=1769860800, version="v7", subject=17
        )
        client.log_measurement("churn", name="revenue", value=float("nan"))
        client.log_measurement("churn", name="", value=1)
        client.log_measurement("churn", name="revenue", value="12 USD")  # type: ignore[arg-type]
        assert client.flush(LONG)
        (sent,) = (event["measurement"] for event in peer.events)
        assert sent == {
            "model": "churn",
            "name": "revenue",
            "time": "2026-01-31T12:00:00.000Z",
            "value": -129.5,
            "unit": "USD",
            "version": "v7",
            "subject": "17",
        }
        fields = [refusal.field for refusal in refused]
        assert fields == ["measurement.value", "measurement.name", "measurement.value"]


def test_every_kind_of_event(make_client: MakeClient) -> None:
    with Peer() as peer:
        client = make_client(peer.url, token="t0ken", source="shop", environment="live")
        made_up = client.log_prediction("churn", version="v7", class_="1")
        assert client.log_prediction("churn", version="v7", input=7, value=0.5) == "7"
        client.log_outcome("churn", input=made_up, truth=True, revision=2)
        client.log_deployment("churn", version="v8", by="maria", weight=0.5)
        client.log_infrastructure("churn", cpu_ratio=0.5, memory_bytes=2**30)
        assert client.flush(LONG)
        first = peer.requests[0]
        assert first.path == "/v1/events?answers=refused&environment=live"
        assert first.headers["authorization"] == "Bearer t0ken"
        assert first.headers["content-type"] == "application/json"
        kinds = [next(key for key in event if key not in ("id", "source")) for event in peer.events]
        assert kinds == ["prediction", "prediction", "outcome", "deployment", "infrastructureSample"]
        assert {event["source"] for event in peer.events} == {"shop"}
        assert len({event["id"] for event in peer.events}) == 5
        outcome, deployment, sample = (peer.events[n][kinds[n]] for n in (2, 3, 4))
        assert (outcome["input"], outcome["truth"], outcome["revision"]) == (made_up, "1", 2)
        assert (deployment["role"], deployment["by"], deployment["weight"]) == ("primary", "maria", 0.5)
        assert sample["instance"] and sample["memoryBytes"] == 2**30
        assert client.stats == moola.Stats(accepted=5, refused=0, dropped=0, buffered=0)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(status(503, "Kafka cannot be reached", {"retry-after": "0"}), id="503"),
        pytest.param(status(429), id="429"),
        pytest.param(status(507, "no space left"), id="507"),
        pytest.param(status(500), id="500"),
        pytest.param(status(401, "the token is missing"), id="401"),
        pytest.param(status(302), id="302"),
        pytest.param(text(200, b"<html>Sign in</html>"), id="another's page"),
        pytest.param(reset, id="reset"),
        pytest.param(close_unanswered, id="closed"),
        pytest.param(break_off, id="broken off"),
        pytest.param(nonsense, id="no HTTP"),
        pytest.param(hang, id="hangs"),
        pytest.param(drip, id="a byte now and then"),
    ],
)
def test_a_try_that_failed_is_repeated_with_the_same_ids(make_client: MakeClient, trouble: Behaviour) -> None:
    with Peer(trouble, trouble) as peer:
        client = make_client(peer.url, timeout=0.3)
        log(client, 3)
        assert client.flush(LONG)
        tries = [[event["id"] for event in request.body] for request in peer.requests]
        # A connection that was kept open may be tried once more at once.
        assert len(tries) >= 3
        assert all(ids == tries[0] for ids in tries)
        assert client.stats == moola.Stats(accepted=3, refused=0, dropped=0, buffered=0)


def test_the_server_says_when_to_come_again(make_client: MakeClient) -> None:
    with Peer(status(503, "wait", {"retry-after": "1"})) as peer:
        client = make_client(peer.url)
        begin = time.monotonic()
        log(client)
        peer.wait_for(1)
        assert client.flush(LONG)
        assert time.monotonic() - begin >= 1.0
        assert len(peer.requests) == 2


def test_a_connection_that_was_closed_while_idle_is_no_trouble(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    with Peer(close_after, close_after) as peer:
        client = make_client(peer.url)
        for n in range(3):
            log(client, 1, n)
            assert client.flush(LONG)
        assert inputs(peer) == ["user-0", "user-1", "user-2"]
        assert caplog.records == []


def test_a_body_that_is_too_large_is_split(make_client: MakeClient) -> None:
    with Peer(then=at_most(3)) as peer:
        client = make_client(peer.url, flush_interval=LONG)
        log(client, 10)
        assert client.flush(LONG)
        taken = [event for request in peer.requests if len(request.body) <= 3 for event in request.body]
        assert [event["prediction"]["input"] for event in taken] == [f"user-{n}" for n in range(10)]
        assert client.stats.accepted == 10


def test_an_event_that_is_too_large_by_itself_is_refused(make_client: MakeClient) -> None:
    refusals: List[moola.Refusal] = []
    with Peer(then=at_most(0)) as peer:
        client = make_client(peer.url, on_refused=refusals.append)
        log(client, 2)
        assert client.flush(LONG)
        assert [(each.reason, each.event["prediction"]["input"]) for each in refusals] == [
            ("too-large", "user-0"),
            ("too-large", "user-1"),
        ]
        assert client.stats == moola.Stats(accepted=0, refused=2, dropped=0, buffered=0)


def test_refused_events_are_reported_with_the_server_s_reason(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    refusals: List[moola.Refusal] = []
    with Peer(refuse(1), refuse(0)) as peer:
        client = make_client(peer.url, on_refused=refusals.append, flush_interval=LONG)
        log(client, 3)
        assert client.flush(LONG)
        log(client, 1, 3)
        assert client.flush(LONG)
        assert [(each.reason, each.field, each.event["prediction"]["input"]) for each in refusals] == [
            ("invalid-field", "prediction.latencyMs", "user-1"),
            ("invalid-field", "prediction.latencyMs", "user-3"),
        ]
        assert "is -1: it must be from 0 to 86,400,000 milliseconds" in caplog.text
        assert client.stats == moola.Stats(accepted=2, refused=2, dropped=0, buffered=0)
        assert len(peer.requests) == 2


def test_what_cannot_be_sent_is_reported_and_holds_up_nothing(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    class Strange:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("of somebody's own")

    refusals: List[moola.Refusal] = []

    def failing(refusal: moola.Refusal) -> None:
        refusals.append(refusal)
        raise RuntimeError("the callback fails")

    with Peer() as peer:
        client = make_client(peer.url, on_refused=failing)
        client.log_prediction("churn", version="v7", input="i", class_=0.5)
        client.log_prediction("churn", version="v7", input=None, segments="de")  # type: ignore[arg-type]
        client.log_prediction("churn", version="v7", input=Strange())
        client.log_prediction("churn", version="v7", input="i", latency_ms=10**5000)
        client.log_outcome("churn", input="i")
        log(client)
        assert client.flush(LONG)
        assert [each.field for each in refusals] == [
            "prediction.class",
            "prediction.segments",
            "",
            "",
            "outcome.truth",
        ]
        assert inputs(peer) == ["user-0"]
        assert "on_refused failed" in caplog.text
        assert client.stats == moola.Stats(accepted=1, refused=5, dropped=0, buffered=0)


def test_the_caller_s_dicts_are_copied(make_client: MakeClient) -> None:
    with Peer() as peer:
        client = make_client(peer.url, flush_interval=LONG)
        segments, features = {"country": "de"}, {"age": 1.0}
        client.log_prediction("churn", version="v7", class_=1, segments=segments, features=features)
        segments["country"], features["age"] = "fr", 2.0
        assert client.flush(LONG)
        prediction = peer.events[0]["prediction"]
        assert (prediction["segments"], prediction["features"]) == ({"country": "de"}, {"age": 1.0})


def test_a_body_that_nobody_can_read_holds_up_nothing(make_client: MakeClient) -> None:
    with Peer(status(400, "the body is no JSON: column 1")) as peer:
        client = make_client(peer.url)
        log(client)
        assert client.flush(LONG)
        log(client, 1, 1)
        assert client.flush(LONG)
        assert client.stats == moola.Stats(accepted=1, refused=1, dropped=0, buffered=0)


def test_the_oldest_are_dropped_counted_and_logged_once(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    with Peer(hang) as peer:
        client = make_client(peer.url, capacity=50, batch_size=10, timeout=LONG)
        log(client, 10)
        peer.wait_for(1)
        log(client, 1_000, 10)
        assert client.stats == moola.Stats(accepted=0, refused=0, dropped=950, buffered=60)
        peer.released.set()
        assert client.flush(LONG)
        assert sorted(set(inputs(peer)), key=lambda each: int(each[5:])) == [
            *(f"user-{n}" for n in range(10)),
            *(f"user-{n}" for n in range(960, 1010)),
        ]
        assert client.stats == moola.Stats(accepted=60, refused=0, dropped=950, buffered=0)
        dropped = [record.getMessage() for record in caplog.records if "dropped" in record.getMessage()]
        assert dropped == ["Moola: 950 events were dropped: the buffer was full, or the end had come"]


def test_many_threads_lose_nothing(make_client: MakeClient) -> None:
    threads, each = 8, 500
    with Peer() as peer:
        client = make_client(peer.url, batch_size=100)
        workers = [threading.Thread(target=log, args=(client, each, n * each)) for n in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert client.flush(LONG)
        assert sorted(inputs(peer)) == sorted(f"user-{n}" for n in range(threads * each))
        assert len({event["id"] for event in peer.events}) == threads * each
        assert client.stats.accepted == threads * each


def test_trouble_is_logged_once_and_its_end(make_client: MakeClient, caplog: pytest.LogCaptureFixture) -> None:
    with Peer(*[status(503, "Kafka cannot be reached")] * 5) as peer:
        client = make_client(peer.url)
        log(client)
        assert client.flush(LONG)
        assert [record.getMessage() for record in caplog.records] == [
            "Moola: the server answered 503: Kafka cannot be reached; events are kept and sent again (the buffer holds 20000)",
            "Moola: the server takes events again",
        ]


def test_a_wrong_token_is_an_error_and_events_are_kept(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    with Peer(status(401, "its token has ended")) as peer:
        client = make_client(peer.url)
        log(client)
        peer.wait_for(2)
        assert client.flush(LONG)
        assert caplog.records[0].levelno == logging.ERROR
        assert "its token has ended; no event is taken until this is put right" in caplog.records[0].getMessage()
        assert client.stats.accepted == 1


def test_compression_is_used_once_the_server_says_that_it_takes_it(make_client: MakeClient) -> None:
    with Peer(then=accept_with({"accept-encoding": "gzip"})) as peer:
        client = make_client(peer.url)
        for begin in (0, 50):
            log(client, 50, begin)
            assert client.flush(LONG)
        assert peer.requests[0].headers.get("content-encoding") is None
        assert peer.requests[-1].headers.get("content-encoding") == "gzip"
        assert inputs(peer) == [f"user-{n}" for n in range(100)]


def test_compression_ends_for_good_where_it_is_not_taken_after_all(make_client: MakeClient) -> None:
    offer = accept_with({"accept-encoding": "gzip"})
    with Peer(offer, status(415), then=offer) as peer:
        client = make_client(peer.url, flush_interval=LONG)
        for begin in (0, 50, 100):
            log(client, 50, begin)
            assert client.flush(LONG)
        encodings = [request.headers.get("content-encoding") for request in peer.requests]
        assert encodings == [None, "gzip", None, None]
        assert client.stats.accepted == 150


def test_an_event_is_sent_without_anybody_asking_after_idle_times_too(make_client: MakeClient) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        for n in range(20):
            log(client, 1, n)
            peer.wait_for(n + 1)
        assert inputs(peer) == [f"user-{n}" for n in range(20)]


def test_a_full_batch_does_not_wait_for_the_interval(make_client: MakeClient) -> None:
    with Peer() as peer:
        client = make_client(peer.url, flush_interval=10 * LONG, batch_size=10)
        for n in range(3):
            log(client, 10, 10 * n)
            peer.wait_for(n + 1)


def test_flush_waits_for_what_was_logged_before(make_client: MakeClient) -> None:
    with Peer(hang) as peer:
        client = make_client(peer.url, timeout=LONG)
        assert client.flush(0.0)  # nothing was logged
        log(client)
        peer.wait_for(1)
        assert not client.flush(0.05)
        peer.released.set()
        assert client.flush(LONG)
        assert client.stats.accepted == 1


def test_flush_does_not_wait_for_the_client_s_own_patience(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Peer(status(503)) as peer:
        client = make_client(peer.url)
        monkeypatch.setattr(_sender, "FIRST_WAIT", LONG)
        monkeypatch.setattr(_sender, "LONGEST_WAIT", LONG)
        log(client)
        peer.wait_for(1)
        begin = time.monotonic()
        assert client.flush(LONG)
        assert time.monotonic() - begin < LONG / 2


def test_flush_in_the_background_thread_does_not_wait_for_itself(make_client: MakeClient) -> None:
    answers: List[bool] = []
    with Peer(refuse(0)) as peer:

        def flush(refusal: moola.Refusal) -> None:
            answers.append(client.flush(LONG))

        client: moola.Client = make_client(peer.url, on_refused=flush)
        log(client)
        assert client.flush(LONG)
        assert answers == [False]


def test_closing_sends_what_is_left_and_drops_what_comes_later(make_client: MakeClient) -> None:
    with Peer() as peer:
        with make_client(peer.url, flush_interval=LONG) as client:
            log(client, 3)
        assert inputs(peer) == ["user-0", "user-1", "user-2"]
        log(client, 2)
        assert client.stats == moola.Stats(accepted=3, refused=0, dropped=2, buffered=0)
        assert not any(thread.name == "moola-sender" and thread.is_alive() for thread in threading.enumerate())
        assert client.flush(0.0) and client.close()


def test_closing_a_client_that_has_sent_nothing(make_client: MakeClient) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        assert client.close()
        log(client)
        assert client.stats == moola.Stats(accepted=0, refused=0, dropped=1, buffered=0)
        assert peer.requests == []


@pytest.mark.parametrize("trouble", [status(503), status(401), status(503, "", {"retry-after": "100"}), reset, hang, drip])
def test_closing_is_bounded_and_counts_what_was_not_sent(make_client: MakeClient, trouble: Behaviour) -> None:
    with Peer(then=trouble) as peer:
        client = make_client(peer.url, timeout=LONG)
        log(client, 3)
        peer.wait_for(1)
        begin = time.monotonic()
        assert not client.close(0.2)
        # Generous: it says that it ends, not how fast this machine is.
        assert time.monotonic() - begin < LONG / 2
        stats = client.stats
        assert (stats.accepted, stats.dropped + stats.buffered) == (0, 3)


def test_a_client_that_nobody_holds_sends_what_it_has_and_ends(make_client: MakeClient) -> None:
    with Peer() as peer:
        client = moola.Client(peer.url, flush_interval=LONG)
        log(client)
        sender = client._sender
        thread = sender._thread
        del client
        assert thread is not None
        thread.join(LONG)
        assert not thread.is_alive()
        assert inputs(peer) == ["user-0"]


def test_a_server_that_is_not_there(make_client: MakeClient, caplog: pytest.LogCaptureFixture) -> None:
    with Peer() as peer:
        url = peer.url
    client = make_client(url)
    log(client)
    assert not client.flush(0.1)
    assert "the server cannot be reached: ConnectionRefusedError" in caplog.text
    assert not client.close(0.1)
    assert client.stats.dropped == 1


def test_a_call_does_not_wait_for_a_server_that_hangs(make_client: MakeClient) -> None:
    with Peer(hang) as peer:
        client = make_client(peer.url, timeout=LONG, batch_size=10)
        log(client, 10)
        peer.wait_for(1)
        # Each of these would wait for ever, if any did.
        log(client, 30_000, 10)
        assert client.stats.buffered >= 20_000
        peer.released.set()


def test_the_thread_survives_what_nobody_foresaw(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real: Callable[..., Any] = _judge.judge
    failures = [RuntimeError("nobody foresaw")]

    def judge(*args: Any) -> Any:
        if failures:
            raise failures.pop()
        return real(*args)

    monkeypatch.setattr(_sender, "judge", judge)
    with Peer(then=accept) as peer:
        client = make_client(peer.url)
        log(client)
        assert client.flush(LONG)
        log(client, 1, 1)
        assert client.flush(LONG)
        assert "sending failed unexpectedly: 1 events are lost" in caplog.text
        assert client.stats == moola.Stats(accepted=1, refused=0, dropped=1, buffered=0)
