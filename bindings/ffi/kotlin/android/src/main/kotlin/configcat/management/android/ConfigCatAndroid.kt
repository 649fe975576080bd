package configcat.management.android

import android.content.Context

/** What has to be done once in an Android application. */
public object ConfigCatAndroid {
    init {
        System.loadLibrary("configcat_management")
    }

    /**
     * Lets the library check certificates as Android does. Call it from `Application.onCreate`, before the first client;
     * without it every call fails with [configcat.management.ConfigCatException.Connection].
     */
    @JvmStatic
    public fun initialize(context: Context) {
        nativeInitialize(context.applicationContext)
    }

    @JvmStatic
    private external fun nativeInitialize(context: Context)
}
