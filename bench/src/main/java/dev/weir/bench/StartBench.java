package dev.weir.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * CPU of {@code weir --version} (goal: at most 12 times {@code java -version}) and of a {@code weir
 * run} that has nothing to do (goal: at most 30 times, and no step executed), beside the floor for
 * anything that has a command line on the JVM: picocli in an empty JVM, started from an AOT cache
 * as Weir is. Medians of rounds in each of which all four take their turn.
 *
 * <p>Arguments: rounds (9).
 */
public final class StartBench {
    private static final int ROWS = 2_000;

    private StartBench() {}

    /** A command line with nothing behind it. */
    @Command(name = "empty", version = "empty 1", mixinStandardHelpOptions = true)
    static final class Empty implements Runnable {
        @Override
        public void run() {}

        public static void main(String[] arguments) {
            System.exit(new CommandLine(new Empty()).execute(arguments));
        }
    }

    private interface Turn {
        Child take() throws Exception;
    }

    private record Contestant(String name, Turn turn, double goal, List<Double> seconds) {
        Contestant(String name, double goal, Turn turn) {
            this(name, turn, goal, new ArrayList<>());
        }

        double median() {
            return Checkout.median(seconds.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        Checkout checkout = Checkout.here();
        checkout.prepare();
        Path folder = Files.createTempDirectory("weir-start-bench");
        try {
            Path project = project(checkout, folder);
            List<String> empty = empty(folder);
            List<Contestant> contestants =
                    List.of(
                            new Contestant(
                                    "java -version",
                                    0,
                                    () -> Checkout.java(folder, List.of("-version"))),
                            new Contestant("picocli, empty", 0, () -> Checkout.java(folder, empty)),
                            new Contestant(
                                    "weir --version", 12, () -> checkout.weir(folder, "--version")),
                            new Contestant("weir run, no-op", 30, () -> idle(checkout, project)));
            for (int round = 0; round < rounds; round++) {
                for (Contestant each : contestants) {
                    each.seconds.add(each.turn.take().expecting(0).cpuSeconds());
                }
            }
            print(contestants, rounds);
        } finally {
            Checkout.delete(folder);
        }
    }

    private static void print(List<Contestant> contestants, int rounds) {
        System.out.printf("CPU seconds, median of %d%n", rounds);
        double floor = contestants.getFirst().median();
        for (Contestant each : contestants) {
            double ratio = each.median() / floor;
            System.out.printf(
                    Locale.ROOT,
                    "  %-16s %6.3f   %5.1f times java -version%s%n",
                    each.name,
                    each.median(),
                    ratio,
                    each.goal == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "   goal: at most %.0f   %s",
                                    each.goal,
                                    ratio <= each.goal ? "met" : "MISSED"));
        }
    }

    /** A run with nothing changed; refuses to be measured where it does anything. */
    private static Child idle(Checkout checkout, Path project) throws Exception {
        Child child = checkout.weir(project, "run", "--json").expecting(0);
        for (JsonNode step : JsonMapper.shared().readTree(child.output()).required("steps")) {
            if (!step.required("outcome").stringValue().equals("cached")) {
                throw new IllegalStateException(step + " (expected: cached)");
            }
        }
        return child;
    }

    private static Path project(Checkout checkout, Path folder) throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder csv = new StringBuilder("price,days,colour,returned\n");
        for (int i = 0; i < ROWS; i++) {
            double price = random.nextInt(500, 20_000) / 100.0;
            int days = random.nextInt(1, 15);
            boolean returned =
                    random.nextDouble() < 1 / (1 + Math.exp(4 - price / 40 - days / 5.0));
            csv.append(price).append(',').append(days).append(',');
            csv.append(List.of("red", "green", "blue").get(random.nextInt(3))).append(',');
            csv.append(returned ? "yes" : "no").append('\n');
        }
        Files.writeString(folder.resolve("orders.csv"), csv);
        checkout.weir(folder, "init", "orders", "--data", "orders.csv", "--target", "returned")
                .expecting(0);
        Path project = folder.resolve("orders");
        checkout.weir(project, "run").expecting(0);
        return project;
    }

    /** The arguments of java that start picocli and nothing else, from a cache made for it. */
    private static List<String> empty(Path folder)
            throws IOException, InterruptedException, URISyntaxException {
        Path jar = jar(folder);
        List<String> flags =
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-cp",
                        jar + ":" + where(CommandLine.class),
                        Empty.class.getName(),
                        "--version");
        List<String> making = new ArrayList<>(List.of("-XX:AOTCacheOutput=" + folder + "/e.aot"));
        making.addAll(flags);
        Checkout.java(folder, making).expecting(0);
        List<String> starting = new ArrayList<>(List.of("-XX:AOTCache=" + folder + "/e.aot"));
        starting.addAll(flags);
        return starting;
    }

    /** A cache takes classes from jars only. */
    private static Path jar(Path folder)
            throws IOException, InterruptedException, URISyntaxException {
        Path jar = folder.resolve("empty.jar");
        String name = Empty.class.getName().replace('.', '/') + ".class";
        List<String> command =
                List.of(
                        System.getProperty("java.home") + "/bin/jar",
                        "--create",
                        "--file",
                        jar.toString(),
                        "-C",
                        where(Empty.class).toString(),
                        name);
        Child.run(command, folder, java.util.Map.of()).expecting(0);
        return jar;
    }

    private static Path where(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
