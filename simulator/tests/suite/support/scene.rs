//! The demo data, extended so that every path parameter of an operation has an existing id.

use super::*;
use configcat_management::spec::{Location, Operation};
use serde_json::Map;
use std::collections::BTreeMap;

pub const PERMISSIONS: [&str; 21] = [
    "canManageMembers",
    "canCreateOrUpdateConfig",
    "canDeleteConfig",
    "canCreateOrUpdateEnvironment",
    "canDeleteEnvironment",
    "canCreateOrUpdateSetting",
    "canTagSetting",
    "canDeleteSetting",
    "canCreateOrUpdateTag",
    "canDeleteTag",
    "canManageWebhook",
    "canUseExportImport",
    "canManageProductPreferences",
    "canManageIntegrations",
    "canViewSdkKey",
    "canRotateSdkKey",
    "canCreateOrUpdateSegments",
    "canDeleteSegments",
    "canViewProductAuditLog",
    "canViewProductStatistics",
    "canDisable2FA",
];

/// Permissions that require another permission.
pub const DEPENDENT: [(&str, &str); 5] = [
    ("canDeleteConfig", "canCreateOrUpdateConfig"),
    ("canDeleteEnvironment", "canCreateOrUpdateEnvironment"),
    ("canDeleteSetting", "canCreateOrUpdateSetting"),
    ("canDeleteTag", "canCreateOrUpdateTag"),
    ("canDeleteSegments", "canCreateOrUpdateSegments"),
];

const SDK_KEY: &str = "X-CONFIGCAT-SDKKEY: configcat-sdk-1/DemoStorefrontTest00_1/DemoStorefrontTest00_2\r\n";

/// A simulator with the demo data and one resource for each path parameter.
pub struct Scene {
    pub simulator: Simulator,
    pub owner: Caller,
    /// A member of the shop whose permissions the tests set.
    pub ada: Caller,
    /// Belongs to another organization.
    pub linus: Caller,
    pub ids: BTreeMap<&'static str, String>,
}

impl Scene {
    pub async fn new() -> Self {
        let (simulator, owner) = demo().await;
        let [ada, linus] = ["ada", "linus"].map(|name| Caller::new(&simulator, name, name));
        let mut scene = Self { simulator, owner, ada, linus, ids: BTreeMap::new() };
        for (name, id) in [
            ("organizationId", ORGANIZATION),
            ("productId", SHOP),
            ("environmentId", TEST),
            ("configId", STOREFRONT),
            ("segmentId", BETA),
            ("settingKeyOrId", "newCheckout"),
            ("integrationLinkType", "jira"),
            ("key", "SHOP-1"),
            ("tagId", "2001"),
            ("userId", "user-grace"),
        ] {
            scene.ids.insert(name, id.to_owned());
        }
        scene.ids.insert("settingId", CHECKOUT.to_string());
        scene.ids.insert("permissionGroupId", MANAGERS.to_string());
        scene.make_settings().await;
        scene.make_requests().await;
        scene
    }

    /// Creates a webhook, a group, an integration and a proxy profile.
    async fn make_settings(&mut self) {
        self.make(
            "webhookId",
            "v1",
            &format!("configs/{STOREFRONT}/environments/{TEST}/webhooks"),
            json!({ "url": "http://localhost/" }),
        )
        .await;
        let groups = format!("POST /v1/products/{SHOP}/permissions");
        let group = self.owner.call(&groups, json!({ "name": "Empty" })).await.with(201);
        self.ids.insert("emptyGroupId", text(&group["permissionGroupId"]));
        let integration = json!({ "name": "x", "integrationType": "dataDog", "parameters": { "apikey": "k" }, "environmentIds": [], "configIds": [] });
        self.make("integrationId", "v1", &format!("products/{SHOP}/integrations"), integration).await;
        self.make(
            "proxyProfileId",
            "v1",
            &format!("organizations/{ORGANIZATION}/proxy-profiles"),
            json!({ "name": "x" }),
        )
        .await;
    }

    /// Creates a change request with a comment, a link, a flag with variations, and an invitation.
    async fn make_requests(&mut self) {
        let proposal = json!({ "settingId": CHECKOUT, "defaultValue": { "boolValue": true } });
        let request = json!({ "title": "x", "proposedChanges": [{ "proposedChange": proposal }] });
        let requests = format!("configs/{STOREFRONT}/environments/{TEST}/change-requests");
        self.make("changeRequestId", "v2", &requests, request).await;
        let comments = format!("change-requests/{}/comments", self.ids["changeRequestId"]);
        self.make("commentId", "v2", &comments, json!({ "body": "x" })).await;
        let link = json!({ "url": "http://localhost/", "description": "x" });
        let linked = format!("POST /v1/environments/{TEST}/settings/{CHECKOUT}/integrationLinks/jira/SHOP-1");
        self.owner.call(&linked, link).await.with(200);
        let variations = json!([{ "value": { "boolValue": true } }, { "value": { "boolValue": false } }]);
        let varied = json!({
            "key": "varied", "name": "Varied", "settingType": "boolean", "predefinedVariations": variations,
        });
        let settings = format!("POST /v1/configs/{STOREFRONT}/settings");
        let varied = self.owner.call(&settings, varied).await.with(201);
        self.ids.insert("variedId", text(&varied["settingId"]));
        for (index, id) in ["variationOn", "variationOff"].into_iter().enumerate() {
            self.ids.insert(id, text(&varied["predefinedVariations"][index]["predefinedVariationId"]));
        }
        let keys = self.owner.get(&format!("/v1/configs/{OLD_APP}/environments/{TEST}")).await;
        self.ids.insert("sdkKeyV1", text(&keys["primary"]));
        let invitation = json!({ "emails": ["x@y.example"], "permissionGroupId": MANAGERS });
        self.owner.call(&format!("POST /v1/products/{SHOP}/members/invite"), invitation).await.with(200);
        let invitations = self.owner.get(&format!("/v1/products/{SHOP}/invitations")).await;
        self.ids.insert("invitationId", text(&invitations[0]["invitationId"]));
    }

    async fn make(&mut self, id: &'static str, version: &str, path: &str, body: Value) {
        let response = self.owner.call(&format!("POST /{version}/{path}"), body).await;
        assert!(response.status < 300, "{path}: {} {}", response.status, response.body);
        let made = response.json();
        let field = if id == "commentId" { "changeRequestCommentId" } else { id };
        self.ids.insert(id, text(&made[field]));
    }

    /// Returns the request line of an operation.
    pub fn line(&self, operation: &Operation) -> String {
        let mut path = operation.path.to_owned();
        for parameter in operation.path_parameters() {
            let id = match (operation.id, parameter.wire) {
                // V1 values need a V1 config.
                (_, "settingId") if operation.resource == "values" => DARK_MODE.to_string(),
                (_, "configId") if operation.resource == "values" => OLD_APP.to_owned(),
                (_, "settingKeyOrId") if operation.resource == "values_by_sdk_key" => "darkMode".to_owned(),
                ("predefined_variations.update", "settingId") => self.ids["variedId"].clone(),
                // Resources in use cannot be deleted: use others.
                ("settings.delete", "settingId") => CART.to_string(),
                ("segments.delete", "segmentId") => BIG_ORDERS.to_owned(),
                ("permission_groups.delete", "permissionGroupId") => self.ids["emptyGroupId"].clone(),
                (_, name) => self.ids[name].clone(),
            };
            path = path.replace(&format!("{{{}}}", parameter.wire), &id);
        }
        format!("{} {path}", operation.http.as_str())
    }

    /// Calls an operation with an empty object as its body.
    pub async fn status(&self, caller: &Caller, operation: &Operation) -> Response {
        // An empty object is invalid for most operations: rights must be checked before the body.
        let body = if operation.body.is_some() { "{}" } else { "" };
        self.call(caller, operation, body).await
    }

    /// Calls an operation.
    pub async fn call(&self, caller: &Caller, operation: &Operation, body: &str) -> Response {
        let line = self.line(operation);
        let with_key =
            operation.parameters.iter().any(|p| p.location == Location::Header && p.wire.contains("SDKKEY"));
        let key = match operation.resource {
            "values_by_sdk_key" => format!("X-CONFIGCAT-SDKKEY: {}\r\n", self.ids["sdkKeyV1"]),
            _ if with_key => SDK_KEY.to_owned(),
            _ => String::new(),
        };
        let headers = format!("content-type: application/json\r\n{key}");
        caller.send(&line, &headers, body).await
    }

    /// Calls an operation as the owner, with a complete body. Returns the request and response bodies, or the error.
    pub async fn succeed(
        &self,
        operation: &Operation,
        variant: usize,
    ) -> Result<(Option<Value>, Value), String> {
        let body = bodies::body(self, operation, variant);
        let text = body.as_ref().map(ToString::to_string).unwrap_or_default();
        let response = self.call(&self.owner, operation, &text).await;
        if !operation.statuses.contains(&response.status) {
            return Err(format!("{}: {} {} for {text}", operation.id, response.status, response.body));
        }
        Ok((body, if response.body.is_empty() { Value::Null } else { response.json() }))
    }

    /// Gives ada's group every permission except these and those that depend on them.
    pub async fn permit_all_but(&self, without: &[&str], access: &str) {
        let depends = |name: &str| DEPENDENT.iter().any(|(one, on)| *one == name && without.contains(on));
        let permitted = |name: &str| !without.contains(&name) && !depends(name);
        let mut group: Map<String, Value> =
            PERMISSIONS.iter().map(|name| ((*name).to_owned(), permitted(name).into())).collect();
        group.insert("accessType".into(), access.into());
        self.owner.call(&format!("PUT /v1/permissions/{DEVELOPERS}"), group.into()).await.with(200);
    }

    pub fn state(&self) -> Value {
        serde_json::to_value(self.simulator.snapshot()).unwrap()
    }
}

/// Returns the content of a string, or the JSON of another value.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
