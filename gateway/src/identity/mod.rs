//! Who somebody is: security keys, passwords, tokens, sessions, guesses. What they may do is `domain`'s.

pub mod credentials;
pub mod password;
pub mod random;
pub mod secret;
pub mod sessions;
pub mod sign_in;
pub mod tickets;
pub mod tokens;

pub use credentials::Credentials;
pub use password::{PASSWORD_BYTES, PasswordFailure, Passwords};
pub use secret::{Secret, SecretHash};
pub use sessions::{Session, Sessions};
pub use sign_in::{Circumstances, Shown, SignIns};
pub use tickets::{Purpose, Tickets};
pub use tokens::{Proof, Token, Tokens};
