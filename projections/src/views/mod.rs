//! One module a question: the follower that keeps the answer and the query that gives it. What is in
//! the directory anyway is answered from there.

pub mod announcements;
pub mod awards;
pub mod bots;
pub mod contacts;
pub mod files;
pub mod history;
pub mod inbox;
pub mod knowledge_base;
pub mod members;
pub mod notifications;
pub mod profile;
pub mod roles;
pub mod tasks;
pub mod timers;

mod keyed;
