//! `/awards`, read. Not the decisions (`domain/src/award/`).

use domain::Code;
use domain::award::{Create, Limits};

use super::{BadInput, Object};

/// Reads the body of `POST /awards`, ours beside the dialect.
pub fn create_award(body: &Object<'_>) -> Result<Create, BadInput> {
    Ok(Create {
        name: body.string("name")?.ok_or_else(|| BadInput::field(Code::RequiredParameterMissing, "name", "missing"))?,
        description: body.string("description")?,
        limits: award_limits(body)?,
    })
}

/// Reads the body of `PUT /awards/{id}/threshold` (pyrus.md §1.14): what is present changes.
pub fn award_limits(body: &Object<'_>) -> Result<Limits, BadInput> {
    Ok(Limits { grant: body.integer("grant_threshold")?, revoke: body.integer("revoke_threshold")? })
}
