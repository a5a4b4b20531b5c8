//! The row "files": how fast they come in and go out over HTTP, beside the store alone in this process, which hashes the same bytes and
//! has them on the disk, or reads them from there. What is recorded of a file is part of the former.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, ensure};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use gateway::files::Blobs;
use serde_json::Value;

use crate::measure::{self, Effort};
use crate::report::{Held, Report};
use crate::server::Nashi;
use crate::world::Founded;

const FILE_BYTES: usize = 4 * 1024 * 1024;
/// In one run: bounded, since all of them stay on the disk until the row is over.
const FILES: usize = 64;
const AT_ONCE: usize = 4;
const BOUNDARY: &str = "a-boundary-of-the-benchmarks";

pub async fn in_and_out(report: &mut Report, effort: Effort) -> anyhow::Result<()> {
    let founded = Founded::create(0).await?;
    let nashi = Nashi::start(&founded.database).await?;
    let folder = tempfile::tempdir()?;
    let asking = Asking {
        client: reqwest::Client::new(),
        token: founded.sign_in(nashi.address).await?,
        base: format!("http://{}/v4/files", nashi.address),
        blobs: Blobs::open(folder.path())?,
        made: Arc::default(),
    };
    let one = asking.clone().upload().await?;
    let kept = asking.clone().keep().await?;
    let came = measure::pairs(effort, || all(|| asking.clone().keep()), || all(|| asking.clone().upload())).await?;
    let went = measure::pairs(effort, || all(|| asking.clone().read(kept.clone())), || all(|| asking.clone().download(one))).await?;
    for (what, compared) in [("come in", came), ("go out", went)] {
        report.add(
            &format!("files of {} MiB {what}, {AT_ONCE} connections", FILE_BYTES >> 20),
            format!("{:.0} MiB a second, {:.2} of it", compared.ours, compared.ratio),
            format!("the store alone, in one process with the loader: {:.0}", compared.theirs),
            "",
            Held::Unjudged,
        );
    }
    nashi.stop().await
}

/// MiB a second of [`FILES`] times the work.
async fn all<T: Send + 'static, F: Future<Output = anyhow::Result<T>> + Send + 'static>(work: impl Fn() -> F) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let done = stream::iter(0..FILES).map(|_| tokio::spawn(work())).buffer_unordered(AT_ONCE);
    done.map(|one| one.context("a worker ended badly")?.map(drop)).try_collect::<()>().await?;
    Ok(((FILES * FILE_BYTES) >> 20) as f64 / begun.elapsed().as_secs_f64())
}

#[derive(Clone)]
struct Asking {
    client: reqwest::Client,
    token: String,
    base: String,
    blobs: Blobs,
    made: Arc<AtomicU64>,
}

impl Asking {
    /// No two alike.
    fn content(&self) -> Vec<u8> {
        let mut content = vec![0x55; FILE_BYTES];
        content[..8].copy_from_slice(&self.made.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        content
    }

    async fn upload(self) -> anyhow::Result<i64> {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n");
        let body = [head.as_bytes(), &self.content(), format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let request = self.client.post(format!("{}/upload", self.base)).bearer_auth(&self.token);
        let answer = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}")).body(body).send().await?;
        ensure!(answer.status().is_success(), "an upload was refused: {}", answer.text().await?);
        let shown: Value = answer.json().await?;
        shown.get("id").and_then(Value::as_i64).context("an upload has no id")
    }

    async fn download(self, id: i64) -> anyhow::Result<()> {
        let mut answer = self.client.get(format!("{}/download/{id}", self.base)).bearer_auth(&self.token).send().await?;
        ensure!(answer.status().is_success(), "a download was refused: {}", answer.status());
        let mut bytes = 0;
        while let Some(piece) = answer.chunk().await? {
            bytes += piece.len();
        }
        whole(bytes)
    }

    /// Under which hash.
    async fn keep(self) -> anyhow::Result<String> {
        let mut incoming = self.blobs.begin().await?;
        // In pieces as they come from a socket.
        let content = Bytes::from(self.content());
        for at in (0..FILE_BYTES).step_by(32 * 1024) {
            incoming.take(content.slice(at..at + 32 * 1024)).await?;
        }
        Ok(incoming.finish().await?.keep().await?.sha256)
    }

    async fn read(self, sha256: String) -> anyhow::Result<()> {
        let pieces = self.blobs.read(&sha256, 0..FILE_BYTES as u64).await?;
        whole(pieces.try_fold(0, async |bytes, piece| Ok(bytes + piece.len())).await?)
    }
}

fn whole(bytes: usize) -> anyhow::Result<()> {
    ensure!(bytes == FILE_BYTES, "{bytes} bytes of {FILE_BYTES} came");
    Ok(())
}
