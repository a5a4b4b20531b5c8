//! Security keys and password hashes as they are stored. Who may change them is decided by the person's actor, before
//! anything here is called.

use std::collections::HashMap;

use domain::{OrganisationId, PersonId, Position};
use sqlx::{PgPool, Postgres, Transaction};

use super::secret::{Secret, SecretHash};
use super::sessions;

/// The stored credentials. Cheap to clone.
///
/// Order of a change: first the event (the log says that it changed, and every token made before is void), then
/// the row, which in one transaction replaces the credential and revokes the tokens that were made with the old one
/// in between. If the second step is lost, the old credential still works and the caller was told of no success.
#[derive(Clone)]
pub struct Credentials {
    pool: PgPool,
}

impl Credentials {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// The hashes of these persons' keys.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keys(&self, persons: &[PersonId]) -> Result<HashMap<PersonId, SecretHash>, sqlx::Error> {
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as("SELECT person, hash FROM security_key WHERE person = ANY($1)")
            .bind(numbers(persons))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().filter_map(|(person, hash)| Some((PersonId(person), SecretHash(hash.try_into().ok()?)))).collect())
    }

    /// The PHC strings of these persons' passwords.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passwords(&self, persons: &[PersonId]) -> Result<HashMap<PersonId, String>, sqlx::Error> {
        let rows: Vec<(i64, String)> =
            sqlx::query_as("SELECT person, hash FROM password WHERE person = ANY($1)").bind(numbers(persons)).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|(person, hash)| (PersonId(person), hash)).collect())
    }

    /// Gives the person a new key in place of any other, after `person.key_issued` at `position`.
    ///
    /// # Errors
    /// When the database does not answer; nothing has changed then.
    pub async fn issue_key(&self, person: PersonId, organisation: OrganisationId, position: Position) -> Result<Secret, sqlx::Error> {
        let secret = Secret::make();
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO security_key (person, organisation, hash, position) VALUES ($1, $2, $3, $4)
             ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, position = excluded.position",
        )
        .bind(person.0)
        .bind(organisation.0)
        .bind(secret.hash().0.to_vec())
        .bind(position)
        .execute(&mut *tx)
        .await?;
        revoke(&mut tx, &[person.0]).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Takes the person's key away, after `person.key_revoked`.
    ///
    /// # Errors
    /// When the database does not answer; nothing has changed then.
    pub async fn revoke_key(&self, person: PersonId) -> Result<(), sqlx::Error> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("DELETE FROM security_key WHERE person = $1").bind(person.0).execute(&mut *tx).await?;
        revoke(&mut tx, &[person.0]).await?;
        tx.commit().await
    }

    /// Stores the hash of the one password of these persons, who are one human, after each one's `person.password_changed` at its
    /// position. Ends every session that rests on what they signed in with before.
    ///
    /// # Errors
    /// When the database does not answer; nothing has changed then.
    pub async fn set_password(&self, persons: &[(PersonId, OrganisationId, Position)], hash: &str) -> Result<(), sqlx::Error> {
        let (ids, organisations): (Vec<i64>, Vec<i64>) = persons.iter().map(|(person, organisation, _)| (person.0, organisation.0)).unzip();
        let positions: Vec<i64> = persons.iter().map(|(_, _, position)| *position).collect();
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO password (person, organisation, hash, position)
             SELECT person, organisation, $4, position FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS s (person, organisation, position)
             ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, position = excluded.position",
        )
        .bind(&ids)
        .bind(&organisations)
        .bind(&positions)
        .bind(hash)
        .execute(&mut *tx)
        .await?;
        revoke(&mut tx, &ids).await?;
        tx.commit().await
    }
}

/// Tokens and sessions that rest on the credentials of before.
async fn revoke(tx: &mut Transaction<'_, Postgres>, persons: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE token SET revoked = true WHERE person = ANY($1) AND NOT revoked").bind(persons).execute(&mut **tx).await?;
    sessions::end_of(tx, persons).await
}

fn numbers(persons: &[PersonId]) -> Vec<i64> {
    persons.iter().map(|person| person.0).collect()
}
