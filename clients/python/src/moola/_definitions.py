"""Applying definitions over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass
from os import PathLike
from typing import Any, Dict, Iterable, List, Mapping, Sequence, Tuple, Union
from urllib.parse import quote

from ._http import Connection, Failures

Given = Union[Mapping[str, Any], Iterable[Mapping[str, Any]], str, "PathLike[str]"]


class ApplyError(Exception):
    """Nothing was applied.

    :ivar problems: every problem, a line each.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Applied:
    """What came into force, and what was so already, such as ``model churn``."""

    applied: Tuple[str, ...]
    unchanged: Tuple[str, ...]


def apply(connection: Connection, url: str, environment: str, given: Sequence[Given]) -> Applied:
    """Writes definitions into an environment: all or none."""
    body = {"files": [file for one in given for file in _files(one)]}
    if not body["files"]:
        raise ValueError("there is nothing to apply: give a definition, text of YAML, or the path of a file")
    path = f"/api/v1/environments/{quote(environment, safe='')}/definitions"
    try:
        response = connection.post(path, json.dumps(body).encode(), {"content-type": "application/json"})
    except Failures as problem:
        raise ApplyError([f"{url} cannot be reached: {type(problem).__name__}: {problem}"]) from problem
    finally:
        connection.close()
    try:
        answer = json.loads(response.body)
    except ValueError:
        answer = None
    answer = answer if isinstance(answer, dict) else {}
    if response.status == 200 and isinstance(answer.get("applied"), list):
        return Applied(tuple(answer["applied"]), tuple(answer.get("unchanged", ())))
    raise ApplyError(_problems(response.status, answer.get("message")))


def _files(given: Given) -> List[Dict[str, str]]:
    if isinstance(given, str):
        return [{"file": "definitions", "yaml": given}]
    if isinstance(given, PathLike):
        with open(given, encoding="utf-8") as file:
            return [{"file": str(given), "yaml": file.read()}]
    if isinstance(given, Mapping):
        # JSON is YAML.
        return [{"file": str(given.get("name", "definition")), "yaml": json.dumps(given, indent=2)}]
    return [file for one in given for file in _files(one)]


def _problems(status: int, message: Any) -> List[str]:
    if not isinstance(message, list):
        return [str(message) if message else f"the server answered {status}"]
    return [_line(each) if isinstance(each, dict) else str(each) for each in message]


def _line(problem: Mapping[str, Any]) -> str:
    place = ":".join(str(problem[name]) for name in ("file", "line") if problem.get(name))
    about = " ".join(str(problem[name]) for name in ("subject", "path") if problem.get(name))
    return f"{place}: {about} {problem.get('detail', '')}".replace("  ", " ").strip(": ")
