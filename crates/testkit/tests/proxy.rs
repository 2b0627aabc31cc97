//! The proxy forwards faithfully, and misbehaves exactly as it is told to.

use std::time::{Duration, Instant};

use anyhow::ensure;
use switchboard_testkit::{Faults, Proxy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(5);
/// Long enough for anything that moves to have arrived.
const QUIET: Duration = Duration::from_millis(300);

/// A server that sends back whatever comes, and says goodbye when its client does.
async fn echo() -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                let _ = tokio::io::copy(&mut from, &mut to).await;
                let _ = to.shutdown().await;
            });
        }
    });
    Ok(address)
}

async fn pair(seed: u64) -> anyhow::Result<Proxy> {
    Proxy::start(&echo().await?, seed).await
}

async fn said(stream: &mut TcpStream, what: &[u8]) -> anyhow::Result<()> {
    stream.write_all(what).await?;
    let mut back = vec![0; what.len()];
    timeout(SOON, stream.read_exact(&mut back)).await??;
    ensure!(back == what, "something else came back");
    Ok(())
}

/// Sends until the connection is cut; answers how many bytes came back whole.
async fn until_cut(proxy: &Proxy) -> anyhow::Result<usize> {
    let stream = TcpStream::connect(proxy.address()).await?;
    let (mut from, mut to) = stream.into_split();
    let writing = tokio::spawn(async move { while to.write_all(&[7; 1_000]).await.is_ok() {} });
    let (mut got, mut piece) = (0, vec![0; 4_096]);
    while let Ok(Ok(read)) = timeout(SOON, from.read(&mut piece)).await {
        if read == 0 {
            break;
        }
        got += read;
    }
    timeout(SOON, writing).await??;
    Ok(got)
}

#[tokio::test]
async fn it_forwards_everything_and_the_goodbyes() -> anyhow::Result<()> {
    let proxy = pair(1).await?;
    let mut stream = TcpStream::connect(proxy.address()).await?;
    let text: Vec<u8> = (0..1_000_000_u32).map(|n| n.to_le_bytes()[n as usize % 3]).collect();
    let (mut from, mut to) = stream.split();
    let mut back = Vec::new();
    let (sent, got) = tokio::join!(
        async {
            to.write_all(&text).await?;
            to.shutdown().await
        },
        timeout(SOON, from.read_to_end(&mut back)),
    );
    sent?;
    got??;
    ensure!(back == text, "{} of {} bytes came back", back.len(), text.len());
    ensure!((proxy.opened(), proxy.cuts()) == (1, 0));
    Ok(())
}

#[tokio::test]
async fn it_cuts_within_the_range() -> anyhow::Result<()> {
    let proxy = pair(3).await?;
    proxy.set(Faults::cutting(10_000..20_000));
    let mut ends = Vec::new();
    for _ in 0..40 {
        ends.push(until_cut(&proxy).await?);
    }
    ensure!(proxy.cuts() == 40, "{} cuts", proxy.cuts());
    // Fewer may arrive than were let through, when a reset overtakes them; never more.
    ensure!(ends.iter().all(|got| *got < 20_000), "{ends:?}");
    ensure!(ends.iter().any(|got| (10_000..20_000).contains(got)), "{ends:?}");
    Ok(())
}

#[tokio::test]
async fn half_open_moves_nothing_until_it_is_healed() -> anyhow::Result<()> {
    let proxy = pair(1).await?;
    let mut old = TcpStream::connect(proxy.address()).await?;
    said(&mut old, b"before").await?;
    proxy.set(Faults::half_open());
    let mut new = TcpStream::connect(proxy.address()).await?;
    for stream in [&mut old, &mut new] {
        stream.write_all(b"meanwhile").await?;
        let mut back = [0; 9];
        ensure!(timeout(QUIET, stream.read_exact(&mut back)).await.is_err(), "it moved");
    }
    proxy.heal();
    for stream in [&mut old, &mut new] {
        let mut back = [0; 9];
        timeout(SOON, stream.read_exact(&mut back)).await??;
        ensure!(&back == b"meanwhile");
    }
    Ok(())
}

#[tokio::test]
async fn one_direction_hangs_alone() -> anyhow::Result<()> {
    let proxy = pair(1).await?;
    let mut stream = TcpStream::connect(proxy.address()).await?;
    said(&mut stream, b"before").await?;
    stream.write_all(b"under way").await?;
    let mut back = [0; 9];
    timeout(SOON, stream.read_exact(&mut back)).await??;
    proxy.set(Faults { deaf_to_server: true, ..Faults::default() });
    stream.write_all(b"echoed to nobody").await?;
    ensure!(timeout(QUIET, stream.read_u8()).await.is_err(), "it came back");
    proxy.set(Faults { deaf_to_client: true, ..Faults::default() });
    let mut back = [0; 16];
    timeout(SOON, stream.read_exact(&mut back)).await??;
    stream.write_all(b"x").await?;
    ensure!(timeout(QUIET, stream.read_u8()).await.is_err(), "it came back");
    Ok(())
}

#[tokio::test]
async fn refused_and_healed() -> anyhow::Result<()> {
    let proxy = pair(1).await?;
    let mut open = TcpStream::connect(proxy.address()).await?;
    said(&mut open, b"before").await?;
    proxy.set(Faults::refusing());
    let refused = async {
        loop {
            match TcpStream::connect(proxy.address()).await {
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => return,
                // Whoever stood in line when the listener went.
                _ => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    timeout(SOON, refused).await?;
    said(&mut open, b"still open").await?;
    proxy.cut_all();
    ensure!(timeout(SOON, open.read_u8()).await?.is_err(), "it goes on");
    proxy.heal();
    let again = async {
        loop {
            if let Ok(stream) = TcpStream::connect(proxy.address()).await {
                return stream;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    said(&mut timeout(SOON, again).await?, b"after").await?;
    ensure!(proxy.cuts() >= 1, "nothing was cut");
    Ok(())
}

#[tokio::test]
async fn it_holds_up_and_throttles() -> anyhow::Result<()> {
    let proxy = pair(1).await?;
    let mut stream = TcpStream::connect(proxy.address()).await?;
    let start = Instant::now();
    said(&mut stream, b"fast").await?;
    let fast = start.elapsed();
    let held = Duration::from_millis(100)..Duration::from_millis(150);
    proxy.set(Faults { delay: Some(held), ..Faults::default() });
    let start = Instant::now();
    said(&mut stream, b"slow").await?;
    let slow = start.elapsed();
    ensure!(slow >= Duration::from_millis(200) && slow > fast, "{fast:?}, then {slow:?}");
    proxy.set(Faults { rate: Some(50_000), ..Faults::default() });
    let start = Instant::now();
    said(&mut stream, &[1; 25_000]).await?;
    let paced = start.elapsed();
    ensure!(paced >= Duration::from_millis(400), "25 kB at 50 kB/s in {paced:?}");
    Ok(())
}

#[tokio::test]
async fn its_connections_end_with_it() -> anyhow::Result<()> {
    let proxy = pair(1).await?;
    let mut stream = TcpStream::connect(proxy.address()).await?;
    said(&mut stream, b"before").await?;
    drop(proxy);
    ensure!(timeout(SOON, stream.read_u8()).await?.is_err(), "it goes on");
    Ok(())
}
