//! A real Chromium without a screen, told what to do through its debugging pipe (CDP), with an authenticator of its own making. What pages
//! are asked to do is in the tests.

use std::process::Stdio;
use std::time::Duration;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::pipe;
use tokio::process::{Child, Command};

/// A browser on a busy machine, at its first start.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// One browser with one page.
pub struct Chromium {
    child: Child,
    orders: pipe::Sender,
    answers: BufReader<pipe::Receiver>,
    number: u64,
    page: String,
    _home: TempDir,
}

impl Chromium {
    /// # Panics
    /// When it is not installed, or does not start.
    pub async fn start() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let (orders, answers) = (home.path().join("orders"), home.path().join("answers"));
        for path in [&orders, &answers] {
            mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR).expect("a pipe");
        }
        let receiver = pipe::OpenOptions::new().open_receiver(&answers).expect("the pipe of answers");
        // Both ways, since the other end opens it only later.
        let sender = pipe::OpenOptions::new().read_write(true).open_sender(&orders).expect("the pipe of orders");
        let child = Command::new("sh")
            // It reads orders from the third descriptor and writes answers to the fourth.
            .args(["-c", "exec chromium \"$@\" 3<\"$0/orders\" 4>\"$0/answers\""])
            .arg(home.path())
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server"])
            .arg(format!("--user-data-dir={}", home.path().join("profile").display()))
            .args(["--remote-debugging-pipe", "about:blank"])
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Chromium starts (Debian: chromium)");
        let mut browser = Self { child, orders: sender, answers: BufReader::new(receiver), number: 0, page: String::new(), _home: home };
        let target = browser.order("Target.createTarget", json!({ "url": "about:blank" })).await["targetId"].take();
        let attached = browser.order("Target.attachToTarget", json!({ "targetId": target, "flatten": true })).await;
        browser.page = attached["sessionId"].as_str().expect("a session").to_owned();
        browser.order("Page.enable", json!({})).await;
        // Our answers are no pages; what a page may load is not what is tested.
        browser.order("Page.setBypassCSP", json!({ "enabled": true })).await;
        browser
    }

    /// Gives the browser an authenticator that asks nobody: it is unlocked, and says yes. Its id.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn with_authenticator(&mut self) -> String {
        self.order("WebAuthn.enable", json!({})).await;
        let options = json!({
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "automaticPresenceSimulation": true,
        });
        let added = self.order("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await;
        added["authenticatorId"].as_str().expect("an authenticator").to_owned()
    }

    /// Goes to an address and waits until it is there.
    ///
    /// # Panics
    /// When it does not get there.
    pub async fn open(&mut self, url: &str) {
        let went = self.order("Page.navigate", json!({ "url": url })).await;
        assert!(went["errorText"].is_null(), "{url}: {went}");
        self.heard(|message| message["method"] == "Page.loadEventFired").await;
    }

    /// What an expression, or the promise that it is, comes to in the page.
    ///
    /// # Panics
    /// When it throws.
    pub async fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let mut came = self.order("Runtime.evaluate", asked).await;
        assert!(came["exceptionDetails"].is_null(), "{expression}: {}", came["exceptionDetails"]);
        came["result"]["value"].take()
    }

    /// Any order of the protocol, to the page where there is one.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn order(&mut self, method: &str, params: Value) -> Value {
        self.number += 1;
        let number = self.number;
        let mut order = json!({ "id": number, "method": method, "params": params });
        if !self.page.is_empty() {
            order["sessionId"] = self.page.clone().into();
        }
        let mut bytes = order.to_string().into_bytes();
        bytes.push(0);
        self.orders.write_all(&bytes).await.expect("Chromium takes orders");
        let mut answer = self.heard(|message| message["id"] == number).await;
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].take()
    }

    /// Ends it, and everything that it started.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn close(mut self) {
        self.page.clear();
        self.order("Browser.close", json!({})).await;
        tokio::time::timeout(ANSWER_MAX, self.child.wait()).await.expect("Chromium ends").expect("our child");
    }

    async fn heard(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let listened = async {
            loop {
                let mut bytes = Vec::new();
                self.answers.read_until(0, &mut bytes).await.expect("Chromium answers");
                assert_eq!(bytes.pop(), Some(0), "Chromium has ended");
                let message: Value = serde_json::from_slice(&bytes).expect("JSON");
                if wanted(&message) {
                    return message;
                }
            }
        };
        tokio::time::timeout(ANSWER_MAX, listened).await.expect("Chromium answers in time")
    }
}
