//! Saving a filter.

use super::{Event, FILTERS_MAX, Filter, NAME_CHARACTERS_MAX, QUERY_BYTES_MAX, Rejection, Settings, Shared};
use crate::aggregate::Events;
use crate::issued::{Asker, Issued};
use crate::text::check_line;

impl Filter {
    /// Whoever saves it owns it. How many there are is as the directory knows it.
    pub(super) fn create(&self, settings: &Settings, issued: &Issued<'_>) -> Result<Events<Event>, Rejection> {
        match issued.asker() {
            Asker::System | Asker::Person(_) => {}
            Asker::Nobody => return Err(Rejection::Blocked),
        }
        if self.exists {
            return Err(Rejection::AlreadyCreated);
        }
        let own = issued.directory.filters.values().filter(|filter| filter.owner == issued.who && !filter.deleted);
        if own.count() >= FILTERS_MAX {
            return Err(Rejection::TooManyFilters);
        }
        check(settings, &Shared::default(), issued)?;
        Ok(vec![Event::Created(Box::new(settings.clone()))])
    }
}

/// Takes the settings, or says what is wrong with them.
pub(super) fn check(settings: &Settings, shared_before: &Shared, issued: &Issued<'_>) -> Result<(), Rejection> {
    // Taken apart by name, so that a new member cannot be forgotten here.
    let Settings { name, query, presentation, shared } = settings;
    check_line(name, NAME_CHARACTERS_MAX).map_err(|unfit| Rejection::Unfit("name", unfit))?;
    if name.trim().is_empty() {
        return Err(Rejection::NameMissing);
    }
    query.over.open(issued)?;
    // What cannot be written is not short enough.
    let bytes = serde_json::to_string(&query.members).map_or(usize::MAX, |json| json.len());
    if bytes > QUERY_BYTES_MAX {
        return Err(Rejection::QueryTooLong);
    }
    presentation.check(query.over, issued)?;
    shared.check(shared_before, issued)
}

#[cfg(test)]
mod tests {
    use super::super::presentation::COLUMNS_MAX;
    use super::super::share::SHARED_MAX;
    use super::super::{Column, Command, Over, Presentation, Query, Sort, View, Whose};
    use super::*;
    use crate::directory::{Listed as _, OrganisationDirectory};
    use crate::form::{Definition, Field, FieldId, Form, Level};
    use crate::id::{FilterId, FormId, ListId, PersonId};
    use crate::rejection::{Code, Rejection as _};
    use crate::testing::{ANNA, BORIS, CLERKS, FELIX, GRETA, HOME, filter_settings, form, given, with_form, with_roles};

    fn home() -> OrganisationDirectory {
        let definition = Definition { fields: vec![Field { id: FieldId(3), ..Field::default() }], ..Definition::default() };
        with_form(with_roles(), Form { published: definition.into(), ..form(1, [(ANNA, Level::Member)]) })
    }

    fn of_form() -> Settings {
        let presentation = Presentation {
            view: View::Board,
            columns: vec![Column::Word("id".into()), Column::Field(FieldId(3))],
            sort: Some(Sort { by: Column::Field(FieldId(3)), descending: true }),
            group_by: Some(Column::Word("u_step".into())),
        };
        let shared = Shared { everyone: false, with: [BORIS, CLERKS].into() };
        Settings { presentation, shared, ..filter_settings("Late", Over::Form(FormId(1))) }
    }

    /// What creating these refuses, and the field that it names.
    fn refused(settings: Settings, who: PersonId, home: OrganisationDirectory) -> Option<(Code, Option<String>)> {
        let outcome = given::<Filter>([]).by(who).among(home).when(Command::Create(Box::new(settings))).outcome();
        outcome.err().map(|rejection| (rejection.code(), rejection.place().map(str::to_owned)))
    }

    #[test]
    fn a_filter_is_saved_as_it_is_given() {
        let created = Event::Created(Box::new(of_form()));
        given::<Filter>([]).among(home()).when(Command::Create(Box::new(of_form()))).then([created.clone()]);
        given::<Filter>([created]).among(home()).when(Command::Create(Box::new(of_form()))).then_rejected(Code::Conflict);
        for over in [Over::Inbox, Over::Responsible(Whose::Me), Over::Approver(Whose::Person(BORIS))] {
            assert_eq!(refused(filter_settings("Mine", over), ANNA, home()), None, "{over:?}");
        }
        assert_eq!(refused(filter_settings("Mine", Over::Inbox), GRETA, home()), None, "guests have filters of their own");
        assert_eq!(refused(filter_settings("Mine", Over::Inbox), FELIX, home()), Some((Code::AccountBlocked, None)));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_field() {
        let with = |change: &dyn Fn(&mut Settings)| {
            let mut settings = of_form();
            change(&mut settings);
            refused(settings, ANNA, home()).map(|(code, place)| (code, place.unwrap_or_default()))
        };
        let says = |code, place: &str| Some((code, place.to_owned()));
        assert_eq!(with(&|filter| filter.name = "  ".into()), says(Code::RequiredParameterMissing, "name"));
        assert_eq!(with(&|filter| filter.name = "x".repeat(201)), says(Code::ValueIsTooLong, "name"));
        assert_eq!(with(&|filter| filter.name = "a\u{202e}b".into()), says(Code::InvalidValueFormat, "name"));
        assert_eq!(with(&|filter| filter.query.over = Over::Form(FormId(9))), says(Code::AccessDeniedForm, "query"));
        assert_eq!(with(&|filter| filter.query.over = Over::List(ListId(9))), says(Code::AccessDeniedProject, "query"));
        let absent = Over::Approver(Whose::Person(PersonId(404)));
        assert_eq!(with(&|filter| filter.query.over = absent), says(Code::AccessDeniedPerson, "query"));
        let long = Query { members: [("fld3".to_owned(), "x".repeat(QUERY_BYTES_MAX).into())].into_iter().collect(), ..of_form().query };
        assert_eq!(with(&|filter| filter.query = long.clone()), says(Code::LimitExceeded, "query"));
        let columns = "presentation.columns";
        let many = vec![Column::Word("id".into()); COLUMNS_MAX + 1];
        assert_eq!(with(&|filter| filter.presentation.columns.clone_from(&many)), says(Code::LimitExceeded, columns));
        let set = |column: Column| with(&|filter| filter.presentation.columns = vec![column.clone()]);
        assert_eq!(set(Column::Field(FieldId(9))), says(Code::InvalidFieldId, columns));
        assert_eq!(set(Column::Word(" ".into())), says(Code::InvalidValueFormat, columns));
        assert_eq!(set(Column::Word("x".repeat(101))), says(Code::ValueIsTooLong, columns));
        let by = |by| Some(Sort { by, descending: false });
        assert_eq!(
            with(&|filter| filter.presentation.sort = by(Column::Field(FieldId(9)))),
            says(Code::InvalidFieldId, "presentation.sort")
        );
        assert_eq!(
            with(&|filter| filter.presentation.group_by = Some(Column::Field(FieldId(9)))),
            says(Code::InvalidFieldId, "presentation.group_by")
        );
        assert_eq!(with(&|filter| filter.query.over = Over::Inbox), says(Code::InvalidFieldId, columns), "an inbox has no fields");
    }

    #[test]
    fn it_is_shared_with_those_whom_its_owner_knows_and_by_no_guest() {
        let shared = |who, with: &[PersonId]| {
            let shared = Shared { everyone: false, with: with.iter().copied().collect() };
            refused(Settings { shared, ..filter_settings("Mine", Over::Inbox) }, who, home()).map(|(code, _)| code)
        };
        assert_eq!(shared(ANNA, &[BORIS, CLERKS, GRETA]), None);
        for nobody in [FELIX, PersonId(404)] {
            assert_eq!(shared(ANNA, &[BORIS, nobody]), Some(Code::InvalidPersonId));
        }
        assert_eq!(shared(GRETA, &[BORIS]), Some(Code::AccessDenied));
        let many: Vec<PersonId> = (1_000..).take(SHARED_MAX + 1).map(PersonId).collect();
        assert_eq!(shared(ANNA, &many), Some(Code::LimitExceeded));
    }

    #[test]
    fn one_person_has_so_many_filters_and_deleted_ones_make_room() {
        let full = |deleted| {
            (1..).take(FILTERS_MAX).fold(home(), |mut home, id| {
                Filter { id: FilterId(id), organisation: HOME, exists: true, deleted, owner: ANNA, ..Filter::default() }.list(&mut home);
                home
            })
        };
        let mine = || filter_settings("Mine", Over::Inbox);
        assert_eq!(refused(mine(), ANNA, full(false)), Some((Code::LimitExceeded, None)));
        assert_eq!(refused(mine(), BORIS, full(false)), None);
        assert_eq!(refused(mine(), ANNA, full(true)), None);
    }
}
