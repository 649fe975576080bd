import java.lang.management.ManagementFactory

/**
 * Runs the contenders and prints their times. The order rotates, so that each contender is first equally often. Twice as
 * many warm-up rounds precede, for the JIT compiler.
 */
private fun row(name: String, rounds: Int, contenders: List<Contender>, work: (Contender) -> Double) {
    repeat(2 * rounds) { contenders.forEach { work(it) } }
    val samples = contenders.map { mutableListOf<Double>() }
    for (round in 0 until rounds) {
        for (index in contenders.indices.map { (it + round) % contenders.size }) {
            samples[index] += work(contenders[index])
        }
    }
    show(name, contenders.map { it.name }, samples)
}

/** Prints records with the times of the contenders, in seconds, which `cargo xtask bench` collects. */
private fun show(row: String, contenders: List<String>, samples: List<List<Double>>) {
    for ((contender, times) in contenders.zip(samples)) {
        figures(row, contender, "ms", times.map { it * 1e3 })
    }
}

/** Prints a record with the figures of one contender. */
private fun figures(row: String, contender: String, unit: String, values: List<Double>) {
    println("sample\tKotlin\t$row\t$contender\t$unit\t${values.joinToString(" ")}")
}

/** Tells `cargo xtask bench` that this process can be inspected, and waits until it was. */
private fun ready() {
    println("ready\t${ProcessHandle.current().pid()}")
    System.out.flush()
    readlnOrNull()
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
    check(list.size == 10_000)
    val heap = ManagementFactory.getMemoryMXBean().heapMemoryUsage.used / 1e6
    val line = java.io.File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
    if (contender.name == "this") ready()
    figures("heap with 10,000 flags", contender.name, "MB", listOf(heap))
    figures("process with 10,000 flags", contender.name, "MB", listOf(line.filter(Char::isDigit).toLong() / 1e3))
}

fun main(arguments: Array<String>) {
    val (mode, url) = arguments
    when (mode) {
        "cold" -> contender(arguments[2], url).use { it.small() }
        "held" -> held(contender(arguments[2], url), arguments[3])
        else -> {
            val (small, large) = arguments.drop(2)
            val contenders = listOf(Ours(url), Blocking(url), Generated(url))
            contenders.forEach { it.small() }
            ready()
            row("small call", 40, contenders) { timed(50) { it.small() } }
            row("1,000 flags", 40, contenders) { timed { check(it.list(small).size == 1_000) } }
            row("10,000 flags", 25, contenders) { timed { check(it.list(large).size == 10_000) } }
            row("200 calls at once", 25, contenders) { timed { it.manySmall(200) } }
            val clients = listOf("this", "generated")
            show("start and first call", clients, clients.map { name -> List(7) { child("cold", url, name) } })
            System.out.flush()
            for (name in clients) {
                val java = ProcessHandle.current().info().command().get()
                val command = listOf(java, "-cp", System.getProperty("java.class.path"), "BenchKt", "held", url, name, large)
                ProcessBuilder(command).inheritIO().start().waitFor()
            }
            kotlin.system.exitProcess(0)
        }
    }
    kotlin.system.exitProcess(0)
}
