"""The command line as the package installs it. What its commands do is tested in ``cli/tests``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

import pytest

from configcat_management import __version__
from configcat_management.testing import Simulator

PROGRAM = [str(Path(sysconfig.get_path("scripts")) / "configcat-management")]
MODULE = [sys.executable, "-m", "configcat_management"]
CHANGE = "product: Web Shop\ntags: [{ name: brandNew }]\n"

not_windows = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals are different there")


@pytest.fixture(autouse=True)
def environment(demo: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in demo.environment.items():
        monkeypatch.setenv(name, value)


def run(*arguments: str | bytes, command: list[str] = PROGRAM, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=60, **options)


@pytest.mark.parametrize("command", [PROGRAM, MODULE], ids=["program", "module"])
def test_command_and_module_are_the_same_program(command: list[str]) -> None:
    shown = run("--version", command=command)
    assert (shown.returncode, shown.stdout) == (0, f"configcat-management {__version__}\n")
    assert "Usage: configcat-management get" in run("get", "--help", command=command).stdout
    products = run("get", "products", command=command)
    assert [product["name"] for product in json.loads(products.stdout)] == ["Web Shop", "Back Office"]


def test_exit_status_is_the_one_of_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "change.yaml"
    file.write_text(CHANGE)
    assert run("plan", str(file)).returncode == 2
    failed = run("get", "configs", "20000000-0000-4000-8000-00000000ffff")
    assert failed.returncode == 1 and failed.stderr.startswith("error: ") and "404" in failed.stderr
    assert run("aply").returncode == 2
    assert run("rehearse", "Web Shop", "--", sys.executable, "-c", "raise SystemExit(7)").returncode == 7


def test_standard_input_reaches_the_command() -> None:
    assert run("apply", "-", "--yes", input=CHANGE).returncode == 0
    assert run("plan", "-", input=CHANGE).stdout == "No changes: Web Shop is as the document says.\n"


@not_windows
def test_argument_that_is_not_utf_8_is_refused() -> None:
    refused = run("get", b"\xff")
    assert refused.returncode == 2 and "invalid UTF-8" in refused.stderr and "Traceback" not in refused.stderr


def test_output_that_its_reader_closes_is_no_error() -> None:
    with subprocess.Popen([*PROGRAM, "operations"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a file that is always full")
def test_full_output_is_an_error() -> None:
    with open("/dev/full", "wb") as full:
        process = subprocess.run([*PROGRAM, "operations"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert process.returncode == 1 and "the standard output" in process.stderr


@not_windows
@pytest.mark.parametrize("command", [PROGRAM, MODULE], ids=["program", "module"])
def test_ctrl_c_ends_with_130_and_no_traceback(demo: Simulator, command: list[str]) -> None:
    demo.add_fault(operation="me.get", delay_ms=60_000)
    with subprocess.Popen([*command, "whoami"], stderr=subprocess.PIPE, text=True) as process:
        wait_for_fault(demo)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None and process.stderr.read() == ""
    assert process.returncode == 130


def wait_for_fault(demo: Simulator) -> None:
    until = time.monotonic() + 60
    while not demo.faults()[0]["happened"]:
        assert time.monotonic() < until, "there was no request"
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_rehearsed_command_ignores_no_signal_of_python() -> None:
    shown = run("rehearse", "Web Shop", "--", "grep", "SigIgn", "/proc/self/status").stdout
    ignored = int(shown.split()[1], 16)
    for name in (signal.SIGPIPE, signal.SIGXFSZ):
        assert not ignored & 1 << (name - 1), name


@not_windows
def test_terminal_gets_tables_and_a_question(tmp_path: Path) -> None:
    file = tmp_path / "change.yaml"
    file.write_text(CHANGE)
    status, shown = in_terminal("whoami")
    assert status == 0 and shown.split() == ["full_name", "Simulator", "User", "email", "simulator@example.com"]
    status, shown = in_terminal("apply", str(file), typed=b"n\n")
    assert status == 1 and "Apply this to Web Shop? [y/N] " in shown and "nothing was applied" in shown
    status, shown = in_terminal("apply", str(file), typed=b"\x03")
    assert status == 130 and "KeyboardInterrupt" not in shown
    status, shown = in_terminal("apply", str(file), typed=b"y\n")
    assert status == 0 and "1 applied" in shown


def in_terminal(*arguments: str, typed: bytes = b"") -> tuple[int, str]:
    """Runs a command in a pseudo-terminal, and types a text when it asks. Returns exit status and output."""
    import fcntl
    import pty
    import termios

    terminal, other = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=other,
        stdout=other,
        stderr=other,
        start_new_session=True,
        # Ctrl-C is a signal only for the processes whose controlling terminal it is.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    ) as process:
        os.close(other)
        shown = b""
        while more := read(terminal):
            shown += more
            if typed and b"[y/N] " in shown:
                os.write(terminal, typed)
                typed = b""
    os.close(terminal)
    return process.returncode, shown.decode()


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        # Linux reports the end as an error.
        return b""
