//! Items of a catalog in a field: what a request names, what was found of it, and what the field keeps. The catalog itself is
//! asked by whoever brings the request, once for all that it names ([`wishes`], [`Lookup`]); a field keeps the rows as they were,
//! so that it tells the same when the catalog changes.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::definition::{Definition, Field, FieldId, FieldKind};
use super::files::Files;
use super::fill::{self, ITEMS_MAX};
use super::rejection::{Misfilled, Misfit};
use super::value::Value;
use crate::catalog::{Item, Items, Row};
use crate::file::Brought;
use crate::id::CatalogId;
use crate::issued::Issued;
use crate::json::Json;

/// Items that one request names.
pub const WISHES_MAX: usize = 2_000;
/// Bytes of text in the rows that one field keeps.
const BYTES_MAX: usize = 128 * 1024;

/// What a field of type `catalog` holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// The names of the catalog's columns, as they were.
    pub columns: Row,
    pub items: Vec<Taken>,
}

/// An item as it was when it was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub id: i64,
    pub values: Row,
}

impl Picked {
    /// What stood in this column, of each item; nothing where there is no such column. Names are compared without regard to case,
    /// as a catalog does.
    pub fn column<'a>(&'a self, name: &str) -> Option<impl Iterator<Item = &'a str>> {
        let folded = name.to_lowercase();
        let place = self.columns.cells().position(|column| column.to_lowercase() == folded)?;
        Some(self.items.iter().map(move |item| item.values.cells().nth(place).unwrap_or_default()))
    }

    /// What the items are called.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.values.key())
    }
}

/// The items of one catalog that a request names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub ids: BTreeSet<i64>,
    /// First values.
    pub names: BTreeSet<String>,
}

/// All items that a request names.
pub type Wishes = BTreeMap<CatalogId, Wish>;

impl Wish {
    /// The items that there are of it, in the order of their ids.
    pub fn among(&self, items: &Items) -> Vec<Item> {
        let by_id = self.ids.iter().filter_map(|id| items.get(*id));
        let by_name = self.names.iter().filter_map(|name| items.called(name));
        let found: BTreeMap<i64, &Item> = by_id.chain(by_name).map(|item| (item.id, item)).collect();
        found.into_values().cloned().collect()
    }
}

/// What was found in one catalog of what a request names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub catalog: CatalogId,
    pub columns: Row,
    /// In the order of their ids, deleted ones included.
    pub items: Vec<Item>,
}

/// What was found of all that a request names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup(pub Vec<Found>);

impl Lookup {
    /// What of it is wished for.
    #[must_use]
    pub fn only(&self, wishes: &Wishes) -> Self {
        let of = |found: &Found| {
            let wish = wishes.get(&found.catalog)?;
            let items = found.items.iter().filter(|item| wish.ids.contains(&item.id) || wish.names.contains(item.row.key()));
            Some(Found { catalog: found.catalog, columns: found.columns.clone(), items: items.cloned().collect() })
        };
        Self(self.0.iter().filter_map(of).collect())
    }
}

/// Adds what is wished for in `more`.
///
/// # Errors
/// When that is more than one request may name.
pub fn join(wishes: &mut Wishes, more: &Wishes) -> Result<(), Misfilled> {
    for (catalog, wish) in more {
        let known = wishes.entry(*catalog).or_default();
        known.ids.extend(&wish.ids);
        known.names.extend(wish.names.iter().cloned());
    }
    bounded(wishes)
}

fn bounded(wishes: &Wishes) -> Result<(), Misfilled> {
    let all: usize = wishes.values().map(|wish| wish.ids.len() + wish.names.len()).sum();
    if all > WISHES_MAX { Err(Misfilled::TooManyItems) } else { Ok(()) }
}

/// Where values of catalogs come from while a request is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    Found(&'a Lookup),
    /// Nothing was looked up yet; what would have to be is gathered.
    Gathered(&'a RefCell<Wishes>),
}

/// What the items in a request are, and with what beside them they may be read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub issued: &'a Issued<'a>,
    pub(super) source: Source<'a>,
    pub(super) files: Files<'a>,
    /// What fields hold already: an item may stay when it was deleted since.
    pub(super) held: Option<&'a BTreeMap<FieldId, Value>>,
}

impl<'a> Reading<'a> {
    pub const fn new(
        issued: &'a Issued<'a>,
        (lookup, brought): (&'a Lookup, &'a Brought),
        held: Option<&'a BTreeMap<FieldId, Value>>,
    ) -> Self {
        Self { issued, source: Source::Found(lookup), files: Files::Brought(brought), held }
    }

    /// Nothing is looked up yet: what would have to be is gathered.
    pub(super) const fn gathering(issued: &'a Issued<'a>, wishes: &'a RefCell<Wishes>, files: Files<'a>) -> Self {
        Self { issued, source: Source::Gathered(wishes), files, held: None }
    }
}

/// The items that `fields` name, those of catalogs that the asker may see. What does not fit the form is passed over: it is told when
/// the request is read.
///
/// # Errors
/// When they are more than one request may name.
pub fn wishes(fields: &Json, definition: &Definition, issued: &Issued<'_>) -> Result<Wishes, Misfit> {
    let wishes = RefCell::default();
    let reading = Reading::gathering(issued, &wishes, Files::PassedOver);
    match fill::read(fields, definition, &reading) {
        Err(misfit) if misfit.rule == Misfilled::TooManyItems => Err(misfit),
        Ok(_) | Err(_) => Ok(wishes.into_inner()),
    }
}

/// Adds the items that the defaults of a form name.
pub fn add_defaults(wishes: Wishes, definition: &Definition, issued: &Issued<'_>) -> Wishes {
    let wishes = RefCell::new(wishes);
    let reading = Reading::gathering(issued, &wishes, Files::PassedOver);
    for placed in definition.all().iter().filter(|placed| !placed.field.deleted) {
        if let (FieldKind::Catalog { .. }, Some(default)) = (&placed.field.kind, &placed.field.default_value) {
            // What does not fit is not filled in either.
            let _passed_over = fill::default_value(placed.field, default, &reading);
        }
    }
    wishes.into_inner()
}

/// The text can be a default of the field. Which items a catalog has is seen when it is filled in.
pub(super) fn fits_as_default(field: &Field, text: &str, issued: &Issued<'_>) -> Result<(), Misfilled> {
    let wishes = RefCell::default();
    fill::default_value(field, text, &Reading::gathering(issued, &wishes, Files::PassedOver)).map(|_| ())
}

/// Members of a value by which a request names items.
pub const IDENTITIES: [&str; 4] = ["item_ids", "item_id", "item_names", "item_name"];

/// What `input` names by [`IDENTITIES`].
#[derive(Clone, Debug, Default)]
struct Named<'a> {
    ids: Vec<i64>,
    names: Vec<&'a str>,
}

fn named(input: &Json) -> Result<Named<'_>, Misfilled> {
    let Json::Object(members) = input else { return Err(Misfilled::Type) };
    if !members.iter().any(|(name, _)| IDENTITIES.contains(&name.as_str())) {
        return Err(Misfilled::ItemUnnamed);
    }
    let ids = listed(input, ["item_ids", "item_id"])?.iter().map(|id| id.integer().ok_or(Misfilled::Type));
    let names = listed(input, ["item_names", "item_name"])?.iter().map(|name| name.text().ok_or(Misfilled::Type));
    Ok(Named { ids: ids.collect::<Result<_, _>>()?, names: names.collect::<Result<_, _>>()? })
}

/// The items of the first of these members that is there; one by itself is a list of one.
fn listed<'a>(input: &'a Json, members: [&str; 2]) -> Result<&'a [Json], Misfilled> {
    let Some(given) = members.into_iter().find_map(|name| input.member(name)) else { return Ok(&[]) };
    let items = given.list().unwrap_or(std::slice::from_ref(given));
    if items.len() > ITEMS_MAX { Err(Misfilled::TooManyItems) } else { Ok(items) }
}

/// The value that stands for `input` in a field of this catalog; each item once, in the order in which they are named.
pub(super) fn picked(
    (field, catalog, multiple): (FieldId, CatalogId, bool),
    input: &Json,
    reading: &Reading<'_>,
) -> Result<Option<Value>, Misfilled> {
    let heading = reading.issued.directory.catalog(catalog).filter(|heading| heading.seen(reading.issued).is_ok());
    let heading = heading.ok_or(Misfilled::HiddenCatalog)?;
    let named = named(input)?;
    let lookup = match reading.source {
        Source::Found(lookup) => lookup,
        Source::Gathered(wishes) => return gathered(catalog, &named, wishes),
    };
    if named.ids.is_empty() && named.names.is_empty() {
        return Ok(None);
    }
    if heading.deleted {
        return Err(Misfilled::CatalogDeleted);
    }
    let found = lookup.0.iter().find(|found| found.catalog == catalog).ok_or(Misfilled::NotLookedUp)?;
    let items = found.chosen(&named, held(field, reading))?;
    if items.len() > 1 && !multiple {
        return Err(Misfilled::Several);
    }
    let bytes: usize = items.iter().map(|item| item.values.bytes()).sum();
    if bytes > BYTES_MAX { Err(Misfilled::TooManyItems) } else { Ok(Some(Picked { columns: found.columns.clone(), items }.into())) }
}

fn gathered(catalog: CatalogId, named: &Named<'_>, wishes: &RefCell<Wishes>) -> Result<Option<Value>, Misfilled> {
    let mut wishes = wishes.borrow_mut();
    let wish = wishes.entry(catalog).or_default();
    wish.ids.extend(&named.ids);
    wish.names.extend(named.names.iter().map(|name| (*name).to_owned()));
    bounded(&wishes).map(|()| None)
}

fn held<'a>(field: FieldId, reading: &Reading<'a>) -> Option<&'a Picked> {
    match reading.held?.get(&field) {
        Some(Value::Items(picked)) => Some(picked),
        _ => None,
    }
}

impl From<Picked> for Value {
    fn from(picked: Picked) -> Self {
        Self::Items(picked.into())
    }
}

impl Found {
    fn chosen(&self, named: &Named<'_>, held: Option<&Picked>) -> Result<Vec<Taken>, Misfilled> {
        let live = |item: &Item| !item.deleted;
        let as_it_is = |item: &Item| Taken { id: item.id, values: item.row.clone() };
        // Rows under other columns than today's do not stand beside today's rows.
        let held = held.filter(|held| held.columns == self.columns);
        let kept = |is_it: &dyn Fn(&Taken) -> bool| held.and_then(|held| held.items.iter().find(|item| is_it(item)).cloned());
        let by_id = |id: i64| {
            let known = self.items.binary_search_by_key(&id, |item| item.id).ok().map(|place| &self.items[place]);
            known.filter(|item| live(item)).map(as_it_is).or_else(|| kept(&|item| item.id == id)).ok_or(Misfilled::UnknownItemId)
        };
        let by_name = |name: &str| {
            let known = self.items.iter().find(|item| live(item) && item.row.key() == name);
            known.map(as_it_is).or_else(|| kept(&|item| item.values.key() == name)).ok_or(Misfilled::UnknownItemName)
        };
        let mut by_ids: Vec<Taken> = Vec::new();
        for id in &named.ids {
            if by_ids.iter().all(|taken| taken.id != *id) {
                by_ids.push(by_id(*id)?);
            }
        }
        let mut by_names: Vec<Taken> = Vec::new();
        for name in &named.names {
            if by_names.iter().all(|taken| taken.values.key() != *name) {
                by_names.push(by_name(name)?);
            }
        }
        match (by_ids.is_empty(), by_names.is_empty()) {
            (false, false) if by_ids != by_names => Err(Misfilled::ItemContradiction),
            (true, _) => Ok(by_names),
            (false, _) => Ok(by_ids),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::catalog::samples::{vendors, was};
    use crate::catalog::{Catalog, Event, Heading};
    use crate::directory::{Listed as _, OrganisationDirectory};
    use crate::testing::{ADMIN, ANNA, GRETA, Given, HOME, now, with_roles};

    const VENDORS: CatalogId = CatalogId(5);
    const GONE: CatalogId = CatalogId(6);

    fn home() -> OrganisationDirectory {
        let mut home = with_roles();
        let heading = |given: &Given<Catalog>, id| Heading { id, ..given.state().heading };
        heading(&vendors(), VENDORS).list(&mut home);
        heading(&was("default").and(ADMIN, [Event::Deleted]), GONE).list(&mut home);
        home
    }

    fn definition() -> Definition {
        let catalog = |id, catalog_id, multiple| Field {
            id: FieldId(id),
            name: format!("Field {id}"),
            kind: FieldKind::Catalog { catalog_id, multiple },
            ..Field::default()
        };
        let table = FieldKind::Table { columns: vec![catalog(5, VENDORS, true)] };
        let fields = vec![
            catalog(1, VENDORS, false),
            catalog(2, VENDORS, true),
            catalog(3, GONE, true),
            Field { id: FieldId(4), name: "Rows".into(), kind: table, ..Field::default() },
            catalog(6, CatalogId(404), false),
        ];
        Definition { fields, ..Definition::default() }
    }

    /// Acme and Beta of Bonn, and Ceta of Ulm, which was deleted.
    fn found(columns: &[&str]) -> Lookup {
        let known = |id, cells: [&str; 2], deleted| Item { id, row: Row::of(cells), external_id: None, deleted };
        let items = vec![known(1, ["Acme", "Bonn"], false), known(2, ["Beta", "Bonn"], false), known(3, ["Ceta", "Ulm"], true)];
        Lookup(vec![Found { catalog: VENDORS, columns: Row::of(columns), items }])
    }

    fn picked(items: &[(i64, [&str; 2])]) -> Value {
        let items = items.iter().map(|(id, cells)| Taken { id: *id, values: Row::of(cells) }).collect();
        Picked { columns: Row::of(["Vendor", "City"]), items }.into()
    }

    fn read_with(who: crate::id::PersonId, lookup: &Lookup, held: Option<Value>, id: u32, value: &str) -> Result<Option<Value>, Misfilled> {
        let home = home();
        let issued = Issued { organisation: HOME, who, at: now(), directory: &home };
        let held: BTreeMap<FieldId, Value> = held.into_iter().map(|value| (FieldId(id), value)).collect();
        let brought = Brought::default();
        let reading = Reading::new(&issued, (lookup, &brought), Some(&held));
        let fields = Json::parse(&format!(r#"[{{"id":{id},"value":{value}}}]"#)).expect("JSON");
        match &fill::read(&fields, &definition(), &reading).map_err(|misfit| misfit.rule)?[..] {
            [fill::Change::Value(_, value)] => Ok(value.clone()),
            other => panic!("{other:?}"),
        }
    }

    fn read(id: u32, value: &str) -> Result<Option<Value>, Misfilled> {
        read_with(ANNA, &found(&["Vendor", "City"]), None, id, value)
    }

    #[test]
    fn items_are_named_in_every_way_and_kept_as_they_were() {
        let acme = picked(&[(1, ["Acme", "Bonn"])]);
        for value in [
            r#"{"item_id":1}"#,
            r#"{"item_id":"1"}"#,
            r#"{"item_ids":[1]}"#,
            r#"{"item_name":"Acme"}"#,
            r#"{"item_names":["Acme","Acme"]}"#,
            r#"{"item_id":1,"item_name":"Acme"}"#,
            // As an answer shows it.
            r#"{"item_id":1,"item_ids":[1],"headers":["Vendor","City"],"values":["Acme","Bonn"],"rows":[["Acme","Bonn"]]}"#,
        ] {
            assert_eq!(read(1, value), Ok(Some(acme.clone())), "{value}");
        }
        assert_eq!(read(2, r#"{"item_ids":[2,1,2]}"#), Ok(Some(picked(&[(2, ["Beta", "Bonn"]), (1, ["Acme", "Bonn"])]))));
        for empty in ["null", r#"{"item_ids":[]}"#, r#"{"item_id":null}"#] {
            assert_eq!(read(2, empty), Ok(None), "{empty}");
        }
    }

    #[test]
    fn what_is_no_item_of_the_catalog_is_refused_by_its_rule() {
        for (id, value, rule) in [
            (1, r#"{"item_id":404}"#, Misfilled::UnknownItemId),
            (1, r#"{"item_id":3}"#, Misfilled::UnknownItemId),
            (1, r#"{"item_name":"Ceta"}"#, Misfilled::UnknownItemName),
            (1, r#"{"item_name":"acme"}"#, Misfilled::UnknownItemName),
            (1, r#"{"item_id":1,"item_name":"Beta"}"#, Misfilled::ItemContradiction),
            (1, r#"{"item_ids":[1,2]}"#, Misfilled::Several),
            (1, r#"{"values":["Acme"]}"#, Misfilled::ItemUnnamed),
            (1, "{}", Misfilled::ItemUnnamed),
            (1, "true", Misfilled::Type),
            (1, r#"{"item_id":1.5}"#, Misfilled::Type),
            (1, r#"{"item_name":5}"#, Misfilled::Type),
            (1, "[1]", Misfilled::Type),
            (1, "1", Misfilled::Type),
            (1, r#""Acme""#, Misfilled::Type),
            (3, r#"{"item_id":1}"#, Misfilled::HiddenCatalog),
            (6, r#"{"item_id":1}"#, Misfilled::HiddenCatalog),
        ] {
            assert_eq!(read(id, value), Err(rule), "{value}");
        }
        let many = format!(r#"{{"item_ids":[{}]}}"#, (0..501).map(|id| id.to_string()).collect::<Vec<_>>().join(","));
        assert_eq!(read(2, &many), Err(Misfilled::TooManyItems));
        let as_whom = |who, id| read_with(who, &found(&["Vendor", "City"]), None, id, r#"{"item_id":1}"#);
        assert_eq!(as_whom(GRETA, 1), Err(Misfilled::HiddenCatalog), "a guest");
        assert_eq!(as_whom(ADMIN, 3), Err(Misfilled::CatalogDeleted), "who manages catalogs sees it still");
        assert_eq!(read_with(ANNA, &Lookup::default(), None, 1, r#"{"item_id":1}"#), Err(Misfilled::NotLookedUp));
    }

    #[test]
    fn an_item_that_was_deleted_may_stay_where_it_is() {
        let ceta = || picked(&[(3, ["Ceta", "Ulm"])]);
        let again = |columns: &[&str], value| read_with(ANNA, &found(columns), Some(ceta()), 2, value);
        assert_eq!(again(&["Vendor", "City"], r#"{"item_id":3}"#), Ok(Some(ceta())));
        let both = picked(&[(1, ["Acme", "Bonn"]), (3, ["Ceta", "Ulm"])]);
        assert_eq!(again(&["Vendor", "City"], r#"{"item_names":["Acme","Ceta"]}"#), Ok(Some(both)));
        assert_eq!(again(&["Vendor", "Town"], r#"{"item_id":3}"#), Err(Misfilled::UnknownItemId));
    }

    #[test]
    fn what_a_request_names_is_gathered_once_a_catalog() {
        let home = home();
        let issued = Issued { organisation: HOME, who: ANNA, at: now(), directory: &home };
        let gathered = |json: &str| wishes(&Json::parse(json).expect("JSON"), &definition(), &issued);
        let all = gathered(
            r#"[{"id":1,"value":{"item_id":2}},{"id":2,"value":{"item_names":["Acme","Beta"]}},
                {"id":4,"value":[{"row_id":0,"cells":[{"id":5,"value":{"item_ids":[2,7]}}]}]}]"#,
        );
        let wish = Wish { ids: [2, 7].into(), names: ["Acme".to_owned(), "Beta".to_owned()].into() };
        assert_eq!(all, Ok([(VENDORS, wish)].into()));
        assert_eq!(gathered(r#"[{"id":6,"value":{"item_id":1}}]"#), Ok(Wishes::new()), "nothing is asked of what may not be seen");
        let rows: Vec<String> = (0..5)
            .map(|row| {
                let ids = (row * 500..(row + 1) * 500).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
                format!(r#"{{"row_id":{row},"cells":[{{"id":5,"value":{{"item_ids":[{ids}]}}}}]}}"#)
            })
            .collect();
        let many = gathered(&format!(r#"[{{"id":4,"value":[{}]}}]"#, rows.join(",")));
        assert_eq!(many.map_err(|misfit| misfit.rule), Err(Misfilled::TooManyItems));
    }

    #[test]
    fn a_default_names_an_item_by_its_first_value_or_as_a_request_does() {
        let home = home();
        let issued = Issued { organisation: HOME, who: ANNA, at: now(), directory: &home };
        let mut definition = definition();
        let fields = &mut definition.fields;
        fields.truncate(2);
        fields[0].default_value = Some("Acme".into());
        fields[1].default_value = Some(r#"{"item_ids":[2]}"#.into());
        let all = add_defaults(Wishes::new(), &definition, &issued);
        assert_eq!(all, [(VENDORS, Wish { ids: [2].into(), names: ["Acme".to_owned()].into() })].into());
        let lookup = found(&["Vendor", "City"]);
        let filled = |place: usize| {
            let field = &definition.fields[place];
            let text = field.default_value.as_deref().unwrap_or_default();
            fill::default_value(field, text, &Reading::new(&issued, (&lookup, &Brought::default()), None))
        };
        assert_eq!(filled(0), Ok(Some(picked(&[(1, ["Acme", "Bonn"])]))));
        assert_eq!(filled(1), Ok(Some(picked(&[(2, ["Beta", "Bonn"])]))));
    }

    #[test]
    fn what_is_found_of_a_wish_is_in_order_and_each_once() {
        let items = vendors().state().items;
        let wish = Wish { ids: [3, 1, 404].into(), names: ["Acme".to_owned(), "Beta".to_owned()].into() };
        assert_eq!(wish.among(&items).iter().map(|known| known.id).collect::<Vec<_>>(), [1, 2, 3]);
        let one = Wish { ids: [3].into(), names: ["Acme".to_owned()].into() };
        let of_one = found(&["Vendor", "City"]).only(&[(VENDORS, one), (GONE, Wish::default())].into());
        assert_eq!(of_one.0.iter().flat_map(|found| &found.items).map(|item| item.id).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn a_column_is_read_by_its_name_in_any_case() {
        let Value::Items(both) = picked(&[(1, ["Acme", "Bonn"]), (3, ["Ceta", "Ulm"])]) else { unreachable!("items") };
        let both: Arc<Picked> = both;
        assert_eq!(both.column("city").map(Iterator::collect::<Vec<_>>), Some(vec!["Bonn", "Ulm"]));
        assert!(both.column("Country").is_none());
        assert_eq!(both.names().collect::<Vec<_>>(), ["Acme", "Ceta"]);
    }
}
