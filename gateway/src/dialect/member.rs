//! `POST /members` and `PUT /members/{id}`, read. Not the decisions (`domain/src/person/`).

use domain::person::{
    Added, Avatar, Away, BirthDate, BotChange, Bound, BoundChange, Change, Messenger, MessengerChange, MessengerKind, PersonKind, Profile,
    RestrictionsChange, SessionBoundsChange, SessionPolicyChange, rights,
};
use domain::{DepartmentId, PersonId};
use serde_json::Value;

use super::{BadInput, Object};
use domain::Code;

/// Reads the body of `POST /members` (pyrus.md §1.11).
pub fn add_member(body: &Object<'_>) -> Result<Added, BadInput> {
    let text = |name| body.string(name).map(|text| text.filter(|text| !text.is_empty()));
    Ok(Added {
        kind: kind(body)?,
        rights: read_rights(body)?.unwrap_or(rights::DEFAULT),
        profile: Profile {
            first_name: text("first_name")?.unwrap_or_default(),
            last_name: text("last_name")?.unwrap_or_default(),
            email: text("email")?.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "email", "missing"))?,
            native_first_name: text("native_first_name")?,
            native_last_name: text("native_last_name")?,
            external_id: external_id(body)?,
            position: text("position")?,
            status: text("status")?,
            phone: text("phone")?,
            mobile_phone: text("mobile_phone")?,
            skype: text("skype")?,
            location: text("location")?,
            personality: text("personality")?,
            personnel_number: text("personnel_number")?,
            locale: text("locale")?,
            time_zone: text("time_zone")?,
            messenger: match messenger(body)? {
                Some(MessengerChange::Set(messenger)) => Some(messenger),
                Some(MessengerChange::Drop) | None => None,
            },
            vacation_days: vacation_days(body)?,
            login_phone: text("login_phone")?.map(|phone| phone_without_spaces(&phone)),
            department: department(body)?,
            birth_date: birth_date(body)?,
        },
    })
}

/// Reads the body of `PUT /members/{id}`: what is present changes, an empty text clears.
pub fn change_member(body: &Object<'_>) -> Result<Change, BadInput> {
    Ok(Change {
        first_name: body.string("first_name")?,
        last_name: body.string("last_name")?,
        email: body.string("email")?,
        native_first_name: body.string("native_first_name")?,
        native_last_name: body.string("native_last_name")?,
        external_id: external_id(body)?,
        position: body.string("position")?,
        status: body.string("status")?,
        phone: body.string("phone")?,
        mobile_phone: body.string("mobile_phone")?,
        skype: body.string("skype")?,
        location: body.string("location")?,
        personality: body.string("personality")?,
        personnel_number: body.string("personnel_number")?,
        locale: body.string("locale")?,
        time_zone: body.string("time_zone")?,
        messenger: messenger(body)?,
        vacation_days: vacation_days(body)?,
        login_phone: body.string("login_phone")?.map(|phone| phone_without_spaces(&phone)),
        department: department(body)?,
        drop_department: body.boolean("drop_department")?,
        birth_date: birth_date(body)?,
        rights: read_rights(body)?,
        banned: body.optional_boolean("banned")?,
        restrictions: RestrictionsChange {
            cant_view_restricted_form_registry: body.optional_boolean("cant_view_restricted_form_registry")?,
            cant_view_form_registry: body.optional_boolean("cant_view_form_registry")?,
            cant_export_restricted_form_registry: body.optional_boolean("cant_export_restricted_form_registry")?,
            cant_export_form_registry: body.optional_boolean("cant_export_form_registry")?,
            cant_add_external_users_to_tasks: body.optional_boolean("cant_add_external_users_to_tasks")?,
            cant_add_external_users_to_lists: body.optional_boolean("cant_add_external_users_to_lists")?,
        },
        sessions: SessionPolicyChange {
            mobile: SessionBoundsChange {
                life_hours: bound(body, "mobile_session_settings", "life_span_hours")?,
                inactive_hours: bound(body, "mobile_session_inactive_settings", "life_span_hours")?,
                count: bound(body, "mobile_session_restriction_settings", "max_count")?,
            },
            web: SessionBoundsChange {
                life_hours: bound(body, "web_session_settings", "life_span_hours")?,
                inactive_hours: bound(body, "web_session_inactive_settings", "life_span_hours")?,
                count: bound(body, "web_session_restriction_settings", "max_count")?,
            },
            two_factor: body.optional_boolean("two_factor_auth")?,
        },
    })
}

/// Reads the body of `POST /bots` and `PUT /bots/{id}`: what is present changes, an empty text clears.
pub fn change_bot(body: &Object<'_>, plain_http: bool) -> Result<BotChange, BadInput> {
    let offset = body.integer("time_zone_offset")?.map(|minutes| i32::try_from(minutes).unwrap_or(i32::MAX));
    Ok(BotChange {
        name: body.string("name")?,
        external_id: external_id(body)?,
        hook_url: body.string("hook_url")?,
        plain_http,
        enabled: body.optional_boolean("is_enabled")?,
        settings: body.string("bot_settings")?,
        description: body.string("description")?,
        send_only_last_comment: body.optional_boolean("send_only_last_comment")?,
        locale: body.string("locale")?,
        time_zone_offset: offset,
        rights: read_rights(body)?,
    })
}

/// Reads `{from, until, deputy_id?}`, ours beside the dialect.
pub fn away(body: &Object<'_>) -> Result<Away, BadInput> {
    let missing = |name| BadInput::field(Code::RequiredParameterMissing, name, "missing");
    let from = body.date("from")?.ok_or_else(|| missing("from"))?;
    let until = body.date("until")?.ok_or_else(|| missing("until"))?;
    Ok(Away { from, until, deputy: body.integer("deputy_id")?.map(PersonId) })
}

/// Reads `{guid?, external_avatar_id?}`; one of the clients calls the first `file_guid`. Which file that is, is looked up by the route.
pub fn avatar(body: &Object<'_>) -> Result<Avatar, BadInput> {
    let guid = body.string("guid")?.or(body.string("file_guid")?).filter(|guid| !guid.is_empty());
    Ok(Avatar { guid, avatar_id: None, external_avatar_id: body.integer("external_avatar_id")? })
}

/// `task_receiver_id`; nobody where it is absent or 0.
pub fn receiver(body: &Object<'_>) -> Result<Option<PersonId>, BadInput> {
    Ok(body.integer("task_receiver_id")?.filter(|id| *id != 0).map(PersonId))
}

/// `guest` is ours beside the dialect, which has no word for it.
fn kind(body: &Object<'_>) -> Result<PersonKind, BadInput> {
    match body.string("type")?.as_deref() {
        None | Some("" | "user") => Ok(PersonKind::User),
        Some("guest") => Ok(PersonKind::Guest),
        Some(_) => Err(BadInput::format("type", "neither user nor guest")),
    }
}

fn messenger(body: &Object<'_>) -> Result<Option<MessengerChange>, BadInput> {
    let Some(given) = object(body, "messenger")? else { return Ok(None) };
    let kind = match given.string("type")?.as_deref() {
        None | Some("" | "None" | "none") => return Ok(Some(MessengerChange::Drop)),
        Some("Telegram") => MessengerKind::Telegram,
        Some("WhatsApp") => MessengerKind::WhatsApp,
        Some("VK") => MessengerKind::Vk,
        Some("Discord") => MessengerKind::Discord,
        Some("Skype") => MessengerKind::Skype,
        Some("Viber") => MessengerKind::Viber,
        Some("Internet") => MessengerKind::Internet,
        Some(_) => return Err(BadInput::format("messenger", "a messenger that is not known")),
    };
    let nickname = given.string("nickname")?.unwrap_or_default();
    Ok(Some(MessengerChange::Set(Messenger { kind, nickname })))
}

fn vacation_days(body: &Object<'_>) -> Result<Option<u16>, BadInput> {
    let days = body.integer("vacation_days")?;
    days.map(|days| u16::try_from(days).map_err(|_| BadInput::format("vacation_days", "not a number of days"))).transpose()
}

fn department(body: &Object<'_>) -> Result<Option<DepartmentId>, BadInput> {
    Ok(body.integer("department_id")?.filter(|id| *id != 0).map(DepartmentId))
}

fn birth_date(body: &Object<'_>) -> Result<Option<BirthDate>, BadInput> {
    let Some(given) = object(body, "birth_date")? else { return Ok(None) };
    let wrong = || BadInput::format("birth_date", "not a day and a month");
    let small = |name| given.integer(name).and_then(|number| number.and_then(|number| i8::try_from(number).ok()).ok_or_else(wrong));
    let year = given.integer("year")?.map(|year| i16::try_from(year).map_err(|_| wrong())).transpose()?;
    Ok(Some(BirthDate { day: small("day")?, month: small("month")?, year }))
}

/// `{life_span_hours | max_count, disable, drop}`.
fn bound(body: &Object<'_>, name: &str, number: &str) -> Result<BoundChange, BadInput> {
    let Some(given) = object(body, name)? else { return Ok(BoundChange::Keep) };
    if given.boolean("drop")? {
        return Ok(BoundChange::Drop);
    }
    if given.boolean("disable")? {
        return Ok(BoundChange::Set(Bound::Unbounded));
    }
    let most = given.integer(number)?.map(|most| u32::try_from(most).map_err(|_| BadInput::format(name, "not a number")));
    Ok(most.transpose()?.map_or(BoundChange::Keep, |most| BoundChange::Set(Bound::AtMost(most))))
}

fn object<'a>(body: &Object<'a>, name: &str) -> Result<Option<Object<'a>>, BadInput> {
    match body.given(name) {
        None => Ok(None),
        Some(Value::Object(members)) => Ok(Some(Object::new(members))),
        Some(_) => Err(BadInput::format(name, "not an object")),
    }
}

/// Phones are written in many ways; one is one phone.
fn phone_without_spaces(phone: &str) -> String {
    phone.chars().filter(|character| !matches!(character, ' ' | '-' | '(' | ')' | '\u{a0}')).collect()
}

/// Clients send it as a text or as a number.
pub(super) fn external_id(body: &Object<'_>) -> Result<Option<String>, BadInput> {
    match body.given("external_id") {
        Some(serde_json::Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) | None => body.string("external_id"),
    }
}

fn read_rights(body: &Object<'_>) -> Result<Option<u32>, BadInput> {
    body.integer("rights")?.map(|bits| u32::try_from(bits).map_err(|_| BadInput::format("rights", "not a set of rights"))).transpose()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_newcomer_has_the_default_rights() {
        let body = json!({"email": "ann@example.com", "first_name": "Ann", "external_id": 17});
        let added = add_member(&Object::new(body.as_object().expect("an object"))).expect("read");
        assert_eq!((added.rights, added.profile.external_id.as_deref()), (rights::DEFAULT, Some("17")));
    }

    #[test]
    fn what_is_absent_stays_and_what_is_empty_clears() {
        let body = json!({"phone": "", "status": null, "banned": "y"});
        let change = change_member(&Object::new(body.as_object().expect("an object"))).expect("read");
        assert_eq!((change.phone.as_deref(), change.status, change.banned), (Some(""), None, Some(true)));
    }

    #[test]
    fn rights_beyond_the_bits_are_refused() {
        for rights in [json!(-1), json!(1_i64 << 40), json!("all")] {
            let body = json!({"rights": rights});
            assert_eq!(
                change_member(&Object::new(body.as_object().expect("an object"))).expect_err("refused").field.as_deref(),
                Some("rights")
            );
        }
    }
}
