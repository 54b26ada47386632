"""Installs what the tests use of the system: a broker, and clients this project did not write.

Run by ``make test``, with whatever rights there are. What cannot be had is named in one line with
the part of the tests that stays out; in CI (``CI=true``) that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

APT_SECONDS = 600
"""A mirror that is slower than that is down."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A Debian package, and what is left out without it."""

    name: str
    program: str
    serves: str

    def present(self) -> bool:
        """Tell whether its program is there."""
        return shutil.which(self.program, path=search_path()) is not None


PACKAGES = (
    Package(name="mosquitto", program="mosquitto", serves="tests with a real broker"),
    Package(name="mosquitto-clients", program="mosquitto_sub", serves="a store in a shell"),
    Package(name="jq", program="jq", serves="a store in a shell"),
    Package(name="curl", program="curl", serves="the examples of the REST API"),
    Package(name="gammu", program="gammu", serves="gammu against the simulator"),
    Package(
        name="gammu-smsd",
        program="gammu-smsd",
        serves="gammu-smsd on the simulator",
    ),
    Package(name="smstools", program="smsd", serves="smstools on the simulator"),
    Package(name="postgresql", program="postgres", serves="all on PostgreSQL"),
    Package(name="faketime", program="faketime", serves="a clock that steps"),
    Package(name="chromium", program="chromium", serves="the console and reports in a browser"),
    Package(name="default-jre-headless", program="java", serves="the features of scoring on Spark"),
)


def main() -> int:
    """Install what is missing; return the exit code."""
    missing = [package for package in PACKAGES if not package.present()]
    if missing and may_install():
        install(missing)
        missing = [package for package in missing if not package.present()]
    if not missing:
        return 0
    parts = "; ".join(f"{package.serves} ({package.name})" for package in missing)
    print(f"left out, for want of system packages: {parts}", file=sys.stderr)  # noqa: T201
    return 1 if os.environ.get("CI") == "true" else 0


def search_path() -> str:
    """Return where to look: Debian keeps daemons where a user's PATH does not."""
    own = (os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin")
    return os.pathsep.join([*own, *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])


def may_install() -> bool:
    """Tell whether this process can use apt-get."""
    return os.geteuid() == 0 and shutil.which("apt-get", path=search_path()) is not None


def install(packages: list[Package]) -> None:
    """Install with apt-get, quietly; what fails shows in what is missing afterwards."""
    names = [package.name for package in packages]
    print(f"installing {', '.join(names)} with apt-get", file=sys.stderr)  # noqa: T201
    try:
        apt_get("update", "-q")
        apt_get("install", "-q", "-y", "--no-install-recommends", *names)
    except subprocess.TimeoutExpired:
        print(f"apt-get did not end within {APT_SECONDS} s", file=sys.stderr)  # noqa: T201


def apt_get(*arguments: str) -> None:
    """Run apt-get; show what it said only when it failed."""
    done = subprocess.run(
        ["apt-get", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=APT_SECONDS,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)


if __name__ == "__main__":
    sys.exit(main())
