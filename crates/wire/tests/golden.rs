//! One committed JSON per call, notice and view: what travels today must be readable tomorrow.
//!
//! Each sample is read into its type, written again, and compared with `golden/NAME.json`. After a wanted
//! change: `UPDATE_GOLDEN=1 cargo test -p switchboard-wire --test golden`, and look at the difference.
#![expect(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value, reason = "tests")]

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use switchboard_wire::call::{
    account, agent, append, article, assist, automation, ban, canned, conversation, edge, file, guest, guide,
    hook, identity, mail, mention, report, router, rule, saved_view, search, session, settings, system, team,
    visitor, watch, webhook,
};
use switchboard_wire::{Call, Request, notice, turn, view};

struct Goldens {
    seen: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Goldens {
    fn folder() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden")
    }

    /// The sample must survive its type unchanged, and be what is committed.
    fn check<T: Serialize + DeserializeOwned>(&mut self, name: &str, sample: Value) {
        let typed: T = serde_json::from_value(sample.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let written = serde_json::to_value(&typed).unwrap();
        let path = Self::folder().join(format!("{name}.json"));
        let text = format!("{}\n", serde_json::to_string_pretty(&written).unwrap());
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        if written != sample {
            self.wrong.push(format!("{name}: written again as {written}"));
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != text {
            self.wrong.push(format!("{name}: differs from {}", path.display()));
        }
        self.seen.insert(format!("{name}.json"));
    }

    /// A call, as it travels: with its credential, under its subject's name.
    fn call<C: Call>(&mut self, call: Value) {
        let by = json!({"kind": "staff", "token": "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"});
        self.check::<Request<C>>(C::NAME, json!({"by": by, "call": call}));
    }

    fn finish(self) {
        let committed = std::fs::read_dir(Self::folder()).unwrap();
        let committed =
            committed.map(|f| f.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>();
        let stray: Vec<_> = committed.difference(&self.seen).collect();
        assert!(self.wrong.is_empty() && stray.is_empty(), "stray {stray:?}\n{}", self.wrong.join("\n"));
    }
}

#[test]
fn what_travels_is_what_is_committed() {
    let mut g = Goldens { seen: BTreeSet::new(), wrong: vec![] };
    let hash = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";
    let at = "2026-11-23T09:04:00.000Z";

    g.call::<session::SignIn>(json!({"username": "maya", "password": "vier stille Kühe", "token_hash": hash, "address": "127.0.0.1", "agent": null}));
    g.call::<session::GetSession>(json!({}));
    g.call::<session::SignOut>(json!({}));
    g.call::<session::ChangePassword>(json!({"current": "a", "new": "b"}));
    g.call::<session::ListSessions>(json!({}));
    g.call::<session::RevokeSession>(json!({"id": "s1"}));
    g.call::<account::ListAccounts>(json!({"role": "agent", "limit": 50, "cursor": null}));
    g.call::<account::AddAccount>(
        json!({"role": "agent", "username": "maya", "display_name": "Maya", "capacity": 4, "teams": ["t1"], "skills": ["nl"]}),
    );
    g.call::<account::PatchAccount>(json!({"role": "admin", "id": "a1", "active": false, "display_name": null, "capacity": null, "teams": null, "skills": null}));
    g.call::<account::ResetPassword>(json!({"role": "agent", "id": "a1"}));
    g.call::<account::ListAudit>(json!({"limit": null, "cursor": "x"}));
    g.call::<team::ListTeams>(json!({"limit": null, "cursor": null}));
    g.call::<file::PutPiece>(json!({"conversation": "c1", "file": null, "name": "cat.png", "n": 0, "data": "iVBORw0KGgo=", "last": true}));
    g.call::<file::GetPiece>(json!({"conversation": "c1", "file": "f1", "n": 0}));
    let span = json!({"from": "09:00", "to": "17:00"});
    let rules = json!({
        "hours": {
            "zone": "Europe/Amsterdam", "week": [[span], [], [], [], [], [], []],
            "holidays": [{"date": "2026-12-25", "name": "Christmas"}],
        },
        "widen_s": 30, "silent_s": 900, "overflow": {"team": "t2", "after_s": 60},
    });
    g.call::<team::AddTeam>(json!({"name": "General", "answer_s": 60, "rules": null}));
    g.call::<team::PatchTeam>(json!({"id": "t1", "name": "Sales", "answer_s": null, "rules": rules}));
    g.call::<team::DeleteTeam>(json!({"id": "t1"}));
    g.call::<guide::ListGuides>(json!({}));
    g.call::<guide::GetGuide>(json!({"name": "hello"}));
    g.call::<guide::AddGuide>(json!({"name": "hello", "title": "Hello", "file": null, "team": "t1"}));
    g.call::<guide::PutDraft>(
        json!({"name": "hello", "edition": 1, "steps": [{"id": "a", "kind": "resolve"}]}),
    );
    g.call::<guide::PublishGuide>(json!({"name": "hello", "edition": 2, "version": null}));
    g.call::<guide::PatchGuide>(json!({"name": "hello", "title": "Good day"}));
    g.call::<guide::DeleteGuide>(json!({"name": "hello"}));
    g.call::<rule::ListRules>(json!({}));
    g.call::<rule::AddRule>(json!({"rule": {
        "name": "Sales", "on": true, "trigger": {"when": "started"},
        "conditions": [{"if": "email", "known": true}], "actions": [{"then": "tag", "tag": "sales"}], "stop": false
    }}));
    g.call::<rule::PatchRule>(json!({
        "id": "r1", "name": null, "on": false, "trigger": null, "conditions": null, "actions": null, "stop": null,
        "edition": "3fa9c2d1b7e60a54"
    }));
    g.call::<rule::OrderRules>(json!({"ids": ["r2", "r1"]}));
    g.call::<rule::DeleteRule>(json!({"id": "r1"}));
    g.call::<rule::TryRule>(json!({
        "rule": {
            "name": "Sales", "on": true, "trigger": {"when": "rated", "at_most": 2}, "conditions": [],
            "actions": [{"then": "resolve"}], "stop": true
        },
        "conversation": null,
        "sample": {
            "text": "refund", "waited_s": 60, "rating": 1, "tags": ["vip"], "priority": "high", "team": "t1",
            "name": "Ada", "email": "ada@example.org", "page": "/price"
        }
    }));
    g.call::<rule::ListRuleRuns>(json!({"rule": "r1", "conversation": null, "limit": 50, "cursor": null}));
    g.call::<guide::TryGuide>(json!({
        "steps": [{"id": "a", "kind": "resolve"}], "state": null, "text": "hi", "known": {}, "locale": "en", "page": null,
        "calls_fail": false
    }));
    g.call::<canned::ListCanned>(json!({"limit": 50, "cursor": null}));
    g.call::<canned::AddCanned>(
        json!({"shortcut": "refund", "text": "Hi {{visitor.first_name|there}}", "scope": "team", "team": "t1"}),
    );
    g.call::<canned::PatchCanned>(json!({"id": "k1", "shortcut": null, "text": "Hello"}));
    g.call::<canned::DeleteCanned>(json!({"id": "k1"}));
    g.call::<search::Search>(json!({"q": "refund \"last week\"", "limit": 20, "cursor": null}));
    g.call::<saved_view::ListViews>(json!({}));
    let filter = json!({"view": "all", "status": "open", "tag": "vip", "team": "t1", "q": "ada"});
    g.call::<saved_view::AddView>(json!({"name": "Late refunds", "scope": "own", "filter": filter}));
    g.call::<saved_view::PatchView>(json!({"id": "w1", "name": "Refunds", "filter": null}));
    g.call::<saved_view::DeleteView>(json!({"id": "w1"}));
    g.call::<router::GetUnindexed>(json!({"after": "c1", "limit": 500}));
    g.call::<router::IndexLines>(json!({"conversations": ["c1", "c2"]}));
    g.call::<assist::Assist>(
        json!({"task": "draft", "lines": [{"by": "visitor", "text": "Where is my parcel?"}, {"by": "note", "text": "VIP"}]}),
    );
    g.call::<article::ListArticles>(json!({"q": "refund", "limit": 50, "cursor": null}));
    g.call::<article::GetArticle>(json!({"id": "h1"}));
    g.call::<article::AddArticle>(json!({"title": "How do refunds work?", "slug": "refunds", "body": "Within **14 days**.", "language": "en", "keywords": ["money back"], "published": true}));
    g.call::<article::PatchArticle>(json!({"id": "h1", "version": 3, "title": null, "slug": null, "body": null, "language": null, "keywords": null, "published": false}));
    g.call::<article::DeleteArticle>(json!({"id": "h1"}));
    g.call::<article::SearchArticles>(json!({"query": "money back?", "locale": "en-GB", "limit": 3}));
    g.call::<article::GetHelp>(json!({"slug": "refunds"}));
    g.call::<article::ListHelp>(json!({}));
    g.call::<article::RateArticle>(json!({"slug": "refunds", "conversation": "c1", "helpful": true}));
    g.call::<report::GetReport>(json!({"from": "2026-11-20", "to": "2026-11-26", "zone": "Europe/Berlin"}));
    g.call::<report::GetReportRows>(
        json!({"from": "2026-11-20", "to": null, "zone": null, "after": "1795417200000 c1"}),
    );
    let form = json!({"ask_name": "optional", "ask_email": "required", "intro": "Hello", "fields": [
        {"key": "plan", "label": "Your plan", "kind": "choice", "required": true, "choices": ["free", "paid"]},
        {"key": "terms", "label": "I agree", "kind": "checkbox", "required": false}
    ]});
    g.call::<settings::GetSettings>(json!({}));
    g.call::<system::GetSystem>(json!({}));
    let mail = json!({"replies": true, "after_minutes": 10, "ready": false});
    g.call::<settings::PutSettings>(
        json!({"settings": {"pre_chat": form, "retention_days": 90, "mail": mail, "typing_preview": true}}),
    );
    g.call::<ban::ListBans>(json!({"limit": 50, "cursor": null}));
    g.call::<ban::AddBan>(
        json!({"visitor": null, "email": null, "address": "192.0.2.7", "term": "7d", "reason": "spam"}),
    );
    g.call::<ban::LiftBan>(json!({"id": "b1"}));
    g.call::<ban::BanVisitor>(json!({"conversation": "c1", "term": "1d", "reason": null}));
    g.call::<identity::ListIdentityKeys>(json!({}));
    g.call::<identity::AddIdentityKey>(json!({"name": "shop, 2026"}));
    g.call::<identity::RevokeIdentityKey>(json!({"id": "k1"}));
    g.call::<mail::OpenMail>(json!({"link": hash, "token_hash": hash}));
    g.call::<mail::StopMail>(json!({"link": hash}));
    g.call::<mail::MailTranscript>(json!({"id": "c1", "zone": "Europe/Berlin"}));
    g.call::<mail::ListMails>(json!({"limit": 50, "cursor": null}));
    g.call::<guest::FindVisitors>(json!({"q": "ada@", "limit": null}));
    g.call::<guest::ExportVisitor>(json!({"id": "v1", "cursor": "c1 17"}));
    g.call::<guest::EraseVisitor>(json!({"id": "v1"}));
    g.call::<guest::MergeVisitors>(json!({"keep": "v1", "other": "v2"}));
    g.call::<guest::MergeHere>(json!({"keep": "c1", "other": "c2"}));
    g.call::<mention::ListMentions>(json!({"limit": 50, "cursor": null}));
    g.call::<mention::ReadMentions>(json!({"conversation": "c1"}));
    g.call::<watch::ListHeld>(json!({"agent": "a1", "limit": null}));
    g.call::<watch::Watch>(json!({"id": "c1", "after": 4}));
    g.call::<watch::Whisper>(
        json!({"id": "c1", "client_msg_id": "0123456789abcdef", "text": "offer a refund"}),
    );
    g.call::<automation::ListAutomations>(json!({}));
    g.call::<automation::PatchAutomation>(
        json!({"name": "mat", "active": true, "public": null, "deadline_ms": 5000, "rules": {"concurrency": 8, "handoff_team": "t1", "hours": null, "team_hours": {"team": "t2", "when": "closed"}, "outside": "people"}}),
    );
    g.call::<hook::AddHook>(json!({"name": "orders", "title": "Orders", "description": "", "url": "https://hooks.example.org/turn"}));
    g.call::<hook::PatchHook>(
        json!({"name": "orders", "title": null, "description": "Where orders are.", "url": null}),
    );
    g.call::<hook::RotateHook>(json!({"name": "orders"}));
    g.call::<hook::DeleteHook>(json!({"name": "orders"}));
    g.call::<hook::TryHook>(json!({"name": "orders", "text": "where is my order?"}));
    g.call::<hook::GetHooks>(json!({}));
    g.call::<webhook::ListWebhooks>(json!({}));
    g.call::<webhook::AddWebhook>(
        json!({"name": "CRM", "url": "https://crm.example.org/in", "events": ["conversation.started"]}),
    );
    g.call::<webhook::PatchWebhook>(
        json!({"id": "w1", "name": null, "url": null, "events": ["message.visitor"], "active": true}),
    );
    g.call::<webhook::RotateWebhook>(json!({"id": "w1"}));
    g.call::<webhook::DeleteWebhook>(json!({"id": "w1"}));
    g.call::<webhook::TestWebhook>(json!({"id": "w1"}));
    g.call::<webhook::ListWebhookDeliveries>(
        json!({"id": "w1", "state": "failed", "limit": 50, "cursor": null}),
    );
    g.call::<webhook::ReplayWebhook>(json!({"id": "w1", "event": null}));
    g.call::<agent::GetPresence>(json!({}));
    g.call::<agent::PutPresence>(json!({"status": "online"}));
    g.call::<agent::GetDirectory>(json!({}));
    g.call::<conversation::ListConversations>(
        json!({"view": "queue", "status": "open", "q": "ada", "limit": 50, "cursor": null}),
    );
    g.call::<conversation::GetConversation>(json!({"id": "c1"}));
    g.call::<conversation::GetEntries>(json!({"id": "c1", "after": 3, "before": null, "limit": null}));
    g.call::<conversation::Claim>(json!({"id": "c1", "fence": 2}));
    g.call::<conversation::Transfer>(json!({"id": "c1", "fence": 2, "to": {"team": "t1"}, "note": "please"}));
    g.call::<conversation::Resolve>(json!({"id": "c1", "fence": 2}));
    g.call::<conversation::Reopen>(json!({"id": "c1", "fence": 2}));
    g.call::<conversation::Snooze>(json!({"id": "c1", "fence": 2, "until": at}));
    g.call::<conversation::Prioritise>(json!({"id": "c1", "priority": "high"}));
    g.call::<conversation::TagConversation>(json!({"id": "c1", "add": ["refund"], "remove": ["new"]}));
    g.call::<conversation::Handoff>(json!({"id": "c1"}));
    g.call::<conversation::Rate>(json!({"id": "c1", "score": 5, "comment": "thanks"}));
    g.call::<visitor::ArriveVisitor>(
        json!({"token_hash": hash, "name": "Ada", "email": null, "locale": "de", "page": "/", "inbox": null, "attributes": {"plan": "free"}, "address": "192.0.2.7", "identity": "h.c.s"}),
    );
    g.call::<visitor::GetVisitorDirectory>(json!({}));
    g.call::<visitor::ListOwnConversations>(json!({"limit": null, "cursor": null}));
    g.call::<visitor::StartConversation>(
        json!({"to": {"automation": "mat"}, "client_msg_id": "0123456789abcdef", "text": "how are you?"}),
    );
    let item = json!({"by": {"kind": "visitor", "token": hash}, "conversation": "c1", "kind": "message", "client_msg_id": "0123456789abcdef", "text": "hello", "want_entry": true});
    g.call::<append::AppendEntries>(json!({"items": [item]}));
    g.call::<edge::Greet>(json!({}));
    let place = json!({"conversation": "c1", "epoch": "e", "last_seq": 4, "last_id": "e4"});
    g.call::<edge::GreetMany>(json!({"visitors": [{"token": hash, "resume": [place]}]}));
    g.call::<edge::Follow>(json!({"conversation": "c1", "last_seq": 4, "last_id": "e4"}));
    g.call::<edge::GetLines>(json!({"conversation": "c1", "after": 4, "audience": "visitor"}));
    g.call::<edge::GetStates>(json!({"ids": ["c1"]}));
    g.call::<edge::GetSummaries>(json!({"ids": ["c1"]}));
    g.call::<edge::Leases>(json!({"sessions": [hash]}));
    g.call::<edge::GetCutOff>(json!({"within_ms": 60000}));
    g.call::<edge::GetPreviews>(json!({}));
    g.call::<edge::TouchSessions>(json!({"sessions": [hash]}));
    g.call::<edge::MarkRead>(json!({"conversation": "c1", "seq": 4}));
    g.call::<edge::Ping>(json!({}));
    g.call::<router::GetBoard>(json!({"within_reach": true}));
    g.call::<router::GetDue>(json!({"limit": 64}));
    g.call::<router::GetTurn>(json!({"conversation": "c1"}));
    let reply = json!({"messages": [{"text": "mat mat mat?"}], "then": "wait"});
    g.call::<router::ApplyReply>(
        json!({"conversation": "c1", "fence": 1, "automation": "mat", "first": 2, "seq": 2, "reply": reply}),
    );
    g.call::<router::FailTurn>(json!({"conversation": "c1", "fence": 1, "automation": "mat", "seq": 2, "attempts": 1, "retry_in_ms": 200, "error": "no answer"}));
    g.call::<router::Assign>(json!({"conversation": "c1", "fence": 1, "agent": "a1"}));
    g.call::<router::Lapse>(json!({"conversation": "c1", "fence": 1}));
    g.call::<router::Wake>(json!({"conversation": "c1"}));
    g.call::<router::RetireAgent>(json!({"agent": "a1"}));
    g.call::<router::Sweep>(json!({}));
    g.call::<router::RecordAutomations>(
        json!({"found": [{"name": "echo", "title": "Echo", "description": "Says it again"}]}),
    );

    let conversation = json!({
        "id": "c1", "status": "open", "owner": {"kind": "agent", "id": "a1", "name": "Maya"}, "fence": 3, "head": 9,
        "head_id": "e9", "visitor": {"id": "v1", "name": "Ada", "verified": false}, "team": "t1", "tags": ["vip"],
        "queue": {"position": 2}, "channel": "web", "created_at": at, "updated_at": at
    });
    let mut summary = conversation.clone();
    summary
        .as_object_mut()
        .unwrap()
        .extend(json!({"preview": "hello", "unread": 2, "waiting_since": at}).as_object().unwrap().clone());
    let entry = json!({
        "conversation": "c1", "seq": 9, "id": "e9", "at": at, "kind": "message",
        "author": {"kind": "visitor", "id": "v1", "name": "Ada"}, "body": {"text": "hello"},
        "client_msg_id": "0123456789abcdef"
    });
    g.check::<view::Conversation>("view.conversation", conversation.clone());
    g.check::<view::Summary>("view.summary", summary);
    g.check::<view::Line>(
        "view.line",
        json!({"seq": 9, "public": true, "public_before": 8, "id": "e9", "entry": entry}),
    );
    g.check::<view::Account>("view.account", json!({"id": "a1", "username": "maya", "display_name": "Maya", "role": "agent", "active": true, "must_change_password": false, "created_at": at, "capacity": 4, "teams": ["t1"], "skills": ["nl"]}));
    g.check::<turn::TurnRequest>("turn.request", json!({
        "turn": "c1.1.2", "event_id": "c1.1.2.1", "conversation": "c1", "fence": 1,
        "visitor": {"id": "v1", "name": "Ada", "verified": false},
        "messages": [{"seq": 2, "text": "how are you?", "at": at}], "history": [entry], "attempt": 1, "deadline_ms": 5000
    }));
    g.check::<turn::TurnReply>(
        "turn.reply",
        json!({
            "messages": [{"text": "Which one?", "choices": [{"label": "A", "value": "a"}]}],
            "then": {"handoff": {"team": "t1", "reason": "asked for a person", "note": "She asked for Maya."}}, "tags": ["billing"],
            "state": "step 2", "visitor": {"name": "Ada", "email": "ada@example.com", "attributes": {"plan": "pro"}}
        }),
    );
    g.check::<turn::Working>(
        "turn.working",
        json!({"working": true, "extend_ms": 3000, "text": "The parcel"}),
    );
    let state = json!({
        "conversation": conversation, "public_head": 8, "public_head_id": "e8", "preview": "hello", "inbound": 4,
        "waiting_since": at, "due_at": null
    });
    g.check::<notice::StateNotice>("evt.state", json!({"state": state, "changed": true}));
    g.check::<notice::Ended>("evt.ended", json!({"sessions": [hash], "reason": "revoked"}));
    g.check::<notice::PresenceNotice>("evt.presence", json!({"agent": "a1", "status": "online"}));
    g.check::<notice::Typing>(
        "evt.typing",
        json!({"conversation": "c1", "author": {"kind": "agent", "id": "a1", "name": "Maya"}}),
    );
    g.check::<notice::Looking>(
        "evt.looking",
        json!({"conversation": "c1", "author": {"kind": "agent", "id": "a1", "name": "Maya"}}),
    );
    let mention = json!({
        "id": "e9", "conversation": "c1", "seq": 9, "visitor": "Ada", "by": "Tom", "preview": "@maya look",
        "at": at, "read": false
    });
    g.check::<notice::Mentioned>("evt.mentioned", json!({"agent": "a1", "mention": mention}));
    g.check::<notice::Read>("evt.read", json!({"conversation": "c1", "by": "agent", "seq": 9}));
    g.check::<notice::Queue>("evt.queue", json!({"places": [["c1", 2, null]]}));
    g.check::<notice::Beat>("evt.beat", json!({"incarnation": "i1", "counts": [0, 3], "epoch": "x"}));
    g.check::<edge::CutOff>("evt.cut_off", json!({"visitors": ["v1"]}));
    g.check::<notice::Erased>("evt.erased", json!({"conversations": ["c1"]}));
    g.check::<notice::HooksChanged>("evt.hooks", json!({}));
    g.check::<notice::RulesChanged>("evt.rules", json!({}));
    g.check::<notice::DeliveriesQueued>("evt.deliveries", json!({}));
    let node = json!({"id": "n1", "version": "0.1.0", "up_s": 60, "visitors": 2, "agents": 1});
    g.check::<notice::Roll>("evt.roll", json!({"ask": "q1", "node": node}));
    g.check::<notice::Here>("evt.here", json!({"node": "n1", "agents": ["a1"]}));

    let frames = [
        (
            "frame.hello",
            json!({"type": "hello", "token": "t", "resume": [{"conversation": "c1", "epoch": "x", "last_seq": 4, "last_id": "e4"}]}),
        ),
        (
            "frame.send",
            json!({"type": "send", "conversation": "c1", "client_msg_id": "0123456789abcdef", "body": {"text": "hi"}}),
        ),
        (
            "frame.resume",
            json!({"type": "resume", "conversation": "c1", "epoch": null, "last_seq": 0, "last_id": null}),
        ),
        ("frame.read", json!({"type": "read", "conversation": "c1", "seq": 4})),
        ("frame.typing", json!({"type": "typing", "conversation": "c1", "text": "hel"})),
    ];
    for (name, frame) in frames {
        g.check::<view::FromClient>(name, frame);
    }
    let frames = [
        (
            "frame.ack",
            json!({"type": "ack", "client_msg_id": "0123456789abcdef", "conversation": "c1", "seq": 9, "id": "e9", "at": at}),
        ),
        (
            "frame.nack",
            json!({"type": "nack", "client_msg_id": "0123456789abcdef", "code": "rate_limited", "detail": "slower", "retry_after": 1.5}),
        ),
        ("frame.reset", json!({"type": "reset", "conversation": "c1", "reason": "epoch"})),
        ("frame.bye", json!({"type": "bye", "code": 4003, "reason": "revoked"})),
        ("frame.mention", json!({"type": "mention", "mention": mention})),
        ("frame.queue", json!({"type": "queue", "conversation": "c1", "position": 3})),
    ];
    for (name, frame) in frames {
        g.check::<view::FromServer>(name, frame);
    }
    g.finish();
}

#[test]
fn frames_of_unknown_type_are_ignored_not_refused() {
    let frame: view::FromClient = serde_json::from_str(r#"{"type":"dance","tempo":3}"#).unwrap();
    assert_eq!(frame, view::FromClient::Unknown);
}
