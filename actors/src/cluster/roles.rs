//! What a node does. Not who does it for a given stream (see [`super::placement`]).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// One thing that a node may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Role {
    /// Answers the API. A node without it serves `/livez`, `/readyz` and `/metrics` alone.
    Api = 1,
    /// Runs the actors of its share of the streams.
    Actors = 1 << 1,
    /// Follows the log for the views in Postgres.
    Followers = 1 << 2,
    /// Keeps an index of its own, and answers what is looked for.
    Search = 1 << 3,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Api, Self::Actors, Self::Followers, Self::Search];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Actors => "actors",
            Self::Followers => "followers",
            Self::Search => "search",
        }
    }
}

/// What one node does; at least one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles(u16);

/// A role that there is not.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no role `{0}`; the roles are api, actors, followers, search")]
pub struct UnknownRole(String);

impl Roles {
    /// Everything.
    pub fn all() -> Self {
        Self(Role::ALL.into_iter().fold(0, |bits, role| bits | role as u16))
    }

    pub const fn has(self, role: Role) -> bool {
        self.0 & role as u16 != 0
    }

    pub fn names(self) -> Vec<&'static str> {
        Role::ALL.into_iter().filter(|role| self.has(*role)).map(Role::name).collect()
    }
}

impl Default for Roles {
    fn default() -> Self {
        Self::all()
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(","))
    }
}

/// `api,actors`; nothing at all means everything.
impl FromStr for Roles {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let mut bits = 0;
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let role = Role::ALL.into_iter().find(|role| role.name() == name).ok_or_else(|| UnknownRole(name.to_owned()))?;
            bits |= role as u16;
        }
        Ok(if bits == 0 { Self::all() } else { Self(bits) })
    }
}

/// As the list of its names, of which a reader passes over those that it does not know.
impl Serialize for Roles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.names().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Roles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        let known = Role::ALL.into_iter().filter(|role| names.iter().any(|name| name == role.name()));
        Ok(Self(known.fold(0, |bits, role| bits | role as u16)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_a_list_with_commas() {
        let roles: Roles = " actors, api ".parse().unwrap();
        assert!(roles.has(Role::Api) && roles.has(Role::Actors) && !roles.has(Role::Followers));
        assert_eq!(roles.to_string(), "api,actors");
        assert_eq!("".parse::<Roles>().unwrap(), Roles::all());
        assert_eq!("api,kitchen".parse::<Roles>(), Err(UnknownRole("kitchen".into())));
    }

    #[test]
    fn a_role_of_a_later_build_is_passed_over() {
        let roles: Roles = serde_json::from_str(r#"["actors","kitchen"]"#).unwrap();
        assert_eq!(roles.names(), ["actors"]);
        assert_eq!(serde_json::to_string(&roles).unwrap(), r#"["actors"]"#);
    }
}
