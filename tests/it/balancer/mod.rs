//! The shipped files for nginx and HAProxy, in the real programs, in front of nodes that the test has in its hand. That
//! Nashi itself keeps what they rely on (503: nothing was written) is tested elsewhere.

mod node;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Mutex, mpsc};

use node::{Manner, Node};
use tests::{Balancer, Balancing as Kind};

/// Longer than anything here takes, on two busy cores.
const PATIENCE: Duration = Duration::from_secs(30);
/// A few rounds over three nodes.
const REQUESTS: usize = 12;

/// A balancer and the nodes behind it.
struct Stage {
    nodes: Vec<Node>,
    balancer: Balancer,
    client: Client,
    /// What the node that was asked for a stream sends next; closed, the stream ends.
    events: mpsc::Sender<String>,
}

impl Stage {
    async fn start(kind: Kind) -> Self {
        let (events, next) = mpsc::channel(1);
        let next = Arc::new(Mutex::new(next));
        let nodes = vec![Node::start(Arc::clone(&next)).await, Node::start(Arc::clone(&next)).await, Node::start(next).await];
        let addresses = [nodes[0].address, nodes[1].address, nodes[2].address];
        Self::with(kind, nodes, addresses, events).await
    }

    async fn with(kind: Kind, nodes: Vec<Node>, addresses: [SocketAddr; 3], events: mpsc::Sender<String>) -> Self {
        let balancer = Balancer::start(kind, addresses).await;
        let client = Client::builder().timeout(PATIENCE).no_proxy().build().expect("an HTTP client");
        Self { nodes, balancer, client, events }
    }

    async fn get(&self, path: &str) -> Response {
        let asked = self.client.get(format!("http://{}{path}", self.balancer.address)).send().await;
        asked.unwrap_or_else(|failure| panic!("{failure:?}: {}", self.balancer.log()))
    }

    /// Nothing where the connection was closed without an answer.
    async fn post(&self, text: String) -> Option<Response> {
        self.post_to("/v4/tasks", text).await
    }

    async fn post_to(&self, path: &str, text: String) -> Option<Response> {
        let asked = self.client.post(format!("http://{}{path}", self.balancer.address)).body(text).send().await;
        match asked {
            Ok(answer) => Some(answer),
            Err(failure) if failure.is_request() && !failure.is_timeout() && !failure.is_connect() => None,
            Err(failure) => panic!("{failure:?}: {}", self.balancer.log()),
        }
    }

    /// Sends POSTs whose bodies are numbers, and gives their answers. Each must have reached one node and no other.
    async fn posts(&self) -> Vec<Option<Response>> {
        let mut answers = Vec::new();
        for number in 0..REQUESTS {
            answers.push(self.post(format!("post {number}")).await);
        }
        let mut bodies: Vec<String> =
            self.nodes.iter().flat_map(Node::heard).filter(|heard| heard.method == "POST").map(|heard| heard.body).collect();
        bodies.sort_by_key(|body| body.rsplit(' ').next().and_then(|number| number.parse::<usize>().ok()));
        assert_eq!(bodies, (0..REQUESTS).map(|number| format!("post {number}")).collect::<Vec<_>>(), "each POST once");
        answers
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.balancer.address).await.expect("the balancer listens")
    }
}

#[tokio::test]
async fn requests_go_to_all_nodes_and_name_the_client() {
    for kind in Kind::ALL {
        let stage = Stage::start(kind).await;
        for _ in 0..REQUESTS {
            let pretended =
                stage.client.get(format!("http://{}/v4/profile", stage.balancer.address)).header("X-Forwarded-For", "192.0.2.7");
            assert_eq!(pretended.send().await.expect("an answer").status(), 200);
        }
        for node in &stage.nodes {
            let heard = node.heard();
            assert!(heard.len() >= REQUESTS / 6, "{kind:?}: a node was asked {} times of {REQUESTS}", heard.len());
            let connections: BTreeSet<usize> = heard.iter().map(|request| request.connection).collect();
            assert!(connections.len() < heard.len(), "{kind:?}: {} requests over {connections:?}", heard.len());
            for request in heard {
                // What the client pretends stands before what the proxy saw; Nashi reads from the right.
                assert_eq!(request.all("x-forwarded-for").last(), Some("127.0.0.1"), "{kind:?}");
                assert_eq!(request.all("x-forwarded-proto").collect::<Vec<_>>(), ["http"], "{kind:?}");
                assert_eq!(request.all("host").collect::<Vec<_>>(), [stage.balancer.address.to_string()], "{kind:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_dead_node_costs_nobody_an_error() {
    for kind in Kind::ALL {
        let (events, next) = mpsc::channel(1);
        let next = Arc::new(Mutex::new(next));
        let nodes = vec![Node::start(Arc::clone(&next)).await, Node::start(next).await];
        // Bound, and nobody listens: connections are refused, and the port is nobody else's.
        let dead = TcpSocket::new_v4().expect("a socket");
        dead.bind(([127, 0, 0, 1], 0).into()).expect("a port");
        let addresses = [dead.local_addr().expect("its address"), nodes[0].address, nodes[1].address];
        let stage = Stage::with(kind, nodes, addresses, events).await;
        for _ in 0..REQUESTS {
            assert_eq!(stage.get("/v4/inbox").await.status(), 200, "{kind:?}");
        }
        for answer in stage.posts().await {
            assert_eq!(answer.map(|answer| answer.status()), Some(StatusCode::OK), "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_get_whose_answer_was_lost_is_asked_of_another_node() {
    for kind in Kind::ALL {
        let stage = Stage::start(kind).await;
        stage.nodes[0].behave(Manner::HangsUp);
        for _ in 0..REQUESTS {
            assert_eq!(stage.get("/v4/inbox").await.status(), 200, "{kind:?}");
        }
        assert!(!stage.nodes[0].heard().is_empty(), "{kind:?}: the node that hangs up was never asked");
    }
}

#[tokio::test]
async fn a_post_that_reached_a_node_is_never_sent_to_another() {
    for kind in Kind::ALL {
        let stage = Stage::start(kind).await;
        stage.nodes[0].behave(Manner::HangsUp);
        let mut lost = 0;
        for answer in stage.posts().await {
            match answer {
                Some(answer) if answer.status() == StatusCode::OK => {}
                Some(answer) => {
                    lost += 1;
                    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY, "{kind:?}");
                    let body = answer.text().await.expect("a body");
                    assert!(body.contains(r#""error_code":"server_error""#), "{kind:?}: {body}");
                }
                // As Nashi itself says that an outcome is not known.
                None => {
                    lost += 1;
                    assert_eq!(kind, Kind::Haproxy);
                }
            }
        }
        assert_eq!(lost, stage.nodes[0].heard().len(), "{kind:?}");
        assert!(lost > 0, "{kind:?}: the node that hangs up was never asked");
    }
}

#[tokio::test]
async fn a_get_refused_by_one_node_is_answered_by_another() {
    for kind in Kind::ALL {
        let stage = Stage::start(kind).await;
        stage.nodes[0].behave(Manner::Refuses);
        for _ in 0..REQUESTS {
            assert_eq!(stage.get("/v4/inbox").await.status(), 200, "{kind:?}");
        }
        assert!(!stage.nodes[0].heard().is_empty(), "{kind:?}: the node that refuses was never asked");
    }
}

#[tokio::test]
async fn a_refused_post_is_its_clients_to_repeat() {
    for kind in Kind::ALL {
        let stage = Stage::start(kind).await;
        stage.nodes[0].behave(Manner::Refuses);
        let mut refused = 0;
        for answer in stage.posts().await {
            let answer = answer.expect("an answer");
            if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
                refused += 1;
                is_nashis_refusal(kind, answer).await;
            } else {
                assert_eq!(answer.status(), 200, "{kind:?}");
            }
        }
        assert_eq!(refused, stage.nodes[0].heard().len(), "{kind:?}");
        assert!(refused > 0, "{kind:?}: the node that refuses was never asked");
    }
}

#[tokio::test]
async fn when_every_node_refuses_their_own_words_arrive() {
    for kind in Kind::ALL {
        let stage = Stage::start(kind).await;
        for node in &stage.nodes {
            node.behave(Manner::Refuses);
        }
        for _ in 0..REQUESTS {
            is_nashis_refusal(kind, stage.get("/v4/inbox").await).await;
        }
        for answer in stage.posts().await {
            is_nashis_refusal(kind, answer.expect("an answer")).await;
        }
    }
}

async fn is_nashis_refusal(kind: Kind, answer: Response) {
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{kind:?}");
    assert_eq!(answer.headers().get("retry-after").map(|value| value.as_bytes()), Some(node::RETRY_AFTER.as_bytes()), "{kind:?}");
    assert_eq!(answer.text().await.expect("a body"), node::REFUSAL, "{kind:?}");
}

#[tokio::test]
async fn each_event_of_a_stream_arrives_at_once() {
    for kind in Kind::ALL {
        for path in ["/v4/live", "/api/v4/live?after=7", node::UNBUFFERED] {
            let stage = Stage::start(kind).await;
            let mut answer = stage.get(path).await;
            assert_eq!(answer.headers().get("content-type").map(|value| value.as_bytes()), Some(&b"text/event-stream"[..]));
            // The next event is sent only once the one before it was read.
            for number in 0..3 {
                let event = format!("id: {number}\ndata: fox\n\n");
                stage.events.send(event.clone()).await.expect("a node streams");
                let mut read = Vec::new();
                while read.len() < event.len() {
                    let chunk = tokio::time::timeout(PATIENCE, answer.chunk()).await;
                    let chunk = chunk.unwrap_or_else(|_| panic!("{kind:?} keeps event {number} of {path} back"));
                    read.extend_from_slice(&chunk.expect("a chunk").expect("the stream goes on"));
                }
                assert_eq!(String::from_utf8_lossy(&read), event);
            }
        }
    }
}

#[tokio::test]
async fn a_websocket_passes_in_both_directions() {
    for kind in Kind::ALL {
        let stage = Stage::start(kind).await;
        let mut socket = stage.connect().await;
        let upgrade = "GET /bind HTTP/1.1\r\nHost: hub.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
        let upgrade = format!("{upgrade}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n\r\n", node::KEY);
        socket.write_all(upgrade.as_bytes()).await.expect("sent");
        let head = read_until(&mut socket, b"\r\n\r\n").await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{kind:?}: {head}");
        assert!(head.to_lowercase().contains("upgrade: websocket"), "{kind:?}: {head}");
        // The node speaks first, then repeats what it hears.
        assert_eq!(read_until(&mut socket, node::GREETING.as_bytes()).await, node::GREETING, "{kind:?}");
        for word in ["one fox.", "two foxes."] {
            socket.write_all(word.as_bytes()).await.expect("sent");
            assert_eq!(read_until(&mut socket, b".").await, word, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_body_may_be_as_large_as_a_node_takes() {
    let largest = gateway::config::Settings::defaults().expect("the defaults can be used").http.body_bytes_max;
    for kind in Kind::ALL {
        let stage = Stage::start(kind).await;
        assert_eq!(stage.post("x".repeat(largest)).await.expect("an answer").status(), 200, "{kind:?}");
        let heard: Vec<usize> = stage.nodes.iter().flat_map(Node::heard).map(|heard| heard.body.len()).collect();
        assert_eq!(heard, [largest], "{kind:?}");
        // Refused by its announcement; the body need not be sent.
        let mut socket = stage.connect().await;
        let head = format!("POST /v4/tasks HTTP/1.1\r\nHost: hub.example.com\r\nContent-Length: {}\r\n\r\n", largest + 1);
        socket.write_all(head.as_bytes()).await.expect("sent");
        let answer = read_until(&mut socket, b"}").await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{kind:?}: {answer}");
        assert!(answer.contains(r#""error_code":"too_large_request_length""#), "{kind:?}: {answer}");
    }
}

#[tokio::test]
async fn a_file_may_be_larger_than_other_bodies() {
    let settings = gateway::config::Settings::defaults().expect("the defaults can be used");
    let larger = settings.http.body_bytes_max * 2;
    for kind in Kind::ALL {
        let stage = Stage::start(kind).await;
        for path in ["/v4/files/upload", "/api/v4/files/upload", "/files/upload", "/files/v4/files/upload", "/services/upload"] {
            assert_eq!(stage.post_to(path, "x".repeat(larger)).await.expect("an answer").status(), 200, "{kind:?} {path}");
            // Refused by its announcement.
            let mut socket = stage.connect().await;
            let length = settings.files.size_max + 64 * 1024 + 1;
            let head = format!("POST {path} HTTP/1.1\r\nHost: hub.example.com\r\nContent-Length: {length}\r\n\r\n");
            socket.write_all(head.as_bytes()).await.expect("sent");
            let answer = read_until(&mut socket, b"}").await;
            assert!(answer.starts_with("HTTP/1.1 413 "), "{kind:?} {path}: {answer}");
            assert!(answer.contains(r#""error_code":"too_large_request_length""#), "{kind:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn haproxy_leaves_out_a_node_whose_readyz_is_red() {
    let stage = Stage::start(Kind::Haproxy).await;
    let node = &stage.nodes[0];
    // Until a round of requests, and no single one of them an error, is (or is not) heard by the node.
    let until_asked = async |wanted: bool| {
        loop {
            let before = node.heard().len();
            for _ in 0..REQUESTS {
                assert_eq!(stage.get("/v4/inbox").await.status(), 200);
            }
            if (node.heard().len() > before) == wanted {
                return;
            }
            // No request is needed for its opinion to change: that comes with the next look at /readyz.
            node.looked_at().await;
        }
    };
    let wait = async |wanted| tokio::time::timeout(PATIENCE, until_asked(wanted)).await;
    wait(true).await.expect("a healthy node is asked");
    node.ready(false);
    wait(false).await.expect("a node whose /readyz is red is left out");
    node.ready(true);
    wait(true).await.expect("a node that has recovered is asked again");
}

/// What arrives, until it ends with `end`.
async fn read_until(socket: &mut TcpStream, end: &[u8]) -> String {
    let mut read = Vec::new();
    let reading = async {
        while !read.ends_with(end) {
            let byte = socket.read_u8().await;
            read.push(byte.unwrap_or_else(|failure| panic!("{failure} after {}", String::from_utf8_lossy(&read))));
        }
    };
    if tokio::time::timeout(PATIENCE, reading).await.is_err() {
        panic!("nothing more came after {:?}", String::from_utf8_lossy(&read));
    }
    String::from_utf8(read).expect("text")
}
