//! The bare reader: the least program between a database and a client who asks for a page. It asks the database once
//! and answers the same JSON as ours over HTTP. It knows neither accounts nor who may see what.

use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Context, bail};
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::page::{self, Line, Row};

/// Listens and answers, for ever, over one connection to the database.
pub(super) async fn serve(listen: SocketAddr, store: &str) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).await.context("cannot listen")?;
    let connection = MySqlConnection::connect(store).await.context("the database")?;
    let connection = Rc::new(Mutex::new(connection));
    println!("ready");
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let connection = Rc::clone(&connection);
        tokio::task::spawn_local(async move {
            let service = service_fn(|request| answer(&connection, request));
            // However it ends, it is over.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    connection: &Mutex<MySqlConnection>,
    request: Request<Incoming>,
) -> anyhow::Result<Response<Full<Bytes>>> {
    let (status, body) = match page(connection, request.uri().path()).await {
        Ok(body) => (StatusCode::OK, body),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}").into()),
    };
    let response = Response::builder().status(status).header("content-type", "application/json");
    Ok(response.body(Full::new(body.into()))?)
}

/// `/entries/CONVERSATION/BEFORE/LIMIT` or `/inbox/LIST/OWNER/LIMIT`.
async fn page(connection: &Mutex<MySqlConnection>, path: &str) -> anyhow::Result<Vec<u8>> {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let mut connection = connection.lock().await;
    match parts[..] {
        ["entries", conversation, before, limit] => {
            let limit: usize = limit.parse()?;
            let rows = page::history(&mut connection, conversation, before.parse()?, limit + 1).await?;
            let more = rows.len() > limit;
            let rows = rows.get(..limit).unwrap_or(&rows);
            let mut lines =
                rows.iter().map(|row| Line::of(conversation, row)).collect::<Result<Vec<_>, _>>()?;
            lines.reverse();
            let next = lines.first().filter(|_| more).map(|line| line.seq.to_string());
            json(&Page { items: lines, next })
        }
        ["inbox", list, owner, limit] => {
            let limit: usize = limit.parse()?;
            let sql = page::inbox(list.parse()?);
            let rows =
                page::list(&mut connection, AssertSqlSafe(sql), list.parse()?, owner, limit + 1, Row::read);
            let mut rows = rows.await?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.updated_at, row.id));
            let items = rows.iter().map(Row::shown).collect::<Result<Vec<_>, _>>()?;
            json(&Page { items, next })
        }
        _ => bail!("what is {path}?"),
    }
}

#[derive(Serialize)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

fn json(page: &impl Serialize) -> anyhow::Result<Vec<u8>> {
    Ok(serde_json::to_vec(page)?)
}
