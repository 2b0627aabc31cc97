//! Deliberately broken builds: each is noticed by a check that the unbroken one passes.

mod catalogue;
mod check;
mod test;

use std::collections::HashMap;
use std::time::Instant;

use anyhow::Context;

use crate::faulty::{self, Build, Faulty};
use crate::plan::{Plan, Scale};
use crate::report::Section;
use crate::scenario::Scenario;
use catalogue::{CATALOGUE, Case};
use check::{Check, Said};

/// What it is.
pub const SCENARIO: Scenario = Scenario {
    name: "mutants",
    title: "Broken on purpose",
    about: "A test that has never failed proves nothing. The program is built so that it can be wrong in one way at a \
            time, and for each way the check that should notice is run twice: first with nothing broken, where it has \
            to pass, then with the mutant, where it has to fail, and to fail for the reason that the mutant gives it. \
            A check is one of the tests of whole systems, which `make test` runs against the program that people get, \
            or one of the scenarios of this page.",
    run: |plan| Box::pin(run(plan)),
};

const COLUMNS: [&str; 6] =
    ["mutant", "what is wrong", "noticed by", "unbroken passes in", "noticed in", "noticed"];

/// Runs it.
///
/// # Errors
/// When the program cannot be built, or a check cannot be tried.
pub async fn run(plan: &Plan) -> anyhow::Result<Section> {
    let faulty = faulty::build().await?;
    let mut section = Section::new(&COLUMNS);
    let mut unbroken: HashMap<Check, Unbroken> = HashMap::new();
    let wanted = |case: &&Case| match &plan.part {
        Some(_) => plan.wants(case.mutant.name()),
        None => case.short || plan.scale == Scale::Full,
    };
    let mut noticed = 0;
    for case in CATALOGUE.iter().filter(wanted) {
        let name = case.mutant.name();
        if !unbroken.contains_key(&case.check) {
            let began = Instant::now();
            let build = Build::Faulty(&faulty.program, None);
            let said = Box::pin(case.check.run(&faulty, build)).await.with_context(|| case.check.name())?;
            unbroken.insert(case.check.clone(), Unbroken { said, seconds: began.elapsed().as_secs_f64() });
        }
        let Some(Unbroken { said, seconds }) = unbroken.get(&case.check) else { continue };
        let began = Instant::now();
        let verdict = match said {
            Some(said) => Err(format!("{} fails with nothing broken: {said}", case.check.name())),
            None => notice(case, &faulty).await,
        };
        section.row([
            format!("`{name}`"),
            case.mutant.text().to_owned(),
            case.check.name(),
            format!("{seconds:.1} s"),
            format!("{:.1} s", began.elapsed().as_secs_f64()),
            if verdict.is_ok() { "yes" } else { "**no**" }.to_owned(),
        ]);
        match verdict {
            Ok(said) => {
                println!("{name}: {said}");
                noticed += 1;
            }
            Err(what) => section.fail(format!("{name}: {what}")),
        }
    }
    section.note(format!("{noticed} mutants were noticed."));
    Ok(section)
}

/// How a check went with nothing broken.
struct Unbroken {
    said: Said,
    seconds: f64,
}

/// Runs the check against the mutant; answers what it said, or why that does not count.
async fn notice(case: &Case, faulty: &Faulty) -> Result<String, String> {
    let build = Build::Faulty(&faulty.program, Some(case.mutant));
    match Box::pin(case.check.run(faulty, build)).await {
        Ok(None) => Err(format!("{} passes all the same", case.check.name())),
        Ok(Some(said)) if case.says.iter().any(|word| said.contains(word)) => Ok(said),
        Ok(Some(said)) => Err(format!("noticed for another reason than {:?}: {said}", case.says)),
        Err(error) => Err(format!("could not be tried: {error:#}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use switchboard_faults::Mutant;

    #[test]
    fn every_mutant_has_a_check_and_no_two() {
        let named: BTreeSet<&str> = CATALOGUE.iter().map(|case| case.mutant.name()).collect();
        let all: BTreeSet<&str> = Mutant::ALL.iter().map(|mutant| mutant.name()).collect();
        assert_eq!(named, all);
        assert_eq!(CATALOGUE.len(), Mutant::ALL.len());
        assert!(CATALOGUE.iter().all(|case| !case.says.is_empty()));
    }
}
