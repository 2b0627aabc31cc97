//! What a visitor does.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use switchboard_testkit::client::Client;
use tokio::sync::watch;

use super::{Guest, owner, pause};

/// Messages without an acknowledgement after which a visitor waits.
const MOST_WAITING: usize = 12;
/// Messages without an answer of an automation after which a visitor waits; ten answers in a row would be a loop.
const MOST_UNANSWERED: usize = 4;
/// One time in so many a visitor's connection breaks.
const BREAKS: u32 = 25;
/// The shortest and the longest pause between two thoughts, in milliseconds.
const PAUSE_MS: (u64, u64) = (150, 650);

/// Writes at random until the load stops.
pub(super) async fn act(guest: Arc<Guest>, mut dice: fastrand::Rng, mut stop: watch::Receiver<bool>) {
    while pause(&mut dice, PAUSE_MS.0, PAUSE_MS.1, &mut stop).await {
        if dice.u32(0..BREAKS) == 0 {
            guest.windows[dice.usize(0..guest.windows.len())].hang_up();
        }
        let mut conversation = guest.present();
        if guest.automation.is_some() && left(guest.window(), &conversation) {
            // It went to people, who may keep it; the visitor wants the automation.
            let Ok(next) = guest.begin().await else { continue };
            conversation = next;
        }
        let burst = dice.usize(1..=3);
        for _ in 0..burst {
            if guest.window().waiting() >= MOST_WAITING
                || unanswered(&guest, &conversation) >= MOST_UNANSWERED
            {
                break;
            }
            say(&guest, &conversation);
        }
    }
}

/// Says the next thing.
pub(super) fn say(guest: &Guest, conversation: &str) {
    let count = guest.said.fetch_add(1, Ordering::Relaxed) + 1;
    let _ = guest.window().send(conversation, &words(&guest.name, count));
}

/// Plain words, and the number once more in punctuation, which an automation leaves as it is.
fn words(name: &str, count: usize) -> String {
    let marks: String = format!("{count:b}").chars().map(|bit| if bit == '1' { ':' } else { '.' }).collect();
    format!("{name} says {count} {marks}")
}

/// Whether an automation's conversation is an automation's no more.
fn left(window: &Client, conversation: &str) -> bool {
    window.state(conversation).is_some_and(|state| owner(&state) != "automation")
}

/// How many messages an automation has not answered yet; of people nobody expects that.
fn unanswered(guest: &Guest, conversation: &str) -> usize {
    if guest.automation.is_none() {
        return 0;
    }
    let of = |author| guest.window().count_of(conversation, author);
    (of("visitor") + guest.window().waiting()).saturating_sub(of("automation"))
}
