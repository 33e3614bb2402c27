"""What pages show of other servers: nobody is sent there without being told, and nothing loads from there."""
import re

import requests
from timing import PATIENCE


def get(server, path, expect=200, **headers):
    r = requests.get(server.base + path, headers={"Host": server.host, "Accept": "text/html"} | headers, timeout=PATIENCE, allow_redirects=False)
    assert r.status_code == expect, f"{path}: {r.status_code} instead of {expect}\n{r.text[:1000]}"
    return r


def test_strangers_on_our_pages(pair):
    a, b = pair
    alice, bob = a.user("alice"), b.user("bob")
    bob.patch("/api/v1/accounts/update_credentials", {"display_name": "Bob <from> elsewhere"})
    there = bob.toot("Written elsewhere <img src=https://b.test/x.png>")
    post = alice.find(there["url"], "statuses")
    alice.post(f"/api/v1/statuses/{post['id']}/reblog")

    page = get(a, "/@alice").text
    assert "Written elsewhere" in page and "Bob &lt;from&gt; elsewhere" in page and there["url"] in page
    for src in re.findall(r'\s(?:src|poster)="([^"]*)"', page):
        assert src.startswith(("/static/", "https://a.test/")), src

    for path, url in (("/@bob@b.test", "https://b.test/@bob"), (f"/@bob@b.test/{post['id']}", there["url"])):
        page = get(a, path)
        assert f'href="{url}"' in page.text and "This lives on another server" in page.text and "noindex" in page.text, path
        assert "Location" not in page.headers
    get(a, "/@bob@b.test.atom", 404)
    get(a, "/@nobody@b.test", 404)
    get(a, f"/@alice/{post['id']}", 404)  # not under a name of ours
    boost = alice.get(f"/api/v1/accounts/{alice.id}/statuses")[0]
    assert "This lives on another server" in get(a, f"/@alice/{boost['id']}").text
    # The address of a page given to a program leads to the document, on both servers.
    for server, path, kind in ((a, "/@alice", "users"), (b, "/@bob/" + there["id"], "statuses")):
        to = get(server, path, 302, Accept="application/activity+json").headers["Location"]
        document = get(server, to[len(server.url):], Accept="application/activity+json")
        assert document.json()["id"] == to and kind in to
        back = get(server, to[len(server.url):], 302, Accept="text/html").headers["Location"]
        assert back == server.url + path


def test_a_thread_says_that_other_servers_may_know_more(pair):
    a, b = pair
    alice, bob = a.user(), b.user()
    there = bob.toot("It begins elsewhere")
    post = alice.find(there["url"], "statuses")
    answer = alice.toot("An answer", in_reply_to_id=post["id"])
    page = get(a, f"/@{alice.name}/{answer['id']}").text
    assert re.search(rf'began on another server.*href="{there["url"]}">Read it at <bdi>b.test<', page), page
    local = alice.toot(f"@{bob.name}@b.test what do you think?")
    assert "People of other servers" not in get(a, f"/@{alice.name}/{local['id']}").text
    seen = b.wait_until(lambda: bob.get("/api/v1/notifications", types=["mention"]))[0]["status"]
    bob.toot(f"@{alice.name}@a.test nothing", in_reply_to_id=seen["id"])
    a.wait_until(lambda: alice.get(f"/api/v1/statuses/{local['id']}/context")["descendants"])
    assert "People of other servers" in get(a, f"/@{alice.name}/{local['id']}").text
