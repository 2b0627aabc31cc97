//! How teams work: hours, help, skills, silence, and what becomes of those who wait for a team that is deleted.

use switchboard_domain::clock::rfc3339;
use switchboard_domain::{Millis, Role};
use switchboard_wire::call::account::PatchAccount;
use switchboard_wire::call::conversation::{Claim, GetConversation, GetEntries, Prioritise};
use switchboard_wire::call::router::{Assign, Board, GetBoard, Sweep};
use switchboard_wire::call::team::{AddTeam, DeleteTeam, ListTeams, PatchTeam};
use switchboard_wire::call::visitor::{ArriveVisitor, GetVisitorDirectory, StartWith};
use switchboard_wire::view::{Holiday, Hours, HoursSpan, Overflow, Team, TeamRules};
use switchboard_wire::{Credential, Failure, Problem};

use crate::on_both;
use crate::people::Person;
use crate::world::{World, problem};

on_both!(
    a_closed_team_takes_messages_and_gives_nothing_out,
    rules_that_make_no_sense_are_refused,
    another_team_helps_out,
    what_is_within_reach_is_what_somebody_could_take,
    skills_and_needs_are_on_the_board,
    the_silent_leave_room,
    who_waits_for_a_deleted_team_keeps_the_place,
    a_team_deleted_by_hand_is_nobodys,
    the_urgent_go_first,
);

const DAY_MS: Millis = 86_400_000;

impl World {
    async fn team(&self, admin: &Person, name: &str, rules: Option<TeamRules>) -> Team {
        let call = AddTeam { name: name.into(), answer_s: None, rules };
        self.call(&admin.by, call).await.unwrap().team
    }

    async fn set_rules(&self, admin: &Person, team: &Team, rules: TeamRules) -> Result<Team, Failure> {
        let call = PatchTeam { id: team.id.clone(), name: None, answer_s: None, rules: Some(rules) };
        self.call(&admin.by, call).await.map(|answer| answer.team)
    }

    async fn change_agent(&self, admin: &Person, agent: &Person, teams: &[&Team], skills: &[&str]) {
        let call = PatchAccount {
            role: Role::Agent,
            id: agent.id.clone(),
            active: None,
            display_name: None,
            capacity: None,
            teams: Some(teams.iter().map(|team| team.id.clone()).collect()),
            skills: Some(skills.iter().map(ToString::to_string).collect()),
        };
        let account = self.call(&admin.by, call).await.unwrap().account;
        assert_eq!(account.skills.map(|skills| skills.len()), Some(skills.len()));
    }

    async fn board(&self) -> Board {
        self.house(GetBoard::default()).await
    }

    async fn assign(&self, c: &str, fence: i64, agent: &Person) -> Result<(), Failure> {
        let call = Assign { conversation: c.into(), fence, agent: agent.id.clone() };
        self.call(&Credential::Component, call).await
    }

    /// Open all week, but not on these days.
    fn all_week(&self, closed_in_days: &[Millis]) -> Hours {
        let now = switchboard_domain::Clock::now(self.clock.as_ref());
        let day = |days: &Millis| Holiday {
            date: rfc3339(now + days * DAY_MS).chars().take(10).collect(),
            name: String::new(),
        };
        let always = || vec![HoursSpan { from: "00:00".into(), to: "24:00".into() }];
        Hours {
            zone: "UTC".into(),
            week: std::array::from_fn(|_| always()),
            holidays: closed_in_days.iter().map(day).collect(),
        }
    }
}

fn team(team: &Team) -> StartWith {
    StartWith::Team(team.id.clone())
}

async fn a_closed_team_takes_messages_and_gives_nothing_out(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let rules = TeamRules { hours: Some(world.all_week(&[-1, 0])), ..TeamRules::default() };
    let sales = world.team(&admin, "Sales", Some(rules)).await;
    world.change_agent(&admin, &maya, &[&sales], &[]).await;
    let visitor = world.visitor().await;
    let shown = async || {
        let teams = world.call(&visitor.by, GetVisitorDirectory {}).await.unwrap().people.teams;
        teams.into_iter().find(|team| team.id == sales.id).unwrap()
    };
    let before = shown().await;
    assert!(
        !before.available && before.opens_at.as_ref().is_some_and(|at| at.contains("T00:00:00")),
        "{before:?}"
    );
    let c = world.begin(&visitor, team(&sales)).await;
    assert_eq!(world.events(&visitor, &c.id).await, ["started", "left_message"]);
    assert!(!world.board().await.teams[0].open);
    assert_eq!(problem(world.assign(&c.id, c.fence, &maya).await), Problem::Stale, "closed");
    // An agent may take what waits for a closed team.
    let taken = world.begin(&visitor, team(&sales)).await;
    world.call(&maya.by, Claim { id: taken.id, fence: taken.fence }).await.unwrap();
    // It opens by itself.
    world.clock.forward(DAY_MS);
    let after = shown().await;
    assert!(after.available && after.opens_at.is_none(), "{after:?}");
    assert!(world.board().await.teams[0].open);
    let next = world.begin(&visitor, team(&sales)).await;
    assert_eq!(world.events(&visitor, &next.id).await, ["started"]);
    world.assign(&c.id, c.fence, &maya).await.unwrap();
}

async fn rules_that_make_no_sense_are_refused(world: World) {
    let admin = world.admin().await;
    let sales = world.team(&admin, "Sales", None).await;
    let never = Hours { week: std::array::from_fn(|_| vec![]), ..world.all_week(&[]) };
    let nowhere = Hours { zone: "Mars/Olympus".into(), ..world.all_week(&[]) };
    let helps = |team: &str, after_s| Some(Overflow { team: team.into(), after_s });
    let base = TeamRules::default;
    let bad = [
        ("rules.hours", TeamRules { hours: Some(never), ..base() }),
        ("rules.hours", TeamRules { hours: Some(nowhere), ..base() }),
        ("rules.widen_s", TeamRules { widen_s: -1, ..base() }),
        ("rules.silent_s", TeamRules { silent_s: 1, ..base() }),
        ("rules.overflow.team", TeamRules { overflow: helps(&sales.id, 0), ..base() }),
        ("rules.overflow.team", TeamRules { overflow: helps("nobody", 0), ..base() }),
        ("rules.overflow.after_s", TeamRules { overflow: helps(&sales.id, 86_401), ..base() }),
    ];
    for (field, rules) in bad {
        let refused = world.set_rules(&admin, &sales, rules).await.unwrap_err();
        assert!(refused.errors.contains_key(field), "{refused:?}");
    }
    let teams = world.call(&admin.by, ListTeams { limit: None, cursor: None }).await.unwrap().items;
    assert!(teams.iter().all(|team| team.rules == TeamRules::default()), "nothing was half written");
}

async fn another_team_helps_out(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let (sales, support) =
        (world.team(&admin, "Sales", None).await, world.team(&admin, "Support", None).await);
    world.change_agent(&admin, &maya, &[&support], &[]).await;
    let visitor = world.visitor().await;
    let alone = world.begin(&visitor, team(&sales)).await;
    assert_eq!(world.events(&visitor, &alone.id).await, ["started", "left_message"]);
    assert_eq!(problem(world.assign(&alone.id, alone.fence, &maya).await), Problem::Stale);
    let overflow = Some(Overflow { team: support.id.clone(), after_s: 60 });
    let rules = TeamRules { overflow, ..TeamRules::default() };
    assert_eq!(world.set_rules(&admin, &sales, rules.clone()).await.unwrap().rules, rules);
    let board = world.board().await;
    assert_eq!(board.teams[0].helper.as_ref(), Some(&support.id));
    assert_eq!((board.teams[0].helps_after_ms, board.teams[0].widen_ms), (60_000, 30_000));
    let helped = world.begin(&visitor, team(&sales)).await;
    assert_eq!(world.events(&visitor, &helped.id).await, ["started"], "somebody is there who helps");
    world.assign(&alone.id, alone.fence, &maya).await.unwrap();
    // A team that is closed helps nobody.
    let closed = TeamRules { hours: Some(world.all_week(&[-1, 0, 1])), ..TeamRules::default() };
    world.set_rules(&admin, &support, closed).await.unwrap();
    assert_eq!(world.board().await.teams[0].helper, None);
}

async fn what_is_within_reach_is_what_somebody_could_take(world: World) {
    let admin = world.admin().await;
    let (sales, support) =
        (world.team(&admin, "Sales", None).await, world.team(&admin, "Support", None).await);
    let maya = world.online_agent(&admin, "maya", Some(1)).await;
    world.change_agent(&admin, &maya, &[&support], &[]).await;
    let visitor = world.visitor().await;
    let anybodys = world.begin(&visitor, StartWith::People).await;
    let sold = world.begin(&visitor, team(&sales)).await;
    let reach = async || {
        let board = world.house(GetBoard { within_reach: true }).await;
        let waiting: Vec<String> = board.waiting.into_iter().map(|row| row.conversation).collect();
        (waiting, board.queued)
    };
    assert_eq!(reach().await, (vec![anybodys.id.clone()], 2), "nobody of the other team is there");
    let overflow = Some(Overflow { team: support.id.clone(), after_s: 60 });
    world.set_rules(&admin, &sales, TeamRules { overflow, ..TeamRules::default() }).await.unwrap();
    let (mut both, queued) = reach().await;
    both.sort();
    assert_eq!((both, queued), (vec![anybodys.id.clone(), sold.id.clone()], 2), "who helps could");
    world.assign(&anybodys.id, anybodys.fence, &maya).await.unwrap();
    assert_eq!(reach().await, (vec![], 1), "there is no room left");
    assert_eq!(world.board().await.waiting.len(), 1);
}

async fn skills_and_needs_are_on_the_board(world: World) {
    let (admin, maya) = world.agent("maya").await;
    world.change_agent(&admin, &maya, &[], &["NL", "billing"]).await;
    let visitor = world.visitor().await;
    let Credential::Visitor(token) = visitor.by.clone() else { unreachable!() };
    let call =
        ArriveVisitor { locale: Some("nl-BE".into()), token_hash: Some(token), ..ArriveVisitor::default() };
    world.call(&visitor.by, call).await.unwrap();
    world.begin(&visitor, StartWith::People).await;
    let board = world.board().await;
    assert_eq!(board.agents[0].skills, ["billing", "nl"]);
    assert_eq!(board.waiting[0].needs, ["nl"]);
    let many: Vec<String> = (0..21).map(|n| format!("s{n}")).collect();
    let call = PatchAccount {
        role: Role::Agent,
        id: maya.id.clone(),
        active: None,
        display_name: None,
        capacity: None,
        teams: None,
        skills: Some(many),
    };
    assert!(world.call(&admin.by, call).await.unwrap_err().errors.contains_key("skills"));
}

async fn the_silent_leave_room(world: World) {
    let admin = world.admin().await;
    let maya = world.online_agent(&admin, "maya", Some(1)).await;
    let sales = world.team(&admin, "Sales", Some(TeamRules { silent_s: 60, ..TeamRules::default() })).await;
    world.change_agent(&admin, &maya, &[&sales], &[]).await;
    let visitor = world.visitor().await;
    let (one, two) = (world.begin(&visitor, team(&sales)).await, world.begin(&visitor, team(&sales)).await);
    world.assign(&one.id, one.fence, &maya).await.unwrap();
    world.clock.forward(61_000);
    assert_eq!(world.board().await.agents[0].open, 1, "the visitor waits for an answer");
    world.say(&maya, &one.id, "how can I help?").await.unwrap();
    assert_eq!(problem(world.assign(&two.id, two.fence, &maya).await), Problem::Taken);
    world.clock.forward(61_000);
    assert_eq!(world.board().await.agents[0].open, 0, "nobody has spoken for a minute");
    world.assign(&two.id, two.fence, &maya).await.unwrap();
    world.say(&visitor, &one.id, "sorry, I was away").await.unwrap();
    assert_eq!(world.board().await.agents[0].open, 2, "it counts again");
}

async fn who_waits_for_a_deleted_team_keeps_the_place(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let support = world.team(&admin, "Support", None).await;
    let overflow = Some(Overflow { team: support.id.clone(), after_s: 3_600 });
    let sales = world.team(&admin, "Sales", Some(TeamRules { overflow, ..TeamRules::default() })).await;
    world.change_agent(&admin, &maya, &[&sales], &[]).await;
    let visitor = world.visitor().await;
    let waits = world.begin(&visitor, team(&sales)).await;
    let held = world.begin(&visitor, team(&sales)).await;
    world.assign(&held.id, held.fence, &maya).await.unwrap();
    let queued_at = world.board().await.waiting[0].queued_at;
    world.call(&admin.by, DeleteTeam { id: sales.id.clone() }).await.unwrap();
    assert_eq!(problem(world.call(&admin.by, DeleteTeam { id: sales.id.clone() }).await), Problem::NotFound);
    let board = world.board().await;
    assert_eq!((board.waiting[0].team.as_ref(), board.waiting[0].queued_at), (Some(&support.id), queued_at));
    assert_eq!(board.waiting[0].fence, waits.fence, "nobody took it from anybody");
    let seen = world.call(&maya.by, GetConversation { id: held.id.clone() }).await.unwrap();
    assert_eq!((seen.owner.kind.as_str(), seen.team), ("agent", Some(support.id.clone())));
    // The next one deletes what helped: now it is everybody's.
    world.call(&admin.by, DeleteTeam { id: support.id }).await.unwrap();
    let board = world.board().await;
    assert_eq!((board.waiting[0].team.as_ref(), board.waiting[0].queued_at), (None, queued_at));
    world.assign(&waits.id, waits.fence, &maya).await.unwrap();
    world.house(Sweep {}).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM lost_teams"), 0, "and forgotten");
}

async fn a_team_deleted_by_hand_is_nobodys(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let sales = world.team(&admin, "Sales", None).await;
    let visitor = world.visitor().await;
    let open = world.begin(&visitor, team(&sales)).await;
    let ended = world.begin(&visitor, team(&sales)).await;
    world
        .call(
            &visitor.by,
            switchboard_wire::call::conversation::Resolve { id: ended.id.clone(), fence: None },
        )
        .await
        .unwrap();
    assert_eq!(
        problem(world.call(&maya.by, GetConversation { id: ended.id.clone() }).await),
        Problem::NotFound
    );
    world.database.sql("DELETE FROM teams WHERE name = 'Sales'").unwrap();
    world.house(Sweep {}).await;
    assert_eq!(world.board().await.waiting[0].team, None);
    for id in [&open.id, &ended.id] {
        assert_eq!(world.call(&maya.by, GetConversation { id: id.clone() }).await.unwrap().team, None);
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM lost_teams"), 0);
}

async fn the_urgent_go_first(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let (one, two) =
        (world.begin(&visitor, StartWith::People).await, world.begin(&visitor, StartWith::People).await);
    let say = |priority: &str| Prioritise { id: two.id.clone(), priority: priority.into() };
    assert!(world.call(&maya.by, say("important")).await.unwrap_err().errors.contains_key("priority"));
    let shown = world.call(&maya.by, say("urgent")).await.unwrap();
    assert_eq!((shown.priority.as_deref(), shown.fence), (Some("urgent"), two.fence));
    let order: Vec<String> = world.board().await.waiting.into_iter().map(|row| row.conversation).collect();
    assert_eq!(order, [two.id.clone(), one.id]);
    let entries = GetEntries { id: two.id.clone(), after: Some(0), before: None, limit: None };
    assert_eq!(world.call(&maya.by, entries).await.unwrap().items.len(), 1, "no entry says so");
    let seen = world.call(&visitor.by, GetConversation { id: two.id.clone() }).await.unwrap();
    assert_eq!(seen.priority, None, "for staff");
}
