//! The comments of a task as rendered chunks: sealed ones that answers share, and an open tail. Which
//! facts make a comment is [`super::comment`]'s matter.

use bytes::{BufMut as _, Bytes, BytesMut};
use serde::{Deserialize, Serialize};

use super::comment::Comment;
use crate::id::{CommandId, Position};

/// A tail of this many bytes is sealed before the next comment.
const CHUNK_BYTES: usize = 16 * 1024;

const RENDERED_HERE: &str = "chunks hold what was rendered here";

/// Comments in order. The newest is kept apart while facts of its command may still come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Feed {
    sealed: Vec<Chunk>,
    /// Rendered, but not yet sealed. Shared with the last answer until something is added.
    tail: Bytes,
    /// The newest comment, as long as it is not rendered.
    #[serde(with = "crate::snapshot::as_json")]
    open: Option<Box<Comment>>,
    newest: Option<Newest>,
}

/// Comments as JSON, each but the first of the task led by a comma.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Chunk {
    first: Position,
    json: Bytes,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Newest {
    command: CommandId,
    /// Where it begins in the tail, once it is rendered.
    offset: usize,
}

impl Feed {
    /// The comment of `command`, which is the newest; begun when the newest is another's.
    pub fn newest(&mut self, command: CommandId, begun: impl FnOnce() -> Comment) -> &mut Comment {
        match self.newest {
            Some(newest) if newest.command == command => {
                if self.open.is_none() {
                    // An answer was given between two facts of one command.
                    let comment = parsed(&self.tail[newest.offset..]).pop().expect(RENDERED_HERE);
                    self.tail.truncate(newest.offset);
                    self.open = Some(Box::new(comment));
                }
            }
            Some(_) | None => {
                self.render();
                self.seal();
                self.newest = Some(Newest { command, offset: 0 });
                self.open = Some(Box::new(begun()));
            }
        }
        self.open.as_mut().expect("it was opened just now")
    }

    /// Changes the comment `id` where it stands; nothing when there is none.
    pub fn change(&mut self, id: Position, change: impl FnOnce(&mut Comment)) {
        if let Some(open) = self.open.as_mut().filter(|open| open.id == id) {
            return change(open);
        }
        let mut comments = parsed(&self.tail);
        if comments.first().is_some_and(|first| first.id <= id) {
            if apply_to(&mut comments, id, change) {
                self.replace_tail(&comments);
            }
            return;
        }
        let after = self.sealed.partition_point(|chunk| chunk.first <= id);
        if let Some(chunk) = self.sealed[..after].last_mut() {
            let mut comments = parsed(&chunk.json);
            if apply_to(&mut comments, id, change) {
                chunk.json = rendered(&comments, after == 1).freeze();
            }
        }
    }

    /// Changes every comment where it stands.
    pub fn change_all(&mut self, mut change: impl FnMut(&mut Comment)) {
        let mut is_first = true;
        for chunk in &mut self.sealed {
            let mut comments = parsed(&chunk.json);
            comments.iter_mut().for_each(&mut change);
            chunk.json = rendered(&comments, is_first).freeze();
            is_first = false;
        }
        let mut comments = parsed(&self.tail);
        comments.iter_mut().for_each(&mut change);
        self.replace_tail(&comments);
        if let Some(open) = &mut self.open {
            change(open);
        }
    }

    /// The chunks that hold all comments, and nothing else.
    pub fn sealed(&self) -> impl Iterator<Item = &Bytes> {
        self.sealed.iter().map(|chunk| &chunk.json)
    }

    /// What follows the sealed chunks.
    pub fn tail(&mut self) -> Bytes {
        self.render();
        self.tail.clone()
    }

    /// The newest comment by itself, once it is rendered.
    pub fn newest_rendered(&self) -> Bytes {
        let from = self.newest.filter(|_| self.open.is_none()).map_or(self.tail.len(), |newest| newest.offset.min(self.tail.len()));
        let comment = self.tail.slice(from..);
        if comment.starts_with(b",") { comment.slice(1..) } else { comment }
    }

    pub fn weight(&self) -> usize {
        let sealed: usize = self.sealed.iter().map(|chunk| size_of::<Chunk>() + chunk.json.len()).sum();
        let open = self.open.as_ref().map_or(0, |open| size_of::<Comment>() + open.text.as_ref().map_or(0, String::len));
        sealed + self.tail.len() + open
    }

    fn render(&mut self) {
        if let Some(open) = self.open.take() {
            if let Some(newest) = &mut self.newest {
                newest.offset = self.tail.len();
            }
            let is_first = self.sealed.is_empty() && self.tail.is_empty();
            let comment = rendered(std::slice::from_ref(&open), is_first);
            // Grows in place while many comments are taken in, and is copied once somebody was given it.
            let mut tail = std::mem::take(&mut self.tail).try_into_mut().unwrap_or_else(|shared| {
                let mut tail = BytesMut::with_capacity(shared.len() + comment.len());
                tail.extend_from_slice(&shared);
                tail
            });
            tail.extend_from_slice(&comment);
            self.tail = tail.freeze();
        }
    }

    /// Seals the tail when it is long enough. The newest comment must not be in it, or no longer be the newest.
    fn seal(&mut self) {
        if self.tail.len() >= CHUNK_BYTES {
            let first = parsed(&self.tail).first().map_or(0, |comment| comment.id);
            // A copy, so that the chunk holds no more than its bytes.
            self.sealed.push(Chunk { first, json: Bytes::copy_from_slice(&self.tail) });
            self.tail.clear();
        }
    }

    fn replace_tail(&mut self, comments: &[Comment]) {
        self.tail = rendered(comments, self.sealed.is_empty()).freeze();
        if let (Some(newest), None, Some((last, before))) = (&mut self.newest, &self.open, comments.split_last()) {
            let is_first = self.sealed.is_empty() && before.is_empty();
            newest.offset = self.tail.len() - rendered(std::slice::from_ref(last), is_first).len();
        }
    }
}

fn apply_to(comments: &mut [Comment], id: Position, change: impl FnOnce(&mut Comment)) -> bool {
    let found = comments.iter_mut().find(|comment| comment.id == id);
    found.map(change).is_some()
}

fn parsed(chunk: &[u8]) -> Vec<Comment> {
    let comments = chunk.strip_prefix(b",").unwrap_or(chunk);
    let mut list = Vec::with_capacity(comments.len() + 2);
    list.push(b'[');
    list.extend_from_slice(comments);
    list.push(b']');
    serde_json::from_slice(&list).expect(RENDERED_HERE)
}

fn rendered(comments: &[Comment], from_first: bool) -> BytesMut {
    let mut chunk = BytesMut::new();
    for (index, comment) in comments.iter().enumerate() {
        render_into(&mut chunk, comment, from_first && index == 0);
    }
    chunk
}

fn render_into(chunk: &mut BytesMut, comment: &Comment, is_first: bool) {
    if !is_first {
        chunk.put_u8(b',');
    }
    serde_json::to_writer(chunk.writer(), comment).expect("plain data is JSON, and memory takes it");
}
