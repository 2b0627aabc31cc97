//! Free ports that two tests never share.

use std::fs::{File, OpenOptions};
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, bail};

use crate::id::random_below;

/// Below the kernel's ephemeral ports, so that no outgoing connection takes one between two starts of a server.
const FIRST: u16 = 18_000;
/// How many ports there are to choose from.
const COUNT: u16 = 12_000;
/// How many are tried before giving up.
const TRIES: u32 = 2_000;

/// A loopback port reserved for this handle: a lock file keeps other tests of this machine away from it, also
/// while its server is down between a kill and a restart.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _lock: File,
}

impl Port {
    /// Reserves a port on which nobody listens.
    ///
    /// # Errors
    /// When none of many tries was free, or the lock folder is not writable.
    pub fn reserve() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join("switchboard-test-ports");
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for _ in 0..TRIES {
            let number = FIRST + random_below(u64::from(COUNT)) as u16;
            let path = folder.join(number.to_string());
            let lock = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)
                .with_context(|| format!("cannot open {}", path.display()))?;
            if lock.try_lock().is_ok() && TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok() {
                return Ok(Self { number, _lock: lock });
            }
        }
        bail!("no free port between {FIRST} and {}", FIRST + COUNT)
    }

    /// The number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }
}
