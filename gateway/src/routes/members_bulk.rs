//! `POST /members/bulk`: many changes of members in one request. Each is a command of its own; what they mean is in `members.rs`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use domain::person::{Command, Person};
use domain::{Code, PersonId};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::people::ShownMember;
use super::{credentials, schema};
use crate::answer::{self, About};
use crate::dialect::{self, ITEMS_MAX, Object};
use crate::error::{Envelope, Fault};
use crate::extract::{Body, Caller, command, item};

#[derive(Serialize, ToSchema)]
pub struct BulkMembers<'a> {
    #[serde(rename = "Members")]
    members: Vec<ShownMember<'a>>,
}

/// Adds, changes, blocks and dismisses, in this order. The first refusal is the answer, and what was done before it stays.
#[utoipa::path(
    post, path = "/v4/members/bulk", tag = "people", params(schema::Write), request_body = schema::WriteMembers,
    responses(
        (status = 200, body = BulkMembers), (status = 400, body = Envelope), (status = 401, body = Envelope),
        (status = 403, body = Envelope, description = "`access_denied`, `access_denied_person`"), (status = 422, body = Envelope),
        (status = 429, body = Envelope), (status = 503, body = Envelope),
    ),
)]
pub async fn bulk(request: HttpRequest, caller: Caller, body: Body) -> Result<HttpResponse, Fault> {
    let command = command(&request, &caller, &body.0)?;
    let wanted = wanted(&body.object()?)?;
    let mut done: Vec<Arc<Person>> = Vec::with_capacity(wanted.len());
    let (mut position, mut replayed) = (0, !wanted.is_empty());
    for (index, (id, wanted)) in (0..).zip(wanted) {
        let command = item(&command, index);
        let one = match id {
            Some(id) => caller.node.change_person(id, command, wanted).await?,
            None => caller.node.add_person(command, wanted).await?,
        };
        // Also where a later one is refused, its asker finds what was done.
        caller.wrote(one.position);
        (position, replayed) = (one.position.max(position), replayed && one.replayed);
        done.push(one.view);
    }
    if position == 0 {
        position = caller.node.head().position;
    } else {
        credentials::seen(&caller, position).await;
    }
    let directory = caller.node.world.latest();
    let organisation = caller.organisation_in(&directory)?;
    let members = done.iter().map(|person| ShownMember::of(person, &organisation, &caller.person)).collect();
    answer::json(&request, &caller.node, &BulkMembers { members }, About { position, replayed })
}

/// Read whole before anything is done.
fn wanted(body: &Map<String, Value>) -> Result<Vec<(Option<PersonId>, Command)>, Fault> {
    let mut all = Vec::new();
    for given in list(body, "AddMembers")? {
        let members = lower(given)?;
        all.push((None, Command::Add(Box::new(dialect::add_member(&Object::new(&members))?))));
    }
    for given in list(body, "ChangeMembers")? {
        let members = lower(given)?;
        let object = Object::new(&members);
        all.push((Some(person(&object)?), Command::Change(Box::new(dialect::change_member(&object)?))));
    }
    for given in list(body, "BanMembers")? {
        let id = match given {
            Value::Number(id) => id.as_i64().map(PersonId).ok_or_else(|| Fault::format("BanMembers"))?,
            other => person(&Object::new(&lower(other)?))?,
        };
        all.push((Some(id), Command::Block));
    }
    for given in list(body, "FireMembers")? {
        let members = lower(given)?;
        let object = Object::new(&members);
        all.push((Some(person(&object)?), Command::Dismiss { receiver: dialect::receiver(&object)? }));
    }
    if all.len() > ITEMS_MAX { Err(Fault::domain(Code::ValueIsTooLong).with("members")) } else { Ok(all) }
}

/// The member of this name in any case of letters, as the vendor's serializer reads it; `add_members` is the same name.
fn list<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a [Value], Fault> {
    let same = |key: &str| key.replace('_', "").eq_ignore_ascii_case(name);
    match body.iter().find(|(key, value)| same(key) && !value.is_null()) {
        None => Ok(&[]),
        Some((_, Value::Array(items))) => Ok(items),
        Some(_) => Err(Fault::format(format!("{name}: not a list"))),
    }
}

/// The members of an item under their names in small letters: `DepartmentId` is taken for `department_id`.
fn lower(given: &Value) -> Result<Map<String, Value>, Fault> {
    let Value::Object(members) = given else { return Err(Fault::format("not an object")) };
    Ok(members.iter().map(|(name, value)| (snake(name), value.clone())).collect())
}

fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, character) in name.chars().enumerate() {
        if character.is_ascii_uppercase() && index > 0 && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

fn person(object: &Object<'_>) -> Result<PersonId, Fault> {
    let id = object.integer("id")?.map(PersonId).filter(|id| *id > PersonId::SYSTEM);
    id.ok_or_else(|| Fault::domain(Code::PersonIdentityMissing))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_read_in_any_case_and_in_order() {
        let body = json!({
            "fireMembers": [{"Id": 4, "TaskReceiverId": 5}], "BANMEMBERS": [3], "change_members": [{"id": 2, "Position": "x"}],
            "AddMembers": [{"Email": "a@example.com", "FirstName": "A"}],
        });
        let read = wanted(body.as_object().expect("an object")).expect("read");
        assert!(matches!(&read[0], (None, Command::Add(added)) if added.profile.first_name == "A"));
        assert!(matches!(&read[1], (Some(PersonId(2)), Command::Change(change)) if change.position.as_deref() == Some("x")));
        assert!(matches!(read[2], (Some(PersonId(3)), Command::Block)));
        assert!(matches!(read[3], (Some(PersonId(4)), Command::Dismiss { receiver: Some(PersonId(5)) })));
    }
}
