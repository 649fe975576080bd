//! JSON Patch: the difference of two values, applied to the first, yields the second.
#![no_main]

use configcat_management::patch::diff_json;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &str| {
    let Some((before, after)) = data.split_once('\n') else { return };
    let (Ok(mut before), Ok(after)) =
        (serde_json::from_str::<Value>(before), serde_json::from_str::<Value>(after))
    else {
        return;
    };
    let patch = serde_json::to_value(diff_json(&before, &after)).expect("a patch is JSON");
    let patch: json_patch::Patch = serde_json::from_value(patch).expect("it is a JSON Patch");
    json_patch::patch(&mut before, &patch).expect("the patch applies");
    assert_eq!(before, after);
});
