"""Just enough of a browser for HTML forms: cookies, hidden fields, redirects within the server; no scripts."""
import html.parser
import re
import urllib.parse


class Forms(html.parser.HTMLParser):
    """The forms of a page: action, method, fields and buttons."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.button = [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        at = {k: v or "" for k, v in attributes}
        if tag == "form":
            self.forms.append({"action": at.get("action", ""), "method": at.get("method", "get").upper(), "fields": [], "buttons": []})
        elif tag in ("input", "textarea", "select", "button") and self.forms:
            kind = at.get("type", "submit" if tag == "button" else "text")
            entry = {"name": at.get("name", ""), "value": at.get("value", ""), "type": kind, "text": ""}
            if kind == "submit":
                self.forms[-1]["buttons"].append(entry)
                self.button = entry
            elif kind not in ("checkbox", "radio") or "checked" in at:
                self.forms[-1]["fields"].append(entry)

    def handle_endtag(self, tag):
        if tag == "button":
            self.button = None

    def handle_data(self, data):
        if self.button is not None:
            self.button["text"] += data


class Browser:
    def __init__(self, api):
        self.api, self.path, self.page = api, "/", ""

    def open(self, path, expect=200):
        return self._load("GET", path, expect)

    def _load(self, method, path, expect, data=None):
        """Load and follow redirects; one that leaves the server is returned as its URL."""
        statuses = (expect,) if isinstance(expect, int) else expect
        while True:
            self.page = self.api.request(method, path, (*statuses, 302, 303), data=data)
            self.path = path
            if self.api.last.status_code not in (302, 303):
                return None
            target = urllib.parse.urljoin(f"http://{self.api.host}{path}", self.api.last.headers["Location"])
            parts = urllib.parse.urlsplit(target)
            if parts.netloc != self.api.host:
                return target
            method, data = "GET", None
            path = parts.path + ("?" + parts.query if parts.query else "")

    def press(self, pattern, expect=200, **fields):
        """Submit the form that has a button whose value, name or text matches; keywords fill or replace fields."""
        for form in Forms(self.page).forms:
            for button in form["buttons"]:
                if any(re.search(pattern, button[k], re.I) for k in ("value", "name", "text")):
                    return self._submit(form, button, expect, fields)
        raise AssertionError(f"no button like {pattern} at {self.path}:\n{self.page[:3000]}")

    def log_in(self, user, expect=200):
        """Fill the form that asks for a password."""
        for form in Forms(self.page).forms:
            secrets = [f["name"] for f in form["fields"] if f["type"] == "password"]
            names = [f["name"] for f in form["fields"] if f["type"] in ("text", "email")]
            if secrets and names:
                button = form["buttons"][0] if form["buttons"] else None
                return self._submit(form, button, expect, {names[0]: user.email, secrets[0]: user.password})
        raise AssertionError(f"nothing asks for a password at {self.path}:\n{self.page[:3000]}")

    def _submit(self, form, button, expect, fields):
        data = {f["name"]: f["value"] for f in form["fields"] if f["name"]} | fields
        if button and button["name"]:
            data[button["name"]] = button["value"]
        here = urllib.parse.urlsplit(urllib.parse.urljoin(f"http://{self.api.host}{self.path}", form["action"] or self.path))
        path = here.path + ("?" + here.query if here.query else "")
        if form["method"] == "GET":
            return self._load("GET", here.path + "?" + urllib.parse.urlencode(data), expect)
        return self._load("POST", path, expect, data)
