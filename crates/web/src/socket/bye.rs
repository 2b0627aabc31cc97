//! How a socket ends: a `bye` frame, then a close with the same code.

use super::channel::Frame;
use crate::limits::RESTART_SPREAD;
use std::time::Duration;
use switchboard_domain::Rng;
use switchboard_wire::view::FromServer;

/// Longest reason that fits into a close frame, in bytes (RFC 6455, 5.5, less the code).
const REASON_BYTES: usize = 123;

/// Why and how a socket is closed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bye {
    pub(crate) code: u16,
    pub(crate) reason: &'static str,
    pub(crate) retry_after: Option<Duration>,
}

impl Bye {
    const fn new(code: u16, reason: &'static str) -> Self {
        assert!(reason.len() <= REASON_BYTES, "the reason does not fit into a close frame");
        Self { code, reason, retry_after: None }
    }

    /// The node stops; its clients come back spread over [`RESTART_SPREAD`].
    pub(crate) fn restart(rng: &dyn Rng) -> Self {
        Self { retry_after: Some(jitter(rng, RESTART_SPREAD)), ..Self::new(1012, "restarting") }
    }

    /// Something is away; come back after between one and six seconds.
    pub(crate) fn try_later(rng: &dyn Rng) -> Self {
        let wait = Duration::from_secs(1) + jitter(rng, Duration::from_secs(5));
        Self { retry_after: Some(wait), ..Self::new(1013, "not available now; try again later") }
    }

    pub(crate) const TOO_LARGE: Self = Self::new(1009, "a frame has at most 64 KiB");
    pub(crate) const NOT_SIGNED_IN: Self = Self::new(4001, "not signed in");
    pub(crate) const REVOKED: Self = Self::new(4003, "the account or session was revoked");
    pub(crate) const CUT_OFF: Self = Self::new(4003, "this chat is closed to you");
    pub(crate) const TOO_SLOW: Self = Self::new(4008, "too slow in reading; connect again and resume");
    pub(crate) const BAD_FRAME: Self = Self::new(4400, "this frame cannot be read");
    pub(crate) const NO_HELLO: Self = Self::new(4400, "the first frame must be hello, within 10 seconds");
    pub(crate) const SILENT: Self = Self::new(1013, "nothing was heard for 45 seconds");

    /// The frame.
    pub(crate) fn frame(&self) -> Frame {
        let retry_after = self.retry_after.map(|wait| wait.as_secs_f64());
        encode(&FromServer::Bye { code: self.code, reason: self.reason.into(), retry_after })
    }

    /// Whether what still waits for the socket must not be sent any more.
    pub(crate) fn withholds(&self) -> bool {
        self.code == 4001 || self.code == 4003
    }
}

/// A random part of `spread`, to the millisecond.
pub(crate) fn jitter(rng: &dyn Rng, spread: Duration) -> Duration {
    let ms = u64::try_from(spread.as_millis()).unwrap_or(u64::MAX).max(1);
    let mut bytes = [0; 8];
    rng.fill(&mut bytes);
    Duration::from_millis(u64::from_le_bytes(bytes) % ms)
}

/// A frame as text.
pub(crate) fn encode(frame: &FromServer) -> Frame {
    let text = serde_json::to_string(frame).unwrap_or_else(|error| {
        tracing::error!(%error, "a frame cannot be written as JSON");
        "{}".into()
    });
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Dice(u8);
    impl Rng for Dice {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn clients_come_back_spread() {
        for dice in [0, 1, 128, 255] {
            let restart = Bye::restart(&Dice(dice)).retry_after.unwrap();
            assert!(restart < RESTART_SPREAD);
            let later = Bye::try_later(&Dice(dice)).retry_after.unwrap();
            assert!((1.0..6.0).contains(&later.as_secs_f64()), "{later:?}");
        }
    }

    #[test]
    fn a_bye_is_a_frame_of_the_contract() {
        let text = Bye::REVOKED.frame().to_string();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((json["type"].as_str(), json["code"].as_u64()), (Some("bye"), Some(4003)));
        assert!(json.get("retry_after").is_none());
    }
}
