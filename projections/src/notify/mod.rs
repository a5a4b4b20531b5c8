//! Who hears of what, and why: pure rules. [`rule`] says which reasons a fact gives to whom a task names and to those who follow;
//! [`address`] finds the people behind them and what their settings let through. [`outbox`] keeps what
//! is to be sent, and [`filters`] finds for people what the filters find that they follow. Nothing is sent from here.

pub mod address;
pub(crate) mod filters;
pub(crate) mod outbox;
pub mod rule;

#[cfg(test)]
mod address_tests;
#[cfg(test)]
mod rule_tests;
