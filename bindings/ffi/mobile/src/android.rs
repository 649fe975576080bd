//! Certificate verification on Android: `rustls-platform-verifier` calls the platform's verifier through JNI, which needs the
//! application's `Context` once per process.

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JObject};

/// Native half of `ConfigCatAndroid.nativeInitialize(context)` in the Android package.
// JNI finds the function by this name. It is derived from one of our own classes, so no other function has it.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "system" fn Java_configcat_management_android_ConfigCatAndroid_nativeInitialize<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    context: JObject<'local>,
) {
    // Errors and panics become Java exceptions.
    env.with_env(|env| rustls_platform_verifier::android::init_with_env(env, context))
        .resolve::<ThrowRuntimeExAndDefault>();
}
