//! A request's body, read whole up to the limit. What is in it is read by [`super::json`].

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::{FromRequest, HttpRequest, web};
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::codes::Own;
use crate::dialect;
use crate::error::Fault;
use crate::node::Node;

/// Where no settings are at hand.
const BODY_TIME_MAX: Duration = Duration::from_secs(30);

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

    /// The items of the one JSON list that it holds.
    ///
    /// # Errors
    /// As [`dialect::parse_items`].
    pub fn items(&self) -> Result<Vec<Value>, Fault> {
        Ok(dialect::parse_items(&self.0)?)
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
        // The limit of size is the one of `web::PayloadConfig`, set once for all routes.
        let bytes = web::Bytes::from_request(request, payload);
        let most = request.app_data::<web::Data<Node>>().map_or(BODY_TIME_MAX, |node| Duration::from_secs(node.settings.http.body_seconds));
        Box::pin(async move {
            match tokio::time::timeout(most, bytes).await {
                Ok(bytes) => bytes.map(Self).map_err(|error| fault(&error)),
                Err(_) => Err(Fault::own(Own::RequestTimeout)),
            }
        })
    }
}

fn fault(error: &actix_web::Error) -> Fault {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Fault::own(Own::TooLargeRequestLength),
        _ => Fault::own(Own::InvalidRequestEncoding).with("the body ended early or its Content-Encoding is wrong"),
    }
}
