//! What a file is of: by its first bytes, then by its name. Not whether it may be shown in a browser beyond what is said here.

use domain::file::name::extension;

/// Of what nothing can be told.
const UNKNOWN: &str = "application/octet-stream";
/// As many first bytes are looked at.
pub const LOOKED_AT: usize = 4 * 1024;

/// The media type of what begins so and is called so. Formats that are packed alike (a workbook and a zip) are told apart by the name,
/// where it does not contradict the bytes.
pub fn media_type(begins: &[u8], name: &str) -> String {
    let by_name = mime_guess::from_ext(&extension(name).unwrap_or_default()).first_raw();
    let by_bytes = infer::get(begins).map(|kind| kind.mime_type());
    let told = match (by_bytes, by_name) {
        (Some("application/zip"), Some(named)) if is_packed(named) => named,
        (Some("application/x-ole-storage"), Some(named)) if named.starts_with("application/") => named,
        (Some(told), _) => told,
        // A name that promises a picture, a video or a sound whose bytes are none of theirs.
        (None, Some(named)) if is_told_by_bytes(named) => UNKNOWN,
        (None, Some(named)) => named,
        (None, None) if is_text(begins) => "text/plain",
        (None, None) => UNKNOWN,
    };
    told.to_owned()
}

/// Formats that are a zip with a certain content.
fn is_packed(media_type: &str) -> bool {
    media_type.starts_with("application/vnd.") || matches!(media_type, "application/epub+zip" | "application/java-archive")
}

/// Pictures that a browser draws have first bytes that tell them; all but vectors.
fn is_told_by_bytes(media_type: &str) -> bool {
    IMAGES.contains(&media_type)
}

fn is_text(begins: &[u8]) -> bool {
    let text = match std::str::from_utf8(begins) {
        Ok(text) => text,
        // The last character may be cut through.
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&begins[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    !text.is_empty() && text.chars().all(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t'))
}

/// Pictures of points: what a browser draws without running anything.
const IMAGES: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"];

/// Whether a browser may show it in its place, when that is asked for.
pub fn is_image(media_type: &str) -> bool {
    IMAGES.contains(&media_type)
}

/// The type under which it is sent: of what a browser could run, none that it would.
pub fn sent_as(media_type: &str) -> &str {
    let active = media_type.contains("html") || media_type.contains("xml") || media_type.contains("svg") || media_type.contains("script");
    let office = media_type.starts_with("application/vnd.openxmlformats-officedocument.");
    let readable = media_type.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if (active && !office) || !readable || media_type.is_empty() { UNKNOWN } else { media_type }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_more_than_a_name() {
        let png = b"\x89PNG\r\n\x1a\n0000";
        for (begins, name, kind) in [
            (png.as_slice(), "a.png", "image/png"),
            (png, "a.html", "image/png"),
            (b"%PDF-1.7", "a", "application/pdf"),
            (b"PK\x03\x04....", "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (b"PK\x03\x04....", "a.png", "application/zip"),
            (b"hello", "a.txt", "text/plain"),
            (b"hello \xd1", "notes", "text/plain"),
            (b"hello", "a.png", UNKNOWN),
            (b"\0\x01\x02", "a", UNKNOWN),
            (b"<svg onload=alert(1)>", "a.svg", "image/svg+xml"),
        ] {
            assert_eq!(media_type(begins, name), kind, "{name}");
        }
    }

    #[test]
    fn what_a_browser_could_run_is_sent_as_bytes() {
        for active in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "application/xml", "", "a\nb"] {
            assert_eq!(sent_as(active), UNKNOWN, "{active:?}");
            assert!(!is_image(active));
        }
        for kept in
            ["image/png", "application/pdf", "text/plain", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"]
        {
            assert_eq!(sent_as(kept), kept);
        }
    }
}
