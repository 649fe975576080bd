package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.ManagementClient
import configcat.management.testing.Simulator
import com.sun.jna.Platform
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.io.path.copyTo
import kotlin.io.path.createDirectories
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeBytes

/** Program that a test runs in a process of its own. */
object LibraryProgram {
    @JvmStatic
    fun main(args: Array<String>) = when (args.single()) {
        "invalid" -> threadsAfterInvalidCall()
        "together" -> firstUsesTogether()
        else -> organizations()
    }

    private fun organizations() {
        val result = runCatching {
            Simulator().use { simulator -> simulator.client().use { it.blocking().organizations.list().size } }
        }
        println(result.fold({ "organizations: $it" }, { "${it.javaClass.name}: ${it.message}" }))
    }

    /** Loads the libraries of client and simulator by threads that start together. */
    private fun firstUsesTogether() {
        val start = CyclicBarrier(3)
        val client = thread {
            start.await()
            ManagementClient("u", "p", ClientOptions(baseUrl = "http://127.0.0.1:1")).close()
        }
        val simulator = thread {
            start.await()
            Simulator().close()
        }
        start.await()
        client.join()
        simulator.join()
        println("both are loaded")
    }

    /** Prints how many threads of the library are left when a client was closed after a call with an invalid argument. */
    private fun threadsAfterInvalidCall() = runBlocking {
        ManagementClient("u", "p", ClientOptions(baseUrl = "http://127.0.0.1:1", maxAttempts = 1)).use { client ->
            failing<ConfigCatException.Connection> { client.me.get() }
            check(threads() > 0)
            failing<ConfigCatException.BadRequest> { client.products.get("\uD83D") }
        }
        repeat(1000) { if (threads() > 0) delay(5) }
        println("threads: ${threads()}")
    }

    private fun threads(): Int = Path.of("/proc/self/task").listDirectoryEntries().count { thread ->
        // The system keeps 15 characters of a name. A thread may end before it is read.
        val name = runCatching { thread.resolve("comm").readText().trim() }.getOrDefault("")
        name == "configcat-manag" || name == "configcat-timer"
    }
}

/** Which native library is loaded. */
class LibraryTest {
    /** Returns the library of an artifact, as it is in the JAR. */
    private fun library(name: String): Path {
        val resource = "${Platform.RESOURCE_PREFIX}/${System.mapLibraryName(name)}"
        return Path.of(checkNotNull(javaClass.classLoader.getResource(resource)) { resource }.toURI())
    }

    /** Returns what the program prints. */
    private fun output(libraryPath: Path? = null, vararg options: String, argument: String = "organizations"): String {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val program = listOf("-cp", System.getProperty("java.class.path"), LibraryProgram::class.java.name, argument)
        val command = listOf(java) + options + program
        val builder = ProcessBuilder(command).redirectErrorStream(true)
        libraryPath?.let { builder.environment()["LD_LIBRARY_PATH"] = it.toString() }
        val process = builder.start()
        val text = CompletableFuture.supplyAsync { process.inputStream.bufferedReader().readText() }
        try {
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the program hangs")
        } finally {
            process.destroyForcibly()
        }
        return text.get().trim()
    }

    @Test
    fun `client and simulator can be loaded at the same time`() {
        // Which of the threads is first is different each time.
        repeat(12) { assertEquals("both are loaded", output(argument = "together")) }
    }

    @Test
    fun `libraries of the same names on the library path are ignored`(@TempDir directory: Path) {
        // A library without the functions of the client, under every name that it has had, as after an installation of the C library.
        val other = library("configcat_management_simulator_jvm")
        for (name in listOf("configcat_management", "configcat_management_jvm", "configcat_management_simulator")) {
            other.copyTo(directory.resolve(System.mapLibraryName(name)))
        }
        directory.resolve(System.mapLibraryName("configcat_management_simulator_jvm")).writeBytes(byteArrayOf(1, 2, 3))
        assertEquals("organizations: 1", output(directory))
        assertEquals("organizations: 1", output(directory, "-Djna.library.path=$directory"))
    }

    @Test
    fun `another library is refused with what it may be`(@TempDir directory: Path) {
        val other = library("configcat_management_simulator_jvm").copyTo(directory.resolve("libconfigcat_management.so"))
        val refused = output(null, "-Dconfigcat.management.library=$other")
        val expected = "configcat.management.ConfigCatException\$Configuration: $other is not the native library of this JAR"
        assertTrue(refused.startsWith(expected), refused)
    }

    @Test
    fun `a library of another build is refused with both builds`(@TempDir directory: Path) {
        val original = library("configcat_management_jvm")
        val bytes = original.readBytes()
        val text = String(bytes, Charsets.ISO_8859_1)
        val marker = Regex("configcat-management-build:[0-9.]+\\+([0-9a-f]{16})")
        for (found in marker.findAll(text)) {
            val hash = found.groups[1]!!.range
            for (at in hash) bytes[at] = '0'.code.toByte()
        }
        val old = directory.resolve("old").createDirectories().resolve(original.name)
        old.writeBytes(bytes)
        val refused = output(null, "-Dconfigcat.management.library=$old")
        assertTrue("+0000000000000000, but this JAR needs " in refused, refused)
        assertTrue("ConfigCatException\$Configuration" in refused, refused)
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    fun `a client is freed after a call with an invalid argument`() {
        assertEquals("threads: 0", output(argument = "invalid"))
    }

    @Test
    fun `a library that cannot be loaded is named with the reason`(@TempDir directory: Path) {
        val missing = directory.resolve("missing.so")
        val refused = output(null, "-Dconfigcat.management.library=$missing")
        assertTrue("cannot load the native library $missing" in refused, refused)
    }
}
