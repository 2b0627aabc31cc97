//! Against real servers on loopback, which the policy of these tests allows.

#![expect(clippy::unwrap_used, reason = "a server of a test that cannot go on")]

use bytes::Bytes;
use http::{HeaderMap, Method};
use std::net::SocketAddr;
use std::time::Duration;
use switchboard_outbound::{Client, Failure, Policy, Request, Target};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Answers one request after the other with these bytes, and tells what it was asked.
async fn server(answer: Vec<u8>) -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (told, asked) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let read = stream.read(&mut head).await.unwrap();
            let _ = told.send(String::from_utf8_lossy(&head[..read]).into_owned());
            // The other end may have had enough.
            let _ = stream.write_all(&answer).await;
        }
    });
    (address, asked)
}

fn inside() -> Client {
    let allow = vec!["127.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
    Client::new(Policy { http: true, allow }, &[]).unwrap()
}

fn post(body: &str) -> Request {
    let body = Bytes::copy_from_slice(body.as_bytes());
    Request { method: Method::POST, headers: HeaderMap::new(), body, within: Duration::from_secs(5) }
}

fn target(text: &str) -> Target {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_request_is_sent_and_answered() {
    let (address, mut asked) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec()).await;
    let answer = inside().send(&target(&format!("http://{address}/hook?a=b")), post("{}")).await.unwrap();
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, &b"ok"[..]));
    let said = asked.recv().await.unwrap();
    assert!(said.starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{said}");
    assert!(said.contains(&format!("host: {address}")) && said.contains("content-length: 2"), "{said}");
}

#[tokio::test]
async fn a_closed_network_is_never_connected_to() {
    let (address, mut asked) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    let outside = Client::new(Policy { http: true, allow: vec![] }, &[]).unwrap();
    let port = address.port();
    for host in
        ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0.0.0.0", "169.254.169.254"]
    {
        let failure = outside.send(&target(&format!("http://{host}:{port}/")), post("{}")).await.unwrap_err();
        assert!(matches!(failure, Failure::Closed(_) | Failure::Name(_)), "{host}: {failure}");
    }
    let plain = Client::new(Policy::default(), &[]).unwrap();
    let failure = plain.send(&target(&format!("http://127.0.0.1:{port}/")), post("{}")).await.unwrap_err();
    assert_eq!(failure, Failure::Plain);
    assert!(asked.try_recv().is_err(), "nobody was connected to");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_a_way() {
    let redirect =
        b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 0\r\n\r\n";
    let (address, mut asked) = server(redirect.to_vec()).await;
    let answer = inside().send(&target(&format!("http://{address}/")), post("{}")).await.unwrap();
    assert_eq!(answer.status.as_u16(), 302);
    assert!(asked.recv().await.is_some() && asked.try_recv().is_err(), "it is asked once");
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut() {
    let mut long = b"HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n".to_vec();
    long.resize(10_000_000, b'x');
    let (address, _asked) = server(long).await;
    let failure = inside().send(&target(&format!("http://{address}/")), post("{}")).await.unwrap_err();
    assert!(matches!(failure, Failure::TooLong(_)), "{failure}");
}

#[tokio::test]
async fn whoever_is_slow_or_speaks_nonsense_has_no_answer() {
    let (address, _asked) = server(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()).await;
    let failure = inside().send(&target(&format!("http://{address}/")), post("{}")).await.unwrap_err();
    assert!(matches!(failure, Failure::Broken(_)), "{failure}");

    let (address, _asked) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab".to_vec()).await;
    let failure = inside().send(&target(&format!("http://{address}/")), post("{}")).await.unwrap_err();
    assert!(matches!(failure, Failure::Broken(_)), "{failure}");

    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hasty = Request { within: Duration::from_millis(200), ..post("{}") };
    let silent_at = target(&format!("http://{}/", silent.local_addr().unwrap()));
    assert_eq!(inside().send(&silent_at, hasty).await.unwrap_err(), Failure::Late);

    let (address, _asked) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    let failure = inside().send(&target(&format!("https://{address}/")), post("{}")).await.unwrap_err();
    assert!(matches!(failure, Failure::Connect(_)), "TLS is spoken: {failure}");
}

#[tokio::test]
async fn an_answer_is_given_as_it_comes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = target(&format!("http://{}/", listener.local_addr().unwrap()));
    let (go, mut gone) = tokio::sync::mpsc::channel::<()>(1);
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\none").await.unwrap();
        gone.recv().await;
        stream.write_all(b"two").await.unwrap();
        // The rest never comes.
        gone.recv().await;
    });
    let within = Duration::from_secs(1);
    let mut opened = inside().open(&address, Request { within, ..post("{}") }, 100).await.unwrap();
    assert_eq!(opened.next().await.unwrap().unwrap(), "one");
    go.send(()).await.unwrap();
    assert_eq!(opened.next().await.unwrap().unwrap(), "two");
    assert_eq!(opened.next().await.unwrap_err(), Failure::Late);
}
