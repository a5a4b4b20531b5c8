//! Bots: persons that are programs, looked after by those who hold `MANAGE_INTEGRATIONS`. Not how they are called.

use serde::{Deserialize, Serialize};

use super::{Added, Event, Person, PersonKind, Profile, Rejection, access, profile, rights};
use crate::aggregate::Events;
use crate::issued::Issued;
use crate::text::{check_line, check_lines};

/// Characters in the address that a bot is called at.
pub const HOOK_CHARACTERS_MAX: usize = 2_000;
/// Characters in a bot's description, and in its settings, which are its own business.
pub const TEXT_CHARACTERS_MAX: usize = 20_000;
/// Minutes from UTC, either way.
const OFFSET_MAX: i32 = 14 * 60;

/// What only bots have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bot {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook_url: Option<String>,
    /// Is called at all.
    pub enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Is told the last comment of a task alone.
    pub send_only_last_comment: bool,
    /// Minutes from UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone_offset: Option<i32>,
}

impl Default for Bot {
    fn default() -> Self {
        Self { hook_url: None, enabled: true, settings: None, description: None, send_only_last_comment: false, time_zone_offset: None }
    }
}

/// What is given changes; an empty text clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotChange {
    pub name: Option<String>,
    pub external_id: Option<String>,
    pub hook_url: Option<String>,
    /// The installation lets bots be called without TLS.
    pub plain_http: bool,
    pub enabled: Option<bool>,
    pub settings: Option<String>,
    pub description: Option<String>,
    pub send_only_last_comment: Option<bool>,
    pub locale: Option<String>,
    pub time_zone_offset: Option<i32>,
    pub rights: Option<u32>,
}

impl Person {
    /// `login` is the address under which the bot signs in, minted by whoever asks.
    pub(super) fn add_bot(&self, login: &str, change: &BotChange, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        let fresh = Profile { email: login.to_owned(), ..Profile::default() };
        let added =
            Added { kind: PersonKind::Bot, rights: change.rights.unwrap_or(rights::DEFAULT), profile: profile_after(&fresh, change) };
        let mut events = self.add(&added, issued)?;
        events.push(Event::BotSet(Box::new(bot_after(&Bot::default(), change)?)));
        Ok(events)
    }

    pub(super) fn change_bot(&self, change: &BotChange, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        self.reachable(issued)?;
        if self.kind != PersonKind::Bot {
            return Err(Rejection::Unknown);
        }
        self.managed(issued)?;
        let mut events = Events::new();
        let changed = profile_after(&self.profile, change);
        if changed != self.profile {
            profile::check(&changed, self.kind, self.id, issued)?;
            events.push(Event::Changed(Box::new(changed)));
        }
        let bot = bot_after(&self.bot, change)?;
        if bot != self.bot {
            events.push(Event::BotSet(Box::new(bot)));
        }
        if let Some(to) = change.rights.filter(|to| *to != self.rights) {
            access::grants(issued, to)?;
            events.push(Event::RightsChanged { rights: to });
        }
        Ok(events)
    }
}

fn profile_after(before: &Profile, change: &BotChange) -> Profile {
    let optional =
        |before: &Option<String>, given: &Option<String>| given.as_ref().or(before.as_ref()).filter(|text| !text.is_empty()).cloned();
    Profile {
        first_name: change.name.as_ref().unwrap_or(&before.first_name).clone(),
        external_id: optional(&before.external_id, &change.external_id),
        locale: optional(&before.locale, &change.locale),
        ..before.clone()
    }
}

fn bot_after(before: &Bot, change: &BotChange) -> Result<Bot, Rejection> {
    if let Some(hook) = change.hook_url.as_deref().filter(|hook| !hook.is_empty()) {
        check_hook(hook, change.plain_http)?;
    }
    for text in [&change.settings, &change.description].into_iter().flatten() {
        check_lines(text, TEXT_CHARACTERS_MAX)?;
    }
    if change.time_zone_offset.is_some_and(|offset| !(-OFFSET_MAX..=OFFSET_MAX).contains(&offset)) {
        return Err(Rejection::TimeZone);
    }
    let optional =
        |before: &Option<String>, given: &Option<String>| given.as_ref().or(before.as_ref()).filter(|text| !text.is_empty()).cloned();
    Ok(Bot {
        hook_url: optional(&before.hook_url, &change.hook_url),
        enabled: change.enabled.unwrap_or(before.enabled),
        settings: optional(&before.settings, &change.settings),
        description: optional(&before.description, &change.description),
        send_only_last_comment: change.send_only_last_comment.unwrap_or(before.send_only_last_comment),
        time_zone_offset: change.time_zone_offset.or(before.time_zone_offset),
    })
}

/// `https://host…`, without spaces and without a name and password. Whether anything listens there is for calls to find out.
fn check_hook(hook: &str, plain_http: bool) -> Result<(), Rejection> {
    check_line(hook, HOOK_CHARACTERS_MAX)?;
    let rest = hook.strip_prefix("https://").or_else(|| hook.strip_prefix("http://").filter(|_| plain_http));
    let authority = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let fits = !authority.is_empty() && !authority.starts_with(':') && !authority.contains(['@', '\\']);
    if fits && !hook.contains(char::is_whitespace) { Ok(()) } else { Err(Rejection::Hook) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Command;
    use crate::rejection::Code;
    use crate::testing::{ADMIN, ANNA, BORIS, GRETA, Given, MANAGER, given, ordinary};

    const LOGIN: &str = "bot@2f1e9c0a-7b1d-4f0e-9b53-0a7a4d1c2e11";

    fn named(name: &str) -> BotChange {
        BotChange { name: Some(name.into()), ..BotChange::default() }
    }

    fn robot() -> Given<Person> {
        let profile = Profile { first_name: "Robo".into(), email: LOGIN.into(), ..Profile::default() };
        given([Event::Added(Box::new(Added { kind: PersonKind::Bot, rights: rights::DEFAULT, profile })), Event::BotSet(Box::default())])
    }

    fn add(change: BotChange) -> Command {
        Command::AddBot { login: LOGIN.into(), bot: Box::new(change) }
    }

    fn change(change: BotChange) -> Command {
        Command::ChangeBot(Box::new(change))
    }

    fn hooked(hook: &str) -> BotChange {
        BotChange { hook_url: Some(hook.into()), ..named("Robo") }
    }

    #[test]
    fn those_who_manage_integrations_add_and_change_bots() {
        let hook = "https://bots.example.org/robo?x=1";
        let added = given::<Person>([]).by(ADMIN).when(add(hooked(hook))).outcome().expect("allowed");
        assert!(matches!(&added[0], Event::Added(added) if added.kind == PersonKind::Bot && added.profile.email == LOGIN));
        assert_eq!(added[1], Event::BotSet(Box::new(Bot { hook_url: Some(hook.into()), ..Bot::default() })));
        let off = BotChange { enabled: Some(false), ..BotChange::default() };
        robot().by(ADMIN).when(change(off)).then([Event::BotSet(Box::new(Bot { enabled: false, ..Bot::default() }))]);
        robot().by(ADMIN).when(change(named("Robo"))).then_nothing();
    }

    #[test]
    fn others_do_not_and_the_right_to_manage_people_is_not_enough() {
        for who in [ANNA, MANAGER, GRETA, BORIS] {
            given::<Person>([]).by(who).when(add(named("Robo"))).then_rejected(Code::AccessDenied);
        }
        // A guest is not told that there is one.
        for (who, code) in [(ANNA, Code::AccessDenied), (MANAGER, Code::AccessDenied), (GRETA, Code::AccessDeniedPerson)] {
            robot().by(who).when(change(named("Robot"))).then_rejected(code);
            robot().by(who).when(Command::Dismiss { receiver: None }).then_rejected(code);
            robot().by(who).when(Command::IssueKey).then_rejected(code);
        }
    }

    #[test]
    fn only_bots_are_changed_as_such() {
        let boris = given::<Person>([Event::Added(Box::new(ordinary("Boris", "boris@example.org")))]);
        boris.by(ADMIN).when(change(named("Robo"))).then_rejected(Code::AccessDeniedPerson);
    }

    #[test]
    fn a_hook_is_an_address_with_tls_unless_the_installation_says_otherwise() {
        for wrong in
            ["http://a.example", "ftp://a", "https://", "https:///x", "https://:1", "https://u:p@a.example", "https://a b", "javascript:x"]
        {
            robot().by(ADMIN).when(change(hooked(wrong))).then_rejected(Code::InvalidInput);
        }
        robot().by(ADMIN).when(change(hooked(&format!("https://{}", "a".repeat(2_000))))).then_rejected(Code::ValueIsTooLong);
        let plain = BotChange { plain_http: true, ..hooked("http://127.0.0.1:9/x") };
        assert!(robot().by(ADMIN).when(change(plain)).outcome().is_ok());
    }

    #[test]
    fn a_bot_is_given_no_right_that_the_asker_lacks() {
        let integrator = |rights| BotChange { rights: Some(rights), ..named("Robo") };
        assert!(robot().by(ADMIN).when(change(integrator(rights::SEE_ALL_TASKS))).outcome().is_ok());
        robot().by(ADMIN).when(change(integrator(0x1000))).then_rejected(Code::InvalidInput);
    }
}
