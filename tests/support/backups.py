"""What a backup says of itself."""

from __future__ import annotations

import tarfile
from pathlib import Path

from gateway.backup.manifest import NAME, Manifest, read_manifest


def manifest_of(file: Path) -> Manifest:
    with tarfile.open(file) as tar:
        found = tar.extractfile(NAME)
        assert found is not None
        return read_manifest(found.read())
