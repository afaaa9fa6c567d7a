"""Figures against values from elsewhere, and at degenerate sizes."""

import unittest
from dataclasses import replace
from fractions import Fraction

from budget_rules import with_budget_rules
from figures import Figure, compare, half_width, long_run_variance, one_sided_bounds, traffic_figure, wilson
from inputs import Answer, Release, milliseconds
from oracle import Oracle

SETTINGS = {"alpha": 0.05, "tunedFor": 60, "minimumPairs": 60, "designEffect": 12}
ANSWER = Answer(0, "i", "v1", True, 1.0, None, False, True, 60_000, "")


class Figures(unittest.TestCase):
    def test_wilson_as_statsmodels_proportion_confint(self):
        for right, n, low, high in [(9, 10, 0.5958499732, 0.9821237869), (0, 10, 0, 0.2775327998)]:
            bounds = wilson(right / n, n, z=1.959963984540054)
            self.assertAlmostEqual(bounds[0], low)
            self.assertAlmostEqual(bounds[1], high)

    def test_one_sided_bound_with_a_design_effect(self):
        low, high = one_sided_bounds(Figure(Fraction(119, 180), 180), 1, 0.75)  # statsmodels, two-sided alpha 0.5
        self.assertAlmostEqual(low, 0.6369354288)
        self.assertAlmostEqual(high, 0.6844744542)
        worth_9 = one_sided_bounds(Figure(Fraction(7, 10), 180), 20, 0.75)
        self.assertEqual(worth_9, one_sided_bounds(Figure(Fraction(7, 10), 9), 1, 0.75))

    def test_newey_west_by_hand(self):
        self.assertEqual(long_run_variance([1, -1, 2], 0), 6)
        self.assertEqual(long_run_variance([1, -1, 2], 1), 3)  # 6 + 2 * 1/2 * (-3)
        self.assertEqual(long_run_variance([2], 21), 4)

    def test_half_width_by_hand(self):
        # rho^2 60 = 7.936158; sqrt(2 * 8.936158 / 7.936158 * ln(sqrt(8.936158) / 0.05))
        self.assertAlmostEqual(half_width(1, 60, SETTINGS), 3.0352, places=4)

    def test_pairs_that_all_went_one_way_have_a_bound(self):
        comparison = compare([[1] * 6] * 10, 21, SETTINGS)
        self.assertEqual((comparison.pairs, comparison.difference), (60, 1))
        self.assertTrue(0 < comparison.lower < 1)
        self.assertIsNone(compare([[1] * 6] * 9, 21, SETTINGS).lower)  # too few

    def test_flipping_a_comparison(self):
        comparison = compare([[1, 0, 0, -1, 1, 0]] * 10, 21, SETTINGS)
        self.assertEqual(comparison.flipped().lower, -comparison.upper)
        self.assertEqual(comparison.flipped().flipped(), comparison)

    def test_nearest_rank(self):
        rows = [replace(ANSWER, latency_ms=float(latency)) for latency in range(1, 21)]
        self.assertEqual(traffic_figure("latency_p95", rows), Figure(Fraction(19), 20))
        self.assertEqual(traffic_figure("latency_p50", rows[:1]), Figure(Fraction(1), 1))
        self.assertEqual(traffic_figure("latency_p50", []), Figure(None, 0))

    def test_lines_are_rules_unless_one_stands_in(self):
        lines = [
            {"metric": "accuracy", "below": 0.8, "severity": "critical", "gate": True, "minimumSamples": 60},
            {"metric": "accuracy", "below": 0.9, "severity": "warning", "minimumSamples": 60, "for": "1m"},
            {"metric": "latency_p95", "above": 50, "severity": "warning", "minimumSamples": 20},
        ]
        rule = {"name": "Drop", "metric": "accuracy", "below": 0.8, "compare": "bound"}
        _, warning, latency = with_budget_rules([rule], {"window": "30m", "lines": lines})
        self.assertEqual((warning["name"], warning["compare"]), ("budget.accuracy.below-0.9", "bound"))
        self.assertEqual((warning["for"], warning["keepFiringFor"], warning["isGate"]), ("1m", "5m", False))
        self.assertEqual((latency["name"], latency["compare"]), ("budget.latency_p95", "figure"))
        for other in ({"below": 0.7}, {"onMissing": True}, {"compare": "differenceToBaseline"}):
            names = [each["name"] for each in with_budget_rules([rule | other], {"window": "30m", "lines": lines})]
            self.assertEqual(names[1], "budget.accuracy")

    def degraded(self, right_after: int) -> list[str]:
        """What fires when 90 of 100 labels a minute are right for two minutes, and then so many."""
        line = {"severity": "warning", "minimumSamples": 10, "for": "0s"}
        model = {
            **{"name": "M", "bucket": "1m", "labelDependence": "0s", "designEffect": 1, "comparison": SETTINGS},
            "budget": {
                **{"window": "1m", "knownGoodAfter": "1m", "knownGoodLabels": 1},
                "lines": [
                    {**line, "metric": "accuracy", "below": 0.5, "gate": True},
                    {**line, "metric": "accuracy_degradation", "above": 0.05},
                ],
            },
        }
        drift = {"metric": "accuracy", "compare": "differenceToBaseline", "below": -0.05, "window": "1m"}
        rule = {**line, **drift, "name": "Drift", "keepFiringFor": "0s"}
        log = [
            replace(ANSWER, time=time, known_at=time, input=str(time), truth=time % 60_000 < right)
            for minute, right in enumerate([90, 90, right_after])
            for time in range(minute * 60_000, minute * 60_000 + 100)
        ]
        value, playbook = {"valuePerPrediction": 0}, {"verifyWithin": "1h", "rollbackAutomatically": False}
        definitions = {"Model": [model], "Rule": [rule], "Value": [value], "Playbook": [playbook]}
        oracle = Oracle(definitions, log, [Release(0, "v1", "primary", "")], None)
        oracle.run()
        return [name for name, intervals in oracle.intervals.items() if intervals]

    def test_the_limit_itself_is_allowed(self):
        self.assertNotEqual(0.9 - 0.85, 0.05)
        self.assertEqual(self.degraded(85), [])
        self.assertEqual(self.degraded(84), ["Drift", "budget.accuracy_degradation"])

    def test_durations(self):
        self.assertEqual([milliseconds(text) for text in ("30s", "5m", "24h")], [30_000, 300_000, 86_400_000])


if __name__ == "__main__":
    unittest.main()
