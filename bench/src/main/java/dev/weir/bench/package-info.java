/**
 * Benchmarks: Weir beside a peer or a floor, in the same run, with the ratio. Each is a main class
 * that makes its own data, and prints figures that hold whatever else the machine is doing: CPU
 * seconds and ratios.
 *
 * <pre>{@code
 * mvn -q -B package -DskipTests
 * java --enable-native-access=ALL-UNNAMED -cp "bench/target/*:platform/target/*:platform/target/lib/*" dev.weir.bench.TrainBench
 * }</pre>
 */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
