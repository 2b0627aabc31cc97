//! The database manager against the rules over lists in memory: sending, retrying, claiming, passing on, deactivating,
//! coming back and being killed, at random, on both databases. Every few steps everybody looks at every conversation.

mod look;
mod model;
mod node;
mod scene;
mod step;

use std::time::Duration;

use proptest::prelude::*;
use switchboard_domain::EntryKind;
use switchboard_testkit::{Database, TempDir, cases};
use switchboard_wire::Problem;

use scene::Scene;
use step::{Send, Step, step};

/// Histories to try; see [`cases`].
const CASES: u32 = 12;
/// After so many steps everybody looks at everything.
const LOOK_EVERY: usize = 4;
/// No two steps happen at the same time.
const APART: Duration = Duration::from_millis(3);

fn hold_against_the_reference(database: Database, folder: TempDir) {
    let mut scene = Scene::set(database, folder);
    let config = ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::with_cases(cases(CASES)) };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let cell = std::cell::RefCell::new(&mut scene);
    let done = runner.run(&prop::collection::vec(step(), 1..40), |steps| {
        let mut scene = cell.borrow_mut();
        scene.clear();
        for (n, step) in steps.iter().enumerate() {
            scene.carry_out(step);
            if n % LOOK_EVERY == 0 || n + 1 == steps.len() {
                scene.look_at_everything();
            }
        }
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

#[test]
fn sqlite_does_what_the_reference_does() {
    let folder = TempDir::new().unwrap();
    hold_against_the_reference(Database::Sqlite(folder.join("sb.db")), folder);
}

#[test]
fn mariadb_does_what_the_reference_does() {
    hold_against_the_reference(Database::mariadb().unwrap(), TempDir::new().unwrap());
}

/// The problem of a refusal, for comparing.
fn outcome<T>(result: Result<T, switchboard_wire::Failure>) -> Result<T, Problem> {
    result.map_err(|failure| failure.problem)
}

impl Scene {
    /// Does one thing on both sides; both must say the same.
    fn carry_out(&mut self, step: &Step) {
        std::thread::sleep(APART);
        match step {
            Step::Start { visitor, to, key, words } => self.start(*visitor, *to, *key, *words),
            Step::Send(sends) => self.send(sends),
            Step::Read { agent, talk, seq } => self.read(*agent, *talk, *seq),
            Step::Presence { agent, status } => self.put_presence(*agent, *status),
            Step::Active { agent, active } => self.set_active(*agent, *active),
            Step::Mat { active } => self.set_mat(*active),
            Step::Later => self.let_snoozes_end(),
            Step::Resume { by, talk, back, right } => self.resume(*by, *talk, *back, *right),
            Step::Crash { sends, after_us } => self.crash(sends, Duration::from_micros(*after_us)),
            Step::Claim { .. }
            | Step::Assign { .. }
            | Step::Transfer { .. }
            | Step::Resolve { .. }
            | Step::Reopen { .. }
            | Step::Snooze { .. }
            | Step::Handoff { .. }
            | Step::Reply { .. } => self.command(step),
        }
    }

    fn send(&mut self, sends: &[Send]) {
        let sends: Vec<&Send> = sends.iter().filter(|send| send.talk < self.model.talks.len()).collect();
        if sends.is_empty() {
            return;
        }
        let now = self.node.now();
        let answers = self.node.append(sends.iter().map(|send| self.append_of(send)).collect());
        for (send, answer) in sends.into_iter().zip(answers) {
            let real = outcome(answer).map(|done| (done.seq, done.repeated));
            assert_eq!(real, self.model_send(send, now), "{send:?}");
        }
    }

    fn model_send(&mut self, send: &Send, now: i64) -> Result<(i64, bool), Problem> {
        let kind = if send.note { EntryKind::Note } else { EntryKind::Message };
        let (key, words) = (Scene::key(send.key), Scene::words(send.words));
        self.model.send(send.by, send.talk, (kind, &key, &words), now)
    }

    /// The process dies while lists are under way. Whatever it had done, a retry of all of them leaves each stored
    /// once; in which order those of different lists came, the database says.
    fn crash(&mut self, sends: &[Send], after: Duration) {
        let known: Vec<&Send> = sends.iter().filter(|send| send.talk < self.model.talks.len()).collect();
        let now = self.node.now();
        self.node.crash(known.iter().map(|send| vec![self.append_of(send)]).collect(), after);
        let again = self.node.insist(&known.iter().map(|send| self.append_of(send)).collect::<Vec<_>>());
        let mut done: Vec<(&Send, Result<i64, Problem>)> = known
            .into_iter()
            .zip(again)
            .map(|(send, answer)| (send, outcome(answer).map(|done| done.seq)))
            .collect();
        // In the order in which they were stored; what is refused comes last, as it must be refused still.
        done.sort_by_key(|(_, answer)| *answer.as_ref().unwrap_or(&i64::MAX));
        for (send, answer) in done {
            let expected = self.model_send(send, now).map(|(seq, _)| seq);
            assert_eq!(answer, expected, "after a crash: {send:?}");
        }
    }
}
