//! Who there is: organisations, their people and rights, folded from the log and held in memory on
//! every node. A pure value with cheap clones; who reads the log for it is the `projections` crate.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{HashMap, OrdMap, OrdSet};
use jiff::Timestamp;

use crate::aggregate::Aggregate;
use crate::article::Article;
use crate::catalog::Heading;
use crate::codec::{DecodeError, EventSet};
use crate::department::Department;
use crate::filter::Filter;
use crate::form::Form;
use crate::id::{ArticleId, CatalogId, DepartmentId, FilterId, FormId, Kind, ListId, OrganisationId, PersonId, Position};
use crate::list::List;
use crate::organisation::{self, Organisation};
use crate::person::Person;
use crate::recorded::Recorded;
use crate::role::Role;

/// What is folded from the events of one stream.
pub trait Noted: Clone + Default {
    /// Takes the next event in.
    ///
    /// # Errors
    /// When this build cannot read it; what was noted is then as it was.
    fn note(&mut self, recorded: &Recorded) -> Result<(), DecodeError>;
}

impl<A: Aggregate> Noted for A {
    fn note(&mut self, recorded: &Recorded) -> Result<(), DecodeError> {
        let event = A::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)?;
        self.evolve(&event, &recorded.header);
        Ok(())
    }
}

/// What the directory holds of an aggregate, mostly all of it: every node knows it, and decisions may look at it.
pub trait Listed: Noted {
    /// The one of this id, if the organisation has it.
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>>;

    /// Puts it in, in place of what was known of it.
    fn list(self, directory: &mut OrganisationDirectory);
}

impl Listed for Person {
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>> {
        directory.person(PersonId(id))
    }

    fn list(self, directory: &mut OrganisationDirectory) {
        directory.put_person(self);
    }
}

impl Listed for Role {
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>> {
        directory.role(PersonId(id))
    }

    fn list(self, directory: &mut OrganisationDirectory) {
        directory.put_role(self);
    }
}

impl Listed for Form {
    fn listed(directory: &OrganisationDirectory, id: i64) -> Option<&Arc<Self>> {
        directory.form(FormId(id))
    }

    fn list(self, directory: &mut OrganisationDirectory) {
        directory.put_form(self);
    }
}

/// Every organisation of the installation. Cloning copies a reference.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    pub(crate) organisations: HashMap<OrganisationId, Arc<OrganisationDirectory>>,
}

/// The people, roles and lists of one organisation.
#[derive(Clone, Debug, Default)]
pub struct OrganisationDirectory {
    pub id: OrganisationId,
    pub organisation: Organisation,
    pub persons: OrdMap<PersonId, Arc<Person>>,
    /// Their ids are none of `persons`.
    pub roles: OrdMap<PersonId, Arc<Role>>,
    /// Member to the roles that act, in order. Who is in none is not in it.
    pub(crate) roles_of: HashMap<PersonId, Arc<[PersonId]>>,
    pub lists: OrdMap<ListId, Arc<List>>,
    /// Each list behind the one that it lies under (see [`crate::list::tree`]).
    pub(crate) list_places: OrdSet<(ListId, ListId)>,
    /// The last position at which a list moved.
    pub(crate) lists_changed: Position,
    pub forms: OrdMap<FormId, Arc<Form>>,
    /// Those that are deleted without what they asked.
    pub filters: OrdMap<FilterId, Arc<Filter>>,
    pub articles: OrdMap<ArticleId, Arc<Article>>,
    /// The last change of the knowledge base's tree (see [`crate::article::tree`]).
    pub(crate) article_turn: i64,
    /// Address in lower case to person.
    pub(crate) emails: HashMap<String, PersonId>,
    pub departments: OrdMap<DepartmentId, Arc<Department>>,
    /// Without their items.
    pub catalogs: OrdMap<CatalogId, Arc<Heading>>,
    /// Whom each person stands in for while they are away, today or some other day.
    pub(crate) deputies: HashMap<PersonId, OrdSet<PersonId>>,
    /// The last positions at which somebody stopped being an administrator, and at which departments were arranged otherwise.
    pub(crate) administration_left: Position,
    pub(crate) departments_changed: Position,
    /// The last position that changed what tasks show of somebody, or of a role, who was there before; 0 if none did.
    /// It follows from the log alone, so that it means the same on every node and after a restart.
    pub revision: u64,
}

impl Directory {
    /// Takes a recorded event in. Events of kinds that it does not hold change nothing.
    ///
    /// # Errors
    /// When this build cannot read the event; the directory is then as it was.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<(), DecodeError> {
        let header = &recorded.header;
        match header.stream.kind {
            Kind::Organisation => {
                let event = organisation::Event::decode(&recorded.event_type, recorded.schema, &recorded.payload)?;
                self.entry(header.organisation).organisation.evolve(&event, header);
            }
            Kind::Person => self.take_in::<Person>(recorded)?,
            Kind::Role => self.take_in::<Role>(recorded)?,
            Kind::List => self.take_in::<List>(recorded)?,
            Kind::Department => self.take_in::<Department>(recorded)?,
            Kind::Article => self.take_in::<Article>(recorded)?,
            Kind::Catalog => self.take_in::<Heading>(recorded)?,
            Kind::Form => self.take_in::<Form>(recorded)?,
            Kind::Filter => self.take_in::<Filter>(recorded)?,
            Kind::Task | Kind::Audit | Kind::Announcement | Kind::Account | Kind::Award | Kind::Inbox | Kind::File => {}
        }
        Ok(())
    }

    fn take_in<A: Listed>(&mut self, recorded: &Recorded) -> Result<(), DecodeError> {
        let header = &recorded.header;
        let known = self.organisations.get(&header.organisation).and_then(|organisation| A::listed(organisation, header.stream.id));
        let mut state = known.map(|known| A::clone(known)).unwrap_or_default();
        state.note(recorded)?;
        state.list(self.entry(header.organisation));
        Ok(())
    }

    fn entry(&mut self, id: OrganisationId) -> &mut OrganisationDirectory {
        let fresh = || Arc::new(OrganisationDirectory { id, ..OrganisationDirectory::default() });
        Arc::make_mut(self.organisations.entry(id).or_insert_with(fresh))
    }

    pub fn organisation(&self, id: OrganisationId) -> Option<&Arc<OrganisationDirectory>> {
        self.organisations.get(&id)
    }

    pub fn organisations(&self) -> impl Iterator<Item = &Arc<OrganisationDirectory>> {
        self.organisations.values()
    }

    /// Puts what is listed in as it is, for loading a stored directory.
    pub fn put<A: Listed>(&mut self, organisation: OrganisationId, state: A) {
        state.list(self.entry(organisation));
    }

    /// Puts a person in as they are.
    pub fn put_person(&mut self, person: Person) {
        self.put(person.organisation, person);
    }

    /// Puts an organisation in as it is, for loading a stored directory.
    pub fn put_organisation(&mut self, organisation: Organisation) {
        let id = organisation.id;
        self.entry(id).organisation = organisation;
    }

    /// Sets an organisation's revision, for loading a stored directory: what was loaded must count on from
    /// where it stood. An organisation that is not there is left alone.
    pub fn put_revision(&mut self, organisation: OrganisationId, revision: u64) {
        if let Some(entry) = self.organisations.get_mut(&organisation) {
            Arc::make_mut(entry).revision = revision;
        }
    }
}

impl OrganisationDirectory {
    pub fn person(&self, id: PersonId) -> Option<&Arc<Person>> {
        self.persons.get(&id)
    }

    pub fn role(&self, id: PersonId) -> Option<&Arc<Role>> {
        self.roles.get(&id)
    }

    /// Whether this is a person or a role of the organisation that may be given something to do: there, and neither blocked
    /// nor banned nor deleted.
    pub fn acts(&self, id: PersonId) -> bool {
        match (self.person(id), self.role(id)) {
            (Some(person), _) => person.exists && !person.blocked,
            (None, Some(role)) => role.acts(),
            (None, None) => false,
        }
    }

    /// Everybody as whom `person` may act: themselves, and after them, in order, the roles that they are in. Nobody for who is
    /// blocked or not there; neither banned nor deleted roles.
    pub fn principals(&self, person: PersonId) -> impl Iterator<Item = PersonId> + Clone + '_ {
        let acts = self.person(person).is_some_and(|person| person.exists && !person.blocked);
        let roles = if acts { self.roles_of.get(&person).map(|roles| &**roles).unwrap_or_default() } else { &[] };
        acts.then_some(person).into_iter().chain(roles.iter().copied())
    }

    /// Whether `person` may act as `id`: is it, or is in that role.
    pub fn acts_as(&self, person: PersonId, id: PersonId) -> bool {
        self.principals(person).any(|principal| principal == id)
    }

    pub fn form(&self, id: FormId) -> Option<&Arc<Form>> {
        self.forms.get(&id)
    }

    pub fn filter(&self, id: FilterId) -> Option<&Arc<Filter>> {
        self.filters.get(&id)
    }

    fn put_form(&mut self, form: Form) {
        self.revision = self.revision.max(u64::try_from(form.shown_changed).unwrap_or_default());
        self.forms.insert(form.id, Arc::new(form));
    }

    pub fn article(&self, id: ArticleId) -> Option<&Arc<Article>> {
        self.articles.get(&id)
    }

    pub(crate) fn put_article(&mut self, article: Article) {
        self.article_turn = self.article_turn.max(article.turn);
        self.articles.insert(article.id, Arc::new(article));
    }

    /// The person with this address, in any case.
    pub fn by_email(&self, email: &str) -> Option<&Arc<Person>> {
        self.emails.get(&email.to_lowercase()).and_then(|id| self.persons.get(id))
    }

    pub fn department(&self, id: DepartmentId) -> Option<&Arc<Department>> {
        self.departments.get(&id)
    }

    /// The department that somebody is shown to be in.
    pub fn department_of(&self, person: &Person) -> Option<&Arc<Department>> {
        person.profile.department.and_then(|id| self.department(id)).filter(|department| department.is_there())
    }

    /// Those whom `person` stands in for at `at`: whoever is away then and named them as their deputy. One step only.
    pub fn deputised_by(&self, person: PersonId, at: Timestamp) -> impl Iterator<Item = PersonId> {
        let absent = self.deputies.get(&person).into_iter().flatten().copied();
        absent.filter(move |absent| self.person(*absent).is_some_and(|absent| absent.deputy_at(at) == Some(person)))
    }

    /// The last position at which somebody stopped being an administrator; 0 if nobody did.
    pub fn administration_left(&self) -> Position {
        self.administration_left
    }

    /// The last position at which the tree of departments changed; 0 if it never did.
    pub fn departments_changed(&self) -> Position {
        self.departments_changed
    }

    pub(crate) fn put_department(&mut self, department: Department) {
        self.departments_changed = self.departments_changed.max(department.tree_changed);
        let department = Arc::new(department);
        let before = self.departments.insert(department.id, department.clone());
        crate::catalog::departments::follow(self, before.as_deref(), &department);
    }

    fn put_person(&mut self, person: Person) {
        let named = |person: &Person| person.absence.and_then(|absence| absence.deputy);
        let before = self.persons.get(&person.id).and_then(|before| named(before));
        if before != named(&person) {
            if let Some(deputy) = before {
                let mut absent = self.deputies.get(&deputy).cloned().unwrap_or_default();
                absent.remove(&person.id);
                if absent.is_empty() {
                    self.deputies.remove(&deputy)
                } else {
                    self.deputies.insert(deputy, absent)
                };
            }
            if let Some(deputy) = named(&person) {
                let mut absent = self.deputies.get(&deputy).cloned().unwrap_or_default();
                absent.insert(person.id);
                self.deputies.insert(deputy, absent);
            }
        }
        self.administration_left = self.administration_left.max(person.administration_left);
        let email = |person: &Person| person.profile.email.to_lowercase();
        if let Some(before) = self.persons.get(&person.id) {
            let before = email(before);
            // It may be somebody else's by now.
            if self.emails.get(&before) == Some(&person.id) {
                self.emails.remove(&before);
            }
        }
        if !person.profile.email.is_empty() {
            self.emails.insert(email(&person), person.id);
        }
        self.revision = self.revision.max(u64::try_from(person.shown_changed).unwrap_or_default());
        self.persons.insert(person.id, Arc::new(person));
    }

    fn put_role(&mut self, role: Role) {
        let id = role.id;
        let acting = |role: &Role| if role.acts() { role.members.clone() } else { BTreeSet::new() };
        let before = self.roles.get(&id).map(|role| acting(role)).unwrap_or_default();
        let after = acting(&role);
        for member in before.symmetric_difference(&after) {
            let roles = self.roles_of.get(member).map(|roles| roles.iter().copied()).into_iter().flatten();
            let mut roles: BTreeSet<PersonId> = roles.filter(|role| *role != id).collect();
            if after.contains(member) {
                roles.insert(id);
            }
            if roles.is_empty() {
                self.roles_of.remove(member);
            } else {
                self.roles_of.insert(*member, roles.into_iter().collect());
            }
        }
        self.revision = self.revision.max(u64::try_from(role.shown_changed).unwrap_or_default());
        self.roles.insert(id, Arc::new(role));
    }
}

#[cfg(test)]
mod tests;
