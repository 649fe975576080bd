//! The file of the state: what is wrong with it is reported, and it is never taken for another state.

use crate::disk::restart;
use crate::support::*;
use configcat_simulator::Simulator;
use redb::ReadableTable as _;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn file(folder: &Path) -> PathBuf {
    folder.join("state.redb")
}

/// Writes the state of the demo seed and one change to a folder, and returns its snapshot.
async fn written(folder: &Path) -> Value {
    let (simulator, owner) = start(Simulator::builder().state_dir(folder)).await;
    owner.call(&format!("POST /v1/products/{SHOP}/tags"), json!({ "name": "t" })).await.with(201);
    drop(owner);
    let snapshot = serde_json::to_value(simulator.snapshot()).unwrap();
    simulator.stop().await;
    // Waits until the file is closed.
    restart(folder).await.stop().await;
    snapshot
}

async fn refusal(folder: &Path) -> String {
    let error = Simulator::builder().state_dir(folder).start().await.unwrap_err().to_string();
    assert!(error.contains(file(folder).to_str().unwrap()), "the error must name the file: {error}");
    error
}

#[tokio::test]
async fn unusable_file_is_reported_with_its_name_and_advice() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path()).await;
    let path = file(folder.path());
    let good = std::fs::read(&path).unwrap();
    let contents: [(&[u8], &str); 5] = [
        (b"", "empty"),
        (b"SQLite format 3\0", "not a state file"),
        (&[0x20; 20_000], "not a state file"),
        (&good[..1_000], "truncated"),
        (&good[..good.len() / 2], "truncated"),
    ];
    for (content, problem) in contents {
        std::fs::write(&path, content).unwrap();
        let error = refusal(folder.path()).await;
        assert!(error.contains(problem), "{problem}: {error}");
        assert!(error.contains("delete the file to start from the seed, or restore a copy of it"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), content, "{problem}: a refused file is not changed");
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(refusal(folder.path()).await.contains("a folder, not a file"));
}

#[cfg(unix)]
#[tokio::test]
async fn new_file_and_folder_are_readable_by_the_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("a/b");
    written(&inner).await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file(&inner)), mode(&inner), mode(&folder.path().join("a"))), (0o600, 0o700, 0o700));
}

#[tokio::test]
async fn open_file_is_reported_as_open() {
    let folder = tempfile::tempdir().unwrap();
    let _running = Simulator::builder().state_dir(folder.path()).start().await.unwrap();
    assert!(refusal(folder.path()).await.contains("another process has the file open"));
}

#[tokio::test]
async fn rows_that_differ_from_their_checksum_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path()).await;
    {
        // A change through the store itself, whose own checksums match.
        let database = redb::Database::open(file(folder.path())).unwrap();
        let transaction = database.begin_write().unwrap();
        {
            let rows: redb::TableDefinition<'_, (&str, &str), &[u8]> = redb::TableDefinition::new("rows");
            let mut table = transaction.open_table(rows).unwrap();
            let tag = table.get(("tags", "2001")).unwrap().unwrap().value().to_vec();
            let other = String::from_utf8(tag).unwrap().replace("checkout", "checkouT");
            table.insert(("tags", "2001"), other.as_bytes()).unwrap();
        }
        transaction.commit().unwrap();
    }
    assert!(refusal(folder.path()).await.contains("do not match their checksum"));
}

/// Bits of the header and of some pages, each flipped alone.
#[tokio::test]
async fn flipped_bits_are_refused_or_without_effect() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = written(folder.path()).await;
    let path = file(folder.path());
    let good = std::fs::read(&path).unwrap();
    let header = (0..320 * 8).step_by(61);
    let pages = (1..40).map(|n| (good.len() / 40 * n) * 8 + n % 8);
    let mut refused = 0;
    for bit in [9 * 8, 9 * 8 + 1, 9 * 8 + 2].into_iter().chain(header).chain(pages) {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, &bytes).unwrap();
        match Simulator::builder().state_dir(folder.path()).start().await {
            Ok(simulator) => {
                let seen = serde_json::to_value(simulator.snapshot()).unwrap();
                assert_eq!(seen, snapshot, "bit {bit} changed the state");
                simulator.stop().await;
                restart(folder.path()).await.stop().await;
            }
            Err(error) => {
                assert!(error.to_string().contains("state.redb"), "{error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 10, "{refused} refused");
}
