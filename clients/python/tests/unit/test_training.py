"""A training job reports on itself."""

from __future__ import annotations

import logging
import math
from typing import Any, Dict, List, Type

import numpy
import pytest
from conftest import MakeClient
from peer import LONG, Peer

import moola


def reports(peer: Peer) -> List[Dict[str, Any]]:
    return [event["trainingProgress"] for event in peer.events]


def test_a_job_that_finishes(make_client: MakeClient) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        with client.training("churn", job="fit-1", total_steps=3, every=0.0) as job:
            for loss in (0.9, numpy.float32(0.5), 0.25):
                job.step(loss=loss)
            job.checkpoint()
            job.checkpoint(saved=False)
        assert client.flush(LONG)
        sent = reports(peer)
        assert [(each["step"], each.get("loss"), each.get("checkpoint"), each["state"]) for each in sent] == [
            (0, None, None, "running"),
            (1, 0.9, None, "running"),
            (2, 0.5, None, "running"),
            (3, 0.25, None, "running"),
            (3, 0.25, "saved", "running"),
            (3, 0.25, "failed", "running"),
            (3, 0.25, None, "finished"),
        ]
        for each in sent:
            assert (each["model"], each["job"], each["totalSteps"]) == ("churn", "fit-1", 3)
            assert 2**20 < each["memoryBytes"] <= each["memoryLimitBytes"]
            assert "outOfMemory" not in each


class CudaOutOfMemoryError(RuntimeError):
    """Named as PyTorch's is."""


@pytest.mark.parametrize(
    ("error", "out_of_memory"),
    [(ValueError, False), (MemoryError, True), (CudaOutOfMemoryError, True), (KeyboardInterrupt, False)],
)
def test_a_job_that_fails(make_client: MakeClient, error: Type[BaseException], out_of_memory: bool) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        with pytest.raises(error), client.training("churn", job="fit-1") as job:
            job.step(7)
            raise error
        assert client.flush(LONG)
        last = reports(peer)[-1]
        assert (last["step"], last["state"], last.get("outOfMemory", False)) == (7, "failed", out_of_memory)


def test_a_program_that_ends_well_within_its_job(make_client: MakeClient) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        with pytest.raises(SystemExit), client.training("churn", job="fit-1"):
            raise SystemExit(0)
        assert client.flush(LONG)
        assert reports(peer)[-1]["state"] == "finished"


def test_steps_between_two_reports_are_not_sent_but_the_last_one_is(make_client: MakeClient) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        with client.training("churn", job="fit-1", every=LONG) as job:
            for step in range(1, 1001):
                job.step(step, loss=1 / step, memory_bytes=step)
        assert client.flush(LONG)
        assert [(each["step"], each.get("loss"), each["state"]) for each in reports(peer)] == [
            (0, None, "running"),
            (1000, 0.001, "finished"),
        ]
        assert reports(peer)[-1]["memoryBytes"] == 1000


@pytest.mark.parametrize("loss", [math.nan, math.inf, numpy.float32("nan")])
def test_a_loss_that_diverged_is_left_out_and_said_once(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture, loss: float
) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        with client.training("churn", job="fit-1", every=0.0) as job:
            job.step(1, loss=loss)
            job.step(2, loss=loss)
        assert client.flush(LONG)
        assert [each["step"] for each in reports(peer)] == [0, 1, 2, 2]
        assert all("loss" not in each for each in reports(peer))
        said = [record for record in caplog.records if record.levelno == logging.WARNING]
        assert [record.getMessage() for record in said] == [
            "Moola: the loss of job fit-1 is not finite at step 1; it is reported without"
        ]
        assert client.stats.refused == 0


def test_what_is_no_step_or_loss_is_refused_and_the_job_goes_on(make_client: MakeClient) -> None:
    refusals: List[moola.Refusal] = []
    with Peer() as peer:
        client = make_client(peer.url, on_refused=refusals.append)
        with client.training("churn", job="fit-1", every=0.0) as job:
            job.step(-1)
            job.step("one")  # type: ignore[arg-type]
            job.step(2, loss="low")  # type: ignore[arg-type]
            job.step(3, loss=numpy.array([0.5, 0.6]))
            job.step(4, loss=0.5)
        assert client.flush(LONG)
        assert [each.field for each in refusals] == [
            "trainingProgress.step",
            "trainingProgress.step",
            "trainingProgress.loss",
            "trainingProgress.loss",
        ]
        assert [each["step"] for each in reports(peer)] == [0, 4, 4]
