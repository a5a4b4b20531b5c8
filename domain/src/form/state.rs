//! What decisions about a form, and about its tasks, need to remember, and the fold that keeps it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::Level;
use super::definition::Definition;
use super::event::{Created, Event, Settings};
use super::print::PrintForm;
use crate::id::{FormId, OrganisationId, PersonId, Position, Version};
use crate::recorded::Header;

/// The state of a form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    pub id: FormId,
    pub organisation: OrganisationId,
    pub exists: bool,
    /// Takes no more tasks.
    pub closed: bool,
    #[serde(with = "crate::snapshot::as_json")]
    pub settings: Settings,
    /// Of persons and roles; who is not in it has none.
    pub levels: BTreeMap<PersonId, Level>,
    /// What tasks go by.
    #[serde(with = "crate::snapshot::as_json")]
    pub published: Arc<Definition>,
    /// How often it was published.
    pub template: u32,
    #[serde(with = "crate::snapshot::as_json")]
    pub draft: Option<Arc<Definition>>,
    /// What its tasks are printed with, by id.
    pub print_forms: BTreeMap<u32, Arc<PrintForm>>,
    /// The last id that one of them was given.
    pub last_print_form: u32,
    /// Rises with every change.
    pub version: Version,
    /// Its version when it was last defined otherwise, published or not.
    pub defined: Version,
    /// The last position that changed what tasks show of it; 0 if none did.
    pub shown_changed: Position,
    /// The version behind it, for when the log tells where it is.
    pub(crate) shown_version: Version,
}

impl Form {
    pub(super) fn fold(&mut self, event: &Event, header: &Header) {
        self.version = header.version;
        if matches!(event, Event::Created(_) | Event::Drafted(_) | Event::Published) {
            self.defined = header.version;
        }
        match event {
            Event::Created(created) => self.created(created, header),
            Event::Changed(settings) => self.settings.clone_from(settings),
            Event::Drafted(definition) => self.draft = Some(Arc::new(Definition::clone(definition))),
            Event::Published => {
                if let Some(draft) = self.draft.take() {
                    self.published = draft;
                    self.template += 1;
                    (self.shown_changed, self.shown_version) = (header.position, header.version);
                }
            }
            Event::Permitted { levels } => {
                self.levels.extend(levels);
                self.levels.retain(|_, level| *level != Level::None);
            }
            Event::Closed => self.closed = true,
            Event::Reopened => self.closed = false,
            Event::PrintSaved(print) => {
                self.last_print_form = self.last_print_form.max(print.id);
                self.print_forms.insert(print.id, Arc::new(PrintForm::clone(print)));
            }
            Event::PrintRemoved { id } => {
                self.print_forms.remove(id);
            }
        }
    }

    fn created(&mut self, created: &Created, header: &Header) {
        self.id = FormId(header.stream.id);
        self.organisation = header.organisation;
        self.exists = true;
        self.settings.clone_from(&created.settings);
        self.published = Arc::new(created.definition.clone());
        self.template = 1;
        // Whoever makes a form administers it.
        if header.person != PersonId::SYSTEM {
            self.levels.insert(header.person, Level::Administrator);
        }
    }
}
