//! Events turned into the arrays that the log's functions take, in the order of their parameters.

use sqlx::Arguments;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use uuid::Uuid;

use crate::journal::Hash;
use crate::journal::judge::Staged;

/// One array a column, one element an event.
#[derive(Default)]
pub(super) struct Columns<'a> {
    organisations: Vec<i64>,
    kinds: Vec<i16>,
    streams: Vec<i64>,
    versions: Vec<i64>,
    types: Vec<&'a str>,
    schemas: Vec<i16>,
    persons: Vec<i64>,
    commands: Vec<Uuid>,
    indexes: Vec<i16>,
    metas: Vec<&'a str>,
    payloads: Vec<&'a str>,
    salts: Vec<&'a [u8]>,
    digests: Vec<&'a [u8]>,
    hashes: Vec<Hash>,
}

impl<'a> Columns<'a> {
    pub fn new(events: &[Staged<'a>]) -> Self {
        let mut columns = Self::default();
        for staged in events {
            columns.organisations.push(staged.command.organisation.0);
            columns.kinds.push(staged.stream.kind.number());
            columns.streams.push(staged.stream.id);
            columns.versions.push(staged.version);
            columns.types.push(staged.event.encoded.event_type);
            columns.schemas.push(staged.event.encoded.schema);
            columns.persons.push(staged.command.person.0);
            columns.commands.push(staged.command.command.0);
            columns.indexes.push(staged.index);
            columns.metas.push(&staged.command.meta);
            columns.payloads.push(&staged.event.encoded.payload);
            columns.salts.push(&staged.event.salt);
            columns.digests.push(&staged.event.digest);
            columns.hashes.push(staged.hash);
        }
        columns
    }

    pub fn add_to(self, arguments: &mut PgArguments) -> Result<(), BoxDynError> {
        arguments.add(self.organisations)?;
        arguments.add(self.kinds)?;
        arguments.add(self.streams)?;
        arguments.add(self.versions)?;
        arguments.add(self.types)?;
        arguments.add(self.schemas)?;
        arguments.add(self.persons)?;
        arguments.add(self.commands)?;
        arguments.add(self.indexes)?;
        arguments.add(self.metas)?;
        arguments.add(self.payloads)?;
        arguments.add(self.salts)?;
        arguments.add(self.digests)?;
        arguments.add(self.hashes)
    }
}
