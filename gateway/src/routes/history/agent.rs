//! A program's name for people, from what it calls itself. Not a test of what it is: it says what it likes.

/// The browser's token in its name, and what people call it; the first that is there counts, since each also names those after it.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser/", "Yandex Browser"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] =
    [("Windows", "Windows"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Android", "Android"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

/// `<readable>|<raw>`, as the dialect has it.
pub fn shown(agent: &str) -> String {
    format!("{}|{agent}", readable(agent))
}

fn readable(agent: &str) -> String {
    if !agent.starts_with("Mozilla/") {
        // `python-requests/2.31`, `curl/8.5.0`
        return agent.split([' ', '|', '(']).next().unwrap_or_default().replacen('/', " ", 1);
    }
    let browser = BROWSERS.iter().find_map(|(token, name)| {
        let version = agent.split_once(token)?.1.split(['.', ' ']).next()?;
        Some(format!("{name} {version}"))
    });
    let system = SYSTEMS.iter().find(|(token, _)| agent.contains(token)).map(|(_, name)| *name);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(browser), None) => browser,
        (None, Some(system)) => system.to_owned(),
        (None, None) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_and_programs_are_named_as_people_name_them() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
        let safari =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/17.2 Mobile Safari/604";
        for (agent, name) in [
            (chrome, "Chrome 120, Windows"),
            (safari, "Safari 17, iOS"),
            ("python-requests/2.31.0", "python-requests 2.31.0"),
            ("Mozilla/5.0", "unknown"),
            ("", ""),
        ] {
            assert_eq!(readable(agent), name);
        }
        assert_eq!(shown("curl/8.5.0"), "curl 8.5.0|curl/8.5.0");
    }
}
