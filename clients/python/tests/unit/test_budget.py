"""The budget is what the TypeScript twin makes: one golden file holds both."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Dict, List

import pytest

import moola

GOLDEN = Path(__file__).parents[4] / "libs/contracts/golden/performance-budget.json"
CASES: List[Dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))


def snake(name: str) -> str:
    return re.sub("([A-Z])", lambda found: "_" + found[1].lower(), name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: json.dumps(case["in"]))
def test_golden(case: Dict[str, Any]) -> None:
    given = {snake(name): value for name, value in case["in"].items()}
    if "error" in case:
        name, _, rest = case["error"].partition(" ")
        with pytest.raises(ValueError, match=re.escape(f"{snake(name)} {rest}")):
            moola.performance_budget(**given)
    else:
        made = moola.performance_budget(**given)
        # As texts: 50 and 50.0 are one number in Python, and two texts.
        assert json.dumps(made) == json.dumps(case["out"])


def test_the_cases_are_there() -> None:
    assert len(CASES) > 5
