//! The rows of a register, read and written so many at a time: two pages are under way while a third goes out, so memory does not
//! grow with the register, and no connection to the database is held while a reader is slow.

use std::collections::BTreeSet;
use std::sync::Arc;

use actix_web::web;
use bytes::Bytes;
use domain::TaskId;
use domain::directory::OrganisationDirectory;
use domain::form::Form;
use domain::task::document::links::named;
use domain::task::document::register::{Parts, Registered};
use futures_util::{Stream, StreamExt, stream};
use projections::Generation;
use projections::views::tasks::register::{self, Row};
use projections::views::tasks::{Access, linked};
use sqlx::PgPool;

use crate::streamed::Broken;

/// Rows of a page.
pub const PAGE: usize = 500;
/// Pages that are read at once.
const AHEAD: usize = 2;

/// What the rows of an answer have in common.
pub struct Sheet {
    pub pool: PgPool,
    pub generation: Generation,
    pub organisation: Arc<OrganisationDirectory>,
    pub form: Arc<Form>,
    pub parts: Parts,
    /// Of CSV.
    pub delimiter: u8,
    /// What tasks are called that fields link to: shown as far as the reader sees them, where it is shown at all.
    pub names_for: Option<Access>,
}

/// What a page is made to, given its number and its rows.
pub type Make = fn(&Sheet, usize, &[Row]) -> Bytes;

impl Sheet {
    /// The rows of these tasks.
    pub async fn rows(self: &Arc<Self>, tasks: &[TaskId]) -> Result<Vec<Row>, Broken> {
        self.read(tasks, |_, rows| rows).await
    }

    async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        tasks: &[TaskId],
        make: impl FnOnce(&Self, Vec<Row>) -> T + Send + 'static,
    ) -> Result<T, Broken> {
        let of = (self.organisation.id, self.form.id);
        let stored = register::rows(&self.pool, &self.generation, of, tasks).await?;
        let sheet = Arc::clone(self);
        let made = web::block(move || {
            let read = stored.into_iter().filter_map(|row| row.read().transpose()).collect::<Result<Vec<Row>, _>>()?;
            Ok::<T, projections::Failure>(make(&sheet, read))
        });
        Ok(made.await??)
    }

    /// One page as it goes out.
    pub async fn page(self: &Arc<Self>, number: usize, tasks: &[TaskId], make: Make) -> Result<Bytes, Broken> {
        let made = self.read(tasks, move |sheet, rows| {
            let links: BTreeSet<TaskId> = rows.iter().flat_map(|row| row.filling.links()).collect();
            (make(sheet, number, &rows), links)
        });
        let (page, links) = made.await?;
        self.named(page, links).await
    }

    /// The page, with what the tasks are called that it links to.
    async fn named(&self, page: Bytes, links: BTreeSet<TaskId>) -> Result<Bytes, Broken> {
        let Some(access) = self.names_for.as_ref().filter(|_| !links.is_empty()) else { return Ok(page) };
        let links: Vec<TaskId> = links.into_iter().collect();
        let subjects = linked::subjects(&self.pool, &self.generation, self.organisation.id, access, &links).await?;
        let named = std::str::from_utf8(&page).ok().and_then(|page| named(page, &subjects));
        Ok(named.map_or(page, Bytes::from))
    }

    /// All of them, page by page.
    pub fn pages(self: Arc<Self>, tasks: Vec<TaskId>, make: Make) -> impl Stream<Item = Result<Bytes, Broken>> + 'static {
        let pages: Vec<Vec<TaskId>> = tasks.chunks(PAGE).map(<[TaskId]>::to_vec).collect();
        let page = move |(number, tasks): (usize, Vec<TaskId>)| {
            let sheet = Arc::clone(&self);
            async move { sheet.page(number, &tasks, make).await }
        };
        stream::iter(pages.into_iter().enumerate()).map(page).buffered(AHEAD)
    }
}

/// As JSON, without what stands around them.
pub fn json(sheet: &Sheet, number: usize, rows: &[Row]) -> Bytes {
    let mut json = String::new();
    for (index, row) in rows.iter().enumerate() {
        if number > 0 || index > 0 {
            json.push(',');
        }
        json.push_str(&registered(row).rendered(&sheet.form, &sheet.parts, &sheet.organisation));
    }
    json.into()
}

fn registered(row: &Row) -> Registered<'_> {
    let header = &row.header;
    Registered {
        id: row.id,
        text: &row.text,
        created_at: header.created_at,
        modified_at: header.modified_at,
        closed_at: header.closed_at,
        author: header.author,
        responsible: header.responsible,
        due: header.due,
        filling: &row.filling,
    }
}
