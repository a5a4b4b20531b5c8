//! The binary itself, as far as it needs no database. That there is such a test has cargo build the binary,
//! which the tests of the `tests` crate start.

use std::process::{Command, Output};

fn nashi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nashi")).args(arguments).output().expect("the binary starts")
}

#[test]
fn the_binary_names_its_commands() {
    let output = nashi(&["--help"]);
    assert!(output.status.success());
    let help = String::from_utf8_lossy(&output.stdout);
    for command in ["serve", "migrate", "rebuild", "audit", "admin", "openapi"] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(command)), "{command} is not in: {help}");
    }
}

#[test]
fn an_unknown_command_and_a_settings_file_that_is_not_there_are_refused() {
    for wrong in [&["serf"][..], &["serve", "--no-such-option"], &["serve", "--config", "/nowhere/nashi.toml"], &["rebuild", "nothing"]] {
        let output = nashi(wrong);
        assert!(!output.status.success(), "{wrong:?} is accepted");
        assert!(!output.stderr.is_empty(), "{wrong:?} is refused without a word");
    }
}
