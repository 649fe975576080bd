//! Access to the file, with faults for tests.

use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};
use std::fs::File;
use std::io;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Faults of the disk, which tests switch on and off while a simulator runs.
#[derive(Debug)]
pub struct DiskFaults {
    writes: AtomicBool,
    /// Number of flushes that succeed before all others fail.
    flushes: AtomicU64,
    refused: AtomicU64,
}

impl Default for DiskFaults {
    fn default() -> Self {
        Self { writes: AtomicBool::new(false), flushes: AtomicU64::new(u64::MAX), refused: AtomicU64::new(0) }
    }
}

impl DiskFaults {
    /// Fails every write, as a full disk does, or stops doing so.
    pub fn fail_writes(&self, fail: bool) {
        self.writes.store(fail, Ordering::SeqCst);
    }

    /// Fails every flush after this many more: what was written before may be on the disk or not. `None` stops it.
    pub fn fail_flushes(&self, after: Option<u32>) {
        self.flushes.store(after.map_or(u64::MAX, u64::from), Ordering::SeqCst);
    }

    /// Returns how many operations failed.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::SeqCst)
    }

    fn check(&self, fails: bool) -> io::Result<()> {
        if fails {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        Ok(())
    }

    fn check_write(&self) -> io::Result<()> {
        self.check(self.writes.load(Ordering::SeqCst))
    }

    fn check_flush(&self) -> io::Result<()> {
        let less = |left: u64| if left == u64::MAX { Some(left) } else { left.checked_sub(1) };
        self.check(self.flushes.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_err())
    }
}

/// A file whose operations fail on demand.
#[derive(Debug)]
pub struct Disk {
    inner: FileBackend,
    faults: Arc<DiskFaults>,
}

impl Disk {
    pub fn new(file: File, faults: Arc<DiskFaults>) -> Result<Self, redb::DatabaseError> {
        Ok(Self { inner: FileBackend::new(file)?, faults })
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.inner.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.inner.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.faults.check_write()?;
        self.inner.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.faults.check_flush()?;
        self.inner.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.faults.check_write()?;
        self.inner.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.inner.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.query_lock_range(start, end)
    }
}
