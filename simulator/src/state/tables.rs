//! All tables, listed once: the code that handles every table is generated from this list.

use super::clock::Clock;
use super::entities::{
    AuditEntry, ChangeRequest, CodeReport, Config, Credential, DeletedSetting, Environment, Integration,
    IntegrationLink, Invitation, JiraConnection, KeyPair, Member, Organization, OrganizationRole,
    PermissionGroup, Person, Product, ProxyProfile, Segment, Setting, SettingValueState, Tag, User, Webhook,
};
use super::ids::Ids;
use super::notices::Notice;
use super::table::{Before, Table};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

/// State outside the tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    pub(crate) ids: Ids,
    pub(crate) clock: Clock,
}

/// A changed row in its persisted form; `row` is `None` if it was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) table: &'static str,
    pub(crate) key: String,
    pub(crate) row: Option<Vec<u8>>,
}

impl Change {
    fn new(table: &'static str, key: &impl Serialize, row: Option<&impl Serialize>) -> Self {
        Self {
            table,
            key: serde_json::to_string(key).unwrap_or_default(),
            row: row.and_then(|row| serde_json::to_vec(row).ok()),
        }
    }

    fn of_meta(meta: &Meta) -> Self {
        Self { table: META, key: String::new(), row: serde_json::to_vec(meta).ok() }
    }
}

/// Name of the only row that is in no table.
pub(crate) const META: &str = "meta";

macro_rules! tables {
    ($($name:ident: $row:ty,)*) => {
        /// Complete state of the simulator.
        #[derive(Debug, Default)]
        pub struct State {
            pub(crate) ids: Ids,
            pub(crate) clock: Clock,
            /// The caller: the owner of the credentials in use.
            pub(crate) me: Person,
            /// Changes to notify webhooks of after the transaction.
            pub(crate) notices: Vec<Notice>,
            /// The same ones, to skip duplicates.
            pub(crate) noticed: BTreeSet<Notice>,
            written: Meta,
            $(pub(crate) $name: Table<$row>,)*
        }

        /// What a committed transaction changed, as it was before.
        #[derive(Debug, Default)]
        pub(crate) struct Undo {
            meta: Meta,
            $($name: Before<$row>,)*
        }

        impl State {
            fn undo(&mut self) {
                $(self.$name.undo();)*
            }

            /// Whether there are uncommitted changes of rows.
            pub(crate) fn has_changes(&self) -> bool {
                [$(self.$name.is_changed(),)*].contains(&true)
            }

            /// Restores the state as it was before a committed transaction, which must be the last one. Returns the
            /// restored rows in `changes`.
            pub(crate) fn revert(&mut self, undo: Undo, changes: &mut Vec<Change>) {
                $(
                    changes.extend(undo.$name.iter().map(|(key, row)| {
                        Change::new(stringify!($name), key, row.as_ref())
                    }));
                    self.$name.revert(undo.$name);
                )*
                (self.ids, self.clock, self.written) = (undo.meta.ids, undo.meta.clock, undo.meta);
                changes.push(Change::of_meta(&undo.meta));
            }

            /// Returns every table as a list of its rows.
            pub(crate) fn tables(&self) -> Map<String, Value> {
                let mut map = Map::new();
                $({
                    let rows: Vec<Value> =
                        self.$name.values().filter_map(|row| serde_json::to_value(row).ok()).collect();
                    map.insert(stringify!($name).into(), Value::Array(rows));
                })*
                map
            }

            fn collect_changes(&mut self, changes: &mut Vec<Change>) -> Undo {
                let meta = self.written;
                $(
                    let $name = self.$name.commit();
                    changes.extend($name.keys().map(|key| {
                        Change::new(stringify!($name), key, self.$name.get(key))
                    }));
                )*
                Undo { meta, $($name,)* }
            }

            /// Commits the changes without persisting them.
            pub(crate) fn forget_changes(&mut self) {
                $(let _ = self.$name.commit();)*
            }

            /// Loads persisted rows, by table. The tables are read concurrently.
            pub(crate) fn load(&mut self, mut rows: BTreeMap<String, Vec<Vec<u8>>>) -> Result<(), String> {
                for row in rows.remove(META).unwrap_or_default() {
                    self.written = serde_json::from_slice(&row).map_err(|error| format!("{META}: {error}"))?;
                    self.ids = self.written.ids;
                    self.clock = self.written.clock;
                }
                $(let $name = rows.remove(stringify!($name)).unwrap_or_default();)*
                if let Some(table) = rows.keys().next() {
                    return Err(format!("unknown table {table}"));
                }
                thread::scope(|scope| {
                    let readers = [
                        $(scope.spawn(|| self.$name.load_all(&$name).map_err(|error| {
                            format!("{}: {error}", stringify!($name))
                        })),)*
                    ];
                    readers.into_iter().try_for_each(|reader| {
                        reader.join().unwrap_or_else(|_| Err("a table could not be read".into()))
                    })
                })?;
                self.check()
            }

            /// Inserts the rows of a snapshot into a table.
            pub(crate) fn load_rows(&mut self, table: &str, rows: Vec<Value>) -> Result<(), String> {
                match table {
                    $(stringify!($name) => for (i, row) in rows.into_iter().enumerate() {
                        let row = serde_path_to_error::deserialize(row).map_err(|error| {
                            format!("tables.{table}[{i}].{}: {}", error.path(), error.inner())
                        })?;
                        if !self.$name.insert_new(row) {
                            return Err(format!("tables.{table}[{i}]: another row has the same key"));
                        }
                    },)*
                    other => return Err(format!("tables.{other}: unknown table")),
                }
                Ok(())
            }

            /// Replaces all rows of every table, and the counters and the clock.
            pub(crate) fn replace_rows(&mut self, other: Self) {
                self.clear();
                (self.ids, self.clock) = (other.ids, other.clock);
                $(other.$name.into_rows().for_each(|row| self.$name.insert(row));)*
            }

            /// Removes all rows of every table.
            pub(crate) fn clear(&mut self) {
                $(self.$name.retain(|_| false);)*
            }
        }
    };
}

tables! {
    organizations: Organization,
    products: Product,
    configs: Config,
    environments: Environment,
    tags: Tag,
    settings: Setting,
    deleted_settings: DeletedSetting,
    values: SettingValueState,
    sdk_keys: KeyPair,
    segments: Segment,
    users: User,
    credentials: Credential,
    organization_roles: OrganizationRole,
    permission_groups: PermissionGroup,
    members: Member,
    invitations: Invitation,
    webhooks: Webhook,
    integrations: Integration,
    integration_links: IntegrationLink,
    jira_connections: JiraConnection,
    proxy_profiles: ProxyProfile,
    code_reports: CodeReport,
    change_requests: ChangeRequest,
    audit: AuditEntry,
}

impl State {
    /// Runs a change as a transaction: if it returns a problem or panics, the state is restored.
    pub(crate) fn transaction<T>(
        &mut self,
        change: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let before = self.meta();
        self.noticed.clear();
        let result = catch_unwind(AssertUnwindSafe(|| change(self)));
        let result = result.unwrap_or_else(|_| Err(Problem::internal()));
        if result.is_err() {
            self.undo();
            (self.ids, self.clock) = (before.ids, before.clock);
            self.notices.clear();
        }
        result
    }

    /// Commits the changes. Returns the rows to persist, and what restores the rows before.
    pub(crate) fn take_changes(&mut self) -> (Vec<Change>, Undo) {
        let mut changes = Vec::new();
        let undo = self.collect_changes(&mut changes);
        let meta = self.meta();
        if meta != self.written {
            self.written = meta;
            changes.push(Change::of_meta(&meta));
        }
        (changes, undo)
    }

    pub(crate) const fn meta(&self) -> Meta {
        Meta { ids: self.ids, clock: self.clock }
    }
}
