"""Rulebooks as JSON documents, for tests of drafts."""

import json
from typing import Any

from sync.hub.rules.publishing import DEFAULT


def a_document(version: int = 2, **changes: Any) -> bytes:
    """Return the hub's own rulebook, but for its version and what else is said."""
    content: dict[str, Any] = json.loads(DEFAULT.read_text())
    return json.dumps({**content, "version": version, **changes}).encode()


A_PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
