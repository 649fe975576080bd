//! Seeds and snapshots of the simulator: they are applied, or rejected with a reason.
#![no_main]

use configcat_management_fuzz::split;
use configcat_simulator::seed::Seed;
use configcat_simulator::state::{Snapshot, State};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((kind, rest)) = split(data) else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let seed = match kind % 3 {
        0 => Seed::from_json(text),
        1 => Seed::from_yaml(text),
        _ => {
            if let Ok(snapshot) = Snapshot::from_json(rest) {
                let mut state =
                    State::from_seed(&Seed::empty(), "user", "password").expect("the empty seed is valid");
                if state.restore(snapshot).is_ok() {
                    let kept = state.snapshot();
                    state.restore(kept.clone()).expect("a snapshot can be restored");
                    assert_eq!(state.snapshot(), kept);
                }
            }
            return;
        }
    };
    match seed {
        Ok(seed) => drop(State::from_seed(&seed, "user", "password")),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
