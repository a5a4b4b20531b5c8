//! Tasks: create, read, comment, delete, put away. What may be done with them is decided in `domain`.

pub mod comment;
pub mod create;
pub mod delete;
pub mod put_away;
pub mod read;

use domain::TaskId;

use crate::error::Fault;

/// The id in a path. Below 2^31, as clients keep it; what is no such number cannot be a task.
///
/// # Errors
/// `invalid_value_format`.
pub fn task_id(text: &str) -> Result<TaskId, Fault> {
    let id = text.parse::<i32>().ok().filter(|id| *id > 0 && text.bytes().all(|byte| byte.is_ascii_digit()));
    id.map(|id| TaskId(i64::from(id))).ok_or_else(|| Fault::format("task id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_id_is_a_positive_number_of_32_bits() {
        assert_eq!(task_id("2147483647").unwrap(), TaskId(2_147_483_647));
        for wrong in ["0", "-1", "+1", "1.0", "x", "", "2147483648", "99999999999999999999", "%31", " 1"] {
            assert_eq!(task_id(wrong).unwrap_err().code(), Some("invalid_value_format"), "{wrong}");
        }
    }
}
