"""The command line: one command, one short file."""

from __future__ import annotations

import io
import sys

import click

from siege_sim import __version__
from siege_sim.cli.check import check
from siege_sim.cli.compare import compare
from siege_sim.cli.digest import digest
from siege_sim.cli.explain import explain
from siege_sim.cli.new import new
from siege_sim.cli.plot import plot
from siege_sim.cli.run import run
from siege_sim.cli.schema import schema
from siege_sim.cli.sensitivity import sensitivity
from siege_sim.cli.sources import sources
from siege_sim.cli.sweep import sweep
from siege_sim.cli.verify import verify
from siege_sim.errors import SiegeSimError, visible

BAD_INPUT, BAD_DISK, INTERRUPTED = 2, 74, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="siege-sim")
def siege_sim() -> None:
    """Simulate a siege day by day and set it against what was recorded.

    SCENARIO is a path to a TOML file or the name of a bundled scenario, such as hengyang_1944.
    """


for command in (run, compare, sweep, sensitivity, plot, new, check, explain, sources, schema, digest, verify):
    siege_sim.add_command(command)


def main() -> None:
    """Run a command; print one clear message, and no traceback, for anything a user can cause."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        code = siege_sim.main(standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except SiegeSimError as error:
        return _say(str(error), error.exit_code)
    except SystemExit:
        # click ends so when the reader of its output has gone away
        return BAD_DISK
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"{where}{error.strerror or error}", BAD_DISK)
    except MemoryError:
        return _say("not enough memory; take a smaller -n or --chunk", BAD_DISK)
    except (KeyboardInterrupt, click.Abort):
        return _say("interrupted", INTERRUPTED)


def _say(message: str, code: int) -> int:
    shown = "\n".join(visible(line) for line in message.split("\n"))
    click.echo(f"siege-sim: error: {shown}", err=True)
    return code
