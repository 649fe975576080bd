package configcat.management

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.util.stream.Stream
import kotlin.streams.asStream

/** A page of a list, and whether there is another one. */
internal class Page<T>(val items: List<T>, val more: Boolean)

/** Emits every item of every page. Stops at an empty page, because a service that always reports more pages would never end. */
internal fun <T> items(fetch: suspend (Int) -> Page<T>): Flow<T> = flow {
    var number = 1
    do {
        val page = fetch(number++)
        page.items.forEach { emit(it) }
    } while (page.more && page.items.isNotEmpty())
}

/** Returns every item of every page, each fetched when it is needed; see [items]. */
internal fun <T> stream(fetch: (Int) -> Page<T>): Stream<T> = sequence {
    var number = 1
    do {
        val page = fetch(number++)
        yieldAll(page.items)
    } while (page.more && page.items.isNotEmpty())
}.asStream()
