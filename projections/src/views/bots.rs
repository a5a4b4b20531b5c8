//! Which programs act in the organisation? What `GET /bots` lists (pyrus.md §1.11). A guest who asks finds none.

use std::sync::Arc;

use domain::directory::OrganisationDirectory;
use domain::person::{Person, PersonKind};

/// The bots in the order of their ids, as `asker` may know them; the blocked and dismissed only with `include_fired`.
pub fn bots(organisation: &OrganisationDirectory, asker: &Person, include_fired: bool) -> Vec<Arc<Person>> {
    let listed = |person: &Person| person.exists && person.kind == PersonKind::Bot && (include_fired || !person.blocked);
    organisation.persons.values().filter(|person| listed(person) && asker.knows(person.id)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{ANNA, GRETA, ROBOT, directory};

    #[test]
    fn bots_are_listed_for_colleagues_and_not_for_guests() {
        let directory = directory();
        let found =
            |who| bots(&directory, directory.person(who).expect("they are there"), false).iter().map(|bot| bot.id).collect::<Vec<_>>();
        assert_eq!((found(ANNA), found(GRETA)), (vec![ROBOT], vec![]));
    }
}
