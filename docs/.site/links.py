"""What the site does with links that lead out of docs/, into the code: they stay as names of files.

A site has no code to lead to; that the file is there is checked all the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from mkdocs.exceptions import PluginError

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"

_LINK: Final = re.compile(r"\[([^\]]+)\]\(((?!https?://|#|mailto:)[^)#\s]+)(#[^)\s]*)?\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Return a page's text with what leads out of the documentation as the name of a file.

    Raises:
        PluginError: such a file is not there.
    """
    home = (DOCS / page.file.src_uri).parent

    def replace(link: re.Match[str]) -> str:
        words, target = link[1], (home / link[2]).resolve()
        if target.is_relative_to(DOCS) and not target.is_dir():
            return link[0]  # MkDocs' own check is about these
        if not target.exists():
            raise PluginError(f"{page.file.src_uri}: there is no {link[2]}")
        name = target.relative_to(ROOT).as_posix()
        return words if Path(words.strip("`")).name == target.name else f"{words} (`{name}`)"

    return _LINK.sub(replace, markdown)
