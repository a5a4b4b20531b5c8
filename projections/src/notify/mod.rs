//! Who hears of what, and why: pure rules. [`rule`] says which reasons a fact gives to whom a task names and to those who follow;
//! [`address`] finds the people behind them and what their settings let through. Not how it is stored, nor sent.

pub mod address;
pub mod rule;

#[cfg(test)]
mod address_tests;
#[cfg(test)]
mod rule_tests;
