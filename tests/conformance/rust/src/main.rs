// SPDX-License-Identifier: MIT

//! The SDK for Rust under test; see tests/support/program.py for the commands.
//!
//!     conformance-rust default|instance-profile

use std::io::BufRead;

use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_sts::error::DisplayErrorContext;
use aws_smithy_http_client::Builder;
use aws_smithy_types::date_time::{DateTime, Format};
use serde_json::{json, Value};

type Answer = Result<Value, Box<dyn std::error::Error>>;

/// An SDK set up once, as a long-lived process does; refresh makes a new one.
struct Sdk {
    config: SdkConfig,
    sts: aws_sdk_sts::Client,
}

/// The SDK's own HTTP client, without TLS.
fn provider_config() -> ProviderConfig {
    ProviderConfig::default().with_http_client(Builder::new().build_http())
}

impl Sdk {
    async fn new(provider: &str) -> Sdk {
        let mut loader =
            aws_config::defaults(BehaviorVersion::latest()).http_client(Builder::new().build_http());
        if provider == "instance-profile" {
            let imds = ImdsCredentialsProvider::builder().configure(&provider_config()).build();
            loader = loader.credentials_provider(imds);
        }
        let config = loader.load().await;
        let sts = aws_sdk_sts::Client::new(&config);
        Sdk { config, sts }
    }

    async fn identity(&self) -> Answer {
        let out = self.sts.get_caller_identity().send().await;
        let out = out.map_err(|error| DisplayErrorContext(error).to_string())?;
        Ok(json!({ "arn": out.arn(), "account": out.account(), "user_id": out.user_id() }))
    }

    async fn credentials(&self) -> Answer {
        let provider = self.config.credentials_provider().ok_or("no credentials provider")?;
        let credentials = provider.provide_credentials().await;
        let credentials = credentials.map_err(|error| DisplayErrorContext(error).to_string())?;
        let expiry = credentials.expiry().map(DateTime::from);
        let expiry = expiry.map(|time| time.fmt(Format::DateTime)).transpose()?;
        Ok(json!({ "access_key_id": credentials.access_key_id(), "expiration": expiry }))
    }

    /// What a client that was told no region uses, and the same from the metadata provider alone.
    async fn region(&self) -> Answer {
        let imds = ImdsRegionProvider::builder().configure(&provider_config()).build();
        let metadata = imds.region().await.ok_or("no region in the metadata")?;
        let region = self.config.region().map(|region| region.as_ref());
        Ok(json!({ "region": region, "metadata_region": metadata.as_ref() }))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let provider = std::env::args().nth(1).unwrap_or_else(|| "default".into());
    let mut sdk = Sdk::new(&provider).await;
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a readable command");
        let answer = match line.as_str() {
            "identity" => sdk.identity().await,
            "credentials" => sdk.credentials().await,
            "region" => sdk.region().await,
            "refresh" => {
                sdk = Sdk::new(&provider).await;
                Ok(json!({}))
            }
            "quit" => return,
            other => Err(format!("unknown command {other:?}").into()),
        };
        let answer = match answer {
            Ok(mut fields) => {
                fields["ok"] = true.into();
                fields
            }
            Err(error) => json!({ "ok": false, "error": error.to_string() }),
        };
        println!("{answer}");
    }
}
