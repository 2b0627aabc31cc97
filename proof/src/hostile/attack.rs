//! What an attack is, and what came of it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use switchboard_testkit::{Http, System, Visitor};
use tokio::task::JoinSet;

use super::raw::{Ending, Raw, source};
use super::{flood, frames, heads, slow};
use crate::plan::Scale;

/// Visitors whose tokens attackers use.
const VISITORS: usize = 50;
/// Attackers of one address: below what an address may have.
const PER_ADDRESS: usize = 50;

/// An attack under way.
pub(super) type Running = Pin<Box<dyn Future<Output = Tally>>>;

/// Something that hostile clients do.
#[derive(Clone, Copy)]
pub(super) struct Attack {
    /// What.
    pub(super) name: &'static str,
    /// The part of the scenario to which it belongs.
    pub(super) part: &'static str,
    /// Does it.
    pub(super) run: fn(Arc<Target>, Scale) -> Running,
}

/// `"name", part => function;`
macro_rules! attacks {
    ($($name:literal, $part:literal => $run:path;)*) => {
        /// All of them, in the order in which they are run.
        pub(super) const ALL: &[Attack] =
            &[$(Attack { name: $name, part: $part, run: |target, scale| Box::pin($run(target, scale)) }),*];
    };
}

attacks! {
    "a frame that declares 1 GiB", "frames" => frames::a_gibibyte;
    "fragments without an end", "frames" => frames::endless_fragments;
    "empty fragments without an end", "frames" => frames::empty_fragments;
    "text that is not UTF-8", "frames" => frames::bad_utf8;
    "JSON of 60,000 levels", "frames" => frames::deep_json;
    "JSON of 100,000 levels", "frames" => frames::deeper_json;
    "frames against the protocol", "frames" => frames::against_the_protocol;
    "a flood of pings", "floods" => flood::pings;
    "a flood of sends", "floods" => flood::sends;
    "a flood of sends by who does not read", "floods" => flood::sends_unread;
    "a flood of typing", "floods" => flood::typing;
    "a flood of requests", "floods" => flood::requests;
    "a flood of sign-ins", "floods" => flood::sign_ins;
    "heads of 64 KiB", "http" => heads::giant;
    "heads of 200 fields", "http" => heads::many_fields;
    "targets of 20 KiB", "http" => heads::long_target;
    "bodies of 1 MiB", "http" => heads::giant_body;
    "chunks without an end", "http" => heads::endless_chunks;
    "JSON of 30,000 levels in a body", "http" => heads::deep_body;
    "two requests in the shape of one", "http" => heads::smuggling;
    "random bytes", "http" => heads::random_bytes;
    "heads at a byte a second", "slow" => slow::heads;
    "bodies at a byte a second", "slow" => slow::bodies;
    "connections kept after a request", "slow" => slow::idle;
    "answers that nobody reads", "slow" => slow::unread;
    "connections of one address", "slow" => slow::one_address;
    "sockets that never say hello", "slow" => slow::no_hello;
}

/// Whom it is about.
#[derive(Debug)]
pub(super) struct Target {
    /// `127.0.0.1:PORT`.
    pub(super) address: String,
    visitors: Vec<(Visitor, String)>,
}

impl Target {
    /// The system, and visitors with a conversation each, whose tokens the attackers have.
    pub(super) async fn choose(system: &System) -> anyhow::Result<Arc<Self>> {
        let address = system.address(0);
        let mut visitors = Vec::new();
        for n in 0..VISITORS {
            let http = Http::new(&address).from_source(source(99, n + 1));
            let visitor = Visitor::arrive(&http).await?;
            let id = visitor.ask_automation("mat", "hello").await?;
            visitors.push((visitor, id));
        }
        Ok(Arc::new(Self { address, visitors }))
    }

    /// The `n`th attacker's token and conversation.
    pub(super) fn visitor(&self, n: usize) -> (&Visitor, &str) {
        let (visitor, id) = &self.visitors[n % self.visitors.len()];
        (visitor, id)
    }

    /// A socket of the `n`th attacker's, welcome.
    pub(super) async fn welcome(&self, net: u8, n: usize) -> anyhow::Result<Raw> {
        Raw::welcome(&self.address, address(net, n), &self.visitor(n).0.token).await
    }

    /// A connection of the `n`th attacker's.
    pub(super) async fn connect(&self, net: u8, n: usize) -> anyhow::Result<Raw> {
        Raw::connect(&self.address, address(net, n)).await
    }
}

/// The address of the `n`th attacker in 127.`net`.
pub(super) fn address(net: u8, n: usize) -> IpAddr {
    source(net, n / PER_ADDRESS + 1)
}

/// What attackers were answered.
#[derive(Debug, Default)]
pub(super) struct Tally {
    endings: BTreeMap<Ending, usize>,
    errors: BTreeMap<String, usize>,
    unexpected: Vec<String>,
    words: Option<String>,
}

/// Sends so many attackers at once and waits for all of them.
pub(super) async fn many<F>(count: usize, attacker: impl Fn(usize) -> F) -> Tally
where
    F: Future<Output = anyhow::Result<Ending>> + Send + 'static,
{
    let mut attackers = JoinSet::new();
    for n in 0..count {
        attackers.spawn(attacker(n));
    }
    let mut tally = Tally::default();
    while let Some(ended) = attackers.join_next().await {
        match ended {
            Ok(Ok(ending)) => tally.count(ending),
            Ok(Err(error)) => *tally.errors.entry(format!("{error:#}")).or_default() += 1,
            Err(error) => *tally.errors.entry(error.to_string()).or_default() += 1,
        }
    }
    tally
}

impl Tally {
    /// Anything else than these does not hold.
    pub(super) fn only(mut self, wanted: impl Fn(&Ending) -> bool) -> Self {
        let other = self.endings.iter().filter(|(ending, _)| !wanted(ending));
        self.unexpected.extend(other.map(|(ending, count)| format!("{count} were answered: {ending}")));
        self
    }

    /// One more that ended so.
    pub(super) fn count(&mut self, ending: Ending) {
        *self.endings.entry(ending).or_default() += 1;
    }

    /// Adds what others of the same kind were answered.
    pub(super) fn add(&mut self, other: Self) {
        for (ending, count) in other.endings {
            *self.endings.entry(ending).or_default() += count;
        }
        for (error, count) in other.errors {
            *self.errors.entry(error).or_default() += count;
        }
        self.unexpected.extend(other.unexpected);
        self.words = other.words.or(self.words.take());
    }

    /// Says it in other words.
    pub(super) fn words(mut self, words: String) -> Self {
        self.words = Some(words);
        self
    }

    /// Something else that does not hold.
    pub(super) fn fault(&mut self, what: String) {
        self.unexpected.push(what);
    }

    /// How many there were.
    pub(super) fn attackers(&self) -> usize {
        self.endings.values().chain(self.errors.values()).sum()
    }

    /// In words.
    pub(super) fn answers(&self) -> String {
        if let Some(words) = &self.words {
            return words.clone();
        }
        let all = self.endings.iter().map(|(ending, count)| format!("{count} × {ending}"));
        all.collect::<Vec<_>>().join(", ")
    }

    /// What did not hold.
    pub(super) fn failures(&self) -> Vec<String> {
        let errors = self.errors.iter().map(|(error, count)| format!("{count} attackers failed: {error}"));
        errors.chain(self.unexpected.iter().cloned()).collect()
    }
}
