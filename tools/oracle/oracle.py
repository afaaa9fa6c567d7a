"""Computes the whole story of a log, as docs/semantics.md defines it, naively: no state but the story's own.

    python oracle.py DEFINITIONS LOG RELEASES [--until 2004-01-02T16:48:00Z] [--pretty] [--trace]

Prints the final line as JSON. It shares no code with the product, which is held to what this prints.
"""

import argparse
import json
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from pathlib import Path

from figures import BASELINE_METRICS, LABEL_METRICS, PLAIN_METRICS, Comparison, Figure, accuracy_design_effect
from figures import breaks, compare, label_figure, one_sided_bounds, traffic_figure
from budget_rules import with_budget_rules
from final_line import final_line
from inputs import Answer, Release, instant, iso, milliseconds, read_definitions, read_log, read_releases

MINUTE = 60_000
SEVERITIES = ("info", "warning", "critical", "emergency")
FIRST_TIER = {"info": "auto-heal", "warning": "auto-heal", "critical": "alert and scale", "emergency": "emergency"}


@dataclass
class Alert:
    """Of one rule on the version that serves."""

    version: str
    state: str = "inactive"  # pending, firing
    breach: int | None = None
    cost: float = 0.0  # from the breach on, while pending
    clear_since: int | None = None  # when firing: first tick of the run at which the condition did not hold
    interval: "Interval | None" = None  # the last


@dataclass
class Interval:
    """From a breach to the end of the alert."""

    version: str
    breach: int
    firing: int
    resolved: int | None = None
    reason: str | None = None


@dataclass
class Budget:
    """Of one version."""

    verdict: str = "unknown"
    gates: list[tuple[str, str]] = field(default_factory=list)  # (metric, verdict)
    good_since: int | None = None
    known_good: bool = False
    confirmed: bool = False  # the present run within budget has lasted long enough
    baseline: dict[str, Figure] = field(default_factory=dict)  # figures when it was confirmed last, by metric


@dataclass
class Rollback:
    kind: str  # mitigate, roll back
    source: str
    target: str
    decided: int
    comparison: Comparison  # that it was decided on, target − source
    alert: Interval  # on `source`
    waits: bool = True  # for its verification
    verified: int | None = None
    undone: bool = False
    overdue: bool = False


@dataclass
class Incident:
    id: str
    rule: dict
    opened: int
    tier: str
    resolved: int | None = None
    cost: float = 0.0
    last_decision: tuple | None = None
    found: set[tuple[str, str]] = field(default_factory=set)  # what was sure at decisions about what serves now
    held: list[dict] = field(default_factory=list)
    rollbacks: list[Rollback] = field(default_factory=list)


class Oracle:
    @staticmethod
    def of_files(definitions: Path, log: Path, releases: Path, until: int | None = None) -> "Oracle":
        definitions = read_definitions(definitions)
        (model,) = definitions["Model"]
        return Oracle(definitions, read_log(log, model["positiveClass"]), read_releases(releases), until)

    def __init__(self, definitions: dict, log: list[Answer], releases: list[Release], until: int | None):
        (self.model,) = definitions["Model"]
        (self.value,) = definitions["Value"]
        (self.playbook,) = definitions["Playbook"]
        self.rules = with_budget_rules(definitions["Rule"], self.model["budget"])
        self.bucket = self.step = milliseconds(self.model["bucket"])
        self.lag = milliseconds(self.model["labelDependence"]) // self.bucket

        released = {}
        for release in releases:
            released.setdefault(release.version, release.time)
        self.versions = sorted(released)
        log = [row for row in log if row.version in released and row.time >= released[row.version]]
        last_prediction = max(row.time for row in log)
        self.until = until if until is not None else last_prediction // self.step * self.step + self.step
        self.log = [row for row in log if row.time < self.until]
        self.releases = [release for release in releases if release.time < self.until]
        self.deployments = []  # (time, version, by) of what began to serve, sent so far

        # Only to find rows: version -> bucket -> rows.
        self.made = {version: defaultdict(list) for version in self.versions}
        self.known = {version: defaultdict(list) for version in self.versions}
        for row in self.log:
            self.made[row.version][row.time // self.bucket].append(row)
            if row.known_at is not None and row.known_at < self.until:
                self.known[row.version][row.known_at // self.bucket].append(row)
        self.pairs = {pair: self.labelled_pairs(*pair) for pair in combinations(self.versions, 2)}

        self.alerts: dict[str, Alert] = {}  # rule -> alert on what serves
        self.intervals = {rule["name"]: [] for rule in self.rules}
        self.budgets: dict[str, Budget] = {}
        self.comparisons: dict[tuple[str, str], Comparison] = {}
        self.newest_known: dict[tuple[str, str], int] = {}  # of the pairs of each comparison
        self.incidents: list[Incident] = []
        self.trace: list[str] = []

    def labelled_pairs(self, first: str, second: str) -> list[tuple[int, int, int]]:
        """(predicted at, known at, right(first) − right(second)) of each input that both answered, in order."""
        of_second = {row.input: row for rows in self.known[second].values() for row in rows}
        both = [
            (min(row.time, of_second[row.input].time), row.known_at, row.right - of_second[row.input].right)
            for rows in self.known[first].values()
            for row in rows
            if row.input in of_second
        ]
        return sorted(both)

    # --- the replay ---------------------------------------------------------------------------------------------

    def run(self) -> None:
        first_event = min(self.log[0].time, self.releases[0].time)
        self.previous = first_event // self.step * self.step
        while self.previous + self.step <= self.until:
            self.tick(self.previous + self.step)
            self.previous += self.step

    def tick(self, now: int) -> None:
        self.now = now
        for release in self.releases:
            if self.previous <= release.time < now and release.role == "primary":
                self.deploy(release.time, release.version, release.by)
        self.judge_budgets()
        self.compare_versions()
        for rule in self.rules:
            self.evaluate(rule)
        for rule in self.rules:
            self.charge_pending(rule)
        for incident in self.open_incidents():
            self.verify(incident)
            self.ask_for_rollback(incident)
            self.resolve(incident)
            self.charge(incident)

    def deploy(self, time: int, version: str, by: str) -> None:
        if self.deployments and self.serving == version:
            return
        for incident in self.open_incidents():
            incident.last_decision, incident.found = None, set()
            for rollback in incident.rollbacks:
                rollback.waits = rollback.waits and rollback.decided == time
        self.deployments.append((time, version, by))
        self.comparisons = {}
        self.say(f"deployment  {version} serves from {iso(time)}, by {by}")

    @property
    def serving(self) -> str:
        return self.deployments[-1][1]

    @property
    def serving_since(self) -> int:
        return self.deployments[-1][0]

    def server_at(self, time: int) -> str:
        return [version for since, version, _ in self.deployments if since <= time][-1]

    # --- windows and figures ------------------------------------------------------------------------------------

    def window(self, length: str) -> range:
        newest = -(-self.now // self.bucket) - 1
        return range(newest - milliseconds(length) // self.bucket + 1, newest + 1)

    def labels(self, version: str, window: str) -> list[Answer]:
        return [row for bucket in self.window(window) for row in self.known[version].get(bucket, [])]

    def traffic(self, version: str, window: str) -> list[Answer]:
        """In the role that the version has now."""
        serves = version == self.serving
        rows = [row for bucket in self.window(window) for row in self.made[version].get(bucket, [])]
        return [row for row in rows if (self.server_at(row.time) == version) == serves]

    def figure(self, metric: str, version: str, window: str) -> Figure:
        if metric in BASELINE_METRICS:
            figure = self.figure(BASELINE_METRICS[metric], version, window)
            before = self.baseline(BASELINE_METRICS[metric], version)
            if figure.exact is None or not before:
                return Figure(None, figure.samples)
            relative = before - figure.exact if metric == "accuracy_degradation" else figure.exact / before
            return Figure(relative, figure.samples)
        if metric in LABEL_METRICS:
            return label_figure(metric, self.labels(version, window))
        return traffic_figure(metric, self.traffic(version, window))

    def baseline(self, metric: str, version: str) -> Fraction | None:
        figure = self.budgets[version].baseline.get(metric) if version in self.budgets else None
        return figure and figure.exact

    def design_effect(self, metric: str, version: str, window: str) -> float:
        declared = self.model["designEffect"]
        if metric != "accuracy":
            return declared
        buckets = [self.known[version].get(bucket, []) for bucket in self.window(window)]
        return accuracy_design_effect(buckets, self.lag, declared)

    # --- rules and alerts ---------------------------------------------------------------------------------------

    def condition(self, rule: dict) -> bool | None:
        """Whether the rule's condition holds for what serves; None: missing."""
        metric, window = rule["metric"], rule["window"]
        figure = self.figure(metric, self.serving, window)
        missing = figure.samples < rule["minimumSamples"]
        if rule.get("onMissing"):
            return missing
        if missing or figure.exact is None:
            return None
        if rule["compare"] == "figure":
            return breaks(rule, figure.exact)
        if rule["compare"] == "bound":
            effect = self.design_effect(metric, self.serving, window)
            low, high = one_sided_bounds(figure, effect, rule["confidence"])
            return breaks(rule, high if "below" in rule else low)
        before = self.baseline(metric, self.serving)
        if before is None or (before == 0 and rule["compare"] == "ratioToBaseline"):
            return None
        return breaks(rule, figure.exact / before if rule["compare"] == "ratioToBaseline" else figure.exact - before)

    def evaluate(self, rule: dict) -> None:
        name, now = rule["name"], self.now
        alert = self.alerts.setdefault(name, Alert(self.serving))
        if alert.version != self.serving:
            if alert.state == "firing":
                self.end(rule, alert, "replaced")
            alert = self.alerts[name] = Alert(self.serving)

        holds = self.condition(rule)
        if alert.state == "inactive" and holds:
            alert.state, alert.breach, alert.cost = "pending", now, 0.0
        if alert.state == "pending":
            if not holds:
                alert.state = "inactive"
            elif now - alert.breach >= milliseconds(rule["for"]):
                self.fire(rule, alert)
        elif alert.state == "firing":
            if holds is not False:
                alert.clear_since = None
            else:
                alert.clear_since = now if alert.clear_since is None else alert.clear_since
                if now - alert.clear_since >= milliseconds(rule["keepFiringFor"]):
                    self.end(rule, alert, "recovered")
                    alert.state = "inactive"

    def fire(self, rule: dict, alert: Alert) -> None:
        alert.state, alert.clear_since = "firing", None
        alert.interval = Interval(alert.version, alert.breach, self.now)
        self.intervals[rule["name"]].append(alert.interval)
        figure = self.figure(rule["metric"], alert.version, rule["window"])
        self.say(f"alert       {rule['name']} of {alert.version} firing, breach {iso(alert.breach)}, {shown(figure)}")
        if not any(incident.rule is rule for incident in self.open_incidents()):
            self.open(rule)
            self.incidents[-1].cost = alert.cost

    def end(self, rule: dict, alert: Alert, reason: str) -> None:
        alert.interval.resolved, alert.interval.reason = self.now, reason
        self.say(f"alert       {rule['name']} of {alert.version} resolved: {reason}")

    # --- budget state -------------------------------------------------------------------------------------------

    def judge_budgets(self) -> None:
        budget = self.model["budget"]
        for version in self.versions:
            if not any(release.version == version and release.time < self.now for release in self.releases):
                continue
            state = self.budgets.setdefault(version, Budget())
            lines = [line for line in budget["lines"] if line.get("gate")]
            lines = [line for line in lines if state.baseline or line["metric"] not in BASELINE_METRICS]
            state.gates = [(line["metric"], self.judge_line(line, version)) for line in lines]
            gates = [verdict for _, verdict in state.gates]
            verdict = next((verdict for verdict in ("out", "unknown") if verdict in gates), "within")
            enough = len(self.labels(version, budget["window"])) >= budget["knownGoodLabels"]
            if verdict != "within" or not enough:
                state.good_since = None
            elif state.good_since is None:
                state.good_since = self.now
            holds_for = self.now - state.good_since if state.good_since is not None else -1
            confirmed = holds_for >= milliseconds(budget["knownGoodAfter"])
            if confirmed and not state.confirmed:
                state.baseline = {metric: self.figure(metric, version, budget["window"]) for metric in PLAIN_METRICS}
            state.confirmed = confirmed
            if not state.known_good and confirmed:
                state.known_good = True
                self.say(f"budget      {version} is known good")
            if verdict != state.verdict:
                self.say(f"budget      {version} {verdict}, {shown(self.budget_figure(version))}")
            state.verdict = verdict

    def judge_line(self, line: dict, version: str) -> str:
        figure = self.figure(line["metric"], version, self.model["budget"]["window"])
        if figure.samples < line["minimumSamples"] or figure.exact is None:
            return "unknown"
        return "out" if breaks(line, figure.exact) else "within"

    # --- paired comparison --------------------------------------------------------------------------------------

    def compare_versions(self) -> None:
        closed = self.now // self.bucket  # buckets before this one
        for pair, rows in self.pairs.items():
            rows = rows[bisect_left(rows, (self.serving_since,)) :]
            rows = [row for row in rows if row[1] < self.now and row[0] // self.bucket < closed]
            newest = max((known for _, known, _ in rows), default=0)
            rows = [(time // self.bucket, difference) for time, _, difference in rows]
            published = self.comparisons.get(pair)
            if not rows or (published and published.pairs == len(rows)):
                continue
            self.newest_known[pair] = newest
            first, last = rows[0][0], rows[-1][0]
            buckets = [[] for _ in range(first, last + 1)]
            for bucket, difference in rows:
                buckets[bucket - first].append(difference)
            self.comparisons[pair] = compare(buckets, self.lag, self.model["comparison"])

    def comparison(self, version: str, other: str) -> Comparison | None:
        """version − other."""
        if (version, other) in self.comparisons:
            return self.comparisons[version, other]
        turned = self.comparisons.get((other, version))
        return turned and turned.flipped()

    def lower(self, version: str, other: str) -> float | None:
        comparison = self.comparison(version, other)
        return comparison.lower if comparison else None

    def is_recent(self, version: str, other: str) -> bool:
        """The truth of a pair became known within the budget's window; also True before there is any pair."""
        pair = (version, other) if (version, other) in self.comparisons else (other, version)
        if pair not in self.comparisons:
            return True
        return self.newest_known[pair] > self.now - milliseconds(self.model["budget"]["window"])

    def standing(self, version: str, metric: str) -> str:
        """Of a version, for an incident about the gate of `metric`."""
        gates = self.budgets[version].gates
        if "unknown" in [verdict for gate, verdict in gates if gate == metric]:
            return "unknown"
        return "out" if "out" in [verdict for _, verdict in gates] else "within"

    def is_better(self, version: str, other: str) -> bool:
        lower = self.lower(version, other)
        return lower is not None and lower > 0

    # --- incidents ----------------------------------------------------------------------------------------------

    def open_incidents(self) -> list[Incident]:
        return [incident for incident in self.incidents if incident.resolved is None]

    def open(self, rule: dict) -> None:
        n = 1 + sum(incident.rule is rule for incident in self.incidents)
        incident = Incident(f"{self.model['name']}~{rule['name']}~{n}", rule, self.now, FIRST_TIER[rule["severity"]])
        self.incidents.append(incident)
        self.say(f"incident    {incident.id} opened, {rule['severity']}, tier {incident.tier}")

    def is_gate(self, rule: dict) -> bool:
        if "isGate" in rule:
            return rule["isGate"]
        gates = [line["metric"] for line in self.model["budget"]["lines"] if line.get("gate")]
        return rule["metric"] in gates and not rule.get("onMissing")

    def ask_for_rollback(self, incident: Incident) -> None:
        critical = SEVERITIES.index(incident.rule["severity"]) >= SEVERITIES.index("critical")
        firing = self.alerts[incident.rule["name"]].state == "firing"
        waits = any(rollback.waits for rollback in incident.rollbacks)
        if not (self.is_gate(incident.rule) and critical and firing) or waits:
            return
        candidate, alive = self.candidate(incident.rule["metric"])
        answer, reason = self.answer(candidate, alive, incident.rule["metric"])
        decision = (answer, self.serving, candidate, reason)
        found = self.found(candidate)
        if decision == incident.last_decision and (answer != "hold" or found <= incident.found):
            return
        incident.last_decision = decision
        incident.found |= self.all_found()
        comparison = self.comparison(candidate, self.serving) if candidate else None
        self.say(f"decision    {answer}: {self.serving} -> {candidate}, {reason}; {self.evidence(candidate)}")
        if answer == "hold":
            held = {"incident": incident.id, "at": iso(self.now), "serving": self.serving}
            incident.held.append(held | {"candidate": candidate or "", "reason": reason})
            return
        incident.tier = "emergency"
        if self.moves(incident) >= 2:
            return  # a person decides
        alert = self.alerts[incident.rule["name"]]
        incident.rollbacks.append(Rollback(answer, self.serving, candidate, self.now, comparison, alert.interval))
        self.move_alias(candidate)

    def all_found(self) -> set[tuple[str, str]]:
        """Which versions are better or worse than what serves, with confidence."""
        others = [version for version in self.versions if version != self.serving]
        better = {("better", version) for version in others if self.is_better(version, self.serving)}
        return better | {("worse", version) for version in others if self.is_better(self.serving, version)}

    def found(self, candidate: str | None) -> set[tuple[str, str]]:
        """What of it makes an answer worth repeating."""
        return {(what, version) for what, version in self.all_found() if what == "better" or version == candidate}

    @staticmethod
    def moves(incident: Incident) -> int:
        """How often traffic was moved for it."""
        return sum(1 + rollback.undone for rollback in incident.rollbacks)

    def candidate(self, metric: str) -> tuple[str | None, bool]:
        """The version to go to, and whether it has recent samples."""
        rolled_back_from = {
            version
            for incident in self.incidents
            for rollback in incident.rollbacks
            for version in [rollback.source, *([rollback.target] if rollback.undone else [])]
        }
        began = {version: time for time, version, _ in self.deployments[:-1] if version != self.serving}
        candidates = [
            version
            for version in sorted(began, key=began.get)
            if self.budgets[version].known_good and version not in rolled_back_from
        ]
        alive = [
            version
            for version in candidates
            if self.standing(version, metric) != "unknown" and self.is_recent(version, self.serving)
        ]
        if not alive:
            return (candidates[-1], False) if candidates else (None, False)
        chosen = alive[-1]
        better = [
            version
            for version in sorted(alive)
            if self.is_better(version, chosen) and self.is_recent(version, chosen)
        ]
        return max(better, key=lambda version: self.lower(version, chosen), default=chosen), True

    def answer(self, candidate: str | None, alive: bool, metric: str) -> tuple[str, str]:
        if candidate is None:
            return "hold", "no candidate"
        if not alive:
            return "hold", "no recent samples of the candidate"
        verdict = self.standing(candidate, metric)
        if self.is_better(candidate, self.serving):
            if verdict == "within":
                return "roll back", "better with confidence and within budget"
            return "mitigate", "better with confidence, but out of budget"
        if self.lower(candidate, self.serving) is None:
            return "hold", "no comparison yet"
        if verdict == "out":
            return "hold", "candidate out of budget as well: the data changed"
        return "hold", "no evidence that the candidate is better"

    def move_alias(self, version: str) -> None:
        """Asked at this tick; serves from this minute on; seen by rules at the next tick."""
        self.releases = self.releases + [Release(self.now, version, "primary", "responder")]

    def verify(self, incident: Incident) -> None:
        for rollback in incident.rollbacks:
            watched = rollback.waits or (rollback.verified is not None and not rollback.undone)
            if not watched or self.serving != rollback.target:
                continue
            move = f"rollback    {rollback.source} -> {rollback.target}"
            comparison = self.comparison(rollback.target, rollback.source)
            metric = incident.rule["metric"]
            standing = self.standing(rollback.target, metric)
            enough = standing == "within" or (standing == "out" and rollback.kind == "mitigate")
            alive = self.standing(rollback.source, metric) != "unknown" and self.is_recent(
                rollback.source, rollback.target
            )
            if rollback.waits and self.is_better(rollback.target, rollback.source) and enough:
                rollback.verified, rollback.waits = self.now, False
                self.say(f"{move} verified: {shown_comparison(comparison)}")
            elif self.is_better(rollback.source, rollback.target) and alive and self.moves(incident) < 2:
                rollback.undone, rollback.waits = True, False
                self.say(f"{move} undone: {shown_comparison(comparison)}")
                self.move_alias(rollback.source)
            due = rollback.decided + milliseconds(self.playbook["verifyWithin"])
            if rollback.waits and not rollback.overdue and self.now >= due:
                rollback.overdue = True
                self.say(f"{move} not verified in time: escalated")

    def resolve(self, incident: Incident) -> None:
        within = not self.is_gate(incident.rule) or self.standing(self.serving, incident.rule["metric"]) == "within"
        quiet = self.alerts[incident.rule["name"]].state == "inactive"
        if quiet and within and not any(rollback.waits for rollback in incident.rollbacks):
            incident.resolved = self.now
            self.say(f"incident    {incident.id} resolved")

    def charge_pending(self, rule: dict) -> None:
        alert = self.alerts[rule["name"]]
        if alert.state == "pending" and self.is_gate(rule):
            alert.cost += self.loss_per_minute() * (self.now - self.previous) / MINUTE

    def charge(self, incident: Incident) -> None:
        if incident.resolved is None and self.is_gate(incident.rule):
            incident.cost += self.loss_per_minute() * (self.now - self.previous) / MINUTE

    # --- money --------------------------------------------------------------------------------------------------

    def loss_per_minute(self) -> float:
        (line,) = [line for line in self.model["budget"]["lines"] if line["metric"] == "accuracy"]
        if self.judge_line(line, self.serving) != "out":
            return 0.0
        window = self.model["budget"]["window"]
        accuracy = self.figure("accuracy", self.serving, window).value
        buckets = [self.made[version].get(bucket, []) for version in self.versions for bucket in self.window(window)]
        per_minute = sum(self.served(row) for bucket in buckets for row in bucket) / (milliseconds(window) / MINUTE)
        return max(0.0, line["below"] - accuracy) * per_minute * self.value["valuePerPrediction"]

    def served(self, row: Answer) -> bool:
        return self.server_at(row.time) == row.version

    def protected(self, rollback: Rollback) -> float:
        later = [time for time, _, _ in self.deployments if time > rollback.decided]
        end = min(later, default=self.until)
        pair = (rollback.target, rollback.source)
        sign = 1 if pair in self.pairs else -1
        rows = self.pairs[pair if pair in self.pairs else pair[::-1]]
        gained = sum(difference for time, _, difference in rows if rollback.decided <= time < end)
        return sign * gained * self.value["valuePerPrediction"]

    # --- the trace ----------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        days = [row.note for row in self.log[: bisect_left(self.log, self.now, key=lambda row: row.time)][-1:]]
        self.trace.append(" ".join([iso(self.now), *days, text]))

    def evidence(self, candidate: str | None) -> str:
        if candidate is None:
            return shown(self.budget_figure(self.serving))
        verdict = self.budgets[candidate].verdict
        own = f"{candidate} {verdict} ({shown(self.budget_figure(candidate))})"
        serving = f"{self.serving} {shown(self.budget_figure(self.serving))}"
        compared = shown_comparison(self.comparison(candidate, self.serving))
        return f"{own}, {serving}; {candidate} - {self.serving} {compared}"

    def budget_figure(self, version: str) -> Figure:
        return self.figure("accuracy", version, self.model["budget"]["window"])


def shown(figure: Figure) -> str:
    return "no value" if figure.value is None else f"{figure.value:.3f} of {figure.samples}"


def shown_comparison(comparison: Comparison | None) -> str:
    if comparison is None:
        return "not compared yet"
    bounds = "no bound" if comparison.lower is None else f"[{comparison.lower:+.3f}, {comparison.upper:+.3f}]"
    effect = f"design effect {comparison.design_effect:.1f}"
    return f"{comparison.difference:+.3f} {bounds}, {comparison.pairs} pairs, {effect}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("definitions", type=Path)
    parser.add_argument("log", type=Path)
    parser.add_argument("releases", type=Path)
    parser.add_argument("--until", type=instant, help="the last tick (by default the first after the last prediction)")
    parser.add_argument("--pretty", action="store_true")
    parser.add_argument("--trace", action="store_true", help="a line for each step of the story before it")
    arguments = parser.parse_args()

    oracle = Oracle.of_files(arguments.definitions, arguments.log, arguments.releases, arguments.until)
    oracle.run()
    if arguments.trace:
        print("\n".join(oracle.trace))
    print(json.dumps(final_line(oracle), indent=2 if arguments.pretty else None))


if __name__ == "__main__":
    main()
