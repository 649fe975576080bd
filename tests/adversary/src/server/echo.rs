//! Servers and proxies that echo the credentials of a request, or the value of an extra header.

use super::host::{Host, ID, Part, header, response};
use crate::attack::{Outcome, Plan, Seen, ensure};
use configcat_management::models::{CreateProduct, OrganizationId, ProductId};
use configcat_management::{Client, Error};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

/// Characters that encodings treat differently.
const ALPHABET: &[char] = &[
    'a', 'B', '0', '"', '\\', '/', '\'', '%', '+', '&', '<', '>', '=', ' ', '~', 'é', 'ß', '€', '日', '😀',
    '.', '-', '_',
];

/// Characters of names of headers.
const NAMES: &[char] = &['a', 'b', 'c', 'd', '0', '1', '2', '-'];

/// The ways in which a server writes a text.
const ENCODINGS: &[fn(&str) -> String] = &[
    str::to_owned,
    |text| serde_json::Value::from(text).to_string(),
    |text| serde_json::Value::from(serde_json::Value::from(text).to_string()).to_string(),
    |text| serde_json::Value::from(text).to_string().replace('/', "\\/"),
    |text| each(&text.encode_utf16().collect::<Vec<_>>(), |unit| format!("\\u{unit:04x}")),
    |text| each(&text.encode_utf16().collect::<Vec<_>>(), |unit| format!("\\u{unit:04X}")),
    |text| each(text.as_bytes(), |byte| format!("%{byte:02x}")),
    |text| each(&text.chars().collect::<Vec<_>>(), |c| format!("&#{};", u32::from(*c))),
    |text| text.as_bytes().escape_ascii().to_string(),
    |text| text.to_ascii_uppercase(),
    |text| each(&text.chars().collect::<Vec<_>>(), |c| format!("{c}\n")),
];

fn each<T>(items: &[T], write: impl Fn(&T) -> String) -> String {
    items.iter().map(write).collect()
}

/// The places in which a server writes it.
const POSITIONS: &[fn(&str) -> Vec<u8>] = &[
    |text| response("400 Bad Request", "", format!("you sent {text} to us").as_bytes()),
    |text| response("500 Internal Server Error", "", format!("<p>{text}</p>").as_bytes()),
    |text| response("403 Forbidden", "", json("message", text).as_bytes()),
    |text| {
        response("400 Bad Request", "", format!(r#"{{"errors":{{"name":[{}]}}}}"#, string(text)).as_bytes())
    },
    |text| response("400 Bad Request", "", format!(r#"{{{}:["wrong"]}}"#, string(text)).as_bytes()),
    |text| response("200 OK", "", format!(r#"{{"order":{}}}"#, string(text)).as_bytes()),
    |text| response("200 OK", "", format!(r#"{{"name":{},"name":1}}"#, string(text)).as_bytes()),
    |text| response("200 OK", "", string(text).as_bytes()),
    |text| response("200 OK", "", text.as_bytes()),
    |text| response("404 Not Found", "", format!("{}{text}", "x".repeat(16 * 1024 - 20)).as_bytes()),
    |text| response("404 Not Found", &format!("x-echo: {}\r\n", line(text)), b""),
    |text| response("200 OK", &format!("x-echo: {}\r\n", line(text)), PRODUCT),
    |text| format!("HTTP/1.1 200 {}\r\ncontent-length: 2\r\n\r\n{{}}", line(text)).into_bytes(),
    |text| format!("{}\r\n\r\n", line(text)).into_bytes(),
    |text| response("200 OK", &format!("{}: 1\r\n", text.replace(['<', '>', '\n'], "")), PRODUCT),
    |text| response("200 OK", &format!("x-echo: {}{}\r\n", "x".repeat(70_000), line(text)), PRODUCT),
    |text| format!("HTTP/1.1 200 OK\r\n{}\r\n\r\n", line(text)).into_bytes(),
    |text| format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}\r\n", line(text)).into_bytes(),
    |text| {
        format!("HTTP/1.1 302 Found\r\nlocation: /{}\r\ncontent-length: 0\r\n\r\n", line(text)).into_bytes()
    },
];

const PRODUCT: &[u8] = br#"{"organization":{"organizationId":"","name":""},"productId":"","name":"","description":null,"order":0,
"reasonRequired":false,"approveRequired":false}"#;

/// Returns a text as a JSON string; one that is escaped already stays as it is.
fn string(text: &str) -> String {
    let whole = format!("\"{text}\"");
    if serde_json::from_str::<String>(&whole).is_ok() {
        whole
    } else {
        serde_json::Value::from(text).to_string()
    }
}

fn json(name: &str, text: &str) -> String {
    format!(r#"{{"{name}":{}}}"#, string(text))
}

/// Removes what would end a line.
fn line(text: &str) -> String {
    text.replace(['\r', '\n'], "")
}

/// Name of an extra header.
const GATEWAY: &str = "x-gateway";

struct Secret {
    username: String,
    password: String,
    /// Value of an extra header, at least as long as values that are masked.
    gateway: String,
}

impl Secret {
    /// Returns a random secret whose password has this many characters.
    fn random(random: &mut fastrand::Rng, alphabet: &[char], length: usize) -> Self {
        let mut text =
            |length| (0..length).map(|_| *random.choice(alphabet).unwrap_or(&'x')).collect::<String>();
        Self {
            username: text(length % 40 + 1),
            password: text(length),
            gateway: format!("x{}x", text(length.max(4))),
        }
    }

    /// Texts that nothing a caller can print may contain.
    fn forms(&self) -> Vec<String> {
        let token = base64(&format!("{}:{}", self.username, self.password));
        let mut forms = vec![token.trim_end_matches('=').to_owned()];
        for secret in [&self.username, &self.password, &self.gateway] {
            // A short one would be found in unrelated text. The servers write it between these characters.
            let wrapped = if secret.len() < 6 { format!("<{secret}>") } else { secret.clone() };
            forms.extend(ENCODINGS.iter().map(|encode| encode(&wrapped).trim_matches('"').to_owned()));
        }
        forms
    }
}

/// Everything that a caller can print of an error.
fn printed(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?} {}", error.message());
    let _ = write!(
        text,
        " {:?} {:?} {:?} {:?}",
        error.path(),
        error.field_errors(),
        error.body(),
        error.headers()
    );
    let _ = write!(text, " {}", String::from_utf8_lossy(error.body()));
    for (field, messages) in error.field_errors() {
        let _ = write!(text, " {field} {}", messages.join(" "));
    }
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        let _ = write!(text, " {error} {error:?}");
        cause = error.source();
    }
    text
}

/// What the server echoes: indexes of the form, the encoding and the position.
type Choice = (usize, usize, usize);

/// A server that echoes the credentials as it is told.
fn echoing(choice: Arc<Mutex<Choice>>) -> std::io::Result<Host> {
    Host::start(move |head| {
        let (form, encoding, position) = choice.lock().map(|choice| *choice).unwrap_or_default();
        let authorization = header(head, "authorization").unwrap_or_default();
        let token = authorization.trim_start_matches("Basic ");
        let pair = decoded(token);
        let (username, password) = pair.split_once(':').unwrap_or_default();
        let text = match form {
            0 => authorization.to_owned(),
            1 => format!("<{password}>"),
            2 => format!("<{username}> <{password}>"),
            3 => header(head, GATEWAY).unwrap_or_default().to_owned(),
            _ => format!("{pair} {token}"),
        };
        let encode = ENCODINGS.get(encoding).unwrap_or(&ENCODINGS[0]);
        let place = POSITIONS.get(position).unwrap_or(&POSITIONS[0]);
        vec![Part::Send(place(&encode(&text)).into()), Part::Close]
    })
}

/// Echoes random credentials in every encoding and position.
pub fn credentials(plan: Plan) -> Outcome {
    Box::pin(async move {
        let choice: Arc<Mutex<Choice>> = Arc::default();
        let host = echoing(Arc::clone(&choice)).map_err(|error| error.to_string())?;
        let mut random = fastrand::Rng::with_seed(plan.seed);
        let mut tries: u32 = 0;
        for round in 0..plan.tries(2, 40) {
            let length = if round == 1 { 1 } else { random.usize(1..=200) };
            let alphabet = if round % 2 == 0 { ALPHABET } else { NAMES };
            let secret = Secret::random(&mut random, alphabet, length);
            let builder = host.builder(&secret.username, &secret.password).header(GATEWAY, &*secret.gateway);
            let client = builder.build().map_err(|e| e.to_string())?;
            let forms = secret.forms();
            let places = (0..POSITIONS.len())
                .flat_map(|position| (0..ENCODINGS.len()).map(move |encoding| (encoding, position)));
            for (form, (encoding, position)) in
                (0..5).flat_map(|form| places.clone().map(move |place| (form, place)))
            {
                if let Ok(mut choice) = choice.lock() {
                    *choice = (form, encoding, position);
                }
                let shown = shown(&client, position % 2 == 0).await;
                let leak = forms.iter().find(|form| shown.contains(form.as_str()));
                let at = format!("form {form}, encoding {encoding}, position {position}");
                ensure(leak.is_none(), format!("{at}: {leak:?} in {shown}"))?;
                tries += 1;
            }
        }
        // A few fail before they are sent, because the server has closed the connection.
        ensure(host.requests() > tries / 10 * 9, format!("{} requests", host.requests()))?;
        Ok(Seen { tries, seen: "none".to_owned() })
    })
}

/// Calls the server, and returns everything that the caller can print.
async fn shown(client: &Client, get: bool) -> String {
    let result = if get {
        client.products().get(ProductId::new(ID)).with_response().await.map(|response| response.headers)
    } else {
        let create = client.products().create(OrganizationId::new(ID), CreateProduct::new("x"));
        create.with_response().await.map(|response| response.headers)
    };
    match result {
        Ok(headers) => format!("{headers:?}"),
        Err(error) => printed(&error),
    }
}

fn base64(text: &str) -> String {
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let letters = (0..=chunk.len()).map(|index| LETTERS[(bits >> (18 - 6 * index)) as usize & 63]);
        encoded.extend(letters.map(char::from));
    }
    encoded
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn decoded(token: &str) -> String {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in token.bytes().filter_map(|byte| LETTERS.iter().position(|letter| *letter == byte)) {
        (bits, count) = (bits << 6 | u32::try_from(letter).unwrap_or_default(), count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 255) as u8);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
