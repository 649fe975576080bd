import configcat.management.ClientOptions
import configcat.management.ManagementClient
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import java.util.UUID
import java.util.concurrent.Callable
import java.util.concurrent.Executors

/** A client under measurement. */
interface Contender : AutoCloseable {
    val name: String

    override fun close() = Unit

    fun small(): Any?

    fun list(config: String): List<*>

    fun manySmall(count: Int)
}

class Ours(url: String) : Contender {
    private val client = ManagementClient("simulator", "simulator", ClientOptions(baseUrl = url))
    override val name = "this"

    override fun small() = runBlocking { client.me.get() }

    override fun list(config: String) = runBlocking { client.settings.list(config) }

    override fun manySmall(count: Int) = runBlocking(Dispatchers.Default) {
        List(count) { async { client.me.get() } }.awaitAll()
        Unit
    }

    override fun close() = client.close()
}

/** The same client with its blocking functions. */
class Blocking(url: String) : Contender {
    private val client = ManagementClient("simulator", "simulator", ClientOptions(baseUrl = url))
    private val blocking = client.blocking()
    private val threads = Executors.newFixedThreadPool(16) { Thread(it).apply { isDaemon = true } }
    override val name = "blocking"

    override fun small() = blocking.me.get()

    override fun list(config: String) = blocking.settings.list(config)

    override fun manySmall(count: Int) {
        threads.invokeAll(List(count) { Callable { small() } }).forEach { it.get() }
    }

    override fun close() = client.close()
}

/**
 * The client that openapi-generator generates with OkHttp and Gson, as for the service's own Java client. Which class has a
 * function depends on the tags of the spec.
 */
class Generated(url: String) : Contender {
    override val name = "generated"
    private val connection = Class.forName("generated.ApiClient").getConstructor().newInstance().also {
        it.javaClass.getMethod("setBasePath", String::class.java).invoke(it, url)
        it.javaClass.getMethod("setUsername", String::class.java).invoke(it, "simulator")
        it.javaClass.getMethod("setPassword", String::class.java).invoke(it, "simulator")
        it.javaClass.getMethod("setReadTimeout", Int::class.java).invoke(it, 60_000)
    }
    private val me = api("MeApi")
    private val settings = api("FeatureFlagsSettingsApi")
    private val getMe = me.javaClass.getMethod("getMe")
    private val getSettings = settings.javaClass.methods.single { it.name == "getSettings" }
    private val threads = Executors.newFixedThreadPool(16) { Thread(it).apply { isDaemon = true } }

    private fun api(name: String): Any {
        val type = listOf(name, "DefaultApi").firstNotNullOf { runCatching { Class.forName("generated.api.$it") }.getOrNull() }
        return type.getConstructor(connection.javaClass).newInstance(connection)
    }

    override fun small(): Any? = getMe.invoke(me)

    override fun list(config: String) = getSettings.invoke(settings, UUID.fromString(config)) as List<*>

    override fun manySmall(count: Int) {
        threads.invokeAll(List(count) { Callable { small() } }).forEach { it.get() }
    }
}

fun contender(name: String, url: String): Contender = if (name == "this") Ours(url) else Generated(url)
