//! The table in words, for who reads the API's description and checks it. Not what the checks ask.

use std::fmt::Write;

use super::deed::{Being, Deed, Who};
use crate::person::rights::NAMES;

/// The table as Markdown: what, to whom, and who may.
pub fn table() -> String {
    let mut text = String::from("| to | whom or what | who may |\n|---|---|---|\n");
    for deed in Deed::ALL {
        let (to, whom) = deed.words();
        let who: Vec<String> = deed.who().iter().map(|who| who.words()).collect();
        // Writing to a String does not fail.
        let _ = writeln!(text, "| {to} | {whom} | {} |", who.join("; "));
    }
    text
}

impl Deed {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::SeeColleagues => ("see", "persons and bots of the organisation, who it is that they are and how to reach them"),
            Self::SeePrivateAttributes => ("see", "how somebody signs in and for how long, the year of their birth, what they may not do"),
            Self::AddPersons => ("add, invite", "persons and guests, with no right that one does not hold"),
            Self::ChangeProfile => {
                ("change", "profile, picture, absence, key and password of somebody who holds no right that one does not hold")
            }
            Self::ManagePersons => (
                "block, restore, dismiss; change rights, restrictions and session policy",
                "somebody else who holds no right that one does not hold",
            ),
            Self::AddBots => ("add", "bots"),
            Self::ManageBots => ("change, block, dismiss, give a key", "a bot that holds no right that one does not hold"),
            Self::SeeBotSettings => ("see", "settings and address of a bot"),
            Self::SeeRoles => ("see", "roles and who is in them"),
            Self::ManageRoles => ("create, change, ban, restore, delete", "a role"),
            Self::SeeDepartments => ("see", "departments"),
            Self::ArrangeDepartments => ("create, change, move, delete", "a department"),
            Self::ChangeOrganisation => ("change", "the organisation's settings"),
            Self::SeeTask => ("see, comment on, put away; change people, subject, dates and lists of", "a task"),
            Self::LookBackAtDeletedTask => ("look back at", "a task that was deleted; words that were taken back"),
            Self::CloseTask => ("close, reopen", "a task that one sees"),
            Self::DeleteTask => ("delete", "a task that one sees"),
            Self::EditComment => ("edit", "a comment"),
            Self::DeleteComment => ("delete", "a comment"),
            Self::MakeLists => ("make", "a list at the top"),
            Self::OpenListsToAll => ("make, or open", "a list for the whole organisation"),
            Self::SeeOpenLists => ("see", "a list for the whole organisation, and so what lies in it"),
            Self::ManageOpenLists => ("manage", "a list for the whole organisation"),
            Self::SeeList => ("see", "a private list, and so what lies in it"),
            Self::ManageList => ("change, move, delete, restore, make lists below", "a list"),
            Self::ReadAnnouncements => ("see, comment on", "announcements"),
            Self::WriteAnnouncements => ("write", "an announcement"),
            Self::ChangeAnnouncement => ("change, close, reopen, delete", "an announcement"),
            Self::EditAnnouncementComment => ("edit", "a comment on an announcement"),
            Self::DeleteAnnouncementComment => ("delete", "a comment on an announcement"),
            Self::ReadArticle => ("read", "an article or a topic"),
            Self::WriteArticle => ("change, move, delete, add below", "an article or a topic"),
            Self::AdministerKnowledgeBase => ("see and change permissions; add at the top", "the knowledge base"),
            Self::SeeAwards => ("see", "awards and who holds them"),
            Self::ManageAwards => ("create, change, delete; see and set thresholds and counters", "an award"),
            Self::ConfigureForms => ("make, see, change, publish, close, give levels in", "forms; who administers one does so with that"),
            Self::SeeFilter => ("see, ask", "a saved filter, where one may look where it looks"),
            Self::ChangeFilter => ("change, share, delete", "a saved filter"),
            Self::ShareFilters => ("share", "saved filters"),
            Self::ReadHistory => ("read", "what happened, who read what, when everybody was last here"),
            Self::LookThroughEyes => ("see", "which tasks somebody sees, or saw"),
        }
    }
}

impl Who {
    fn words(self) -> String {
        match self {
            Self::Colleagues => "everybody but guests".to_owned(),
            Self::Holder(rights) => held(rights),
            Self::Is(being) => being.words().to_owned(),
            Self::Colleague(being) => format!("{}, if no guest", being.words()),
            Self::HolderAnd(rights, being) => format!("{} with {}", being.words(), held(rights)),
        }
    }
}

impl Being {
    const fn words(self) -> &'static str {
        match self {
            Self::Oneself => "oneself",
            Self::Author => "the author",
            Self::Responsible => "the responsible",
            Self::WasResponsible => "who was responsible",
            Self::Participant => "participants",
            Self::Subscriber => "subscribers",
            Self::Deputy => "who stands in for one of them",
            Self::DeputyOfResponsible => "who stands in for the responsible",
            Self::ListReader => "who sees the list: its members and managers, and those of lists above it",
            Self::ListManager => "who manages the list, or one above it",
            Self::Reader => "readers",
            Self::Editor => "editors",
            Self::Addressed => "everybody where it is open",
            Self::Approver => "who is asked at a step of its form",
            Self::FormReader => "who sees all tasks of its form",
            Self::FormManager => "who manages its form",
        }
    }
}

fn held(rights: u32) -> String {
    let held = NAMES.iter().filter(|(bit, _)| rights & bit != 0).map(|(_, name)| format!("`{name}`"));
    held.collect::<Vec<_>>().join(" and ")
}
