//! Binary records of what can be rebuilt or is in flight: snapshots, messages between nodes. The only module
//! that knows bincode. The log itself is JSON and never passes through here.
//!
//! ```text
//! record = format (1 byte: 1 = bincode 2, standard: little-endian, variable-length integers)
//!          schema (u16, big-endian: the version of the value's shape, the caller's)
//!          body
//! ```
//!
//! bincode does not describe itself: a published shape is never edited, a new one gets a schema of its own.

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Bytes of a record; the largest is a snapshot of a task with all of its comments.
pub const RECORD_BYTES_MAX: usize = 64 * 1024 * 1024;

const BINCODE: u8 = 1;
const HEADER_BYTES: usize = 3;

/// Why a value could not be made into a record, or a record not be read.
#[derive(Debug, Error)]
pub enum CodecError {
    #[error("a record has no header")]
    Header,
    #[error("a record is in format {0}, which this build does not read")]
    Format(u8),
    #[error("a record has schema {found}, not {expected}")]
    Schema { expected: u16, found: u16 },
    #[error("a record is larger than {RECORD_BYTES_MAX} bytes")]
    TooLarge,
    #[error("{0} bytes follow after a record's value")]
    Trailing(usize),
    #[error("a value cannot be written")]
    Encode(#[from] bincode::error::EncodeError),
    #[error("a record does not have its shape")]
    Decode(#[from] bincode::error::DecodeError),
}

const fn config()
-> bincode::config::Configuration<bincode::config::LittleEndian, bincode::config::Varint, bincode::config::Limit<RECORD_BYTES_MAX>> {
    bincode::config::standard().with_limit::<RECORD_BYTES_MAX>()
}

/// Writes `value`, whose shape is number `schema`.
///
/// # Errors
/// When it is too large, or of a kind that bincode cannot write.
pub fn encode<T: Serialize>(schema: u16, value: &T) -> Result<Vec<u8>, CodecError> {
    let mut record = vec![BINCODE];
    record.extend(schema.to_be_bytes());
    bincode::serde::encode_into_std_write(value, &mut record, config())?;
    if record.len() > RECORD_BYTES_MAX { Err(CodecError::TooLarge) } else { Ok(record) }
}

/// Reads a record of shape `schema`.
///
/// # Errors
/// When the record is of another format or shape, too large, cut short, or too long.
pub fn decode<T: DeserializeOwned>(schema: u16, record: &[u8]) -> Result<T, CodecError> {
    let found = schema_of(record)?;
    if found != schema {
        return Err(CodecError::Schema { expected: schema, found });
    }
    if record.len() > RECORD_BYTES_MAX {
        return Err(CodecError::TooLarge);
    }
    let body = &record[HEADER_BYTES..];
    let (value, read) = bincode::serde::decode_from_slice(body, config())?;
    if read == body.len() { Ok(value) } else { Err(CodecError::Trailing(body.len() - read)) }
}

/// The number of the shape that a record has.
///
/// # Errors
/// When the record has no header or another format.
pub fn schema_of(record: &[u8]) -> Result<u16, CodecError> {
    match record {
        [BINCODE, high, low, ..] => Ok(u16::from_be_bytes([*high, *low])),
        [format, _, _, ..] => Err(CodecError::Format(*format)),
        _ => Err(CodecError::Header),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, wincode::SchemaWrite, wincode::SchemaRead)]
    enum Part {
        Nothing,
        Text(String),
        Both { number: i64, list: Vec<u32> },
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, wincode::SchemaWrite, wincode::SchemaRead)]
    struct Sample {
        id: i64,
        small: u8,
        yes: bool,
        name: Option<String>,
        parts: Vec<Part>,
    }

    fn sample() -> Sample {
        Sample {
            id: -70_000,
            small: 200,
            yes: true,
            name: Some("Ана".into()),
            parts: vec![Part::Nothing, Part::Text("x".into()), Part::Both { number: 1 << 40, list: vec![1, 300, 70_000] }],
        }
    }

    /// Records that lie in a database, or come from a node of an older build.
    const GOLDEN: &str = "010007fcdf220200c8010106d090d0bdd0b0030001017802fd0000000000020000\
                          0301fb2c01fc70110100";

    #[test]
    fn the_bytes_are_those_of_every_release() {
        let record = encode(7, &sample()).expect("written");
        assert_eq!(hex::encode(&record), GOLDEN);
        assert_eq!(decode::<Sample>(7, &hex::decode(GOLDEN).expect("hex")).expect("read"), sample());
    }

    #[test]
    fn another_codec_reads_and_writes_the_same_bytes() {
        let record = encode(7, &sample()).expect("written");
        let config = wincode::config::Configuration::default().with_varint_encoding();
        let read: Sample = wincode::config::deserialize(&record[HEADER_BYTES..], config).expect("read");
        assert_eq!(read, sample());
        assert_eq!(wincode::config::serialize(&sample(), config).expect("written"), record[HEADER_BYTES..]);
    }

    #[test]
    fn bad_records_are_refused() {
        let record = encode(7, &sample()).expect("written");
        assert!(matches!(decode::<Sample>(7, &[]), Err(CodecError::Header)), "empty");
        assert!(matches!(decode::<Sample>(7, &record[..2]), Err(CodecError::Header)), "half a header");
        assert!(matches!(decode::<Sample>(8, &record), Err(CodecError::Schema { expected: 8, found: 7 })), "another shape");
        assert!(matches!(decode::<Sample>(7, &record[..record.len() - 1]), Err(CodecError::Decode(_))), "cut short");
        let longer = [record.as_slice(), &[0]].concat();
        assert!(matches!(decode::<Sample>(7, &longer), Err(CodecError::Trailing(1))), "a byte too many");
        let other = [&[2], &record[1..]].concat();
        assert!(matches!(decode::<Sample>(7, &other), Err(CodecError::Format(2))), "a format of the future");
        // A length that would make the reader take 2^62 bytes.
        let vast = [&record[..3], &[253, 255, 255, 255, 255, 255, 255, 255, 63]].concat();
        assert!(matches!(decode::<Vec<u64>>(7, &vast), Err(CodecError::Decode(_))), "a length out of bounds");
    }
}
