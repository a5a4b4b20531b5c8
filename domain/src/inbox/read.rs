//! What was told has been read, or is to be taken as not read. How much of it was unread is not known here.

use super::Rejection;
use super::event::Event;
use crate::aggregate::Events;
use crate::id::{Position, TaskId};

pub(super) fn read(task: Option<TaskId>, upto: Position) -> Result<Events<Event>, Rejection> {
    if upto > 0 { Ok(vec![Event::Read { task, upto }]) } else { Err(Rejection::NoPosition) }
}

pub(super) fn unread(task: TaskId, position: Position) -> Result<Events<Event>, Rejection> {
    if position > 0 { Ok(vec![Event::Unread { task, position }]) } else { Err(Rejection::NoPosition) }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, Inbox, What};
    use super::*;
    use crate::rejection::Code;
    use crate::testing::{ANNA, given};

    #[test]
    fn what_was_told_is_read_up_to_a_position() {
        let ask = |what| given::<Inbox>([]).when(Command { of: ANNA, what });
        ask(What::Read { task: None, upto: 7 }).then([Event::Read { task: None, upto: 7 }]);
        ask(What::Read { task: Some(TaskId(5)), upto: 7 }).then([Event::Read { task: Some(TaskId(5)), upto: 7 }]);
        ask(What::Unread { task: TaskId(5), position: 7 }).then([Event::Unread { task: TaskId(5), position: 7 }]);
        ask(What::Read { task: None, upto: 0 }).then_rejected(Code::InvalidInput);
        ask(What::Unread { task: TaskId(5), position: -1 }).then_rejected(Code::InvalidInput);
    }
}
