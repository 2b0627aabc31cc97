//! Many clients of one system on one thread: they come, sign in, and hear.

pub mod fleet;
pub mod way;

pub use way::Way;

use crate::driver::{Driver, Heard, Say, Session, Who};
use anyhow::{Context, bail};
use fleet::{End, Fleet, Talk};
use std::time::{Duration, Instant};

/// Clients that may be signing in at a time while a crowd gathers.
const GATHERING: usize = 64;
/// How long a crowd may take to gather, for each client, and in any case.
const GATHER_EACH: Duration = Duration::from_millis(50);
const GATHER_LEAST: Duration = Duration::from_secs(30);
/// How long a turn waits when nothing has to be done at a certain time.
const PATIENCE: Duration = Duration::from_millis(20);
/// A moment closer than this is waited for without sleeping: the system wakes us up to a millisecond late.
const SPIN: Duration = Duration::from_millis(2);

/// What is heard by whom.
pub trait Ear {
    /// Client `who` hears something.
    fn hear(&mut self, who: usize, heard: Heard<'_>);
}

impl<F: FnMut(usize, Heard<'_>)> Ear for F {
    fn hear(&mut self, who: usize, heard: Heard<'_>) {
        self(who, heard);
    }
}

/// How far a client has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Away,
    Coming,
    Here,
}

/// Many clients of one system.
pub struct Crowd<'a> {
    fleet: Fleet,
    members: Members<'a>,
}

struct Members<'a> {
    driver: &'a dyn Driver,
    who: Vec<Who>,
    sessions: Vec<Session>,
    stages: Vec<Stage>,
    coming: usize,
    here: usize,
    lost: Vec<usize>,
    /// Who was turned away; the connections are still to be dropped.
    refused: Vec<usize>,
    last_end: Option<String>,
    /// Called for whoever has just signed in, with what is then said.
    greet: Option<Greet<'a>>,
}

/// What a client says as soon as it has signed in.
pub type Greet<'a> = Box<dyn FnMut(usize, &mut Session, &mut Say) + 'a>;

/// What a fleet talks to: the members, and who wants to hear of it.
struct Talking<'m, 'a, 'e> {
    members: &'m mut Members<'a>,
    ear: &'e mut dyn Ear,
}

impl<'a> Crowd<'a> {
    /// Clients who are all away.
    ///
    /// # Errors
    /// When the system has no descriptor left.
    pub fn new(driver: &'a dyn Driver, who: Vec<Who>) -> anyhow::Result<Self> {
        let members = Members {
            driver,
            sessions: who.iter().map(|_| Session::default()).collect(),
            stages: vec![Stage::Away; who.len()],
            who,
            coming: 0,
            here: 0,
            lost: Vec::new(),
            refused: Vec::new(),
            last_end: None,
            greet: None,
        };
        Ok(Self { fleet: Fleet::new()?, members })
    }

    /// What every client says as soon as it has signed in.
    pub fn greet_with(&mut self, greet: Greet<'a>) {
        self.members.greet = Some(greet);
    }

    /// How many are signed in.
    #[must_use]
    pub fn here(&self) -> usize {
        self.members.here
    }

    /// Whose connections have ended, in whatever way, since the last time this was asked.
    pub fn take_lost(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.members.lost)
    }

    /// From now on clients come to another place, or in another way; what they know stays.
    pub fn turn_to(&mut self, driver: &'a dyn Driver) {
        self.members.driver = driver;
    }

    /// Why the last connection that ended did so.
    #[must_use]
    pub fn last_end(&self) -> &str {
        self.members.last_end.as_deref().unwrap_or("none has ended")
    }

    /// Opens the connection of one client.
    ///
    /// # Errors
    /// When it has one, or the system has no descriptor or port left.
    pub fn come(&mut self, who: usize, way: Way) -> anyhow::Result<()> {
        let members = &mut self.members;
        let opening = members.driver.connect(&members.who[who]);
        // What it knows stays; how far it has come does not.
        members.sessions[who].step = 0;
        self.fleet.open(who, &opening, way)?;
        members.stages[who] = Stage::Coming;
        members.coming += 1;
        Ok(())
    }

    /// Everybody of `range` comes and signs in, some dozens at a time.
    ///
    /// # Errors
    /// When one of them is refused or lost, or it takes too long.
    pub fn gather(
        &mut self,
        range: std::ops::Range<usize>,
        way: impl Fn(usize) -> Way,
        ear: &mut impl Ear,
    ) -> anyhow::Result<()> {
        let patience = GATHER_LEAST + GATHER_EACH * u32::try_from(range.len()).unwrap_or(u32::MAX);
        let (until, goal) = (Instant::now() + patience, self.here() + range.len());
        let (mut next, end) = (range.start, range.end);
        self.take_lost();
        while self.here() < goal {
            while next < end && self.members.coming < GATHERING {
                self.come(next, way(next))?;
                next += 1;
            }
            self.turn(PATIENCE, ear)?;
            if !self.take_lost().is_empty() {
                bail!("a client was lost while {next} of {end} came: {}", self.last_end());
            }
            if Instant::now() > until {
                bail!("{} of {goal} clients are signed in after {patience:?}", self.here());
            }
        }
        Ok(())
    }

    /// Looks after what happens, at most `patience` long.
    ///
    /// # Errors
    /// When the system does not tell of events any more.
    pub fn turn(&mut self, patience: Duration, ear: &mut impl Ear) -> anyhow::Result<usize> {
        let count = self.fleet.turn(patience, &mut Talking { members: &mut self.members, ear })?;
        for who in self.members.refused.drain(..) {
            self.fleet.drop(who);
        }
        Ok(count)
    }

    /// Looks after what happens until a moment.
    ///
    /// # Errors
    /// When the system does not tell of events any more.
    pub fn turn_until(&mut self, moment: Instant, ear: &mut impl Ear) -> anyhow::Result<()> {
        loop {
            let left = moment.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            // Waiting in the system ends up to a millisecond late.
            let patience = if left < SPIN { Duration::ZERO } else { (left - SPIN / 2).min(PATIENCE) };
            self.turn(patience, ear)?;
        }
    }

    /// Looks after what happens until `done`, which is asked after each turn.
    ///
    /// # Errors
    /// When it is not within `patience`; `what` says what was waited for.
    pub fn turn_while(
        &mut self,
        what: &str,
        patience: Duration,
        ear: &mut impl Ear,
        mut done: impl FnMut(&mut Self) -> bool,
    ) -> anyhow::Result<()> {
        let until = Instant::now() + patience;
        while !done(self) {
            if Instant::now() > until {
                bail!("{what}: not within {patience:?}; last end: {}", self.last_end());
            }
            self.turn(PATIENCE, ear)?;
        }
        Ok(())
    }

    /// A client sends a message.
    pub fn send(&mut self, who: usize, conversation: &str, number: u64, text: &str, ear: &mut impl Ear) {
        let Self { fleet, members } = self;
        let mut session = std::mem::take(&mut members.sessions[who]);
        let driver = members.driver;
        fleet.say(who, &mut Talking { members, ear }, |say| {
            driver.send_durable(&mut session, conversation, number, text, say);
        });
        members.sessions[who] = session;
    }

    /// A client stops reading.
    pub fn pause(&mut self, who: usize) {
        self.fleet.pause(who);
    }

    /// A client reads again.
    ///
    /// # Errors
    /// When the system does not tell of its connection any more.
    pub fn go_on(&mut self, who: usize) -> anyhow::Result<()> {
        self.fleet.go_on(who)
    }

    /// Drops all connections without a word.
    pub fn scatter(&mut self) {
        for who in 0..self.members.who.len() {
            self.fleet.drop(who);
            self.members.leave(who);
        }
        self.take_lost();
    }
}

impl Members<'_> {
    fn leave(&mut self, who: usize) {
        match std::mem::replace(&mut self.stages[who], Stage::Away) {
            Stage::Away => {}
            Stage::Coming => self.coming -= 1,
            Stage::Here => self.here -= 1,
        }
    }

    fn sign_in(&mut self, who: usize, heard: Option<&[u8]>, say: &mut Say) -> anyhow::Result<()> {
        let session = &mut self.sessions[who];
        let done = self.driver.auth(&self.who[who], session, heard, say);
        if done.with_context(|| format!("client {who}"))? {
            self.stages[who] = Stage::Here;
            self.coming -= 1;
            self.here += 1;
            if let Some(greet) = &mut self.greet {
                greet(who, session, say);
            }
        }
        Ok(())
    }

    fn refused(&mut self, who: usize, error: &anyhow::Error) {
        self.last_end = Some(format!("{error:#}"));
        self.leave(who);
        self.lost.push(who);
        self.refused.push(who);
    }
}

impl Talk for Talking<'_, '_, '_> {
    fn opened(&mut self, who: usize, say: &mut Say) {
        if let Err(error) = self.members.sign_in(who, None, say) {
            self.members.refused(who, &error);
        }
    }

    fn heard(&mut self, who: usize, message: &[u8], say: &mut Say) {
        let members = &mut *self.members;
        match members.stages[who] {
            Stage::Here => {}
            Stage::Away => return,
            Stage::Coming => {
                if let Err(error) = members.sign_in(who, Some(message), say) {
                    members.refused(who, &error);
                }
                return;
            }
        }
        let ear = &mut *self.ear;
        members.driver.await_delivered(&mut members.sessions[who], message, say, &mut |heard| {
            ear.hear(who, heard);
        });
    }

    fn ended(&mut self, who: usize, why: &End) {
        // Whoever was refused is lost already.
        if self.members.stages[who] != Stage::Away {
            self.members.leave(who);
            self.members.lost.push(who);
        }
        self.members.last_end = Some(format!("client {who}: {why:?}"));
    }
}

impl std::fmt::Debug for Crowd<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (all, here) = (self.members.who.len(), self.here());
        write!(f, "{here} of {all} clients of {}", self.members.driver.name())
    }
}
