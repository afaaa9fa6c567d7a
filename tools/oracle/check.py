"""Recomputes every committed answer and compares. Exits 1 if anything differs.

    python check.py            compare
    python check.py --write    write expected/ anew (then: npm run format)
"""

import argparse
import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from final_line import final_line
from inputs import instant
from oracle import Oracle

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "index-volatility"
SEEDS = (1, 2, 3)
FIRST_MINUTE_OF_2008 = "2004-01-02T16:46:00Z"
CASES = (  # releases, seed, until
    *(("story", seed, None) for seed in SEEDS),
    ("never-shipped", 1, None),
    ("within-budget", 1, None),
    ("only-v0", 1, FIRST_MINUTE_OF_2008),
)


def compute(case: tuple[str, int, str | None]) -> str:
    releases, seed, until = case
    log = EXAMPLE / "log" / f"seed-{seed}.csv.gz"
    end = instant(until) if until else None
    oracle = Oracle.of_files(EXAMPLE / "definitions.yaml", log, EXAMPLE / "releases" / f"{releases}.csv", end)
    oracle.run()
    return pretty(final_line(oracle))


def pretty(line: dict) -> str:
    return json.dumps(line, indent=2) + "\n"


def expected(case: tuple[str, int, str | None]) -> Path:
    releases, seed, _ = case
    return HERE / "expected" / f"{releases}-seed-{seed}.json"


def differing_lines(path: Path, computed: str) -> list[str]:
    committed = pretty(json.loads(path.read_text(encoding="utf-8"))).splitlines() if path.exists() else []
    lines = computed.splitlines()
    if len(lines) != len(committed):
        return [f"{len(committed)} lines committed, {len(lines)} computed"]
    return [f"committed {old.strip()} computed {new.strip()}" for old, new in zip(committed, lines) if old != new]


def differing_releases(seed: int) -> list[str]:
    """Every seed's log must give the committed releases."""
    with TemporaryDirectory() as folder:
        script, log = EXAMPLE / "train" / "releases.py", EXAMPLE / "log" / f"seed-{seed}.csv.gz"
        subprocess.run([sys.executable, script, "--log", log, "--out", folder], check=True)
        written = sorted(Path(folder).iterdir())
        return [path.name for path in written if path.read_bytes() != (EXAMPLE / "releases" / path.name).read_bytes()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    with ProcessPoolExecutor() as pool:
        answers = dict(zip(CASES, pool.map(compute, CASES)))
    if write:
        for case, answer in answers.items():
            expected(case).parent.mkdir(exist_ok=True)
            expected(case).write_text(answer, encoding="utf-8")
    results = {str(expected(case).relative_to(HERE)): differing_lines(expected(case), answers[case]) for case in CASES}
    results |= {f"releases of seed {seed}": differing_releases(seed) for seed in SEEDS}
    for name, differences in results.items():
        print(f"{'differs' if differences else 'equal  '} {name}")
        for difference in differences[:10]:
            print(f"        {difference}")
    failed = sum(map(bool, results.values()))
    print(f"{len(results) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
