package configcat.management.android

import android.content.Context

/** One-time initialization of the library in an Android application. */
public object ConfigCatAndroid {
    init {
        System.loadLibrary("configcat_management")
    }

    /**
     * Lets the library verify certificates with Android's verifier. Call it from `Application.onCreate`, before the first
     * client is created; without it every call fails with [configcat.management.ConfigCatException.Connection].
     */
    @JvmStatic
    public fun initialize(context: Context) {
        nativeInitialize(context.applicationContext)
    }

    @JvmStatic
    private external fun nativeInitialize(context: Context)
}
