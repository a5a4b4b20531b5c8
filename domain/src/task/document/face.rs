//! A person or a role as a task shows them. The rest of what is known of a person is shown by contacts and
//! members.
//!
//! The fields here and `shows_otherwise` in [`crate::person::state`] go together, as do a role's and its `shown_changed`: a change of any of
//! them renders tasks again.

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::directory::OrganisationDirectory;
use crate::form::Form;
use crate::id::{FormId, PersonId};
use crate::json::Json;
use crate::person::{Person, PersonKind};
use crate::role::Role;

/// A rendered person, kept as the JSON that it is shown as: smaller than its parts, and cheap to put
/// into an answer.
#[derive(Clone, Debug)]
pub(super) struct Face {
    pub id: PersonId,
    json: Box<RawValue>,
}

#[derive(Serialize)]
struct Fields<'a> {
    id: PersonId,
    #[serde(skip_serializing_if = "str::is_empty")]
    first_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    last_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    native_first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    native_last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    banned: bool,
    /// For good: of roles, that they are deleted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fired: bool,
}

/// A role as a comment shows for whom it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RoleFace {
    pub id: PersonId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

impl Face {
    fn of(person: &Person) -> Self {
        let profile = &person.profile;
        Self::rendered(&Fields {
            id: person.id,
            first_name: &profile.first_name,
            last_name: &profile.last_name,
            native_first_name: profile.native_first_name.as_deref(),
            native_last_name: profile.native_last_name.as_deref(),
            email: &profile.email,
            r#type: match person.kind {
                PersonKind::User | PersonKind::Guest => "user",
                PersonKind::Bot => "bot",
            },
            external_id: profile.external_id.as_deref(),
            banned: person.blocked,
            fired: false,
        })
    }

    fn of_role(role: &Role) -> Self {
        Self::rendered(&Fields {
            id: role.id,
            first_name: &role.name,
            last_name: "",
            native_first_name: None,
            native_last_name: None,
            email: "",
            r#type: "role",
            external_id: role.external_id.as_deref(),
            banned: role.banned || role.deleted,
            fired: role.deleted,
        })
    }

    /// Somebody of whom only the id is known; the system has a name.
    fn without_profile(id: PersonId) -> Self {
        let is_system = id == PersonId::SYSTEM;
        Self::rendered(&Fields {
            id,
            first_name: if is_system { "Nashi" } else { "" },
            last_name: "",
            native_first_name: None,
            native_last_name: None,
            email: "",
            r#type: if is_system { "bot" } else { "user" },
            external_id: None,
            banned: false,
            fired: false,
        })
    }

    fn rendered(fields: &Fields<'_>) -> Self {
        Self { id: fields.id, json: to_raw_value(fields).expect("plain data is JSON") }
    }

    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.json.get().len()
    }
}

impl PartialEq for Face {
    fn eq(&self, other: &Self) -> bool {
        self.json.get() == other.json.get()
    }
}

impl Serialize for Face {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { self.json.serialize(serializer) } else { self.json.get().serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Face {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Identified {
            id: PersonId,
        }
        let json = if deserializer.is_human_readable() {
            Box::<RawValue>::deserialize(deserializer)?
        } else {
            RawValue::from_string(String::deserialize(deserializer)?).map_err(D::Error::custom)?
        };
        let Identified { id } = serde_json::from_str(json.get()).map_err(D::Error::custom)?;
        Ok(Self { id, json })
    }
}

/// Looks faces up, and remembers whether one was not to be found.
pub(super) struct Faces<'a> {
    directory: &'a OrganisationDirectory,
    pub missed: bool,
}

impl<'a> Faces<'a> {
    pub const fn of(directory: &'a OrganisationDirectory) -> Self {
        Self { directory, missed: false }
    }

    pub fn face(&mut self, id: PersonId) -> Face {
        if let Some(person) = self.directory.person(id) {
            return Face::of(person);
        }
        if let Some(role) = self.directory.role(id) {
            return Face::of_role(role);
        }
        self.missed |= id != PersonId::SYSTEM;
        Face::without_profile(id)
    }

    /// The person as JSON that can be put into more of it.
    pub fn json(&mut self, id: PersonId) -> Json {
        Json::parse(self.face(id).json.get()).unwrap_or_default()
    }

    /// The form, if the directory shows it.
    pub fn form(&mut self, id: FormId) -> Option<Arc<Form>> {
        let form = self.directory.form(id).cloned();
        self.missed |= form.is_none();
        form
    }

    pub fn role(&mut self, id: PersonId) -> RoleFace {
        let role = self.directory.role(id);
        self.missed |= role.is_none();
        RoleFace { id, name: role.map(|role| role.name.clone()).unwrap_or_default() }
    }

    pub fn faces(&mut self, ids: &[PersonId]) -> Vec<Face> {
        ids.iter().map(|id| self.face(*id)).collect()
    }

    pub fn renew<'f>(&mut self, faces: impl IntoIterator<Item = &'f mut Face>) {
        for face in faces {
            *face = self.face(face.id);
        }
    }
}
