//! The bare pipeline: the least program on a message's path, and so the floor that ours is held against.
//!
//! It parses the JSON, numbers the message in memory, inserts whatever waits with one statement, commits durably,
//! acknowledges, and delivers to the other side. It knows neither accounts nor rules, owners, repeats or retries. Its
//! frames are ours, so that the load costs the same. One process, or an edge and a writer over NATS.

mod edge;
pub mod page;
mod reader;
mod row;
mod store;
mod writer;

use std::net::SocketAddr;

use anyhow::Context;
use clap::Subcommand;

use store::Store;
pub use store::{SQLITE_INSERT, insert, schema, sqlite};

/// Messages in one commit, as in ours.
pub const BATCH: usize = 512;
/// Messages that may wait for the writer.
const WAITING: usize = 65_536;

/// The parts of the bare pipeline.
#[derive(Debug, Clone, Subcommand)]
pub enum Part {
    /// Everything in one process.
    Serve {
        /// Address and port.
        #[arg(long)]
        listen: SocketAddr,
        /// `mysql://…` or `sqlite:PATH`.
        #[arg(long)]
        store: String,
    },
    /// The sockets, with the writer behind NATS.
    Edge {
        /// Address and port.
        #[arg(long)]
        listen: SocketAddr,
        /// `nats://…`.
        #[arg(long)]
        nats: String,
    },
    /// The writer behind NATS.
    Writer {
        /// `mysql://…` or `sqlite:PATH`.
        #[arg(long)]
        store: String,
        /// `nats://…`.
        #[arg(long)]
        nats: String,
    },
    /// Pages of our own tables over HTTP.
    Reader {
        /// Address and port.
        #[arg(long)]
        listen: SocketAddr,
        /// `mysql://…`: a database of ours.
        #[arg(long)]
        store: String,
    },
}

/// Runs a part until it is killed. It says `ready` when it is.
///
/// # Errors
/// When it cannot listen, or loses database or bus.
pub fn run(part: Part) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async move {
        match part {
            Part::Serve { listen, store } => {
                let (edge, rows) = edge::start(listen).await?;
                let store = Store::open(&store).await?;
                println!("ready");
                writer::in_process(&edge, rows, store).await
            }
            Part::Edge { listen, nats } => {
                let (edge, rows) = edge::start(listen).await?;
                let nats = async_nats::connect(&nats).await.context("NATS")?;
                writer::forward(&edge, rows, &nats).await
            }
            Part::Writer { store, nats } => {
                let nats = async_nats::connect(&nats).await.context("NATS")?;
                let store = Store::open(&store).await?;
                writer::behind_nats(store, &nats).await
            }
            Part::Reader { listen, store } => reader::serve(listen, &store).await,
        }
    })
}
