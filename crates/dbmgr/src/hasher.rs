//! Hashing passwords: argon2id at OWASP's parameters, in threads of its own that give way to everything else, a few at
//! a time, with a bounded queue. What gets no core for long because of that is done once more where it gets some.

use crate::limits;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use switchboard_domain::Rng;
use switchboard_wire::{Failure, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

/// Memory in KiB, passes and lanes (OWASP password storage cheat sheet).
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
/// How much a thread gives way that takes what has waited for [`limits::HASH_PATIENCE`], on the scheduler's scale of 0 to
/// 19: on a busy machine about a tenth of a core is left for signing in.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// May be done twice, at the same time; the first who is done answers.
type Job = Arc<dyn Fn() + Send + Sync>;

/// Hashes and compares passwords. One core is always left to others.
pub(crate) struct Hasher {
    /// To the threads; there is one for each job that is at work.
    jobs: SyncSender<Job>,
    at_work: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    rng: Arc<dyn Rng>,
}

/// The hash of 256 random bits that were thrown away: a password that nobody has, compared for names that nobody
/// has. It costs what every other one costs.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$9X0JcCYTFLGU34cDqwgKEA$SACw8MvKR9K5h1G6cyVqsOm39Wgkr1SNSYZzXJk0MFs";

impl Hasher {
    /// A hasher for `workers` at a time, all cores but one when `None`.
    pub(crate) fn new(workers: Option<usize>, rng: Arc<dyn Rng>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers = workers.unwrap_or(cores - 1).max(1);
        let (jobs, received) = sync_channel(workers);
        let received = Arc::new(Mutex::new(received));
        for _ in 0..workers {
            let received = Arc::clone(&received);
            let started =
                std::thread::Builder::new().name("passwords".into()).spawn(move || labour(&received));
            if let Err(error) = started {
                tracing::error!(%error, "a thread for passwords did not start");
            }
        }
        Self {
            jobs,
            at_work: Arc::new(Semaphore::new(workers)),
            admitted: Arc::new(Semaphore::new(workers + limits::HASH_QUEUE)),
            rng,
        }
    }

    /// The hash of a password, as a PHC string.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Failure> {
        let salt = salt(self.rng.as_ref());
        self.work(move || hash_now(&password, &salt)).await?
    }

    /// Whether `password` is the one of `hash`; without a hash it takes as long and is false.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Failure> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
        let same =
            self.work(move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok());
        Ok(same.await? && known)
    }

    async fn work<T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Fn() -> T + Send + Sync + 'static,
    {
        let busy = || {
            Failure::rate_limited("too many are signing in at the moment; try again", limits::HASH_RETRY_MS)
        };
        let place = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| busy())?;
        let turn = timeout(limits::HASH_WAIT, Arc::clone(&self.at_work).acquire_owned()).await;
        let turn = turn.map_err(|_| busy())?.map_err(|_| busy())?;
        // The permits go with the work: a caller who leaves does not make room that is not there.
        let held: [OwnedSemaphorePermit; 2] = [place, turn];
        let (answer, mut answered) = oneshot::channel();
        let open = Mutex::new(Some((answer, held)));
        let job: Job = Arc::new(move || {
            if lock(&open).is_none() {
                return;
            }
            let done = work();
            if let Some((answer, held)) = lock(&open).take() {
                drop(held);
                // Who asked may have left.
                let _ = answer.send(done);
            }
        });
        // The queue is full when its threads get no core at all.
        if self.jobs.try_send(Arc::clone(&job)).is_ok()
            && let Ok(answer) = timeout(limits::HASH_PATIENCE, &mut answered).await
        {
            return answer.map_err(|error| broken(&error));
        }
        hurry(job).map_err(|error| broken(&error))?;
        answered.await.map_err(|error| broken(&error))
    }
}

/// Does one job after the other until nobody can give another one.
fn labour(received: &Mutex<Receiver<Job>>) {
    give_way();
    loop {
        let job = lock(received).recv();
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}

/// Does a job in a thread that gets some of a core, however busy the machine is.
fn hurry(job: Job) -> std::io::Result<()> {
    let hurried = move || {
        give_some_way();
        job();
    };
    std::thread::Builder::new().name("password".into()).spawn(hurried).map(drop)
}

/// Whoever else wants the core has it at once: a thread of merely low priority is left to finish its slice, and a message
/// that goes through several threads waits for several of these. Where a thread has no priority of its own it competes
/// like every other one.
fn give_way() {
    #[cfg(target_os = "linux")]
    {
        use thread_priority::{NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy};
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        // It also wants to make the thread less nice, which may be refused and makes no difference.
        let set = thread_priority::set_thread_priority_and_policy(
            thread_priority::thread_native_id(),
            ThreadPriority::Min,
            idle,
        );
        if thread_priority::thread_schedule_policy() != Ok(idle) {
            tracing::warn!(?set, "hashing passwords competes with messages for the processor");
        }
    }
}

fn give_some_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::warn!(%error, "hashing passwords competes with messages for the processor");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn salt(rng: &dyn Rng) -> [u8; SALT_BYTES] {
    let mut salt = [0; SALT_BYTES];
    rng.fill(&mut salt);
    salt
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String, Failure> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| broken(&error))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon.hash_password_with_salt(password.as_bytes(), salt).map_err(|error| broken(&error))?;
    Ok(hash.to_string())
}

fn broken(error: &dyn std::fmt::Display) -> Failure {
    tracing::error!(%error, "hashing a password failed");
    Failure::new(Problem::Internal, "something broke on our side; it is in the log")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Dice;

    #[tokio::test]
    async fn a_password_is_compared_and_a_missing_one_takes_as_long() {
        let hasher = Hasher::new(Some(1), Arc::new(Dice));
        let hash = hasher.hash("vier stille Kühe".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify("vier stille Kühe".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("fünf stille Kühe".into(), Some(hash.clone())).await.unwrap());
        let cost = |hash: &str| hash.rsplit_once('$').unwrap().0.rsplit_once('$').unwrap().0.to_owned();
        assert_eq!(cost(&hash), cost(NOBODYS), "a name that nobody has costs the same");
        let began = std::time::Instant::now();
        assert!(!hasher.verify("vier stille Kühe".into(), None).await.unwrap());
        assert!(began.elapsed() > std::time::Duration::from_millis(2), "it is really compared");
    }

    /// The nice value, and whether it runs only when nobody else wants to.
    #[cfg(target_os = "linux")]
    fn way() -> (i32, bool) {
        use thread_priority::{NormalThreadSchedulePolicy, ThreadSchedulePolicy, thread_schedule_policy};
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        (rustix::process::nice(0).unwrap(), thread_schedule_policy() == Ok(idle))
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn its_threads_give_way_and_others_do_not() {
        let before = way();
        assert!(!before.1);
        let hasher = Hasher::new(Some(2), Arc::new(Dice));
        assert!(hasher.work(way).await.unwrap().1);
        assert_eq!(way(), before);
        assert_eq!(tokio::task::spawn_blocking(way).await.unwrap(), before);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_gets_no_core_for_long_is_done_where_it_gets_some() {
        let hasher = Hasher::new(Some(1), Arc::new(Dice));
        let (nice, _) = way();
        let (release, stuck) = std::sync::mpsc::channel::<()>();
        let stuck = Mutex::new(Some(stuck));
        let first = hasher.work(move || {
            let stuck = lock(&stuck).take();
            if let Some(stuck) = stuck {
                let _ = stuck.recv();
            }
            way()
        });
        let hurried = ((nice + NICE).min(19), false);
        assert_eq!(first.await.unwrap(), hurried);
        // Nor do those behind it wait for the one that is stuck, with room in its queue and without.
        for _ in 0..3 {
            assert_eq!(hasher.work(way).await.unwrap(), hurried);
        }
        drop(release);
        let until = std::time::Instant::now() + limits::HASH_WAIT;
        while !hasher.work(way).await.unwrap().1 {
            assert!(std::time::Instant::now() < until, "its thread does no more");
        }
    }

    #[tokio::test]
    async fn the_queue_is_bounded() {
        let hasher = Arc::new(Hasher::new(Some(1), Arc::new(Dice)));
        let all: Vec<_> = (0..limits::HASH_QUEUE + 3)
            .map(|_| {
                let hasher = Arc::clone(&hasher);
                async move { hasher.work(|| std::thread::sleep(std::time::Duration::from_millis(1))).await }
            })
            .collect();
        let refused = futures_util::future::join_all(all).await.into_iter().filter(Result::is_err).count();
        assert_eq!(refused, 2, "one works, the queue is full, two are turned away");
    }
}
