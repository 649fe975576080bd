package configcat.management

import com.sun.jna.Native
import com.sun.jna.Platform
import java.io.IOException
import com.sun.jna.NativeLibrary as LoadedLibrary

/** The native library is missing, cannot be loaded, or is of another build. */
internal class NativeLibraryException(message: String) : RuntimeException(message)

/**
 * The native library of this JAR. It is loaded by its path, because JNA would search for its name in the directories of the system
 * first; and it has a name of its own, because the C library is called `libconfigcat_management`.
 */
internal object NativeLibrary {
    /** Name of the library in the JAR. */
    private const val NAME = "configcat_management_jvm"

    /** Name of the library on Android, where each app has libraries of its own. */
    private const val ANDROID_NAME = "configcat_management"

    /** System property with the path of a library to use instead of the one in the JAR. */
    private const val PROPERTY = "configcat.management.library"

    private val loaded: Result<String> = runCatching { load() }

    /**
     * Returns the path of the library, or its name where the system finds it.
     *
     * @throws NativeLibraryException if there is no library that matches this JAR
     */
    fun path(): String = loaded.getOrElse { throw NativeLibraryException(it.message ?: it.toString()) }

    private fun load(): String {
        val library = System.getProperty(PROPERTY) ?: if (Platform.isAndroid()) ANDROID_NAME else extract()
        val build = build(library)
        if (build != BUILD) {
            throw NativeLibraryException(
                "the native library $library is of the build ${shown(build)}, but this JAR needs ${shown(BUILD)}: use library and " +
                    "JAR of the same release, and only one version of the JAR",
            )
        }
        return library
    }

    /** Returns the path of the library, after writing it to JNA's temporary directory if it is in a JAR. */
    private fun extract(): String {
        val resource = "/${Platform.RESOURCE_PREFIX}/${System.mapLibraryName(NAME)}"
        return try {
            Native.extractFromResourcePath(resource, NativeLibrary::class.java.classLoader).absolutePath
        } catch (e: IOException) {
            throw NativeLibraryException(
                "cannot get the native library $resource from the JAR: ${e.message}; if this platform is not in the JAR, set the " +
                    "system property $PROPERTY to the path of a library; if the file cannot be written, set jna.tmpdir to a directory",
            )
        }
    }

    /** Returns the id of a library's build. */
    private fun build(library: String): String {
        val opened = try {
            LoadedLibrary.getInstance(library)
        } catch (e: UnsatisfiedLinkError) {
            throw NativeLibraryException(
                "cannot load the native library $library: ${e.message}; if its directory must not contain programs, set the " +
                    "system property jna.tmpdir to another one",
            )
        }
        return try {
            opened.getFunction("configcat_management_mobile_build").invoke(String::class.java, arrayOf<Any?>()) as String
        } catch (e: UnsatisfiedLinkError) {
            throw NativeLibraryException(
                "$library is not the native library of this JAR: it may be the C library, which has a similar name, or another " +
                    "version (${e.message})",
            )
        }
    }

    private fun shown(build: String): String = build.substringAfter(':')
}
