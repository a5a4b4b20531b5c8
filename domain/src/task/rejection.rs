//! The rules of a task that can stand in the way.

use thiserror::Error;

use crate::rejection::Code;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    #[error("the task does not exist or may not be seen")]
    AccessDenied,
}

impl crate::rejection::Rejection for Rejection {
    fn code(&self) -> Code {
        match self {
            Self::AccessDenied => Code::AccessDeniedTask,
        }
    }
}
