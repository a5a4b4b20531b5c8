//! The facts that an account's password changed, or that a link to change it was asked for. The hash never comes here.

use super::event::Event;
use super::{Account, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Account {
    pub(super) fn change_password(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        Ok(vec![Event::PasswordChanged])
    }

    pub(super) fn request_password_reset(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        Ok(vec![Event::PasswordResetRequested])
    }

    pub(super) fn reset_password(&self, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        Ok(vec![Event::PasswordReset])
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::tests::account;
    use super::*;
    use crate::account::Command;

    #[test]
    fn each_change_is_recorded_each_time() {
        for _ in 0..2 {
            account().when(Command::ChangePassword).then([Event::PasswordChanged]);
            account().when(Command::RequestPasswordReset).then([Event::PasswordResetRequested]);
            account().when(Command::ResetPassword).then([Event::PasswordReset]);
        }
    }
}
