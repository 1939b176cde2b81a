/**
 * Benchmarks: Weir beside a peer or a floor, in the same run, with the ratio. Each is a main class
 * that makes its own data, and prints figures that hold whatever else the machine is doing: CPU
 * seconds and ratios.
 *
 * <pre>{@code
 * bench/run                   # which there are
 * bench/run StartBench
 * }</pre>
 *
 * <p>{@link dev.weir.bench.StartBench} is the shortest to read. {@code docs/benchmarks.md} says
 * what each asks, and what was measured. They run on Linux, which tells the CPU time of children.
 */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
