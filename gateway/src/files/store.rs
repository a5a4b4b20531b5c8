//! Where files' bytes are kept: a store of objects, each under the SHA-256 of its content. What comes in goes to a temporary object
//! while it is hashed, is never held as a whole, and is put in its place in one step once all of it is on the disk. Not which file
//! has which bytes (that is in the log), nor when bytes go.

use std::fmt;
use std::ops::Range;
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use md5::Md5;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, WriteMultipart};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::kind::LOOKED_AT;
use crate::extract::command::mint;

/// A piece that is written at once: stores of objects take none below 5 MiB.
const PIECE_BYTES: usize = 5 * 1024 * 1024;
/// Pieces of one upload that are being written.
const PIECES_AT_ONCE: usize = 2;
/// Where temporary objects are.
const INCOMING: &str = "incoming";
/// Where objects are kept.
const KEPT: &str = "sha256";

/// Why bytes cannot be kept or read.
#[derive(Debug, Error)]
pub enum StoreFailure {
    #[error("the store of files cannot be used")]
    Store(#[from] object_store::Error),
    #[error("the directory of files cannot be used")]
    Directory(#[from] std::io::Error),
}

impl StoreFailure {
    /// There is nothing under this hash.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Store(object_store::Error::NotFound { .. }))
    }
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    directory: PathBuf,
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blobs").field("directory", &self.directory).finish_non_exhaustive()
    }
}

/// Bytes that are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub size: u64,
    /// In lower-case hexadecimal digits, like the next.
    pub md5: String,
    pub sha256: String,
    pub begins: Vec<u8>,
}

impl Blobs {
    /// Opens the directory, making it where it is not there. Only its owner reads what is in it.
    ///
    /// # Errors
    /// When it cannot be made or used.
    pub fn open(directory: &Folder) -> Result<Self, StoreFailure> {
        for folder in [directory.to_owned(), directory.join(INCOMING), directory.join(KEPT)] {
            std::fs::DirBuilder::new().recursive(true).create(&folder)?;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700))?;
        }
        let store = LocalFileSystem::new_with_prefix(directory)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), directory: directory.to_owned() })
    }

    /// Begins to take something in.
    ///
    /// # Errors
    /// When the store cannot be written to.
    pub async fn begin(&self) -> Result<Incoming, StoreFailure> {
        let place = Path::from_iter([INCOMING, &mint().to_string()]);
        let upload = self.store.put_multipart(&place).await?;
        let writer = WriteMultipart::new_with_chunk_size(upload, PIECE_BYTES);
        let (md5, sha256) = (Md5::new(), Sha256::new());
        Ok(Incoming { blobs: self.clone(), place, writer, md5, sha256, size: 0, begins: Vec::new() })
    }

    /// The bytes in `range` of what is kept under a hash.
    ///
    /// # Errors
    /// When there is nothing, or it cannot be read.
    pub async fn read(&self, sha256: &str, range: Range<u64>) -> Result<BoxStream<'static, Result<Bytes, StoreFailure>>, StoreFailure> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.store.get_opts(&place_of(sha256), options).await?;
        Ok(found.into_stream().map_err(StoreFailure::from).boxed())
    }

    /// Whether something is kept under this hash.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn has(&self, sha256: &str) -> Result<bool, StoreFailure> {
        match self.store.head(&place_of(sha256)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes what is kept under this hash; whatever is not there is removed already.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, sha256: &str) -> Result<(), StoreFailure> {
        match self.store.delete(&place_of(sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether what is kept under this hash was put there before `at`, if there is anything.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn is_older(&self, sha256: &str, at: Timestamp) -> Result<bool, StoreFailure> {
        match self.store.head(&place_of(sha256)).await {
            Ok(found) => Ok(found.last_modified.timestamp() < at.as_second()),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The hashes of all that was put in its place before `at`, in no order.
    pub fn older_than(&self, at: Timestamp) -> BoxStream<'static, Result<String, StoreFailure>> {
        let all = self.store.list(Some(&Path::from(KEPT)));
        let older = all.try_filter_map(move |found| {
            let is_older = found.last_modified.timestamp() < at.as_second();
            std::future::ready(Ok(found.location.filename().filter(|_| is_older).map(str::to_owned)))
        });
        older.map_err(StoreFailure::from).boxed()
    }

    /// Removes what began to come in before `at` and never came wholly, and says how much that was.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn sweep(&self, at: Timestamp) -> Result<usize, StoreFailure> {
        let folder = self.incoming();
        // A folder of what is under way: as many entries as uploads, and what a node that was killed left.
        let swept = tokio::task::spawn_blocking(move || sweep(&folder, at.into())).await;
        Ok(swept.map_err(std::io::Error::other)??)
    }

    /// Where it is on this machine.
    pub fn directory(&self) -> &Folder {
        &self.directory
    }

    /// Where what has not wholly come in is.
    pub fn incoming(&self) -> PathBuf {
        self.directory.join(INCOMING)
    }
}

fn sweep(folder: &Folder, at: SystemTime) -> std::io::Result<usize> {
    let mut swept = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.metadata().and_then(|metadata| metadata.modified()) {
            Ok(modified) if modified < at => {
                std::fs::remove_file(entry.path())?;
                swept += 1;
            }
            Ok(_) => {}
            // It has gone meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(swept)
}

/// Spread over folders, since a folder of a million files is slow on some disks.
fn place_of(sha256: &str) -> Path {
    Path::from_iter([KEPT, sha256.get(..2).unwrap_or("00"), sha256])
}

/// Something that is coming in. Dropped before its end, it leaves nothing that could be taken for a file.
pub struct Incoming {
    blobs: Blobs,
    place: Path,
    writer: WriteMultipart,
    md5: Md5,
    sha256: Sha256,
    size: u64,
    begins: Vec<u8>,
}

impl Incoming {
    /// Bytes that have come so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// When what came before cannot be written.
    pub async fn take(&mut self, bytes: Bytes) -> Result<(), StoreFailure> {
        self.writer.wait_for_capacity(PIECES_AT_ONCE).await?;
        self.md5.update(&bytes);
        self.sha256.update(&bytes);
        self.size += bytes.len() as u64;
        let wanted = LOOKED_AT.saturating_sub(self.begins.len()).min(bytes.len());
        self.begins.extend_from_slice(&bytes[..wanted]);
        self.writer.put(bytes);
        Ok(())
    }

    /// All has come, and is on the disk when this returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn finish(self) -> Result<Whole, StoreFailure> {
        let Self { blobs, place, writer, md5, sha256, size, begins } = self;
        writer.finish().await?;
        let kept = Kept { size, md5: hex::encode(md5.finalize()), sha256: hex::encode(sha256.finalize()), begins };
        Ok(Whole { blobs, place, kept })
    }

    /// It is not wanted.
    pub async fn abandon(self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, "what came of an upload could not be removed; the sweep does it later");
        }
    }
}

/// Something that has wholly come in, beside its place.
pub struct Whole {
    blobs: Blobs,
    place: Path,
    kept: Kept,
}

impl Whole {
    /// Under which it will be kept.
    pub fn sha256(&self) -> &str {
        &self.kept.sha256
    }

    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Puts it in its place. The same content that is there already is put there again, in one step that no reader notices.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub async fn keep(self) -> Result<Kept, StoreFailure> {
        let Self { blobs, place, kept } = self;
        if let Err(error) = blobs.store.rename(&place, &place_of(&kept.sha256)).await {
            // What cannot be put in its place is not left behind.
            let _ = blobs.store.delete(&place).await;
            return Err(error.into());
        }
        Ok(kept)
    }

    /// It is not wanted.
    pub async fn abandon(self) {
        if let Err(error) = self.blobs.store.delete(&self.place).await {
            tracing::warn!(%error, "what came of an upload could not be removed; the sweep does it later");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    async fn all(blobs: &Blobs, sha256: &str, range: Range<u64>) -> Vec<u8> {
        let pieces: Vec<Bytes> = blobs.read(sha256, range).await.unwrap().try_collect().await.unwrap();
        pieces.concat()
    }

    fn left_in(folder: &Folder) -> usize {
        std::fs::read_dir(folder).unwrap().count()
    }

    #[tokio::test]
    async fn what_came_in_is_kept_under_its_hash_and_read_in_parts() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&directory.path().join("files")).unwrap();
        for _ in 0..2 {
            let mut incoming = blobs.begin().await.unwrap();
            incoming.take(Bytes::from_static(b"a")).await.unwrap();
            incoming.take(Bytes::from_static(b"bc")).await.unwrap();
            let kept = incoming.finish().await.unwrap().keep().await.unwrap();
            assert_eq!((kept.size, kept.sha256.as_str(), kept.begins.as_slice()), (3, ABC, b"abc".as_slice()));
            assert_eq!(kept.md5, "900150983cd24fb0d6963f7d28e17f72");
        }
        assert_eq!(all(&blobs, ABC, 0..3).await, b"abc");
        assert_eq!(all(&blobs, ABC, 1..2).await, b"b");
        assert_eq!(left_in(&blobs.incoming()), 0);
        assert!(blobs.has(ABC).await.unwrap());
        blobs.remove(ABC).await.unwrap();
        blobs.remove(ABC).await.unwrap();
        assert!(!blobs.has(ABC).await.unwrap());
        assert!(blobs.read(ABC, 0..3).await.err().unwrap().is_missing());
    }

    #[tokio::test]
    async fn what_did_not_wholly_come_in_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(directory.path()).unwrap();
        for abandoned in [true, false] {
            let mut incoming = blobs.begin().await.unwrap();
            incoming.take(Bytes::from(vec![7; 2 * PIECE_BYTES])).await.unwrap();
            incoming.take(Bytes::from_static(b"x")).await.unwrap();
            if abandoned {
                incoming.abandon().await;
                assert_eq!(left_in(&blobs.incoming()), 0);
            }
            assert_eq!(left_in(&directory.path().join(KEPT)), 0);
        }
    }

    #[tokio::test]
    async fn more_than_one_piece_is_kept_whole() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(directory.path()).unwrap();
        let content: Vec<u8> = (0..=250_u8).cycle().take(PIECE_BYTES * 2 + 12_345).collect();
        let mut incoming = blobs.begin().await.unwrap();
        for chunk in content.chunks(60_000) {
            incoming.take(Bytes::copy_from_slice(chunk)).await.unwrap();
        }
        let kept = incoming.finish().await.unwrap().keep().await.unwrap();
        assert_eq!(kept.size, content.len() as u64);
        assert_eq!(kept.sha256, hex::encode(Sha256::digest(&content)));
        assert_eq!(all(&blobs, &kept.sha256, 0..kept.size).await, content);
    }
}
