//! NATS without us: a client that asks and a service that answers at once, each with a connection and a thread of its
//! own, as our nodes have. What our transport is compared with.

use async_nats::Client;
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::runtime::Runtime;

use super::pair::thread;
use super::reply::Ask;

/// Both.
pub struct Plain {
    client: Client,
    question: Bytes,
    threads: [Runtime; 2],
}

/// Requests of the one to the other.
#[derive(Clone)]
pub struct Requests(Client, Bytes);

const SERVICE: &str = "plain.service";

impl Plain {
    pub async fn start(url: &str, (question, answer): (usize, usize)) -> anyhow::Result<Self> {
        let threads = [thread()?, thread()?];
        let (asking, answering) = (connect(&threads[0], url).await?, connect(&threads[1], url).await?);
        let (mut questions, answer) = (answering.subscribe(SERVICE).await?, Bytes::from(vec![b'a'; answer]));
        answering.flush().await?;
        threads[1].spawn(async move {
            while let Some(question) = questions.next().await {
                let Some(reply) = question.reply else { continue };
                if answering.publish(reply, answer.clone()).await.is_err() {
                    return;
                }
            }
        });
        Ok(Self { client: asking, question: Bytes::from(vec![b'q'; question]), threads })
    }

    pub fn requests(&self) -> Requests {
        Requests(self.client.clone(), self.question.clone())
    }

    pub fn end(self) {
        for thread in self.threads {
            thread.shutdown_background();
        }
    }
}

impl Ask for Requests {
    async fn ask(&self) -> anyhow::Result<()> {
        self.0.request(SERVICE, self.1.clone()).await?;
        Ok(())
    }
}

async fn connect(thread: &Runtime, url: &str) -> anyhow::Result<Client> {
    Ok(thread.spawn(async_nats::connect(url.to_owned())).await??)
}
