//! `POST /conversations/{id}/assist` and `GET /assist`

use crate::assistant;
use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::{Deserialize, Serialize};
use switchboard_wire::Problem;
use switchboard_wire::call::agent::GetPresence;
use switchboard_wire::call::assist::{Assist, Assisted, Task};
use switchboard_wire::view::Entry;
use utoipa::ToSchema;

/// What the assistant is to write.
#[derive(Deserialize, ToSchema)]
pub(crate) struct AssistBody {
    /// What.
    task: Wanted,
}

/// What agents can ask for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    /// A draft of the agent's next message. Nothing is sent.
    Draft,
    /// A summary of the conversation, notes included. Nothing is written.
    Summary,
}

/// Whether there is an assistant.
#[derive(Serialize, ToSchema)]
pub(crate) struct AssistReady {
    /// Whether it can be asked.
    ready: bool,
}

pub(crate) async fn assist(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<AssistBody>,
) -> Answer<Reply<Assisted>> {
    // As the agent: who may not read it gets no help with it.
    let page = staff.ask(assistant::newest(id)).await?;
    staff.edge().admit_assist(staff.credential())?;
    let entries: Vec<Entry> =
        page.items.iter().filter_map(|entry| serde_json::from_str(entry.get()).ok()).collect();
    let task = match body.task {
        Wanted::Draft => Task::Draft,
        Wanted::Summary => Task::Summary,
    };
    let call = Assist { task, lines: assistant::lines(entries.into_iter()) };
    Ok(ok(assistant::ask(staff.edge(), &call).await?))
}

pub(crate) async fn ready(staff: Staff) -> Answer<Reply<AssistReady>> {
    staff.ask(GetPresence {}).await?;
    let asked = assistant::ask(staff.edge(), &Assist { task: Task::Ready, lines: Vec::new() }).await;
    match asked {
        Err(failure) if failure.problem != Problem::NotFound => Err(failure.into()),
        answer => Ok(ok(AssistReady { ready: answer.is_ok() })),
    }
}
