//! The people of the company at their desks: the API, asked without a socket in between. Each asks as themselves.

use std::collections::HashMap;

use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::{App, body, test, web};
use anyhow::{Context as _, anyhow, bail};
use domain::{OrganisationId, PersonId};
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use serde_json::Value;

use crate::cli::admin::told;
use crate::core::Core;
use crate::identity::tokens::Proof;
use crate::{edge, routes};

type Asked = LocalBoxFuture<'static, Result<(u16, Vec<u8>), actix_web::Error>>;

/// Between the parts of a body with a file; no text of the company has it.
const BOUNDARY: &str = "a-boundary-of-the-office";

pub struct Office<'a> {
    core: &'a Core,
    ask: Box<dyn Fn(test::TestRequest) -> Asked>,
    tokens: HashMap<PersonId, String>,
}

impl<'a> Office<'a> {
    /// `hash` is of everybody's password.
    pub async fn open(core: &'a Core, organisation: OrganisationId, persons: &[PersonId], hash: &str) -> anyhow::Result<Self> {
        let node = core.node.clone();
        let settings = core.node.settings.clone();
        let routes = App::new()
            .app_data(node)
            .app_data(web::PayloadConfig::new(settings.http.body_bytes_max))
            .wrap_fn(|mut request, service| {
                let begun = edge::enter(&mut request);
                let answered = service.call(request);
                async move { Ok::<_, actix_web::Error>(edge::leave(answered.await?, begun)) }
            })
            .configure(move |config| routes::all(config, settings.node.roles, settings.http.catalog_bytes_max));
        let service = std::rc::Rc::new(test::init_service(routes).await);
        let ask = move |request: test::TestRequest| -> Asked {
            let answering = service.call(request.to_request());
            Box::pin(async move {
                let answer: ServiceResponse<_> = answering.await?;
                let status = answer.status().as_u16();
                let bytes = body::to_bytes(answer.into_body()).await?;
                Ok((status, bytes.to_vec()))
            })
        };
        let mut tokens = HashMap::with_capacity(persons.len());
        let head = core.node.true_head().await.map_err(told)?;
        for person in persons {
            let (now, proof) = (core.node.journal.now(), Proof::Password(hash));
            let token = core.node.tokens.make(*person, organisation, head + 1, now, proof).await?;
            tokens.insert(*person, token.context("a password was changed meanwhile")?.expose().to_owned());
        }
        Ok(Self { core, ask: Box::new(ask), tokens })
    }

    /// What time it is from now on.
    pub fn tell(&self, at: Timestamp) {
        self.core.tell(at);
    }

    /// # Errors
    /// For what is refused, in the API's words.
    pub async fn ask(&self, who: PersonId, method: Method, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = test::TestRequest::with_uri(path).method(method.clone()).insert_header(("Content-Type", "application/json"));
        self.answer(who, request.set_payload(body.to_string())).await.with_context(|| format!("{method} {path} {body}"))
    }

    /// Brings a text as a file; its guid.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn bring(&self, who: PersonId, name: &str, text: &str) -> anyhow::Result<Value> {
        let body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--{BOUNDARY}--\r\n"
        );
        let request = test::TestRequest::with_uri("/v4/files/upload").method(Method::POST);
        let request = request.insert_header(("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}"))).set_payload(body);
        Ok(self.answer(who, request).await.with_context(|| name.to_owned())?["guid"].take())
    }

    async fn answer(&self, who: PersonId, request: test::TestRequest) -> anyhow::Result<Value> {
        let token = self.tokens.get(&who).ok_or_else(|| anyhow!("{who} has no desk"))?;
        let request = request.insert_header(("Authorization", format!("Bearer {token}")));
        let (status, answer) = (self.ask)(request).await.map_err(|error| anyhow!("{error}"))?;
        if status != 200 {
            bail!("{who}: {}", String::from_utf8_lossy(&answer));
        }
        Ok(serde_json::from_slice(&answer)?)
    }

    /// # Errors
    /// As [`Self::ask`].
    pub async fn post(&self, who: PersonId, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.ask(who, Method::POST, path, body).await
    }

    /// # Errors
    /// As [`Self::ask`].
    pub async fn put(&self, who: PersonId, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.ask(who, Method::PUT, path, body).await
    }
}
