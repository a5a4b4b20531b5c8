//! A task as the API shows it, kept as rendered chunks so that an answer copies references and
//! builds nothing. Not the state that decisions use.

use bytes::Bytes;

/// The bytes of one JSON answer, in order. Cloning copies references only.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub chunks: Vec<Bytes>,
}

impl Answer {
    /// The length of the whole answer in bytes.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(Bytes::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One contiguous copy. For tests and for small answers.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut all = Vec::with_capacity(self.len());
        for chunk in &self.chunks {
            all.extend_from_slice(chunk);
        }
        all
    }
}

/// The task as it is shown to anyone who may see it.
#[derive(Debug, Default)]
pub struct Document {}
