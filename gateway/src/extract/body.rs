//! A request's body, read whole up to the limit. What is in it is read by [`super::json`].

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::{FromRequest, HttpRequest, web};
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::codes::Own;
use crate::dialect;
use crate::error::Fault;

/// The bytes of a body, whatever its `Content-Type` says.
pub struct Body(pub Bytes);

impl Body {
    /// The one JSON object that it holds.
    ///
    /// # Errors
    /// As [`dialect::parse`].
    pub fn object(&self) -> Result<Map<String, Value>, Fault> {
        Ok(dialect::parse(&self.0)?)
    }

    /// As [`Body::object`], where no body at all means an empty object.
    ///
    /// # Errors
    /// As [`dialect::parse`].
    pub fn object_or_nothing(&self) -> Result<Map<String, Value>, Fault> {
        if self.0.is_empty() { Ok(Map::new()) } else { self.object() }
    }
}

impl FromRequest for Body {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // The limit is the one of `web::PayloadConfig`, set once for all routes.
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move { bytes.await.map(Self).map_err(|error| fault(&error)) })
    }
}

fn fault(error: &actix_web::Error) -> Fault {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Fault::own(Own::TooLargeRequestLength),
        _ => Fault::own(Own::InvalidRequestEncoding).with("the body ended early or its Content-Encoding is wrong"),
    }
}
