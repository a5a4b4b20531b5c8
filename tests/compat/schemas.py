"""Answers of a started Nashi, held to its own description by a JSON-Schema validator that nobody here wrote (`jsonschema`).

Started by `compat/main.rs`, which passes the address and a demonstration's administrator in the environment. A member that the
description does not know fails as one of the wrong type does: the description is all that a client is made from. What answers mean is
tested elsewhere.
"""

import json
import os

import httpx
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

ADDRESS = f"http://{os.environ['NASHI_ADDRESS']}"
ADMINISTRATOR = json.loads(os.environ["NASHI_ADMINISTRATOR"])
COMPONENTS = "#/components/schemas/"


def strict(schema, whole=True):
    """The same, with no members but those that it names. `whole` is false within `allOf`, whose parts are known only together."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {}
    for name, part in schema.items():
        if name == "$ref":
            made[name] = part if whole else part.replace("/schemas/", "/parts/")
        elif name == "allOf":
            made[name] = [strict(piece, False) for piece in part]
        elif name == "properties":
            made[name] = {key: strict(value) for key, value in part.items()}
        else:
            made[name] = strict(part)
    if whole and ("properties" in schema or "allOf" in schema):
        made["unevaluatedProperties"] = False
    return made


class Described:
    """The description, and the answers that were held to it."""

    def __init__(self, document):
        schemas = document["components"]["schemas"]
        parts = {name: strict(schema, False) for name, schema in schemas.items()}
        whole = {name: strict(schema) for name, schema in schemas.items()}
        self.paths, self.components = document["paths"], {"schemas": whole, "parts": parts}
        self.held, self.wrong = set(), []

    def hold(self, method, path, answer):
        schema = self.paths[path][method]["responses"]["200"]["content"]["application/json"]["schema"]
        self.hold_to(strict(schema), answer, f"{method} {path}")
        self.held.add((method, path))

    def hold_to(self, schema, answer, what):
        validator = Draft202012Validator({**schema, "components": self.components})
        error = best_match(validator.iter_errors(answer))
        if error:
            self.wrong.append(f"{what}: at {error.json_path}: {error.message[:600]}")


def main():
    signed_in = httpx.post(f"{ADDRESS}/v4/auth", json={"login": ADMINISTRATOR["login"], "security_key": ADMINISTRATOR["security_key"]})
    headers = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    client = httpx.Client(base_url=ADDRESS, headers=headers, timeout=30)
    described = Described(client.get("/openapi.json").raise_for_status().json())

    def ask(method, path, body=None, query=None, **ids):
        answer = client.request(method, path.format(**ids), json=body, params=query)
        assert answer.status_code == 200, (method, path, answer.text)
        described.hold(method, path, answer.json())
        return answer.json()

    before = client.get("/v4/profile").headers["Nashi-Position"]
    me = ask("get", "/v4/profile")["person_id"]
    catalog = ask("get", "/v4/catalogs/{id}", id=ask("get", "/v4/catalogs")["catalogs"][0]["catalog_id"])
    form = ask("post", "/v4/forms", {"name": "Everything", "definition": everything(catalog)})
    again = ask("get", "/v4/forms/{id}/definition", id=form["id"])["published"]
    ask("put", "/v4/forms/{id}", {"definition": {**again, "auto_close": False}}, id=form["id"])
    ask("post", "/v4/forms/{id}/what_if", {}, id=form["id"])
    ask("post", "/v4/forms/{id}/publish", {}, id=form["id"])
    link = ask("get", "/v4/forms/{id}/register", id=1, query={"include_archived": "y"})["tasks"][0]["id"]
    task = ask("post", "/v4/tasks", {"form_id": form["id"], "fields": filled(me, link, catalog["items"][0]), "approvals": [[], [{"id": me}]]})["task"]
    told = {field["type"] for field in fields(task)}
    types = described.components["schemas"]["FieldType"]["enum"]
    assert told == set(types), f"no field of these types was looked at: {set(types) ^ told}"
    empty = told - {field["type"] for field in fields(task) if "value" in field}
    assert empty == {"file"}, f"these hold nothing: {empty}"
    changes(ask, task, me)

    for path, query in LISTS:
        ask("get", path, query=query)
    for listed in ask("get", "/v4/forms")["forms"]:
        for path in ("/v4/forms/{id}", "/v4/forms/{id}/definition", "/v4/forms/{id}/permissions", "/v4/forms/{id}/versions"):
            ask("get", path, id=listed["id"])
        rows = ask("get", "/v4/forms/{id}/register", id=listed["id"], query={"include_approvals": "y", "include_archived": "y"})
        for row in rows["tasks"][:5]:
            ask("get", "/v4/tasks/{id}", id=row["id"])
            ask("get", "/v4/tasks/{id}/access", id=row["id"])
    for catalog in ask("get", "/v4/catalogs")["catalogs"]:
        ask("get", "/v4/catalogs/{id}", id=catalog["catalog_id"])
    for branch in ask("get", "/v4/lists").get("lists", []):
        ask("get", "/v4/lists/{id}", id=branch["id"])
        ask("get", "/v4/lists/{id}/tasks", id=branch["id"])
    for role in ask("get", "/v4/roles").get("roles", []):
        ask("get", "/v4/roles/{id}", id=role["id"])
    for item in ask("get", "/v4/knowledgebase/structure").get("items", []):
        for path in ("/v4/knowledgebase/{id}", "/v4/knowledgebase/{id}/permissions", "/v4/knowledgebase/{id}/versions"):
            ask("get", path, id=item["id"])
    for announcement in ask("get", "/v4/announcements").get("announcements", []):
        ask("get", "/v4/announcements/{id}", id=announcement["id"])
    ask("get", "/v4/members/{id}", id=me)
    assert client.get("/v4/tasks/999999").status_code == 403
    described.hold_to({"$ref": COMPONENTS + "Envelope"}, client.get("/v4/tasks/999999").json(), "a refusal")
    stream(client, described, before)
    assert not described.wrong, "\n".join(described.wrong)
    print(f"{len(described.held)} routes answer as they are described")


LISTS = [
    ("/v4/inbox", {"marks": "true", "group_item_count": "5"}),
    ("/v4/inbox", {"snoozed": "true"}),
    ("/v4/calendar", {"start_date_utc": "2000-01-01T00:00:00Z", "end_date_utc": "2100-01-01T00:00:00Z", "all_accessed_tasks": "true"}),
    ("/v4/search", {"q": "request"}),
    ("/v4/search", {"q": "is:closed"}),
    ("/v4/notifications", None),
    ("/v4/notification_settings", None),
    ("/v4/follows", None),
    ("/v4/contacts", None),
    ("/v4/members", None),
    ("/v4/bots", None),
    ("/v4/orgchart", None),
    ("/v4/awards", None),
    ("/v4/invitations", None),
    ("/v4/profile/identity", None),
]


def everything(catalog):
    """A form with a field of every type, and with every kind of step."""
    plain = ["text", "money", "number", "date", "time", "checkmark", "flag", "due_date", "due_date_time", "email", "phone", "person",
             "file", "step", "status", "creation_date", "author"]
    fields = [{"type": kind, "name": kind, "code": kind} for kind in plain]
    fields[1]["in_title"] = True
    fields += [
        {"type": "note", "name": "note", "tooltip": "What is asked here"},
        {"type": "multiple_choice", "name": "choice", "code": "choice", "multiple": True, "options": [
            {"choice_value": "One", "fields": [{"type": "text", "name": "within", "code": "within"}]},
            {"choice_value": "Two"},
        ]},
        {"type": "title", "name": "section", "code": "section", "checkmark": True, "fields": [{"type": "text", "name": "in it", "code": "in_it", "multiline": True}]},
        {"type": "table", "name": "table", "code": "table", "columns": [
            {"type": "text", "name": "What", "code": "what"}, {"type": "number", "name": "How many", "code": "many", "decimal_places": 0},
        ]},
        {"type": "form_link", "name": "link", "code": "link", "form_id": 1, "multiple": True},
        {"type": "catalog", "name": "catalog", "code": "catalog", "catalog_id": catalog["catalog_id"]},
        {"type": "number", "name": "twice", "code": "twice", "formula": "money * 2"},
        {"type": "text", "name": "seldom", "code": "seldom", "visible_if": "money > 1000"},
    ]
    steps = [
        {"name": "Asked", "approvers": [{"who": "author"}]},
        {"name": "Head", "approvers": [{"who": "department_head", "condition": "money > 5"}], "rule": "first"},
        {"name": "Named", "approvers": [{"who": {"field": 12}}], "rule": {"at_least": 1}, "condition": "money > 1", "on_reject": 1, "due_minutes": 60},
    ]
    return {"fields": fields, "steps": steps, "subscribers": [{"who": "author"}], "auto_close": True}


def filled(person, link, item):
    values = {
        "text": "Text", "money": 12.5, "number": 3, "date": "2026-03-04", "time": "09:30", "checkmark": "checked", "flag": "checked",
        "due_date": "2026-03-05", "due_date_time": "2026-03-05T10:00:00Z", "email": "anna@example.com", "phone": "+49 30 1234567",
        "person": {"id": person}, "choice": {"choice_ids": [1, 2]}, "within": "Within", "section": {"checkmark": "checked"}, "in_it": "In it",
        "link": {"task_id": link}, "catalog": {"item_id": item["item_id"]},
        "table": [{"row_id": 0, "cells": [{"code": "what", "value": "Chairs"}, {"code": "many", "value": 4}]}],
    }
    return [{"code": code, "value": value} for code, value in values.items()]


def fields(task):
    """All fields of a task, those that lie in others too."""
    open_ = list(task["fields"])
    while open_:
        field = open_.pop()
        yield field
        value = field.get("value")
        if isinstance(value, dict):
            open_ += value.get("fields", [])
        elif isinstance(value, list):
            open_ += [cell for row in value for cell in row.get("cells", [])]


def changes(ask, task, me):
    """Comments with all that a comment tells."""
    row = next(field for field in fields(task) if field["type"] == "table")["value"][0]["row_id"]
    task = task["id"]
    for body in [
        {"text": "Said", "subject": "Called"},
        {"formatted_text": f"<b>Said</b> to <span data-personid=\"{me}\">me</span>"},
        {"field_updates": [{"code": "table", "value": [{"row_id": row, "delete": True}, {"row_id": row + 1, "cells": [{"code": "what", "value": "Tables"}]}]}]},
        {"field_updates": [{"code": "section", "value": {"checkmark": "unchecked"}}, {"code": "text", "value": None}, {"code": "money", "value": 7}]},
        {"approval_choice": "approved"},
        {"approvals_added": [[], [], [{"id": me}]]},
        {"due_date": "2030-01-02", "scheduled_date": "2029-01-02", "spent_minutes": 5, "subscribers_added": [{"id": me}]},
        {"cancel_due": True, "cancel_schedule": True, "skip_notification": True},
        {"approval_choice": "rejected"},
        {"action": "finished"},
        {"text": "Again", "action": "reopened"},
    ]:
        last = ask("post", "/v4/tasks/{id}/comments", body, id=task)
    note = last["task"]["last_note_id"]
    ask("post", "/v4/tasks/{id}/comments", {"text": "Otherwise", "edit_comment_id": note}, id=task)
    ask("post", "/v4/tasks/{id}/comments", {"delete_comment_id": note}, id=task)
    ask("post", "/v4/tasks/comments", {"comments": [
        {"task_id": task, "comment": {"text": "With another"}},
        {"task_id": ask("post", "/v4/tasks", {"text": "Simple"})["task"]["id"], "comment": {"text": "With the first"}},
    ]})


def stream(client, described, before):
    """What the live stream tells of all that was done here."""
    answer = client.get("/v4/live", params={"follow": "false", "position": before})
    assert answer.status_code == 200, answer.text
    names = []
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in lines:
            names.append(lines["event"])
            described.hold_to({"$ref": f"{COMPONENTS}Told{lines['event'].capitalize()}"}, json.loads(lines["data"]), f"the stream's {lines['event']}")
    assert {"hello", "task"} <= set(names), names


main()
