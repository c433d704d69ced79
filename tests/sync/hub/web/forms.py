"""The forms and links of a page, as a browser finds them, and what in it a browser would run."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_TYPED = {"text", "search", "password", "email", "number", "date", "datetime-local", "hidden"}
_WORDS = {"reason": "kartu hilang", "name": "Siti", "label": "Siti", "days": "30", "count": "2"}


@dataclass(slots=True)
class Form:
    """`fields` has what the page itself fills in, or something that the field would take."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.fields) | {name for name, _value in self.buttons}


class Page(HTMLParser):
    """`running` is what the page's policy forbids and no page may have all the same."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.running: list[str] = []
        self._select = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._judge(tag, given)
        if tag == "form":
            method = given.get("method", "get").lower()
            self.forms.append(Form(given.get("action", ""), method))
        elif tag == "a" and given.get("href", "").startswith(("/", "?")):
            self.links.append(given["href"])
        elif self.forms:
            self._take(tag, given, self.forms[-1])

    def _take(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, value, kind = (given.get(one, "") for one in ("name", "value", "type"))
        if tag == "select":
            self._select = name
            form.fields.setdefault(name, "")
        elif tag == "option" and self._select:
            if not form.fields[self._select] or "selected" in given:
                form.fields[self._select] = value
        elif tag == "button" and "formaction" in given:
            # The same fields, sent elsewhere; what comes after it in the form belongs to both.
            self.forms.insert(-1, Form(given["formaction"], form.method, form.fields))
        elif tag == "button" and name:
            form.buttons.append((name, value))
        elif tag == "textarea" or (tag == "input" and (kind or "text") in _TYPED):
            form.fields[name] = value or _WORDS.get(name, "")
        elif tag == "input" and kind == "file":
            form.files.append(name)
        elif tag == "input" and (kind != "radio" or "checked" in given):
            form.fields[name] = value or "on"

    def _judge(self, tag: str, given: dict[str, str]) -> None:
        is_data = given.get("type") in {"application/json", "importmap"}
        if tag == "script" and "src" not in given and not is_data:
            self.running.append("script")
        self.running += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.running += [
            f"{tag} {name}"
            for name in ("href", "src", "action", "formaction")
            if given.get(name, "").strip().lower().startswith("javascript:")
        ]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
