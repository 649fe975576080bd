//! `get`: lists a resource, or gets one item.

use crate::failure::Failure;
use crate::respond::{Shape, call};
use crate::session::Session;
use crate::spec::{hint, pairs, path_parameters, resources};
use clap::Args;
use configcat_management::operations;
use configcat_management::spec::{Http, Operation};

/// List a resource, or get one item.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management get products
  configcat-management get settings CONFIG_ID --json
  configcat-management get settings.get SETTING_ID
  configcat-management get members product_id=ID")]
pub struct Get {
    /// Resource such as products or configs, or operation such as settings.get.
    #[arg(index = 1)]
    resource: String,
    /// Ids in the order of the path, then optional arguments.
    #[arg(index = 2, value_name = "ID|KEY=VALUE")]
    rest: Vec<String>,
    #[command(flatten)]
    shape: Shape,
}

impl Get {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let (named, ids): (Vec<String>, Vec<String>) =
            self.rest.iter().cloned().partition(|word| word.contains('='));
        let keys: Vec<&str> = named.iter().filter_map(|word| word.split('=').next()).collect();
        let operation = self.query(&keys, ids.len())?;
        let mut arguments = pairs(operation, &named)?;
        for (name, id) in unnamed(operation, &keys).into_iter().zip(ids) {
            arguments.insert(name.to_owned(), id.into());
        }
        call(session, &self.shape, operation, arguments).await
    }

    /// Returns the queries of a resource, or the operation with this name.
    fn candidates(&self) -> Result<Vec<&'static Operation>, Failure> {
        let all = || operations::ALL.iter().copied();
        if let Some(one) = all().find(|operation| operation.id == self.resource) {
            return Ok(vec![one]);
        }
        let mine: Vec<_> = all()
            .filter(|operation| operation.resource == self.resource && operation.http == Http::Get)
            .collect();
        if mine.is_empty() {
            let hint = hint(&self.resource, resources());
            return Err(Failure::Usage(format!("unknown resource {}{hint}", self.resource)));
        }
        Ok(mine)
    }

    /// Returns the only query that takes these arguments.
    fn query(&self, keys: &[&str], ids: usize) -> Result<&'static Operation, Failure> {
        let mine = self.candidates()?;
        let count = if ids == 1 { "1 id".to_owned() } else { format!("{ids} ids") };
        // Ids that are named select among queries of several scopes.
        let parameters: Vec<&str> = mine.iter().flat_map(|operation| path_parameters(operation)).collect();
        let scopes: Vec<&str> = keys.iter().copied().filter(|key| parameters.contains(key)).collect();
        let mut fitting = mine.clone();
        fitting.retain(|operation| {
            let own = path_parameters(operation);
            unnamed(operation, keys).len() == ids && scopes.iter().all(|scope| own.contains(scope))
        });
        // Prefers `list`, then `get`.
        let rank = |operation: &&'static Operation| {
            let plain = ["list", "get"].iter().position(|method| *method == operation.method);
            (plain.unwrap_or(2), operation.deprecated)
        };
        let Some(lowest) = fitting.iter().map(rank).min() else {
            let message =
                format!("{}: no query takes {count}; the queries are {}", self.resource, ways(&mine));
            return Err(Failure::Usage(message));
        };
        fitting.retain(|operation| rank(operation) == lowest);
        match fitting.as_slice() {
            [one] => Ok(one),
            several => Err(self.ambiguous(several, keys, &count)),
        }
    }

    /// The ids have the same form: the wrong query would report that nothing was found.
    fn ambiguous(&self, several: &[&'static Operation], keys: &[&str], count: &str) -> Failure {
        let first = several.first();
        let example = match first.and_then(|operation| unnamed(operation, keys).first().copied()) {
            Some(id) => format!("{} {id}=ID", self.resource),
            None => first.map_or_else(String::new, |operation| operation.id.to_owned()),
        };
        let ways = ways(several);
        Failure::Usage(format!(
            "{}: several queries take {count}: {ways}; name one of them, or the id, as in get {example}",
            self.resource
        ))
    }
}

/// Returns the path parameters that are not among the keys of arguments.
fn unnamed(operation: &Operation, keys: &[&str]) -> Vec<&'static str> {
    path_parameters(operation).into_iter().filter(|name| !keys.contains(name)).collect()
}

/// Lists operations with the ids that they take.
fn ways(operations: &[&'static Operation]) -> String {
    let way = |operation: &&'static Operation| {
        let words: Vec<&str> = std::iter::once(operation.id).chain(path_parameters(operation)).collect();
        words.join(" ")
    };
    operations.iter().map(way).collect::<Vec<_>>().join("; ")
}
