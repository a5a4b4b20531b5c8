//! `POST /members` and `PUT /members/{id}`, read. Not the decisions (`domain/src/person/`).

use domain::person::{Added, Change, PersonKind, Profile, rights};

use super::{BadInput, Object};
use domain::Code;

/// Reads the body of `POST /members` (pyrus.md §1.11).
pub fn add_member(body: &Object<'_>) -> Result<Added, BadInput> {
    let text = |name| body.string(name).map(|text| text.filter(|text| !text.is_empty()));
    Ok(Added {
        kind: PersonKind::User,
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
        rights: read_rights(body)?,
        banned: body.optional_boolean("banned")?,
    })
}

/// Clients send it as a text or as a number.
fn external_id(body: &Object<'_>) -> Result<Option<String>, BadInput> {
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
