//! Which profiles are taken. Not who may set them.
//!
//! An e-mail address is taken when it has one `@`, before it 1 to 64 and after it 1 to 190 characters,
//! neither spaces nor control characters, and a name of letters, digits, `-` and `.` behind the `@`
//! that neither begins nor ends with `-` or `.`. Whether mail arrives there is for mail to find out.

use super::{BirthDate, Messenger, PersonKind, Profile, Rejection};
use crate::id::PersonId;
use crate::issued::Issued;
use crate::text::check_line;
use crate::zone;

/// Characters in a name or any other attribute.
pub const ATTRIBUTE_CHARACTERS_MAX: usize = 200;

/// Takes `profile` for the person `id` of this kind, or says what is wrong with it.
pub(super) fn check(profile: &Profile, kind: PersonKind, id: PersonId, issued: &Issued<'_>) -> Result<(), Rejection> {
    for attribute in attributes(profile) {
        check_line(attribute, ATTRIBUTE_CHARACTERS_MAX)?;
    }
    let nameless = profile.first_name.trim().is_empty() && profile.last_name.trim().is_empty();
    let addressed = match kind {
        PersonKind::User | PersonKind::Guest => true,
        // A program may do without.
        PersonKind::Bot => !profile.email.is_empty(),
    };
    if nameless || (addressed && profile.email.is_empty()) {
        return Err(Rejection::IdentityMissing);
    }
    if addressed && !is_email(&profile.email) {
        return Err(Rejection::EmailFormat);
    }
    if profile.time_zone.as_deref().is_some_and(|name| !zone::is_known(name)) {
        return Err(Rejection::TimeZone);
    }
    if profile.locale.as_deref().is_some_and(|locale| !is_locale(locale)) {
        return Err(Rejection::Locale);
    }
    if profile.login_phone.as_deref().is_some_and(|phone| !is_phone(phone)) {
        return Err(Rejection::PhoneFormat);
    }
    if profile.birth_date.is_some_and(|date| !is_date(date)) {
        return Err(Rejection::BirthDate);
    }
    // Whoever sits in a department that was deleted since keeps it until they are given another.
    let before = issued.directory.person(id).and_then(|known| known.profile.department);
    if let Some(department) = profile.department.filter(|department| Some(*department) != before)
        && !issued.directory.has_department(department)
    {
        return Err(Rejection::Department);
    }
    // The claim decides; this only answers sooner, and without a trip to the log.
    match issued.directory.by_email(&profile.email) {
        Some(holder) if addressed && holder.id != id => Err(Rejection::EmailInUse),
        Some(_) | None => Ok(()),
    }
}

fn attributes(profile: &Profile) -> impl Iterator<Item = &str> {
    // Taken apart by name, so that a new attribute cannot be forgotten here.
    let Profile {
        first_name,
        last_name,
        email,
        native_first_name,
        native_last_name,
        external_id,
        position,
        status,
        phone,
        mobile_phone,
        skype,
        location,
        personality,
        personnel_number,
        locale,
        time_zone,
        messenger,
        vacation_days: _,
        login_phone,
        department: _,
        birth_date: _,
    } = profile;
    let nickname = messenger.as_ref().map(|Messenger { kind: _, nickname }| nickname.as_str());
    let optional = [
        native_first_name,
        native_last_name,
        external_id,
        position,
        status,
        phone,
        mobile_phone,
        skype,
        location,
        personality,
        personnel_number,
        locale,
        time_zone,
        login_phone,
    ];
    [first_name, last_name, email].into_iter().chain(optional.into_iter().flatten()).map(String::as_str).chain(nickname)
}

/// See the module's text for what is one.
pub fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    let local_fits = (1..=64).contains(&local.chars().count()) && !local.chars().any(|c| c.is_whitespace() || c.is_control());
    let name_fits = (1..=190).contains(&domain.chars().count()) && domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
    let edge = ['-', '.'];
    local_fits && name_fits && !domain.starts_with(edge) && !domain.ends_with(edge) && !domain.contains("..")
}

/// A `+` and 5 to 15 digits (E.164): spaces and brackets would make one phone into several.
fn is_phone(phone: &str) -> bool {
    phone.strip_prefix('+').is_some_and(|digits| (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A day that there is; without a year, one that there is in a leap year.
fn is_date(date: BirthDate) -> bool {
    let year = date.year.unwrap_or(2000);
    (1800..=2199).contains(&year) && jiff::civil::Date::new(year, date.month, date.day).is_ok()
}

/// Language and country as in `en-US`, or a language alone.
pub(crate) fn is_locale(locale: &str) -> bool {
    let mut parts = locale.split('-');
    let letters = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    parts.next().is_some_and(|language| letters(language, 2..=3)) && parts.all(|part| letters(part, 2..=8)) && locale.len() <= 35
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_mail_could_reach_are_taken() {
        for email in ["a@b", "ann.lee+x@mail.example.org", "bot@0b1e6f3c-51a9-4f0e-b6a2-1c1de2f0c111", "иван@почта.рф"] {
            assert!(is_email(email), "{email}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        let long = format!("{}@b.org", "a".repeat(65));
        for email in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b c", "a@-b", "a@b.", "a@b..c", "a\0@b", "a@b\n", "<a@b>", &long] {
            assert!(!is_email(email), "{email:?}");
        }
    }

    #[test]
    fn locales_have_the_shape_of_a_language_tag() {
        assert!(["en-US", "ru-RU", "de", "sr-Latn-RS"].into_iter().all(is_locale));
        assert!(["", "e", "en_US", "en-", "en-US-x", "-US"].into_iter().all(|locale| !is_locale(locale)));
    }
}
