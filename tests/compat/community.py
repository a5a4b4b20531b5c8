"""A client that the vendor's users wrote (`aiopyrus`), against a started Nashi: what the vendor's own client has no methods for, and
what it says otherwise.

Started by `compat/main.rs`, which passes the address and the people's keys in the environment. Every assertion is about an object that
the client has parsed; whatever the client cannot parse, it raises on. It is not a test of rules: those have their tests in `domain`.
"""

import asyncio
import csv
import io
import json
import os

from aiopyrus import UserClient
from aiopyrus.exceptions import PyrusAPIError, PyrusAuthError
from httpx import HTTPStatusError

ADDRESS = os.environ["NASHI_ADDRESS"]


def client(person, key=None):
    return UserClient(login=person["login"], security_key=key or person["key"], base_url=f"http://{ADDRESS}", requests_per_10min=100_000)


async def refused(asked, code):
    try:
        await asked
    except PyrusAPIError as refusal:
        assert refusal.error_code == code, f"expected {code}, got {refusal.error_code}: {refusal}"
    except HTTPStatusError as refusal:
        # What is no JSON when it succeeds, the client leaves to the library below it.
        assert refusal.response.json()["error_code"] == code, refusal.response.text
    else:
        raise AssertionError(f"expected {code}, and was let in")


async def until(seen):
    """What others wrote is seen a moment later by who was told nothing of it."""
    for _ in range(1000):
        if await seen():
            return
    raise AssertionError("never seen")


async def people(anna, boris, ids):
    organization = (await anna.get_contacts(include_inactive=True)).organizations[0]
    assert {*ids} <= {person.id for person in organization.persons} and organization.name
    assert {*ids} <= {person.id for person in await anna.get_members()}
    made = await anna.create_member(first_name="Дарья", last_name="Новая", email="daria@example.com", position="Clerk")
    everything = {
        "native_first_name": "Daria", "native_last_name": "Novaya", "status": "New", "phone": "+1 555 0100", "mobile_phone": "+1 555 0101",
        "skype": "daria", "location": "Berlin", "external_id": 17, "locale": "ru-RU", "birth_date": {"day": 29, "month": 2},
        "messenger": {"type": "Telegram", "nickname": "daria"}, "mobile_session_settings": {"life_span_hours": 24},
        "web_session_restriction_settings": {"max_count": 3}}
    await anna.update_member(made.id, **everything)
    shown = (await anna.get_member(made.id)).model_dump(exclude_none=True)
    assert {name: shown.get(name) for name in everything} == everything, shown
    assert await anna.get_member_external_id(made.id) == 17
    face = await anna.upload_file(b"\x89PNG\r\n\x1a\n", "face.png")
    pictured = await anna.set_avatar(made.id, face.guid)
    assert pictured.id == made.id and await anna.download_file(pictured.avatar_id) == b"\x89PNG\r\n\x1a\n"
    found = await anna.find_member("Дарья Новая")
    assert found.id == made.id and (await anna.find_member_by_email("daria@example.com")).id == made.id
    await refused(boris.create_member(first_name="X", last_name="Y", email="x@example.com"), "access_denied")
    assert await anna.block_member(made.id)
    assert (await anna.get_member(made.id)).banned and made.id not in {person.id for person in await anna.get_members()}


async def roles(anna, boris, ids):
    made = await anna.create_role("Wardens", member_ids=[ids[1], ids[2]])
    assert made.name == "Wardens" and made.member_ids == sorted(ids[1:]) and not made.banned
    assert (await boris.get_role(made.id)).member_ids == made.member_ids
    task = await anna.create_task(text="For the wardens", responsible=made.id)
    assert (task.responsible.id, task.responsible.type) == (made.id, "role")
    await until(lambda: listed(boris, task.id))
    assert (await anna.update_role(made.id, name="Guards", banned=True)).name == "Guards"
    await refused(boris.get_task(task.id), "access_denied_task")
    assert await anna.delete_role(made.id, task_receiver_id=ids[1])
    await until(lambda: listed(boris, task.id))


async def listed(member, task):
    return task in {found.id for found in await member.get_inbox(item_count=100)}


async def lists(anna, boris, ids):
    made = await anna._session.put("lists", json={"name": "Move", "added_member_ids": [ids[1]]})
    changed = await anna.update_list(made["id"], name="The move", added_member_ids=[ids[2]], removed_member_ids=[ids[1]])
    assert changed.name == "The move" and (await anna.get_list(made["id"])).name == "The move"
    task = await anna.create_task(text="Pack", list_ids=[made["id"]])
    await refused(boris.get_list_tasks(made["id"]), "access_denied_project")
    await anna.update_list(made["id"], added_member_ids=[ids[1]])
    for ask in (boris.get_list_tasks, boris.get_task_list):
        await until(lambda: ask(made["id"]))
        assert [found.id for found in await ask(made["id"], item_count=10)] == [task.id]
    await anna.finish_task(task.id, text="Packed")

    async def archived():
        return not await boris.get_list_tasks(made["id"])

    await until(archived)
    assert [found.id for found in await boris.get_task_list(made["id"], include_archived=True)] == [task.id]
    assert made["id"] in {found.id for found in await boris.get_lists()}


async def tasks(anna, boris, ids):
    task = await anna.create_task(
        text="Count the foxes", subject="Foxes", responsible=ids[1], participants=[ids[2]], due="2032-02-03T10:00:00Z", duration=30)
    assert (task.subject, task.duration, task.responsible.id) == ("Foxes", 30, ids[1])
    said = await boris.comment_task(task.id, text="Three", spent_minutes=5)
    assert (said.comments[-1].text, said.comments[-1].spent_minutes) == ("Three", 5)
    month = {"start_date_utc": "2032-02-01T00:00:00Z", "end_date_utc": "2032-03-01T00:00:00Z", "include_meetings": True}

    async def due():
        return [found.id for found in await boris.get_calendar(**month, filter_mask=1, item_count=100)] == [task.id]

    await until(due)
    assert await boris.get_calendar(**month, filter_mask=8) == []
    assert (await boris.finish_task(task.id)).close_date and not (await anna.reopen_task(task.id)).close_date
    made = await anna.get_tasks([task.id])
    assert [found.id for found in made] == [task.id]
    assert await anna.delete_task(task.id)
    await refused(anna.get_task(task.id), "access_denied_task")


async def announcements(anna, boris, ids):
    made = await anna.create_announcement(text="Tea at four")
    said = await boris.comment_announcement(made.id, text="Thank you")
    assert [note.text for note in said.comments] == ["Thank you"] and said.author.id == ids[0]
    assert (await boris.get_announcement(made.id)).text == "Tea at four"
    assert made.id in {found.id for found in await boris.get_announcements()}


async def knowledge_base(anna, boris, ids):
    topic = await anna.create_knowledge_base_item(title="Teas", type="topic")
    article = await anna.create_knowledge_base_item(title="Green", body="# 80 °C", parent_topic_id=topic.id)
    changed = await anna.update_knowledge_base_item(article.id, body="# 75 °C")
    assert (changed.title, changed.body, changed.parent_topic_id) == ("Green", "# 75 °C", topic.id)
    top = await boris.get_knowledge_base_structure(parent_topic_id=topic.id, depth=1)
    assert [found.id for found in top.items] == [article.id]
    closed = await anna.update_knowledge_base_permissions(topic.id, inherit=False, editors=[ids[0]], readers=[ids[2]])
    assert [person.id for person in closed.readers] == [ids[2]]
    assert [person.id for person in (await anna.get_knowledge_base_permissions(topic.id)).editors] == [ids[0]]
    await refused(boris.get_knowledge_base_item(article.id), "knowledge_base_not_found")
    moved = await anna.update_knowledge_base_item(article.id, parent_topic_id=None, parent_topic_id_changed=True)
    assert moved.parent_topic_id is None
    assert await anna.delete_knowledge_base_item(topic.id, delete_with_children=True)


async def awards(anna, boris, ids):
    """The client counts for awards that are there; it has the wire to make one."""
    award = (await anna._session.post("awards", json={"name": "Tester"}))["id"]
    thresholds = await anna.get_award_threshold(award)
    assert (thresholds.grant_threshold, thresholds.revoke_threshold) == (0, 0)
    thresholds = await anna.set_award_threshold(award, grant_threshold=2, revoke_threshold=4)
    assert (thresholds.grant_threshold, thresholds.revoke_threshold) == (2, 4)
    counted = await anna.increment_member_award_counter(ids[1], award)
    assert (counted.person_id, counted.award_id, counted.award_counter, counted.assignment_date) == (ids[1], award, 1, None)
    given = await anna.increment_member_award_counter(ids[1], award)
    assert given.award_counter == 2 and given.assignment_date.tzinfo is not None
    assert (await anna.get_member_award_counter(ids[1], award)).assignment_date == given.assignment_date
    assert (await anna.set_member_award_counter(ids[1], award, value=4)).assignment_date is None
    await refused(boris.get_award_threshold(award), "access_denied_awards")
    await refused(boris.increment_member_award_counter(ids[1], award), "access_denied_awards")
    await refused(anna._session.put(f"awards/{award}/threshold", json={"grant_threshold": 9}), "invalid_award_limits")


async def print_forms(anna, boris, ids):
    """The client knows a form's print forms and downloads them; it has the wire to make some."""
    definition = {"fields": [{"name": "Note", "type": "text"}]}
    form = (await anna._session.post("forms", json={"name": "Printed", "definition": definition}))["id"]
    made = {"print_form_name": "Page", "template": '<h1>{{ field["Note"] }}</h1>'}
    made = await anna._session.post(f"forms/{form}/print_forms", json=made)
    known = (await anna.get_form(form)).print_forms
    assert [(one.print_form_id, one.print_form_name) for one in known] == [(made["print_form_id"], "Page")]
    task = (await anna._session.post("tasks", json={"form_id": form, "fields": [{"name": "Note", "value": "<b>"}]}))["task"]["id"]
    page = await anna.download_print_form(task, made["print_form_id"])
    assert page.startswith(b"%PDF-"), page[:20]


async def histories(anna, boris, ids):
    events = list(csv.reader(io.StringIO(await anna.get_event_history(count=100_000))))
    assert {"12", "13"} <= {event[1] for event in events} and str(ids[1]) in {event[3] for event in events}, events
    seen = [event for event in csv.reader(io.StringIO(await anna.get_task_access_history())) if event]
    assert seen
    after = int(events[-1][0])
    assert [event for event in csv.reader(io.StringIO(await anna.get_event_history(after=after, count=1)))] in ([], [events[-1]])
    await refused(boris.get_event_history(), "access_denied")


async def main():
    persons = json.loads(os.environ["NASHI_PEOPLE"])
    try:
        await client(persons[0], "not the key").auth()
    except PyrusAuthError as refusal:
        assert refusal.error_code == "invalid_credentials", refusal.error_code
    else:
        raise AssertionError("a wrong key lets nobody in")
    async with client(persons[0]) as anna, client(persons[1]) as boris, client(persons[2]) as clara:
        ids = [(await member.get_profile()).person_id for member in (anna, boris, clara)]
        for part in (people, roles, lists, tasks, announcements, knowledge_base, awards, print_forms, histories):
            await part(anna, boris, ids)
    print("the community's client: signed in, asked for people, places, tasks, awards and histories")


asyncio.run(main())
