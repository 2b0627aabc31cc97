//! Stopping in good order on SIGTERM and SIGINT.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes true when the process is to stop.
pub type Shutdown = watch::Receiver<bool>;

/// Listens for the signals. A second one ends the process at once.
pub fn on_signals() -> std::io::Result<Shutdown> {
    let mut term = signal(SignalKind::terminate())?;
    let mut int = signal(SignalKind::interrupt())?;
    let (send, receive) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        tracing::info!("stopping; once more to stop at once");
        let _ = send.send(true);
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        std::process::exit(130);
    });
    Ok(receive)
}

/// Waits until the process is to stop.
pub async fn requested(mut shutdown: Shutdown) {
    let _ = shutdown.wait_for(|stop| *stop).await;
}
