//! `PUT /orgchart` and `POST /orgchart/{id}`, read. Not the decisions (`domain/src/department/`).

use domain::department::{Change, Parent};
use domain::{DepartmentId, PersonId};

use super::{BadInput, Object};

/// What is present changes. `parent_id` 0 is the top.
pub fn change_department(body: &Object<'_>) -> Result<Change, BadInput> {
    let parent = body.integer("parent_id")?.map(|id| if id == 0 { Parent::Top } else { Parent::Under(DepartmentId(id)) });
    Ok(Change {
        name: body.string("department_name")?,
        parent,
        manager: body.integer("manager_id")?.filter(|id| *id != 0).map(PersonId),
        remove_manager: body.boolean("remove_manager")?,
        external_id: body.string("external_id")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_top_is_0_and_what_is_absent_stays() {
        let read = |body: serde_json::Value| change_department(&Object::new(body.as_object().expect("an object")));
        assert_eq!(read(json!({"parent_id": 0})).map(|change| change.parent), Ok(Some(Parent::Top)));
        assert_eq!(read(json!({"parent_id": null})).map(|change| change.parent), Ok(None));
        assert_eq!(read(json!({"parent_id": "7"})).map(|change| change.parent), Ok(Some(Parent::Under(DepartmentId(7)))));
        assert!(read(json!({"department_name": 7})).is_err());
    }
}
