//! A visitor arrives, or tells more.

use super::prove::{self, Proven};
use crate::audit::cut;
use crate::cx::Cx;
use crate::gate::{self, Actor};
use crate::halt::Outcome;
use crate::limits::{GREET_VISITOR, VISIT_AFTER_MS};
use crate::run::Handle;
use crate::webhooks;
use serde_json::json;
use switchboard_domain::ban::{address_key, email_key};
use switchboard_domain::identity::Identity;
use switchboard_domain::limits::PAGE_CHARS;
use switchboard_domain::webhook::EventKind;
use switchboard_domain::{TokenHash, VisitorId, account as rules, attributes};
use switchboard_storage::details::{self, Details};
use switchboard_storage::visitor::{self, Visitor};
use switchboard_storage::{ban, conversation};
use switchboard_wire::Failure;
use switchboard_wire::call::visitor::{ArriveVisitor, Arrived};
use switchboard_wire::notice::{Notice, StateNotice};
use switchboard_wire::view::{self, State};

impl Handle for ArriveVisitor {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Arrived> {
        let told = Told::read(&self)?;
        let identity = match &self.identity {
            Some(token) => Some(prove::read(cx, token).await?),
            None => None,
        };
        let settled = match &identity {
            Some(identity) => {
                prove::settle(cx, actor.known_visitor(), identity, self.token_hash.as_ref()).await?
            }
            None => actor
                .known_visitor()
                .map_or(Proven::Nobody, |known| Proven::Same { visitor: known.clone(), joined: false }),
        };
        let (known, joined, other) = match settled {
            Proven::Same { visitor, joined } => (Some(visitor), joined, false),
            Proven::Other(visitor) => (Some(visitor), false, true),
            Proven::Nobody => (None, false, true),
        };
        let mut details = match &known {
            Some(known) => details::get(&mut cx.tx, &known.id).await?,
            None => Details::default(),
        };
        let before = details.clone();
        details.attributes = attributes::over(&details.attributes, &self.attributes)
            .map_err(|(key, bad)| Failure::invalid(&field(&key), &bad))?;
        details.address = self.address.map(address_key).or(details.address);
        let row = match &known {
            Some(known) => told.over(known, identity.as_ref()),
            None => {
                let token = self.token_hash.ok_or_else(Failure::unauthenticated)?;
                told.over(&blank(token, cx), identity.as_ref())
            }
        };
        details.email_key = row.email.as_deref().map(email_key);
        refuse_banned(cx, &details).await?;
        match &known {
            Some(known) => update(cx, known, &row, joined).await?,
            None => {
                visitor::insert(&mut cx.tx, &row).await?;
                if let Some(identity) = &identity {
                    prove::bind(cx, identity, &row.id).await?;
                }
            }
        }
        let said_more = known.is_some_and(|known| {
            (&known.name, &known.email) != (&row.name, &row.email) || details.attributes != before.attributes
        });
        if details != before {
            details::put(&mut cx.tx, &row.id, &details).await?;
        }
        let visitor = view::Visitor {
            id: row.id.into(),
            name: row.name,
            email: row.email,
            locale: row.locale,
            page: row.page,
            verified: row.verified,
            attributes: details.attributes,
        };
        if said_more {
            let data = json!({ "visitor": visitor });
            webhooks::happened(cx, EventKind::VisitorUpdated, &visitor.id, 0, &data).await?;
        }
        Ok(Arrived { visitor, new: other })
    }
}

/// Somebody of whom nothing is known.
fn blank(token: TokenHash, cx: &Cx) -> Visitor {
    Visitor {
        id: VisitorId::random(cx.shared.rng.as_ref()),
        token,
        name: None,
        email: None,
        locale: None,
        page: None,
        inbox: None,
        verified: false,
        created_at: cx.now,
        last_seen_at: cx.now,
        banned_until: None,
    }
}

/// The name of an attribute's field; an empty key stands for all of them.
fn field(key: &str) -> String {
    if key.is_empty() { "attributes".into() } else { format!("attributes.{key}") }
}

/// Whoever comes with a banned e-mail address, or from a banned address, does not come in.
async fn refuse_banned(cx: &mut Cx, details: &Details) -> Outcome<()> {
    let (email, address) = (details.email_key.as_deref(), details.address.as_deref());
    if email.is_none() && address.is_none() {
        return Ok(());
    }
    let bans = ban::meeting(&mut cx.tx, email, address, cx.now).await?;
    match bans.iter().map(|ban| ban.ends_at).max() {
        Some(until) => Err(gate::banned(until, cx.now).into()),
        None => Ok(()),
    }
}

/// What a visitor says, checked.
struct Told {
    name: Option<String>,
    email: Option<String>,
    locale: Option<String>,
    page: Option<String>,
    inbox: Option<String>,
}

impl Told {
    fn read(call: &ArriveVisitor) -> Result<Self, Failure> {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let name = said(&call.name).map(|name| rules::shown_name(&name)).transpose();
        let email = said(&call.email).map(|email| rules::email(&email)).transpose();
        Ok(Self {
            name: name.map_err(|reason| Failure::invalid("name", &reason))?,
            email: email.map_err(|reason| Failure::invalid("email", &reason))?,
            // What a browser says of itself is shortened rather than refused.
            locale: said(&call.locale).map(|text| cut(text.trim(), 64)),
            page: said(&call.page).map(|text| cut(text.trim(), PAGE_CHARS)),
            inbox: said(&call.inbox).map(|text| cut(text.trim(), 255)),
        })
    }

    /// What is not said stays, and over what the site has vouched for only the site says something else.
    fn over(self, row: &Visitor, identity: Option<&Identity>) -> Visitor {
        let (name, email) = match row.verified {
            true => (row.name.clone().or(self.name), row.email.clone().or(self.email)),
            false => (self.name.or_else(|| row.name.clone()), self.email.or_else(|| row.email.clone())),
        };
        Visitor {
            name: identity.and_then(|identity| identity.name.clone()).or(name),
            email: identity.and_then(|identity| identity.email.clone()).or(email),
            locale: self.locale.or_else(|| row.locale.clone()),
            page: self.page.or_else(|| row.page.clone()),
            inbox: self.inbox.or_else(|| row.inbox.clone()),
            verified: row.verified || identity.is_some(),
            ..row.clone()
        }
    }
}

/// The same for what somebody else has heard of a visitor.
pub(in crate::handle) async fn save(cx: &mut Cx, known: &Visitor, row: Visitor) -> Outcome<Visitor> {
    update(cx, known, &row, false).await?;
    Ok(row)
}

/// Writes what is new. The conversations keep name and address too, for lists and searches; those that were `joined` get
/// them for the first time.
async fn update(cx: &mut Cx, known: &Visitor, row: &Visitor, joined: bool) -> Outcome<()> {
    if row == known && !joined {
        if cx.now - row.last_seen_at >= VISIT_AFTER_MS {
            visitor::touch(&mut cx.tx, std::slice::from_ref(&row.id), cx.now).await?;
        }
        return Ok(());
    }
    visitor::update(&mut cx.tx, &Visitor { last_seen_at: cx.now, ..row.clone() }).await?;
    let is_shown = |of: &Visitor| (of.name.clone(), of.email.clone(), of.verified);
    if joined || is_shown(row) != is_shown(known) {
        let name = row.name.as_deref().unwrap_or_default();
        conversation::rename_visitor(&mut cx.tx, &row.id, name, row.email.as_deref()).await?;
        let own = conversation::of_visitor(&mut cx.tx, &row.id, None, GREET_VISITOR).await?;
        for found in own {
            let state = StateNotice { state: State::of(&found.conversation), changed: true };
            cx.tell(Notice::State(Box::new(state)));
        }
    }
    Ok(())
}
