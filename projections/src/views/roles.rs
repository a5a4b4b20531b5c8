//! Which roles are there, and who is in them? What `GET /roles` lists (pyrus.md §1.11). Who may ask is decided by whoever asks.

use std::sync::Arc;

use domain::directory::OrganisationDirectory;
use domain::role::Role;

/// The roles in the order of their ids, banned or not; deleted ones only with `include_fired`.
pub fn roles(organisation: &OrganisationDirectory, include_fired: bool) -> Vec<Arc<Role>> {
    organisation.roles.values().filter(|role| role.exists && (include_fired || !role.deleted)).cloned().collect()
}

/// The roles that act, in the order of their ids; with `include_inactive` all.
pub fn acting(organisation: &OrganisationDirectory, include_inactive: bool) -> Vec<Arc<Role>> {
    organisation.roles.values().filter(|role| role.acts() || (include_inactive && role.exists)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::{CLERKS, SCRIBES, role, with_role, with_roles};

    #[test]
    fn deleted_roles_are_listed_only_when_asked_for_and_banned_ones_always() {
        let (mut banned, mut deleted) = (role(CLERKS.0, []), role(SCRIBES.0, []));
        (banned.banned, deleted.deleted) = (true, true);
        let home = with_role(with_role(with_roles(), banned), deleted);
        let ids = |roles: Vec<Arc<Role>>| roles.iter().map(|role| role.id).collect::<Vec<_>>();
        assert_eq!(ids(roles(&home, false)), [CLERKS]);
        assert_eq!(ids(roles(&home, true)), [CLERKS, SCRIBES]);
        assert!(acting(&home, false).is_empty());
        assert_eq!(ids(acting(&with_roles(), false)), [CLERKS, SCRIBES]);
        assert_eq!(ids(acting(&home, true)), [CLERKS, SCRIBES]);
    }
}
