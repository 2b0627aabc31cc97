//! Telling: what was committed goes to every bus, counted per shard. A slow or absent bus never holds up a commit;
//! what it does not take is a gap in the counters, and readers repair it from the database.

use crate::limits;
use crate::metric;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use switchboard_bus::{Bus, Message};
use switchboard_domain::Rng;
use switchboard_faults::{self as faults, Mutant, Point};
use switchboard_wire::notice::{Beat, COUNT, INCARNATION, Notice};
use switchboard_wire::subject::SHARDS;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// Tells everybody. Without buses (`su`) it tells nobody.
pub(crate) struct Relay {
    /// Random at every start.
    incarnation: String,
    /// Counters, and the queues in whose order they were given out.
    out: Mutex<Out>,
    epoch: RwLock<String>,
}

struct Out {
    counts: Vec<u64>,
    queues: Vec<mpsc::Sender<Message>>,
}

impl Relay {
    /// A relay, and one task per bus that ends with the relay.
    pub(crate) fn new(buses: &[Arc<dyn Bus>], rng: &dyn Rng) -> (Self, Vec<JoinHandle<()>>) {
        let (queues, tasks) = buses
            .iter()
            .map(|bus| {
                let (queue, waiting) = mpsc::channel(limits::TELL_QUEUE);
                (queue, tokio::spawn(publish(Arc::clone(bus), waiting)))
            })
            .unzip();
        let counts = vec![0; usize::try_from(SHARDS).unwrap_or_default()];
        let relay = Self {
            incarnation: format!("{:032x}", rng.u128()),
            out: Mutex::new(Out { counts, queues }),
            epoch: RwLock::default(),
        };
        (relay, tasks)
    }

    /// Random at every start, also in the subject of this dbmgr's own append lane.
    pub(crate) fn incarnation(&self) -> &str {
        &self.incarnation
    }

    /// The database's epoch as last read; empty before.
    pub(crate) fn epoch(&self) -> String {
        self.epoch.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The epoch was read.
    pub(crate) fn set_epoch(&self, epoch: &str) {
        let mut known = self.epoch.write().unwrap_or_else(PoisonError::into_inner);
        if *known != epoch {
            epoch.clone_into(&mut known);
        }
    }

    /// Tells these, in this order. Never waits.
    pub(crate) fn tell(&self, notices: &[Notice]) {
        if notices.is_empty() {
            return;
        }
        faults::at(Point::TellBefore);
        self.queue(notices);
        faults::at(Point::TellAfter);
    }

    fn queue(&self, notices: &[Notice]) {
        // Encoded before the lock is taken: only counting and queueing is in line.
        let envelopes: Vec<_> = notices
            .iter()
            .map(|notice| {
                metrics::counter!(metric::NOTICES, "kind" => kind(notice)).increment(1);
                notice.encode()
            })
            .collect();
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        for envelope in envelopes {
            let mut message = Message::new(envelope.subject, envelope.payload);
            for (name, value) in envelope.headers {
                message.headers.push(name, value);
            }
            let slot = envelope.shard.and_then(|shard| usize::try_from(shard).ok());
            if let Some(count) = slot.and_then(|slot| out.counts.get_mut(slot)) {
                *count += 1;
                message.headers.push(INCARNATION, self.incarnation.as_str());
                message.headers.push(COUNT, count.to_string());
                faults::at(Point::TellCounted);
            }
            for queue in &out.queues {
                if queue.try_send(message.clone()).is_err() {
                    metrics::counter!(metric::NOTICES_LOST).increment(1);
                }
            }
        }
    }

    /// Makes a gap in the counters of these: nobody knows whether what they tell of is committed, so every reader
    /// is to look.
    pub(crate) fn lose(&self, notices: &[Notice]) {
        if faults::broken(Mutant::UnknownCommitForgotten) {
            return;
        }
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        for shard in notices.iter().filter_map(|notice| notice.encode().shard) {
            let slot = usize::try_from(shard).unwrap_or_default();
            if let Some(count) = out.counts.get_mut(slot) {
                *count += 1;
            }
        }
    }

    /// Takes nothing more, so that what was told is published and the tasks end.
    pub(crate) fn close(&self) {
        self.out.lock().unwrap_or_else(PoisonError::into_inner).queues.clear();
    }

    fn beat(&self) {
        let counts = self.out.lock().unwrap_or_else(PoisonError::into_inner).counts.clone();
        let beat = Beat { incarnation: self.incarnation.clone(), counts, epoch: self.epoch() };
        self.queue(&[Notice::Beat(beat)]);
    }

    /// Says every second that this dbmgr is alive and how far its counters are, until it is dropped.
    pub(crate) async fn keep_beating(&self) {
        let mut ticks = interval(limits::BEAT);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.beat();
        }
    }
}

/// Publishes what waits, in order. While the bus is away each message is refused at once, so the queue drains.
async fn publish(bus: Arc<dyn Bus>, mut waiting: mpsc::Receiver<Message>) {
    while let Some(message) = waiting.recv().await {
        let counted = message.headers.get(COUNT).is_some();
        if counted {
            faults::at(Point::PublishBefore);
        }
        if let Err(problem) = bus.publish(message).await {
            metrics::counter!(metric::NOTICES_LOST).increment(1);
            tracing::debug!(%problem, "a notice was not told");
        }
        if counted {
            faults::at(Point::PublishAfter);
        }
    }
}

fn kind(notice: &Notice) -> &'static str {
    match notice {
        Notice::Entry(_) => "entry",
        Notice::State(_) => "state",
        Notice::Ended(_) => "ended",
        Notice::Presence(_) => "presence",
        Notice::Typing(_) => "typing",
        Notice::Looking(_) => "looking",
        Notice::Mentioned(_) => "mentioned",
        Notice::Read(_) => "read",
        Notice::Queue(_) => "queue",
        Notice::Beat(_) => "beat",
        Notice::Here(_) => "here",
        Notice::CutOff(_) => "cut_off",
        Notice::Erased(_) => "erased",
        Notice::Hooks(_) => "hooks",
        Notice::Rules(_) => "rules",
        Notice::Deliveries(_) => "deliveries",
        Notice::Roll(_) => "roll",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Dice;
    use switchboard_bus::{Delivery, Local};
    use switchboard_wire::notice::EntryNotice;

    fn entry(conversation: &str, seq: i64) -> Notice {
        Notice::Entry(EntryNotice {
            conversation: conversation.parse().unwrap(),
            seq,
            public: true,
            public_before: seq - 1,
            id: format!("e{seq}"),
            frame: "{}".into(),
        })
    }

    #[tokio::test]
    async fn counted_notices_arrive_in_order_with_their_numbers() {
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let mut heard = bus.subscribe("switchboard.v1.evt.entry.>", None).await.unwrap();
        let (relay, _tasks) = Relay::new(std::slice::from_ref(&bus), &Dice);
        relay.tell(&[entry("c1", 1), entry("c1", 2)]);
        relay.tell(&[entry("c1", 3)]);
        for n in 1..=3 {
            let Some(Delivery::Message(message)) = heard.next().await else { panic!("nothing came") };
            assert_eq!(message.headers.get(COUNT), Some(n.to_string().as_str()));
            assert_eq!(message.headers.get(INCARNATION), Some(relay.incarnation()));
        }
    }

    #[tokio::test]
    async fn a_beat_says_how_far_the_counters_are() {
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let mut heard = bus.subscribe("switchboard.v1.evt.beat", None).await.unwrap();
        let (relay, _tasks) = Relay::new(std::slice::from_ref(&bus), &Dice);
        relay.set_epoch("e");
        relay.tell(&[entry("c1", 1), entry("c2", 1), entry("c1", 2)]);
        relay.beat();
        let Some(Delivery::Message(message)) = heard.next().await else { panic!("nothing came") };
        let beat: Beat = serde_json::from_slice(&message.payload).unwrap();
        assert_eq!((beat.counts.iter().sum::<u64>(), beat.epoch.as_str()), (3, "e"));
        assert_eq!(beat.incarnation, relay.incarnation());
    }
}
