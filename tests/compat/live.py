"""A reader of event streams that nobody here wrote (`httpx-sse`), at the live stream: what it parses, and where it goes on.

Started by `compat/main.rs`, which passes the address and the people's keys in the environment. It is not a test of who is told what:
that is in `tests/it/live.rs`.
"""

import json
import os

import httpx
from httpx_sse import connect_sse

ADDRESS = f"http://{os.environ['NASHI_ADDRESS']}"
ANNA, BORIS, _ = json.loads(os.environ["NASHI_PEOPLE"])


def client(person):
    signed_in = httpx.post(f"{ADDRESS}/v4/auth", json={"login": person["login"], "security_key": person["key"]})
    headers = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    return httpx.Client(base_url=ADDRESS, headers=headers, timeout=30)


def named(events, name):
    """The next of this name; what is dispatched without data is no event (WHATWG HTML 9.2.6)."""
    return next(event for event in events if event.event == name and event.data)


def main():
    anna, boris = client(ANNA), client(BORIS)
    boris_id = boris.get("/v4/profile").json()["person_id"]

    def create(text):
        answer = anna.post("/v4/tasks", json={"text": text, "participants": [{"id": boris_id}]})
        return answer.json()["task"]["id"]

    with connect_sse(boris, "GET", "/v4/live") as source:
        assert source.response.headers["content-type"].startswith("text/event-stream")
        events = source.iter_sse()
        hello = named(events, "hello")
        assert hello.id == hello.json()["position"] and hello.json()["resumed"] is False, hello
        first = create("Первая\nс новой строкой")
        told = named(events, "task")
        assert told.json()["task_id"] == first and told.json()["task"]["text"] == "Первая\nс новой строкой", told
        last = told.id
    missed = [create("Missed one"), create("Missed two")]
    with connect_sse(boris, "GET", "/v4/live", headers={"Last-Event-ID": last}) as source:
        events = source.iter_sse()
        assert named(events, "hello").json()["resumed"] is True
        assert [named(events, "task").json()["task_id"] for _ in missed] == missed
        present = create("And one that is live")
        assert named(events, "task").json()["task_id"] == present
    with connect_sse(boris, "GET", "/v4/live", headers={"Last-Event-ID": "nonsense"}) as source:
        assert named(source.iter_sse(), "reset").json()["reason"] == "not_understood"
    print("what an independent reader of event streams found is as it should be")


main()
