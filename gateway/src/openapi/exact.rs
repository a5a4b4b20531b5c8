//! What the description says of all routes and shapes alike, and what no attribute can: each operation has a name of its own, and an
//! answer leaves out what is empty, so that nothing in it is null that may be absent. Not what the shapes are.

use std::collections::BTreeSet;

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi, PathItem, RefOr};

const COMPONENT: &str = "#/components/schemas/";
/// What the live stream tells is called so.
const TOLD: &str = "Told";

/// Names operations by method and path, such as `post_tasks_id_comments`: handlers share their names.
pub fn name_operations(openapi: &mut OpenApi) {
    for (path, item) in &mut openapi.paths.paths {
        let path: Vec<&str> = path.split(['/', '{', '}']).filter(|part| !part.is_empty() && *part != "v4").collect();
        for (method, operation) in operations(item) {
            operation.operation_id = Some(format!("{method}_{}", path.join("_")));
        }
    }
}

/// Takes null out of what may be absent, in everything that answers hold and that the live stream tells.
pub fn leave_out_nulls(openapi: &mut OpenApi) {
    let mut open = Vec::new();
    for item in openapi.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            open.extend(named_by(&operation.responses));
        }
    }
    let Some(components) = &mut openapi.components else { return };
    open.extend(components.schemas.keys().filter(|name| name.starts_with(TOLD)).cloned());
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        if let Some(schema) = components.schemas.get_mut(&name) {
            never_null(schema);
            open.extend(named_by(schema));
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("patch", &mut item.patch),
        ("head", &mut item.head),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The components that something refers to.
fn named_by(part: &impl serde::Serialize) -> Vec<String> {
    fn look(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(members) => {
                let name = members.get("$ref").and_then(serde_json::Value::as_str).and_then(|text| text.strip_prefix(COMPONENT));
                found.extend(name.map(str::to_owned));
                members.values().for_each(|value| look(value, found));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|value| look(value, found)),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) | serde_json::Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    look(&serde_json::to_value(part).unwrap_or_default(), &mut found);
    found
}

fn never_null(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            for (name, property) in &mut object.properties {
                if !object.required.contains(name) {
                    without_null(property);
                }
                never_null(property);
            }
        }
        Schema::OneOf(one) => one.items.iter_mut().for_each(never_null),
        Schema::AllOf(all) => all.items.iter_mut().for_each(never_null),
        Schema::AnyOf(any) => any.items.iter_mut().for_each(never_null),
        _ => {}
    }
}

/// The same, but for null.
fn without_null(property: &mut RefOr<Schema>) {
    let RefOr::T(schema) = property else { return };
    match schema {
        Schema::Object(object) => narrow(&mut object.schema_type),
        Schema::Array(array) => narrow(&mut array.schema_type),
        Schema::OneOf(one) => {
            one.items.retain(|item| !matches!(item, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::new(Type::Null)));
            if let [_] = one.items.as_slice()
                && let Some(alone) = one.items.pop()
            {
                *property = alone;
            }
        }
        _ => {}
    }
}

fn narrow(types: &mut SchemaType) {
    if let SchemaType::Array(several) = types {
        several.retain(|one| *one != Type::Null);
        if let [alone] = several.as_slice() {
            *types = SchemaType::Type(alone.clone());
        }
    }
}
