//! Black-box tests of a started Nashi over HTTP: wiring, access, the mapping of every route, and the
//! repository's own order. Rules are tested in `domain`, each once.

mod access;
mod admin;
mod announcements;
mod auth;
mod awards;
mod bad_input;
mod balancer;
mod calendar;
mod documents;
mod doors;
mod forms;
mod history;
mod idempotency;
mod inbox;
mod knowledge_base;
mod limits;
mod links;
mod lists;
mod members;
mod nodes;
mod operations;
mod outage;
mod overload;
mod passkeys;
mod past;
mod people;
mod positions;
mod print;
mod qr_sign_in;
mod roles;
mod second_factor;
mod service;
mod sessions;
mod tasks;
mod tidy;
