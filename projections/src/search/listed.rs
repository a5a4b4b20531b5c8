//! What people, roles, lists, forms and catalogs are found by: what everybody who sees them is shown. From the directory as it is.

use domain::directory::OrganisationDirectory;
use domain::id::CatalogId;
use domain::{FormId, ListId, PersonId};

use super::schema::Kind;

/// The kind, the name, and what else it is found by; nothing for what is not there.
pub(super) fn named(home: &OrganisationDirectory, kind: domain::Kind, id: i64) -> Option<(Kind, String, String)> {
    if kind == domain::Kind::Person {
        let person = home.person(PersonId(id)).filter(|person| person.exists)?;
        let profile = &person.profile;
        let native = [&profile.native_first_name, &profile.native_last_name].map(|name| name.as_deref().unwrap_or_default());
        let text = format!("{} {}", native.join(" "), profile.email);
        return Some((Kind::Person, name_of_person(person), text.trim().to_owned()));
    }
    if kind == domain::Kind::Role {
        let role = home.role(PersonId(id)).filter(|role| role.exists)?;
        return Some((Kind::Role, role.name.clone(), String::new()));
    }
    if kind == domain::Kind::List {
        let list = home.list(ListId(id)).filter(|list| list.exists)?;
        return Some((Kind::List, list.settings.name.clone(), String::new()));
    }
    if kind == domain::Kind::Form {
        let form = home.form(FormId(id)).filter(|form| form.exists)?;
        return Some((Kind::Form, form.settings.name.clone(), form.settings.folder.join(" ")));
    }
    if kind == domain::Kind::Catalog {
        let catalog = home.catalogs.get(&CatalogId(id)).filter(|catalog| catalog.exists)?;
        let columns: Vec<&str> = catalog.columns.iter().map(|column| column.name.as_str()).collect();
        return Some((Kind::Catalog, catalog.settings.name.clone(), columns.join(" ")));
    }
    None
}

pub(super) fn name_of_person(person: &domain::person::Person) -> String {
    format!("{} {}", person.profile.first_name, person.profile.last_name).trim().to_owned()
}
