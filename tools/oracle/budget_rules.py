"""The alert rules that the lines of a budget are, as docs/semantics.md ("Rules and alerts") has them."""

METRICS_WITH_AN_INTERVAL = ("accuracy", "precision", "recall")


def with_budget_rules(rules: list[dict], budget: dict) -> list[dict]:
    """The rules of the definitions, and one for each line of the budget for which none of them stands in."""
    own = []
    metrics = set()
    for line in budget["lines"]:
        name = f"budget.{line['metric']}"
        if line["metric"] in metrics:
            name += f".below-{line['below']}" if "below" in line else f".above-{line['above']}"
        metrics.add(line["metric"])
        if not any(stands_in(rule, line) for rule in rules):
            own.append(rule_of(name, line, budget["window"]))
    return rules + own


def stands_in(rule: dict, line: dict) -> bool:
    if rule.get("onMissing") or rule["metric"] != line["metric"] or rule["compare"] not in ("figure", "bound"):
        return False
    if "below" in line:
        return rule.get("below", float("-inf")) >= line["below"]
    return rule.get("above", float("inf")) <= line["above"]


def rule_of(name: str, line: dict, window: str) -> dict:
    has_interval = line["metric"] in METRICS_WITH_AN_INTERVAL
    defaults = {
        "compare": "bound" if has_interval else "figure",
        "confidence": 0.95,
        "for": "5m",
        "keepFiringFor": "5m",
    }
    return defaults | line | {"name": name, "window": window, "isGate": line.get("gate", False)}
