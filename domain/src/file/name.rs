//! What a file is called when somebody else wrote the name: never a path, never anything that shows as something else. Not how a name
//! is put into a header (that is the gateway's).

/// What a file is called whose name has nothing that can be kept.
const NAMELESS: &str = "file";

/// The name as it is kept: the last part of a path, without control characters, without characters that turn the direction of writing
/// (`U+202E` shows what follows it backwards) or show nothing, and without blanks and dots at the end, which some systems drop.
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|character| !is_hidden(*character)).collect();
    let kept = kept.trim().trim_end_matches(['.', ' ']);
    if kept.is_empty() { NAMELESS.to_owned() } else { kept.to_owned() }
}

/// Whether it is a control character, or turns the direction of writing, or shows nothing at all.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}')
}

/// What comes after the last dot, in lower case.
pub fn extension(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).filter(|extension| !extension.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_harmless() {
        for (written, kept) in [
            ("a.txt", "a.txt"),
            ("Договор № 5.pdf", "Договор № 5.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\anna\\scan.png", "scan.png"),
            ("a\0b\r\n.txt", "ab.txt"),
            ("exe.\u{202e}gpj", "exe.gpj"),
            ("\u{feff}\u{200b}x", "x"),
            ("  spaced .txt. . ", "spaced .txt"),
            ("..", "file"),
            ("", "file"),
            ("folder/", "file"),
            ("\u{202e}", "file"),
        ] {
            assert_eq!(clean(written), kept, "{written:?}");
        }
    }

    #[test]
    fn a_name_is_cleaned_once() {
        proptest::proptest!(|(name in "\\PC*|[\\x00-\\x20./\\\\\u{202e}]*")| {
            let once = clean(&name);
            proptest::prop_assert_eq!(&clean(&once), &once);
            let harmless = !once.contains(['/', '\\', '\n', '\0', '\u{202e}']);
            proptest::prop_assert!(harmless);
        });
    }
}
