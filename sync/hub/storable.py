"""What PostgreSQL takes as text, of what a device may send as text."""


def storable_text(text: str) -> str:
    """Return the text without NUL, the one character that PostgreSQL cannot store."""
    return text.replace("\0", "")
