package dev.weir.pipeline;

import dev.weir.store.blob.Artifact;
import dev.weir.store.meta.Transaction;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * One run in a process of its own, for tests that do it harm. Arguments: the home, the address of
 * its database, the pipeline's name, the lease in milliseconds. Prints {@code begins}, and in the
 * end the status; exits as the command line would.
 */
final class FaultyRun {
    private FaultyRun() {}

    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        try (TestHome home = new TestHome(folder, args[1])) {
            Engine engine =
                    home.engine(
                            new Resources(2, 1L << 32, 0),
                            Duration.ofMillis(Long.parseLong(args[3])));
            Thread cancel = new Thread(engine::cancel);
            Runtime.getRuntime().addShutdownHook(cancel);
            System.out.println("begins");
            RunReport report = engine.run(pipeline(args[2], home), home.request(), Progress.SILENT);
            System.out.println(report.status() + " " + report.problems());
            Runtime.getRuntime().halt(report.status() == RunStatus.PASSED ? 0 : 3);
        }
    }

    static Pipeline pipeline(String name, TestHome home) {
        return switch (name) {
            case "ten" -> ten(home);
            case "waits" ->
                    one(
                            shell(
                                    "waits",
                                    "until [ -e '%s/go' ]; do sleep 0.02; done; echo x > out",
                                    home));
            case "stops" ->
                    one(
                            Step.named(
                                    "stops",
                                    "train",
                                    new StopsItsEngine(home.folder.resolve("stopped"))));
            case "big" -> one(shell("big", "head -c 6000000 /dev/zero | tr '\\\\0' x > out", home));
            default -> throw new IllegalArgumentException("pipeline: " + name);
        };
    }

    private static Pipeline one(Step step) {
        return Pipeline.of(step.name(), List.of(step.output("out", "out")));
    }

    private static Step shell(String name, String line, TestHome home) {
        return Step.named(
                name,
                "ingest",
                new CommandKind(List.of("sh", "-c", line.replace("%s", home.folder.toString()))));
    }

    private static Input from(String step) {
        return new Input.FromStep(step, "out", "in/" + step);
    }

    /**
     * Ten steps: a fork and a join, folders that are given on, a step that fails at its first
     * attempt, one with a child in the background, and a transition that changes the database.
     */
    static Pipeline ten(TestHome home) {
        List<Node> nodes = new ArrayList<>();
        nodes.add(work("a", "sleep 0.03; seq 1000 > out", home));
        nodes.add(work("b", "sleep 0.05; tr 0 x < in/a > out", home).input("a", from("a")));
        nodes.add(work("c", "sleep 0.04; sort -r < in/a > out", home).input("a", from("a")));
        nodes.add(
                work(
                                "d",
                                "mkdir -p out/x/y; cp in/b out/x/b; cp in/c out/x/y/c; echo >"
                                        + " out/e",
                                home)
                        .input("b", from("b"))
                        .input("c", from("c")));
        nodes.add(
                work("e", "[ -e '%s/tried' ] || { touch '%s/tried'; exit 1; }; echo e > out", home)
                        .input("b", from("b"))
                        .bounds(
                                Resources.ONE_CORE,
                                new Retries(3, Duration.ofMillis(20)),
                                Duration.ofMinutes(1)));
        nodes.add(
                work("f", "sleep 0.02; mkdir out; cat in/d/x/b > out/f", home)
                        .input("d", from("d")));
        nodes.add(
                work("g", "sleep 300 & cat in/f/f in/e > out", home)
                        .input("f", from("f"))
                        .input("e", from("e")));
        nodes.add(new Transition("gate", "validate", Set.of("g"), (run, results) -> effect(home)));
        nodes.add(
                work("h", "sleep 0.02; wc -c < in/g > out", home)
                        .input("g", from("g"))
                        .after(Set.of("gate")));
        nodes.add(
                work("i", "head -n 3 in/g > out", home)
                        .input("g", from("g"))
                        .after(Set.of("gate")));
        nodes.add(
                work("j", "cat in/h in/i > out", home).input("h", from("h")).input("i", from("i")));
        return Pipeline.of("ten", nodes);
    }

    private static Step work(String name, String line, TestHome home) {
        return shell(name, line, home).output("out", "out");
    }

    private static Transition.Decision effect(TestHome home) {
        home.database.writing(
                tx ->
                        tx.handle()
                                .execute(
                                        "insert into workspace (name, created_us, created_by)"
                                            + " select 'effect', 0, 'gate' where not exists (select"
                                            + " 1 from workspace where name = 'effect')"));
        return new Transition.Decision.Proceed();
    }

    static long effects(Transaction tx) {
        return tx.handle()
                .createQuery("select count(*) from workspace where created_by = 'gate'")
                .mapTo(Long.class)
                .one();
    }

    /** Writes its output, and then its whole process stands still until somebody wakes it. */
    private record StopsItsEngine(Path once) implements StepKind {
        @Override
        public String id() {
            return "stops/1";
        }

        @Override
        public JsonNode run(Attempt attempt) throws InterruptedException {
            try {
                Files.writeString(attempt.output("out"), "x\n");
                if (!Files.exists(once)) {
                    Files.createFile(once);
                    String pid = Long.toString(ProcessHandle.current().pid());
                    new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /** All artifacts of a report, by step. */
    static TreeMap<String, Artifact> artifacts(RunReport report) {
        TreeMap<String, Artifact> artifacts = new TreeMap<>();
        report.results().forEach((step, result) -> artifacts.put(step, result.output("out")));
        return artifacts;
    }
}
