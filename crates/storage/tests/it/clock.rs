//! The common time.

use crate::fixture::{Fixture, both};
use switchboard_storage::{Correction, Dialect};

both!(the_server_leads_and_everybody_reads_the_correction);

async fn the_server_leads_and_everybody_reads_the_correction(f: Fixture) {
    let told = f.store.common_time().await.unwrap();
    assert_eq!(told.correction, Correction::default());
    let later = f.store.server_time().await.unwrap();
    assert_eq!(told.server.is_some(), f.store.dialect() == Dialect::MySql);
    if let (Some(told), Some(later)) = (told.server, later) {
        assert!((0..10_000).contains(&(later - told)), "{told}, then {later}");
    }
    for by in [3_600_000, -5] {
        let correction = Correction { by, since: 1_795_417_200_000 };
        f.store.correct_time(correction).await.unwrap();
        assert_eq!(f.store.common_time().await.unwrap().correction, correction);
    }
}
