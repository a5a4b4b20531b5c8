//! A task as a list of comments that can be appended to and read, and whether what clients saw of it can have happened one
//! thing after the other: by stateright's checker, which knows nothing of the log and tries every order. That takes
//! longer than anybody can wait on long histories; [`super::order`] judges those.

use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};

use super::history::{Operation, What};
use crate::marker::Marker;

/// What the checker is given; each operation more may double its work.
const OPERATIONS_MAX: usize = 14;
/// Of them, those whose outcome nobody knows.
const UNANSWERED_MAX: usize = 3;

/// The specification: what one task does if only one thing happens at a time.
#[derive(Clone, Debug, Default)]
struct Task(Vec<Marker>);

#[derive(Clone, Debug)]
enum Op {
    Append(Marker),
    Read,
}

#[derive(Clone, Debug, PartialEq)]
enum Ret {
    /// There were so many before.
    Appended(usize),
    Shown(Vec<Marker>),
}

impl SequentialSpec for Task {
    type Op = Op;
    type Ret = Ret;

    fn invoke(&mut self, op: &Op) -> Ret {
        match op {
            Op::Append(marker) => {
                self.0.push(*marker);
                Ret::Appended(self.0.len() - 1)
            }
            Op::Read => Ret::Shown(self.0.clone()),
        }
    }
}

/// Whether the checker can be asked about so much.
pub fn is_short(operations: &[Operation]) -> bool {
    let unanswered = operations.iter().filter(|operation| operation.answered.is_none()).count();
    operations.len() <= OPERATIONS_MAX && unanswered <= UNANSWERED_MAX
}

/// Whether there is an order of all that was answered, and of some of what was not, that explains every answer and
/// that respects what was over before something else began.
pub fn can_have_happened(operations: &[Operation]) -> bool {
    // A thread does one thing at a time; so every operation has one to itself.
    let mut moments = Vec::new();
    for (thread, operation) in operations.iter().enumerate() {
        moments.push((operation.sent, false, thread));
        moments.extend(operation.answered.map(|answered| (answered, true, thread)));
    }
    // At the same moment, what begins is put before what ends: then neither is before the other.
    moments.sort();
    let mut tester = LinearizabilityTester::new(Task::default());
    for (_, ends, thread) in moments {
        let fed = match (&operations[thread].what, ends) {
            (What::Append { marker, .. }, false) => tester.on_invoke(thread, Op::Append(*marker)),
            (What::Read { .. }, false) => tester.on_invoke(thread, Op::Read),
            (What::Append { before, .. }, true) => tester.on_return(thread, Ret::Appended(before.expect("an answer tells it"))),
            (What::Read { shown }, true) => tester.on_return(thread, Ret::Shown(shown.clone())),
        };
        fed.expect("every operation begins once and ends after it");
    }
    tester.is_consistent()
}

/// The controls: what the judges must refuse, and what they must not.
mod controls {
    use std::time::{Duration, Instant};

    use super::super::history::History;
    use super::super::order;
    use super::*;

    fn marker(number: u32) -> Marker {
        Marker { client: 1, number }
    }

    /// Builds histories on a clock of their own.
    struct Clock(Instant);

    impl Clock {
        fn at(&self, tick: u64) -> Instant {
            self.0 + Duration::from_millis(tick)
        }

        fn append(&self, number: u32, before: usize, sent: u64, answered: u64) -> Operation {
            let what = What::Append { marker: marker(number), before: Some(before) };
            Operation { sent: self.at(sent), answered: Some(self.at(answered)), what }
        }

        fn abandoned(&self, number: u32, sent: u64) -> Operation {
            Operation { sent: self.at(sent), answered: None, what: What::Append { marker: marker(number), before: None } }
        }

        fn read(&self, shown: &[u32], sent: u64, answered: u64) -> Operation {
            let what = What::Read { shown: shown.iter().copied().map(marker).collect() };
            Operation { sent: self.at(sent), answered: Some(self.at(answered)), what }
        }
    }

    /// The verdicts of both judges, of which the first believes the log that it is told.
    fn verdicts(log: &[u32], operations: Vec<Operation>) -> (bool, bool) {
        let linear = can_have_happened(&operations);
        let history = History { task: 1, order: log.iter().copied().map(marker).collect(), operations, glimpses: Vec::new() };
        (order::of_a_task(&history).is_ok(), linear)
    }

    #[test]
    fn what_can_have_happened_is_believed() {
        let clock = Clock(Instant::now());
        let one_after_the_other =
            vec![clock.append(1, 0, 0, 1), clock.read(&[1], 2, 3), clock.append(2, 1, 4, 5), clock.read(&[1, 2], 6, 7)];
        assert_eq!(verdicts(&[1, 2], one_after_the_other), (true, true));
        // Two reads during one comment: either may see it, the later one of them surely after the earlier did.
        let at_once = vec![clock.append(1, 0, 0, 9), clock.read(&[], 1, 2), clock.read(&[1], 3, 4), clock.read(&[1], 5, 6)];
        assert_eq!(verdicts(&[1], at_once), (true, true));
        let crossed = vec![clock.append(1, 1, 0, 9), clock.append(2, 0, 1, 8), clock.read(&[2, 1], 10, 11)];
        assert_eq!(verdicts(&[2, 1], crossed), (true, true));
        // Nobody waited for it: it happened late, or not at all.
        let late = vec![clock.abandoned(1, 0), clock.read(&[], 1, 2), clock.append(2, 0, 3, 4), clock.read(&[2, 1], 5, 6)];
        assert_eq!(verdicts(&[2, 1], late), (true, true));
        assert_eq!(verdicts(&[], vec![clock.abandoned(1, 0), clock.read(&[], 1, 2)]), (true, true));
    }

    #[test]
    fn a_lost_write_is_refused() {
        let clock = Clock(Instant::now());
        let lost = vec![clock.append(1, 0, 0, 1), clock.append(2, 0, 2, 3), clock.read(&[2], 4, 5)];
        assert_eq!(verdicts(&[2], lost.clone()), (false, false));
        assert_eq!(verdicts(&[1, 2], lost), (false, false));
    }

    #[test]
    fn a_stale_read_is_refused() {
        let clock = Clock(Instant::now());
        let stale = vec![clock.append(1, 0, 0, 1), clock.read(&[], 2, 3)];
        assert_eq!(verdicts(&[1], stale), (false, false));
        // The comment is not answered yet; but one has seen it, and the next one then does not.
        let back_in_time = vec![clock.append(1, 0, 0, 9), clock.read(&[1], 1, 2), clock.read(&[], 3, 4)];
        assert_eq!(verdicts(&[1], back_in_time), (false, false));
    }

    #[test]
    fn a_doubled_a_reordered_and_an_unheard_of_write_are_refused() {
        let clock = Clock(Instant::now());
        let doubled = vec![clock.append(1, 0, 0, 1), clock.read(&[1, 1], 2, 3)];
        assert_eq!(verdicts(&[1], doubled), (false, false));
        let reordered = vec![clock.append(1, 1, 0, 1), clock.append(2, 0, 2, 3)];
        assert_eq!(verdicts(&[2, 1], reordered), (false, false));
        let unheard_of = vec![clock.append(1, 0, 0, 1), clock.read(&[1, 7], 2, 3)];
        assert_eq!(verdicts(&[1], unheard_of), (false, false));
        let seen_before_it_was_sent = vec![clock.read(&[1], 0, 1), clock.append(1, 0, 2, 3)];
        assert_eq!(verdicts(&[1], seen_before_it_was_sent), (false, false));
        let undone = vec![clock.abandoned(1, 0), clock.read(&[1], 1, 2), clock.read(&[], 3, 4)];
        assert_eq!(verdicts(&[1], undone), (false, false));
    }
}
