"""The running system: `moola up`, built before (`npm run build`), in one process with a data folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

REPOSITORY = Path(__file__).parents[3]
TOKEN = "a-token-for-tests-of-the-client"
#: Long enough for a busy machine; reached only where a test fails.
LONG = 90.0

Json = Dict[str, Any]


class Moola:
    """A server, and its read API."""

    def __init__(self, folder: Path) -> None:
        main = REPOSITORY / "apps/cli/dist/main.js"
        assert main.exists(), "build it first: npm run build"
        node = shutil.which("node")
        assert node is not None, "there is no node on the PATH"
        self._moola = [node, str(main)]
        self._environment = environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("MOOLA_", "NODE_OPTIONS"))},
            **{"MOOLA_TOKEN": TOKEN, "MOOLA_LOG_LEVEL": "error"},
        }
        words = ["up", "--headless", "--port", "0", "--data", str(folder)]
        self._process = subprocess.Popen(
            [*self._moola, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._said: List[str] = []
        self._up = threading.Event()
        self.url = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._up.wait(LONG)
        assert self.url, "it did not start:\n" + "".join(self._said)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.append(line)
            found = re.search(r"Moola is at (\S+)", line)
            if found:
                self.url = found[1]
                self._up.set()
        self._up.set()

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """The command line, against this server."""
        environment = {**self._environment, "MOOLA_SERVER": self.url}
        return subprocess.run([*self._moola, *words], env=environment, capture_output=True, text=True, timeout=LONG)

    def get(self, path: str) -> Any:
        request = urllib.request.Request(self.url + path, headers={"authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(request, timeout=LONG) as response:
            return json.loads(response.read())

    def post(self, path: str, body: Any) -> Any:
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers, method="POST")
        with urllib.request.urlopen(request, timeout=LONG) as response:
            return json.loads(response.read())

    def model(self, name: str, until: Callable[[Json], bool]) -> Json:
        """A model's view, as soon as it is so."""
        deadline = time.monotonic() + LONG
        view: Optional[Json] = None
        while time.monotonic() < deadline:
            try:
                view = self.get(f"/api/v1/environments/live/models/{name}")
                if until(view):
                    return view
            except urllib.error.HTTPError as error:
                if error.code != 404:
                    raise
            time.sleep(0.2)
        raise AssertionError(f"it did not become so: {json.dumps(view)[:4000]}")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


def figures(view: Json, version: str) -> Dict[str, Json]:
    """Of the longest window, by metric."""
    windows = next(each for each in view["versions"] if each["version"] == version)["windows"]
    if not windows:
        return {}
    return {figure["metric"]: figure for figure in windows[max(windows, key=int)]}
