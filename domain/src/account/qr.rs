//! The fact that a request of another browser to be let in was answered. Whether there is such a request is known outside of the log.

use uuid::Uuid;

use super::event::Event;
use super::{Account, Rejection};
use crate::aggregate::Events;
use crate::issued::Issued;

impl Account {
    pub(super) fn answer_qr_sign_in(&self, request: Uuid, approved: bool, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        Ok(vec![Event::QrSignInAnswered { request, approved }])
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::tests::account;
    use super::*;
    use crate::account::Command;

    #[test]
    fn each_answer_is_recorded() {
        let request = Uuid::from_u128(1);
        for approved in [true, false] {
            account().when(Command::AnswerQrSignIn { request, approved }).then([Event::QrSignInAnswered { request, approved }]);
        }
    }
}
