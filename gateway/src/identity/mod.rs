//! Who somebody is: security keys, passwords, tokens, guesses. What they may do is `domain`'s.

pub mod credentials;
pub mod password;
pub mod random;
pub mod secret;
pub mod tokens;

pub use credentials::Credentials;
pub use password::{PASSWORD_BYTES, PasswordFailure, Passwords};
pub use secret::{Secret, SecretHash};
pub use tokens::{Proof, Token, Tokens};
