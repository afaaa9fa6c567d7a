"""Where the client meets what the server says."""

from __future__ import annotations

import json
import urllib.error
from pathlib import Path
from typing import List

import pytest
from moola_server import LONG, TOKEN, Moola, figures
from peer import Handler, Peer, Request, reset

import moola


def test_refused_events_come_back_with_the_server_s_reason(server: Moola) -> None:
    refusals: List[moola.Refusal] = []
    with moola.Client(server.url, token=TOKEN, on_refused=refusals.append) as client:
        client.log_prediction("refusing", version="v1", input="a", class_=1, latency_ms=-1)
        client.log_prediction("refusing", version="v1", input="b", class_=1)
        client.log_outcome("refusing", input="b", truth=1, known_at="31 January")
        client.log_prediction("refusing", version="v1", input="c", class_=1, role="primus")
        assert client.flush(LONG)
        assert [(each.reason, each.field) for each in refusals] == [
            ("invalid-field", "prediction.latencyMs"),
            ("invalid-field", "outcome.knownAt"),
            ("invalid-field", "prediction.role"),
        ]
        assert refusals[0].detail == "is -1: it must be from 0 to 86,400,000 milliseconds (one day)"
        assert refusals[0].event["prediction"]["input"] == "a"
        assert (client.stats.accepted, client.stats.refused) == (1, 3)
    letters = server.get("/api/v1/environments/live/dead-letters")
    assert "prediction.latencyMs is -1" in str(letters)


def test_an_answer_that_was_lost_counts_nothing_twice(server: Moola) -> None:
    """The server takes the events, and the client does not hear of it: it sends them again."""

    def forward_and_reset(handler: Handler, request: Request) -> None:
        server.post(request.path, request.body)
        reset(handler, request)

    def forward(handler: Handler, request: Request) -> None:
        handler.answer(200, server.post(request.path, request.body))

    with Peer(forward_and_reset, forward_and_reset, then=forward) as between:
        with moola.Client(between.url, token=TOKEN, flush_interval=0.05) as client:
            client.log_deployment("once", version="v1", by="the test")
            for row in range(40):
                client.log_prediction("once", version="v1", input=f"i-{row}", class_=1)
                client.log_outcome("once", input=f"i-{row}", truth=row % 4 > 0)
            assert client.flush(LONG)
            assert client.stats.accepted == 81
        assert len(between.events) > 81
    view = server.model("once", lambda view: figures(view, "v1").get("accuracy", {}).get("samples", 0) >= 40)
    found = figures(view, "v1")
    assert (found["predictions"]["value"], found["accuracy"]["samples"], found["accuracy"]["value"]) == (40, 40, 0.75)
    assert len(view["releases"]) == 1


def test_events_of_another_environment_are_not_taken(server: Moola, caplog: pytest.LogCaptureFixture) -> None:
    with moola.Client(server.url, token=TOKEN, environment="staging", exit_timeout=0.1) as client:
        client.log_prediction("elsewhere", version="v1", input="a", class_=1)
        assert not client.flush(1.0)
        assert client.stats.accepted == 0
    assert 'this address takes events of the environment "live"' in caplog.text


def test_roles_of_tokens(server: Moola, caplog: pytest.LogCaptureFixture) -> None:
    def token(role: str) -> str:
        made = server.post("/api/v1/tokens", {"name": f"python-{role}", "role": role, "expiresAtMs": None})
        return str(made["token"])

    budget = moola.performance_budget("by-token")
    with moola.Client(server.url, token=token("ingest")) as client:
        client.log_prediction("by-token", version="v1", input="a", class_=1)
        assert client.flush(LONG)
        assert client.stats.accepted == 1
        with pytest.raises(moola.ApplyError, match="operator"):
            client.apply(budget)
        assert client.apply(budget, token=token("operator")).applied == ("model by-token",)
    with moola.Client(server.url, token="wrong", exit_timeout=0.1) as client:
        client.log_prediction("by-token", version="v1", input="b", class_=1)
        assert not client.flush(1.0)
    assert "the server answered 401" in caplog.text


def test_definitions_that_are_wrong_are_refused_with_every_problem(server: Moola) -> None:
    with moola.Client(server.url, token=TOKEN) as client:
        wrong = {**moola.performance_budget("wrong"), "labelHorizon": "soon", "bucket": 5}
        with pytest.raises(moola.ApplyError) as error:
            client.apply(wrong)
        assert len(error.value.problems) == 2
        assert 'labelHorizon "soon" is no duration' in error.value.problems[0]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        server.get("/api/v1/environments/live/definitions/model/wrong")


def test_the_command_takes_a_budget_as_a_file(server: Moola, tmp_path: Path) -> None:
    file = tmp_path / "budget.json"
    file.write_text(json.dumps(moola.performance_budget("from-a-file")), encoding="utf-8")
    applied = server.command("apply", str(file))
    assert (applied.returncode, "model from-a-file" in applied.stdout.lower()) == (0, True), applied
    with moola.Client(server.url, token=TOKEN) as client:
        assert client.apply(file) == moola.Applied((), ("model from-a-file",))
