//! What the company is before its year begins: departments, roles, catalogs, forms, lists and its knowledge base.

use std::collections::HashMap;

use actix_web::http::Method;
use anyhow::Context as _;
use domain::PersonId;
use serde_json::{Map, Value, json};

use super::book::{Book, Form};
use super::office::Office;

/// Who and what is there, by the keys of `company.json`.
#[derive(Debug, Default)]
pub struct Company {
    /// `person:…`, `role:…`, `department:…`, `catalog:…`, `form:…`, `list:…`.
    ids: HashMap<String, i64>,
    /// Of each role.
    pub members: HashMap<PersonId, Vec<PersonId>>,
    pub everybody: Vec<PersonId>,
}

impl Company {
    /// # Errors
    /// For what there is not.
    pub fn id(&self, kind: &str, key: &str) -> anyhow::Result<i64> {
        self.by(&format!("{kind}:{key}"))
    }

    fn by(&self, name: &str) -> anyhow::Result<i64> {
        self.ids.get(name).copied().with_context(|| format!("there is no {name}"))
    }

    /// # Errors
    /// For who is not there.
    pub fn person(&self, key: &str) -> anyhow::Result<PersonId> {
        self.id("person", key).map(PersonId)
    }

    fn persons(&self, keys: &[String]) -> anyhow::Result<Vec<i64>> {
        keys.iter().map(|key| self.id("person", key)).collect()
    }

    fn put(&mut self, kind: &str, key: &str, id: &Value) -> anyhow::Result<i64> {
        let id = id.as_i64().with_context(|| format!("{kind} {key} has no id"))?;
        self.ids.insert(format!("{kind}:{key}"), id);
        Ok(id)
    }

    /// The same, with ids in place of references.
    fn resolved(&self, value: &Value) -> anyhow::Result<Value> {
        Ok(match value {
            Value::Object(members) => match members.get("ref").and_then(Value::as_str) {
                Some(name) => self.by(name)?.into(),
                None => {
                    let resolved = members.iter().map(|(name, value)| Ok((name.clone(), self.resolved(value)?)));
                    resolved.collect::<anyhow::Result<Map<_, _>>>()?.into()
                }
            },
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect::<anyhow::Result<_>>()?,
            plain => plain.clone(),
        })
    }
}

/// Builds it, as its first person, who administers.
pub async fn build(office: &Office<'_>, book: &Book, persons: &[PersonId]) -> anyhow::Result<Company> {
    let mut company = Company { everybody: persons.to_vec(), ..Company::default() };
    for (person, id) in book.people.iter().zip(persons) {
        company.put("person", &person.key, &id.0.into())?;
    }
    let director = *persons.first().context("nobody is there")?;
    for department in &book.departments {
        let parent = department.parent.as_ref().map(|parent| company.id("department", parent)).transpose()?;
        let head = company.id("person", &department.head)?;
        let body = json!({"department_name": department.name, "parent_id": parent.unwrap_or(0), "manager_id": head});
        let made = office.put(director, "/v4/orgchart", &body).await?;
        company.put("department", &department.key, made.get("department_id").or_else(|| made.get("id")).unwrap_or(&Value::Null))?;
    }
    for (person, id) in book.people.iter().zip(persons) {
        let department = company.id("department", &person.department)?;
        office.put(director, &format!("/v4/members/{id}"), &json!({"department_id": department})).await?;
    }
    for role in &book.roles {
        let members = company.persons(&role.members)?;
        made_role(office, &mut company, (&role.key, &role.name), members).await?;
    }
    for catalog in &book.catalogs {
        let items: Vec<Value> = catalog.items.iter().map(|values| json!({"values": values})).collect();
        let body = json!({"name": catalog.name, "catalog_headers": catalog.headers, "items": items});
        let made = office.put(director, "/v4/catalogs", &body).await?;
        company.put("catalog", &catalog.key, &made["catalog_id"])?;
    }
    for form in &book.forms {
        make_form(office, &mut company, form, director).await?;
    }
    for list in &book.lists {
        let parent = list.parent.as_ref().map(|parent| company.id("list", parent)).transpose()?;
        let mut body = json!({"name": list.name, "added_manager_ids": [company.id("person", &list.manager)?],
                              "added_member_ids": company.persons(&list.members)?});
        if let Some(parent) = parent {
            body["parent_id"] = parent.into();
        }
        let made = office.put(director, "/v4/lists", &body).await?;
        company.put("list", &list.key, &made["id"])?;
    }
    let mut articles: HashMap<&str, String> = HashMap::new();
    for article in &book.articles {
        let parent = article.parent.as_deref().and_then(|parent| articles.get(parent));
        let body = json!({"type": article.nature, "title": article.title, "body": article.body, "parent_topic_id": parent});
        let made = office.post(director, "/v4/knowledgebase", &body).await?;
        let id = made["id"].as_str().context("an article has no id")?;
        articles.insert(&article.key, id.to_owned());
    }
    Ok(company)
}

async fn made_role(office: &Office<'_>, company: &mut Company, (key, name): (&str, &str), members: Vec<i64>) -> anyhow::Result<()> {
    let director = *company.everybody.first().context("nobody is there")?;
    let made = office.post(director, "/v4/roles", &json!({"name": name, "member_add": members})).await?;
    let id = company.put("role", key, &made["id"])?;
    company.members.insert(PersonId(id), members.into_iter().map(PersonId).collect());
    Ok(())
}

async fn make_form(office: &Office<'_>, company: &mut Company, form: &Form, director: PersonId) -> anyhow::Result<()> {
    let mut definition = company.resolved(&form.definition)?;
    // Whom a field names is said by the field's id, which it has only once it is there.
    let steps = definition["steps"].clone();
    definition["steps"] = with_fields(&steps, None);
    let names_fields = definition["steps"] != steps;
    let owners = company.persons(&form.owners)?;
    let body = json!({"name": form.name, "folder": form.folder, "business_owners": owners, "definition": definition});
    let made = office.post(director, "/v4/forms", &body).await?;
    let id = company.put("form", &form.key, &made["id"])?;
    let path = format!("/v4/forms/{id}");
    let mut defined = office.ask(director, Method::GET, &format!("{path}/definition"), &Value::Null).await?;
    let mut published = defined["published"].take();
    published["steps"] = with_fields(&steps, Some(&published["fields"]));
    if names_fields {
        office.put(director, &path, &json!({"definition": published})).await?;
        office.post(director, &format!("{path}/publish"), &json!({})).await?;
    }
    let mut levels = Map::new();
    let members = if form.members.is_empty() {
        company.everybody.iter().map(|person| person.0).collect()
    } else {
        form.members.iter().map(|name| company.by(name)).collect::<anyhow::Result<Vec<_>>>()?
    };
    levels.extend(members.into_iter().map(|member| (member.to_string(), "member".into())));
    for manager in &form.managers {
        levels.insert(company.by(manager)?.to_string(), "manager".into());
    }
    for owner in owners.iter().chain([&director.0]) {
        levels.insert(owner.to_string(), "administrator".into());
    }
    office.post(director, &format!("{path}/permissions"), &json!({"permissions": levels})).await?;
    Ok(())
}

/// The steps with `{"field": id}` in place of `{"field_code": code}`; the author instead, as long as there are no fields.
fn with_fields(value: &Value, fields: Option<&Value>) -> Value {
    match value {
        Value::Object(members) => match (members.get("field_code").and_then(Value::as_str), fields) {
            (Some(code), Some(fields)) => json!({"field": field_of(code, fields)}),
            (Some(_), None) => "author".into(),
            (None, _) => members.iter().map(|(name, value)| (name.clone(), with_fields(value, fields))).collect::<Map<_, _>>().into(),
        },
        Value::Array(items) => items.iter().map(|item| with_fields(item, fields)).collect(),
        plain => plain.clone(),
    }
}

fn field_of(code: &str, fields: &Value) -> Value {
    let mut all = fields.as_array().into_iter().flatten();
    all.find(|field| field["code"] == code).map(|field| field["id"].clone()).unwrap_or_default()
}
