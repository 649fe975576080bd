package configcat.management.tests

import configcat.management.Blocking
import configcat.management.Futures
import configcat.management.ManagementClient
import configcat.management.Resources
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.lang.reflect.Modifier
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.stream.Stream
import kotlin.coroutines.Continuation
import kotlin.io.path.extension
import kotlin.io.path.walk

/** The packages have exactly the operations of the OpenAPI document, for coroutines, with futures, and blocking. */
class SurfaceTest {
    private fun resources(view: Class<*>) =
        view.declaredMethods.filter { it.name.startsWith("get") && it.parameterCount == 0 }

    /** There is a function for each operation, and one that edits for each patch. */
    private fun checkFunctions(found: List<String>) {
        val changes = listOf("turnOn", "turnOff", "setPercentage")
        val (flags, others) = found.partition { it.substringAfter('.').substringBefore('/') in changes }
        val resources = listOf("flagValues", "flagValuesBySdkKey", "values", "valuesBySdkKey")
        assertEquals(
            resources.flatMap { resource -> changes.map { "$resource.$it" } }.sorted(),
            flags.map { it.substringBefore('/') }.sorted(),
        )
        val (edits, operations) = others.partition { ".edit/" in it }
        assertEquals(OPERATIONS.sorted(), operations.sorted())
        val patched = OPERATIONS.filter { ".patch/" in it }
        assertEquals(patched.map { it.substringBefore('.') }.sorted(), edits.map { it.substringBefore('.') }.sorted())
    }

    @Test
    fun `resources have a suspending function for each operation`() {
        val found = resources(Resources::class.java).flatMap { getter ->
            getter.returnType.declaredMethods
                .filter { Modifier.isPublic(it.modifiers) && it.parameterTypes.lastOrNull() == Continuation::class.java }
                .map { "${getter.name.removePrefix("get").replaceFirstChar(Char::lowercase)}.${it.name}/${it.parameterCount - 1}" }
        }
        checkFunctions(found)
    }

    @Test
    fun `futures have a function for each operation`() {
        val found = resources(Futures::class.java).flatMap { getter ->
            getter.returnType.declaredMethods
                .filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic && it.returnType == CompletableFuture::class.java }
                // Overloads omit parameters; the longest one has all of them.
                .groupBy { it.name }
                .map { (name, all) ->
                    val resource = getter.name.removePrefix("get").replaceFirstChar(Char::lowercase)
                    "$resource.$name/${all.maxOf { it.parameterCount }}"
                }
        }
        checkFunctions(found)
    }

    @Test
    fun `blocking resources have a function for each operation`() {
        val found = resources(Blocking::class.java).flatMap { getter ->
            getter.returnType.declaredMethods
                .filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic && it.returnType != Stream::class.java }
                .groupBy { it.name }
                .map { (name, all) ->
                    val resource = getter.name.removePrefix("get").replaceFirstChar(Char::lowercase)
                    "$resource.$name/${all.maxOf { it.parameterCount }}"
                }
        }
        checkFunctions(found)
    }

    @Test
    fun `Kotlin 2_0 can read the metadata of every class`() {
        val root = Path.of(ManagementClient::class.java.protectionDomain.codeSource.location.toURI())
        val classes = root.walk().filter { it.extension == "class" }.toList()
        assertTrue(classes.size > 500, "${classes.size}")
        for (file in classes) {
            val name = root.relativize(file).joinToString(".").removeSuffix(".class")
            val metadata = Class.forName(name, false, javaClass.classLoader).getAnnotation(Metadata::class.java)
            // A compiler reads the metadata of its own version and of the next one.
            assertTrue(metadata == null || metadata.metadataVersion.take(2) <= listOf(2, 1), name)
        }
    }

    private operator fun List<Int>.compareTo(other: List<Int>): Int =
        zip(other).map { (own, others) -> own.compareTo(others) }.firstOrNull { it != 0 } ?: 0

    @Test
    fun `every model has its fields`() {
        for ((name, fields) in MODELS) {
            val model = Class.forName("configcat.management.models.$name")
            val found = model.declaredFields.filter { !Modifier.isStatic(it.modifiers) }.map { it.name }
            assertEquals(fields.sorted(), found.sorted(), name)
        }
    }

    @Test
    fun `every enum has its values and Unknown`() {
        for ((name, values) in ENUMS) {
            val found = Class.forName("configcat.management.models.$name").classes.map { it.simpleName } - "Companion"
            assertEquals((values + "Unknown").sorted(), found.sorted(), name)
        }
    }
}
