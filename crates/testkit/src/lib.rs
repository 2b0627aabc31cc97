//! Real servers, temporary databases and clients for the tests of every room.
//!
//! Nothing here imitates anything: [`NatsServer`] is `nats-server`, [`MariaDb`] is `mariadbd`, [`System`] is the
//! `switchboard` program in one of its shapes, and the clients speak HTTP, WebSocket and NATS over loopback.
//! Whatever is started is killed when its handle is dropped, and a leash (see [`leash`]) kills it when the test
//! process dies without dropping anything.

pub mod cases;
pub mod client;
pub mod database;
pub mod fake_clock;
pub mod history;
pub mod http;
pub mod id;
pub mod leash;
pub mod mariadb;
pub mod nats;
pub mod plain_nats;
pub mod port;
pub mod process;
pub mod program;
pub mod proxy;
pub mod puppet;
pub mod receiver;
pub mod shape;
pub mod smtp;
pub mod socket;
pub mod staff;
pub mod system;
pub mod temp;
pub mod token;
pub mod visitor;
pub mod volume;
pub mod wait;

pub use cases::cases;
pub use client::Client;
pub use database::Database;
pub use fake_clock::FakeClock;
pub use history::Recorder;
pub use http::{Http, Reply};
pub use id::unique;
pub use mariadb::MariaDb;
pub use nats::NatsServer;
pub use plain_nats::PlainNats;
pub use port::Port;
pub use process::{Process, Signal};
pub use program::{Done, Program, switchboard_binary};
pub use proxy::{Faults, Proxy};
pub use receiver::{Received, Receiver};
pub use shape::Shape;
pub use socket::Socket;
pub use staff::Staff;
pub use system::System;
pub use temp::TempDir;
pub use visitor::Visitor;
pub use volume::{FileSystem, Volume};
