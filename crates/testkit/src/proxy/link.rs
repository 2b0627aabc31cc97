//! One connection through the proxy.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fastrand::Rng;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;

use super::{Controls, Faults};

/// Bytes that are forwarded at a time.
const PIECE: usize = 8 * 1024;
/// With a rate, a piece is what may pass in a second divided by this.
const PIECES_PER_S: u64 = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    ToServer,
    ToClient,
}

/// How one direction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Whoever writes has nothing more to say, which was passed on.
    Finished,
    /// It broke at one of the ends.
    Broken,
    /// We cut it.
    Cut,
}

pub(super) struct Link {
    controls: Arc<Controls>,
    faults: watch::Receiver<Faults>,
    drawn: Drawn,
}

/// What was drawn for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Drawn {
    cut_to_server: Option<u64>,
    cut_to_client: Option<u64>,
    /// A cut looks like a reset; otherwise like a close.
    reset: bool,
    /// For what each direction draws on its way.
    seeds: (u64, u64),
}

impl Drawn {
    fn new(seed: u64, number: u64, cut_after: Option<Range<u64>>) -> Self {
        let mut rng = Rng::with_seed(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let seeds = (rng.u64(..), rng.u64(..));
        let cut = cut_after.map(|range| rng.u64(range));
        let (cut_to_server, cut_to_client) = if rng.bool() { (cut, None) } else { (None, cut) };
        Self { cut_to_server, cut_to_client, reset: rng.bool(), seeds }
    }
}

impl Link {
    pub(super) fn new(controls: Arc<Controls>, number: u64) -> Self {
        let faults = controls.faults.subscribe();
        let drawn = Drawn::new(controls.seed, number, faults.borrow().cut_after.clone());
        Self { controls, faults, drawn }
    }

    pub(super) async fn run(self, client: TcpStream) {
        let mut cut = self.controls.cut.subscribe();
        let (drawn, target) = (self.drawn, self.controls.target());
        let mut faults = self.faults.clone();
        let server = async {
            // Somebody who is half open has not even got as far as the server.
            let _ = faults.wait_for(|faults| !faults.deaf_to_client).await;
            TcpStream::connect(target).await
        };
        let server = tokio::select! {
            server = server => server,
            _ = cut.changed() => return self.count(),
        };
        let Ok(server) = server else { return };
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let mut up = Pipe::new(Direction::ToServer, &self.faults, drawn.seeds.0, drawn.cut_to_server);
        let mut down = Pipe::new(Direction::ToClient, &self.faults, drawn.seeds.1, drawn.cut_to_client);
        // Kept beside the pipes, so that how it ends can be chosen.
        let mut ends = [from_client, from_server];
        let [from_client, from_server] = &mut ends;
        let (mut to_server, mut to_client) = (to_server, to_client);
        let was_cut = {
            let up = up.run(from_client, &mut to_server);
            let down = down.run(from_server, &mut to_client);
            tokio::pin!(up, down);
            let (mut up_done, mut down_done) = (false, false);
            loop {
                let end = tokio::select! {
                    end = &mut up, if !up_done => { up_done = true; end }
                    end = &mut down, if !down_done => { down_done = true; end }
                    _ = cut.changed() => End::Cut,
                };
                match end {
                    End::Cut => break true,
                    End::Broken => break false,
                    End::Finished if up_done && down_done => break false,
                    End::Finished => {}
                }
            }
        };
        if was_cut {
            self.count();
            if drawn.reset {
                ends.iter().for_each(|end| drop(end.as_ref().set_zero_linger()));
                // Dropped, they would say goodbye properly first.
                to_server.forget();
                to_client.forget();
            }
        }
    }

    fn count(&self) {
        self.controls.cuts.fetch_add(1, Ordering::Relaxed);
    }
}

/// One direction of a connection.
struct Pipe {
    direction: Direction,
    faults: watch::Receiver<Faults>,
    rng: Rng,
    /// Bytes until it is cut.
    left: Option<u64>,
}

impl Pipe {
    fn new(direction: Direction, faults: &watch::Receiver<Faults>, seed: u64, left: Option<u64>) -> Self {
        Self { direction, faults: faults.clone(), rng: Rng::with_seed(seed), left }
    }

    async fn run(&mut self, from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf) -> End {
        let mut piece = vec![0; PIECE];
        loop {
            if self.left == Some(0) {
                return End::Cut;
            }
            let most = self.most();
            // Looked at before and after: what arrives while nothing moves stays where it is.
            self.moving().await;
            let read = tokio::select! {
                read = from.read(&mut piece[..most]) => read,
                _ = self.faults.changed() => continue,
            };
            let Ok(read) = read else { return End::Broken };
            if let Some(pause) = self.pause(read) {
                tokio::time::sleep(pause).await;
            }
            self.moving().await;
            if read == 0 {
                return if to.shutdown().await.is_ok() { End::Finished } else { End::Broken };
            }
            if to.write_all(&piece[..read]).await.is_err() {
                return End::Broken;
            }
            self.left = self.left.map(|left| left.saturating_sub(read as u64));
        }
    }

    /// Waits until bytes may move.
    async fn moving(&mut self) {
        let direction = self.direction;
        let moves = |faults: &Faults| match direction {
            Direction::ToServer => !faults.deaf_to_client,
            Direction::ToClient => !faults.deaf_to_server,
        };
        // The sender is gone with the proxy, and so is this.
        let _ = self.faults.wait_for(moves).await;
    }

    /// Bytes of the next piece at most.
    fn most(&self) -> usize {
        let rate = self.faults.borrow().rate.map_or(u64::MAX, |rate| (rate / PIECES_PER_S).max(1));
        let most = rate.min(self.left.unwrap_or(u64::MAX));
        usize::try_from(most).unwrap_or(PIECE).clamp(1, PIECE)
    }

    /// How long a piece of so many bytes is held up.
    fn pause(&mut self, bytes: usize) -> Option<Duration> {
        let faults = self.faults.borrow();
        let delay = faults.delay.as_ref().map(|range| {
            let (least, most) = (range.start.as_micros() as u64, range.end.as_micros() as u64);
            Duration::from_micros(self.rng.u64(least..most.max(least + 1)))
        });
        let paced = faults.rate.map(|rate| Duration::from_secs_f64(bytes as f64 / rate.max(1) as f64));
        match (delay, paced) {
            (None, None) => None,
            (delay, paced) => Some(delay.unwrap_or_default() + paced.unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_follows_from_seed_and_number() {
        let draw = |seed, number| Drawn::new(seed, number, Some(100..200));
        assert_eq!(draw(1, 7), draw(1, 7));
        assert_ne!(draw(1, 7), draw(2, 7));
        assert_ne!(draw(1, 7), draw(1, 8));
        let all: Vec<Drawn> = (0..1_000).map(|number| draw(9, number)).collect();
        let share = |of: fn(&Drawn) -> bool| all.iter().filter(|drawn| of(drawn)).count();
        assert!((400..600).contains(&share(|drawn| drawn.reset)));
        assert!((400..600).contains(&share(|drawn| drawn.cut_to_client.is_some())));
        let cuts = all.iter().filter_map(|drawn| drawn.cut_to_client.or(drawn.cut_to_server));
        assert_eq!(cuts.filter(|at| (100..200).contains(at)).count(), all.len());
        let quiet = Drawn::new(1, 7, None);
        assert_eq!((quiet.cut_to_client, quiet.cut_to_server), (None, None));
    }
}
