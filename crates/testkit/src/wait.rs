//! Waiting with a deadline.

use std::time::{Duration, Instant};

use anyhow::bail;

/// How often a condition is looked at.
const STEP: Duration = Duration::from_millis(20);

/// Asks `ready` until it says yes, blocking the thread between two looks.
///
/// # Errors
/// When `deadline` passes first; the message names `what`.
pub fn until_blocking(what: &str, deadline: Duration, mut ready: impl FnMut() -> bool) -> anyhow::Result<()> {
    let start = Instant::now();
    while !ready() {
        if start.elapsed() > deadline {
            bail!("{what}: not within {deadline:?}");
        }
        std::thread::sleep(STEP);
    }
    Ok(())
}

/// Asks `look` until it gives a value; answers it and how long that took.
///
/// # Errors
/// When `deadline` passes first (the message names `what`), or `look` fails.
pub async fn until<T>(
    what: &str,
    deadline: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<(T, Duration)> {
    let start = Instant::now();
    loop {
        if let Some(value) = look().await? {
            return Ok((value, start.elapsed()));
        }
        if start.elapsed() > deadline {
            bail!("{what}: not within {deadline:?}");
        }
        tokio::time::sleep(STEP).await;
    }
}
