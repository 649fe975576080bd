package configcat.management

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.util.stream.Stream
import kotlin.streams.asStream

/** A page of a list, and whether the service reports another one. */
internal class Page<T>(val items: List<T>, private val more: Boolean) {
    /** Whether to fetch the next page. Not after an empty one: a service that always reports more pages would never end. */
    val isFollowed: Boolean get() = more && items.isNotEmpty()
}

/** Emits every item of every page. */
internal fun <T> items(fetch: suspend (Int) -> Page<T>): Flow<T> = flow {
    var number = 1
    do {
        val page = fetch(number++)
        page.items.forEach { emit(it) }
    } while (page.isFollowed)
}

/** Returns every item of every page, each fetched when it is needed. */
internal fun <T> stream(fetch: (Int) -> Page<T>): Stream<T> = sequence {
    var number = 1
    do {
        val page = fetch(number++)
        yieldAll(page.items)
    } while (page.isFollowed)
}.asStream()
