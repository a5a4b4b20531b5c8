//! Who somebody is: security keys, passwords, second factors, tokens, sessions, guesses. What they may do is `domain`'s.

pub mod credentials;
pub mod factors;
pub mod passkeys;
pub mod password;
pub mod qr;
pub mod random;
pub mod recovery;
pub mod seal;
pub mod secret;
pub mod sessions;
pub mod sign_in;
pub mod tickets;
pub mod tokens;
pub mod totp;

pub use credentials::Credentials;
pub use factors::{Factors, ShownFactor};
pub use passkeys::Passkeys;
pub use password::{PASSWORD_BYTES, PasswordFailure, Passwords};
pub use qr::QrSignIns;
pub use secret::{Secret, SecretHash};
pub use sessions::{Session, Sessions};
pub use sign_in::{Circumstances, Shown, SignIns};
pub use tickets::{Purpose, Tickets};
pub use tokens::{Proof, Token, Tokens};
