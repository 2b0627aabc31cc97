//! B10: who gets a waiting conversation, with ten thousand that wait and a thousand agents: the decision by itself beside
//! reading the rule naively in the same process; and in a running system the way from a visitor's first message to the
//! console of the agent who gets it, while ten thousand others wait for teams that have no room.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::json;
use switchboard_domain::assignment::{Candidate, Waiting, plan};
use switchboard_domain::{AccountId, TeamId};
use switchboard_testkit::{Database, Socket, System, Visitor};

use super::Benchmark;
use crate::load::Latencies;
use crate::measurement::{Goal, Measurement, Outcome};
use crate::product::{self, Kind, block_on};
use crate::rounds::{Contestant, Rounds};
use crate::setting::Setting;

/// Routing.
pub const BENCHMARK: Benchmark = Benchmark { id: "B10", title: "routing", run };

const WAITING: usize = 10_000;
const AGENTS: usize = 1_000;
const TEAMS: usize = 20;
/// Boards that are planned in a round.
const BOARDS: usize = 100;
/// Those that are read naively, which takes long.
const NAIVE_BOARDS: usize = 3;
/// First messages.
const MESSAGES: usize = 300;
/// How long a message may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// What one contestant gives in a round: microseconds for each of the waiting, by board.
#[derive(Debug)]
struct Decisions {
    each_us: Vec<f64>,
    /// Agents who would have been given more than they can take.
    overloaded: usize,
}

impl Decisions {
    fn share(&self, share: f64) -> f64 {
        let mut all = self.each_us.clone();
        all.sort_by(f64::total_cmp);
        let at = (share * all.len() as f64).ceil() as usize;
        all.get(at.saturating_sub(1)).copied().unwrap_or_default()
    }
}

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let mut measurements = decisions(setting)?;
    measurements.push(first_messages(setting)?);
    Ok(Outcome { measurements, curves: vec![] })
}

fn decisions(setting: &Setting) -> anyhow::Result<Vec<Measurement>> {
    let (waiting, agents) = (setting.size(WAITING, 500), setting.size(AGENTS, 50));
    let boards = setting.size(BOARDS, 3);
    let (ours, naive) =
        (format!("{waiting} wait, {agents} agents: a decision, p99"), "the rule read naively");
    let plan_all = |boards, read: Reading| {
        move || {
            let mut decisions = Decisions { each_us: vec![], overloaded: 0 };
            for seed in 0..boards {
                let (waiting, agents) = board(seed as u64, waiting, agents)?;
                let begin = Instant::now();
                let pairs = read(&waiting, &agents);
                let took = begin.elapsed();
                decisions.each_us.push(took.as_secs_f64() * 1e6 / waiting.len() as f64);
                decisions.overloaded += overloaded(&agents, &pairs);
            }
            anyhow::Ok(decisions)
        }
    };
    let contestants = vec![
        Contestant::new(ours.as_str(), plan_all(boards, plan)),
        Contestant::new(naive, plan_all(setting.size(NAIVE_BOARDS, 1), naively)),
    ];
    let rounds = Rounds::measure(setting, contestants)?;
    let compared = rounds.compare(&ours, naive, |one| one.share(0.99))?;
    let decision = Measurement::compared(ours.as_str(), "µs", &compared)
        .goal(Goal::AtMost(20.0))
        .control(rounds.control(|one| one.share(0.5)))
        .detail("p50 µs", rounds.median(&ours, |one| one.share(0.5))?);
    let broken: f64 = rounds.series(&ours, |one| one.overloaded as f64).into_iter().sum();
    let capacity =
        Measurement::new("agents planned beyond their capacity", "", broken).goal(Goal::AtMost(0.0));
    Ok(vec![decision, capacity])
}

type Reading = fn(&[Waiting], &[Candidate]) -> Vec<(usize, usize)>;

/// A board of this seed: teams of uneven size, agents of one or two teams with some room, a third of the waiting with a
/// need.
fn board(seed: u64, waiting: usize, agents: usize) -> anyhow::Result<(Vec<Waiting>, Vec<Candidate>)> {
    let mut dice = Dice(seed);
    let team = |n: usize| -> anyhow::Result<TeamId> { Ok(format!("team{n}").parse()?) };
    let skills = ["nl", "en", "billing", "returns"];
    let mut staff = Vec::with_capacity(agents);
    for n in 0..agents {
        let teams =
            [dice.below(TEAMS), dice.below(TEAMS)].map(team).into_iter().collect::<anyhow::Result<_>>()?;
        let agent: AccountId = format!("agent{n}").parse()?;
        let (open, idle_since) = (dice.below(5) as i64, dice.below(60_000) as i64);
        let skills = vec![skills[dice.below(skills.len())].to_owned()];
        staff.push(Candidate { agent, teams, skills, capacity: 4, open, idle_since });
    }
    let mut queue = Vec::with_capacity(waiting);
    for n in 0..waiting {
        let need = (dice.below(3) == 0).then(|| skills[dice.below(skills.len())].to_owned());
        queue.push(Waiting {
            conversation: format!("conversation{n}").parse()?,
            fence: 1,
            team: Some(team(dice.below(TEAMS))?),
            helper: None,
            needs: need.into_iter().collect(),
            widened: dice.below(2) == 0,
            priority: dice.below(3) as i64 - 1,
            queued_at: n as i64,
            missed_by: None,
            known: None,
        });
    }
    Ok((queue, staff))
}

/// SplitMix64: the same board for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// The sentence of the product's description, carried out by looking at every agent for each of the waiting.
fn naively(waiting: &[Waiting], agents: &[Candidate]) -> Vec<(usize, usize)> {
    let mut open: Vec<i64> = agents.iter().map(|agent| agent.open).collect();
    let mut order: Vec<usize> = (0..waiting.len()).collect();
    order.sort_by_key(|&w| (-waiting[w].priority, waiting[w].queued_at));
    let mut pairs = Vec::new();
    for w in order {
        let one = &waiting[w];
        let of_team = |a: usize| one.team.as_ref().is_none_or(|team| agents[a].teams.contains(team));
        let skilled = |a: usize| one.needs.iter().all(|need| agents[a].skills.contains(need));
        let free = |a: usize| open[a] < agents[a].capacity;
        let first = |a: &usize| (open[*a], agents[*a].idle_since, *a);
        let able = (0..agents.len()).filter(|&a| of_team(a) && skilled(a) && free(a)).min_by_key(first);
        let anybody = || (0..agents.len()).filter(|&a| of_team(a) && free(a)).min_by_key(first);
        let waits = !one.widened && (0..agents.len()).any(|a| of_team(a) && skilled(a));
        if let Some(a) = able.or_else(|| if waits { None } else { anybody() }) {
            open[a] += 1;
            pairs.push((w, a));
        }
    }
    pairs
}

fn overloaded(agents: &[Candidate], pairs: &[(usize, usize)]) -> usize {
    let mut open: Vec<i64> = agents.iter().map(|agent| agent.open).collect();
    for &(_, a) in pairs {
        open[a] += 1;
    }
    let given = |a: &usize| pairs.iter().any(|pair| pair.1 == *a);
    (0..agents.len()).filter(|a| open[*a] > agents[*a].capacity && given(a)).count()
}

/// From a visitor's first message to the agent's console, one at a time, while the others wait.
fn first_messages(setting: &Setting) -> anyhow::Result<Measurement> {
    let waiting = setting.size(WAITING, 200);
    let mariadb = product::mariadb()?;
    let system = product::start(Kind::InProcess, &mariadb)?;
    let latencies = block_on(Box::pin(async {
        let mut console = populate(&system, waiting).await?;
        let mut latencies = Latencies::new()?;
        for n in 0..setting.size(MESSAGES, 5) {
            // So that they meet every moment of what goes on by itself.
            tokio::time::sleep(Duration::from_millis(37 * (n as u64 % 10))).await;
            latencies.record(first_message(&system, &mut console).await?);
        }
        anyhow::Ok(latencies)
    }))?;
    // Those without a team came for the messages; the first of them are back in the queue, since nobody answers.
    let queued = system.database.value(
        "SELECT COUNT(*) FROM conversations WHERE owner_kind = 'queue' AND COALESCE(team_id, '') <> ''",
    )?;
    ensure!(queued == waiting.to_string(), "{queued} wait in the end");
    let what = format!("{waiting} wait: a visitor's first message to the agent's console, p99");
    Ok(Measurement::new(what, "ms", latencies.ms(0.99))
        .goal(Goal::AtMost(250.0))
        .detail("p50 ms", latencies.ms(0.5))
        .detail("messages", latencies.count() as f64))
}

/// Teams without room and those who wait for them; answers the console of an agent who has room for everybody else.
async fn populate(system: &System, waiting: usize) -> anyhow::Result<Console> {
    let admin = system.admin().await?;
    let agent = system.agent(&admin).await?;
    admin.http.patch(&format!("/agents/{}", agent.id), json!({ "capacity": 1_000 })).await?.expect(200)?;
    for n in 0..TEAMS {
        let visitor = system.visitor().await?;
        let made = admin.http.post("/teams", json!({ "name": format!("Team {n}") })).await?.expect(201)?;
        let start = json!({ "team": made["team"]["id"] });
        let made = visitor.start(start, Some("is anybody there?")).await?;
        let id = made["id"].as_str().context("no id")?;
        copy(&system.database, id, waiting / TEAMS - 1)?;
    }
    let socket = agent.online().await?;
    Ok(Console { socket })
}

/// Lets so many more wait as this one does, a moment after each other.
fn copy(database: &Database, id: &str, times: usize) -> anyhow::Result<()> {
    let columns = database.value(
        "SELECT GROUP_CONCAT(column_name) FROM information_schema.columns WHERE table_schema = DATABASE() \
         AND table_name = 'conversations' AND column_name NOT IN ('id', 'start_key', 'queued_at')",
    )?;
    let unlike = &id[id.len() - 8..];
    database.sql(&format!(
        "INSERT INTO conversations (id, queued_at, {columns}) SELECT CONCAT('b10-', '{unlike}', '-', s.seq), \
         queued_at + s.seq, {columns} FROM conversations JOIN seq_1_to_{times} s WHERE id = '{id}'"
    ))?;
    Ok(())
}

struct Console {
    socket: Socket,
}

async fn first_message(system: &System, console: &mut Console) -> anyhow::Result<Duration> {
    let visitor = Visitor::arrive(&system.http()).await?;
    let begin = Instant::now();
    let id = visitor.ask_people("hello").await?;
    let said = |frame: &serde_json::Value| {
        frame["type"] == "entry"
            && frame["entry"]["conversation"] == id.as_str()
            && frame["entry"]["kind"] == "message"
    };
    console.socket.expect_where("the first message", PATIENCE, said).await?;
    Ok(begin.elapsed())
}
