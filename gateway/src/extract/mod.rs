//! What handlers are given: who asks, what they sent, what their command is called. Not what is done with it.

pub mod body;
pub mod caller;
pub mod command;
pub mod gate;
pub mod site;
pub mod stranger;

pub use body::Body;
pub use caller::Caller;
pub use command::{command, item};
pub use stranger::Stranger;
