//! Somebody who has not signed in, at the routes that are for them: counted by address, and not sent by a page of others. What
//! they show is checked in `identity`.

use std::future::{Ready, ready};
use std::time::Instant;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use actors::system::Request;
use domain::{Directory, Position};

use super::{command, site};
use crate::codes::Own;
use crate::error::Fault;
use crate::limits::Origin;
use crate::node::{Node, Who};

pub struct Stranger {
    pub node: web::Data<Node>,
    pub origin: Origin,
    pub deadline: Instant,
}

impl FromRequest for Stranger {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(met(request))
    }
}

fn met(request: &HttpRequest) -> Result<Stranger, Fault> {
    let node = request.app_data::<web::Data<Node>>().ok_or_else(|| Fault::own(Own::ServerError))?.clone();
    let origin = node.origin(request);
    let allowance = node.rate.take(Who::Origin(origin));
    request.extensions_mut().insert(allowance);
    if allowance.exceeded {
        return Err(Fault::own(Own::TooManyRequests).retry_after(allowance.reset_seconds));
    }
    site::not_elsewhere(request, &node)?;
    let deadline = Instant::now() + node.settings.http.deadline();
    Ok(Stranger { node, origin, deadline })
}

impl Stranger {
    /// The log's true head, and the directory that shows it: what another process changed a moment ago must count.
    ///
    /// # Errors
    /// 503 when either cannot be had.
    pub async fn world(&self) -> Result<(Directory, Position), Fault> {
        let head = self.node.true_head().await?;
        let (directory, _) = self.node.world.at_least(head).await?;
        Ok((directory, head))
    }

    /// A command of the system on this request's behalf.
    pub fn request(&self, request: &HttpRequest) -> Request {
        command::of_the_system(request, &self.node, self.deadline)
    }
}
