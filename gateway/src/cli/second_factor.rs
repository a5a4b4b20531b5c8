//! `nashi admin second-factor …`: for who has lost every device and every recovery code, by whoever holds the machine. How factors are
//! used is in `identity`.

use anyhow::bail;
use domain::OrganisationId;
use domain::account::{Account, Command};
use domain::person::Person;

use super::admin::{request, told};
use crate::core::Core;

/// Takes every second factor of the person's account away; how many there were.
///
/// # Errors
/// When there is none, or it could not be recorded.
pub async fn remove(core: &Core, person: &Person) -> anyhow::Result<usize> {
    let node = &core.node;
    let known = node.account_of(person.id).await.map_err(told)?;
    let Some(known) = known.filter(|known| known.account.has_second_factor()) else {
        bail!("{} has no second factor", person.profile.email);
    };
    let commands = factors(&known.account);
    for command in &commands {
        node.change_account(known.id, request(OrganisationId::SYSTEM), command.clone()).await.map_err(told)?;
    }
    node.factors.totps.remove(known.id).await?;
    node.factors.recovery_codes.remove(known.id).await?;
    for passkey in &known.account.passkeys {
        node.passkeys.remove(known.id, passkey.id).await?;
    }
    Ok(commands.len())
}

fn factors(account: &Account) -> Vec<Command> {
    let passkeys = account.passkeys.iter().map(|passkey| Command::RemovePasskey { id: passkey.id });
    account.totp.then_some(Command::RemoveTotp).into_iter().chain(passkeys).collect()
}
