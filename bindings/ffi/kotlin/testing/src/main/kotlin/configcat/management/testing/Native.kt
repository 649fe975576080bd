package configcat.management.testing

import com.sun.jna.IntegerType
import com.sun.jna.Native
import com.sun.jna.Platform
import com.sun.jna.Pointer
import com.sun.jna.Structure
import com.sun.jna.ptr.PointerByReference

// The functions of configcat_management_simulator.h, under their C names.
@Suppress("FunctionNaming", "FunctionName")
internal object NativeSimulator {
    init {
        Nested()
        // By its path: JNA would search for its name in the directories of the system first.
        val resource = "/${Platform.RESOURCE_PREFIX}/${System.mapLibraryName("configcat_management_simulator_jvm")}"
        val library = Native.extractFromResourcePath(resource, NativeSimulator::class.java.classLoader)
        Native.register(NativeSimulator::class.java, library.absolutePath)
    }

    @JvmStatic
    external fun ccm_simulator_start(options: NativeOptions, simulator: PointerByReference, error: PointerByReference): Boolean

    @JvmStatic
    external fun ccm_simulator_stop(simulator: Pointer)

    @JvmStatic
    external fun ccm_simulator_url(simulator: Pointer): String

    @JvmStatic
    external fun ccm_simulator_username(simulator: Pointer): String

    @JvmStatic
    external fun ccm_simulator_password(simulator: Pointer): String

    @JvmStatic
    external fun ccm_simulator_admin(
        simulator: Pointer,
        method: String,
        path: String,
        body: String?,
        response: PointerByReference,
    ): Int

    @JvmStatic
    external fun ccm_simulator_free_string(text: Pointer)
}

/**
 * A structure in a structure. JNA initializes one of its own classes when it computes the size of the first structure, and this class
 * needs a lock that JNA holds while it looks at a structure in a structure. If [Native.register] came first, while another thread
 * makes its first call of the client, each would wait for the other forever. This constructor takes the lock first, as the client does.
 */
@Structure.FieldOrder("inner")
internal class Nested : Structure() {
    @Suppress("unused") // by the constructor of the superclass
    @JvmField var inner: Inner? = null

    @Structure.FieldOrder("value")
    class Inner : Structure(), Structure.ByValue {
        @JvmField var value: Byte = 0
    }
}

/** A `size_t`. */
internal class NativeSize @JvmOverloads constructor(value: Long = 0) : IntegerType(Native.SIZE_T_SIZE, value, true) {
    override fun toByte(): Byte = toInt().toByte()

    override fun toShort(): Short = toInt().toShort()
}

/** `ccm_simulator_options`. */
@Structure.FieldOrder("size", "seed", "rateLimit", "username", "password", "state", "port")
internal class NativeOptions : Structure() {
    @JvmField var size: NativeSize = NativeSize()

    @JvmField var seed: String? = null

    @JvmField var rateLimit: String? = null

    @JvmField var username: String? = null

    @JvmField var password: String? = null

    @JvmField var state: String? = null

    @JvmField var port: Short = 0

    init {
        setStringEncoding("UTF-8")
    }
}

/** Copies a string that the library returned, and frees it. */
internal fun taken(reference: PointerByReference): String? = reference.value?.let {
    try {
        it.getString(0, "UTF-8")
    } finally {
        NativeSimulator.ccm_simulator_free_string(it)
    }
}

/** Handle of a running simulator; closing it stops the simulator. */
internal class Handle(options: NativeOptions) : AutoCloseable {
    private var pointer: Pointer?

    init {
        val simulator = PointerByReference()
        val error = PointerByReference()
        if (!NativeSimulator.ccm_simulator_start(options, simulator, error)) {
            throw IllegalArgumentException(taken(error) ?: "the simulator did not start")
        }
        pointer = simulator.value
    }

    @Synchronized
    fun <T> use(block: (Pointer) -> T): T = block(checkNotNull(pointer) { "the simulator is closed" })

    @Synchronized
    override fun close() {
        pointer?.let(NativeSimulator::ccm_simulator_stop)
        pointer = null
    }
}
