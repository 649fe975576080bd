import java.lang.management.ManagementFactory

/**
 * Runs the contenders and prints medians, and the ratio to the first. The order rotates, so that each contender is first
 * equally often. Twice as many warm-up rounds precede, for the JIT compiler.
 */
private fun row(name: String, rounds: Int, contenders: List<Contender>, work: (Contender) -> Double) {
    repeat(2 * rounds) { contenders.forEach { work(it) } }
    val samples = contenders.map { mutableListOf<Double>() }
    for (round in 0 until rounds) {
        for (index in contenders.indices.map { (it + round) % contenders.size }) {
            samples[index] += work(contenders[index])
        }
    }
    show(name, samples)
}

private fun show(name: String, samples: List<List<Double>>) {
    val text = StringBuilder(name.padEnd(26))
    samples.forEach { text.append("%10.3f ms".format(it.sorted()[it.size / 2] * 1e3)) }
    for (other in samples.drop(1)) {
        val ratios = other.zip(samples[0]) { o, m -> o / m }.sorted()
        val quartiles = "%.2f to %.2f".format(ratios[ratios.size / 4], ratios[ratios.size * 3 / 4])
        text.append("%8.2f x (%s)".format(ratios[ratios.size / 2], quartiles))
    }
    println(text)
}

private fun timed(times: Int = 1, work: () -> Unit): Double {
    val start = System.nanoTime()
    repeat(times) { work() }
    return (System.nanoTime() - start) / 1e9 / times
}

private fun child(vararg arguments: String): Double {
    val java = ProcessHandle.current().info().command().get()
    val command = listOf(java, "-cp", System.getProperty("java.class.path"), "BenchKt") + arguments
    val start = System.nanoTime()
    val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val output = process.inputStream.bufferedReader().readText().trim()
    check(process.waitFor() == 0)
    return output.toDoubleOrNull() ?: ((System.nanoTime() - start) / 1e9)
}

/** Memory of the heap and of the process in MB while a list is referenced, after a garbage collection. */
private fun held(contender: Contender, config: String) {
    val list = List(3) { contender.list(config) }.last()
    repeat(3) {
        System.gc()
        Thread.sleep(100)
    }
    val heap = ManagementFactory.getMemoryMXBean().heapMemoryUsage.used / 1e6
    val line = java.io.File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
    println("${contender.name.padEnd(26)}%8.1f MB heap %8.1f MB process, ${list.size} flags".format(heap, line.filter(Char::isDigit).toLong() / 1e3))
}

fun main(arguments: Array<String>) {
    val (mode, url) = arguments
    when (mode) {
        "cold" -> contender(arguments[2], url).use { it.small() }
        "held" -> held(contender(arguments[2], url), arguments[3])
        else -> {
            val (small, large) = arguments.drop(2)
            val contenders = listOf(Ours(url), Generated(url))
            println("%-26s%13s%13s   ratio to the first (quartiles)".format("JVM", "this", "generated"))
            row("small call", 40, contenders) { timed(50) { it.small() } }
            row("1,000 flags", 40, contenders) { timed { check(it.list(small).size == 1_000) } }
            row("10,000 flags", 25, contenders) { timed { check(it.list(large).size == 10_000) } }
            row("200 calls at once", 25, contenders) { timed { it.manySmall(200) } }
            val cold = listOf("this", "generated").map { name -> List(7) { child("cold", url, name) } }
            show("start and first call", cold)
            System.out.flush()
            for (name in listOf("this", "generated")) {
                val java = ProcessHandle.current().info().command().get()
                val command = listOf(java, "-cp", System.getProperty("java.class.path"), "BenchKt", "held", url, name, large)
                ProcessBuilder(command).inheritIO().start().waitFor()
            }
            kotlin.system.exitProcess(0)
        }
    }
    kotlin.system.exitProcess(0)
}
