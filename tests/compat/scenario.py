"""The vendor's own Python client against a started Nashi: everything that it has of people, tasks and forms.

Started by `compat/main.rs`, which passes the address and the people's keys in the environment. Every
assertion is about an object that the client has parsed; whatever the client cannot parse, it raises on.
It is not a test of rules: those have their tests in `domain`.
"""

import hashlib
import json
import os
import tempfile
import uuid
from datetime import datetime, timedelta, timezone

from pyrus import client
from pyrus.models import catalog_item_filters
from pyrus.models import entities
from pyrus.models import requests as req

ADDRESS = os.environ["NASHI_ADDRESS"]


class Nashi(client.PyrusAPI):
    """The client takes no address as an argument; its class attributes are the way in."""

    _protocol = "http"
    _host = ADDRESS
    _base_path = "/api/v4"
    _files_host = ADDRESS


class Member:
    """A person with a client that is signed in as them."""

    def __init__(self, login, security_key):
        self.login = login
        self.security_key = security_key
        self.api = Nashi()
        answer = self.api.auth(login, security_key)
        assert answer.success, f"{login} cannot sign in: {answer.original_response}"
        assert answer.access_token and answer.api_url.endswith("/api/v4/"), answer.original_response
        self.id = self.api.get_profile().person_id
        assert isinstance(self.id, int)


def good(answer):
    """The answer, which must not be an error."""
    assert answer.error_code is None, f"{answer.error_code}: {answer.error}"
    return answer


def refused(answer, code):
    assert answer.error_code == code, f"expected {code}, got {answer.original_response}"


def comment(member, task_id, **parts):
    """Comments as `member`; gives the task and the comment as the client parsed them."""
    formatted = parts.pop("formatted_text", None)
    request = req.TaskCommentRequest(**parts)
    if formatted is not None:
        request.formatted_text = formatted
    task = good(member.api.comment_task(task_id, request)).task
    assert task.id == task_id
    read = good(member.api.get_task(task_id)).task
    assert [note.id for note in read.comments] == [note.id for note in task.comments]
    assert task.last_note_id == task.comments[-1].id
    last = task.comments[-1]
    assert last.author.id == member.id
    assert last.create_date.tzinfo is not None
    return task, last


def ids(persons):
    return sorted(person.id for person in persons or [])


def until(seen):
    """What others wrote is seen a moment later by who was told nothing of it."""
    assert any(seen() for _ in range(1000))


def sign_in(anna):
    wrong = Nashi().auth(anna.login, "not the key")
    assert not wrong.success
    refused(wrong, "invalid_credentials")

    assert Nashi().auth(anna.login, anna.security_key, anna.id).success
    refused(Nashi().auth(anna.login, anna.security_key, 999999), "invalid_credentials")

    # A token that is no longer good: the client signs in again by itself and repeats the call.
    anna.api.access_token = "forged"
    assert good(anna.api.get_profile()).person_id == anna.id
    assert anna.api.access_token != "forged"


def profile(anna, boris, clara):
    mine = good(anna.api.get_profile())
    assert mine.email == anna.login
    assert mine.first_name and mine.last_name and mine.locale
    assert mine.organization_id == mine.organization.organization_id
    assert mine.organization.name
    assert {anna.id, boris.id, clara.id} <= set(ids(mine.organization.persons))
    good(anna.api.get_profile(include_inactive=True))


def contacts(anna, boris, clara):
    organization = good(anna.api.get_contacts()).organizations[0]
    assert {anna.id, boris.id, clara.id} <= set(ids(organization.persons))
    assert all(person.type == "user" and person.email for person in organization.persons)
    good(anna.api.get_contacts(include_inactive=True))


def members(anna, boris):
    everyone = good(anna.api.get_members()).members
    assert {anna.id, boris.id} <= set(ids(everyone))
    assert good(anna.api.get_member(boris.id)).email == boris.login

    made = good(anna.api.create_member(req.CreateMemberRequest(
        first_name="Дарья", last_name="Новая", email="daria@example.com", position="Clerk")))
    assert made.id and made.first_name == "Дарья" and made.email == "daria@example.com"
    changed = good(anna.api.update_member(made.id, req.UpdateMemberRequest(position="Head", phone="+1 555 0100")))
    assert changed.id == made.id and changed.first_name == "Дарья"
    shown = [person for person in good(anna.api.get_members()).members if person.id == made.id]
    assert shown[0].position == "Head" and shown[0].phone == "+1 555 0100"
    with tempfile.NamedTemporaryFile(suffix=".png") as picture:
        picture.write(b"\x89PNG\r\n\x1a\n")
        picture.flush()
        face = good(anna.api.upload_file(picture.name))
    pictured = good(anna.api.set_avatar(made.id, face.guid, 7))
    assert pictured.id == made.id
    refused(anna.api.create_member(req.CreateMemberRequest(first_name="X", email="daria@example.com")),
            "person_email_already_in_use")
    refused(boris.api.create_member(req.CreateMemberRequest(first_name="X", email="x@example.com")), "access_denied")


def departments(anna, boris):
    """The client shows departments with people, and cannot make them; it has the wire for that all the same."""
    head = anna.api._perform_put_request("/orgchart", {"department_name": "Лес", "manager_id": anna.id})
    below = anna.api._perform_put_request("/orgchart", {"department_name": "Foxes", "parent_id": head["id"]})
    assert below["parent_id"] == head["id"], below
    everything = {
        "first_name": "Boris", "last_name": "Bauer", "status": "In the wood", "mobile_phone": "+1 555 0101", "phone": "+1 555 0102",
        "position": "Warden", "department_id": below["id"]}
    good(anna.api.update_member(boris.id, req.UpdateMemberRequest(**everything)))
    # Of one member alone the client keeps less than of all.
    one = good(anna.api.get_member(boris.id))
    assert (one.id, one.email, one.first_name) == (boris.id, boris.login, "Boris")
    shown = [person for person in good(anna.api.get_members()).members if person.id == boris.id][0]
    assert {name: getattr(shown, name) for name in everything} == everything
    assert shown.department_name == "Foxes" and shown.type == "user"
    seen = [person for person in good(boris.api.get_contacts()).organizations[0].persons if person.id == boris.id][0]
    assert (seen.department_id, seen.department_name) == (below["id"], "Foxes")

    chart = {one["id"]: one for one in boris.api._perform_get_request("/orgchart")["departments"]}
    assert chart[head["id"]]["manager_id"] == anna.id and chart[below["id"]]["department_name"] == "Foxes"
    moved = anna.api._perform_post_request(f"/orgchart/{head['id']}", {"parent_id": below["id"]})
    assert moved["error_code"] == "invalid_department", moved
    assert boris.api._perform_delete_request(f"/orgchart/{below['id']}")["error_code"] == "access_denied"
    assert "error_code" not in anna.api._perform_delete_request(f"/orgchart/{below['id']}")
    assert [person.department_id for person in good(anna.api.get_members()).members if person.id == boris.id] == [None]


def bots(anna, boris):
    """Likewise bots, which then sign in with the client as anybody does."""
    made = anna.api._perform_post_request("/bots", {
        "name": "Counter", "hook_url": "https://example.com/hook", "bot_settings": "{}", "description": "Counts"})
    assert made["name"] == "Counter" and made["is_enabled"] and made["login"].startswith("bot@"), made
    key = anna.api._perform_post_request(f"/members/{made['id']}/security_key", {})["security_key"]
    counter = Member(made["login"], key)
    assert counter.id == made["id"]
    task = good(boris.api.create_task(req.CreateTaskRequest(text="Count these", responsible=counter.id))).task
    assert task.responsible.type == "bot" and task.responsible.first_name == "Counter"
    until(lambda: task.id in {found.id for found in good(counter.api.get_inbox()).tasks or []})
    comment(counter, task.id, text="Three", action="finished")
    author = good(boris.api.get_task(task.id)).task.comments[-1].author
    assert (author.id, author.type) == (counter.id, "bot")

    changed = anna.api._perform_put_request(f"/bots/{made['id']}", {"name": "Counters", "is_enabled": False})
    assert changed["name"] == "Counters" and not changed["is_enabled"], changed
    assert made["id"] in {bot["id"] for bot in anna.api._perform_get_request("/bots")["bots"]}
    assert boris.api._perform_put_request(f"/bots/{made['id']}", {"name": "Mine"})["error_code"] == "access_denied"
    anna.api._perform_delete_request(f"/bots/{made['id']}")
    refused(Nashi().auth(made["login"], key), "account_blocked")


def create(anna, boris, clara):
    due_date = datetime.now(timezone.utc) + timedelta(days=7)
    task = good(anna.api.create_task(req.CreateTaskRequest(
        text="Подготовить договор\nand <send> it & wait 🙂", subject="The contract", responsible=boris.login,
        participants=[clara.id], subscribers=[clara.id], due_date=due_date))).task
    assert task.text == "Подготовить договор\nand <send> it & wait 🙂"
    assert task.subject == "The contract"
    assert task.author.id == anna.id and task.author.first_name
    assert task.responsible.id == boris.id
    assert clara.id in ids(task.participants)
    assert [subscriber.person.id for subscriber in task.subscribers] == [clara.id]
    assert task.due_date.date() == due_date.date() and task.due is None
    assert task.create_date.tzinfo is not None and task.close_date is None

    due = (datetime.now(timezone.utc) + timedelta(days=1)).replace(microsecond=0)
    child = good(anna.api.create_task(req.CreateTaskRequest(
        text="A part of it", parent_task_id=task.id, due=due, duration=45,
        scheduled_datetime_utc=due - timedelta(hours=1)))).task
    assert child.parent_task_id == task.id
    assert child.due == due and child.duration == 45
    assert child.scheduled_datetime_utc.replace(tzinfo=timezone.utc) == due - timedelta(hours=1)
    assert child.id > task.id

    refused(anna.api.create_task(req.CreateTaskRequest(subject="no text")), "text_missing")
    return task.id


def words(task_id, anna, boris, clara):
    _, note = comment(boris, task_id, text="I have begun.")
    assert note.text == "I have begun."
    task, edited = comment(boris, task_id, text="I have finished the first half.", edit_comment_id=note.id)
    assert edited.id > note.id
    assert any(shown.text == "I have finished the first half." for shown in task.comments)

    _, mention = comment(anna, task_id, formatted_text=(
        f'<b>Look</b>, <span data-personid="{clara.id}">Clara</span>: is <a href="https://example.com/">this</a> right?'))
    assert mention.mentions == [clara.id]
    assert "Look" in mention.text and "<" not in mention.text
    _, reply = comment(clara, task_id, formatted_text=(
        f'<quote data-noteid="{mention.id}" data-personid="{anna.id}" data-personname="Anna">Look</quote>It is.'))
    assert reply.reply_note_id == mention.id

    task, note = comment(anna, task_id, subject="The new contract")
    assert task.subject == note.subject == "The new contract"
    _, note = comment(boris, task_id, text="Half an hour of reading", spent_minutes=30, skip_notification=True)
    assert note.spent_minutes == 30 and note.skip_notification


def people(task_id, anna, boris, clara):
    task, note = comment(anna, task_id, participants_removed=[clara.id])
    assert ids(note.participants_removed) == [clara.id] and clara.id not in ids(task.participants)
    task, note = comment(anna, task_id, participants_added=[clara.login])
    assert ids(note.participants_added) == [clara.id] and clara.id in ids(task.participants)

    task, note = comment(anna, task_id, text="Over to Clara", reassign_to=clara.id)
    assert note.reassigned_to.id == clara.id and task.responsible.id == clara.id
    task, note = comment(anna, task_id, reassign_to=boris.login)
    assert note.reassigned_to.id == boris.id and task.responsible.id == boris.id

    task, note = comment(clara, task_id, approval_choice="acknowledged")
    assert note.approval_choice == "acknowledged"
    assert [who.approval_choice for who in task.subscribers if who.person.id == clara.id] == ["acknowledged"]
    task, note = comment(anna, task_id, subscribers_rerequested=[clara.id])
    assert ids(note.subscribers_rerequested) == [clara.id]
    assert [who.approval_choice for who in task.subscribers if who.person.id == clara.id] == ["waiting"]
    task, note = comment(anna, task_id, subscribers_removed=[clara.id])
    assert ids(note.subscribers_removed) == [clara.id] and not task.subscribers
    task, note = comment(anna, task_id, subscribers_added=[boris.id, clara.login])
    assert ids(note.subscribers_added) == sorted([boris.id, clara.id])
    assert sorted(who.person.id for who in task.subscribers) == sorted([boris.id, clara.id])


def dates(task_id, anna):
    day = datetime.now(timezone.utc) + timedelta(days=30)
    moment = day.replace(microsecond=0)
    task, note = comment(anna, task_id, due=moment, duration=90)
    assert task.due == note.due == moment and task.duration == note.duration == 90 and task.due_date is None
    task, note = comment(anna, task_id, due_date=day)
    assert task.due_date.date() == note.due_date.date() == day.date() and task.due is None and task.duration is None
    task, note = comment(anna, task_id, cancel_due=True)
    assert task.due_date is None and task.due is None and task.duration is None

    task, note = comment(anna, task_id, scheduled_date=day)
    assert task.scheduled_date.date() == note.scheduled_date.date() == day.date()
    task, note = comment(anna, task_id, scheduled_datetime_utc=moment)
    assert task.scheduled_datetime_utc == note.scheduled_datetime_utc == moment.replace(tzinfo=None)
    assert task.scheduled_date is None
    task, note = comment(anna, task_id, cancel_schedule=True)
    assert note.cancel_schedule and task.scheduled_date is None and task.scheduled_datetime_utc is None
    refused(anna.api.comment_task(task_id, req.TaskCommentRequest(scheduled_date=day - timedelta(days=60))),
            "scheduled_date_in_past")


def finish(task_id, anna, boris):
    task, note = comment(boris, task_id, text="Done", action="finished", skip_satisfaction=True)
    assert note.action == "finished" and task.close_date is not None and note.skip_satisfaction
    task, note = comment(anna, task_id, text="Thank you", skip_auto_reopen=True)
    assert note.skip_auto_reopen and task.close_date is not None
    task, note = comment(anna, task_id, text="One more thing")
    assert task.close_date is None, "a comment reopens a closed task"
    task, _ = comment(anna, task_id, action="finished")
    assert task.close_date is not None
    task, note = comment(anna, task_id, action="reopened")
    assert note.action == "reopened" and task.close_date is None


def inbox(anna, boris, clara):
    made = good(anna.api.create_task(req.CreateTaskRequest(text="For the inbox of Boris", responsible=boris.id))).task
    # Nothing waits here: a person's acknowledged writes, and those of others that were told to them, are there.
    before = good(anna.api.get_inbox())
    assert before.has_more is False
    for_boris = good(boris.api.get_inbox(tasks_count=50, group_tasks_count=50))
    found = {task.id: task for task in for_boris.tasks}
    assert made.id in found, "a task that Boris is responsible for is in his inbox"
    header = found[made.id]
    assert header.text == "For the inbox of Boris"
    assert header.author.id == anna.id and header.responsible.id == boris.id
    assert header.create_date == made.create_date and header.last_modified_date >= made.create_date
    assert made.id not in {task.id for task in good(clara.api.get_inbox()).tasks or []}
    refused(clara.api.get_task(made.id), "access_denied_task")

    comment(boris, made.id, text="Done", action="finished")
    assert made.id not in {task.id for task in good(boris.api.get_inbox()).tasks or []}


def roles(anna, boris, clara):
    made = good(anna.api.create_role(req.CreateRoleRequest(name="Бухгалтерия", members=[boris.id, clara.id])))
    assert made.name == "Бухгалтерия" and made.member_ids == sorted([boris.id, clara.id]) and made.banned is False
    assert [role.name for role in good(boris.api.get_roles()).roles if role.id == made.id] == ["Бухгалтерия"]
    assert good(boris.api.get_role(made.id)).member_ids == made.member_ids
    organization = good(boris.api.get_contacts()).organizations[0]
    assert made.id in {role.id for role in organization.roles}
    refused(boris.api.create_role(req.CreateRoleRequest(name="Mine")), "access_denied")

    task = good(anna.api.create_task(req.CreateTaskRequest(text="For a role", responsible=made.id))).task
    assert task.responsible.id == made.id and task.responsible.type == "role"
    assert task.responsible.first_name == "Бухгалтерия"
    until(lambda: task.id in {found.id for found in good(boris.api.get_inbox()).tasks or []})
    # The client sends `memebr_remove`.
    changed = good(anna.api.update_role(made.id, req.UpdateRoleRequest(removed_members=[boris.id])))
    assert changed.member_ids == [clara.id]
    until(lambda: task.id not in {found.id for found in good(boris.api.get_inbox()).tasks or []})
    refused(boris.api.get_task(task.id), "access_denied_task")
    comment(clara, task.id, text="I take it")

    assert good(anna.api.update_role(made.id, req.UpdateRoleRequest(banned=True))).banned is True
    refused(clara.api.get_task(task.id), "access_denied_task")
    gone = good(anna.api.delete_role(made.id, req.DeleteRoleRequest(task_receiver_id=boris.id)))
    assert gone.fired is True
    assert made.id not in {role.id for role in good(anna.api.get_roles()).roles or []}


def lists(anna, boris, clara):
    """The client reads lists and cannot make them; it has the wire for that all the same."""
    made = anna.api._perform_put_request("/lists", {
        "name": "The move", "list_type": "org_wide", "added_managers": [{"id": anna.id}], "added_members": [boris.id]})
    below = anna.api._perform_put_request("/lists", {"name": "Boxes", "parent_id": made["id"], "added_member_ids": [clara.id]})
    tree = {shown.id: shown for shown in good(anna.api.get_lists()).lists}
    assert tree[made["id"]].name == "The move"
    assert [child.id for child in tree[made["id"]].children] == [below["id"]]
    assert below["id"] in {shown.id for shown in good(clara.api.get_lists()).lists[0].children or []}

    task = good(anna.api.create_task(req.CreateTaskRequest(text="Pack the boxes", list_ids=[below["id"]]))).task
    assert task.list_ids == [below["id"]] and task.comments[0].added_list_ids == [below["id"]]
    assert good(clara.api.get_task(task.id)).task.id == task.id, "who is a member of a list sees what lies in it"
    task, note = comment(anna, task.id, added_list_ids=[made["id"]], removed_list_ids=[below["id"]])
    assert note.added_list_ids == [made["id"]] and note.removed_list_ids == [below["id"]] and task.list_ids == [made["id"]]
    refused(anna.api.comment_task(task.id, req.TaskCommentRequest(added_list_ids=[999999])), "access_denied_project")

    until(lambda: good(boris.api.get_task_list(made["id"])).tasks)
    page = good(boris.api.get_task_list(made["id"]))
    assert [header.id for header in page.tasks] == [task.id] and page.has_more is False
    assert page.tasks[0].text == "Pack the boxes" and page.tasks[0].author.id == anna.id
    comment(anna, task.id, action="finished")
    until(lambda: not good(boris.api.get_task_list(made["id"])).tasks)
    now = datetime.now(timezone.utc)
    archived = req.TaskListRequest(include_archived=True, created_after=now - timedelta(days=1), closed_before=now + timedelta(days=1),
                                   item_count=5)
    assert [header.id for header in good(boris.api.get_task_list(made["id"], archived)).tasks] == [task.id]
    refused(boris.api.get_task_list(999999), "access_denied_project")


def catalogs(anna, boris):
    made = good(anna.api.create_catalog(req.CreateCatalogRequest("Vendors", ["Vendor", "City"], [["Acme", "Bonn"], ["Beta", "Bonn"]])))
    assert [header.name for header in made.catalog_headers] == ["Vendor", "City"]
    assert {header.type for header in made.catalog_headers} == {"text"}
    assert [(item.item_id, item.values) for item in made.items] == [(1, ["Acme", "Bonn"]), (2, ["Beta", "Bonn"])]
    refused(boris.api.create_catalog(req.CreateCatalogRequest("Mine", ["Key"])), "access_denied_catalog")

    rows = [["Beta", "Köln"], ["Ceta", "Ulm"]]
    dry = good(anna.api.sync_catalog(made.catalog_id, req.SyncCatalogRequest(catalog_headers=["Vendor", "City"], items=rows)))
    assert dry.apply is False and [item.values for item in dry.added] == [["Ceta", "Ulm"]]
    assert [item.values for item in good(boris.api.get_catalog(made.catalog_id)).items] == [["Acme", "Bonn"], ["Beta", "Bonn"]]
    done = good(anna.api.sync_catalog(made.catalog_id, req.SyncCatalogRequest(True, ["Vendor", "City"], rows)))
    assert done.apply is True and [item.item_id for item in done.updated] == [2] and [item.item_id for item in done.deleted] == [1]
    diff = req.UpdateCatalogItemsRequest(upsert=[["Acme", "Jena"]], delete=["Ceta"])
    part = good(anna.api.update_catalog_items(made.catalog_id, diff))
    assert [item.item_id for item in part.added] == [1], "what comes back is the item that it was"
    assert [item.values for item in part.deleted] == [["Ceta", "Ulm"]] and part.updated is None

    def found(*filters, **more):
        wanted = catalog_item_filters.CatalogItemFilters([catalog_item_filters.CatalogItemFilter(*one) for one in filters], **more)
        return [item.values[0] for item in good(boris.api.get_catalog(made.catalog_id, wanted)).items or []]

    assert found(("City", "Jena")) == ["Acme"] and found(("City", "Jena"), ("Vendor", "Beta")) == []
    assert found(("Vendor", "*et*"), use_wildcard=True) == ["Beta"]
    wrong = catalog_item_filters.CatalogItemFilters([catalog_item_filters.CatalogItemFilter("Street", "x")])
    refused(boris.api.get_catalog(made.catalog_id, wrong), "catalog_column_not_found")
    refused(boris.api.get_catalog(999999), "access_denied_catalog")


def calendar(anna, boris):
    start = datetime(2032, 2, 1, tzinfo=timezone.utc)
    due = start + timedelta(days=3, hours=10)
    task = good(anna.api.create_task(req.CreateTaskRequest(text="Due in February", responsible=boris.id, due=due, duration=30))).task
    comment(anna, task.id, text="The newest word")
    month = req.CalendarRequest(start, start + timedelta(days=28))
    until(lambda: [note.text for shown in good(boris.api.get_calendar_tasks(month)).tasks or [] for note in shown.comments] == ["The newest word"])
    page = good(boris.api.get_calendar_tasks(month))
    assert [shown.id for shown in page.tasks] == [task.id] and page.has_more is False
    assert page.tasks[0].due == due and [note.text for note in page.tasks[0].comments] == ["The newest word"]
    every = req.CalendarRequest(start, start + timedelta(days=28), item_count=100, all_accessed_tasks=True, filter_mask=0b1111,
                                include_meetings=True)
    assert [shown.id for shown in good(anna.api.get_calendar_tasks(every)).tasks] == [task.id]
    assert not good(anna.api.get_calendar_tasks(req.CalendarRequest(start, start + timedelta(days=28)))).tasks


def announcements(anna, boris):
    made = good(anna.api.create_announcement(req.CreateAnnouncementRequest(text="Чай в четыре"))).announcement
    assert made.text == "Чай в четыре" and made.author.id == anna.id and made.create_date.tzinfo is not None
    said = good(boris.api.comment_announcement(made.id, req.AnnouncementCommentRequest(text="Thank you"))).announcement
    assert [(comment.text, comment.author.id) for comment in said.comments] == [("Thank you", boris.id)]
    assert said.comments[0].create_date >= made.create_date
    assert good(boris.api.get_announcement(made.id)).announcement.comments[0].id == said.comments[0].id
    assert made.id in [one.id for one in good(boris.api.get_announcements(item_count=10)).announcements]
    refused(anna.api.create_announcement(req.CreateAnnouncementRequest()), "text_missing")


def knowledge_base(anna, boris):
    def add(kind, title, **parts):
        return good(anna.api.create_knowledge_base_entity(req.CreateKnowledgeBaseEntityRequest(kind, title, **parts)))

    topic = add("topic", "Teas")
    assert len(topic.id) == 11 and topic.type == "topic" and topic.author.id == anna.id and topic.version == 1
    article = add("article", "Зелёный", body="# 80 °C", parent_topic_id=topic.id)
    assert article.body == "# 80 °C" and article.parent_topic_id == topic.id and article.access_right == "write"
    changed = good(anna.api.update_knowledge_base_entity(article.id, req.UpdateKnowledgeBaseEntityRequest(title="Green")))
    assert changed.title == "Green" and changed.body == "# 80 °C" and changed.version == 2
    assert changed.parent_topic_id == topic.id, "what the client sends as null stays"
    read = good(boris.api.get_knowledge_base_entity(article.id))
    assert read.access_right == "read" and read.is_open_for_organization and read.last_edited_by.id == anna.id
    refused(boris.api.update_knowledge_base_entity(article.id, req.UpdateKnowledgeBaseEntityRequest(title="Mine")),
            "knowledge_base_access_denied")
    refused(anna.api.update_knowledge_base_entity(topic.id, req.UpdateKnowledgeBaseEntityRequest(
        parent_topic_id=topic.id, parent_topic_id_changed=True)), "knowledge_base_invalid_parent")

    structure = good(boris.api.get_knowledge_base_structure())
    teas = [item for item in structure.items if item.id == topic.id][0]
    assert [item.title for item in teas.children] == ["Green"]
    assert [item.id for item in good(boris.api.get_knowledge_base_structure(topic.id, 1)).items] == [article.id]

    closed = good(anna.api.update_knowledge_base_permissions(topic.id, req.UpdateKnowledgeBasePermissionsRequest(
        inherit=False, editors=[anna.id])))
    assert closed.global_permission == "none" and closed.inherit is False and ids(closed.editors) == [anna.id]
    assert good(anna.api.get_knowledge_base_permissions(topic.id)).global_permission == "none"
    refused(boris.api.get_knowledge_base_entity(article.id), "knowledge_base_not_found")

    good(anna.api.update_knowledge_base_entity(article.id, req.UpdateKnowledgeBaseEntityRequest(parent_topic_id_changed=True)))
    assert good(anna.api.get_knowledge_base_entity(article.id)).parent_topic_id is None
    assert good(anna.api.delete_knowledge_base_entity(topic.id, delete_with_children=True)).deleted
    refused(anna.api.get_knowledge_base_entity(topic.id), "knowledge_base_not_found")
    assert good(boris.api.get_knowledge_base_entity(article.id)).title == "Green"


PURCHASE = {
    "name": "Purchase",
    "folder": ["Finance"],
    "definition": {
        "fields": [
            {"name": "Amount", "type": "money", "code": "u_amount", "required_step": 1, "in_title": True},
            {"name": "Places", "type": "number", "decimal_places": 2},
            {"name": "When", "type": "date"},
            {"name": "At", "type": "time"},
            {"name": "Urgent", "type": "checkmark"},
            {"name": "Sure", "type": "flag"},
            {"name": "Until", "type": "due_date"},
            {"name": "Meeting", "type": "due_date_time"},
            {"name": "Mail", "type": "email"},
            {"name": "Phone", "type": "phone"},
            {"name": "Buyer", "type": "person"},
            {
                "name": "Kind",
                "type": "multiple_choice",
                "options": [{"choice_value": "Chairs"}, {"choice_value": "Other", "fields": [{"name": "Which", "type": "text"}]}],
            },
            {"name": "Details", "type": "title", "checkmark": True, "fields": [{"name": "Why", "type": "text", "multiline": True}]},
            {
                "name": "Rows",
                "type": "table",
                "columns": [{"name": "What", "type": "text"}, {"name": "Price", "type": "money", "code": "u_price"}],
            },
            {"name": "Total", "type": "money", "formula": "sum(u_price)"},
            {"name": "Step", "type": "step"},
            {"name": "Status", "type": "status"},
            {"name": "Created", "type": "creation_date"},
            {"name": "Author", "type": "author"},
            {"name": "Note", "type": "note", "tooltip": "Keep the bill"},
        ],
    },
}


def forms(anna, boris, clara):
    definition = dict(PURCHASE["definition"])
    definition["steps"] = [
        {"name": "Request", "approvers": [{"who": "author"}]},
        {"name": "Chief", "approvers": [{"who": {"person": boris.id}}]},
        {"name": "Finance", "approvers": [{"who": {"person": clara.id}}], "condition": "u_amount > 1000"},
    ]
    made = anna.api._perform_post_request("/forms", {**PURCHASE, "definition": definition})
    form = good(anna.api.get_form(made["id"]))
    assert form.name == "Purchase" and form.folder == ["Finance"] and not form.deleted_or_closed
    assert form.steps == {"1": "Request", "2": "Chief", "3": "Finance"}, form.steps
    named = {field.name: field for field in form.flat_fields}
    assert named["Amount"].info.required_step == 1 and named["Amount"].code == "u_amount"
    assert [option.choice_value for option in named["Kind"].info.options] == ["Chairs", "Other"]
    assert [column.name for column in named["Rows"].info.columns] == ["What", "Price"]
    assert named["Which"].parent_id == named["Kind"].id
    assert [found.id for found in good(anna.api.get_forms()).forms] == [form.id]

    refused(boris.api.get_form(form.id), "access_denied_form")
    permissions = req.ChangePermissionsRequest({boris.id: "member", clara.id: "manager"})
    changed = good(anna.api.change_form_permissions(form.id, permissions)).permissions
    levels = {int(person): level for person, level in changed.items()}
    assert levels[boris.id] == "member" and levels[clara.id] == "manager", changed
    assert good(anna.api.get_form_permissions(form.id)).permissions == changed

    fields = [
        {"id": named["Amount"].id, "value": 5000.5},
        {"name": "Places", "value": 1.25},
        {"name": "When", "value": "2030-01-02"},
        {"name": "At", "value": "07:30"},
        {"name": "Urgent", "value": "checked"},
        {"name": "Sure", "value": "unchecked"},
        {"name": "Until", "value": "2030-01-03", "duration": 140},
        {"name": "Meeting", "value": "2030-01-04T05:06:07Z", "duration": 30},
        {"name": "Mail", "value": "a@example.org"},
        {"name": "Phone", "value": "79001234567,12345"},
        {"name": "Buyer", "value": {"id": boris.id}},
        {"name": "Kind", "value": {"choice_names": ["Other"], "fields": [{"name": "Which", "value": "Lamps"}]}},
        {"name": "Details", "value": {"checkmark": "checked", "fields": [{"name": "Why", "value": "It is\ndark"}]}},
        {"name": "Rows", "value": [{"row_id": 0, "cells": [{"name": "What", "value": "Lamp"}, {"name": "Price", "value": 12.25}]}]},
    ]
    request = req.CreateTaskRequest(form_id=form.id, fields=fields, fill_defaults=True)
    task = good(anna.api.create_task(request)).task
    read = good(anna.api.get_task(task.id)).task
    for seen in (task, read):
        assert seen.form_id == form.id and seen.current_step == 2 and seen.text == "Purchase: 5000.5"
        values = {field.name: field for field in seen.flat_fields}
        assert values["Amount"].value == 5000.5 and values["Places"].value == 1.25 and values["Total"].value == 12.25
        assert values["When"].value.date().isoformat() == "2030-01-02"
        assert (values["At"].value.hour, values["At"].value.minute) == (7, 30)
        assert values["Urgent"].value == "checked" and values["Sure"].value == "unchecked"
        assert values["Until"].value.day == 3 and values["Until"].duration == 140
        assert values["Meeting"].value.second == 7 and values["Meeting"].duration == 30
        assert values["Mail"].value == "a@example.org" and values["Phone"].value == "79001234567,12345"
        assert values["Buyer"].value.id == boris.id and values["Author"].value.id == anna.id
        assert values["Kind"].value.choice_names == ["Other"] and values["Which"].value == "Lamps"
        assert values["Details"].value.checkmark == "checked" and values["Why"].value == "It is\ndark"
        assert values["What"].value == "Lamp" and values["Rows"].value[0].row_id == 0
        assert values["Step"].value == 2 and values["Status"].value == "open" and values["Note"].value == "Keep the bill"
        assert [[entry.person.id for entry in step] for step in seen.approvals] == [[anna.id], [boris.id]]
        assert [step.name for step in seen.steps] == ["Request", "Chief"]

    task, last = comment(boris, task.id, approval_choice="approved", text="Fine", field_updates=[{"name": "Urgent", "value": "unchecked"}])
    assert task.current_step == 3 and last.approval_choice == "approved" and last.changed_step == 3
    assert last.field_updates[0].name == "Urgent" and last.field_updates[0].value == "unchecked"
    task, last = comment(clara, task.id, approval_choice="rejected")
    assert task.current_step == 1 and last.approval_choice == "rejected" and last.reset_to_step == 1
    update = [{"id": named["Amount"].id, "value": "900.00"}, {"name": "Rows", "value": [{"row_id": 0, "delete": True}]}]
    task, last = comment(anna, task.id, approval_choice="approved", field_updates=update)
    assert task.current_step == 2 and task.text == "Purchase: 900"
    task, _ = comment(anna, task.id, approvals_added=[[], [clara.id]])
    assert ids(entry.person for entry in task.approvals[1]) == sorted([boris.id, clara.id])
    refused(anna.api.comment_task(task.id, req.TaskCommentRequest(field_updates=[{"id": 404, "value": 1}])), "invalid_field_id")
    register(anna, form, named, task)
    task, _ = comment(boris, task.id, approval_choice="approved")
    task, _ = comment(clara, task.id, approval_choice="acknowledged", action="finished")
    assert task.close_date is not None
    until(lambda: good(anna.api.get_registry(form.id)).tasks == [])


def register(anna, form, named, task):
    def found(**asked):
        return [row.id for row in good(anna.api.get_registry(form.id, req.FormRegisterRequest(**asked))).tasks]

    amount, phone, kind, when = (named[name].id for name in ("Amount", "Phone", "Kind", "When"))
    until(lambda: [row.current_step for row in good(anna.api.get_registry(form.id)).tasks] == [2])
    row = good(anna.api.get_registry(form.id)).tasks[0]
    assert row.id == task.id
    assert {field.name: field.value for field in row.flat_fields}["Amount"] == 900
    for filters in (
        [entities.EqualsFilter(amount, 900)],
        [entities.GreaterThanFilter(amount, 899)],
        [entities.LessThanFilter(amount, 901)],
        [entities.RangeFilter(amount, [1, 1000])],
        [entities.IsInFilter(amount, [5, 900])],
        [entities.ExistsFilter(phone)],
        [entities.EqualsFilter(phone, "7900")],
        [entities.EqualsFilter(when, datetime(2030, 1, 2)), entities.EqualsTaskIdFilter(task.id)],
    ):
        assert found(filters=filters) == [task.id], filters[0].__dict__
    for filters in ([entities.IsEmptyFilter(phone)], [entities.GreaterThanFilter(amount, 900)], [entities.EqualsFilter(phone, "12345")]):
        assert found(filters=filters) == [], filters[0].__dict__
    assert found(include_text="purchase 900") == [task.id] and found(include_text="no such words") == []
    assert found(include_text="purch", filters=[entities.EqualsFilter(amount, 900)], sort=entities.FormRegisterSort(by_task_id=True), item_count=1) == [task.id]
    assert found(steps=[2], include_archived=True, task_ids=[task.id]) == [task.id] and found(steps=[3]) == []
    only = good(anna.api.get_registry(form.id, req.FormRegisterRequest(field_ids=[kind, amount]))).tasks[0]
    assert [field.id for field in only.fields] == [kind, amount]
    lines = anna.api.get_registry(form.id, req.FormRegisterRequest(format="csv", delimiter=";"))
    head, only = lines.csv.splitlines()
    assert head.startswith("Id;Text;") and head.endswith(";Total"), head
    assert only.startswith(f"{task.id};Purchase: 900;") and ";79001234567,12345;" in only, only
    refused(anna.api.get_registry(form.id, req.FormRegisterRequest(filters=[entities.EqualsFilter(404, 1)])), "invalid_field_id")


def catalog_fields(anna, boris):
    rows = [["Acme", "Bonn", str(boris.id)], ["Beta", "Bonn", ""], ["Ceta", "Ulm", ""]]
    catalog = good(anna.api.create_catalog(req.CreateCatalogRequest("Suppliers", ["Supplier", "City", "Buyer"], rows)))
    item = {"type": "catalog", "catalog_id": catalog.catalog_id}
    definition = {"fields": [
        {"name": "Supplier", "code": "u_supplier", "default_value": "Beta", **item},
        {"name": "Bidders", "multiple": True, **item},
        {"name": "Rows", "type": "table", "columns": [{"name": "Source", **item}]},
        {"name": "Papers", "type": "file"},
    ]}
    made = anna.api._perform_post_request("/forms", {"name": "Offers", "definition": definition})
    form = good(anna.api.get_form(made["id"]))
    named = {field.name: field for field in form.flat_fields}
    assert named["Supplier"].info.catalog_id == catalog.catalog_id and not named["Supplier"].info.multiple_choice
    assert named["Bidders"].info.multiple_choice is True and named["Source"].info.catalog_id == catalog.catalog_id
    assert named["Papers"].type == "file"

    def value(task, name):
        return {field.name: field.value for field in task.flat_fields}[name]

    fields = [
        {"id": named["Supplier"].id, "value": entities.CatalogValue(item_id=1).__dict__},
        {"name": "Bidders", "value": entities.CatalogValue(item_names=["Ceta", "Acme"]).__dict__},
        {"name": "Rows", "value": [{"row_id": 0, "cells": [{"name": "Source", "value": {"item_name": "Beta"}}]}]},
    ]
    task = good(anna.api.create_task(req.CreateTaskRequest(form_id=form.id, fields=fields))).task
    for seen in (task, good(anna.api.get_task(task.id)).task):
        one, several, source = value(seen, "Supplier"), value(seen, "Bidders"), value(seen, "Source")
        assert isinstance(one, entities.CatalogItem) and one.item_id == 1 and one.item_ids == [1]
        assert one.headers == ["Supplier", "City", "Buyer"] and one.values == rows[0] and one.rows == [rows[0]]
        assert several.item_ids == [3, 1] and several.rows == [rows[2], rows[0]] and several.item_id is None
        assert source.values == rows[1]
        assert value(seen, "Papers") is None
    # What was read can be written as it is.
    task, last = comment(anna, task.id, field_updates=[{"name": "Supplier", "value": value(task, "Bidders").__dict__ | {"item_ids": [3]}}])
    assert last.field_updates[0].value.values == rows[2] and value(task, "Supplier").item_id == 3
    default = good(anna.api.create_task(req.CreateTaskRequest(form_id=form.id, fill_defaults=True))).task
    assert value(default, "Supplier").values == rows[1]
    for wrong, code in (
        ({"item_id": 404}, "invalid_catalog_item_id"),
        ({"item_name": "Delta"}, "invalid_catalog_item_name"),
        ({"item_id": 1, "item_name": "Beta"}, "catalog_item_id_name_mismatch"),
        ({"item_ids": [1, 2]}, "field_cannot_have_multiple_values"),
        ({}, "catalog_identity_missing"),
    ):
        update = req.TaskCommentRequest(field_updates=[{"name": "Supplier", "value": wrong}])
        refused(anna.api.comment_task(task.id, update), code)
    papers = req.TaskCommentRequest(field_updates=[{"name": "Papers", "value": [{"guid": "11111111-1111-1111-1111-111111111111"}]}])
    refused(anna.api.comment_task(task.id, papers), "unrecognized_attachment_id")
    with tempfile.NamedTemporaryFile(suffix=".txt") as paper:
        paper.write(b"Terms")
        paper.flush()
        guid = good(anna.api.upload_file(paper.name)).guid
    filled, last = comment(anna, task.id, field_updates=[{"name": "Papers", "value": [{"guid": guid}]}])
    for files in (value(filled, "Papers"), last.field_updates[0].value):
        assert [(file.size, file.version) for file in files] == [(5, 1)], files
    assert good(anna.api.download_file(value(filled, "Papers")[0].id)).raw_file == b"Terms"
    comment(anna, task.id, field_updates=[{"name": "Papers", "value": []}])

    def found(*filters):
        return [row.id for row in good(anna.api.get_registry(form.id, req.FormRegisterRequest(filters=list(filters)))).tasks]

    supplier, bidders, papers = named["Supplier"].id, named["Bidders"].id, named["Papers"].id
    until(lambda: found(entities.EqualsFilter(supplier, 3)) == [task.id])
    assert found(entities.IsInFilter(supplier, [2, 3])) == [default.id, task.id]
    assert found(entities.EqualsFilter(bidders, 1)) == [task.id] and found(entities.EqualsFilter(supplier, 404)) == []
    assert found(entities.IsEmptyFilter(bidders)) == [default.id] and found(entities.ExistsFilter(bidders)) == [task.id]
    assert found(entities.IsEmptyFilter(papers)) == [default.id, task.id]
    lines = anna.api.get_registry(form.id, req.FormRegisterRequest(format="csv", delimiter=";", field_ids=[supplier, bidders])).csv
    assert lines.splitlines()[2].endswith(";Ceta;Ceta, Acme"), lines


def routes(anna, boris):
    """Steps with a time, a step that opens a task of another form, and links between tasks."""
    def made(name, more, steps):
        named = [{"name": code, "code": code, "type": "text", "in_title": True} for code in ("u_name", "u_result")]
        return anna.api._perform_post_request("/forms", {"name": name, "definition": {"fields": named + more, "steps": steps}})["id"]

    def registry(form, **asked):
        return good(anna.api.get_registry(form, req.FormRegisterRequest(include_archived=True, **asked))).tasks

    def values(task):
        return {field.name: field.value for field in task.flat_fields}

    inner = made("Inner", [], [{"name": "Buy", "approvers": [{"who": {"person": boris.id}}], "due_minutes": 60}])
    author = [{"who": "author"}]
    outer = made("Outer", [{"name": "From", "type": "form_link", "form_id": inner}], [
        {"name": "Ask", "approvers": author},
        {"name": "Have it bought", "subprocess": {"form_id": inner, "wait": True}},
        {"name": "Look", "approvers": author},
    ])
    main = good(anna.api.create_task(req.CreateTaskRequest(form_id=outer, fields=[{"name": "u_name", "value": "Chairs"}]))).task
    assert main.current_step == 2
    until(lambda: [values(row)["u_name"] for row in registry(inner)] == ["Chairs"])
    for late in ("overdue_on_step", "overdue", "past_due", [1, 2]):
        assert registry(inner, due_filter=late) == [], late
    opened, _ = comment(boris, registry(inner)[0].id, approval_choice="approved", field_updates=[{"name": "u_result", "value": "Ten"}])
    assert opened.parent_task_id == main.id and opened.author.id == anna.id
    until(lambda: good(anna.api.get_task(main.id)).task.current_step == 3)
    assert values(good(anna.api.get_task(main.id)).task)["u_result"] == "Ten"

    link = [{"name": "From", "value": {"task_id": opened.id}}, {"name": "u_name", "value": "Lamps"}]
    linked = good(anna.api.create_task(req.CreateTaskRequest(form_id=outer, fields=link))).task
    for seen in (linked, good(anna.api.get_task(linked.id)).task):
        assert values(seen)["u_name"] == "Lamps" and values(seen)["u_result"] == "Ten", values(seen)
        assert values(seen)["From"].task_ids == [opened.id] and values(seen)["From"].subject == "Inner: Chairs; Ten"


def files(anna, boris):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "Estimate 5.txt")
        with open(path, "wb") as file:
            file.write("Lamps, 5".encode())
        uploaded = good(anna.api.upload_file(path))
        assert uuid.UUID(uploaded.guid) and uploaded.md5_hash == hashlib.md5(b"Lamps, 5").hexdigest(), uploaded.original_response
        downloaded = good(anna.api.download_file(uploaded.original_response["id"]))
        assert downloaded.raw_file == b"Lamps, 5" and downloaded.filename == "Estimate 5.txt", downloaded.filename
        refused(boris.api.download_file(uploaded.original_response["id"]), "access_denied_file")
        refused(anna.api.download_file(1_000_000), "access_denied_file")
        new = req.CreateTaskRequest(text="Look at it", attachments=[uploaded.guid], participants=[boris.id])
        task = good(anna.api.create_task(new)).task
        assert [file.name for file in task.attachments] == ["Estimate 5.txt"], task.attachments
        again = good(boris.api.comment_task(task.id, req.TaskCommentRequest(attachments=[{"attachment_id": task.attachments[0].id}]))).task
        assert [file.md5 for file in again.comments[-1].attachments] == [uploaded.md5_hash]
        assert good(boris.api.download_file(task.attachments[0].id)).raw_file == b"Lamps, 5"
        open(path, "wb").close()
        refused(anna.api.upload_file(path), "empty_file")


def main():
    anna, boris, clara = (Member(person["login"], person["key"]) for person in json.loads(os.environ["NASHI_PEOPLE"]))
    sign_in(anna)
    profile(anna, boris, clara)
    contacts(anna, boris, clara)
    members(anna, boris)
    departments(anna, boris)
    bots(anna, boris)
    task_id = create(anna, boris, clara)
    words(task_id, anna, boris, clara)
    people(task_id, anna, boris, clara)
    dates(task_id, anna)
    finish(task_id, anna, boris)
    inbox(anna, boris, clara)
    roles(anna, boris, clara)
    lists(anna, boris, clara)
    catalogs(anna, boris)
    calendar(anna, boris)
    announcements(anna, boris)
    knowledge_base(anna, boris)
    forms(anna, boris, clara)
    catalog_fields(anna, boris)
    routes(anna, boris)
    files(anna, boris)
    notes = len(good(anna.api.get_task(task_id)).task.comments)
    print(f"the vendor's client {client.version.VERSION}: signed in, created, commented {notes} times, read back")


main()
