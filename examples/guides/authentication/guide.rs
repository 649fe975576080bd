//! Signs in, and shows what wrong credentials lead to.

// docs: guide
use configcat_management::{Client, Error, ErrorKind};

pub async fn run() -> Result<(), Error> {
    // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    let client = Client::from_env()?;
    println!("signed in as {}", client.me().get().await?.email);

    let builder = configcat_management::Builder::from_env();
    let stranger = builder.credentials("ada", "not hers").build()?;
    if let Err(error) = stranger.me().get().await
        && error.kind() == ErrorKind::Authentication
    {
        println!("refused with status {}", error.status().unwrap_or_default());
    }
    Ok(())
}
// docs: end
