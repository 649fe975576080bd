//! What the program prints after its URL, and its log.

use crate::ServedRequest;

/// Default of `--password`.
const PASSWORD: &str = "simulator";

/// Options that are printed at the start.
pub(super) struct Startup {
    user: String,
    has_default_password: bool,
    seed: String,
    has_console: bool,
}

impl Startup {
    pub(super) fn new(user: &str, password: &str, seed: &str, has_console: bool) -> Self {
        let has_default_password = password == PASSWORD;
        Self { user: user.to_owned(), has_default_password, seed: seed.to_owned(), has_console }
    }

    /// Returns the lines after the URL. A password of the user's is not printed.
    pub(super) fn text(&self, url: &str) -> String {
        let console = if self.has_console {
            format!("{url}/ (Swagger UI: {url}/swagger)")
        } else {
            format!("none, because of --no-admin (Swagger UI: {url}/swagger)")
        };
        let password = if self.has_default_password {
            format!("password {PASSWORD}")
        } else {
            "the password of --password".into()
        };
        format!("console: {console}\ncredentials: user name {}, {password}\nseed: {}", self.user, self.seed)
    }
}

/// Whether text has colours, by the environment and by whether it goes to a terminal.
pub(super) fn has_colours(is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    colours(
        is_terminal,
        set("NO_COLOR").is_some(),
        set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
        set("TERM").is_some_and(|term| term == "dumb"),
    )
}

const fn colours(is_terminal: bool, none: bool, forced: bool, is_dumb: bool) -> bool {
    !none && (forced || (is_terminal && !is_dumb))
}

/// Returns a line of the log.
pub(super) fn request_line(request: &ServedRequest<'_>, has_colours: bool) -> String {
    let ServedRequest { method, path, status, taken } = request;
    let millis = taken.as_secs_f64() * 1e3;
    let colour = match status {
        200..300 => 32,
        300..400 => 36,
        400..500 => 33,
        _ => 31,
    };
    if has_colours {
        return format!("\u{1b}[1m{method}\u{1b}[0m {path} \u{1b}[{colour}m{status}\u{1b}[0m {millis:.1} ms");
    }
    format!("{method} {path} {status} {millis:.1} ms")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn colours_follow_the_environment() {
        assert!(colours(true, false, false, false) && colours(false, false, true, false));
        assert!(!colours(false, false, false, false), "a pipe");
        assert!(!colours(true, true, true, false), "NO_COLOR takes precedence");
        assert!(!colours(true, false, false, true), "TERM=dumb");
    }

    #[test]
    fn request_line_has_method_path_status_and_time() {
        let taken = Duration::from_micros(1_240);
        let request = ServedRequest { method: "GET", path: "/v1/me", status: 404, taken };
        assert_eq!(request_line(&request, false), "GET /v1/me 404 1.2 ms");
        assert!(request_line(&request, true).contains("\u{1b}[33m404\u{1b}[0m"));
    }

    #[test]
    fn startup_does_not_print_the_password_of_the_user() {
        let startup = |has_default_password| Startup {
            user: "ada".into(),
            has_default_password,
            seed: "demo".into(),
            has_console: true,
        };
        let text = startup(true).text("http://127.0.0.1:1");
        assert!(
            text.starts_with("console: http://127.0.0.1:1/ ") && text.ends_with("\nseed: demo"),
            "{text}"
        );
        assert!(text.contains("user name ada, password simulator"), "{text}");
        assert!(startup(false).text("").contains("user name ada, the password of --password"));
    }
}
