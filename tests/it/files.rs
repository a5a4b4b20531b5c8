//! Files over HTTP: they come in, are kept, and go out to who may have them. What is decided about them is tested in `domain`, how
//! bytes are kept beside the store.

use std::path::Path;
use std::time::Duration;

use gateway::files::clean::{Cleaned, clean};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, Form, Person, World, id};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const UPLOADS: [&str; 5] = ["/v4/files/upload", "/api/v4/files/upload", "/files/upload", "/files/v4/files/upload", "/services/upload"];
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
/// How long the directory may take to be empty again, once somebody has gone away.
const CLEARED_MAX: Duration = Duration::from_secs(10);

/// Every address under which a file is read.
fn downloads(id: i64) -> [String; 6] {
    [
        format!("/v4/files/download/{id}"),
        format!("/api/v4/files/download/{id}"),
        format!("/files/download/{id}"),
        format!("/files/v4/files/download/{id}"),
        format!("/services/attachment?Id={id}"),
        format!("/services/attachment?id={id}&ispreview=0"),
    ]
}

async fn head(client: &Client, path: &str, headers: &[(&str, &str)]) -> Answer {
    client.ask(Method::HEAD, path, headers, None).await
}

async fn get(client: &Client, path: &str, headers: &[(&str, &str)]) -> Answer {
    client.ask(Method::GET, path, headers, None).await
}

/// Files below a folder.
fn left_in(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.map(|path| if path.is_dir() { left_in(&path) } else { 1 }).sum()
}

async fn nothing_is_left(world: &World) {
    let folder = world.app.files_directory();
    let cleared = async {
        let mut look = tokio::time::interval(Duration::from_millis(5));
        while left_in(folder) > 0 {
            look.tick().await;
        }
    };
    tokio::time::timeout(CLEARED_MAX, cleared).await.expect("nothing stays of what was not taken");
}

/// A connection with the head of an upload of `length` bytes, and the first of them.
async fn begun(world: &World, person: &Person, length: usize, first: &[u8]) -> TcpStream {
    let address = person.client.base().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.expect("it listens");
    let (token, kind) = (person.client.token().expect("a token"), Form::default().content_type());
    let head = format!(
        "POST /v4/files/upload HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("it reads");
    stream.write_all(first).await.expect("it reads");
    // Until it is taken in: there is a temporary object.
    let incoming = world.app.files_directory().join("incoming");
    let coming = async {
        let mut look = tokio::time::interval(Duration::from_millis(5));
        while left_in(&incoming) == 0 {
            look.tick().await;
        }
    };
    tokio::time::timeout(CLEARED_MAX, coming).await.expect("it comes in");
    stream
}

#[actix_rt::test]
async fn a_file_goes_up_by_every_path_and_part_and_comes_back_by_every_address() {
    let world = World::new().await;
    let boris = &world.boris.client;
    for (number, path) in UPLOADS.into_iter().enumerate() {
        let content = format!("content {number}");
        let part =
            ["name=\"file\"; filename=\"a.txt\"", "name=\"a.txt\"; filename=\"a.txt\"", "filename=\"a.txt\"; name=\"x\""][number % 3];
        let form =
            Form::default().part(b"name=\"before\"", b"no file").part(part.as_bytes(), content.as_bytes()).part(b"name=\"after\"", b"");
        let uploaded = boris.send_file(path, &[], &form).await.ok();
        let shown = (&uploaded["name"], &uploaded["size"], &uploaded["media_type"]);
        assert_eq!(shown, (&json!("a.txt"), &json!(content.len()), &json!("text/plain")), "{path}");
        assert_eq!(uploaded["md5_hash"].as_str().map(str::len), Some(32));
        assert!(uploaded["guid"].as_str().is_some_and(|guid| guid.parse::<uuid::Uuid>().is_ok()), "{uploaded}");
        for address in downloads(id(&uploaded)) {
            let answer = boris.get(&address).await;
            assert_eq!((answer.status, answer.text()), (200, content.clone()), "{address}");
            assert_eq!(answer.header("Content-Disposition"), "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt");
            assert_eq!(answer.header("Content-Type"), "text/plain");
            assert!(answer.header("Cache-Control").starts_with("private"));
            answer.header("X-RateLimit-Remaining");
            answer.header("Nashi-Position");
        }
    }
    boris.get("/v4/files/upload").await.refused(405, "method_not_allowed");
    boris.post("/services/attachment?Id=1", json!({})).await.refused(405, "method_not_allowed");
    boris.get("/services/attachment").await.refused(400, "required_parameter_missing");
    boris.get("/v4/files/download/x").await.refused(400, "invalid_value_format");
    world.done().await;
}

#[actix_rt::test]
async fn hostile_names_become_harmless_or_are_refused() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let long = format!("name=\"file\"; filename=\"{}\"", "я".repeat(256));
    for (parameters, kept) in [
        ("name=\"f\"; filename=\"../../etc/passwd\"", "passwd"),
        ("name=\"f\"; filename=\"C:\\\\Users\\\\anna\\\\scan.png\"", "scan.png"),
        ("name=\"f\"; filename=\"Договор № 5.pdf\"", "Договор № 5.pdf"),
        ("name=\"f\"; filename*=UTF-8''%D0%90%D0%BA%D1%82.pdf", "Акт.pdf"),
        ("name=\"f\"; filename=\"akt.pdf\"; filename*=utf-8''%D0%90.pdf", "А.pdf"),
        ("name=\"f\"; filename=\"exe.\u{202e}gpj\"", "exe.gpj"),
        ("name=\"f\"; filename=\"say %22hello%22.txt\"", "say \"hello\".txt"),
        ("name=\"f\"; filename=\"..\"", "file"),
    ] {
        let answer = boris.send_file("/v4/files/upload", &[], &Form::default().part(parameters.as_bytes(), b"x")).await;
        let uploaded = answer.ok();
        assert_eq!(uploaded["name"], kept, "{parameters}");
        let disposition = get(boris, &downloads(id(&uploaded))[0], &[]).await.header("Content-Disposition").to_owned();
        assert!(disposition.starts_with("attachment; filename=\"") && disposition.is_ascii(), "{disposition}");
    }
    for (parameters, code) in [
        (long.as_bytes(), "max_file_name_length_exceeded"),
        (b"name=\"f\"; filename=\"\xd0.txt\"", "bad_multipart_content"),
        (b"name=\"f\"; filename*=UTF-8''%D0.txt", "bad_multipart_content"),
        (b"filename=\"a.txt\"", "bad_multipart_content"),
    ] {
        boris.send_file("/v4/files/upload", &[], &Form::default().part(parameters, b"y")).await.refused(400, code);
    }
    world.done().await;
}

#[actix_rt::test]
async fn what_is_no_file_is_refused_and_leaves_nothing() {
    let world = World::with(|settings| settings.files.size_max = 1_000).await;
    let boris = &world.boris.client;
    let (path, two) = ("/v4/files/upload", Form::of_a_file("a.txt", b"a").part(b"name=\"b\"; filename=\"b.txt\"", b"b"));
    let kind = Form::default().content_type();
    for (form, code) in [
        (Form::default(), "no_file_in_request"),
        (Form::default().part(b"name=\"a\"", b"text"), "no_file_in_request"),
        (Form::of_a_file("", b""), "no_file_in_request"),
        (Form::of_a_file("a.txt", b""), "empty_file"),
        (two, "bad_multipart_content"),
    ] {
        boris.send_file(path, &[], &form).await.refused(400, code);
    }
    let whole = Form::of_a_file("a.txt", b"content").body();
    for (kind, body) in [
        (&*kind, whole[..whole.len() - 10].to_vec()),
        (&*kind, b"no boundary at all".to_vec()),
        (&*kind, Vec::new()),
        ("multipart/form-data", whole.clone()),
        ("application/json", b"{}".to_vec()),
        (&*kind, [&whole[..26], b"X: ", &vec![b'x'; 66_000][..]].concat()),
    ] {
        boris.ask(Method::POST, path, &[("Content-Type", kind)], Some(body)).await.refused(400, "bad_multipart_content");
    }
    boris.send_file(path, &[], &Form::of_a_file("a.txt", &[7; 1_001])).await.refused(413, "too_large_request_length");
    // Far more than the connection holds: the answer is read by who is still sending.
    boris.send_file(path, &[], &Form::of_a_file("a.txt", &vec![7; 20_000_000])).await.refused(413, "too_large_request_length");
    let padded = Form::of_a_file("a.txt", b"a").part(b"name=\"b\"", &[7; 70_000]);
    boris.send_file(path, &[], &padded).await.refused(413, "too_large_request_length");
    boris.send_file(path, &[("Idempotency-Key", "a b")], &Form::of_a_file("a.txt", b"a")).await.refused(400, "invalid_value_format");
    nothing_is_left(&world).await;
    boris.upload("a.txt", &[7; 1_000]).await;
    assert_eq!(left_in(world.app.files_directory()), 1);
    world.done().await;
}

#[actix_rt::test]
async fn a_file_may_be_larger_than_other_bodies_and_in_many_pieces() {
    let world = World::new().await;
    let content: Vec<u8> = (0..=250_u8).cycle().take(12_345_678).collect();
    let uploaded = world.boris.client.upload("a.bin", &content).await;
    assert_eq!(uploaded["size"], content.len());
    let address = &downloads(id(&uploaded))[0];
    assert!(get(&world.boris.client, address, &[]).await.body == content);
    let part = get(&world.boris.client, address, &[("Range", "bytes=10000000-10000009")]).await;
    assert_eq!((part.status, &part.body[..]), (206, &content[10_000_000..10_000_010]));
    world.done().await;
}

#[actix_rt::test]
async fn an_upload_that_is_cut_leaves_nothing() {
    let world = World::new().await;
    let whole = Form::of_a_file("a.bin", &[7; 300_000]).body();
    let stream = begun(&world, &world.boris, whole.len(), &whole[..200_000]).await;
    drop(stream);
    nothing_is_left(&world).await;
    world.done().await;
}

#[actix_rt::test]
async fn who_sends_nothing_more_is_told_and_others_have_the_place() {
    let world = World::with(|settings| {
        settings.http.body_seconds = 1;
        settings.files.uploads_per_person = 1;
    })
    .await;
    let whole = Form::of_a_file("a.bin", &[7; 3_000]).body();
    let mut stream = begun(&world, &world.boris, whole.len(), &whole[..2_000]).await;
    let second = world.boris.client.send_file("/v4/files/upload", &[], &Form::of_a_file("b.txt", b"b")).await;
    second.refused(503, "service_unavailable").header("Retry-After");
    world.clara.client.upload("c.txt", b"c").await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it answers, and ends");
    assert!(answer.starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&answer));
    world.boris.client.upload("b.txt", b"b").await;
    assert_eq!(left_in(world.app.files_directory()), 2);
    world.done().await;
}

#[actix_rt::test]
async fn only_who_may_read_a_file_is_given_it() {
    let world = World::new().await;
    let guest = json!({ "first_name": "Greta", "email": "greta@example.com", "type": "guest" });
    let greta = id(&world.anna.client.post("/v4/members", guest).await.ok());
    let key = Person::issue_key(&world.anna.client, greta).await;
    let greta = world.app.client().sign_in("greta@example.com", &key).await;
    let nobody = world.app.client();
    let of_boris = id(&world.boris.client.upload("a.txt", b"of Boris").await);
    let of_greta = id(&greta.upload("b.txt", b"of Greta").await);
    assert_eq!(greta.get(&downloads(of_greta)[0]).await.text(), "of Greta");
    for path in UPLOADS {
        nobody.send_file(path, &[], &Form::of_a_file("a.txt", b"a")).await.refused(401, "token_not_specified");
    }
    for (number, address) in downloads(of_boris).iter().enumerate() {
        nobody.get(address).await.refused(401, "token_not_specified");
        for colleague in [&world.anna.client, &world.clara.client] {
            colleague.get(address).await.refused(403, "access_denied_file");
            assert_eq!(head(colleague, address, &[]).await.status, 403);
        }
        for who_knows_nothing_of_it in [&greta, &world.elsewhere.client] {
            who_knows_nothing_of_it.get(address).await.refused(404, "file_is_missing");
        }
        world.boris.client.get(&downloads(9_999)[number]).await.refused(404, "file_is_missing");
    }
    // Who had it is noted, once an hour.
    world.boris.client.get(&downloads(of_boris)[0]).await;
    world.boris.client.get(&downloads(of_boris)[4]).await;
    world.app.node().access_log.flush().await;
    let noted: Vec<(i64, i64)> = sqlx::query_as("SELECT person, subject FROM access_log WHERE kind = 2 ORDER BY id")
        .fetch_all(world.app.pool())
        .await
        .expect("the access log");
    assert_eq!(noted.len(), 2, "{noted:?}");
    assert_eq!(noted[1], (world.boris.id, of_boris));
    world.done().await;
}

#[actix_rt::test]
async fn a_repeated_upload_is_the_same_file() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let form = Form::of_a_file("a.txt", b"content");
    let key = [("Idempotency-Key", "one")];
    let first = boris.send_file("/v4/files/upload", &key, &form).await;
    let again = boris.send_file("/api/v4/files/upload", &key, &form.clone().part(b"name=\"x\"", b"y")).await;
    assert_eq!(first.ok(), again.ok());
    assert_eq!(again.header("Idempotency-Replayed"), "true");
    for other in [Form::of_a_file("a.txt", b"other"), Form::of_a_file("b.txt", b"content")] {
        boris.send_file("/v4/files/upload", &key, &other).await.refused(422, "idempotency_key_reused");
    }
    let without: Vec<Value> = vec![boris.upload("a.txt", b"content").await, boris.upload("a.txt", b"content").await];
    assert_ne!(without[0]["guid"], without[1]["guid"], "two files of one content");
    world.done().await;
}

#[actix_rt::test]
async fn parts_are_sent_and_what_the_client_has_is_not() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let address = &downloads(id(&boris.upload("a.txt", b"0123456789").await))[4];
    let whole = get(boris, address, &[]).await;
    assert_eq!((whole.status, &*whole.text(), whole.header("Accept-Ranges")), (200, "0123456789", "bytes"));
    let tag = whole.header("ETag").to_owned();
    assert!(tag.starts_with('"') && tag.len() == 66, "a strong one: {tag}");
    for (range, content, part) in
        [("bytes=0-3", "bytes 0-3/10", "0123"), ("bytes=7-", "bytes 7-9/10", "789"), ("bytes=-2", "bytes 8-9/10", "89")]
    {
        let answer = get(boris, address, &[("Range", range), ("If-Range", &tag)]).await;
        assert_eq!((answer.status, answer.header("Content-Range"), &*answer.text()), (206, content, part), "{range}");
        assert_eq!(answer.header("ETag"), tag);
    }
    for several in ["bytes=0-1,4-5", "lines=1-2"] {
        assert_eq!(get(boris, address, &[("Range", several)]).await.text(), "0123456789", "{several}");
    }
    assert_eq!(get(boris, address, &[("Range", "bytes=0-3"), ("If-Range", "\"other\"")]).await.status, 200);
    let beyond = get(boris, address, &[("Range", "bytes=10-")]).await;
    assert_eq!(beyond.refused(416, "range_not_satisfiable").header("Content-Range"), "bytes */10");
    for held in [&*tag, "*", &format!("\"x\", {tag}"), &format!("W/{tag}")] {
        let answer = get(boris, address, &[("If-None-Match", held)]).await;
        assert_eq!((answer.status, answer.body.len(), answer.header("ETag")), (304, 0, &*tag), "{held}");
    }
    assert_eq!(get(boris, address, &[("If-None-Match", "\"other\"")]).await.status, 200);
    let answer = head(boris, address, &[]).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    for name in
        ["Content-Length", "ETag", "Content-Type", "Content-Disposition", "Accept-Ranges", "Content-Security-Policy", "Cache-Control"]
    {
        assert_eq!(answer.header(name), whole.header(name), "{name}");
    }
    world.done().await;
}

#[actix_rt::test]
async fn nothing_that_a_browser_could_run_is_sent_as_what_it_is() {
    let world = World::new().await;
    let boris = &world.boris.client;
    for (name, content, kind, shown) in [
        ("a.html", &b"<script>alert(1)</script>"[..], "application/octet-stream", "attachment"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "application/octet-stream", "attachment"),
        ("a.xhtml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "application/octet-stream", "attachment"),
        ("a.js", b"alert(1)", "application/octet-stream", "attachment"),
        ("a.png", b"<script>alert(1)</script>", "application/octet-stream", "attachment"),
        ("a.pdf", b"%PDF-1.7", "application/pdf", "attachment"),
        ("a.png", PNG, "image/png", "inline"),
    ] {
        let uploaded = id(&boris.upload(name, content).await);
        let answer = get(boris, &format!("/services/attachment?Id={uploaded}&ispreview=1"), &[]).await;
        assert_eq!((answer.header("Content-Type"), answer.body.as_slice()), (kind, content), "{name}");
        assert!(answer.header("Content-Disposition").starts_with(shown), "{name}");
        assert_eq!(answer.header("X-Content-Type-Options"), "nosniff");
        assert_eq!(answer.header("Content-Security-Policy"), "sandbox; default-src 'none'");
        let saved = get(boris, &downloads(uploaded)[0], &[]).await;
        assert!(saved.header("Content-Disposition").starts_with("attachment"), "{name}");
    }
    world.done().await;
}

#[actix_rt::test]
async fn files_are_there_after_a_new_start() {
    let world = World::new().await;
    let uploaded = id(&world.boris.client.upload("a.txt", b"content").await);
    let world = world.restarted().await;
    assert_eq!(get(&world.boris.client, &downloads(uploaded)[0], &[]).await.text(), "content");
    world.done().await;
}

/// As if so many hours had passed.
async fn cleaned(world: &World, hours: i64) -> Cleaned {
    let now = world.app.journal().now() + SignedDuration::from_hours(hours);
    clean(world.app.node(), now, true).await.expect("it looks")
}

#[actix_rt::test]
async fn what_nobody_takes_goes_after_a_while_and_what_stands_somewhere_stays() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let alone = boris.upload("a.txt", b"alone").await;
    let twins = [boris.upload("b.txt", b"shared").await, world.elsewhere.client.upload("b.txt", b"shared").await];
    let attached = boris.upload("c.txt", b"attached").await;
    let task = boris.create(json!({ "text": "Look", "attachments": [attached["guid"]] })).await;
    let held = world.elsewhere.client.create(json!({ "text": "Look", "attachments": [twins[1]["guid"]] })).await;
    let picture = boris.upload("face.png", PNG).await;
    boris.post(&format!("/v4/members/{}/avatar", world.boris.id), json!({ "guid": picture["guid"] })).await.ok();
    let folder = world.app.files_directory();
    assert_eq!(cleaned(&world, 72).await, Cleaned::default(), "not yet");
    assert_eq!(left_in(folder), 4);
    assert_eq!(cleaned(&world, 74).await, Cleaned { uploads: 2, contents: 1, leftovers: 0 });
    assert_eq!(left_in(folder), 3, "the other organisation has the same content");
    for gone in [&alone, &twins[0]] {
        for address in downloads(id(gone)) {
            boris.get(&address).await.refused(410, "file_is_missing");
        }
        boris
            .post(&format!("/v4/tasks/{}/comments", id(&task)), json!({ "attachments": [gone["guid"]] }))
            .await
            .refused(400, "unrecognized_attachment_id");
    }
    world.anna.client.get(&downloads(id(&alone))[0]).await.refused(403, "access_denied_file");
    assert_eq!(boris.get(&downloads(id(&attached))[0]).await.text(), "attached");
    assert_eq!(world.elsewhere.client.get(&downloads(id(&twins[1]))[0]).await.text(), "shared");
    assert_eq!(world.clara.client.get(&format!("/avatar/{}", picture["id"])).await.status, 200);
    assert_eq!(cleaned(&world, 1_000).await, Cleaned::default(), "nothing more goes");
    assert_eq!(id(&held), id(&world.elsewhere.client.task(id(&held)).await));
    world.done().await;
}

#[actix_rt::test]
async fn what_nobody_recorded_goes_too() {
    let world = World::new().await;
    let boris = &world.boris.client;
    let key = [("Idempotency-Key", "one")];
    let kept = boris.send_file("/v4/files/upload", &key, &Form::of_a_file("a.txt", b"kept")).await.ok();
    boris.create(json!({ "text": "Look", "attachments": [kept["guid"]] })).await;
    boris.send_file("/v4/files/upload", &key, &Form::of_a_file("a.txt", b"refused")).await.refused(422, "idempotency_key_reused");
    let (folder, left) = (world.app.files_directory(), world.app.files_directory().join("incoming/of-a-node-that-was-killed"));
    std::fs::write(&left, b"half").expect("our folder");
    assert_eq!((cleaned(&world, 23).await, left_in(folder)), (Cleaned::default(), 3), "it may be under way");
    assert_eq!((cleaned(&world, 25).await, left_in(folder)), (Cleaned { uploads: 0, contents: 1, leftovers: 1 }, 1));
    world.done().await;
}

#[actix_rt::test]
async fn what_comes_again_while_it_goes_is_there() {
    let world = World::new().await;
    let boris = &world.boris.client;
    for round in 0..5 {
        let content = format!("round {round}");
        boris.upload("old.txt", content.as_bytes()).await;
        let again = async {
            let form = Form::of_a_file("new.txt", content.as_bytes());
            let answer = boris.send_file("/v4/files/upload", &[], &form).await;
            // By that clock what is coming in may be a leftover as well.
            (answer.status != 503).then(|| id(&answer.ok()))
        };
        let (again, _) = tokio::join!(again, cleaned(&world, 74));
        // And the second is as old as the first: it goes with it or stays, but is never there without its bytes.
        if let Some(again) = again {
            let answer = boris.get(&downloads(again)[0]).await;
            assert!(answer.text() == content || answer.status == 410, "{}", answer.text());
        }
    }
    world.done().await;
}
