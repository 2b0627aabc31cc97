//! `switchboard serve`: every component in one process. With `--nats` several of them are a cluster.

use crate::config::Config;
use crate::say::say;
use crate::shutdown::Shutdown;
use crate::{compose, demo, health, shutdown};
use anyhow::{Result, anyhow};
use std::sync::Arc;
use switchboard_bus::{Bus, Local};
use switchboard_dbmgr::Service;

/// Runs until it is told to stop.
pub async fn run(config: Config) -> Result<()> {
    demo::check(&config)?;
    let stop = shutdown::on_signals()?;
    let listener = compose::listen(&config).await?;
    health::start(&config, stop.clone()).await?;
    let local: Arc<dyn Bus> = Arc::new(Local::new());
    let (buses, turns) = match &config.nats {
        None => (vec![Arc::clone(&local)], local),
        // The edge hears its own dbmgr over the bus of the process, so that connection does not echo; turns go
        // through another one, which must hear the automations of this process.
        Some(_) => {
            let outside = compose::connect(&config, "serve", true).await?;
            (vec![local, outside], compose::connect(&config, "turns", false).await?)
        }
    };
    let dbmgr = compose::dbmgr(&config, buses.clone(), Arc::clone(&turns)).await?;
    let needs = compose::needs(&config, &turns, listener.local_addr()?);
    let automations = compose::automations(&turns, &needs).await?;
    let assistant = compose::assistant(&config, &turns, &needs).await?;
    let _hooks = compose::hooks(&config, dbmgr.dbmgr(), buses.clone(), turns)?;
    let link = Arc::new(compose::InProcess(dbmgr.dbmgr().clone()));
    let web = compose::web(&config, listener, link, buses, dbmgr.dbmgr().clock()).await?;
    if config.demo {
        dbmgr.until_ready().await.map_err(|why| anyhow!(why))?;
        demo::start(dbmgr.dbmgr()).await?;
    }
    compose::settle(&web).await;
    say(format_args!("listening on http://{}", web.address()));
    let outcome = until_stopped(&dbmgr, stop).await;
    // Sockets first, while there is still somebody to answer what is in hand.
    web.stop().await;
    for automation in automations {
        automation.drain().await;
    }
    if let Some(assistant) = assistant {
        assistant.drain().await;
    }
    dbmgr.stop().await;
    outcome
}

/// Until the process is to stop, or the database turns out to be one that will never do.
pub async fn until_stopped(dbmgr: &Service, stop: Shutdown) -> Result<()> {
    let never = async {
        match dbmgr.until_ready().await {
            Ok(()) => std::future::pending().await,
            Err(why) => anyhow!(why),
        }
    };
    tokio::select! {
        () = shutdown::requested(stop) => Ok(()),
        why = never => Err(why),
    }
}
