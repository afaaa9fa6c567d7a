"""The final line of docs/semantics.md, from an oracle that has run."""

import re
from hashlib import sha256

from inputs import iso


def final_line(oracle) -> dict:
    log = oracle.log
    incidents = sorted(oracle.incidents, key=lambda incident: (incident.opened, incident.id))
    primary = sum(map(oracle.served, log))
    labelled = [row for row in log if row.known_at is not None and row.known_at < oracle.until]
    right_served = sum(row.right for row in labelled if oracle.served(row))
    held = [held for incident in incidents for held in incident.held]
    rollbacks = [(incident, rollback) for incident in incidents for rollback in incident.rollbacks]
    rollbacks.sort(key=lambda both: (both[1].decided, both[0].id))
    line = {
        "model": oracle.model["name"],
        "from": iso(log[0].time),
        "to": iso(oracle.until),
        "predictions": {"ingested": len(log), "primary": primary, "shadow": len(log) - primary},
        "outcomes": {"ingested": len({row.input for row in labelled}), "labelled": len(labelled)},
        "refused": 0,
        "duplicates": 0,
        "orphans": 0,
        "alerts": {name: of_alert(intervals) for name, intervals in sorted(oracle.intervals.items())},
        "incidents": [of_incident(incident) for incident in incidents],
        "rollbacks": {
            "held": sorted(held, key=lambda held: (held["at"], held["incident"])),
            "mitigated": [of_rollback(oracle, i, r) for i, r in rollbacks if r.kind == "mitigate" and not r.undone],
            "done": [of_rollback(oracle, i, r) for i, r in rollbacks if r.kind == "roll back" and not r.undone],
            "undone": [of_rollback(oracle, i, r) for i, r in rollbacks if r.undone],
        },
        "value": {
            "earnedUsd": right_served * oracle.value["valuePerPrediction"],
            "protectedUsd": sum(oracle.protected(rollback) for _, rollback in rollbacks),
            "incidentsUsd": sum(incident.cost for incident in incidents),
        },
        "knownGood": [version for version, budget in sorted(oracle.budgets.items()) if budget.known_good],
        "serving": oracle.serving,
        "postMortems": [post_mortem_path(incident.id) for incident in incidents if incident.resolved is not None],
    }
    return rounded(line)


def of_alert(intervals: list) -> dict:
    return {
        "fired": len(intervals),
        "resolved": sum(interval.resolved is not None for interval in intervals),
        "intervals": [
            {
                "version": interval.version,
                "breach": iso(interval.breach),
                "firing": iso(interval.firing),
                "resolved": maybe_iso(interval.resolved),
                "reason": interval.reason,
            }
            for interval in intervals
        ],
    }


def post_mortem_path(incident: str) -> str:
    """A file of its own also where case does not count."""
    if re.fullmatch(r"[a-z0-9][a-z0-9._~-]{0,159}", incident):
        return f"post-mortems/{incident}.md"
    readable = re.sub(r"^[.~-]", "_", re.sub(r"[^A-Za-z0-9._~-]", "_", incident))[:160]
    return f"post-mortems/{readable}~{sha256(incident.encode()).hexdigest()[:16]}.md"


def of_incident(incident) -> dict:
    return {
        "id": incident.id,
        "rule": incident.rule["name"],
        "severity": incident.rule["severity"],
        "opened": iso(incident.opened),
        "state": "open" if incident.resolved is None else "resolved",
        "resolved": maybe_iso(incident.resolved),
        "tier": incident.tier,
        "costUsd": incident.cost,
    }


def of_rollback(oracle, incident, rollback) -> dict:
    breach = rollback.alert.breach
    return {
        "incident": incident.id,
        "from": rollback.source,
        "to": rollback.target,
        "decidedAt": iso(rollback.decided),
        "servedAt": iso(rollback.decided),
        "verified": rollback.verified is not None,
        "verifiedAt": maybe_iso(rollback.verified),
        "difference": rollback.comparison.difference,
        "lower": rollback.comparison.lower,
        "pairs": rollback.comparison.pairs,
        "minutes": {
            "breachToAlert": minutes(breach, rollback.alert.firing),
            "breachToRollback": minutes(breach, rollback.decided),
            "breachToRecovery": minutes(breach, incident.resolved),
        },
        "protectedUsd": oracle.protected(rollback),
    }


def maybe_iso(time: int | None) -> str | None:
    return None if time is None else iso(time)


def minutes(start: int, end: int | None) -> float | None:
    return None if end is None else (end - start) / 60_000


def rounded(value):
    """Half-even to 6 decimals; a whole number without a fraction, as JSON.stringify writes it."""
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    if isinstance(value, float):
        value = round(value, 6)
        return int(value) if value.is_integer() else value
    return value
