//! Certificates on Android: Rust's verifier asks Java for the platform's, and for that needs the application once.

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JObject};

/// `ConfigCatAndroid.nativeInitialize(context)` of the Android package.
// The name is how Java finds it, so no other function may have it; it is that of a class of ours.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "system" fn Java_configcat_management_android_ConfigCatAndroid_nativeInitialize<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    context: JObject<'local>,
) {
    // What goes wrong is an exception in Java, a panic too.
    env.with_env(|env| rustls_platform_verifier::android::init_with_env(env, context))
        .resolve::<ThrowRuntimeExAndDefault>();
}
