"""What a sweep costs on a Dask cluster of this machine, by replicates and chunk: the table in ``docs/many_sieges.md``.

Starts a scheduler and one worker a processor on loopback, sweeps Hengyang over two points, and measures beside each
sweep the same one with processes of our own, one straight after the other. Needs ``siege-sim[dask]``; some five minutes.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pages import filled

PAGE = Path(__file__).parents[1] / "docs" / "many_sieges.md"

CASES = ((1_000, 250), (10_000, 250), (10_000, 1_000), (10_000, 4_000), (100_000, 4_000))
"""Sieges in all, and replicates simulated together."""

WORKERS = os.cpu_count() or 1


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def sweep(folder: Path, name: str, sieges: int, chunk: int, *who: object) -> float:
    """Sweep, and return how long it took [s]."""
    factors = ("--factor", "assault.attacker_rate=0.12:0.165:2", "--response", "end_day")
    how = ("-n", sieges // 2, "--chunk", chunk, "-o", folder / name, *who)
    command = [sys.executable, "-m", "siege_sim", "sweep", "hengyang_1944", *map(str, (*factors, *how))]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=3600)
    return time.perf_counter() - start


def memory(process: subprocess.Popen) -> float:
    """Return the most memory that a process has had at once [MB]."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000


def row(folder: Path, address: str, workers: list[subprocess.Popen], sieges: int, chunk: int) -> str:
    """Measure one case."""
    here = sweep(folder, "here", sieges, chunk, "--workers", WORKERS)
    there = sweep(folder, "there", sieges, chunk, "--dask", address)
    size = sum(path.stat().st_size for path in (folder / "there").iterdir())
    for name in ("here", "there"):
        shutil.rmtree(folder / name)
    tasks = -(-sieges // chunk)
    cells = (f"{sieges:,}", f"{chunk:,}", tasks, f"{there * WORKERS / tasks:.1f}", f"{there / here:.2f}")
    return "| " + " | ".join(map(str, (*cells, f"{size / sieges / 1e3:.2f}", f"{max(map(memory, workers)):.0f}"))) + " |"


def main() -> None:
    """Write the table into the page."""
    address = f"tcp://127.0.0.1:{free_port()}"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    where = ["--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"]
    scheduler = subprocess.Popen([*dask, "scheduler", *where], **quiet)
    time.sleep(5)
    how = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
    workers = [subprocess.Popen([*dask, "worker", address, *how], **quiet) for _ in range(WORKERS)]
    time.sleep(5)
    try:
        with tempfile.TemporaryDirectory() as folder:
            rows = [row(Path(folder), address, workers, *case) for case in CASES]
            rows.append(f"\nThe scheduler had {memory(scheduler):.0f} MB at most.")
    finally:
        for process in (*workers, scheduler):
            process.terminate()
            process.wait(60)
    titles = ("sieges", "chunk", "tasks", "s a task", "time beside own processes", "kB a siege", "MB a worker")
    table = "\n".join((f"| {' | '.join(titles)} |", f"{'|---' * len(titles)}|", *rows))
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), "cluster", table), encoding="utf-8")


if __name__ == "__main__":
    main()
