//! nats-server's own WebSocket listener.

use std::net::{Ipv4Addr, SocketAddr};

use switchboard_testkit::{NatsServer, Port};

use crate::place::on_tested_core;

/// What every client shows.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A nats-server whose clients come over WebSocket.
#[derive(Debug)]
pub struct NatsWs {
    server: NatsServer,
    listener: Port,
}

impl NatsWs {
    /// Starts one on the tested core. It asks for a token and pings every 20 s, as we do.
    ///
    /// # Errors
    /// When it is not installed or does not come up.
    pub fn start() -> anyhow::Result<Self> {
        let listener = Port::reserve()?;
        let configuration = format!(
            "authorization {{ token: \"{TOKEN}\" }}\n\
             ping_interval: \"20s\"\n\
             websocket {{ host: \"127.0.0.1\", port: {}, no_tls: true }}\n",
            listener.number()
        );
        let server = on_tested_core(|| NatsServer::start_with(&configuration))?;
        Ok(Self { server, listener })
    }

    /// Where it listens for WebSockets.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.listener.number()))
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }
}
