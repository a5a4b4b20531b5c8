//! Why somebody is told of something, in words of their language. Names are those of today.

use domain::directory::OrganisationDirectory;
use domain::inbox::{Followed, Reason};
use projections::notify::address::Why;

use crate::error::Language;
use crate::routes::follows::name_of;

/// One reason with the way by which it reached its person.
pub fn why(why: &Why, language: Language, organisation: &OrganisationDirectory) -> String {
    let mut said = match (language, why.followed) {
        (_, None) => reason(why.reason, language).to_owned(),
        (Language::English, Some(followed)) => match (thing(followed, language), name_of(followed, organisation)) {
            (thing, Some(name)) => format!("You follow the {thing} “{name}”"),
            (thing, None) => format!("You follow the {thing}"),
        },
        (Language::Russian, Some(followed)) => match (thing(followed, language), name_of(followed, organisation)) {
            (thing, Some(name)) => format!("Вы следите: {thing} «{name}»"),
            (thing, None) => format!("Вы следите: {thing}"),
        },
    };
    if let Some(role) = why.role.and_then(|role| organisation.role(role)) {
        said += &match language {
            Language::English => format!(", in the role “{}”", role.name),
            Language::Russian => format!(", в роли «{}»", role.name),
        };
    }
    if let Some(absent) = why.absent.and_then(|absent| organisation.person(absent)) {
        let name = format!("{} {}", absent.profile.first_name, absent.profile.last_name);
        said += &match language {
            Language::English => format!(", for {}, who is away", name.trim()),
            Language::Russian => format!(", вместо отсутствующего: {}", name.trim()),
        };
    }
    said
}

const fn reason(reason: Reason, language: Language) -> &'static str {
    match language {
        Language::English => match reason {
            Reason::Mentioned => "You are mentioned",
            Reason::Approval => "Your approval is asked for",
            Reason::Assigned => "You are responsible for the task",
            Reason::Acknowledgement => "You are asked to acknowledge",
            Reason::Reminder => "You wanted to be reminded",
            Reason::Overdue => "The task is overdue",
            Reason::Due => "The task is due",
            Reason::Returned => "The task is back from where it was put off to",
            Reason::Comment => "Somebody comments in a task that you have a part in",
            Reason::Added => "You take part in the task",
            Reason::Finished => "Your task has come to the end of its route, or back to its beginning",
            Reason::Followed => "You follow the task",
            Reason::Announcement => "Something was announced",
        },
        Language::Russian => match reason {
            Reason::Mentioned => "Вас упомянули",
            Reason::Approval => "Нужно ваше согласование",
            Reason::Assigned => "Вы ответственный за задачу",
            Reason::Acknowledgement => "Вас просят ознакомиться",
            Reason::Reminder => "Вы просили напомнить",
            Reason::Overdue => "Задача просрочена",
            Reason::Due => "Наступил срок задачи",
            Reason::Returned => "Отложенная задача вернулась",
            Reason::Comment => "Новый комментарий в задаче с вашим участием",
            Reason::Added => "Вас добавили в задачу",
            Reason::Finished => "Ваша задача прошла маршрут или вернулась в его начало",
            Reason::Followed => "Вы следите за задачей",
            Reason::Announcement => "Новое объявление",
        },
    }
}

const fn thing(followed: Followed, language: Language) -> &'static str {
    match (language, followed) {
        (Language::English, Followed::Task(_)) => "task",
        (Language::English, Followed::List(_)) => "list",
        (Language::English, Followed::Form(_)) => "form",
        (Language::English, Followed::Filter(_)) => "filter",
        (Language::Russian, Followed::Task(_)) => "задача",
        (Language::Russian, Followed::List(_)) => "список",
        (Language::Russian, Followed::Form(_)) => "форма",
        (Language::Russian, Followed::Filter(_)) => "фильтр",
    }
}

#[cfg(test)]
mod tests {
    use domain::testing::{ANNA, CLERKS, list, with_list, with_roles};
    use domain::{ListId, PersonId};

    use super::*;

    #[test]
    fn a_reason_is_said_with_its_role_its_absent_and_what_is_followed() {
        let home = with_list(with_roles(), list(3, None, [ANNA]));
        let say = |way: Why| (why(&way, Language::English, &home), why(&way, Language::Russian, &home));
        let approval = Why::of(Reason::Approval);
        let (english, russian) = say(approval);
        assert_eq!((english.as_str(), russian.as_str()), ("Your approval is asked for", "Нужно ваше согласование"));
        let (english, russian) = say(Why { role: Some(CLERKS), ..approval });
        assert_eq!(english, "Your approval is asked for, in the role “Role 40”");
        assert_eq!(russian, "Нужно ваше согласование, в роли «Role 40»");
        let (english, russian) = say(Why { absent: Some(ANNA), ..approval });
        assert_eq!(english, "Your approval is asked for, for Anna Test, who is away");
        assert_eq!(russian, "Нужно ваше согласование, вместо отсутствующего: Anna Test");
        let (english, russian) = say(Why { followed: Some(Followed::List(ListId(3))), ..Why::of(Reason::Followed) });
        assert_eq!((english.as_str(), russian.as_str()), ("You follow the list “List 3”", "Вы следите: список «List 3»"));
        let gone = Why { role: Some(PersonId(404)), ..approval };
        assert_eq!(say(gone).0, "Your approval is asked for");
    }
}
