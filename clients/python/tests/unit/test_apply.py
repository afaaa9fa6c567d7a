"""Definitions over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MakeClient
from peer import Peer, hang, reset, status, text

import moola


def test_definitions_texts_and_files_in_one_request(make_client: MakeClient, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("kind: Rule\nname: Ärger\n", encoding="utf-8")
    answer = text(200, b'{"applied": ["model churn"], "unchanged": ["rule R"]}')
    with Peer(answer) as peer:
        client = make_client(peer.url, environment="staging", token="ingest")
        budget = moola.performance_budget("churn")
        done = client.apply(budget, [budget], "kind: Rule\nname: R\n", file, token="operator")
        assert done == moola.Applied(("model churn",), ("rule R",))
        request = peer.requests[0]
        assert request.path == "/api/v1/environments/staging/definitions"
        assert request.headers["authorization"] == "Bearer operator"
        names = [each["file"] for each in request.body["files"]]
        assert names == ["churn", "churn", "definitions", str(file)]
        assert request.body["files"][3]["yaml"] == "kind: Rule\nname: Ärger\n"


def test_every_problem_is_named(make_client: MakeClient) -> None:
    body = (
        b'{"statusCode": 400, "message": [{"file": "d.yaml", "line": 3, "document": 1, "subject": "Rule R", '
        b'"path": "for", "detail": "is no duration (try 5m)"}, {"file": "d.yaml", "subject": "", "path": "", "detail": "is odd"}]}'
    )
    with Peer(text(400, body)) as peer:
        with pytest.raises(moola.ApplyError) as problem:
            make_client(peer.url).apply("kind: Rule")
        assert problem.value.problems == ("d.yaml:3: Rule R for is no duration (try 5m)", "d.yaml: is odd")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (status(403, "the token has not the role operator"), "the token has not the role operator"),
        (text(200, b"<html>"), "the server answered 200"),
        (reset, "cannot be reached: Connection"),
        (hang, "cannot be reached: "),
    ],
)
def test_trouble_is_raised(make_client: MakeClient, trouble: "object", said: str) -> None:
    with Peer(trouble) as peer, pytest.raises(moola.ApplyError) as problem:  # type: ignore[arg-type]
        make_client(peer.url).apply(moola.performance_budget(), timeout=0.3)
    assert said in str(problem.value)


def test_nothing_to_apply(make_client: MakeClient) -> None:
    with pytest.raises(ValueError, match="there is nothing to apply"):
        make_client("http://localhost:1").apply()
