package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.config.YamlReader;
import dev.weir.base.digest.Digest;
import dev.weir.base.problem.DidYouMean;
import dev.weir.base.problem.Problem;
import dev.weir.pipeline.CommandKind;
import dev.weir.pipeline.Input;
import dev.weir.pipeline.Resources;
import dev.weir.pipeline.Step;
import dev.weir.stage.validate.JudgeKind;
import dev.weir.store.blob.Artifact;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code steps:} of a pipeline file: programs of the team's own. */
final class OwnSteps {
    private static final Pattern TEMPLATE =
            Pattern.compile("\\{\\{\\s*(in|out|params)\\.([A-Za-z0-9_]+)\\s*}}");
    private static final Pattern ANY_TEMPLATE = Pattern.compile("\\{\\{([^}]*)}}");
    private static final Pattern NOTEBOOK =
            Pattern.compile("\\.ipynb\\b|\\bjupyter\\b|\\bpapermill\\b|\\bnbconvert\\b");

    private final Home home;
    private final Project project;
    private final PipelineFile file;
    private final CodeTree code;
    private final Map<String, Artifact> stored;

    OwnSteps(
            Home home,
            Project project,
            PipelineFile file,
            CodeTree code,
            Map<String, Artifact> stored) {
        this.home = home;
        this.project = project;
        this.file = file;
        this.code = code;
        this.stored = stored;
    }

    /** How a file of the project is known in a recipe. */
    static String fileKey(String path) {
        return "file:" + path;
    }

    /** The files that the steps take, each kept in the store. */
    Map<String, Artifact> files() {
        Map<String, Artifact> files = new TreeMap<>();
        for (ConfigNode step : file.steps().values()) {
            for (ConfigNode in : step.at("in").map(ConfigNode::entries).orElse(Map.of()).values()) {
                in.at("file").ifPresent(path -> files.put(fileKey(path.text()), kept(path)));
            }
        }
        return files;
    }

    List<Step> compile() {
        List<Step> steps = new ArrayList<>();
        Map<String, String> writers = new HashMap<>();
        file.steps()
                .forEach(
                        (name, node) -> {
                            if (Names.reserved(name)) {
                                throw node.problem(
                                                "step.reserved",
                                                "steps." + name + ": a step of Weir is called so")
                                        .at(node.keyPlace())
                                        .hint("Choose another name.")
                                        .exception();
                            }
                            requireOwnOutputs(name, node, writers);
                            steps.add(step(name, node));
                        });
        return steps;
    }

    private static void requireOwnOutputs(
            String name, ConfigNode node, Map<String, String> writers) {
        node.at("out")
                .ifPresent(
                        outs ->
                                outs.entries()
                                        .forEach(
                                                (output, path) -> {
                                                    requireInside(path);
                                                    String other =
                                                            writers.put(
                                                                    Path.of(path.text())
                                                                            .normalize()
                                                                            .toString(),
                                                                    name);
                                                    if (other != null) {
                                                        throw path.problem(
                                                                        "step.outputs",
                                                                        "%s: written by two steps,"
                                                                                        .formatted(
                                                                                                path
                                                                                                        .text())
                                                                                + " "
                                                                                + other
                                                                                + " and "
                                                                                + name)
                                                                .hint(
                                                                        "Give each output a path"
                                                                                + " of its own.")
                                                                .exception();
                                                    }
                                                }));
    }

    static void requireInside(ConfigNode path) {
        Path written = Path.of(path.text());
        if (written.isAbsolute()
                || written.normalize().startsWith("..")
                || written.normalize().toString().isEmpty()) {
            throw path.expected("a path inside the step's own directory");
        }
    }

    private Step step(String name, ConfigNode node) {
        String stage = node.at("stage").map(ConfigNode::text).orElse("ingest");
        Step step = inputs(bare(name, stage, node), node);
        for (Map.Entry<String, ConfigNode> out :
                node.at("out").map(ConfigNode::entries).orElse(Map.of()).entrySet()) {
            step = step.output(out.getKey(), out.getValue().text());
        }
        return step.kind(command(step, node));
    }

    /**
     * A program that judges a model.
     *
     * @param predictions the table that it reads
     */
    Step judge(String name, ConfigNode node, Input predictions) {
        Step step = inputs(bare(name, "validate", node), node).input("predictions", predictions);
        return step.kind(new JudgeKind(command(step, node)));
    }

    private Step bare(String name, String stage, ConfigNode node) {
        return Step.named(name, stage, new CommandKind(List.of("true")))
                .code(codeOf(node))
                .params(params(node))
                .environment(environment(node))
                .after(after(node))
                .bounds(
                        node.at("resources")
                                .map(r -> PipelineFile.resources(r, Resources.ONE_CORE))
                                .orElse(Resources.ONE_CORE),
                        PipelineFile.retries(node),
                        PipelineFile.timeout(node))
                .cacheSalt(node.at("cache").map(ConfigNode::text).orElse(""));
    }

    private Step inputs(Step step, ConfigNode node) {
        Step with = step;
        for (Map.Entry<String, ConfigNode> in :
                node.at("in").map(ConfigNode::entries).orElse(Map.of()).entrySet()) {
            with = with.input(in.getKey(), input(in.getKey(), in.getValue()));
        }
        return with;
    }

    /** A file of the project, kept in the store, at the place that it has in the project. */
    Input projectFile(String name, ConfigNode path) {
        Path inside = project.root().relativize(project.file(path));
        String place = inside.startsWith("..") ? "in/" + name : inside.toString();
        return new Input.Given(kept(path), place, path.text());
    }

    private Set<String> after(ConfigNode node) {
        Set<String> after =
                new LinkedHashSet<>(node.at("after").map(ConfigNode::texts).orElse(List.of()));
        after.removeAll(stored.keySet());
        return after;
    }

    Digest codeOf(ConfigNode node) {
        return code.store(node.at("code").map(ConfigNode::texts).orElse(List.of("src/**")));
    }

    private ObjectNode params(ConfigNode node) {
        JsonNode params =
                node.at("params")
                        .map(
                                p ->
                                        p.json().size() == 1 && p.at("file").isPresent()
                                                ? new YamlReader()
                                                        .read(project.file(p.need("file")))
                                                        .json()
                                                : p.json())
                        .orElseGet(JsonNodeFactory.instance::objectNode);
        if (params instanceof ObjectNode object) {
            return object;
        }
        throw node.need("params").expected("a file with a mapping");
    }

    ObjectNode environment(ConfigNode node) {
        ObjectNode environment = JsonNodeFactory.instance.objectNode();
        node.at("environment", "lock")
                .ifPresent(lock -> environment.put("lock", kept(lock).digest().hex()));
        node.at("environment", "image").ifPresent(image -> environment.put("image", image.text()));
        return environment;
    }

    private Input input(String name, ConfigNode node) {
        ConfigNode from = node.at("from").orElse(null);
        if (from != null) {
            String text = from.text();
            int dot = text.lastIndexOf('.');
            String giver = text.substring(0, dot);
            Artifact known = stored.get(giver);
            String path = "in/" + name + extension(giver, text.substring(dot + 1));
            return known == null
                    ? new Input.FromStep(giver, text.substring(dot + 1), path)
                    : new Input.Given(known, path, text);
        }
        return projectFile(name, node.need("file"));
    }

    /** A table of Weir's own is Parquet; an own step's output is called as it was declared. */
    private String extension(String giver, String output) {
        ConfigNode own = file.steps().get(giver);
        String path =
                own == null
                        ? output.equals("model") ? "" : output + ".parquet"
                        : own.at("out", output).map(ConfigNode::text).orElse("");
        int dot = path.lastIndexOf('.');
        return dot < 0 ? "" : path.substring(dot);
    }

    private Artifact kept(ConfigNode node) {
        Artifact known = stored.get(fileKey(node.text()));
        if (known != null) {
            return known;
        }
        Path path = project.file(node);
        if (!Files.exists(path)) {
            throw node.problem("file.missing", node.path() + ": no such file: " + node.text())
                    .exception();
        }
        return Files.isDirectory(path)
                ? Artifact.folder(home.trees().putFolder(path, f -> true))
                : Artifact.file(home.blobs().put(path));
    }

    /** The files of the project that match any of these globs, as a folder of the store. */
    Digest stored(List<String> globs) {
        return code.store(globs);
    }

    /** What a template can stand for: paths by name, and values. */
    record Words(Map<String, String> in, Map<String, String> out, ObjectNode params) {
        static Words of(Step step) {
            Map<String, String> in = new TreeMap<>();
            step.inputs().forEach((name, input) -> in.put(name, input.path()));
            return new Words(in, step.outputs(), step.params());
        }
    }

    private CommandKind command(Step step, ConfigNode node) {
        TreeMap<String, String> variables = new TreeMap<>();
        node.at("env")
                .ifPresent(env -> env.entries().forEach((n, v) -> variables.put(n, v.text())));
        return command(Words.of(step), node.need("run"), variables, alone(node));
    }

    /** Whether a program sees no other files: {@code isolation: namespace}. */
    static boolean alone(ConfigNode node) {
        return node.at("isolation").map(ConfigNode::text).orElse("").equals("namespace");
    }

    /** A program with its templates filled in. */
    CommandKind command(
            Words words, ConfigNode run, SortedMap<String, String> variables, boolean alone) {
        requireNoNotebook(run);
        List<String> argv =
                run.json().isArray()
                        ? run.items().stream()
                                .map(word -> filled(words, word, UnaryOperator.identity()))
                                .toList()
                        : List.of("sh", "-c", filled(words, run, OwnSteps::quoted));
        return new CommandKind(argv, variables, this::isProjectFile, alone);
    }

    static void requireNoNotebook(ConfigNode run) {
        for (ConfigNode word : run.items()) {
            if (NOTEBOOK.matcher(word.text()).find()) {
                throw word.problem("step.notebook", word.path() + ": a pipeline runs no notebook")
                        .hint(
                                "Cells run in any order, so a notebook cannot be repeated. Move its"
                                        + " code to src/ and call that.")
                        .exception();
            }
        }
    }

    private boolean isProjectFile(String word) {
        try {
            Path path = project.root().resolve(word).normalize();
            return path.startsWith(project.root())
                    && !path.equals(project.root())
                    && Files.isRegularFile(path);
        } catch (java.nio.file.InvalidPathException e) {
            return false;
        }
    }

    private static String filled(Words words, ConfigNode text, UnaryOperator<String> quote) {
        Matcher any = ANY_TEMPLATE.matcher(text.text());
        while (any.find()) {
            if (!TEMPLATE.matcher(any.group()).matches()) {
                throw unknown(
                        text,
                        any.group(),
                        List.of("{{in.NAME}}", "{{out.NAME}}", "{{params.NAME}}"));
            }
        }
        return TEMPLATE.matcher(text.text())
                .replaceAll(
                        m ->
                                Matcher.quoteReplacement(
                                        quote.apply(
                                                value(
                                                        words,
                                                        text,
                                                        m.group(),
                                                        m.group(1),
                                                        m.group(2)))));
    }

    private static String value(
            Words words, ConfigNode text, String template, String of, String name) {
        Map<String, String> known = new TreeMap<>();
        switch (of) {
            case "in" -> known.putAll(words.in());
            case "out" -> known.putAll(words.out());
            default ->
                    words.params()
                            .properties()
                            .forEach(
                                    p ->
                                            known.put(
                                                    p.getKey(),
                                                    p.getValue().isString()
                                                            ? p.getValue().stringValue()
                                                            : p.getValue().toString()));
        }
        String value = known.get(name);
        if (value == null) {
            throw unknown(
                    text,
                    template,
                    known.keySet().stream().map(n -> "{{" + of + "." + n + "}}").toList());
        }
        return value;
    }

    private static RuntimeException unknown(ConfigNode text, String template, List<String> known) {
        Problem problem =
                text.problem(
                        "step.template", text.path() + ": " + template + " stands for nothing");
        return (known.isEmpty() ? problem : problem.hint(DidYouMean.hint(template, known)))
                .exception();
    }

    /** One word for a shell. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:=@%+,-]+")
                ? text
                : "'" + text.replace("'", "'\\''") + "'";
    }
}
